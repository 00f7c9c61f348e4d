"""Claiming what is due: a batch goes from the queue into the ledger, to be sent or skipped with a reason.

One transaction, which the caller commits. Duplicates are impossible because the ledger is unique per person, local
date, slot and channel. What becomes of what was claimed is in ``deliveries``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from journal.domain.days import local_day
from journal.domain.reminder_decisions import (
    TRIAL,
    Facts,
    Skip,
    SkipReason,
    Trouble,
    delivery_decision,
    is_overtaken,
)
from journal.domain.reminder_limits import (
    BACKLOG_AFTER,
    BACKLOG_PER_SECOND,
    LEASE,
    QUESTIONNAIRE_REMINDED_AFTER,
    SENDING_WINDOW,
)
from journal.domain.reminder_prompts import (
    QuestionnaireDay,
    SessionDay,
    questionnaire_message_on,
    session_prompt_on,
)
from journal.domain.reminders import Due, ReminderRule, next_due_for_slot
from journal.logs import log, where
from journal.services.reminders import CHECK_IN, EMAIL, NOTES, REACH
from journal.storage import assessments, deliveries, digests, rate_limits, reminders
from journal.storage.base import new_public_id
from journal.storage.deliveries import DeliveryState, HeldDelivery
from journal.storage.reminders import ONCE, QueuedSlot

REPLACED = frozenset({SkipReason.REPLACED, SkipReason.WITH_QUESTIONNAIRE})
"""Skipped for these, something else comes in its place."""

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


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


def claim_due_reminders(
    db: Session,
    channel: str = EMAIL,
    *,
    worker: str,
    now: datetime,
    limit: int,
    awake_since: datetime | None = None,
) -> Claimed:
    """Move up to ``limit`` due rows of a channel from the queue into the ledger: claimed by ``worker``, or skipped with
    a reason.

    One transaction: the row leaves the queue, its delivery enters the ledger, its next due row enters the queue. Each
    due row moves on by its own due time, so that after an outage every missed one is in the ledger as skipped. Those on
    time come first, then those too late to be sent; what lies between is :func:`claim_backlog`'s. On time is what came
    due within the last ten minutes, or since the worker has been looking without a gap, ``awake_since``: what waits
    from then on waits because a message service takes no more at once, and not because nobody was there.
    """
    on_time = now - BACKLOG_AFTER
    if awake_since is not None:
        on_time = min(on_time, max(awake_since, now - SENDING_WINDOW))
    taken = reminders.take_due(db, channel, after=on_time, until=now, limit=limit)
    if len(taken) < limit:
        too_late = now - SENDING_WINDOW
        taken += reminders.take_due(db, channel, after=_EVER, until=too_late, limit=limit - len(taken))
    return _claim(db, taken, worker=worker, now=now)


def has_backlog(db: Session, channel: str = EMAIL, *, now: datetime) -> bool:
    """Whether anything is late, by an outage, and not too late."""
    return reminders.is_waiting(db, channel, after=now - SENDING_WINDOW, until=now - BACKLOG_AFTER)


def claim_backlog(db: Session, channel: str = EMAIL, *, worker: str, now: datetime) -> Claimed:
    """The same as :func:`claim_due_reminders` for what an outage left: a few a second, over all workers together."""
    brake = rate_limits.brake_on(db, f"reminder-backlog:{channel}", most=BACKLOG_PER_SECOND, now=now)
    taken = reminders.take_due(
        db, channel, after=now - SENDING_WINDOW, until=now - BACKLOG_AFTER, limit=brake.left
    )
    rate_limits.count_on(db, brake, len(taken))
    return _claim(db, taken, worker=worker, now=now)


def _claim(db: Session, taken: list[QueuedSlot], *, worker: str, now: datetime) -> Claimed:
    if not taken:
        return Claimed()
    counting = [slot for slot in taken if slot.counts]
    sessions, questionnaires = sessions_around(db, counting), questionnaires_around(db, counting)
    rows = [
        _ledger_row(
            db,
            slot,
            sessions.get(slot.account_id, ()),
            questionnaires.get(slot.account_id, ()),
            worker=worker,
            now=now,
        )
        for slot in counting
    ]
    entered = deliveries.enter_in_ledger(db, rows)
    following = [
        (slot.reminder_id, slot.plan, due, slot.channel)
        for slot in counting
        if slot.plan != ONCE
        and slot.is_open
        and slot.is_on
        and slot.leads
        and slot.rule is not None
        and (due := _following_or_none(slot.rule, slot.due)) is not None
    ]
    reminders.put_in_queue(db, following)
    for slot, row in zip(counting, rows, strict=True):
        if row["reason"] in REPLACED and slot.rule is not None:
            bring_instead(
                db,
                slot.reminder_id,
                slot.rule,
                sessions.get(slot.account_id, ()),
                questionnaires.get(slot.account_id, ()),
                slot.due,
                channel=slot.channel,
            )
    added = [row for row in rows if row["message_key"] in entered]
    states = [row["state"] for row in added]
    return Claimed(
        to_send=[str(row["message_key"]) for row in added if row["state"] == DeliveryState.CLAIMED],
        skipped=states.count(DeliveryState.SKIPPED),
        failed=states.count(DeliveryState.FAILED),
        needless=len(taken) - len(added),
    )


def bring_instead(
    db: Session,
    reminder_id: int,
    rule: ReminderRule,
    sessions: tuple[SessionDay, ...],
    questionnaires: tuple[QuestionnaireDay, ...],
    due: Due,
    *,
    channel: str,
) -> None:
    """See to it that what takes the place of ``due`` comes. Its own time may have passed before its session was
    recorded, so that no plan ever held it; where one does, the ledger takes it once."""
    instead = session_prompt_on(rule, sessions, due.local_date) or questionnaire_message_on(
        rule, questionnaires, due.local_date
    )
    if instead is not None:
        reminders.put_in_queue(db, [(reminder_id, ONCE, instead, channel)])


def sessions_around(db: Session, slots: list[QueuedSlot]) -> dict[int, tuple[SessionDay, ...]]:
    """The sessions that matter to a batch, by account."""
    patients = [slot for slot in slots if slot.kind == CHECK_IN]
    if not patients:
        return {}
    dates = [slot.due.local_date for slot in patients]
    return reminders.sessions_near(
        db,
        {slot.account_id for slot in patients},
        first=min(dates) - REACH,
        last=max(dates) + timedelta(days=1),
    )


def questionnaires_around(db: Session, slots: list[QueuedSlot]) -> dict[int, tuple[QuestionnaireDay, ...]]:
    """The questionnaires that matter to a batch, by account."""
    patients = [slot for slot in slots if slot.kind == CHECK_IN]
    if not patients:
        return {}
    dates = [slot.due.local_date for slot in patients]
    return assessments.questionnaire_days(
        db,
        {slot.account_id for slot in patients},
        first=min(dates) - QUESTIONNAIRE_REMINDED_AFTER,
        last=max(dates),
    )


def facts_of(
    db: Session,
    slot: QueuedSlot | HeldDelivery,
    sessions: tuple[SessionDay, ...],
    questionnaires: tuple[QuestionnaireDay, ...],
    *,
    now: datetime,
) -> Facts:
    """What is known of a slot's day, to be decided on: at the claim, and again before it is sent."""
    zone = slot.rule.zone if slot.rule is not None else "UTC"
    return Facts(
        begun_on=local_day(slot.begun_at, zone),
        last_check_in=slot.last_check_in,
        sessions=sessions,
        answered_at=slot.answered_at,
        is_news=slot.kind != NOTES or digests.is_news(db, slot.account_id, slot.due, now=now),
        questionnaires=questionnaires,
    )


