"""Forgetting what has ended: web sessions, one-time links, rate limit counters."""

from __future__ import annotations

from journal.jobs.worker import Worker
from journal.logs import log
from journal.storage import accounts, rate_limits


def forget_ended(worker: Worker) -> None:
    """Remove what nobody can use any more."""
    now = worker.clock()
    with worker.database.unit_of_work() as db:
        count = accounts.forget_ended(db, now=now) + rate_limits.forget_old(db, now=now)
    if count:
        log.info("forgotten", count=count)
