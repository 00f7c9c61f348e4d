"""A clinic with many patients and long histories, written in bulk past the services; the summaries are then rebuilt."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal import clock
from journal.domain.consents import LASTS, TEXT_VERSION, Scope
from journal.domain.days import local_day
from journal.domain.treatments import Phase, Source, Status
from journal.services.summaries import rebuild_all
from journal.storage import clinics
from journal.storage.accounts import Account, Role
from journal.storage.appointments import Appointment, AppointmentKind, AppointmentStatus
from journal.storage.base import new_public_id
from journal.storage.checkins import CheckIn
from journal.storage.consents import Consent
from journal.storage.courses import Course
from journal.storage.database import Database
from journal.storage.patients import Patient, PatientSummary
from journal.storage.sealing import make_patient_key, patient_sealer
from journal.storage.treatments import TreatmentSession
from tests.cast import ZONE, Person

Row = dict[str, object]
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
        patient = _patients(db, therapist, people=people, days=days, now=now)
    _write_check_ins(database, days=days, every=every, now=now)
    with database.unit_of_work() as db:
        _seal_notes(db, patient)
        rebuild_all(db)
    return Clinic(therapist, patient)


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


def _patients(db: Session, therapist: Person, *, people: int, days: int, now: datetime) -> Person:
    """Everybody in a few statements, under ids that are known beforehand; the first of them."""
    today = local_day(now, ZONE)
    first_day = today - timedelta(days=days)
    everybody = range(1, people + 1)
    account_of = {number: therapist.account_id + number for number in everybody}
    accounts: list[Row] = []
    patients: list[Row] = []
    permissions: list[Row] = []
    courses: list[Row] = []
    sessions: list[Row] = []
    visits: list[Row] = []
    for number in everybody:
        accounts.append(
            {
                "id": account_of[number],
                "public_id": new_public_id(),
                "email": f"patient{number}@example.org",
                "role": Role.PATIENT.value,
                "locale": "en",
                "created_at": now,
            }
        )
        patients.append(
            {
                "id": number,
                "public_id": new_public_id(),
                "account_id": account_of[number],
                "display_name": f"Patient {number:04}",
                "zone": ZONE,
                "first_day": first_day,
                "region": "",
                "preferences": {},
            }
        )
        permissions.append(
            {
                "public_id": new_public_id(),
                "patient_id": number,
                "provider_id": therapist.provider_id,
                "scopes": ",".join(sorted(Scope)),
                "granted_at": now - timedelta(days=1),
                "expires_at": now + LASTS,
                "text_version": TEXT_VERSION,
            }
        )
        courses.append(
            {
                "id": number,
                "public_id": new_public_id(),
                "patient_id": number,
                "phase": Phase.MAINTENANCE.value,
                "start_date": first_day + timedelta(days=30),
                "created_at": now,
            }
        )
        sessions += [
            {
                "public_id": new_public_id(),
                "patient_id": number,
                "course_id": number,
                "local_date": today - SESSION_EVERY * back - timedelta(days=number % 12),
                "status": Status.COMPLETED.value,
                "note_shared": False,
                "source": Source.PATIENT.value,
                "version": 1,
                "recorded_at": now,
            }
            for back in range(SESSIONS)
        ]
        visits += [
            {
                "public_id": new_public_id(),
                "patient_id": number,
                "provider_id": therapist.provider_id,
                "starts_at": now + timedelta(days=offset - number % 28, hours=number % 8),
                "kind": AppointmentKind.THERAPY.value,
                "status": AppointmentStatus.PLANNED.value,
                "made_at": now,
            }
            for offset in (0, 28)
        ]
    summaries: list[Row] = [
        {"patient_id": number, "tail": [], "session_dates": [], "open_flags": []} for number in everybody
    ]
    for table, rows in (
        (Account, accounts),
        (Patient, patients),
        (PatientSummary, summaries),
        (Consent, permissions),
        (Course, courses),
        (TreatmentSession, sessions),
        (Appointment, visits),
    ):
        db.execute(sa.insert(table.__table__), rows)
    make_patient_key(db, 1, now=now)
    first = patients[0]
    return Person(
        str(first["display_name"]),
        str(accounts[0]["email"]),
        account_of[1],
        patient_id=1,
        public_id=str(first["public_id"]),
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
    know_the_tables(database)


def know_the_tables(database: Database) -> None:
    """Let the database know how its tables are filled, as one in use does."""
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
