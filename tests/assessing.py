"""Completed questionnaires of earlier days, as tests put them there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time

from sqlalchemy.orm import Session

from journal.domain.assessment_records import AssessmentRecord, Via
from journal.domain.assessments import Answer, score
from journal.domain.instrument_files import instrument
from journal.storage import assessments
from journal.storage.base import new_public_id
from tests.cast import Person


def of_total(code: str, total: int) -> dict[str, Answer]:
    """Answers of a questionnaire that add up to ``total``: as high as they go from the first question on."""
    answers: dict[str, Answer] = {}
    for item in instrument(code).items:
        if not item.is_extra:
            answers[item.key] = min(total, max(item.values))
            total -= min(total, max(item.values))
    return answers


def record(
    code: str,
    on: date,
    answers: Mapping[str, Answer],
    *,
    is_missed: bool = False,
    via: Via = Via.WEB,
) -> AssessmentRecord:
    """One that was due and saved on a day; completed if nothing is open, missed if asked so."""
    known = instrument(code)
    at = datetime.combine(on, time(10), UTC)
    found = score(known, answers)
    done = found.is_complete and not is_missed
    return AssessmentRecord(
        public_id=new_public_id(),
        instrument=code,
        version=known.version,
        due_on=on,
        opened_at=at,
        saved_at=at if answers else None,
        completed_at=at if done else None,
        completed_on=on if done else None,
        expired_at=at if is_missed else None,
        answers=dict(answers),
        scored_as=found.scored_as if done else None,
        total=found.total if done else None,
        answered=found.answered,
        asked=found.asked,
        via=via,
    )


def add(db: Session, person: Person, *records: AssessmentRecord) -> None:
    """Put them into a patient's journal."""
    for one in records:
        assessments.add_assessment(db, person.patient_id, one)
