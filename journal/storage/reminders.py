"""Reminder rules, the narrow queue of what is due, and the ledger of what was sent.

The queue is derived and can be rebuilt; the ledger is the only truth of what was sent.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.errors import Refused
from journal.domain.home_screen import APP_NAME, AppName, app_name
from journal.domain.reminder_prompts import SessionDay
from journal.domain.reminders import Due, QuietHours, ReminderRule, SlotTime
from journal.domain.treatments import Status
from journal.languages import Language, known
from journal.storage.accounts import Account
from journal.storage.base import Base, Identified, UTCDateTime, new_public_id, one_of
from journal.storage.checkins import CheckIn
from journal.storage.patients import Patient, PatientSummary
from journal.storage.prepared import Change, Question
from journal.storage.treatments import TreatmentSession

ONCE = 0
"""The plan of a queue row that belongs to none: asked for once (a snooze, a trial), and not planned away."""


class DeliveryState(StrEnum):
    """Where one sending stands. A queue row is the state before these: due."""

    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class Reminder(Identified, Base):
    """The rule: which times on which weekdays, in whose zone. ``times`` is ``[{slot, wall, weekdays}]``.

    ``plan`` counts how often the queue was planned for it: of the rows in the queue only those of the latest plan mean
    anything. ``planned_with`` is the version of the zone database that was planned with; none, and it waits to be.
    ``mail_refused``: its owner stopped our mails by one of them, and has not asked for them since.
    """

    __tablename__ = "reminder"
    __table_args__ = (sa.UniqueConstraint("account_id", "kind"),)

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(sa.String(24))
    times: Mapped[list[object]] = mapped_column(sa.JSON)
    channels: Mapped[list[object]] = mapped_column(sa.JSON)
    zone: Mapped[str] = mapped_column(sa.String(64))
    stopped_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    plan: Mapped[int] = mapped_column(default=0)
    quiet_from: Mapped[str | None] = mapped_column(sa.String(5))
    quiet_until: Mapped[str | None] = mapped_column(sa.String(5))
    paused_until: Mapped[date | None]
    follow_up: Mapped[bool] = mapped_column(default=False)
    both_times: Mapped[bool] = mapped_column(default=False)
    softer: Mapped[bool] = mapped_column(default=True)
    before_visits: Mapped[bool] = mapped_column(default=False)
    mail_refused: Mapped[bool] = mapped_column(default=False)
    planned_with: Mapped[str | None] = mapped_column(sa.String(16))


class ReminderQueue(Base):
    """What is due next: one row per reminder, slot and channel, lying in due order on disk.

    It has no index by reminder, because keeping one up costs the tick as much as all the rest when people are many.
    So a plan is not taken out of the queue when the rule changes; it is left behind, and passed over when it comes due.
    """

    __tablename__ = "reminder_queue"
    __table_args__ = {"sqlite_with_rowid": False}

    next_due_at: Mapped[datetime] = mapped_column(primary_key=True)
    reminder_id: Mapped[int] = mapped_column(
        sa.ForeignKey("reminder.id", ondelete="CASCADE"), primary_key=True
    )
    slot: Mapped[str] = mapped_column(sa.String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(sa.String(8), primary_key=True)
    local_date: Mapped[date]
    plan: Mapped[int]


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
    stop_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)


_REMINDER: sa.Table = Reminder.__table__  # type: ignore[assignment,explicit-any]
_QUEUE: sa.Table = ReminderQueue.__table__  # type: ignore[assignment,explicit-any]
_SUMMARY: sa.Table = PatientSummary.__table__  # type: ignore[assignment,explicit-any]
_DELIVERY: sa.Table = Delivery.__table__  # type: ignore[assignment,explicit-any]


@dataclass(frozen=True, slots=True)
class QueuedSlot:
    """A due row that was taken out of the queue, with what is needed to decide on it.

    ``rule`` is None where what is stored cannot be read as a rule. ``is_open`` is false for a closed account,
    ``is_on`` for a channel that was switched off; ``counts`` is false for a row of a plan that was left behind.
    ``begun_at`` is when the rule was last changed; ``last_check_in`` and ``answered_at`` as in
    :class:`journal.domain.reminder_decisions.Facts`.
    """

    reminder_id: int
    plan: int
    counts: bool
    account_id: int
    kind: str
    rule: ReminderRule | None
    due: Due
    channel: str
    is_open: bool
    is_on: bool
    begun_at: datetime
    last_check_in: date | None
    answered_at: datetime | None

    @property
    def leads(self) -> bool:
        """Whether what follows it is to be planned. Not for a row that was overdue when the rule was last changed:
        what follows was planned at that moment."""
        return self.due.due_at > self.begun_at


@dataclass(frozen=True, slots=True)
class HeldDelivery:
    """A delivery of the ledger as its sender needs it; ``language`` is its reader's.

    ``rule`` is the present one in the person's present zone, None if it is gone; ``is_open`` is false for a closed
    account, ``is_on`` for a channel that was switched off; ``overtaken`` says that a later one to the same person has
    come due; ``reason`` tells what came of an earlier try.
    """

    account_id: int
    reminder_id: int | None
    email: str
    language: Language
    app: AppName
    kind: str
    due: Due
    channel: str
    attempts: int
    reason: str | None
    message_key: str
    rule: ReminderRule | None
    is_open: bool
    is_on: bool
    overtaken: bool
    begun_at: datetime
    last_check_in: date | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinkedDelivery:
    """What the write-only link of a message opens: one patient, one date, until it ends or is spent."""

    delivery_id: int
    patient_id: int
    local_date: date
    ends_at: datetime
    spent: bool


@dataclass(frozen=True, slots=True)
class SentDelivery:
    """A message that came to an account by a channel."""

    account_id: int
    due: Due
    channel: str


@dataclass(frozen=True, slots=True)
class DeliveryLine:
    """One line of the log that a person can read."""

    local_date: date
    slot: str
    channel: str
    state: DeliveryState
    reason: str | None
    due_at: datetime
    sent_at: datetime | None


def rule_of(row: Reminder) -> ReminderRule:
    """The rule a row holds. What cannot be read as one raises; nothing but a fault of ours writes that."""
    return _as_rule(
        row.times, row.zone, row.stopped_at is not None, *(getattr(row, name) for name in _CHOICES)
    )


def rule_if_readable(row: Reminder) -> ReminderRule | None:
    """The rule a row holds; None where it cannot be read, so that one broken rule holds up nobody else."""
    try:
        return rule_of(row)
    except (Refused, TypeError, ValueError, KeyError):
        return None


def reminder_of(db: Session, account_id: int, *, kind: str) -> Reminder | None:
    """The reminder of one kind that an account has set."""
    return db.scalar(sa.select(Reminder).where(Reminder.account_id == account_id, Reminder.kind == kind))


def keep_rule(
    db: Session,
    account_id: int,
    *,
    kind: str,
    rule: ReminderRule,
    channels: tuple[str, ...],
    now: datetime,
) -> Reminder:
    """Set or replace an account's rule of one kind. The queue still needs planning anew."""
    db.execute(
        _BEGIN[_dialect(db)],
        {
            "public_id": new_public_id(),
            "account_id": account_id,
            "kind": kind,
            "times": [],
            "channels": [],
            "zone": rule.zone,
            "changed_at": now,
            "follow_up": False,
            "both_times": False,
            "softer": True,
            "before_visits": False,
            "mail_refused": False,
        },
    )
    row = db.scalars(_to_change(account_id, kind)).one()
    row.times = [
        {"slot": chosen.slot, "wall": chosen.wall.strftime("%H:%M"), "weekdays": sorted(chosen.weekdays)}
        for chosen in rule.times
    ]
    row.channels = list(channels)
    row.zone = rule.zone
    row.stopped_at = (row.stopped_at or now) if rule.stopped else None
    row.quiet_from = f"{rule.quiet.begin:%H:%M}" if rule.quiet else None
    row.quiet_until = f"{rule.quiet.end:%H:%M}" if rule.quiet else None
    row.paused_until = rule.paused_until
    row.follow_up, row.both_times, row.softer = rule.follow_up, rule.both_times, rule.softer
    row.before_visits = rule.before_visits
    row.changed_at = now
    db.flush()
    return row


