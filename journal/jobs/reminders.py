"""Claim a batch of due reminders, then send each. Any number of workers may do this at once."""

from __future__ import annotations

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from journal import languages
from journal.jobs.worker import Worker
from journal.logs import log, where
from journal.services import reminders
from journal.services.mail import Letter
from journal.services.reminders import EMAIL, Claimed, Outgoing
from journal.services.sending import NotSent, PerhapsSent

BATCH = 200
"""Due rows claimed in one transaction."""
AT_ONCE = 8
"""Messages under way at the same time: a slow mail server must not keep everybody waiting behind it."""


def send_due(worker: Worker) -> None:
    """Claim and send until nothing is due."""
    while not worker.stopping.is_set():
        with worker.database.unit_of_work() as db:
            claimed = reminders.claim_due_reminders(db, worker=worker.name, now=worker.clock(), limit=BATCH)
        if not claimed.taken:
            return
        _tell(claimed)
        _send_all(worker, claimed.to_send)


def drain_backlog(worker: Worker) -> None:
    """Claim and send a little of what an outage left; the tick sets the pace."""
    with worker.database.look() as db:
        if not reminders.has_backlog(db, now=worker.clock()):
            return
    with worker.database.unit_of_work() as db:
        claimed = reminders.claim_backlog(db, worker=worker.name, now=worker.clock())
    if claimed.taken:
        _tell(claimed)
        _send_all(worker, claimed.to_send)


def take_over_lost(worker: Worker) -> None:
    """Keep hold of what is in hand; finish what waits for another try or was left behind by a worker that died."""
    in_hand = tuple(worker.in_hand)
    with worker.database.unit_of_work() as db:
        now = worker.clock()
        if in_hand:
            reminders.keep_hold(db, in_hand, worker=worker.name, now=now)
        taken, unknown = reminders.sweep(db, worker=worker.name, now=now, limit=BATCH)
    if taken or unknown:
        log.warning("reminders taken over", count=len(taken), unknown=unknown)
    _send_all(worker, taken)


def send_one(worker: Worker, message_key: str) -> None:
    """Send one claimed delivery: say *sending*, commit, send, write down what came of it.

    A fault before the message was handed over is counted against the delivery, so that one broken row stops nothing
    and is given up in the end; after that, a fault leaves it unknown.
    """
    try:
        with worker.database.unit_of_work() as db:
            outgoing = reminders.begin_sending(db, message_key, worker=worker.name, now=worker.clock())
        letter = None if outgoing is None else _letter(worker, outgoing)
    except Exception as fault:
        log.error("reminder fault", channel=EMAIL, fault=type(fault).__name__, where=where(fault))
        with worker.database.unit_of_work() as db:
            reminders.record_fault(db, message_key, worker=worker.name, now=worker.clock())
        return
    if letter is not None:
        _send(worker, message_key, letter)


def _send(worker: Worker, message_key: str, letter: Letter) -> None:
    try:
        worker.post.send(letter)
    except NotSent as fault:
        log.warning("reminder refused", channel=EMAIL, reason=fault.reason)
        with worker.database.unit_of_work() as db:
            reminders.record_refused(
                db, message_key, worker=worker.name, permanent=fault.permanent, now=worker.clock()
            )
    except Exception as fault:
        if isinstance(fault, PerhapsSent):
            log.warning("reminder unknown", channel=EMAIL, reason=str(fault))
        else:
            log.error("reminder unknown", channel=EMAIL, fault=type(fault).__name__, where=where(fault))
        with worker.database.unit_of_work() as db:
            reminders.record_unknown(db, message_key, worker=worker.name)
    else:
        with worker.database.unit_of_work() as db:
            reminders.record_sent(db, message_key, worker=worker.name, now=worker.clock())
        log.info("reminder sent", channel=EMAIL)


def _send_all(worker: Worker, message_keys: Collection[str]) -> None:
    if not message_keys:
        return
    worker.in_hand.update(message_keys)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="reminder") as threads:
        begun = list(threads.map(partial(_send_unless_stopping, worker), message_keys))
    left = [message_key for message_key, was_begun in zip(message_keys, begun, strict=True) if not was_begun]
    if left:
        with worker.database.unit_of_work() as db:
            reminders.give_back(db, left, worker=worker.name, now=worker.clock())


def _send_unless_stopping(worker: Worker, message_key: str) -> bool:
    try:
        if worker.stopping.is_set():
            return False
        send_one(worker, message_key)
    except Exception as fault:  # its outcome could not be written down: the sweep will find it
        log.error("reminder fault", channel=EMAIL, fault=type(fault).__name__, where=where(fault))
    finally:
        worker.in_hand.discard(message_key)
    return True


def _tell(claimed: Claimed) -> None:
    log.info(
        "reminders claimed", claimed=len(claimed.to_send), skipped=claimed.skipped, failed=claimed.failed
    )


def _letter(worker: Worker, outgoing: Outgoing) -> Letter:
    base = worker.config.base_url
    with languages.speaking(outgoing.language):
        return worker.post.write(
            "reminder",
            outgoing.email,
            key=outgoing.message_key,
            line=languages.gettext(outgoing.line),
            link=f"{base}/c/{outgoing.link_token}",
            settings=f"{base}/reminders",
        )
