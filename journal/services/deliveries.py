"""Reminders from queue to ledger: claiming a batch, sending one, and noticing what was lost.

Sending is three steps with a commit between them (the caller commits): *claimed*, *sending*, then the outcome. A
crash before *sending* lets another worker take over; a crash after it leaves *unknown*, which is never sent again.
Duplicates are impossible because the ledger is unique per person, local date, slot and channel, and because every
step names the state it saw.

How messages look and leave is in ``journal.jobs.channels``; when anything runs, in ``journal.jobs``.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from journal.domain.days import end_of_link, local_day
from journal.domain.home_screen import AppName
from journal.domain.reminder_decisions import (
    TRIAL,
    Facts,
    Skip,
    SkipReason,
    Why,
    delivery_decision,
    is_overtaken,
    sending_ends,
    why,
)
from journal.domain.reminder_limits import (
    BACKLOG_AFTER,
    BACKLOG_PER_SECOND,
    LEASE,
    MAX_ATTEMPTS,
    QUESTIONNAIRE_REMINDED_AFTER,
    RETRY_AFTER,
    SENDING_WINDOW,
)
from journal.domain.reminder_prompts import (
    QuestionnaireDay,
    SessionDay,
    questionnaire_message_on,
    session_prompt_on,
)
from journal.domain.reminders import Due, ReminderRule, next_due_for_slot
from journal.domain.words import translatable
from journal.languages import Language
from journal.logs import log, where
from journal.services.links import fingerprint, new_token
from journal.services.reminders import CHECK_IN, EMAIL, NOTES, PUSH, REACH, switch_channel
from journal.storage import assessments, deliveries, digests, rate_limits, reminders
from journal.storage.base import new_public_id
from journal.storage.deliveries import DeliveryState, HeldDelivery
from journal.storage.reminders import ONCE, QueuedSlot

MAY_REPEAT = frozenset({PUSH})
"""Channels on which a message that comes again replaces the one before, so that a lost answer may be asked for anew."""

LINES = (
    translatable("Got a minute?"),
    translatable("A quiet moment, if you’d like one."),
    translatable("Here when you’re ready."),
)
EVE_LINE = translatable("Tomorrow: a note is waiting for you.")
DAY_AFTER_LINE = translatable("Take today slowly. Nothing needed.")
NEWS_LINE = translatable("There is something to read.")
EVERY_LINE = (*LINES, EVE_LINE, DAY_AFTER_LINE, NEWS_LINE)
"""All that a lock screen ever shows."""

REFUSED_TOO_OFTEN = 3
"""So many refusals for good in a row, and the channel is given up (a mailbox that is closed, a number that is gone)."""

_HOLD_BELIEVED = 10 * LEASE
"""No hold lasts so long, whatever machines differ by: one that does was taken before a clock was set back."""

_EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Trouble(StrEnum):
    """Why a delivery ended without our knowing that it arrived, or had to be tried again."""

    REFUSED = "refused"  # the message service said not now, or could not be reached
    TURNED_AWAY = "turned_away"  # it said never
    FAULT = "fault"  # ours: the message could not be made
    GAVE_UP = "gave_up"  # lost with its worker, or a fault of ours, too often
    NO_ANSWER = "no_answer"  # handed over, and then silence
    INTERRUPTED = "interrupted"  # the worker died while sending
    GONE = "gone"  # there is nothing left to send to: a subscription that ended, a number that is no more


IN_DOUBT = frozenset({Trouble.NO_ANSWER, Trouble.INTERRUPTED})
"""After one of these it may have arrived. Where it is sent again all the same, only a certain answer ends the doubt."""


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
    """A delivery that may leave now, by ``channel``, to the account's address there.

    ``line`` is one of ours, to be said in ``language``: what its reader has chosen. ``link_token`` is the secret of its
    write-only link, None where it asks for no check-in; ``stop_token`` the one that stops the channel. After ``until``
    nobody is to see it. ``topic`` is the same for every attempt; it is for no one to read.
    """

    account_id: int
    channel: str
    email: str
    language: Language
    app: AppName
    message_key: str
    slot: str
    line: str
    link_token: str | None
    stop_token: str
    topic: str
    until: datetime


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


def begin_sending(db: Session, message_key: str, *, worker: str, now: datetime) -> Outgoing | None:
    """Set a claimed delivery to *sending*, or end it if something changed since. None: there is nothing to send.

    Commit before the message leaves. Whether the day has a check-in, whether the rule still wants it and whether its
    window is open is asked again here: many answer between the claim and the sending.
    """
    held = deliveries.held(db, message_key, now=now)
    if _end(db, held, worker=worker, now=now) or held.rule is None:
        return None
    asks = why(held.due.slot) not in _WITHOUT_LINK
    link_token, stop_token = new_token() if asks else None, new_token()
    is_ours = deliveries.move(
        db,
        message_key,
        worker=worker,
        seen=DeliveryState.CLAIMED,
        to=DeliveryState.SENDING,
        lease_until=now + LEASE,
        link_hash=fingerprint(link_token) if link_token else None,
        link_ends_at=end_of_link(held.due.local_date, held.rule.zone) if link_token else None,
        stop_hash=fingerprint(stop_token),
    )
    if not is_ours:
        return None
    return Outgoing(
        account_id=held.account_id,
        channel=held.channel,
        email=held.email,
        language=held.language,
        app=held.app,
        message_key=held.message_key,
        slot=held.due.slot,
        line=_line(held.due.slot, held.message_key),
        link_token=link_token,
        stop_token=stop_token,
        topic=f"{held.due.local_date}|{held.due.slot}",
        until=sending_ends(held.rule, held.due),
    )


def end_what_is_over(db: Session, message_key: str, *, worker: str, now: datetime) -> bool:
    """Write down that a claimed delivery is not sent, if it is not; whether that is so. Its service is not asked."""
    return _end(db, deliveries.held(db, message_key, now=now), worker=worker, now=now)


def put_off(db: Session, message_key: str, *, worker: str, until: datetime) -> bool:
    """Its service has been answering nobody: leave the claimed delivery to whoever looks again from ``until`` on."""
    return deliveries.move(
        db,
        message_key,
        worker=worker,
        seen=DeliveryState.CLAIMED,
        to=DeliveryState.CLAIMED,
        reason=deliveries.reason_or_doubt(Trouble.REFUSED, doubts=IN_DOUBT),
        lease_until=until,
        claimed_by=None,
    )


def record_sent(db: Session, message_key: str, *, worker: str, now: datetime) -> bool:
    """The server took it. Its sender knows, even where others had given the delivery up as unknown meanwhile."""
    return any(
        deliveries.move(
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


def record_silence(db: Session, message_key: str, channel: str, *, worker: str, now: datetime) -> bool:
    """It was handed over and no answer came: never again, and said so in the log. Unless a repeat does no harm: then
    anybody tries again a little later, while its window lasts."""
    if channel in MAY_REPEAT:
        return deliveries.move(
            db,
            message_key,
            worker=worker,
            seen=DeliveryState.SENDING,
            to=DeliveryState.CLAIMED,
            reason=Trouble.NO_ANSWER.value,
            lease_until=now + RETRY_AFTER,
            claimed_by=None,
        )
    return _end_sending(db, message_key, DeliveryState.UNKNOWN, Trouble.NO_ANSWER, worker=worker)


def record_refused(
    db: Session,
    message_key: str,
    *,
    worker: str,
    permanent: bool,
    now: datetime,
    retry_after: timedelta | None = None,
) -> bool:
    """It certainly did not leave. For now: anybody tries again a little later, while its window lasts.

    For good, and so often that the address must be closed: the channel is given up, and mail takes its place if nothing
    else would.
    """
    if not permanent:
        return deliveries.move(
            db,
            message_key,
            worker=worker,
            seen=DeliveryState.SENDING,
            to=DeliveryState.CLAIMED,
            reason=deliveries.reason_or_doubt(Trouble.REFUSED, doubts=IN_DOUBT),
            # However long it asks for: once its window is over, that is to be written down.
            lease_until=now + min(max(RETRY_AFTER, retry_after or RETRY_AFTER), SENDING_WINDOW),
            claimed_by=None,
        )
    is_ours = _end_sending(db, message_key, DeliveryState.FAILED, Trouble.TURNED_AWAY, worker=worker)
    if is_ours:
        _give_up_closed_address(db, message_key, now=now)
    return is_ours


def record_gone(db: Session, message_key: str, *, worker: str, now: datetime) -> bool:
    """Nothing is left to send to by this channel: it is switched off, and mail takes its place if nothing else would
    and its owner never said that they want none.

    The message itself comes by mail then, while its window lasts. Who only tries a channel that was off is told so, and
    nothing else changes.
    """
    is_ours = _end_sending(db, message_key, DeliveryState.FAILED, Trouble.GONE, worker=worker)
    if is_ours:
        _end_channel(db, deliveries.held(db, message_key, now=now), now=now)
    return is_ours


def record_stopped(db: Session, message_key: str, *, worker: str) -> bool:
    """Its reader said STOP where it was to go. The rule stays as it is, so that START brings what follows."""
    return _end_sending(db, message_key, DeliveryState.SKIPPED, SkipReason.STOPPED, worker=worker)


def record_fault(db: Session, message_key: str, *, worker: str, now: datetime) -> bool:
    """A fault of ours, certainly before the message left: again a little later, and at the third time never."""
    return deliveries.count_fault(
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
    deliveries.renew_leases(db, message_keys, worker=worker, lease_until=now + LEASE)


def give_back(db: Session, message_keys: Collection[str], *, worker: str, now: datetime) -> None:
    """A worker that is told to stop gives back what it has not begun to send."""
    deliveries.release(db, message_keys, worker=worker, now=now)


def sweep(
    db: Session, channel: str = EMAIL, *, worker: str, now: datetime, limit: int
) -> tuple[list[str], int]:
    """Find what waits for another try or was lost with its worker: claimed ones are taken over, ones in the middle of
    sending become unknown, or are taken over too where a repeat replaces what came before.

    Returns (keys of those taken over, how many were lost in the middle of sending).
    """
    lost = deliveries.give_up_on_sending(
        db,
        channel,
        now=now,
        believed_until=now + _HOLD_BELIEVED,
        reason=Trouble.INTERRUPTED.value,
        may_repeat=channel in MAY_REPEAT,
    )
    taken = deliveries.take_over(
        db,
        channel,
        worker=worker,
        now=now,
        believed_until=now + _HOLD_BELIEVED,
        lease_until=now + LEASE,
        limit=limit,
    )
    return taken, lost


def _claim(db: Session, taken: list[QueuedSlot], *, worker: str, now: datetime) -> Claimed:
    if not taken:
        return Claimed()
    counting = [slot for slot in taken if slot.counts]
    sessions, questionnaires = _sessions_around(db, counting), _questionnaires_around(db, counting)
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
        if row["reason"] in _REPLACED and slot.rule is not None:
            _bring_instead(
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


def _bring_instead(
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


def _sessions_around(db: Session, slots: list[QueuedSlot]) -> dict[int, tuple[SessionDay, ...]]:
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


def _questionnaires_around(db: Session, slots: list[QueuedSlot]) -> dict[int, tuple[QuestionnaireDay, ...]]:
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


def _facts(
    db: Session,
    slot: QueuedSlot | HeldDelivery,
    sessions: tuple[SessionDay, ...],
    questionnaires: tuple[QuestionnaireDay, ...],
    *,
    now: datetime,
) -> Facts:
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
        facts = _facts(db, slot, sessions, questionnaires, now=now)
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


def _end_sending(
    db: Session, message_key: str, to: DeliveryState, reason: Trouble | SkipReason, *, worker: str
) -> bool:
    """Write down for good what became of a sending; whether it was still this worker's."""
    return deliveries.move(
        db,
        message_key,
        worker=worker,
        seen=DeliveryState.SENDING,
        to=to,
        reason=reason.value,
        lease_until=None,
    )


