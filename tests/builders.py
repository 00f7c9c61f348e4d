"""Rows for tests, made through the same doors as the program makes them. Everything not named has a plain default."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from journal.domain.checkins import CheckIn, CheckInBody, Via, Written
from journal.domain.days import local_day
from journal.services.checkins import record_check_in
from journal.storage import checkins
from journal.storage.base import new_public_id
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
    said = body(mood, on=on or local_day(at, ZONE), **items)
    recorded = record_check_in(db, the_patient(db, person), body=said, written=written(at=at), now=at)
    kept = checkins.check_in_of(db, person.patient_id, recorded.check_in_id)
    assert kept is not None
    return kept
