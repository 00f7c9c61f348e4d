"""Words for the tests of reminders: a rule, a claim, what the ledger says."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from journal.domain.assessment_choices import Choice
from journal.domain.reminders import EVERY_DAY, ReminderRule, SlotTime
from journal.services import claiming, deliveries, reminders
from journal.services.claiming import Claimed
from journal.services.deliveries import Outgoing
from journal.services.patients import begin_journal
from journal.services.reminders import EMAIL
from journal.storage.accounts import Account, Role, add_account
from journal.storage.assessments import put_choice
from journal.storage.database import Database
from journal.storage.deliveries import Delivery
from journal.storage.reminders import Reminder, ReminderQueue
from tests.cast import NOW, ZONE, Cast, Person

FIRST, SECOND = "checkin:1", "checkin:2"


def utc(text: str) -> datetime:
    """``2026-03-30 18:00`` as an instant."""
    return datetime.fromisoformat(f"{text}+00:00")


def rule(
    *walls: str, zone: str = ZONE, days: frozenset[int] = EVERY_DAY, stopped: bool = False
) -> ReminderRule:
    """Up to two times, on every day unless said otherwise."""
    times = tuple(
        SlotTime(slot, time.fromisoformat(wall), days)
        for slot, wall in zip((FIRST, SECOND), walls, strict=False)
    )
    return ReminderRule(times=times, zone=zone, stopped=stopped)


def remind(database: Database, person: Person, *walls: str, at: datetime, **more: object) -> None:
    """``person`` asks to be reminded at these times."""
    asked = rule(*walls, **more)  # type: ignore[arg-type]
    with database.unit_of_work() as db:
        reminders.set_reminder(db, person.account_id, rule=asked, channels=[EMAIL], now=at)


def ask_no_questionnaires(database: Database, *people: Person) -> None:
    """Turn the usual ones off, whose messages would come among the others."""
    with database.unit_of_work() as db:
        for person in people:
            for code in ("phq9", "gad7"):
                put_choice(db, person.patient_id, Choice(code, is_enabled=False), now=NOW)


def claim(
    database: Database, at: datetime, *, worker: str = "w1", limit: int = 200, channel: str = EMAIL
) -> Claimed:
    """One batch."""
    with database.unit_of_work() as db:
        return claiming.claim_due_reminders(db, channel, worker=worker, now=at, limit=limit)


def begin(database: Database, key: str, at: datetime, *, worker: str = "w1") -> Outgoing | None:
    """A worker says *sending*."""
    with database.unit_of_work() as db:
        return deliveries.begin_sending(db, key, worker=worker, now=at)


def sent(database: Database, key: str, at: datetime, *, worker: str = "w1") -> bool:
    """A worker says *sent*."""
    with database.unit_of_work() as db:
        return deliveries.record_sent(db, key, worker=worker, now=at)


def sweep(
    database: Database, at: datetime, *, worker: str = "w2", channel: str = EMAIL
) -> tuple[list[str], int]:
    """A worker looks for what others lost."""
    with database.unit_of_work() as db:
        return deliveries.sweep(db, channel, worker=worker, now=at, limit=200)


def ledger(database: Database, person: Person) -> list[tuple[str, str, str, str | None]]:
    """(date, slot, state, reason) of every delivery of a person, oldest first."""
    with database.look() as db:
        rows = db.execute(
            sa.select(Delivery.local_date, Delivery.slot, Delivery.state, Delivery.reason)
            .where(Delivery.account_id == person.account_id)
            .order_by(Delivery.due_at, Delivery.slot)
        )
        return [(row.local_date.isoformat(), row.slot, row.state, row.reason) for row in rows]


def states(database: Database, person: Person) -> list[tuple[str, str | None]]:
    """(state, reason) of every delivery of a person, oldest first."""
    return [(state, reason) for _, _, state, reason in ledger(database, person)]


def queue(database: Database) -> list[tuple[str, date, datetime]]:
    """(slot, date, instant) of everything that waits, earliest first."""
    with database.look() as db:
        counting = sa.select(ReminderQueue.__table__).join(Reminder, Reminder.id == ReminderQueue.reminder_id)
        counting = counting.where(ReminderQueue.plan == Reminder.plan)
        rows = db.execute(counting.order_by(ReminderQueue.next_due_at))
        return [(row.slot, row.local_date, row.next_due_at) for row in rows]


def mailed_link(database: Database, person: Person, *, due: datetime) -> str:
    """The token of a link as it stands in a reminder of ``person`` that was sent at ``due``."""
    remind(database, person, due.strftime("%H:%M"), zone="UTC", at=due - timedelta(hours=1))
    (key,) = claim(database, due).to_send
    outgoing = begin(database, key, due)
    assert outgoing is not None
    sent(database, key, due)
    return outgoing.link_token


def close_account(database: Database, cast: Cast) -> None:
    """Alice's."""
    with database.unit_of_work() as db:
        closed = sa.update(Account).where(Account.id == cast.alice.account_id)
        db.execute(closed.values(disabled_at=NOW))


def backlog(database: Database, *, people: int, at: datetime) -> None:
    """So many patients more who asked for 20:30."""
    with database.unit_of_work() as db:
        for number in range(people):
            account = add_account(db, f"patient{number}@example.org", Role.PATIENT, now=at)
            begin_journal(db, account.id, display_name="P", zone="Europe/Berlin", now=at)
            reminders.set_reminder(db, account.id, rule=rule("20:30"), channels=[EMAIL], now=at)


def drain(database: Database, at: datetime, *, worker: str = "w1") -> int:
    """How many rows one batch of what an outage left has taken."""
    with database.unit_of_work() as db:
        return claiming.claim_backlog(db, worker=worker, now=at).taken
