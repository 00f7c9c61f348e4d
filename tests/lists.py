"""Keeping providers' lists true without a worker."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from journal.services.caseload_lines import work_out
from journal.storage import caseload_lines
from journal.storage.database import Database
from tests.cast import NOW


def keep(database: Database, *, now: datetime = NOW) -> int:
    """Work out every line that is behind at ``now``; how many there were."""
    with database.unit_of_work() as db:
        waiting = caseload_lines.lines_behind(db, now=now, most=1000)
        caseload_lines.put_lines(db, work_out(db, waiting, now=now))
    return len(waiting.behind)


def behind(db: Session, *, now: datetime = NOW) -> set[int]:
    """The consents whose lines are behind."""
    return {one.consent_id for one in caseload_lines.lines_behind(db, now=now, most=1000).behind}
