"""A session's whole record as it is kept, and as a reader may see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa

from journal.domain.consents import Scope, Sight
from journal.domain.doses import DoseUnit
from journal.domain.treatment_records import (
    Measured,
    MedicineTaken,
    Setting,
    TreatmentRecord,
    Vitals,
)
from journal.storage import treatment_records
from journal.storage.database import Database
from journal.storage.treatment_records import SEALED
from journal.storage.treatments import TreatmentSession
from tests import builders
from tests.cast import EVERY_SCOPE, Cast

DAY = date(2026, 3, 13)
NOTHING = TreatmentRecord()
FULL = TreatmentRecord(
    ended_at=datetime(2026, 3, 13, 10, 45, tzinfo=UTC),
    ready_to_leave_at=datetime(2026, 3, 13, 12, 0, tzinfo=UTC),
    dose_value=Decimal("0.125"),
    dose_unit=DoseUnit.MG_PER_KG,
    weight_kg=Decimal("70.5"),
    infusion_min=40,
    setting=Setting.CLINIC,
    vitals=(
        Vitals(Measured.PRE, t_min=-10, sys=120, dia=80, hr=70, spo2=98),
        Vitals(Measured.DISCHARGE, hr=66),
    ),
    dissociation_peak=6,
    dissociation_resolved_min=50,
    cadss_total=12,
    madrs_total=20,
    meds_today=frozenset({MedicineTaken.STIMULANT, MedicineTaken.MAOI}),
    other_meds_today="kingfisher drops",
    fasting_ok=True,
    escort=False,
    checklist=("escort", "fasting"),
    escort_name="kingfisher Dana",
    escort_phone="+49 30 123456",
    discharge_mood=7,
    early_for_worsening=True,
    censor_medication_change=True,
    experience_valence=3,
    experience_words=("sad", "moved"),
    intention="kingfisher intention",
    intention_shared=True,
    integration_note="kingfisher note",
    small_step="kingfisher step",
    reflection_shared=True,
)
EVERYTHING = Sight(EVERY_SCOPE, None)


def put(database: Database, cast: Cast, record: TreatmentRecord = FULL, on: date = DAY) -> str:
    with database.unit_of_work() as db:
        public_id = builders.treatment(db, cast.alice, on).public_id
        treatment_records.write_changes(db, cast.alice.patient_id, public_id, before=NOTHING, after=record)
    return public_id


def test_every_field_comes_back_as_it_was_said(database: Database, cast: Cast) -> None:
    public_id = put(database, cast)
    with database.look() as db:
        assert treatment_records.record_of(db, cast.alice.patient_id, public_id) == FULL


def test_a_session_without_more_has_an_empty_record(database: Database, cast: Cast) -> None:
    public_id = put(database, cast, NOTHING)
    with database.look() as db:
        assert treatment_records.record_of(db, cast.alice.patient_id, public_id) == NOTHING
        assert treatment_records.record_of(db, cast.dan.patient_id, public_id) is None


@pytest.mark.parametrize("text", ["0.001", "0.125", "0.3", "99999.999"])
def test_a_dose_is_exact_on_both_databases(database: Database, cast: Cast, text: str) -> None:
    public_id = put(database, cast, replace(NOTHING, dose_value=Decimal(text), dose_unit=DoseUnit.MG))
    with database.look() as db:
        kept = treatment_records.record_of(db, cast.alice.patient_id, public_id)
    assert kept is not None
    assert kept.dose_value == Decimal(text)


def test_what_was_written_by_hand_is_never_in_the_database_in_plain(database: Database, cast: Cast) -> None:
    put(database, cast)
    with database.look() as db:
        row = db.execute(sa.select(*(getattr(TreatmentSession, name) for name in SEALED))).one()
    assert all(sealed and b"kingfisher" not in sealed and b"123456" not in sealed for sealed in row)


def test_only_what_changed_is_written(database: Database, cast: Cast) -> None:
    """Somebody else's field, written meanwhile, is not taken back by a form that did not touch it."""
    public_id = put(database, cast)
    with database.unit_of_work() as db:
        treatment_records.write_changes(
            db, cast.alice.patient_id, public_id, before=FULL, after=replace(FULL, small_step="A walk.")
        )
        treatment_records.write_changes(
            db, cast.alice.patient_id, public_id, before=FULL, after=replace(FULL, cadss_total=30)
        )
    with database.look() as db:
        kept = treatment_records.record_of(db, cast.alice.patient_id, public_id)
    assert kept == replace(FULL, small_step="A walk.", cadss_total=30)


def test_measurements_are_replaced_together(database: Database, cast: Cast) -> None:
    public_id = put(database, cast)
    after = replace(FULL, vitals=(Vitals(Measured.PEAK, t_min=40, sys=150, dia=90),))
    with database.unit_of_work() as db:
        treatment_records.write_changes(db, cast.alice.patient_id, public_id, before=FULL, after=after)
    with database.look() as db:
        assert treatment_records.record_of(db, cast.alice.patient_id, public_id) == after


@pytest.mark.parametrize(
    "sight",
    [Sight(EVERY_SCOPE - {Scope.SESSIONS}, None), Sight(EVERY_SCOPE, date(2026, 3, 14))],
)
def test_without_the_scope_or_before_the_first_day_there_is_no_record(
    database: Database, cast: Cast, sight: Sight
) -> None:
    public_id = put(database, cast)
    with database.look() as db:
        assert treatment_records.record_seen(db, cast.alice.patient_id, public_id, sight) is None
        assert treatment_records.records_seen(db, cast.alice.patient_id, sight) == {}


def test_a_provider_reads_the_record_without_the_escorts_number(database: Database, cast: Cast) -> None:
    public_id = put(database, cast)
    with database.look() as db:
        seen = treatment_records.record_seen(db, cast.alice.patient_id, public_id, EVERYTHING)
    assert seen == replace(FULL, escort_phone="")


def test_what_was_written_about_a_session_needs_its_own_scope(database: Database, cast: Cast) -> None:
    public_id = put(database, cast)
    with database.look() as db:
        seen = treatment_records.record_seen(
            db, cast.alice.patient_id, public_id, Sight(EVERY_SCOPE - {Scope.REFLECTIONS}, None)
        )
    assert seen is not None
    assert (seen.intention, seen.integration_note, seen.small_step) == ("", "", "")
    assert (seen.experience_valence, seen.experience_words) == (None, ())


@pytest.mark.parametrize(
    "change", ["sys = 59, dia = 40", "sys = 120", "sys = 90, dia = 90", "spo2 = 101", "measured = 'noon'"]
)
def test_the_database_refuses_measurements_that_cannot_be(
    database: Database, cast: Cast, change: str
) -> None:
    put(database, cast, replace(NOTHING, vitals=(Vitals(Measured.PRE, hr=70),)))
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        db.execute(sa.text(f"UPDATE vitals SET {change}"))
