"""One patient's questionnaires for a provider: the scores, what is asked and when, and one of them item by item.

Only where questionnaires are open to that provider; every look is written down. How the lines are made is
``assessment_lines``, the drawing ``charts.scores``, what is asked ``assessment_plans``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from journal.domain.assessment_records import AssessmentRecord
from journal.domain.assessments import Dated, previous, sessions_in_recall
from journal.domain.consents import Scope, Sight
from journal.domain.days import local_day
from journal.domain.errors import NotFound
from journal.domain.treatments import markers
from journal.services import assessment_dates, safety
from journal.services import assessments as acts
from journal.storage import assessments, treatments
from journal.storage.patients import Patient
from journal.web import current
from journal.web.assessment_lines import (
    covers_words,
    item_lines,
    open_lines,
    part_lines,
    scores_of,
)
from journal.web.assessment_plans import changed, due_lines, read_plan
from journal.web.assessment_words import name_of
from journal.web.attempts import Attempt
from journal.web.charts.scores import read_series, score_chart
from journal.web.forms.accounts import LinkForm


def show(patient_id: str) -> ResponseReturnValue:
    """Scores, what was missed, and what is asked next; sent, it changes what is asked."""
    attempt = Attempt()
    if LinkForm().validate_on_submit():
        with attempt.writing_about(patient_id) as (db, person, seen):
            _need_assessments(seen)
            _choose(db, person)
        if attempt.succeeded:
            return flask.redirect(flask.request.path, 303)
    with current.look_at(patient_id) as (look, patient, sight):
        _need_assessments(sight)
        now = current.now()
        today = local_day(now, patient.zone)
        records = assessments.assessments_seen(look, patient.id, sight)
        sessions = markers(treatments.treatments_seen(look, patient.id, sight))
        given_on = [one.local_date for one in sessions]
        page = flask.render_template(
            "patient_assessments/show.html",
            patient=patient,
            shared_from=sight.visible_from,
            shares_sessions=sight.opens(Scope.SESSIONS),
            chart=score_chart(read_series(records, today, given_on=given_on), today, treatments=sessions),
            scores=scores_of(records, given_on=given_on),
            others=open_lines(records, today),
            due=due_lines(assessment_dates.coming(look, patient, now=now), sight, today),
            plan=read_plan(
                assessments.choices_of(look, patient.id),
                item_nine_is_read=safety.item_nine_is_read(look, patient.id, now=now),
            ),
            errors=attempt.errors,
        )
    return page, attempt.status


def item_by_item(patient_id: str, assessment_id: str) -> str:
    """One questionnaire with every question and what was answered to it."""
    with current.look_at(patient_id) as (look, patient, sight):
        _need_assessments(sight)
        records = assessments.assessments_seen(look, patient.id, sight)
        found = next((one for one in records if one.public_id == assessment_id), None)
        if found is None or found.opened_at is None:
            raise NotFound
        before = _before(found, records)
        given_on = [one.local_date for one in markers(treatments.treatments_seen(look, patient.id, sight))]
        return flask.render_template(
            "patient_assessments/item_by_item.html",
            patient=patient,
            found=found,
            name=name_of(found.scored_as or found.instrument),
            asked_as=name_of(found.instrument),
            known=found.known_as(),
            score=found.score(),
            before=before,
            items=item_lines(found, before),
            parts=part_lines(found),
            covers=_covers(found, given_on),
        )


def _choose(db: Session, patient: Patient) -> None:
    """Keep what the form changes. Refuses what ``assessment_plans.changed`` refuses."""
    form, now = flask.request.form, current.now()
    for choice in changed(
        assessments.choices_of(db, patient.id),
        rhythm=form.get("rhythm", ""),
        asked=form.getlist("asked"),
        provider_id=current.provider_id(),
        today=local_day(now, patient.zone),
    ):
        acts.choose(db, patient, choice, actor_account_id=current.account().account_id, now=now)


def _before(found: AssessmentRecord, records: Sequence[AssessmentRecord]) -> AssessmentRecord | None:
    """The one whose answers may stand beside those of ``found``: the last with a total of the same kind."""
    if found.total is None:
        return None
    dated = {one.public_id: Dated(one.day, one.score()) for one in records if one.total is not None}
    mine = dated[found.public_id]
    earlier = previous([one for key, one in dated.items() if key != found.public_id], mine)
    return next((one for one in records if dated.get(one.public_id) is earlier), None) if earlier else None


def _covers(found: AssessmentRecord, given_on: Sequence[date]) -> str:
    known = found.known_as()
    if known is None or found.completed_on is None:
        return ""
    return covers_words(sessions_in_recall(known, found.completed_on, given_on=given_on))


def _need_assessments(sight: Sight) -> None:
    if not sight.opens(Scope.ASSESSMENTS):
        flask.abort(404)