def reminder_to_change(db: Session, account_id: int, *, kind: str) -> Reminder | None:
    """The same as :func:`reminder_of`, kept from being changed by others meanwhile."""
    return db.scalar(_to_change(account_id, kind))


def last_deliveries(db: Session, account_id: int, *, since: date) -> dict[tuple[str, str], Due]:
    """The latest message of each (slot, channel) in the ledger about ``since`` or later, whatever became of it.

    The ledger only grows: whoever asks about all of it reads years.
    """
    rows = db.execute(
        sa.select(_DELIVERY.c.slot, _DELIVERY.c.channel, _DELIVERY.c.local_date, _DELIVERY.c.due_at)
        .where(_DELIVERY.c.account_id == account_id, _DELIVERY.c.local_date >= since)
        .order_by(_DELIVERY.c.local_date)
    )
    return {(row.slot, row.channel): Due(row.slot, row.local_date, row.due_at) for row in rows}


def overdue_rows(db: Session, row: Reminder, *, now: datetime) -> list[tuple[Due, str]]:
    """What of a reminder's present plan is due at ``now`` and was not claimed yet, as (due, channel).

    Waits for a worker that is claiming one of these rows at this moment, so that the answer holds until the commit.
    """
    asked = (
        sa.select(_QUEUE)
        .where(_QUEUE.c.next_due_at <= now, _QUEUE.c.reminder_id == row.id, _QUEUE.c.plan == row.plan)
        .with_for_update()
    )
    if _dialect(db) == "postgresql":
        db.execute(asked)  # what the worker puts back is seen by the next statement only
    return [(Due(one.slot, one.local_date, one.next_due_at), one.channel) for one in db.execute(asked)]


