"""What providers are written by mail: on Mondays, and a day before a visit, that there is something to read.

Whether there is anything is asked when one is due (``journal.storage.digests``); how it leaves is
``journal.services.reminders``'.
"""

from __future__ import annotations

from datetime import datetime, time

from sqlalchemy.orm import Session

from journal.domain.errors import NotFound
from journal.domain.reminder_limits import DIGEST_AT
from journal.domain.reminders import DIGEST, ReminderRule, SlotTime
from journal.services.reminders import EMAIL, NOTES, set_reminder
from journal.storage import clinics

MONDAYS = frozenset({1})


def begin_notes(db: Session, account_id: int, *, now: datetime) -> None:
    """A provider begins with both: Mondays at 08:00 in their clinic's zone, and the day before each visit."""
    set_notes(db, account_id, weekly_at=DIGEST_AT, before_visits=True, now=now)


def set_notes(
    db: Session, account_id: int, *, weekly_at: time | None, before_visits: bool, now: datetime
) -> None:
    """What a provider wants: a weekly note at that time of Mondays, or none; one before each visit, or none.

    NotFound for an account that is no provider's.
    """
    times = () if weekly_at is None else (SlotTime(DIGEST, weekly_at, MONDAYS),)
    rule = ReminderRule(
        times=times,
        zone=zone_of(db, account_id),
        stopped=not times and not before_visits,
        before_visits=before_visits,
    )
    set_reminder(db, account_id, rule=rule, channels=[EMAIL], now=now, kind=NOTES)


def zone_of(db: Session, account_id: int) -> str:
    """The zone of the clinic where a provider works, which their notes go by."""
    zone = clinics.zone_of_account(db, account_id)
    if zone is None:
        raise NotFound
    return zone