@lru_cache(4096)
def _following(rule: ReminderRule, due: Due) -> Due | None:
    """What comes after ``due``; many people have the same rule, and are due together."""
    return next_due_for_slot(rule, due.slot, after=due.due_at, last=due)


def _following_or_none(rule: ReminderRule, due: Due) -> Due | None:
    try:
        return _following(rule, due)
    except Exception as fault:
        log.error("reminder fault", fault=type(fault).__name__, where=where(fault))
        return None


def _ledger_row(
    db: Session,
    slot: QueuedSlot,
    sessions: tuple[SessionDay, ...],
    questionnaires: tuple[QuestionnaireDay, ...],
    *,
    worker: str,
    now: datetime,
) -> dict[str, object]:
    is_open = slot.is_open and (slot.is_on or slot.due.slot.startswith(TRIAL))
    try:
        facts = facts_of(db, slot, sessions, questionnaires, now=now)
        state, reason = _verdict(slot.rule, slot.due, facts, is_open=is_open, now=now)
    except SQLAlchemyError:  # the database itself, which is nobody's row: the batch comes again
        raise
    except Exception as fault:  # one row that cannot be decided on holds up nobody else
        log.error("reminder fault", channel=slot.channel, fault=type(fault).__name__, where=where(fault))
        state, reason = DeliveryState.FAILED, Trouble.FAULT.value
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
    rule: ReminderRule | None, due: Due, facts: Facts, *, is_open: bool, now: datetime
) -> tuple[DeliveryState, str | None]:
    """As what a due row enters the ledger, and why; a batch has few different ones."""
    if rule is None:
        return DeliveryState.FAILED, Trouble.FAULT.value
    overtaken = is_overtaken(rule, due, now=now)
    decision = delivery_decision(due, now, rule=rule, facts=facts, is_open=is_open, overtaken=overtaken)
    if isinstance(decision, Skip):
        return DeliveryState.SKIPPED, decision.reason.value
    return DeliveryState.CLAIMED, None