def plan_anew(db: Session, row: Reminder, waiting: list[tuple[Due, str]], *, planned_with: str) -> None:
    """Let the queue hold these (due, channel) for a reminder; what it held before no longer counts."""
    row.plan += 1
    row.planned_with = planned_with
    db.flush()
    put_in_queue(db, [(row.id, row.plan, due, channel) for due, channel in waiting])


def pass_over(db: Session, row: Reminder, *, planned_with: str) -> None:
    """Count a reminder as planned, and leave in the queue what it has there."""
    row.planned_with = planned_with
    db.flush()


def put_in_queue(db: Session, rows: list[tuple[int, int, Due, str]]) -> None:
    """Add (reminder, plan, due, channel) rows to the queue; of two for the same instant the later plan's stays."""
    _PUT_IN[_dialect(db)].apply_all(
        db,
        [
            {
                "next_due_at": due.due_at,
                "reminder_id": reminder_id,
                "slot": due.slot,
                "channel": channel,
                "local_date": due.local_date,
                "plan": plan,
            }
            for reminder_id, plan, due, channel in rows
        ],
    )


def waits_to_be_planned(db: Session, *, planned_with: str, limit: int) -> list[int]:
    """Accounts with a rule that was never planned, or with another version of the zone database; up to ``limit``."""
    return list(
        db.scalars(
            sa.select(Reminder.account_id)
            .where(Reminder.planned_with.is_distinct_from(planned_with))
            .order_by(Reminder.account_id)
            .distinct()
            .limit(limit)
        )
    )


def is_waiting(db: Session, channel: str, *, after: datetime, until: datetime) -> bool:
    """Whether anything in the queue for a channel is due after ``after`` and not after ``until``."""
    return bool(_ANY_WAITING.rows(db, {"after": after, "until": until, "by": channel}))


def take_due(db: Session, channel: str, *, after: datetime, until: datetime, limit: int) -> list[QueuedSlot]:
    """Take up to ``limit`` rows of a channel out of the queue that are due after ``after`` and not after ``until``,
    earliest first.

    On PostgreSQL rows that another worker is taking are passed over.
    """
    taken = [
        QueuedSlot(
            reminder_id=reminder_id,
            plan=plan,
            counts=plan in (present_plan, ONCE),
            account_id=account_id,
            kind=kind,
            rule=None if on is None else _read(str(times), zone, stopped_at is not None, *choices),
            due=Due(slot, local_date, due_at),
            channel=channel,
            is_open=disabled_at is None,
            is_on=on is not None and channel in on,
            begun_at=changed_at,
            last_check_in=last_check_in,
            answered_at=answered_at,
        )
        for (
            due_at, reminder_id, slot, local_date, plan,
            present_plan, account_id, kind, times, channels, zone, stopped_at, changed_at, disabled_at,
            last_check_in, answered_at, *choices,
        ) in _WAITING.rows(db, {"after": after, "until": until, "most": limit, "by": channel})
        for on in (_channels(str(channels)),)
    ]  # fmt: skip
    _TAKE_OUT.apply_all(
        db,
        [
            {
                "due_at": one.due.due_at,
                "of_reminder": one.reminder_id,
                "of_slot": one.due.slot,
                "by": one.channel,
            }
            for one in taken
        ],
    )
    return taken


