"""Sending what was claimed, step by step, and noticing what was lost.

Sending is three steps with a commit between them (the caller commits): *claimed*, *sending*, then the outcome. A
crash before *sending* lets another worker take over; a crash after it leaves *unknown*, which is never sent again,
because every step names the state it saw. Claiming is ``claiming``.

How messages look and leave is in ``journal.jobs.channels``; when anything runs, in ``journal.jobs``.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from journal.domain.days import end_of_link
from journal.domain.home_screen import AppName
from journal.domain.reminder_decisions import (
    IN_DOUBT,
    TRIAL,
    Skip,
    SkipReason,
    Trouble,
    Why,
    delivery_decision,
    sending_ends,
    why,
)
from journal.domain.reminder_limits import (
    LEASE,
    MAX_ATTEMPTS,
    QUESTIONNAIRE_REMINDED_AFTER,
    RETRY_AFTER,
    SENDING_WINDOW,
)
from journal.languages import Language
from journal.services.claiming import REPLACED, bring_instead, facts_of
from journal.services.links import fingerprint, new_token
from journal.services.reminder_lines import line_of
from journal.services.reminders import EMAIL, PUSH, REACH, switch_channel
from journal.storage import assessments, deliveries, reminders
from journal.storage.deliveries import DeliveryState, HeldDelivery
from journal.storage.reminders import ONCE

MAY_REPEAT = frozenset({PUSH})
"""Channels on which a message that comes again replaces the one before, so that a lost answer may be asked for anew."""

REFUSED_TOO_OFTEN = 3
"""So many refusals for good in a row, and the channel is given up (a mailbox that is closed, a number that is gone)."""

_HOLD_BELIEVED = 10 * LEASE
"""No hold lasts so long, whatever machines differ by: one that does was taken before a clock was set back."""


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
        line=line_of(held.due.slot, held.message_key),
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
        facts=facts_of(db, held, sessions.get(held.account_id, ()), asked, now=now),
        is_open=held.is_open and (held.is_on or held.due.slot.startswith(TRIAL)),
        overtaken=held.overtaken,
    )
    if not isinstance(decision, Skip):
        return None
    if decision.reason in REPLACED and held.reminder_id is not None:
        bring_instead(
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


_WITHOUT_LINK = frozenset({Why.EVE_OF_SESSION, Why.NEWS, Why.QUESTIONNAIRE})
"""What asks for no check-in has no link that one could be written by."""


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
