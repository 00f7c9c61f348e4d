"""Forgetting what has ended, planning anew what an older zone database planned, and following the calendar."""

from __future__ import annotations

from datetime import datetime, timedelta

from journal.domain.access_limits import KIOSK_KEPT_FOR
from journal.jobs.worker import Worker
from journal.logs import log
from journal.services import assessments, reminders
from journal.storage import accounts, attention, caseload_lines, deliveries, kiosk, rate_limits, sms

_DAY = timedelta(days=1)

BATCH = 200
"""Rules planned in one transaction."""

UNPROVEN_IS_KEPT = timedelta(days=1)
"""How long a number for text messages may wait to be proven; then it is somebody's number without a reason."""


LEDGER_IS_KEPT = timedelta(days=90)
"""How long the ledger keeps what was sent or skipped (security requirement EX-06), and a link to stop messages works. A
message leaves on its day or never, so none comes twice for that."""
LEDGER_AT_ONCE = 1_000


def forget_ended(worker: Worker) -> None:
    """Remove what nobody can use any more."""
    now = worker.clock()
    with worker.database.unit_of_work() as db:
        count = accounts.forget_ended(db, now=now) + rate_limits.forget_old(db, now=now)
        count += sms.forget_unproven(db, added_before=now - UNPROVEN_IS_KEPT)
        count += kiosk.forget_ended(db, before=now - KIOSK_KEPT_FOR)
        count += caseload_lines.forget_lines(db, now=now)
        # A day that is over in every zone.
        count += attention.forget_past(db, before=now.date() - _DAY)
    count += _forget_ledger(worker, before=now - LEDGER_IS_KEPT)
    if count:
        log.info("forgotten", count=count)


def _forget_ledger(worker: Worker, *, before: datetime) -> int:
    count = 0
    while not worker.stopping.is_set():
        with worker.database.unit_of_work() as db:
            gone = deliveries.forget_sent(db, before=before, limit=LEDGER_AT_ONCE)
        count += gone
        if gone < LEDGER_AT_ONCE:
            break
    return count


def plan_what_waits(worker: Worker) -> None:
    """Plan every rule that never was planned, or that another version of the zone database planned."""
    while not worker.stopping.is_set():
        with worker.database.unit_of_work() as db:
            count = reminders.plan_what_waits(db, now=worker.clock(), limit=BATCH)
        if not count:
            return
        log.info("reminders planned", count=count)


def follow_calendar(worker: Worker) -> None:
    """Open the questionnaires whose day has come, and count as missed those whose days are over."""
    after: int | None = 0
    while after is not None and not worker.stopping.is_set():
        with worker.database.unit_of_work() as db:
            after = assessments.follow_calendar(db, after=after, limit=BATCH, now=worker.clock())
