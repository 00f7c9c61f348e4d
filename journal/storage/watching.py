"""What is asked to see whether reminders go out: who works, what waits, and what came of the latest ones.

Every question here touches a bounded number of rows, however many people there are, because it is asked again and
again. The rows themselves are in ``journal.storage.reminders``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.storage.base import Base
from journal.storage.deliveries import Delivery
from journal.storage.reminders import ReminderQueue

MOST_WAITING = 10_000
"""Due rows that are looked at, those that have waited longest."""

MOST_OUTCOMES = 50_000
"""Deliveries that are looked at, the latest."""

SIGNS_ARE_KEPT = timedelta(days=1)


class WorkerSign(Base):
    """When a worker process last said that it lives, and which version of the program it runs."""

    __tablename__ = "worker_sign"

    name: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    seen_at: Mapped[datetime]
    version: Mapped[str] = mapped_column(sa.String(32))


@dataclass(frozen=True, slots=True)
class Sign:
    """One worker's latest sign of life."""

    seen_at: datetime
    version: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """What is due by one channel and was not claimed yet: how much, and since when."""

    channel: str
    since: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many deliveries stand in one state for one reason."""

    channel: str
    state: str
    reason: str | None
    count: int


def give_sign(db: Session, name: str, *, version: str, now: datetime) -> None:
    """Write down that a worker lives; forget those that gave no sign for a day."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    sign = insert(WorkerSign).values(name=name, seen_at=now, version=version)
    db.execute(
        sign.on_conflict_do_update(
            index_elements=[WorkerSign.name], set_={"seen_at": sign.excluded.seen_at, "version": version}
        )
    )
    db.execute(sa.delete(WorkerSign).where(WorkerSign.seen_at < now - SIGNS_ARE_KEPT))


def signs(db: Session) -> list[Sign]:
    """The signs of all workers that gave one within a day, the latest first."""
    rows = db.execute(
        sa.select(WorkerSign.seen_at, WorkerSign.version).order_by(WorkerSign.seen_at.desc(), WorkerSign.name)
    )
    return [Sign(seen_at, version) for seen_at, version in rows]


def waiting(db: Session, *, now: datetime) -> list[Waiting]:
    """What is due by each channel, of the ``MOST_WAITING`` rows that have waited longest."""
    longest = (
        sa.select(ReminderQueue.channel, ReminderQueue.next_due_at)
        .where(ReminderQueue.next_due_at <= now)
        .order_by(ReminderQueue.next_due_at)
        .limit(MOST_WAITING)
        .subquery()
    )
    rows = db.execute(
        sa.select(longest.c.channel, sa.func.min(longest.c.next_due_at), sa.func.count()).group_by(
            longest.c.channel
        )
    )
    return [Waiting(channel, since, count) for channel, since, count in rows]


def outcomes(db: Session, *, since: datetime) -> list[Outcome]:
    """What came of the deliveries due after ``since``, of the ``MOST_OUTCOMES`` latest in the ledger."""
    latest = (
        sa.select(Delivery.channel, Delivery.state, Delivery.reason, Delivery.due_at)
        .order_by(Delivery.id.desc())
        .limit(MOST_OUTCOMES)
        .subquery()
    )
    kinds = (latest.c.channel, latest.c.state, latest.c.reason)
    rows = db.execute(sa.select(*kinds, sa.func.count()).where(latest.c.due_at > since).group_by(*kinds))
    found = [Outcome(channel, state, reason, count) for channel, state, reason, count in rows]
    return sorted(found, key=lambda one: (one.channel, one.state, one.reason or ""))
