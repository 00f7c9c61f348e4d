"""Rows for tests, made through the same doors as the program makes them. Everything not named has a plain default."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain.checkins import CheckIn, CheckInBody, Via, Written
from journal.domain.consents import LASTS, WHOLE, Scope, Sight
from journal.domain.days import local_day, resolve_wall_time
from journal.domain.key_moments import KeyMoment
from journal.domain.long_term_flags import LongTermCheck
from journal.domain.medications import Medication
from journal.domain.side_effects import Severity, SideEffectCode
from journal.domain.treatments import Route, Source, Status, TreatmentBody, TreatmentSession
from journal.services import transfers
from journal.services.appointments import make_appointment
from journal.services.checkins import record_check_in
from journal.services.key_moments import add_moment
from journal.services.medications import add_medicine
from journal.services.treatments import record_treatment
from journal.services.writers import Writer
from journal.storage import checkins, consents
from journal.storage.appointments import AppointmentKind, Visit
from journal.storage.base import new_public_id
from journal.storage.key_moments import KeptMoment
from journal.storage.long_term_checks import put_check
from journal.storage.medications import KeptMedication
from journal.storage.patients import Patient
from tests.cast import NOW, ZONE, Person


def the_patient(db: Session, person: Person) -> Patient:
    """The row of one of the cast."""
    row = db.get(Patient, person.patient_id)
    assert row is not None
    return row


def written(
    key: str | None = None,
    *,
    at: datetime = NOW,
    sent_at: datetime | None = None,
    day_chosen: bool = True,
    zone: str = ZONE,
    via: Via = Via.WEB,
) -> Written:
    """How a check-in was written: on the web, now, with a key of its own."""
    return Written(
        client_key=key or new_public_id(),
        via=via,
        zone=zone,
        recorded_at=at,
        sent_at=sent_at,
        day_chosen=day_chosen,
    )


def body(mood: int | None = 6, *, on: date | None = None, **items: object) -> CheckInBody:
    """A body about today. ``mood`` None means "Not sure"."""
    plain = CheckInBody(local_date=on or local_day(NOW, ZONE), mood=mood, unsure=mood is None)
    return replace(plain, **items)  # type: ignore[arg-type]


def check_in(
    db: Session,
    person: Person,
    mood: int | None = 6,
    *,
    on: date | None = None,
    at: datetime = NOW,
    **items: object,
) -> CheckIn:
    """Let ``person`` record a check-in about ``on`` at the moment ``at``."""
    patient = the_patient(db, person)
    said = body(mood, on=on or local_day(at, patient.zone), **items)
    recorded = record_check_in(db, patient, body=said, written=written(at=at, zone=patient.zone), now=at)
    kept = checkins.check_in_of(db, person.patient_id, recorded.check_in_id)
    assert kept is not None
    return kept


def mood_days(
    db: Session, person: Person, moods: Mapping[date, int | None], **items: Sequence[object]
) -> None:
    """A check-in for each date, straight into its table: for what only reads numbers, of as many days as it takes.

    ``items`` are one value for each date.
    """
    rows = [
        {
            "public_id": new_public_id(),
            "client_key": new_public_id(),
            "patient_id": person.patient_id,
            "local_date": on,
            "recall": "day",
            "recorded_at": resolve_wall_time(on, time(20, 0), ZONE),
            "received_at": resolve_wall_time(on, time(20, 0), ZONE),
            "zone": ZONE,
            "utc_offset_min": 60,
            "via": Via.WEB.value,
            "mood": mood,
            "unsure": mood is None,
            **{name: values[number] for name, values in items.items()},
        }
        for number, (on, mood) in enumerate(moods.items())
    ]
    db.execute(sa.insert(checkins.CheckIn), rows)


def treatment(
    db: Session,
    person: Person,
    on: date,
    *,
    status: Status = Status.COMPLETED,
    at: time | None = None,
    route: Route | None = None,
    note: str = "",
    note_shared: bool = False,
    by: Person | None = None,
    now: datetime = NOW,
) -> TreatmentSession:
    """Write down a session of ``person``: their own record, or that of the provider ``by``."""
    return record_treatment(
        db,
        the_patient(db, person),
        body=TreatmentBody(
            local_date=on, status=status, at=at, route=route, note=note, note_shared=note_shared
        ),
        zone=ZONE,
        actor_account_id=(by or person).account_id,
        now=now,
        by_provider_id=by.provider_id if by else None,
    )


def appointment(
    db: Session,
    person: Person,
    on: date,
    *,
    with_: Person | None = None,
    at: time = time(14, 0),
    clinic_id: int | None = None,
    now: datetime = NOW,
) -> Visit:
    """Make an appointment of ``person``, by the patient unless ``clinic_id`` says that the clinic made it."""
    return make_appointment(
        db,
        the_patient(db, person),
        starts_at=resolve_wall_time(on, at, ZONE),
        kind=AppointmentKind.THERAPY,
        actor_account_id=person.account_id,
        now=now,
        provider_id=with_.provider_id if with_ else None,
        clinic_id=clinic_id,
    )


def share(
    db: Session,
    person: Person,
    reader: Person,
    *scopes: Scope,
    visible_from: date | None = None,
    now: datetime = NOW,
    lasts: timedelta = LASTS,
) -> None:
    """Let ``reader`` see ``scopes`` of ``person`` from now on, in place of whatever was open before."""
    ids = {"patient_id": person.patient_id, "provider_id": reader.provider_id}
    consents.end_consent(db, **ids, now=now)
    consents.add_consent(
        db,
        **ids,
        scopes=frozenset(scopes),
        visible_from=visible_from,
        now=now,
        expires_at=now + lasts,
    )


def imported_mood(
    db: Session, person: Person, *, on: date, level: int, now: datetime = NOW, shared: bool = False
) -> None:
    """A day of another app: one Daylio row of this level (5 is best), in a file of its own."""
    patient = the_patient(db, person)
    names = {5: "rad", 4: "good", 3: "meh", 2: "bad", 1: "awful"}
    row = f"full_date,mood,activities,note\n{on.isoformat()},{names[level]},,"
    brought = transfers.bring_in_daylio(
        db,
        patient,
        row.encode(),
        filename="daylio_export.csv",
        actor_account_id=person.account_id,
        now=now,
    )
    if shared:
        transfers.share_import(db, patient, brought.batch_id, shared=True)


def medicine(
    db: Session,
    person: Person,
    name: str = "Sertraline",
    *,
    dose: str = "50 mg",
    since: date | None = None,
    until: date | None = None,
    note: str = "",
    by: Person | None = None,
    now: datetime = NOW,
) -> KeptMedication:
    """Put a medicine on the list of ``person``: their own line, or that of the provider ``by``."""
    said = Medication("", name, dose, True, since, until, Source.PATIENT, note)
    return add_medicine(db, the_patient(db, person), said, writer=writer(person, by), now=now)


def moment(
    db: Session,
    person: Person,
    on: date,
    label: str = "New job",
    *,
    shared: bool = False,
    by: Person | None = None,
    now: datetime = NOW,
) -> KeptMoment:
    """Write down a key moment of ``person``: their own, or that of the provider ``by``."""
    said = KeyMoment("", on, label, shared, Source.PATIENT)
    return add_moment(db, the_patient(db, person), said, writer=writer(person, by), now=now)


def writer(person: Person, by: Person | None = None, sight: Sight = WHOLE) -> Writer:
    """Who writes into the journal of ``person``: they themselves, or ``by`` with that sight of it."""
    return Writer((by or person).account_id, by.provider_id if by else None, sight)


def long_term_check(db: Session, person: Person, on: date, **answers: int) -> None:
    """The two-weekly answers of ``person`` on a date, by the names of their codes."""
    given = {SideEffectCode(name): Severity(value) for name, value in answers.items()}
    put_check(db, person.patient_id, LongTermCheck(on, given), now=NOW)
