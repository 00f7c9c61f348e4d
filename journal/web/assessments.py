"""A patient's questionnaires: what is open, answering it, what was stored, and why the next one is due when it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import flask
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from journal.domain.assessment_calendar import Stage
from journal.domain.assessment_records import AssessmentRecord
from journal.domain.assessments import Answer, Answers, asked, raised_by, unanswered, worth_mentioning
from journal.domain.consents import Scope
from journal.domain.days import local_day
from journal.domain.errors import Refused, RefusedFields
from journal.domain.instruments import Instrument
from journal.messages import by_field
from journal.services import assessment_dates
from journal.services import assessments as acts
from journal.storage import assessments, patients, support, treatments
from journal.storage.patients import Patient
from journal.web import current, help_panels, safety
from journal.web.assessment_words import (
    OwnScore,
    answered_words,
    due_words,
    length_of,
    name_of,
    open_lines,
    own_scores,
    title_of,
)
from journal.web.forms.assessments import field_of, read_answers

_LEFT = "left"
"""Says that the page has asked for what was left open; it asks once."""


@dataclass(frozen=True, slots=True)
class NextLine:
    """What is asked next: its names, and the sentence that says when and why."""

    names: str
    says: str
    overlaps: bool


def mine() -> str:
    """What is open, what comes next and why then, and what was."""
    patient = current.patient()
    with current.unit_of_work() as db:
        acts.look(db, patient, now=current.now())
    db = current.db()
    kept = assessments.assessments_of(db, patient.id)
    today = current.today()
    return flask.render_template(
        "assessments/mine.html",
        open_now=open_lines(kept, today),
        coming=_next_lines(db, patient, kept),
        scores=own_scores(kept, given_on=treatments.given_dates(db, patient.id)),
        unanswered=[
            (one.day, name_of(one.instrument), answered_words(one) if one.saved_at else "")
            for one in reversed(kept)
            if one.opened_at is not None and one.stage(today) is Stage.MISSED
        ],
        readers=_readers(db, patient),
    )


def answer(assessment_id: str) -> ResponseReturnValue:
    """The questions of one on one page. What is left open is asked for once, and then kept as it is.

    What somebody wrote until the phone had locked itself is stored all the same, and nothing of before is shown.
    """
    patient = current.patient()
    with current.unit_of_work() as db:
        record, known = acts.to_answer(db, patient, assessment_id, now=current.now())
    if record.opened_at is None:
        return _to_list()
    if flask.request.method == "POST":
        return _save(patient, record, known)
    if record.completed_at is not None:
        return _to_saved(record)
    if record.stage(current.today()) is not Stage.OPEN:
        return _to_list()
    return _page(patient, record, known, record.answers, asks_again=_LEFT in flask.request.args)


def saved(assessment_id: str) -> ResponseReturnValue:
    """What was stored: the number beside the ones before, or how much of it is answered."""
    patient, db = current.patient(), current.db()
    record = assessments.assessment_of(db, patient.id, assessment_id)
    if record is None:
        flask.abort(404)
    if record.saved_at is None:
        return flask.redirect(flask.url_for("assessments.answer", assessment_id=assessment_id), 303)
    kept = assessments.assessments_of(db, patient.id)
    scores = own_scores(kept, given_on=treatments.given_dates(db, patient.id))
    own = next((one for one in scores if one.public_id == assessment_id), None)
    known = record.known_as()
    return flask.render_template(
        "assessments/saved.html",
        record=record,
        known=known,
        own=own,
        earlier=_earlier(scores, own),
        answered=answered_words(record),
        is_from_today=local_day(record.saved_at, patient.zone) == current.today(),
        is_open=record.stage(current.today()) is Stage.OPEN,
        until=record.asking.closes_on,
        others=[one for one in open_lines(kept, current.today()) if one.public_id != assessment_id],
        is_heavy=known is not None and bool(raised_by(known, record.answers)),
        mentions=[known.item(key).text for key in worth_mentioning(known, record.answers)] if known else [],
        call=safety.nearest_line(patient.region, current.now().date()),
        has_plan=support.has_plan(db, patient.id),
    )


def _save(patient: Patient, record: AssessmentRecord, known: Instrument) -> ResponseReturnValue:
    asks_again = _LEFT in flask.request.form
    try:
        shown = acts.shown_as(record, flask.request.form.get("shown", ""))
        answers = read_answers(shown, flask.request.form)
        if not answers and record.saved_at is None:
            return _asks_again(record) if not asks_again else _to_list()
        with current.unit_of_work() as db:
            done = acts.save_answers(
                db,
                patient,
                record.public_id,
                answers,
                shown=shown.code,
                actor_account_id=current.account().account_id,
                now=current.now(),
            )
    except (Refused, RefusedFields) as fault:
        before = {} if current.is_locked() else record.answers
        page = _page(patient, record, known, {**before, **_typed(known)}, errors=by_field(fault))
        return page, 422
    if done.panel is not None:
        return help_panels.after_saving(record.public_id, done.panel)
    if done.unanswered and not asks_again:
        return _asks_again(record)
    return _to_saved(record)


def _page(
    patient: Patient,
    record: AssessmentRecord,
    known: Instrument,
    answers: Answers,
    *,
    asks_again: bool = False,
    errors: dict[str, str] | None = None,
) -> str:
    db = current.db()
    left = unanswered(known, answers) if asks_again else ()
    return flask.render_template(
        "assessments/answer.html",
        assessment_id=record.public_id,
        known=known,
        title=title_of(known),
        length=length_of(known),
        until=record.asking.closes_on,
        answers=answers,
        asked={item.key for item in asked(known, answers)},
        left=left,
        numbers={item.key: number for number, item in enumerate(known.items, start=1)},
        field_of=field_of,
        errors=errors or {},
        readers=_readers(db, patient),
        call=safety.nearest_line(patient.region, current.now().date()),
        has_plan=support.has_plan(db, patient.id),
    )


def _typed(known: Instrument) -> Answers:
    """What of a refused form is an answer."""
    found: dict[str, Answer] = {}
    for item in known.items:
        name = field_of(item.key)
        try:
            found |= read_answers(known, {name: flask.request.form.get(name, "")})
        except RefusedFields:
            continue
    return found


def _next_lines(db: Session, patient: Patient, kept: Sequence[AssessmentRecord]) -> list[NextLine]:
    return [
        NextLine(
            names=" · ".join(name_of(code) for code in one.series.asked),
            says=due_words(one.due),
            overlaps=one.series.cadence.overlaps_recall(one.due.on),
        )
        for one in assessment_dates.coming(db, patient, kept=kept, now=current.now())
        if one.due is not None
    ]


def _earlier(scores: Sequence[OwnScore], own: OwnScore | None) -> list[OwnScore]:
    """Those before ``own`` that have a number of the same kind."""
    if own is None or not own.total:
        return []
    begin = list(scores).index(own) + 1
    return [one for one in scores[begin:] if one.name == own.name and one.total]


def _readers(db: Session, patient: Patient) -> list[str]:
    """The names of those who may read the answers now."""
    found = patients.readers_of(db, patient.id, now=current.now())
    return [one.name for one in found if one.sight.opens(Scope.ASSESSMENTS)]


def _asks_again(record: AssessmentRecord) -> ResponseReturnValue:
    there = flask.url_for("assessments.answer", assessment_id=record.public_id, left=1)
    return flask.redirect(there, 303)


def _to_saved(record: AssessmentRecord) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("assessments.saved", assessment_id=record.public_id), 303)


def _to_list() -> ResponseReturnValue:
    return flask.redirect(flask.url_for("assessments.mine"), 303)
