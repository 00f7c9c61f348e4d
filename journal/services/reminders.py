"""Reminders from rule to ledger: planning, claiming a batch, sending one, and noticing what was lost.

Sending is three steps with a commit between them (the caller commits): *claimed*, *sending*, then the outcome. A
crash before *sending* lets another worker take over; a crash after it leaves *unknown*, which is never sent again.
Duplicates are impossible because the ledger is unique per person, local date, slot and channel, and because every
step names the state it saw.

How messages look and leave is in ``journal.services.mail``; when anything runs, in ``journal.jobs``.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from functools import lru_cache

from sqlalchemy.orm import Session

from journal.domain.days import end_of_link
from journal.domain.reminder_limits import (
    BACKLOG_AFTER,
    BACKLOG_PER_SECOND,
    LEASE,
    MAX_ATTEMPTS,
    RETRY_AFTER,
    SENDING_WINDOW,
)
from journal.domain.reminders import (
    Due,
    ReminderRule,
    Skip,
    SkipReason,
    delivery_decision,
    is_overtaken,
    next_due_for_slot,
    still_wanted,
)
from journal.domain.words import translatable
from journal.languages import Language
from journal.services.links import fingerprint, new_token
from journal.storage import rate_limits, reminders
from journal.storage.base import new_public_id
from journal.storage.reminders import DeliveryState, HeldDelivery, QueuedSlot, Reminder

CHECK_IN = "checkin"
EMAIL = "email"

LINES = (
    translatable("Got a minute?"),
    translatable("A quiet moment, if you’d like one."),
    translatable("Here when you’re ready."),
)
"""All that a lock screen ever shows."""

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Trouble(StrEnum):
    """Why a delivery ended without our knowing that it arrived, or had to be tried again."""

    REFUSED = "refused"  # the message service said no
    FAULT = "fault"  # ours: the message could not be made
    GAVE_UP = "gave_up"  # lost with its worker, or a fault of ours, too often
    NO_ANSWER = "no_answer"  # handed over, and then silence
    INTERRUPTED = "interrupted"  # the worker died while sending


@dataclass(frozen=True, slots=True)
class Claimed:
    """What became of one batch of due rows: the message keys of those to send, and how many of the others.

    ``needless``: the ledger knew them already, or the rule was changed since they were planned.
    """

    to_send: list[str] = field(default_factory=list)
    skipped: int = 0
    failed: int = 0
    needless: int = 0

    @property
    def taken(self) -> int:
        """How many due rows left the queue."""
        return len(self.to_send) + self.skipped + self.failed + self.needless


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A delivery that may leave now, with the secret of its write-only link.

    ``line`` is one of ``LINES``, to be said in ``language``: what its reader has chosen.
    """

    email: str
    language: Language
    message_key: str
    line: str
    link_token: str


def set_reminder(
    db: Session, account_id: int, *, rule: ReminderRule, channels: Sequence[str], now: datetime
) -> None:
    """Replace a patient's check-in rule and plan what comes next."""
    row = reminders.reminder_to_change(db, account_id, kind=CHECK_IN)
    overdue = [] if row is None else _overdue(db, row, now=now)
    row = reminders.keep_rule(db, account_id, kind=CHECK_IN, rule=rule, channels=tuple(channels), now=now)
    _plan(db, row, overdue, now=now)


def replan(db: Session, account_id: int, *, zone: str, now: datetime) -> None:
    """A patient's zone changed: the same wall times in the new zone, from now on."""
    row = reminders.reminder_to_change(db, account_id, kind=CHECK_IN)
    if row is not None:
        overdue = _overdue(db, row, now=now)
        if zone != row.zone:
            row.zone, row.changed_at = zone, now
            db.flush()
        _plan(db, row, overdue, now=now)


