"""A person's own plan for hard days: reading it and writing it. The help page's side is ``safety``."""

from __future__ import annotations

import dataclasses

import flask
from flask.typing import ResponseReturnValue

from journal.domain.days import local_day
from journal.domain.support import PERSON_NAME_LENGTH, PERSON_PHONE_LENGTH, STEP_LENGTH
from journal.services import support as acts
from journal.storage import support
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.forms.support import PlanForm
from journal.web.labels import plan_steps


def plan() -> str:
    """The plan as its owner wrote it, and whether this phone keeps it, which the phone alone knows."""
    patient = current.patient()
    kept = support.plan_of(current.db(), patient.id)
    return flask.render_template(
        "support/plan.html",
        kept=kept,
        steps=plan_steps(),
        changed_on=kept.updated_at and local_day(kept.updated_at, patient.zone),
        account=current.account().account_public_id,
        is_saved=bool(flask.get_flashed_messages()),
    )


def edit() -> ResponseReturnValue:
    """Write the plan: six steps and a person to call, each of which may stay empty."""
    patient = current.patient()
    before = support.plan_of(current.db(), patient.id)
    form = PlanForm(**dataclasses.asdict(before.plan), version=str(before.version))
    attempt = Attempt()
    if form.validate_on_submit():
        with attempt.writing() as db:
            acts.save_plan(
                db,
                patient,
                form.plan(),
                seen_version=form.seen_version(),
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        if attempt.succeeded:
            flask.flash("plan")
            return flask.redirect(flask.url_for("support.plan"), 303)
    if attempt.was_faster:
        form.version.data = str(before.version)  # what is there now is shown; the next press is a decision
    page = flask.render_template(
        "support/edit.html",
        form=form,
        errors=attempt.errors,
        faster=before if attempt.was_faster else None,
        steps=plan_steps(),
        step_length=STEP_LENGTH,
        name_length=PERSON_NAME_LENGTH,
        phone_length=PERSON_PHONE_LENGTH,
    )
    return page, attempt.status
