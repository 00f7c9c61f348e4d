"""Reminder rules, the narrow queue of what is due, and the ledger of what was sent.

The queue is derived and can be rebuilt; the ledger is the only truth of what was sent.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from journal.storage.base import Base, Identified, one_of


class DeliveryState(StrEnum):
    """Where one sending stands. A queue row is the state before these: due."""

    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class Reminder(Identified, Base):
    """The rule: which times on which weekdays, in whose zone. ``times`` is ``[{slot, wall, weekdays}]``."""

    __tablename__ = "reminder"
    __table_args__ = (sa.UniqueConstraint("account_id", "kind"),)

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(24))
    times: Mapped[list[object]] = mapped_column(sa.JSON)
    channels: Mapped[list[object]] = mapped_column(sa.JSON)
    zone: Mapped[str] = mapped_column(sa.String(64))
    stopped_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]


class ReminderQueue(Base):
    """What is due next: one row per reminder, slot and channel, lying in due order on disk."""

    __tablename__ = "reminder_queue"
    __table_args__ = {"sqlite_with_rowid": False}

    next_due_at: Mapped[datetime] = mapped_column(primary_key=True)
    reminder_id: Mapped[int] = mapped_column(
        sa.ForeignKey("reminder.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    slot: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    local_date: Mapped[date]


class Delivery(Identified, Base):
    """One sending of one slot on one local date by one channel: at most once, whoever sends.

    The write-only link of a message belongs to its delivery: only its hash is kept, it is spent once.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        one_of("state", DeliveryState),
        sa.UniqueConstraint("account_id", "local_date", "slot", "channel"),
        sa.Index("ix_delivery_lease", "state", "lease_until"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    reminder_id: Mapped[int | None] = mapped_column(sa.ForeignKey("reminder.id", ondelete="SET NULL"))
    local_date: Mapped[date]
    slot: Mapped[str] = mapped_column(sa.String(40))
    channel: Mapped[str] = mapped_column(sa.String(8))
    state: Mapped[str] = mapped_column(sa.String(8))
    reason: Mapped[str | None] = mapped_column(sa.String(24))
    claimed_by: Mapped[str | None] = mapped_column(sa.String(64))
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    message_key: Mapped[str] = mapped_column(sa.String(80), unique=True)
    link_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    link_ends_at: Mapped[datetime | None]
    link_spent_at: Mapped[datetime | None]