def next_reminder(db: Session, account_id: int, *, now: datetime) -> Due | None:
    """A patient's next message of any slot and channel, as it is planned; None if nothing is to come."""
    row = reminders.reminder_of(db, account_id, kind=CHECK_IN)
    rule = reminders.rule_if_readable(row) if row is not None else None
    if row is None or rule is None:
        return None
    last = reminders.last_deliveries(db, account_id)
    coming = [
        next_due_for_slot(rule, chosen.slot, after=now, last=last.get((chosen.slot, str(channel))))
        for chosen in rule.times
        for channel in row.channels
    ]
    return min((due for due in coming if due is not None), key=lambda due: due.due_at, default=None)


def claim_due_reminders(db: Session, *, worker: str, now: datetime, limit: int) -> Claimed:
    """Move up to ``limit`` due rows from the queue into the ledger, as claimed by ``worker`` or skipped with a reason.

    One transaction: the row leaves the queue, its delivery enters the ledger, its next due row enters the queue. Each
    due row moves on by its own due time, so that after an outage every missed one is in the ledger as skipped. Those on
    time come first, then those too late to be sent; what lies between is :func:`claim_backlog`'s.
    """
    taken = reminders.take_due(db, after=now - BACKLOG_AFTER, until=now, limit=limit)
    if len(taken) < limit:
        taken += reminders.take_due(db, after=_EVER, until=now - SENDING_WINDOW, limit=limit - len(taken))
    return _claim(db, taken, worker=worker, now=now)


def has_backlog(db: Session, *, now: datetime) -> bool:
    """Whether anything is late, by an outage, and not too late."""
    return reminders.is_waiting(db, after=now - SENDING_WINDOW, until=now - BACKLOG_AFTER)


def claim_backlog(db: Session, *, worker: str, now: datetime) -> Claimed:
    """The same as :func:`claim_due_reminders` for what an outage left: a few a second, over all workers together."""
    brake = rate_limits.brake_on(db, f"reminder-backlog:{EMAIL}", most=BACKLOG_PER_SECOND, now=now)
    taken = reminders.take_due(db, after=now - SENDING_WINDOW, until=now - BACKLOG_AFTER, limit=brake.left)
    rate_limits.count_on(db, brake, len(taken))
    return _claim(db, taken, worker=worker, now=now)


def begin_sending(db: Session, message_key: str, *, worker: str, now: datetime) -> Outgoing | None:
    """Set a claimed delivery to *sending*, or end it if something changed since. None: there is nothing to send.

    Commit before the message leaves. Whether the day has a check-in, whether the rule still wants it and whether its
    window is open is asked again here: many answer between the claim and the sending.
    """
    held = reminders.held(db, message_key, now=now)
    ending = _ending(held, now=now)
    if ending is not None:
        state, reason = ending
        reminders.move(
            db,
            message_key,
            worker=worker,
            seen=DeliveryState.CLAIMED,
            to=state,
            reason=reason,
            lease_until=None,
        )
        return None
    token = new_token()
    is_ours = reminders.move(
        db,
        message_key,
        worker=worker,
        seen=DeliveryState.CLAIMED,
        to=DeliveryState.SENDING,
        lease_until=now + LEASE,
        link_hash=fingerprint(token),
        link_ends_at=end_of_link(held.due.local_date, held.zone),
    )
    if not is_ours:
        return None
    return Outgoing(
        email=held.email,
        language=held.language,
        message_key=held.message_key,
        line=LINES[zlib.crc32(held.message_key.encode()) % len(LINES)],
        link_token=token,
    )


def record_sent(db: Session, message_key: str, *, worker: str, now: datetime) -> bool:
    """The server took it. Its sender knows, even where others had given the delivery up as unknown meanwhile."""
    return any(
        reminders.move(
            db,
            message_key,
            worker=worker,
            seen=seen,
            to=DeliveryState.SENT,
            reason=None,
            sent_at=now,
            lease_until=None,
        )
        for seen in (DeliveryState.SENDING, DeliveryState.UNKNOWN)
    )


