"""Making, moving and cancelling appointments: who may, and what is written down."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from journal.domain.errors import NotFound, Refused
from journal.services import appointments as acts
from journal.storage import appointments
from journal.storage.appointments import AppointmentKind, AppointmentStatus
from journal.storage.audit import AuditEvent
from journal.storage.database import Database
from tests import builders
from tests.builders import the_patient
from tests.cast import NOW, Cast

DAY = date(2026, 4, 2)
LATER = datetime(2026, 4, 3, 9, 0, tzinfo=UTC)


def test_a_patient_writes_down_a_visit_with_somebody_they_share_with(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.appointment(db, cast.alice, DAY, with_=cast.bob)
    with database.look() as db:
        (visit,) = appointments.appointments_of(db, cast.alice.patient_id)
    assert visit.starts_at == datetime(2026, 4, 2, 12, 0, tzinfo=UTC)
    assert visit.provider_name == "Bob"
    assert visit.clinic_id is None
    assert visit.status is AppointmentStatus.PLANNED


def test_a_visit_with_nobody_on_tideline_is_the_patients_own_note(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        visit = builders.appointment(db, cast.alice, DAY)
    assert visit.provider_id is None


def test_a_patient_cannot_name_somebody_who_does_not_read_them(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db, pytest.raises(Refused, match="provider_not_sharing"):
        builders.appointment(db, cast.alice, DAY, with_=cast.carol)


def test_a_clinics_appointment_is_the_clinics_to_change(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        visit = builders.appointment(db, cast.alice, DAY, with_=cast.bob, clinic_id=cast.clinic_id)
        alice = the_patient(db, cast.alice)
        with pytest.raises(NotFound):
            acts.own_of_patient(db, alice, visit.public_id)
        acts.change_by_provider(
            db,
            alice,
            visit.public_id,
            starts_at=LATER,
            kind=AppointmentKind.FOLLOW_UP,
            provider_id=cast.bob.provider_id,
            actor_account_id=cast.bob.account_id,
            now=NOW,
        )
    with database.look() as db:
        (moved,) = appointments.appointments_of(db, cast.alice.patient_id)
    assert (moved.starts_at, moved.kind, moved.clinic_id) == (
        LATER,
        AppointmentKind.FOLLOW_UP,
        cast.clinic_id,
    )


def test_a_provider_finds_only_visits_with_themselves(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        visit = builders.appointment(db, cast.alice, DAY, with_=cast.bob)
        with pytest.raises(NotFound):
            acts.own_of_provider(
                db, the_patient(db, cast.alice), visit.public_id, provider_id=cast.frank.provider_id
            )


def test_a_patient_moves_a_visit_even_after_sharing_has_ended(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        visit = builders.appointment(db, cast.alice, DAY, with_=cast.bob)
        builders.share(db, cast.alice, cast.bob, now=NOW)  # no scope, then none at all
        acts.change_by_patient(
            db,
            the_patient(db, cast.alice),
            visit.public_id,
            starts_at=LATER,
            kind=AppointmentKind.THERAPY,
            provider_id=cast.bob.provider_id,
            actor_account_id=cast.alice.account_id,
            now=NOW,
        )
        assert appointments.appointments_of(db, cast.alice.patient_id)[0].starts_at == LATER


def test_a_cancelled_visit_stays_and_is_no_visit(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        visit = builders.appointment(db, cast.alice, date(2026, 3, 2), with_=cast.bob)
        acts.cancel(db, visit, actor_account_id=cast.alice.account_id, now=NOW)
    with database.look() as db:
        (kept,) = appointments.appointments_of(db, cast.alice.patient_id)
        last = appointments.last_visits(db, cast.bob.provider_id, [cast.alice.patient_id], before=NOW)
    assert kept.status is AppointmentStatus.CANCELLED
    assert last == {}


def test_every_change_is_written_down(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        visit = builders.appointment(db, cast.alice, DAY, with_=cast.bob)
        acts.cancel(db, visit, actor_account_id=cast.alice.account_id, now=NOW)
    with database.look() as db:
        found = db.scalars(
            sa.select(AuditEvent.act).where(AuditEvent.subject == visit.public_id).order_by(AuditEvent.id)
        ).all()
    assert found == ["appointment_made", "appointment_changed"]
