"""Answers that must not be overlooked, as tests make them: a questionnaire saved, and a clinic that looks at flags."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain.assessment_records import AssessmentRecord
from journal.domain.assessments import Answers
from journal.domain.days import local_day
from journal.domain.instrument_files import instrument
from journal.domain.safety_flags import Stage
from journal.services import safety
from journal.storage import assessments, clinics, flag_reviews
from journal.storage.base import new_public_id
from tests.builders import the_patient
from tests.cast import NOW, ZONE, Cast, Person

EIGHT: dict[str, int] = {str(number): 1 for number in range(1, 9)}
"""The first eight of a PHQ-9, each “several days”."""


def let_review(db: Session, cast: Cast, *, reviewer: Person | None = None, at: datetime = NOW) -> None:
    """The clinic says that a named person looks at flags every weekday: Bob, if nobody else is named."""
    who = reviewer or cast.bob
    flag_reviews.put_review(
        db, cast.clinic_id, reviewer_id=who.provider_id, stated_by_account_id=cast.erin.account_id, now=at
    )


def work_elsewhere(db: Session, person: Person) -> int:
    """Let a provider work at a clinic of their own, which has said nothing about flags; its number."""
    other = clinics.add_clinic(db, name="Hill Practice", zone=ZONE, now=NOW)
    clinics.provider_by_id(db, person.provider_id).clinic_id = other.id
    db.flush()
    return other.id


def saved(
    db: Session, person: Person, answers: Answers, *, code: str = "phq9", at: datetime = NOW
) -> AssessmentRecord:
    """A questionnaire of a patient with these answers, half-finished, without anything that follows it."""
    public_id = new_public_id()
    assessments.add_assessment(
        db,
        person.patient_id,
        AssessmentRecord(
            public_id=public_id,
            instrument=code,
            version=instrument(code).version,
            due_on=local_day(at, ZONE),
            opened_at=at,
            saved_at=at,
            answers=answers,
            answered=len(answers),
            asked=len(answers),
        ),
    )
    found = assessments.assessment_of(db, person.patient_id, public_id)
    assert found is not None
    return found


def answer(
    db: Session, person: Person, answers: Answers, *, code: str = "phq9", at: datetime = NOW
) -> tuple[AssessmentRecord, Stage | None]:
    """A questionnaire saved with what follows it: the record, and the help panel's stage."""
    record = saved(db, person, answers, code=code, at=at)
    stage = safety.answers_saved(
        db,
        the_patient(db, person),
        record,
        instrument(code),
        actor_account_id=person.account_id,
        now=at,
    )
    return record, stage
