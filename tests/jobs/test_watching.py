from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

import journal
from journal.calling import Caller
from journal.config import Config
from journal.jobs import watching as jobs
from journal.jobs.worker import Worker
from journal.services.mail import Post
from journal.services.watching import DeadMan
from journal.storage import watching
from journal.storage.database import Database
from journal.storage.watching import Sign
from tests.cast import NOW, assemble
from tests.conftest import Clock
from tests.reminding import remind
from tests.web_server import WebServer, says


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer(None) as server:
        yield server


@pytest.fixture
def worker(sqlite_database: Database, config: Config, clock: Clock, server: WebServer) -> Worker:
    caller = Caller(may_reach=lambda address: address.is_loopback, total_s=0.5)
    return Worker(
        name="w1",
        config=config,
        database=sqlite_database,
        post=Post(config),
        clock=clock,
        dead_man=DeadMan(f"http://127.0.0.1:{server.port}/secret", caller),
    )


def test_a_worker_says_that_it_lives_and_what_it_is(worker: Worker, clock: Clock) -> None:
    jobs.give_sign(worker)
    clock.moment += timedelta(seconds=30)
    jobs.give_sign(worker)
    with worker.database.look() as db:
        assert watching.signs(db) == [Sign(NOW + timedelta(seconds=30), journal.__version__)]


def test_as_long_as_all_is_well_the_call_is_made(worker: Worker, server: WebServer) -> None:
    server.next.append(says(200))
    jobs.give_sign(worker)
    jobs.call_dead_man(worker)
    assert [asked.line for asked in server.requests] == ["POST /secret HTTP/1.1"]


def test_a_worker_that_lives_while_reminders_wait_makes_no_call(
    worker: Worker, clock: Clock, server: WebServer, capfd: pytest.CaptureFixture[str]
) -> None:
    with worker.database.unit_of_work() as db:
        cast = assemble(db)
    remind(worker.database, cast.alice, "20:30", at=NOW)
    clock.moment = NOW + timedelta(days=1)
    jobs.give_sign(worker)
    jobs.call_dead_man(worker)
    assert server.requests == []
    assert "reminders_wait" in "".join(capfd.readouterr())


def test_a_call_that_fails_is_said_without_its_address(
    worker: Worker, server: WebServer, capfd: pytest.CaptureFixture[str]
) -> None:
    server.next.append(says(500))
    jobs.give_sign(worker)
    jobs.call_dead_man(worker)
    said = "".join(capfd.readouterr())
    assert "refused 500" in said
    assert "/secret" not in said


def test_without_an_address_to_call_nothing_happens(worker: Worker, config: Config, clock: Clock) -> None:
    jobs.call_dead_man(
        Worker(name="w2", config=config, database=worker.database, post=worker.post, clock=clock)
    )
