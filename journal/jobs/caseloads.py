"""Keeping providers' lists true: lines that something changed, or that a midnight has passed, are worked out again."""

from __future__ import annotations

from journal.jobs.worker import Worker
from journal.services.caseload_lines import AT_ONCE, work_out
from journal.storage import caseload_lines


def keep_lists(worker: Worker) -> None:
    """Work out every line that is behind, a batch of patients after the other; each is looked at once.

    Read in a look, which holds nobody up, and kept in a short transaction: what changes in between stays behind.
    """
    after: int | None = 0
    while after is not None and not worker.stopping.is_set():
        after = _keep_some(worker, after)


def _keep_some(worker: Worker, after: int) -> int | None:
    """The next batch beyond a patient's number; up to which one it was, and None when there was nobody."""
    now = worker.clock()
    with worker.database.look() as db:
        waiting = caseload_lines.lines_behind(db, now=now, most=AT_ONCE, after=after)
        worked = work_out(db, waiting, now=now)
    if not waiting.last:
        return None
    with worker.database.unit_of_work() as db:
        caseload_lines.put_lines(db, worked)
    return waiting.last