def _end(db: Session, held: HeldDelivery, *, worker: str, now: datetime) -> bool:
    """End a claimed delivery that is not to be sent; whether it was one."""
    ending = _ending(db, held, now=now)
    if ending is None:
        return False
    state, reason = ending
    deliveries.move(
        db,
        held.message_key,
        worker=worker,
        seen=DeliveryState.CLAIMED,
        to=state,
        reason=reason,
        lease_until=None,
    )
    return True


def _ending(db: Session, held: HeldDelivery, *, now: datetime) -> tuple[DeliveryState, str] | None:
    """How a claimed delivery ends without being sent, and why; None when it may be sent."""
    if held.attempts >= MAX_ATTEMPTS:
        return _without_doubt(held, DeliveryState.FAILED, Trouble.GAVE_UP)
    if held.rule is None:
        return _without_doubt(held, DeliveryState.SKIPPED, SkipReason.STOPPED)
    near = held.due.local_date - REACH, held.due.local_date + timedelta(days=1)
    sessions = reminders.sessions_near(db, [held.account_id], first=near[0], last=near[1])
    asked = assessments.questionnaire_days(
        db,
        [held.account_id],
        first=held.due.local_date - QUESTIONNAIRE_REMINDED_AFTER,
        last=held.due.local_date,
    ).get(held.account_id, ())
    decision = delivery_decision(
        held.due,
        now,
        rule=held.rule,
        facts=_facts(db, held, sessions.get(held.account_id, ()), asked, now=now),
        is_open=held.is_open and (held.is_on or held.due.slot.startswith(TRIAL)),
        overtaken=held.overtaken,
    )
    if not isinstance(decision, Skip):
        return None
    if decision.reason in _REPLACED and held.reminder_id is not None:
        _bring_instead(
            db,
            held.reminder_id,
            held.rule,
            sessions.get(held.account_id, ()),
            asked,
            held.due,
            channel=held.channel,
        )
    if held.reason is not None and decision.reason is SkipReason.LATE:
        return _without_doubt(held, DeliveryState.FAILED, held.reason)
    return _without_doubt(held, DeliveryState.SKIPPED, decision.reason)


