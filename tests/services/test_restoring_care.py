"""Treatment and questionnaires come back as they were; that a whole journal does is tested in ``test_restoring``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from journal.domain.side_effects import SideEffectCode
from journal.domain.treatments import Drug, Phase
from journal.interop.tideline import document_of
from journal.services.restoring_care import put_back_questionnaires, put_back_treatment
from journal.storage import assessments, courses, medications, side_effects, treatment_records, treatments
from journal.storage.database import Database
from tests.assessing import of_total
from tests.builders import the_patient
from tests.cast import Cast
from tests.interop import documents


@pytest.fixture
def dan(sqlite_database: Database, sqlite_cast: Cast) -> int:
    """Dan's number, with the small whole journal put back into his."""
    phq9 = [{"item": key, "answer": value} for key, value in of_total("phq9", 12).items()]
    known = documents.assessment(instrument="phq9", version=1, scored_as="phq9", total=12, answers=phq9)
    document = document_of({**documents.journal(), "assessments": [documents.assessment(), known]})
    with sqlite_database.unit_of_work() as db:
        patient = the_patient(db, sqlite_cast.dan)
        names = put_back_treatment(db, patient, document) | put_back_questionnaires(db, patient, document)
    assert set(names.values()) == {"Bob"}
    return sqlite_cast.dan.patient_id


def test_a_record_keeps_its_dose_its_measurements_and_whose_it_is(
    sqlite_database: Database, dan: int
) -> None:
    with sqlite_database.look() as db:
        (session,) = treatments.treatments_of(db, dan)
        (record,) = treatment_records.records_of(db, dan).values()
        effects = side_effects.side_effects_of(db, dan)
        (medicine,) = medications.medications_of(db, dan)
    assert (session.source, session.by_provider_id) == ("clinician_recorded", None)
    assert (record.dose_value, record.dose_unit, record.weight_kg) == (Decimal("37.5"), "mg", Decimal(75))
    assert [one.measured for one in record.vitals] == ["pre", "peak"]
    assert {(one.code, one.source, one.treatment) for one in effects} == {
        (SideEffectCode.NAUSEA, "clinician_recorded", session.public_id),
        (SideEffectCode.HEADACHE, "patient_reported", session.public_id),
    }
    assert (medicine.taken.ended_on, medicine.ended_source) == (date(2026, 3, 4), "patient_reported")


def test_a_course_knows_its_phases_and_which_of_them_the_patient_wrote_down(
    sqlite_database: Database, sqlite_cast: Cast, dan: int
) -> None:
    with sqlite_database.look() as db:
        course = courses.present_course(db, dan)
        assert course is not None
        phases = courses.phases_of(db, dan, course.public_id)
    assert (course.drug, course.notes, course.baseline_window_days) == (Drug.KETAMINE_RACEMIC, "mornings", 21)
    assert [(one.change.phase, one.by_account_id) for one in phases] == [
        (Phase.PLANNED, None),
        (Phase.INDUCTION, sqlite_cast.dan.account_id),
    ]


def test_a_questionnaire_that_is_not_known_here_keeps_what_was_counted(
    sqlite_database: Database, dan: int
) -> None:
    with sqlite_database.look() as db:
        kept = {one.instrument: one for one in assessments.assessments_of(db, dan)}
        chosen = assessments.choices_of(db, dan)
    assert kept["wellbeing5"].known_as() is None
    assert (kept["wellbeing5"].score().total, kept["phq9"].score().total) == (3, 12)
    assert chosen["pcl5"].cadence.since == date(2026, 3, 2)
