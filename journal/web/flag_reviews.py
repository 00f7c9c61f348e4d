"""The administrator's page of what a clinic says about its flags. It shows no flag, and not how many there are."""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from journal.services import flag_reviews as acts
from journal.storage import clinics, flag_reviews
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.forms.flag_reviews import ReviewForm, filled
from journal.wording import weekdays


def edit(clinic_id: str) -> ResponseReturnValue:
    """Who looks at flags every weekday, whose day it is, whether mails are sent, and the clinic's number."""
    clinic = clinics.clinic_by_public_id(current.db(), clinic_id)
    if clinic is None:
        flask.abort(404)
    people = flag_reviews.working_at(current.db(), clinic.id)
    review = flag_reviews.review_of(current.db(), clinic.id)
    form = ReviewForm(
        data=filled(review, phone=clinic.phone, public_ids={one.provider_id: one.public_id for one in people})
    )
    attempt = Attempt()
    if form.validate_on_submit():
        with attempt.writing() as db:
            acts.change(
                db,
                clinic,
                form.said(),
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        if attempt.succeeded:
            flask.flash("flags")
            return flask.redirect(flask.url_for("flag_reviews.edit", clinic_id=clinic_id), 303)
    page = flask.render_template(
        "flag_reviews/edit.html",
        clinic=clinic,
        form=form,
        errors=attempt.errors,
        review=review,
        people=[(one.public_id, one.name) for one in people],
        days=[(f"day_{number}", name) for number, (_short, name) in enumerate(weekdays(), 1)],
        is_saved=not attempt.errors and bool(flask.get_flashed_messages()),
    )
    return page, attempt.status