def _without_doubt(held: HeldDelivery, state: DeliveryState, reason: str) -> tuple[DeliveryState, str]:
    """So it ends, unless an earlier try may have arrived: then that is what its log says."""
    if held.reason is not None and held.reason in IN_DOUBT:
        return DeliveryState.UNKNOWN, held.reason
    return state, str(reason)


_REPLACED = frozenset({SkipReason.REPLACED, SkipReason.WITH_QUESTIONNAIRE})

_WITHOUT_LINK = frozenset({Why.EVE_OF_SESSION, Why.NEWS, Why.QUESTIONNAIRE})
"""What asks for no check-in has no link that one could be written by."""


def _line(slot: str, message_key: str) -> str:
    match why(slot):
        case Why.EVE_OF_SESSION:
            return EVE_LINE
        case Why.NEWS:
            return NEWS_LINE
        case Why.DAYS_AFTER_SESSION if slot.endswith(":d1"):
            return DAY_AFTER_LINE
        case _:
            return LINES[zlib.crc32(message_key.encode()) % len(LINES)]


def _give_up_closed_address(db: Session, message_key: str, *, now: datetime) -> None:
    held = deliveries.held(db, message_key, now=now)
    latest = deliveries.latest_outcomes(db, held.account_id, held.channel, limit=REFUSED_TOO_OFTEN)
    if latest == [(DeliveryState.FAILED, Trouble.TURNED_AWAY.value)] * REFUSED_TOO_OFTEN:
        _end_channel(db, held, now=now)


def _end_channel(db: Session, held: HeldDelivery, *, now: datetime) -> None:
    """Nothing arrives by the channel of ``held`` any more. If nothing else is on, mail takes its place, and brings it;
    unless that is what ended, or the person stopped our mails."""
    was_on = switch_channel(db, held.account_id, held.channel, on=False, kind=held.kind, now=now)
    row = reminders.reminder_of(db, held.account_id, kind=held.kind)
    if was_on and row is not None and not row.channels and held.channel != EMAIL and not row.mail_refused:
        switch_channel(db, held.account_id, EMAIL, on=True, kind=held.kind, now=now)
        if not held.due.slot.startswith(TRIAL):
            reminders.put_in_queue(db, [(row.id, ONCE, held.due, EMAIL)])