def record_unknown(db: Session, message_key: str, *, worker: str) -> bool:
    """It was handed over and no answer came: never again, and said so in the log."""
    return reminders.move(
        db,
        message_key,
        worker=worker,
        seen=DeliveryState.SENDING,
        to=DeliveryState.UNKNOWN,
        reason=Trouble.NO_ANSWER.value,
        lease_until=None,
    )


def record_refused(db: Session, message_key: str, *, worker: str, permanent: bool, now: datetime) -> bool:
    """It certainly did not leave. For now: anybody tries again a little later, while its window lasts."""
    if permanent:
        return reminders.move(
            db,
            message_key,
            worker=worker,
            seen=DeliveryState.SENDING,
            to=DeliveryState.FAILED,
            reason=Trouble.REFUSED.value,
            lease_until=None,
        )
    return reminders.move(
        db,
        message_key,
        worker=worker,
        seen=DeliveryState.SENDING,
        to=DeliveryState.CLAIMED,
        reason=Trouble.REFUSED.value,
        lease_until=now + RETRY_AFTER,
        claimed_by=None,
    )


def record_fault(db: Session, message_key: str, *, worker: str, now: datetime) -> bool:
    """A fault of ours, certainly before the message left: again a little later, and at the third time never."""
    return reminders.count_fault(
        db,
        message_key,
        worker=worker,
        most=MAX_ATTEMPTS,
        reason=Trouble.FAULT.value,
        given_up=Trouble.GAVE_UP.value,
        again_at=now + RETRY_AFTER,
    )


def keep_hold(db: Session, message_keys: Collection[str], *, worker: str, now: datetime) -> None:
    """A living worker's sign of life for what it has in its hands."""
    reminders.renew_leases(db, message_keys, worker=worker, lease_until=now + LEASE)


def give_back(db: Session, message_keys: Collection[str], *, worker: str, now: datetime) -> None:
    """A worker that is told to stop gives back what it has not begun to send."""
    reminders.release(db, message_keys, worker=worker, now=now)


def sweep(db: Session, *, worker: str, now: datetime, limit: int) -> tuple[list[str], int]:
    """Find what waits for another try or was lost with its worker: claimed ones are taken over, ones in the middle of
    sending become unknown.

    Returns (keys of those taken over, how many became unknown).
    """
    unknown = reminders.give_up_on_sending(db, now=now, reason=Trouble.INTERRUPTED.value)
    taken = reminders.take_over(db, worker=worker, now=now, lease_until=now + LEASE, limit=limit)
    return taken, unknown


def _overdue(db: Session, row: Reminder, *, now: datetime) -> list[tuple[Due, str]]:
    """What has come due under a reminder's rule and was not claimed yet, as (due, channel), earliest first.

    A row of the queue stands for all that follow it: after an outage they have come due as well. Not so one that was
    overdue when the rule was last changed: the rule it came by is gone, and what followed was written down then.
    """
    rule = reminders.rule_if_readable(row)
    overdue = []
    for waiting, channel in reminders.overdue_rows(db, row, now=now):
        leads = rule is not None and waiting.due_at > row.changed_at
        due: Due | None = waiting
        while due is not None and due.due_at <= now:
            overdue.append((due, channel))
            due = next_due_for_slot(rule, due.slot, after=due.due_at, last=due) if leads and rule else None
    return sorted(overdue, key=lambda one: one[0].due_at)


def _plan(db: Session, row: Reminder, overdue: list[tuple[Due, str]], *, now: datetime) -> None:
    """Write the queue anew for one reminder.

    ``overdue`` stays, so that a change of the rule never makes a due message disappear: it is claimed, or skipped with
    a reason, in a moment. Unless the new rule asks for that very date at a later time.
    """
    rule = reminders.rule_of(row)
    latest = {(due.slot, channel): due for due, channel in overdue}
    last = reminders.last_deliveries(db, row.account_id)
    planned = []
    for chosen in rule.times:
        for channel in (str(channel) for channel in row.channels):
            key = chosen.slot, channel
            due = next_due_for_slot(rule, chosen.slot, after=now, last=last.get(key))
            if due is not None and key in latest:
                if due.local_date == latest[key].local_date:
                    overdue = [one for one in overdue if one != (latest[key], channel)]
                else:
                    due = next_due_for_slot(rule, chosen.slot, after=now, last=latest[key])
            if due is not None:
                planned.append((due, channel))
    reminders.plan_anew(db, row, [*overdue, *planned])


