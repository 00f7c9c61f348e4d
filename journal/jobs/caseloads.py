"""Keeping providers' lists true: lines that something changed, or that a midnight has passed, are worked out again."""

from __future__ import annotations

from journal.jobs.worker import Worker
from journal.services.caseload_lines import AT_ONCE, work_out
from journal.storage import caseload_lines


def keep_lists(worker: Worker) -> None:
    """Work out every line that is behind.

    Read in a look, which holds nobody up, and kept in a short transaction: what changes in between stays behind.
    """
    while not worker.stopping.is_set():
        now = worker.clock()
        with worker.database.look() as db:
            behind = caseload_lines.lines_behind(db, now=now, most=AT_ONCE)
            lines = work_out(db, behind, now=now)
        if not lines:
            break
        with worker.database.unit_of_work() as db:
            caseload_lines.put_lines(db, lines)
        if len(behind) < AT_ONCE:
            break