def sessions_near(
    db: Session, account_ids: Collection[int], *, first: date, last: date
) -> dict[int, tuple[SessionDay, ...]]:
    """The treatment sessions from ``first`` to ``last`` that are planned or took place, by the patient's account.

    In the order in which they were recorded: of two records of one session the first is the one that is asked about.
    """
    rows = db.execute(
        sa.select(Patient.account_id, TreatmentSession.public_id, TreatmentSession.local_date)
        .join(Patient, Patient.id == TreatmentSession.patient_id)
        .where(
            Patient.account_id.in_(account_ids),
            TreatmentSession.local_date.between(first, last),
            TreatmentSession.status.not_in(_DID_NOT_HAPPEN),
        )
        .order_by(TreatmentSession.id)
    )
    found: dict[int, tuple[SessionDay, ...]] = {}
    for account_id, public_id, local_date in rows:
        found[account_id] = (*found.get(account_id, ()), SessionDay(public_id, local_date))
    return found


def last_check_in_of(db: Session, account_id: int) -> tuple[date | None, datetime | None]:
    """The latest date that a patient has checked in about, and when the latest check-in about it was written."""
    row = db.execute(
        sa.select(PatientSummary.last_check_in_on, _answered_at(_SUMMARY.c.last_check_in_on))
        .join(Patient, Patient.id == PatientSummary.patient_id)
        .where(Patient.account_id == account_id)
    ).one_or_none()
    return (None, None) if row is None else (row[0], row[1])


def enter_in_ledger(db: Session, rows: list[dict[str, object]]) -> set[str]:
    """Add deliveries; one that the ledger already knows for its account, date, slot and channel is not added.

    Returns the message keys of those that were added. This is where "at most once" is decided, by the database itself.
    """
    keys = {str(row["message_key"]) for row in rows}
    if _ENTER[_dialect(db)].apply_all(db, [_EMPTY | row for row in rows]) == len(rows):
        return keys
    known = sa.select(_DELIVERY.c.message_key).where(_DELIVERY.c.message_key.in_(keys))
    return set(db.scalars(known))


def held(db: Session, message_key: str, *, now: datetime) -> HeldDelivery:
    """One delivery, with the present answers: whether its date has a check-in, whether it is still wanted."""
    row = db.execute(_HELD, {"key": message_key, "now": now}).one()
    choices = (getattr(row, name) for name in _CHOICES)
    zone = row.home or row.zone
    return HeldDelivery(
        account_id=row.account_id,
        reminder_id=row.reminder_id,
        email=row.email,
        language=known(row.locale) or Language.ENGLISH,
        app=app_name((row.preferences or {}).get(APP_NAME)),
        kind=row.kind or "",
        due=Due(row.slot, row.local_date, row.due_at),
        channel=row.channel,
        attempts=row.attempts,
        reason=row.reason,
        message_key=row.message_key,
        rule=None if row.times is None else _as_rule(row.times, zone, row.stopped_at is not None, *choices),
        is_open=row.disabled_at is None,
        is_on=row.channel in (row.channels or ()),
        overtaken=row.overtaken,
        begun_at=row.changed_at or row.due_at,
        last_check_in=row.last_check_in_on,
        answered_at=row.answered_at,
    )


