"""A person's own plan for the help page, if it can be had at once. The page never waits for it and never fails by it.

That page has to open with the database down, so nothing here may reach the request: the plan is read in a thread of
its own, which is left behind where it takes too long, and whatever goes wrong there means a page without a plan.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import flask

from journal.domain.access_limits import UNLOCKED_IDLES
from journal.domain.support import CopingPlan
from journal.domain.unlocking import is_locked
from journal.logs import log, where
from journal.services.links import fingerprint
from journal.storage import accounts, support
from journal.storage.accounts import Role
from journal.storage.database import Database
from journal.web import current

WAITS_S = 1.0
"""The longest that the help page waits for a plan, in seconds."""
AT_ONCE = 4
"""So many are read at the same time: with a database that hangs, the others open without waiting at all."""

_TOKEN = "_user_id"  # noqa: S105 - under this name Flask-Login keeps the secret of the web session


@dataclass(frozen=True, slots=True)
class AtHand:
    """What may be shown to whoever holds a patient's browser: the plan only where it is not locked.

    ``idle_s``: after so many seconds the page puts it away again; None where this browser never locks.
    """

    account: str
    is_locked: bool
    idle_s: int | None
    plan: CopingPlan


def of_this_browser() -> AtHand | None:
    """The plan of the patient who is signed in here; None for anybody else, and where it cannot be had at once."""
    token, database, now = flask.session.get(_TOKEN), current.journal().database, current.now()
    if not token:
        return None
    turns = flask.current_app.extensions.setdefault("plan_at_hand", threading.BoundedSemaphore(AT_ONCE))
    return _at_once(lambda: _read(database, str(token), now=now), turns)


def _at_once(
    read: Callable[[], AtHand | None], turns: threading.BoundedSemaphore, *, waits_s: float = WAITS_S
) -> AtHand | None:
    if not turns.acquire(blocking=False):
        return None
    found: list[AtHand | None] = []

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
        if person is None or person.role is not Role.PATIENT or person.patient is None:
            return None
        closed = is_locked(person.lock, now=now)
        return AtHand(
            account=person.account_public_id,
            is_locked=closed,
            idle_s=None if person.lock.stays_open else int(UNLOCKED_IDLES.total_seconds()),
            plan=CopingPlan() if closed else support.plan_of(db, person.patient.id).plan,
        )
