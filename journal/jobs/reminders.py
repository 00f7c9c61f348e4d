"""Claim a batch of due reminders of one channel, then send each. Any number of workers may do this at once.

Every channel has its own ticks and its own threads: while one message service hangs, the others go on.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from journal.domain.reminder_limits import RETRY_AFTER
from journal.jobs.channels import WAYS, Send
from journal.jobs.worker import Worker
from journal.logs import log, where
from journal.services import claiming, deliveries
from journal.services.claiming import Claimed
from journal.services.reminders import EMAIL
from journal.services.sending import Gone, NotSent, PerhapsSent, Stopped

BATCH = 200
"""Due rows claimed in one transaction."""
BACKLOG_SPREAD = timedelta(seconds=0.5)
"""Over which a second's share of a backlog is spread by chance, so that a message service that just came back is not
met by all of it at one instant. Less than a tick, so that the next one is not missed."""
AT_ONCE = 8
"""Messages of one channel under way at the same time: a slow one must not keep everybody waiting behind it."""

_JITTER = secrets.SystemRandom()


def send_due(worker: Worker, channel: str = EMAIL) -> None:
    """Claim and send until nothing is due by a channel."""
    while not worker.stopping.is_set():
        now = worker.clock()
        awake_since = worker.awake.look(now)
        with worker.database.unit_of_work() as db:
            claimed = claiming.claim_due_reminders(
                db, channel, worker=worker.name, now=now, limit=BATCH, awake_since=awake_since
            )
        if not claimed.taken:
            return
        _tell(claimed, channel)
        _send_all(worker, claimed.to_send, channel)


def drain_backlog(worker: Worker, channel: str = EMAIL) -> None:
    """Claim and send a little of what an outage left; the tick sets the pace."""
    with worker.database.look() as db:
        if not claiming.has_backlog(db, channel, now=worker.clock()):
            return
    with worker.database.unit_of_work() as db:
        claimed = claiming.claim_backlog(db, channel, worker=worker.name, now=worker.clock())
    if claimed.taken:
        _tell(claimed, channel)
        _send_all(worker, claimed.to_send, channel, over=BACKLOG_SPREAD)


def take_over_lost(worker: Worker, channel: str = EMAIL) -> None:
    """Finish what waits for another try or was left behind by a worker that died."""
    keep_hold(worker)
    with worker.database.unit_of_work() as db:
        taken, lost = deliveries.sweep(db, channel, worker=worker.name, now=worker.clock(), limit=BATCH)
    if taken or lost:
        log.warning("reminders taken over", channel=channel, count=len(taken), lost=lost)
    _send_all(worker, taken, channel)


def keep_hold(worker: Worker) -> None:
    """Say that this worker lives, for everything that it has in its hands."""
    worker.awake.look(worker.clock())
    in_hand = tuple(worker.in_hand)
    if in_hand:
        with worker.database.unit_of_work() as db:
            deliveries.keep_hold(db, in_hand, worker=worker.name, now=worker.clock())


def send_one(worker: Worker, message_key: str, channel: str = EMAIL) -> None:
    """Send one claimed delivery: say *sending*, commit, send, write down what came of it.

    A fault before the message was handed over is counted against the delivery, so that one broken row stops nothing
    and is given up in the end; after that, a fault leaves it unknown.
    """
    breaker = worker.breakers[channel]
    if (
        breaker.is_resting
    ):  # what is over ends all the same, and is not the one message that is let through to find out
        with worker.database.unit_of_work() as db:
            if deliveries.end_what_is_over(db, message_key, worker=worker.name, now=worker.clock()):
                return
    if not breaker.lets_through(worker.clock()):
        with worker.database.unit_of_work() as db:
            until = worker.clock() + RETRY_AFTER
            deliveries.put_off(db, message_key, worker=worker.name, until=until)
        return
    try:
        with worker.database.unit_of_work() as db:
            outgoing = deliveries.begin_sending(db, message_key, worker=worker.name, now=worker.clock())
        send = None if outgoing is None else WAYS[channel](worker, outgoing)
    except NotSent as fault:
        _record_refused(worker, message_key, channel, fault)
    except Exception as fault:
        log.error("reminder fault", channel=channel, fault=type(fault).__name__, where=where(fault))
        with worker.database.unit_of_work() as db:
            deliveries.record_fault(db, message_key, worker=worker.name, now=worker.clock())
    else:
        if send is not None:
            _send(worker, message_key, channel, send)


def _send(worker: Worker, message_key: str, channel: str, send: Send) -> None:
    breaker = worker.breakers[channel]
    try:
        send()
    except NotSent as fault:
        if fault.reached:
            breaker.answered()
        else:
            breaker.was_silent(worker.clock())
        _record_refused(worker, message_key, channel, fault)
    except PerhapsSent as fault:
        breaker.was_silent(worker.clock())
        log.warning("reminder unknown", channel=channel, reason=str(fault))
        with worker.database.unit_of_work() as db:
            deliveries.record_silence(db, message_key, channel, worker=worker.name, now=worker.clock())
    except Exception as fault:
        log.error("reminder unknown", channel=channel, fault=type(fault).__name__, where=where(fault))
        with worker.database.unit_of_work() as db:
            deliveries.record_silence(db, message_key, channel, worker=worker.name, now=worker.clock())
    else:
        breaker.answered()
        with worker.database.unit_of_work() as db:
            deliveries.record_sent(db, message_key, worker=worker.name, now=worker.clock())
        log.info("reminder sent", channel=channel)


def _record_refused(worker: Worker, message_key: str, channel: str, fault: NotSent) -> None:
    log.warning("reminder refused", channel=channel, reason=fault.reason)
    with worker.database.unit_of_work() as db:
        if isinstance(fault, Gone):
            deliveries.record_gone(db, message_key, worker=worker.name, now=worker.clock())
        elif isinstance(fault, Stopped):
            deliveries.record_stopped(db, message_key, worker=worker.name)
        else:
            deliveries.record_refused(
                db,
                message_key,
                worker=worker.name,
                permanent=fault.permanent,
                retry_after=fault.retry_after,
                now=worker.clock(),
            )


def _send_all(
    worker: Worker, message_keys: Collection[str], channel: str = EMAIL, *, over: timedelta = timedelta()
) -> None:
    if not message_keys:
        return
    worker.in_hand.update(message_keys)
    waits = [_JITTER.uniform(0, over.total_seconds()) for _ in message_keys]
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix=channel) as threads:
        begun = list(threads.map(partial(_send_unless_stopping, worker, channel), message_keys, waits))
    left = [message_key for message_key, was_begun in zip(message_keys, begun, strict=True) if not was_begun]
    if left:
        with worker.database.unit_of_work() as db:
            deliveries.give_back(db, left, worker=worker.name, now=worker.clock())


def _send_unless_stopping(worker: Worker, channel: str, message_key: str, wait_s: float) -> bool:
    try:
        if worker.stopping.wait(wait_s) if wait_s else worker.stopping.is_set():
            return False
        send_one(worker, message_key, channel)
    except Exception as fault:  # its outcome could not be written down: the sweep will find it
        log.error("reminder fault", channel=channel, fault=type(fault).__name__, where=where(fault))
    finally:
        worker.in_hand.discard(message_key)
    return True


def _tell(claimed: Claimed, channel: str) -> None:
    log.info(
        "reminders claimed",
        channel=channel,
        claimed=len(claimed.to_send),
        skipped=claimed.skipped,
        failed=claimed.failed,
    )