def move(
    db: Session, message_key: str, *, worker: str, seen: DeliveryState, to: DeliveryState, **columns: object
) -> bool:
    """Change a delivery's state if, and only if, it is still as this worker last saw it."""
    changed = db.execute(
        sa.update(_DELIVERY)
        .where(
            _DELIVERY.c.message_key == message_key,
            _DELIVERY.c.state == seen.value,
            _DELIVERY.c.claimed_by == worker,
        )
        .values(state=to.value, **columns)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def reason_or_doubt(reason: str, *, doubts: Collection[str]) -> sa.ColumnElement[str | None]:
    """For :func:`move`: ``reason``, unless a delivery already stands under one of ``doubts``."""
    stands = _DELIVERY.c.reason.in_([str(doubt) for doubt in doubts])
    return sa.case((stands, _DELIVERY.c.reason), else_=str(reason))


def count_fault(
    db: Session, message_key: str, *, worker: str, most: int, reason: str, given_up: str, again_at: datetime
) -> bool:
    """A delivery in this worker's hands could not be sent, through a fault of ours: once more later, or never.

    At the ``most``-th fault it is failed for the reason ``given_up``; before that, anybody may take it from
    ``again_at`` on.
    """
    is_last = _DELIVERY.c.attempts + 1 >= most
    changed = db.execute(
        sa.update(_DELIVERY)
        .where(
            _DELIVERY.c.message_key == message_key,
            _DELIVERY.c.state.in_((DeliveryState.CLAIMED.value, DeliveryState.SENDING.value)),
            _DELIVERY.c.claimed_by == worker,
        )
        .values(
            attempts=_DELIVERY.c.attempts + 1,
            state=sa.case((is_last, DeliveryState.FAILED.value), else_=DeliveryState.CLAIMED.value),
            reason=sa.case((is_last, given_up), else_=reason),
            lease_until=sa.case((is_last, sa.null()), else_=sa.literal(again_at, UTCDateTime())),
            claimed_by=sa.null(),
        )
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def renew_leases(db: Session, message_keys: Collection[str], *, worker: str, lease_until: datetime) -> None:
    """A sign of life for what a worker has in its hands."""
    db.execute(
        sa.update(_DELIVERY)
        .where(_DELIVERY.c.message_key.in_(message_keys), _DELIVERY.c.claimed_by == worker, _UNDER_WAY)
        .values(lease_until=lease_until)
    )


def release(db: Session, message_keys: Collection[str], *, worker: str, now: datetime) -> None:
    """Give back what a worker claimed and has not begun to send: anybody may take it at once."""
    db.execute(
        sa.update(_DELIVERY)
        .where(
            _DELIVERY.c.message_key.in_(message_keys),
            _DELIVERY.c.claimed_by == worker,
            _DELIVERY.c.state == DeliveryState.CLAIMED.value,
        )
        .values(claimed_by=None, lease_until=now)
    )


def take_over(
    db: Session,
    channel: str,
    *,
    worker: str,
    now: datetime,
    believed_until: datetime,
    lease_until: datetime,
    limit: int,
) -> list[str]:
    """Claim deliveries of a channel that wait for another try, or whose holder gave no sign of life; their keys.

    A hold that lasts beyond ``believed_until`` was taken before a clock was set back. Only a lost holder counts as
    an attempt: it may have been lost because of this delivery.
    """
    is_held = _DELIVERY.c.claimed_by.is_not(None)
    lost = (
        sa.select(_DELIVERY.c.id)
        .where(
            _DELIVERY.c.state == DeliveryState.CLAIMED.value,
            sa.or_(
                _DELIVERY.c.lease_until <= now, sa.and_(is_held, _DELIVERY.c.lease_until > believed_until)
            ),
            _DELIVERY.c.channel == channel,
        )
        .order_by(_DELIVERY.c.lease_until)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    taken = db.execute(
        sa.update(_DELIVERY)
        .where(_DELIVERY.c.id.in_(lost.scalar_subquery()))
        .values(
            claimed_by=worker,
            lease_until=lease_until,
            attempts=_DELIVERY.c.attempts + sa.case((_DELIVERY.c.claimed_by.is_(None), 0), else_=1),
        )
        .returning(_DELIVERY.c.message_key, _DELIVERY.c.due_at)
    )
    return [row.message_key for row in sorted(taken, key=lambda row: row.due_at)]


def give_up_on_sending(
    db: Session, channel: str, *, now: datetime, believed_until: datetime, reason: str, may_repeat: bool
) -> int:
    """Deliveries whose sender died while sending: nobody knows whether they arrived. How many there were.

    They become *unknown* and are never sent again; unless the channel ``may_repeat``, because a repeat replaces what
    came before: then anybody may take them, and that counts as an attempt, for the message may be what the sender died
    of.
    """
    again = {"state": DeliveryState.CLAIMED.value, "lease_until": now}
    never = {"state": DeliveryState.UNKNOWN.value, "lease_until": None}
    lost = db.execute(
        sa.update(_DELIVERY)
        .where(
            _DELIVERY.c.state == DeliveryState.SENDING.value,
            sa.or_(_DELIVERY.c.lease_until <= now, _DELIVERY.c.lease_until > believed_until),
            _DELIVERY.c.channel == channel,
        )
        .values(reason=reason, **(again if may_repeat else never))
    )
    return int(lost.rowcount)  # type: ignore[attr-defined]


def latest_outcomes(
    db: Session, account_id: int, channel: str, *, limit: int
) -> list[tuple[DeliveryState, str | None]]:
    """How the latest deliveries of an account by a channel ended, newest first; those not sent by choice left out."""
    rows = db.execute(
        sa.select(_DELIVERY.c.state, _DELIVERY.c.reason)
        .where(
            _DELIVERY.c.account_id == account_id,
            _DELIVERY.c.channel == channel,
            _DELIVERY.c.state.in_(
                (DeliveryState.SENT.value, DeliveryState.FAILED.value, DeliveryState.UNKNOWN.value)
            ),
        )
        .order_by(_DELIVERY.c.due_at.desc(), _DELIVERY.c.id.desc())
        .limit(limit)
    )
    return [(DeliveryState(state), reason) for state, reason in rows]


def is_in_ledger(db: Session, account_id: int, due: Due, *, channel: str) -> bool:
    """Whether a slot of a date has left the queue by a channel, whatever became of it."""
    known = sa.exists().where(
        _DELIVERY.c.account_id == account_id,
        _DELIVERY.c.local_date == due.local_date,
        _DELIVERY.c.slot == due.slot,
        _DELIVERY.c.channel == channel,
    )
    return bool(db.scalar(sa.select(known)))


def delivery_to_snooze(db: Session, delivery_id: int) -> SentDelivery | None:
    """What a message that came was about."""
    row = db.execute(sa.select(_DELIVERY).where(_DELIVERY.c.id == delivery_id)).one_or_none()
    if row is None:
        return None
    return SentDelivery(row.account_id, Due(row.slot, row.local_date, row.due_at), row.channel)


def stopped_by(db: Session, stop_hash: str) -> tuple[int, str, str] | None:
    """(account, kind of its rule, channel) of the message that this secret came with; None where nobody got it."""
    row = db.execute(
        sa.select(_DELIVERY.c.account_id, _REMINDER.c.kind, _DELIVERY.c.channel)
        .join(_REMINDER, _REMINDER.c.id == _DELIVERY.c.reminder_id)
        .where(_DELIVERY.c.stop_hash == stop_hash)
    ).one_or_none()
    return None if row is None else (row.account_id, row.kind, row.channel)


def delivery_by_link(db: Session, link_hash: str) -> LinkedDelivery | None:
    """The delivery whose write-only link this is; None for a link nobody was sent, and for a closed account."""
    row = db.execute(
        sa.select(
            _DELIVERY.c.id,
            Patient.id.label("patient_id"),
            _DELIVERY.c.local_date,
            _DELIVERY.c.link_ends_at,
            _DELIVERY.c.link_spent_at,
        )
        .join(Patient, Patient.account_id == _DELIVERY.c.account_id)
        .join(Account, Account.id == _DELIVERY.c.account_id)
        .where(_DELIVERY.c.link_hash == link_hash, Account.disabled_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    return LinkedDelivery(
        delivery_id=row.id,
        patient_id=row.patient_id,
        local_date=row.local_date,
        ends_at=row.link_ends_at,
        spent=row.link_spent_at is not None,
    )


def spend_link(db: Session, delivery_id: int, *, now: datetime) -> bool:
    """Use a write-only link; false if it has ended or another request was first."""
    spent = db.execute(
        sa.update(_DELIVERY)
        .where(
            _DELIVERY.c.id == delivery_id,
            _DELIVERY.c.link_spent_at.is_(None),
            _DELIVERY.c.link_ends_at > now,
        )
        .values(link_spent_at=now)
    )
    return bool(spent.rowcount)  # type: ignore[attr-defined]


def deliveries_of(
    db: Session, account_id: int, *, limit: int, since: datetime | None = None, slot: str | None = None
) -> list[DeliveryLine]:
    """An account's latest deliveries, newest first; only those due after ``since``, only of one ``slot``, if given."""
    asked = sa.select(_DELIVERY).where(_DELIVERY.c.account_id == account_id)
    if since is not None:
        asked = asked.where(_DELIVERY.c.due_at > since)
    if slot is not None:
        asked = asked.where(_DELIVERY.c.slot == slot)
    rows = db.execute(
        asked.order_by(_DELIVERY.c.due_at.desc(), _DELIVERY.c.slot.desc(), _DELIVERY.c.channel).limit(limit)
    )
    return [
        DeliveryLine(
            local_date=row.local_date,
            slot=row.slot,
            channel=row.channel,
            state=DeliveryState(row.state),
            reason=row.reason,
            due_at=row.due_at,
            sent_at=row.sent_at,
        )
        for row in rows
    ]


_UNDER_WAY = _DELIVERY.c.state.in_((DeliveryState.CLAIMED.value, DeliveryState.SENDING.value))
_DID_NOT_HAPPEN = (Status.MISSED.value, Status.CANCELLED.value)
_CHOICES = ("quiet_from", "quiet_until", "paused_until", "follow_up", "both_times", "softer", "before_visits")
_CHOICE_COLUMNS = tuple(_REMINDER.c[name] for name in _CHOICES)


def _answered_at(about: sa.ColumnElement[date]) -> sa.ScalarSelect[datetime]:
    """When the latest check-in of a patient about a date was written."""
    return (
        sa.select(sa.func.max(CheckIn.recorded_at))
        .where(CheckIn.patient_id == Patient.id, CheckIn.local_date == about)
        .scalar_subquery()
    )


_IS_DUE = sa.and_(
    _QUEUE.c.next_due_at > sa.bindparam("after", type_=UTCDateTime()),
    _QUEUE.c.next_due_at <= sa.bindparam("until", type_=UTCDateTime()),
    _QUEUE.c.channel == sa.bindparam("by", type_=sa.String()),
)
_ANY_WAITING = Question(sa.select(_QUEUE.c.reminder_id).where(_IS_DUE).limit(1))
_WAITING = Question(
    sa.select(
        _QUEUE.c.next_due_at,
        _QUEUE.c.reminder_id,
        _QUEUE.c.slot,
        _QUEUE.c.local_date,
        _QUEUE.c.plan,
        _REMINDER.c.plan,
        _REMINDER.c.account_id,
        _REMINDER.c.kind,
        sa.cast(_REMINDER.c.times, sa.Text()),
        sa.cast(_REMINDER.c.channels, sa.Text()),
        _REMINDER.c.zone,
        _REMINDER.c.stopped_at,
        _REMINDER.c.changed_at,
        Account.disabled_at,
        PatientSummary.last_check_in_on,
        _answered_at(_QUEUE.c.local_date),
        *_CHOICE_COLUMNS,
    )
    .join(_REMINDER, _REMINDER.c.id == _QUEUE.c.reminder_id)
    .join(Account, Account.id == _REMINDER.c.account_id)
    .outerjoin(Patient, Patient.account_id == _REMINDER.c.account_id)
    .outerjoin(PatientSummary, PatientSummary.patient_id == Patient.id)
    .where(_IS_DUE)
    .order_by(*_QUEUE.primary_key.columns)
    .limit(sa.bindparam("most", type_=sa.Integer()))
    .with_for_update(of=_QUEUE, skip_locked=True)
)
_TAKE_OUT = Change(
    sa.delete(_QUEUE).where(
        _QUEUE.c.next_due_at == sa.bindparam("due_at", type_=UTCDateTime()),
        _QUEUE.c.reminder_id == sa.bindparam("of_reminder"),
        _QUEUE.c.slot == sa.bindparam("of_slot"),
        _QUEUE.c.channel == sa.bindparam("by"),
    )
)
_DIALECTS = (("sqlite", sqlite), ("postgresql", postgresql))
_BEGIN = {name: dialect.insert(Reminder).on_conflict_do_nothing() for name, dialect in _DIALECTS}
_PUT_IN = {
    name: Change(
        (adding := dialect.insert(_QUEUE))
        .on_conflict_do_update(
            index_elements=list(_QUEUE.primary_key.columns),
            # One instant can be of two dates, either side of the date line.
            set_={"plan": adding.excluded.plan, "local_date": adding.excluded.local_date},
            where=_QUEUE.c.plan < adding.excluded.plan,
        )
        .inline()
    )
    for name, dialect in _DIALECTS
}
_LEDGER_KEY = ("account_id", "local_date", "slot", "channel")
_ENTER = {
    name: Change(dialect.insert(_DELIVERY).on_conflict_do_nothing(index_elements=_LEDGER_KEY).inline())
    for name, dialect in _DIALECTS
}
_EMPTY = dict.fromkeys(column.key for column in _DELIVERY.c if column.key != "id")

_LATER = _DELIVERY.alias("later")
_HELD = (
    sa.select(
        _DELIVERY,
        Account.email,
        Account.locale,
        Account.disabled_at,
        _REMINDER.c.kind,
        _REMINDER.c.times,
        _REMINDER.c.channels,
        _REMINDER.c.zone,
        _REMINDER.c.stopped_at,
        _REMINDER.c.changed_at,
        *_CHOICE_COLUMNS,
        Patient.zone.label("home"),
        Patient.preferences,
        PatientSummary.last_check_in_on,
        sa.exists()
        .where(
            _LATER.c.account_id == _DELIVERY.c.account_id,
            _LATER.c.local_date >= _DELIVERY.c.local_date,
            _LATER.c.channel == _DELIVERY.c.channel,
            sa.or_(
                _LATER.c.due_at > _DELIVERY.c.due_at,
                # Of two chosen times on one instant, inside a clock change, the second is the later one.
                sa.and_(
                    _LATER.c.due_at == _DELIVERY.c.due_at,
                    _LATER.c.slot.like("checkin:%"),
                    _DELIVERY.c.slot.like("checkin:%"),
                    _LATER.c.slot > _DELIVERY.c.slot,
                ),
            ),
            _LATER.c.due_at <= sa.bindparam("now", type_=UTCDateTime()),
            _LATER.c.state.not_in((DeliveryState.SKIPPED.value, DeliveryState.FAILED.value)),
            _LATER.c.slot.not_like("trial:%"),
        )
        .label("overtaken"),
        _answered_at(_DELIVERY.c.local_date).label("answered_at"),
    )
    .join(Account, Account.id == _DELIVERY.c.account_id)
    .outerjoin(_REMINDER, _REMINDER.c.id == _DELIVERY.c.reminder_id)
    .outerjoin(Patient, Patient.account_id == _DELIVERY.c.account_id)
    .outerjoin(PatientSummary, PatientSummary.patient_id == Patient.id)
    .where(_DELIVERY.c.message_key == sa.bindparam("key"))
)


@lru_cache(4096)
def _read(times: str, zone: str, stopped: bool, *choices: object) -> ReminderRule | None:
    """The rule of a row as its text; many people have the same one."""
    try:
        return _as_rule(json.loads(times), zone, stopped, *choices)
    except (Refused, TypeError, ValueError, KeyError):
        return None


@lru_cache(64)
def _channels(text: str) -> frozenset[str] | None:
    """The channels of a row as its text; None where it cannot be read."""
    try:
        return frozenset(json.loads(text))
    except (TypeError, ValueError):
        return None


def _as_rule(
    times: list[object],
    zone: str,
    stopped: bool,
    quiet_from: object,
    quiet_until: object,
    paused_until: object,
    follow_up: object,
    both_times: object,
    softer: object,
    before_visits: object,
) -> ReminderRule:
    is_quiet = quiet_from is not None and quiet_until is not None
    return ReminderRule(
        times=tuple(_slot_time(chosen) for chosen in times),
        zone=zone,
        stopped=stopped,
        quiet=QuietHours(_wall(quiet_from), _wall(quiet_until)) if is_quiet else None,
        paused_until=paused_until if isinstance(paused_until, date) else None,
        follow_up=bool(follow_up),
        both_times=bool(both_times),
        softer=bool(softer),
        before_visits=bool(before_visits),
    )


def _wall(text: object) -> time:
    return time.fromisoformat(str(text))


def _to_change(account_id: int, kind: str) -> sa.Select[Reminder]:
    # Not a full lock: whoever adds a row to the queue refers to this one and must not wait for us.
    return (
        sa.select(Reminder)
        .where(Reminder.account_id == account_id, Reminder.kind == kind)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def _slot_time(chosen: object) -> SlotTime:
    if not isinstance(chosen, dict):
        raise TypeError("a time must be an object")
    return SlotTime(
        slot=chosen["slot"],
        wall=time.fromisoformat(chosen["wall"]),
        weekdays=frozenset(chosen["weekdays"]),
    )


def _dialect(db: Session) -> str:
    return db.get_bind().dialect.name