def _claim(db: Session, taken: list[QueuedSlot], *, worker: str, now: datetime) -> Claimed:
    if not taken:
        return Claimed()
    counting = [slot for slot in taken if slot.counts]
    rows = [_ledger_row(slot, worker=worker, now=now) for slot in counting]
    entered = reminders.enter_in_ledger(db, rows)
    following = [
        (slot.reminder_id, slot.plan, due, slot.channel)
        for slot in counting
        if slot.open and slot.leads and slot.rule and (due := _following(slot.rule, slot.due)) is not None
    ]
    reminders.put_in_queue(db, following)
    added = [row for row in rows if row["message_key"] in entered]
    states = [row["state"] for row in added]
    return Claimed(
        to_send=[str(row["message_key"]) for row in added if row["state"] == DeliveryState.CLAIMED],
        skipped=states.count(DeliveryState.SKIPPED),
        failed=states.count(DeliveryState.FAILED),
        needless=len(taken) - len(added),
    )


@lru_cache(4096)
def _following(rule: ReminderRule, due: Due) -> Due | None:
    """What comes after ``due``; many people have the same rule, and are due together."""
    return next_due_for_slot(rule, due.slot, after=due.due_at, last=due)


def _ledger_row(slot: QueuedSlot, *, worker: str, now: datetime) -> dict[str, object]:
    state, reason = _verdict(slot.rule, slot.due, open_=slot.open, has_check_in=slot.has_check_in, now=now)
    is_claimed = state is DeliveryState.CLAIMED
    key = new_public_id()
    return {
        "public_id": key,
        "account_id": slot.account_id,
        "reminder_id": slot.reminder_id,
        "local_date": slot.due.local_date,
        "slot": slot.due.slot,
        "channel": slot.channel,
        "state": state.value,
        "reason": reason,
        "claimed_by": worker if is_claimed else None,
        "lease_until": now + LEASE if is_claimed else None,
        "attempts": 0,
        "due_at": slot.due.due_at,
        "message_key": key,
    }


@lru_cache(1024)
def _verdict(
    rule: ReminderRule | None, due: Due, *, open_: bool, has_check_in: bool, now: datetime
) -> tuple[DeliveryState, str | None]:
    """As what a due row enters the ledger, and why; a batch has few different ones."""
    if rule is None:
        return DeliveryState.FAILED, Trouble.FAULT.value
    decision = delivery_decision(
        due,
        now,
        zone=rule.zone,
        has_check_in_on_local_date=has_check_in,
        stopped=not open_ or not still_wanted(rule, due),
        overtaken=is_overtaken(rule, due, now=now),
    )
    if isinstance(decision, Skip):
        return DeliveryState.SKIPPED, decision.reason.value
    return DeliveryState.CLAIMED, None


def _ending(held: HeldDelivery, *, now: datetime) -> tuple[DeliveryState, str] | None:
    """How a claimed delivery ends without being sent, and why; None when it may be sent."""
    if held.attempts >= MAX_ATTEMPTS:
        return DeliveryState.FAILED, Trouble.GAVE_UP.value
    decision = delivery_decision(
        held.due,
        now,
        zone=held.zone,
        has_check_in_on_local_date=held.has_check_in,
        stopped=not held.open or held.rule is None or not still_wanted(held.rule, held.due),
        overtaken=held.overtaken,
    )
    if not isinstance(decision, Skip):
        return None
    if held.reason is not None and decision.reason is SkipReason.LATE:
        return DeliveryState.FAILED, held.reason
    return DeliveryState.SKIPPED, decision.reason.value
