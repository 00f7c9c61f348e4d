"""When a patient's web session shows what was written before, and when it wants to be unlocked first.

A phone that remembers its owner is locked most of the time: it can write, and it cannot read. How long a web session
lasts at all, and who holds it, is not said here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from journal.domain.access_limits import PROOF_LASTS, UNLOCKED_IDLES


@dataclass(frozen=True, slots=True)
class Lock:
    """Where a web session stands.

    ``used_at``: its last request while it was unlocked; None where it has not been. ``proved_at``: when its owner last
    showed who they are, by signing in or by an unlock. ``stays_open``: the owner has switched the lock off.
    """

    used_at: datetime | None
    proved_at: datetime | None
    stays_open: bool


def is_locked(lock: Lock, *, now: datetime) -> bool:
    """Whether ten minutes have gone by without a request; to the second, ten is locked."""
    if lock.stays_open:
        return False
    return lock.used_at is None or now - lock.used_at >= UNLOCKED_IDLES


def is_proved(lock: Lock, *, now: datetime) -> bool:
    """Whether the owner showed who they are at most five minutes ago, for the few acts that want that (SS-07)."""
    return lock.proved_at is not None and now - lock.proved_at <= PROOF_LASTS


def is_use_worth_noting(lock: Lock, *, now: datetime) -> bool:
    """Whether a request moves ``used_at``: at every whole second while unlocked, never while locked or kept open."""
    if lock.stays_open or lock.used_at is None or is_locked(lock, now=now):
        return False
    return (now - lock.used_at).total_seconds() >= 1
