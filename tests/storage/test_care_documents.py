"""No column of what belongs to a treatment is forgotten when a journal is copied. That it comes back is tested in
``tests/services/test_restoring``."""

from __future__ import annotations

from datetime import date

import pytest

from journal.domain.treatments import Phase, Status
from journal.interop.tideline import fields_of
from journal.storage import care_documents, courses
from journal.storage.base import Base
from journal.storage.courses import Course, CoursePhaseChange
from journal.storage.database import Database
from journal.storage.key_moments import KeyMoment
from journal.storage.long_term_checks import LongTermCheck
from journal.storage.medications import Medication
from journal.storage.side_effects import SideEffect
from journal.storage.treatment_records import Vitals
from journal.storage.treatments import TreatmentSession
from tests import builders
from tests.builders import the_patient
from tests.cast import NOW, Cast

PLACES = {"id", "public_id", "patient_id", "course_id", "treatment_session_id"}
"""Where a row lies in one database."""
SAID_OTHERWISE = {"by_provider_id": "recorded_by", "by_account_id": "recorded_by"}


@pytest.mark.parametrize(
    ("table", "section", "nested"),
    [
        (Course, "courses", ""),
        (CoursePhaseChange, "courses", "phases"),
        (TreatmentSession, "treatment_sessions", ""),
        (Vitals, "treatment_sessions", "vitals"),
        (SideEffect, "treatment_sessions", "side_effects"),
        (Medication, "medications", ""),
        (KeyMoment, "key_moments", ""),
        (LongTermCheck, "long_term_checks", ""),
    ],
)
def test_no_column_is_forgotten(table: type[Base], section: str, nested: str) -> None:
    fields = fields_of(section)
    if nested:
        fields = fields[nested]["items"]["properties"]  # type: ignore[index,assignment]
    columns = {SAID_OTHERWISE.get(column.name, column.name) for column in table.__table__.columns}
    assert columns - PLACES - fields.keys() == set()


def test_phases_stay_in_the_order_in_which_they_were_written_down(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    alice, bob = sqlite_cast.alice, sqlite_cast.bob
    with sqlite_database.unit_of_work() as db:
        course = courses.add_course(
            db, alice.patient_id, phase=Phase.INDUCTION, now=NOW, by_account_id=alice.account_id
        )
        early = courses.PhaseChange(date(2026, 2, 1), Phase.PAUSED)
        courses.add_phase_change(db, alice.patient_id, course, early, by_account_id=bob.account_id, now=NOW)
        (found,) = care_documents.courses(db, the_patient(db, alice), {})
    assert [(one["phase"], one["own"], one["recorded_by"]) for one in found["phases"]] == [  # type: ignore[attr-defined]
        ("induction", True, None),
        ("paused", False, "Bob"),
    ]


def test_what_a_clinic_planned_is_no_writing_of_the_patients(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    dan, bob = sqlite_cast.dan, sqlite_cast.bob
    with sqlite_database.unit_of_work() as db:
        builders.treatment(db, dan, date(2026, 4, 9), by=bob, status=Status.PLANNED)
        assert not care_documents.is_written(db, dan.patient_id)
        builders.treatment(db, dan, date(2026, 3, 9), by=bob)
        assert care_documents.is_written(db, dan.patient_id)
