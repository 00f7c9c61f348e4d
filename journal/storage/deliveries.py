"""The ledger of reminders: what was claimed, sent or skipped. The only truth of what was sent.

A delivery is born when its row leaves the queue of :mod:`journal.storage.reminders`, in the same transaction.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.home_screen import APP_NAME, AppName, app_name
from journal.domain.reminders import Due, ReminderRule
from journal.languages import Language, known
from journal.storage.accounts import Account
from journal.storage.base import Base, Identified, UTCDateTime, one_of
from journal.storage.patients import Patient, PatientSummary
from journal.storage.prepared import Change, Spread, spread
from journal.storage.reminders import (
    CHOICE_COLUMNS,
    CHOICES,
    REMINDER,
    as_rule,
    dialect_of,
    when_answered,
)


class DeliveryState(StrEnum):
    """Where one sending stands. A queue row is the state before these: due."""

    CLAIMED = "claimed"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


class Delivery(Identified, Base):
    """One sending of one slot on one local date by one channel: at most once, whoever sends.

    The write-only link of a message belongs to its delivery: only its hash is kept, it is spent once. The way out that
    came with it (``stop_hash``) works for as long as the row is kept, and again is as good as once.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        one_of("state", DeliveryState),
        sa.UniqueConstraint("account_id", "local_date", "slot", "channel"),
        sa.Index("ix_delivery_lease", "state", "lease_until"),
    )

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"))
    reminder_id: Mapped[int | None] = mapped_column(
        sa.ForeignKey("reminder.id", ondelete="SET NULL"), index=True
    )
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


_DELIVERY: sa.Table = Delivery.__table__  # type: ignore[assignment,explicit-any]


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


def forget_sent(db: Session, *, before: datetime, limit: int) -> int:
    """Remove what was due before ``before`` and is over, of the ``limit`` oldest rows; how many. Its links end with it.

    The ledger is what keeps a message from coming twice, so ``before`` lies far beyond the day that one is sent on.
    Rows are as old as their numbers: nobody looks through the rest of them.
    """
    oldest = sa.select(_DELIVERY.c.id).order_by(_DELIVERY.c.id).limit(limit)
    gone = db.execute(
        sa.delete(_DELIVERY).where(
            _DELIVERY.c.id.in_(oldest), _DELIVERY.c.due_at < before, sa.not_(_UNDER_WAY)
        )
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]


def last_deliveries(db: Session, account_id: int, *, since: date) -> dict[tuple[str, str], Due]:
    """The latest message of each (slot, channel) in the ledger about ``since`` or later, whatever became of it.

    The ledger holds months: whoever asks about all of it reads hundreds of rows.
    """
    rows = db.execute(
        sa.select(_DELIVERY.c.slot, _DELIVERY.c.channel, _DELIVERY.c.local_date, _DELIVERY.c.due_at)
        .where(_DELIVERY.c.account_id == account_id, _DELIVERY.c.local_date >= since)
        .order_by(_DELIVERY.c.local_date)
    )
    return {(row.slot, row.channel): Due(row.slot, row.local_date, row.due_at) for row in rows}


def enter_in_ledger(db: Session, rows: list[dict[str, object]]) -> set[str]:
    """Add deliveries; one that the ledger already knows for its account, date, slot and channel is not added.

    Returns the message keys of those that were added. This is where "at most once" is decided, by the database itself.
    """
    keys = {str(row["message_key"]) for row in rows}
    if _ENTER[dialect_of(db)].apply_all(db, [_EMPTY | row for row in rows]) == len(rows):
        return keys
    known = sa.select(_DELIVERY.c.message_key).where(_DELIVERY.c.message_key.in_(keys))
    return set(db.scalars(known))


def held(db: Session, message_key: str, *, now: datetime) -> HeldDelivery:
    """One delivery, with the present answers: whether its date has a check-in, whether it is still wanted."""
    row = db.execute(_HELD, {"key": message_key, "now": now}).one()
    choices = (getattr(row, name) for name in CHOICES)
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
        rule=None if row.times is None else as_rule(row.times, zone, row.stopped_at is not None, *choices),
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
        .order_by(_DELIVERY.c.local_date.desc(), _DELIVERY.c.due_at.desc(), _DELIVERY.c.id.desc())
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
        sa.select(_DELIVERY.c.account_id, REMINDER.c.kind, _DELIVERY.c.channel)
        .join(REMINDER, REMINDER.c.id == _DELIVERY.c.reminder_id)
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
    # By date first: the key of the ledger has them in that order, and years of them are not sorted for the latest few.
    newest = (_DELIVERY.c.local_date.desc(), _DELIVERY.c.due_at.desc(), _DELIVERY.c.slot.desc())
    rows = db.execute(asked.order_by(*newest, _DELIVERY.c.channel).limit(limit))
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
_LEDGER_KEY = ("account_id", "local_date", "slot", "channel")
_ENTERED = spread({column.key: column.type for column in _DELIVERY.c if column.key != "id"})
_ENTER: dict[str, Change | Spread] = {
    "sqlite": Change(sqlite.insert(_DELIVERY).on_conflict_do_nothing(index_elements=_LEDGER_KEY).inline()),
    "postgresql": Spread(
        postgresql.insert(_DELIVERY)
        .from_select([column.key for column in _ENTERED.c], sa.select(*_ENTERED.c))
        .on_conflict_do_nothing(index_elements=_LEDGER_KEY)
        .inline()
    ),
}
_EMPTY = dict.fromkeys(column.key for column in _DELIVERY.c if column.key != "id")

_LATER = _DELIVERY.alias("later")
_HELD = (
    sa.select(
        _DELIVERY,
        Account.email,
        Account.locale,
        Account.disabled_at,
        REMINDER.c.kind,
        REMINDER.c.times,
        REMINDER.c.channels,
        REMINDER.c.zone,
        REMINDER.c.stopped_at,
        REMINDER.c.changed_at,
        *CHOICE_COLUMNS,
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
        when_answered(_DELIVERY.c.local_date).label("answered_at"),
    )
    .join(Account, Account.id == _DELIVERY.c.account_id)
    .outerjoin(REMINDER, REMINDER.c.id == _DELIVERY.c.reminder_id)
    .outerjoin(Patient, Patient.account_id == _DELIVERY.c.account_id)
    .outerjoin(PatientSummary, PatientSummary.patient_id == Patient.id)
    .where(_DELIVERY.c.message_key == sa.bindparam("key"))
)
