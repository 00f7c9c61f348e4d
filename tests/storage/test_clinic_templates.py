"""A clinic's words as they are kept, and which clinic's a patient reads."""

from __future__ import annotations

import pytest

from journal.domain.clinic_templates import ChecklistItem, ClinicTemplate
from journal.storage.clinic_templates import KeptTemplate, clinic_for, put_template, template_of
from journal.storage.database import Database
from tests.cast import NOW, Cast

OWN = ClinicTemplate(checklist=(ChecklistItem("a", "Café, sí"),), aftercare="")


def test_a_template_comes_back_as_it_was_written(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        assert template_of(db, cast.clinic_id) == KeptTemplate(ClinicTemplate())
        assert put_template(db, cast.clinic_id, OWN, language="es", seen_version=0, now=NOW)
        assert template_of(db, cast.clinic_id) == KeptTemplate(OWN, 1, "es", NOW)
        assert OWN.examples == {"what_to_expect", "ask_first", "food_and_drink"}


@pytest.mark.parametrize("seen_version", [0, 2])
def test_whoever_did_not_see_the_present_words_does_not_replace_them(
    database: Database, cast: Cast, seen_version: int
) -> None:
    with database.unit_of_work() as db:
        put_template(db, cast.clinic_id, OWN, language="es", seen_version=0, now=NOW)
        other = ClinicTemplate(aftercare="Other")
        assert not put_template(db, cast.clinic_id, other, language="en", seen_version=seen_version, now=NOW)
        assert template_of(db, cast.clinic_id).template == OWN


def test_the_words_are_of_the_clinic_that_recorded_it_else_of_one_that_reads_the_sessions(
    database: Database, cast: Cast
) -> None:
    def name_of(patient_id: int, by: int | None) -> str | None:
        clinic = clinic_for(db, patient_id, by, now=NOW)
        return clinic and clinic.name

    with database.unit_of_work() as db:
        assert name_of(cast.dan.patient_id, cast.frank.provider_id) == "Riverside Clinic"
        assert name_of(cast.alice.patient_id, None) == "Riverside Clinic"
        assert name_of(cast.dan.patient_id, None) is None
