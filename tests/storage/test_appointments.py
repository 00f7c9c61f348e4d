"""Appointments as each side finds them."""

from __future__ import annotations

from datetime import UTC, date, datetime

from journal.storage import appointments
from journal.storage.database import Database
from tests import builders
from tests.cast import NOW, Cast


def test_a_provider_sees_their_own_appointments_alone(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.appointment(db, cast.alice, date(2026, 4, 2), with_=cast.bob)
        builders.appointment(db, cast.alice, date(2026, 4, 3), with_=cast.frank)
        builders.appointment(db, cast.alice, date(2026, 4, 4))
    with database.look() as db:
        everything = appointments.appointments_of(db, cast.alice.patient_id)
        bobs = appointments.appointments_with(db, cast.alice.patient_id, cast.bob.provider_id)
    assert [visit.provider_name for visit in everything] == ["", "Frank", "Bob"]
    assert [visit.provider_name for visit in bobs] == ["Bob"]


def test_an_appointment_is_found_through_its_patient(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        visit = builders.appointment(db, cast.alice, date(2026, 4, 2))
        assert appointments.appointment_of(db, cast.alice.patient_id, visit.public_id) is not None
        assert appointments.appointment_of(db, cast.dan.patient_id, visit.public_id) is None


def test_the_last_visit_is_the_latest_before_an_instant(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for day in (date(2026, 2, 2), date(2026, 3, 2), date(2026, 4, 13)):
            builders.appointment(db, cast.alice, day, with_=cast.bob)
        builders.appointment(db, cast.alice, date(2026, 3, 20), with_=cast.frank)
    with database.look() as db:
        found = appointments.last_visits(
            db, cast.bob.provider_id, [cast.alice.patient_id, cast.dan.patient_id], before=NOW
        )
    assert found == {cast.alice.patient_id: datetime(2026, 3, 2, 13, 0, tzinfo=UTC)}
