"""Keeping the questionnaires of a patient in line with the calendar: what opens, what was missed, and the next ones.

The rules are ``domain.assessment_calendar``; here they are held against what is kept. Everything that moves a date (a
treatment session, a choice, another zone, a completed one) leads here by ``services.reminders.replan``, and the passing
of time by a job. Answering is ``services.assessments``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from journal.domain.assessment_calendar import Asking, Due, Stage, next_due
from journal.domain.assessment_choices import GAD, PHQ, Series, series
from journal.domain.assessment_records import AssessmentOutline, AssessmentRecord
from journal.domain.assessments import score, sessions_in_recall
from journal.domain.days import local_day
from journal.domain.instrument_files import instrument
from journal.services import safety
from journal.storage import assessments, treatments
from journal.storage.base import new_public_id
from journal.storage.patients import Patient
from journal.storage.treatments import SessionDates


@dataclass(frozen=True, slots=True)
class Next:
    """What comes next of a series: ``due`` with its reason; None while one of them is open."""

    series: Series
    due: Due | None


def arrange(db: Session, patient: Patient, *, now: datetime) -> bool:
    """Open what is due, close what nobody answered in time, and keep the next one of each where it belongs.

    Whether anything changed; asked twice, nothing does the second time. What was completed is kept as it was; only
    whether it overlaps a session follows the sessions.
    """
    assessments.take_turn(db, patient.id)  # of two at once, the second finds what the first one wrote
    today = local_day(now, patient.zone)
    sessions = treatments.session_dates(db, patient.id)
    before = assessments.outlines_of(db, patient.id)
    kept = [_settled(one, today, given_on=sessions.given, now=now) for one in before]
    for one, settled in zip(before, kept, strict=True):
        if settled != one:
            assessments.move_assessment(db, patient.id, settled)
    found = _coming(db, patient, kept, sessions, now=now)
    is_placed = _place(db, patient, kept, found, today=today, now=now)
    return is_placed or kept != before


def coming(
    db: Session, patient: Patient, *, now: datetime, kept: Sequence[AssessmentOutline] | None = None
) -> list[Next]:
    """What comes next of everything that is asked by date, and why then; ``kept`` as it is after :func:`arrange`."""
    known = assessments.outlines_of(db, patient.id) if kept is None else kept
    return _coming(db, patient, known, treatments.session_dates(db, patient.id), now=now)


def opened_now(db: Session, patient: Patient, code: str, *, now: datetime) -> AssessmentRecord:
    """Ask a questionnaire there and then, whatever its date: the open one of its kind, or one that is opened now.

    A PHQ-8 that waits without an answer becomes the PHQ-9 that was asked for, and so on; one that was begun is gone on
    with as it is.
    """
    arrange(db, patient, now=now)
    waiting = sorted(
        (
            one
            for one in assessments.assessments_of(db, patient.id)
            if one.waits and _family(one.instrument) == _family(code)
        ),
        key=lambda one: one.opened_at is None,
    )
    if not waiting:
        return _added(db, patient, code, due_on=local_day(now, patient.zone), opened_at=now)
    found = waiting[0]
    record = found if found.answers else _as(found, code)
    if found.opened_at is None:
        record = replace(record, due_on=local_day(now, patient.zone), opened_at=now)
    if record != found:
        for other in waiting[1:]:
            assessments.remove_ahead(db, patient.id, other.public_id)
        assessments.change_assessment(db, patient.id, record)
    return record


def _coming(
    db: Session,
    patient: Patient,
    known: Sequence[AssessmentOutline],
    sessions: SessionDates,
    *,
    now: datetime,
) -> list[Next]:
    asked = [one for one in known if one.opened_at is not None]
    return [
        Next(
            one,
            next_due(
                one.cadence,
                local_day(now, patient.zone),
                first_day=patient.first_day,
                asked=[other.asking for other in asked if other.instrument in one.clock],
                given_on=sessions.given,
                planned_on=sessions.planned,
            ),
        )
        for one in series(
            assessments.choices_of(db, patient.id),
            item_nine_is_read=safety.item_nine_is_read(db, patient.id, now=now),
        )
    ]


def _settled(
    record: AssessmentOutline, today: date, *, given_on: Iterable[date], now: datetime
) -> AssessmentOutline:
    """``record`` as it is to be today: missed if it was open and its days are over; a completed one beside sessions."""
    if record.completed_on is not None:
        known = record.known_as()
        if known is None:
            return record
        covered = sessions_in_recall(known, record.completed_on, given_on=given_on)
        return replace(record, overlaps_session=bool(covered))
    if record.opened_at is not None and record.expired_at is None and record.stage(today) is Stage.MISSED:
        return replace(record, expired_at=now)
    return record


def _place(
    db: Session,
    patient: Patient,
    kept: list[AssessmentOutline],
    found: list[Next],
    *,
    today: date,
    now: datetime,
) -> bool:
    """Let the next one of each series stand ahead on its day, or open it where that has come; whether one moved."""
    is_open = {_family(one.instrument) for one in kept if one.waits and one.opened_at is not None}
    ahead = {one.instrument: one for one in kept if one.opened_at is None}
    wanted = {
        code: one.due.on
        for one in found
        if one.due is not None
        for code in one.series.asked
        if _family(code) not in is_open
    }
    needless = [record for code, record in ahead.items() if code not in wanted]
    for record in needless:
        assessments.remove_ahead(db, patient.id, record.public_id)
    moved = bool(needless)
    for code, due_on in wanted.items():
        here = ahead.get(code)
        # A day that was said, and is not over, stays; where nobody looked for longer, it is asked from today on.
        was_said = here is not None and here.due_on == due_on and Asking(due_on).stage(today) is Stage.OPEN
        day = due_on if was_said else max(due_on, today)
        opened_at = now if day <= today else None
        if here is None:
            _added(db, patient, code, due_on=day, opened_at=opened_at)
        elif (here.due_on, here.opened_at) != (day, opened_at):
            assessments.move_assessment(db, patient.id, replace(here, due_on=day, opened_at=opened_at))
        else:
            continue
        moved = True
    return moved


def _added(
    db: Session, patient: Patient, code: str, *, due_on: date, opened_at: datetime | None
) -> AssessmentRecord:
    record = _as(AssessmentRecord(new_public_id(), code, version=1, due_on=due_on, opened_at=opened_at), code)
    assessments.add_assessment(db, patient.id, record)
    return record


def _as(record: AssessmentRecord, code: str) -> AssessmentRecord:
    """``record``, without an answer, as one of this questionnaire."""
    known = instrument(code)
    return replace(record, instrument=code, version=known.version, asked=score(known, {}).asked)


def _family(code: str) -> frozenset[str]:
    """What is asked in place of each other, so that it is never asked twice at once."""
    return next((family for family in (PHQ, GAD) if code in family), frozenset({code}))
