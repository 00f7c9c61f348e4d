"""A person's own plan for the help page, if it can be had at once. The page never waits for it and never fails by it.

That page has to open with the database down, so nothing here may reach the request: the plan is read in a thread of
its own, which is left behind where it takes too long, and whatever goes wrong there means a page without a plan.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import flask
from sqlalchemy.orm import Session

from journal.domain.access_limits import UNLOCKED_IDLES
from journal.domain.support import CopingPlan, can_be_dialled, dialled
from journal.domain.unlocking import is_locked
from journal.logs import log, where
from journal.services.links import fingerprint
from journal.storage import accounts, flag_reviews, support
from journal.storage.accounts import Role, SignedIn
from journal.storage.database import Database
from journal.web import current

WAITS_S = 1.0
"""The longest that the help page waits for a plan, in seconds."""
AT_ONCE = 4
"""So many are read at the same time: with a database that hangs, the others open without waiting at all."""

_TOKEN = "_user_id"  # noqa: S105 - under this name Flask-Login keeps the secret of the web session
_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class Clinic:
    """A clinic to call: its name, its number as it writes it, and as a phone dials it."""

    name: str
    phone: str
    dial: str


@dataclass(frozen=True, slots=True)
class AtHand:
    """What may be shown to whoever holds a patient's browser: plan and clinics only where it is not locked.

    ``idle_s``: after so many seconds the page puts it away again; None where this browser never locks.
    """

    account: str
    is_locked: bool
    idle_s: int | None
    plan: CopingPlan
    clinics: tuple[Clinic, ...] = ()


def of_this_browser() -> AtHand | None:
    """The plan of the patient who is signed in here; None for anybody else, and where it cannot be had at once."""
    token, database, now = secret_here(), current.journal().database, current.now()
    if not token:
        return None
    turns = flask.current_app.extensions.setdefault("plan_at_hand", threading.BoundedSemaphore(AT_ONCE))
    return at_once(lambda: _read(database, token, now=now), turns)


def secret_here() -> str:
    """The secret of the web session that this browser's cookie names, asked of nobody; empty where it names none."""
    return str(flask.session.get(_TOKEN) or "")


def at_once(
    read: Callable[[], _Found | None], turns: threading.BoundedSemaphore, *, waits_s: float = WAITS_S
) -> _Found | None:
    """What ``read`` finds, in a thread of its own, if it finds it in time and has a turn; else None.

    It goes on by itself where nobody waits for it any more, and must not touch the request.
    """
    if not turns.acquire(blocking=False):
        return None
    found: list[_Found | None] = []

    def work() -> None:
        try:
            found.append(read())
        except Exception as fault:
            log.error("plan not read", fault=type(fault).__name__, where=where(fault))
        finally:
            turns.release()

    reading = threading.Thread(target=work, name="plan-at-hand", daemon=True)
    try:
        reading.start()
    except RuntimeError:  # no more threads to be had
        turns.release()
        return None
    reading.join(waits_s)
    return found[0] if found else None


def _read(database: Database, token: str, *, now: datetime) -> AtHand | None:
    with database.look() as db:
        person = accounts.signed_in(db, fingerprint(token), now=now)
        return None if person is None else of_person(db, person, now=now)


def of_person(db: Session, person: SignedIn, *, now: datetime) -> AtHand | None:
    """What may be shown to whoever holds this person's browser; None for anybody but a patient."""
    if person.role is not Role.PATIENT or person.patient is None:
        return None
    closed = is_locked(person.lock, now=now)
    return AtHand(
        account=person.account_public_id,
        is_locked=closed,
        idle_s=None if person.lock.stays_open else int(UNLOCKED_IDLES.total_seconds()),
        plan=CopingPlan() if closed else support.plan_of(db, person.patient.id).plan,
        clinics=() if closed else clinics_of(db, person.patient.id, now=now),
    )


def clinics_of(
    db: Session, patient_id: int, *, now: datetime, at_clinic_of: int | None = None
) -> tuple[Clinic, ...]:
    """The clinics where somebody may read a patient now, as far as they gave a number that can be dialled.

    ``at_clinic_of``: of these, only the one where this provider works.
    """
    return tuple(
        Clinic(name, phone, dialled(phone))
        for name, phone in flag_reviews.clinic_phones(db, patient_id, now=now, at_clinic_of=at_clinic_of)
        if can_be_dialled(phone)
    )
