"""The worker as a process: it ticks, it sends, it stops when told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from journal.config import Config
from journal.jobs import scheduler as scheduling
from journal.jobs.timetable import TIMETABLE, Entry
from journal.jobs.worker import Worker
from journal.services.mail import Post
from journal.storage import installation
from journal.storage.database import Database
from journal.storage.sealing import MasterKeys
from tests import cast as people
from tests.reminding import remind, states


@pytest.fixture
def worker(sqlite_database: Database, config: Config) -> Worker:
    def now() -> datetime:
        return datetime.now(UTC)

    return Worker(name="w", config=config, database=sqlite_database, post=Post(config), clock=now)


def test_every_entry_of_the_timetable_ticks_at_once_and_one_at_a_time(worker: Worker) -> None:
    built = scheduling.build(worker)
    built.start(paused=True)
    try:
        jobs = {job.id: job for job in built.get_jobs()}
        assert set(jobs) == {entry.name for entry in TIMETABLE}
        assert {(job.max_instances, job.coalesce) for job in jobs.values()} == {(1, True)}
        soon = datetime.now(UTC) + timedelta(seconds=1)
        assert all(job.next_run_time < soon for job in jobs.values())
    finally:
        built.shutdown()


def test_a_task_that_fails_is_tried_again_at_the_next_tick(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = threading.Semaphore(0)

    def fail(_worker: Worker) -> None:
        twice.release()
        raise LookupError

    monkeypatch.setattr(scheduling, "TIMETABLE", (Entry("fails", timedelta(seconds=0.05), fail),))
    built = scheduling.build(worker)
    built.start()
    try:
        assert all(twice.acquire(timeout=10) for _ in range(2))
    finally:
        built.shutdown()


@pytest.mark.parametrize("step", [timedelta(hours=2), timedelta(days=400)])
def test_a_clock_that_is_set_back_keeps_no_task_waiting(worker: Worker, step: timedelta) -> None:
    built = scheduling.build(worker)
    built.start(paused=True)
    try:
        set_back = datetime.now(UTC) - step
        scheduling.tick_on(built, now=set_back)
        assert {job.next_run_time for job in built.get_jobs()} == {set_back}
    finally:
        built.shutdown()


def test_a_clock_that_only_goes_on_changes_no_plan(worker: Worker) -> None:
    built = scheduling.build(worker)
    built.start(paused=True)
    try:
        planned = {job.id: job.next_run_time for job in built.get_jobs()}
        scheduling.tick_on(built, now=datetime.now(UTC))
        assert {job.id: job.next_run_time for job in built.get_jobs()} == planned
    finally:
        built.shutdown()


def key_file(tmp_path: Path) -> Path:
    return tmp_path.with_name(f"{tmp_path.name}.keys") / "master.json"


def environment(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "JOURNAL_DATA_DIR": str(tmp_path),
        "JOURNAL_MASTER_KEY_FILE": str(key_file(tmp_path)),
        "JOURNAL_DEMO": "1",
    }


def test_the_worker_sends_what_is_due_and_stops_when_told_to(
    sqlite_database: Database, tmp_path: Path
) -> None:
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    with sqlite_database.unit_of_work() as db:
        cast = people.assemble(db, now=now)
        installation.mark_as_demo(db, now=now)
    MasterKeys.create(key_file(tmp_path))
    wall = now.strftime("%H:%M")
    remind(sqlite_database, cast.alice, wall, zone="UTC", at=now - timedelta(seconds=1))
    process = subprocess.Popen(
        [sys.executable, "-m", "journal.cli", "worker"],
        env=environment(tmp_path), stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert process.stderr is not None
        for line in process.stderr:
            if "reminder sent" in line:
                break
        process.send_signal(signal.SIGTERM)
        rest = process.stderr.read()
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
    assert "worker stopped" in rest
    assert states(sqlite_database, cast.alice) == [("sent", None)]
    assert len(list((tmp_path / "outbox").glob("*.eml"))) == 1
