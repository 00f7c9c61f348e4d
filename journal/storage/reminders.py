"""Reminder rules, and the narrow queue of what is due. What was sent is in :mod:`journal.storage.deliveries`.

The queue is derived and can be rebuilt.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.errors import Refused
from journal.domain.reminder_prompts import SessionDay
from journal.domain.reminders import Due, QuietHours, ReminderRule, SlotTime
from journal.domain.treatments import Status
from journal.storage.accounts import Account
from journal.storage.base import Base, Identified, UTCDateTime, new_public_id
from journal.storage.checkins import CheckIn
from journal.storage.patients import Patient, PatientSummary
from journal.storage.prepared import Among, Change, Question, Spread, spread
from journal.storage.treatments import TreatmentSession

ONCE = 0
"""The plan of a queue row that belongs to none: asked for once (a snooze, a trial), and not planned away."""


class Reminder(Identified, Base):
    """The rule: which times on which weekdays, in whose zone. ``times`` is ``[{slot, wall, weekdays}]``.

    ``plan`` counts how often the queue was planned for it: of the rows in the queue only those of the latest plan mean
    anything. ``planned_with`` is the version of the zone database that was planned with; none, and it waits to be.
    ``mail_refused``: its owner stopped our mails by one of them, and has not asked for them since.
    ``push_refused``: they switched notifications off, so that no phone that renews itself switches them on again.
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
    push_refused: Mapped[bool] = mapped_column(default=False)
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


REMINDER: sa.Table = Reminder.__table__  # type: ignore[assignment,explicit-any]
_QUEUE: sa.Table = ReminderQueue.__table__  # type: ignore[assignment,explicit-any]
SUMMARY: sa.Table = PatientSummary.__table__  # type: ignore[assignment,explicit-any]


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


def rule_of(row: Reminder) -> ReminderRule:
    """The rule a row holds. What cannot be read as one raises; nothing but a fault of ours writes that."""
    return as_rule(row.times, row.zone, row.stopped_at is not None, *(getattr(row, name) for name in CHOICES))


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
        _BEGIN[dialect_of(db)],
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
            "push_refused": False,
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


