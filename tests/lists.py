"""Keeping providers' lists true without a worker."""

from __future__ import annotations

from datetime import datetime

from journal.services.caseload_lines import work_out
from journal.storage import caseload_lines
from journal.storage.database import Database
from tests.cast import NOW


def keep(database: Database, *, now: datetime = NOW) -> int:
    """Work out every line that is behind at ``now``; how many there were."""
    with database.unit_of_work() as db:
        behind = caseload_lines.lines_behind(db, now=now, most=1000)
        caseload_lines.put_lines(db, work_out(db, behind, now=now))
    return len(behind)
