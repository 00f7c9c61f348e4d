"""A provider chooses the steady days that a course's mood is held against."""

from __future__ import annotations

from datetime import timedelta

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from journal.domain.consents import Scope, Sight
from journal.domain.control_charts import ControlChart
from journal.domain.days import local_day
from journal.domain.insight_limits import CHOSEN_STEADY_LEAST, CHOSEN_STEADY_MOST, STEADY_NEEDS
from journal.services import steady_days as acts
from journal.services.insights import insights_for
from journal.storage import courses
from journal.storage.patients import Patient
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.forms.attention import SteadyForm


def edit(patient_id: str) -> ResponseReturnValue:
    """The steady days of the present course, for a provider to whom check-ins and sessions are open."""
    with current.look_at(patient_id) as (look, patient, sight):
        _need_both(look, patient, sight)
        today = local_day(current.now(), patient.zone)
        chosen = acts.chosen_for(look, patient, sight)
        kept_for_others = acts.kept_for_others(look, patient, sight, now=current.now())
        chart = insights_for(look, patient, sight, until=today).course.chart
    first, last = chosen or (today - timedelta(days=int(CHOSEN_STEADY_MOST.value) - 1), today)
    form = SteadyForm(first=first.isoformat(), last=last.isoformat())
    attempt = Attempt()
    if form.validate_on_submit():
        with attempt.writing_about(patient_id) as (db, person, seen):
            _need_both(db, person, seen)
            acts.choose(
                db,
                person,
                seen,
                None if flask.request.form.get("do") == "rule" else form.said(),
                provider_id=current.provider_id(),
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
        if attempt.succeeded:
            return flask.redirect(flask.url_for("patients.show", patient_id=patient_id), 303)
    page = flask.render_template(
        "steady_days/edit.html",
        patient=patient,
        form=form,
        errors=attempt.errors,
        chosen=chosen,
        kept_for_others=kept_for_others,
        chart=chart if isinstance(chart, ControlChart) else None,
        today=today,
        earliest=sight.visible_from,
        least=int(CHOSEN_STEADY_LEAST.value),
        most=int(CHOSEN_STEADY_MOST.value),
        needs=int(STEADY_NEEDS.value),
    )
    return page, attempt.status


def _need_both(db: Session, patient: Patient, sight: Sight) -> None:
    """404 for whoever may not see check-ins and sessions, and where there is no course."""
    if not sight.opens(Scope.SCORES, Scope.SESSIONS) or courses.course_seen(db, patient.id, sight) is None:
        flask.abort(404)