def overdue_rows(db: Session, row: Reminder, *, now: datetime) -> list[tuple[Due, str]]:
    """What of a reminder's present plan is due at ``now`` and was not claimed yet, as (due, channel).

    Waits for a worker that is claiming one of these rows at this moment, so that the answer holds until the commit.
    """
    asked = (
        sa.select(_QUEUE)
        .where(_QUEUE.c.next_due_at <= now, _QUEUE.c.reminder_id == row.id, _QUEUE.c.plan == row.plan)
        .with_for_update()
    )
    if dialect_of(db) == "postgresql":
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
    latest = {
        (due.due_at, reminder_id, due.slot, channel): {
            "next_due_at": due.due_at,
            "reminder_id": reminder_id,
            "slot": due.slot,
            "channel": channel,
            "local_date": due.local_date,
            "plan": plan,
        }
        # one statement may write a row once only
        for reminder_id, plan, due, channel in sorted(rows, key=lambda row: row[1])
    }
    _PUT_IN[dialect_of(db)].apply_all(db, [*latest.values()])


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
    _TAKE_OUT[dialect_of(db)].apply_all(
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
    rows = _SESSIONS_NEAR.rows(db, account_ids, {"first": first, "last": last})
    found: dict[int, tuple[SessionDay, ...]] = {}
    for account_id, public_id, local_date, ended_at in rows:
        found[account_id] = (*found.get(account_id, ()), SessionDay(public_id, local_date, ended_at))
    return found


def last_check_in_of(db: Session, account_id: int) -> tuple[date | None, datetime | None]:
    """The latest date that a patient has checked in about, and when the latest check-in about it was written."""
    row = db.execute(
        sa.select(PatientSummary.last_check_in_on, when_answered(SUMMARY.c.last_check_in_on))
        .join(Patient, Patient.id == PatientSummary.patient_id)
        .where(Patient.account_id == account_id)
    ).one_or_none()
    return (None, None) if row is None else (row[0], row[1])


_SESSIONS_NEAR = Among(
    Patient.account_id,
    lambda is_one_of_them: (
        sa.select(
            Patient.account_id,
            TreatmentSession.public_id,
            TreatmentSession.local_date,
            TreatmentSession.ended_at,
        )
        .join(Patient, Patient.id == TreatmentSession.patient_id)
        .where(
            is_one_of_them,
            TreatmentSession.local_date.between(
                sa.bindparam("first", type_=sa.Date()), sa.bindparam("last", type_=sa.Date())
            ),
            TreatmentSession.status != Status.MISSED.value,
            TreatmentSession.status != Status.CANCELLED.value,
        )
        .order_by(TreatmentSession.id)
    ),
)
CHOICES = ("quiet_from", "quiet_until", "paused_until", "follow_up", "both_times", "softer", "before_visits")
CHOICE_COLUMNS = tuple(REMINDER.c[name] for name in CHOICES)


def when_answered(about: sa.ColumnElement[date]) -> sa.ScalarSelect[datetime]:
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
        REMINDER.c.plan,
        REMINDER.c.account_id,
        REMINDER.c.kind,
        sa.cast(REMINDER.c.times, sa.Text()),
        sa.cast(REMINDER.c.channels, sa.Text()),
        REMINDER.c.zone,
        REMINDER.c.stopped_at,
        REMINDER.c.changed_at,
        Account.disabled_at,
        PatientSummary.last_check_in_on,
        when_answered(_QUEUE.c.local_date),
        *CHOICE_COLUMNS,
    )
    .join(REMINDER, REMINDER.c.id == _QUEUE.c.reminder_id)
    .join(Account, Account.id == REMINDER.c.account_id)
    .outerjoin(Patient, Patient.account_id == REMINDER.c.account_id)
    .outerjoin(PatientSummary, PatientSummary.patient_id == Patient.id)
    .where(_IS_DUE)
    .order_by(*_QUEUE.primary_key.columns)
    .limit(sa.bindparam("most", type_=sa.Integer()))
    .with_for_update(of=_QUEUE, skip_locked=True)
)
_TAKEN = spread({"due_at": UTCDateTime(), "of_reminder": sa.Integer(), "of_slot": sa.Text(), "by": sa.Text()})
_TAKE_OUT: dict[str, Change | Spread] = {
    "sqlite": Change(
        sa.delete(_QUEUE).where(
            _QUEUE.c.next_due_at == sa.bindparam("due_at", type_=UTCDateTime()),
            _QUEUE.c.reminder_id == sa.bindparam("of_reminder"),
            _QUEUE.c.slot == sa.bindparam("of_slot"),
            _QUEUE.c.channel == sa.bindparam("by"),
        )
    ),
    "postgresql": Spread(
        sa.delete(_QUEUE).where(
            _QUEUE.c.next_due_at == _TAKEN.c.due_at,
            _QUEUE.c.reminder_id == _TAKEN.c.of_reminder,
            _QUEUE.c.slot == _TAKEN.c.of_slot,
            _QUEUE.c.channel == _TAKEN.c.by,
        )
    ),
}
_BEGIN = {
    "sqlite": sqlite.insert(Reminder).on_conflict_do_nothing(),
    "postgresql": postgresql.insert(Reminder).on_conflict_do_nothing(),
}


def _later_plan_stays(adding: sqlite.Insert | postgresql.Insert) -> sqlite.Insert | postgresql.Insert:
    return adding.on_conflict_do_update(
        index_elements=list(_QUEUE.primary_key.columns),
        # One instant can be of two dates, either side of the date line.
        set_={"plan": adding.excluded.plan, "local_date": adding.excluded.local_date},
        where=_QUEUE.c.plan < adding.excluded.plan,
    ).inline()


_PLANNED = spread({column.key: column.type for column in _QUEUE.c})
_PUT_IN: dict[str, Change | Spread] = {
    "sqlite": Change(_later_plan_stays(sqlite.insert(_QUEUE))),
    "postgresql": Spread(
        _later_plan_stays(
            postgresql.insert(_QUEUE).from_select([column.key for column in _QUEUE.c], sa.select(*_PLANNED.c))
        )
    ),
}


@lru_cache(4096)
def _read(times: str, zone: str, stopped: bool, *choices: object) -> ReminderRule | None:
    """The rule of a row as its text; many people have the same one."""
    try:
        return as_rule(json.loads(times), zone, stopped, *choices)
    except (Refused, TypeError, ValueError, KeyError):
        return None


@lru_cache(64)
def _channels(text: str) -> frozenset[str] | None:
    """The channels of a row as its text; None where it cannot be read."""
    try:
        return frozenset(json.loads(text))
    except (TypeError, ValueError):
        return None


def as_rule(
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
    """The rule that the columns of a row say; raises what a rule refuses, and what cannot be read at all."""
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


def dialect_of(db: Session) -> str:
    """The name by which statements of one database's own are kept."""
    return db.get_bind().dialect.name
