"""Answering questionnaires, and choosing which are asked. When one is due is ``assessment_dates``.

Answers are stored before anything else: what follows them, a flag or the help panel, is ``services.safety``. They are
added to what was answered before, so that a page left open elsewhere takes nothing away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain import assessment_choices as choices
from journal.domain import assessments as rules
from journal.domain.assessment_choices import GAD, PHQ, Choice
from journal.domain.assessment_records import AssessmentRecord, Via
from journal.domain.assessments import Answers
from journal.domain.days import local_day
from journal.domain.errors import NotFound
from journal.domain.instrument_files import instrument
from journal.domain.instruments import Instrument
from journal.domain.safety_flags import Stage
from journal.services import assessment_dates, reminders, safety, summaries
from journal.storage import assessments, audit, consents, treatments
from journal.storage.audit import Act
from journal.storage.patients import Patient

_EARLIEST_ZONE = "Pacific/Kiritimati"
"""Where a day begins first."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What was stored. ``unanswered``: what keeps it half-finished, by its keys. ``panel``: the help panel comes before
    anything else, at this stage; None where no answer opens it."""

    record: AssessmentRecord
    unanswered: tuple[str, ...]
    panel: Stage | None


def look(db: Session, patient: Patient, *, now: datetime) -> None:
    """Bring a patient's questionnaires in line with the calendar, and their messages with them."""
    if assessment_dates.arrange(db, patient, now=now):
        reminders.plan_messages(db, patient.account_id, now=now)


def to_answer(
    db: Session, patient: Patient, public_id: str, *, now: datetime
) -> tuple[AssessmentRecord, Instrument]:
    """A questionnaire of this patient as it is to be shown now, with its words; NotFound where it is not known here.

    The ninth item of a PHQ-9 is not asked any more where nobody reads it by now: what is left is a PHQ-8.
    """
    look(db, patient, now=now)
    record, known = _known(db, patient, public_id)
    if record.instrument != "phq9" or record.completed_at is not None or "9" in record.answers:
        return record, known
    if record.opened_at is None or safety.item_nine_is_read(db, patient.id, now=now):
        return record, known
    record, known = _asked_instead(record, "phq8")
    assessments.change_assessment(db, patient.id, record)
    return record, known


def save_answers(
    db: Session,
    patient: Patient,
    public_id: str,
    answers: Answers,
    *,
    shown: str,
    actor_account_id: int | None,
    now: datetime,
    via: Via = Via.WEB,
) -> Saved:
    """Add ``answers`` to a questionnaire that is open; with the last one it is completed, and counted for good.

    ``shown`` is the code of the one that was on the page; no answer of before is given up for it. After its days,
    answers are kept without completing it. A completed one stays as it is, so that a second press is none; but an
    answer that opens the help panel always does.
    NotFound for one that is not known or not open yet; refuses what ``domain.assessments.check`` refuses.
    """
    consents.hold(db, patient.id)  # before anything else: what follows an answer asks for it too
    summaries.hold(db, patient.id)
    look(db, patient, now=now)
    record, known = _known(db, patient, public_id)
    if record.opened_at is None:
        raise NotFound
    if record.completed_at is not None:
        known = shown_as(record, shown)
        rules.check(known, answers)
        said = replace(record, answers={**record.answers, **answers})
        panel = safety.answers_saved(db, patient, said, known, actor_account_id=actor_account_id, now=now)
        return Saved(record, unanswered=(), panel=panel)
    page = shown_as(record, shown)  # what was answered is what was on the page
    if page.code != known.code and record.answers.keys() <= {item.key for item in page.items}:
        record, known = _asked_instead(record, shown)
    rules.check(known, answers)
    record = _with(record, known, answers, patient, db=db, now=now, via=via)
    assessments.change_assessment(db, patient.id, record)
    audit.record(
        db,
        Act.QUESTIONNAIRE_KEPT if record.completed_at is None else Act.QUESTIONNAIRE_COMPLETED,
        now=now,
        actor_account_id=actor_account_id,
        patient_id=patient.id,
        subject=record.public_id,
    )
    panel = safety.answers_saved(db, patient, record, known, actor_account_id=actor_account_id, now=now)
    if record.completed_at is not None:
        reminders.replan(db, patient.account_id, now=now)
    return Saved(record, rules.unanswered(known, record.answers), panel)


def shown_as(record: AssessmentRecord, code: str) -> Instrument:
    """The words that were on the page: those of ``record``, or of the other PHQ or GAD where it was that one.

    NotFound where neither is known here.
    """
    known = record.known_as()
    if known is None:
        raise NotFound
    is_other = code != known.code and any({code, known.code} <= family for family in (PHQ, GAD))
    return instrument(code) if is_other else known


def choose(
    db: Session, patient: Patient, choice: Choice, *, actor_account_id: int | None, now: datetime
) -> None:
    """Keep what a provider chose for a patient and one questionnaire, and let its dates follow.

    NotFound for one that is not offered. Who may choose is decided at the edge.
    """
    if choice.instrument not in choices.USUALLY:
        raise NotFound
    assessments.take_turn(db, patient.id)
    assessments.put_choice(db, patient.id, choice, now=now)
    audit.record(
        db,
        Act.QUESTIONNAIRES_CHOSEN,
        now=now,
        actor_account_id=actor_account_id,
        patient_id=patient.id,
        provider_id=choice.by_provider_id,
    )
    reminders.replan(db, patient.account_id, now=now)


def follow_calendar(db: Session, *, after: int, limit: int, now: datetime) -> int | None:
    """Open what is due and close what is over, for up to ``limit`` patients with an id above ``after``.

    The id of the last of them; None where there was nobody any more.
    """
    latest = local_day(now, _EARLIEST_ZONE)
    waiting = assessments.waits_for_the_calendar(db, today=latest, after=after, limit=limit)
    for patient in waiting:
        reminders.replan(db, patient.account_id, now=now)
    return waiting[-1].id if waiting else None


def _with(
    record: AssessmentRecord,
    known: Instrument,
    answers: Answers,
    patient: Patient,
    *,
    db: Session,
    now: datetime,
    via: Via,
) -> AssessmentRecord:
    """``record`` with ``answers`` added to it, and counted."""
    record = replace(record, answers={**record.answers, **answers}, saved_at=now, via=via)
    score = rules.score(known, record.answers)
    record = replace(record, answered=score.answered, asked=score.asked)
    if not score.is_complete or record.expired_at is not None:
        return record
    today = local_day(now, patient.zone)
    covered = rules.sessions_in_recall(known, today, given_on=treatments.given_dates(db, patient.id))
    return replace(
        record,
        completed_at=now,
        completed_on=today,
        scored_as=score.scored_as,
        total=score.total,
        overlaps_session=bool(covered),
    )


def _known(db: Session, patient: Patient, public_id: str) -> tuple[AssessmentRecord, Instrument]:
    record = assessments.assessment_of(db, patient.id, public_id)
    known = None if record is None else record.known_as()
    if record is None or known is None:
        raise NotFound
    return record, known


def _asked_instead(record: AssessmentRecord, code: str) -> tuple[AssessmentRecord, Instrument]:
    """``record`` as another questionnaire with the same first items, and what of its answers belongs to that."""
    known = instrument(code)
    fitting = {item.key for item in known.items}
    answers = {key: answer for key, answer in record.answers.items() if key in fitting}
    score = rules.score(known, answers)
    return (
        replace(
            record,
            instrument=code,
            version=known.version,
            answers=answers,
            answered=score.answered,
            asked=score.asked,
        ),
        known,
    )
