"""The worker keeps lists true, as many lines as there are, and ends when there is nothing left to do."""

from __future__ import annotations

from datetime import timedelta

from journal.config import Config
from journal.jobs import caseloads
from journal.jobs.worker import Worker
from journal.services.mail import Post
from journal.storage import caseload_lines
from journal.storage.database import Database
from tests import builders, lists
from tests.cast import NOW, Cast
from tests.conftest import Clock


def test_every_line_that_is_behind_is_worked_out(
    database: Database, cast: Cast, config: Config, clock: Clock
) -> None:
    worker = Worker(name="w", config=config, database=database, post=Post(config), clock=clock)
    caseloads.keep_lists(worker)
    with database.unit_of_work() as db:
        assert lists.behind(db) == set()
        builders.check_in(db, cast.alice, 6)
        assert len(lists.behind(db)) == 2
    clock.moment = NOW + timedelta(days=1)
    caseloads.keep_lists(worker)
    with database.look() as db:
        assert lists.behind(db, now=clock.moment) == set()
        line = caseload_lines.line_of(db, 1)
    assert line is not None
    assert line.silent_days == 1


def test_a_worker_that_was_told_to_stop_begins_nothing(
    sqlite_database: Database, sqlite_cast: Cast, config: Config, clock: Clock
) -> None:
    worker = Worker(name="w", config=config, database=sqlite_database, post=Post(config), clock=clock)
    worker.stopping.set()
    caseloads.keep_lists(worker)
    with sqlite_database.look() as db:
        assert len(lists.behind(db)) == 2
