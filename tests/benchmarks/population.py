"""A clinic with many patients and long histories, written in bulk past the services; the summaries are then rebuilt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal import clock
from journal.domain.consents import LASTS, Scope
from journal.domain.days import local_day
from journal.domain.treatments import Phase, Source, Status
from journal.services.summaries import rebuild_all
from journal.storage import clinics, consents
from journal.storage.accounts import Account, Role
from journal.storage.appointments import Appointment, AppointmentKind, AppointmentStatus
from journal.storage.base import new_public_id
from journal.storage.checkins import CheckIn
from journal.storage.database import Database
from journal.storage.patients import Patient, PatientSummary
from journal.storage.sealing import make_patient_key, patient_sealer
from journal.storage.treatments import Course, TreatmentSession
from tests.cast import ZONE, Person

SEALED_NOTE = bytes(150)
"""As long as a sealed sentence or two; it stands in for the notes that nobody opens here."""
DAILY = 90
SESSIONS = 30
SESSION_EVERY = timedelta(days=12)


@dataclass(frozen=True)
class Clinic:
    """Who looks, and the one of their patients who is looked at."""

    therapist: Person
    patient: Person


def populate(database: Database, *, people: int, days: int, every: int = 1) -> Clinic:
    """Put ``people`` patients into an empty database, all of one therapist, each with ``days`` days up to yesterday.

    The last 90 days are daily, the days before them every ``every``-th. Eight in a hundred have no entry; one note in
    five is shared, one in twenty-five starred too.
    """
    now = clock.now()
    with database.unit_of_work() as db:
        therapist = _therapist(db, now)
        patients = [_patient(db, number, therapist, days=days, now=now) for number in range(people)]
    _write_check_ins(database, days=days, every=every, now=now)
    with database.unit_of_work() as db:
        _seal_notes(db, patients[0])
        rebuild_all(db)
    return Clinic(therapist, patients[0])


def _therapist(db: Session, now: datetime) -> Person:
    clinic = clinics.Clinic(public_id=new_public_id(), name="Riverside Clinic", zone=ZONE, created_at=now)
    account = Account(
        public_id=new_public_id(),
        email="bob@example.org",
        role=Role.PROVIDER.value,
        locale="en",
        created_at=now,
    )
    db.add_all([clinic, account])
    db.flush()
    provider = clinics.Provider(
        public_id=new_public_id(),
        account_id=account.id,
        clinic_id=clinic.id,
        kind=clinics.Kind.THERAPIST.value,
        display_name="Bob",
    )
    db.add(provider)
    db.flush()
    return Person("Bob", account.email, account.id, provider_id=provider.id, public_id=provider.public_id)


def _patient(db: Session, number: int, therapist: Person, *, days: int, now: datetime) -> Person:
    first_day = local_day(now, ZONE) - timedelta(days=days)
    account = Account(
        public_id=new_public_id(),
        email=f"patient{number}@example.org",
        role=Role.PATIENT.value,
        locale="en",
        created_at=now,
    )
    db.add(account)
    db.flush()
    patient = Patient(
        public_id=new_public_id(),
        account_id=account.id,
        display_name=f"Patient {number:04}",
        zone=ZONE,
        first_day=first_day,
        preferences={},
    )
    db.add(patient)
    db.flush()
    make_patient_key(db, patient.id, now=now)
    consents.add_consent(
        db,
        patient_id=patient.id,
        provider_id=therapist.provider_id,
        scopes=frozenset(Scope),
        visible_from=None,
        now=now - timedelta(days=1),
        expires_at=now + LASTS,
    )
    db.add(PatientSummary(patient_id=patient.id, tail=[], session_dates=[]))
    course = Course(
        public_id=new_public_id(),
        patient_id=patient.id,
        phase=Phase.MAINTENANCE.value,
        start_date=first_day + timedelta(days=30),
        created_at=now,
    )
    db.add(course)
    db.flush()
    db.execute(
        sa.insert(TreatmentSession),
        [
            {
                "public_id": new_public_id(),
                "patient_id": patient.id,
                "course_id": course.id,
                "local_date": local_day(now, ZONE) - SESSION_EVERY * back - timedelta(days=number % 12),
                "status": Status.COMPLETED.value,
                "source": Source.PATIENT.value,
                "recorded_at": now,
            }
            for back in range(SESSIONS)
        ],
    )
    db.execute(
        sa.insert(Appointment),
        [
            {
                "public_id": new_public_id(),
                "patient_id": patient.id,
                "provider_id": therapist.provider_id,
                "starts_at": now + timedelta(days=offset - number % 28, hours=number % 8),
                "kind": AppointmentKind.THERAPY.value,
                "status": AppointmentStatus.PLANNED.value,
                "made_at": now,
            }
            for offset in (0, 28)
        ],
    )
    return Person(
        patient.display_name, account.email, account.id, patient_id=patient.id, public_id=patient.public_id
    )


def _seal_notes(db: Session, person: Person) -> None:
    """Give the patient who is looked at notes that open."""
    sealer = patient_sealer(db, person.patient_id)
    text = "Slept well, walked a bit, felt lighter after the session and less worried about work this week."
    written = sa.select(CheckIn.id, CheckIn.public_id).where(CheckIn.patient_id == person.patient_id)
    for id_, public_id in db.execute(written).all():
        sealed = sealer.seal(text, column="check_in.note", row=public_id)
        db.execute(sa.update(CheckIn).where(CheckIn.id == id_).values(note=sealed))


def _write_check_ins(database: Database, *, days: int, every: int, now: datetime) -> None:
    """Let the database itself write the days of everybody, in the order in which days come."""
    at = sa.column("at", CheckIn.recorded_at.type)
    calendar = sa.table("bench_day", sa.column("number", sa.Integer), sa.column("day", sa.Date), at)
    number, patient = calendar.c.number, Patient.id
    spread = patient * 31 + number * 17
    columns: dict[str, sa.ColumnElement[object]] = {
        "public_id": sa.literal("c") + sa.cast(number, sa.Text) + "-" + sa.cast(patient, sa.Text),
        "client_key": sa.literal("k") + sa.cast(number, sa.Text),
        "patient_id": patient,
        "version": sa.literal(1),
        "local_date": calendar.c.day,
        "recall": sa.literal("moment"),
        "felt_at": at,
        "recorded_at": at,
        "received_at": at,
        "zone": sa.literal(ZONE),
        "utc_offset_min": sa.literal(60),
        "via": sa.literal("web"),
        "mood": (patient + number * 7) % 11,
        "unsure": sa.false(),
        "interest": (patient + number) % 5,
        "anxiety": (patient + number * 3) % 5,
        "energy": (patient + number * 2) % 5,
        "sleep_quality": (patient * 3 + number) % 5,
        "sleep_min": 300 + (patient + number) % 8 * 30,
        "activity_min": (patient + number) % 7 * 15,
        "activity_type": sa.literal([], sa.JSON),
        "substances_shared": sa.false(),
        "note": sa.literal(SEALED_NOTE),
        "note_shared": spread % 5 == 0,
        "starred": spread % 25 == 0,
    }
    query = (
        sa.select(*columns.values())
        .select_from(calendar.join(Patient, sa.true()))
        .where(spread % 100 >= 8, sa.or_(number >= days - DAILY, number % every == 0))
        .order_by(number)
    )
    today = local_day(now, ZONE)
    every_day = [
        {
            "number": back,
            "day": today - timedelta(days=days - back),
            "at": now - timedelta(days=days - back),
        }
        for back in range(days)
    ]
    with database.engine.begin() as connection:
        stamp = "timestamptz" if not database.is_sqlite else "timestamp"
        connection.exec_driver_sql(f"CREATE TEMPORARY TABLE bench_day (number integer, day date, at {stamp})")
        connection.execute(sa.insert(calendar), every_day)
        if not database.is_sqlite:
            connection.exec_driver_sql(
                "SET LOCAL session_replication_role = replica"
            )  # trust the foreign keys
        connection.execute(sa.insert(CheckIn).from_select(list(columns), query, include_defaults=False))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
