"""Many people with a reminder each, of whom as many as wanted are made due, and the processes that claim them."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from journal.domain.reminders import EVERY_DAY
from journal.storage.database import Database
from journal.storage.deliveries import Delivery
from journal.storage.reminders import ReminderQueue
from tests.house.source import ROOT

MOMENT = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)
"""When those who are made due are due."""


class Crowd:
    """At every turn others of them are due, from all over."""

    def __init__(self, database: Database, people: int) -> None:
        self.database, self.people = database, people
        self._turn = 0
        with database.unit_of_work() as db:
            for statement in gathering(is_sqlite=database.is_sqlite):
                db.execute(sa.text(statement), {"people": people})
        if not database.is_sqlite:
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")

    @property
    def url(self) -> str:
        """Where its database is."""
        return self.database.engine.url.render_as_string(hide_password=False)

    def claimed_by(self, claim_all: Callable[[], int], *, due: int) -> float:
        """Make ``due`` people due, have all of them claimed, and see that they were; milliseconds."""
        self.make_due(due)
        began = time.perf_counter()
        claimed = claim_all()
        spent = (time.perf_counter() - began) * 1e3
        if claimed != due:
            raise AssertionError(f"{claimed} of {due} were claimed")
        self.check(due)
        return spent

    def make_due(self, count: int) -> None:
        """Let ``count`` people be due at ``MOMENT``, each their only one; nothing is in the ledger."""
        step = self.people // count
        due = sa.update(ReminderQueue.__table__).where(ReminderQueue.reminder_id % step == self._turn % step)
        with self.database.unit_of_work() as db:
            db.execute(sa.delete(Delivery.__table__))
            db.execute(due.values(next_due_at=MOMENT, local_date=MOMENT.date()))
        self._turn += 1
        if self.database.is_sqlite:  # what was just prepared is not to be written down on the tick's time
            connection = self.database.engine.raw_connection()
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()

    def check(self, due: int) -> None:
        """Each that was due is claimed once, none is left, and everybody's next one waits."""
        with self.database.look() as db:
            people = db.scalar(sa.select(sa.func.count(sa.distinct(Delivery.account_id))))
            entered = db.scalar(sa.select(sa.func.count()).select_from(Delivery))
            waiting = db.scalar(sa.select(sa.func.count()).select_from(ReminderQueue))
            left = db.scalar(sa.select(sa.func.count()).where(ReminderQueue.next_due_at <= MOMENT))
        if (people, entered, waiting, left) != (due, due, self.people, 0):
            raise AssertionError(f"{entered} entered of {people}, {waiting} wait, {left} left")


@dataclass
class Claimers:
    """Processes that each claim until nothing is left, all at once."""

    _processes: list[subprocess.Popen[str]]
    p99_lateness_s: float = 0.0
    """Of the last time: how long after its due time all but one in a hundred had been claimed, in seconds."""

    def claim_all(self) -> int:
        """Claim everything that is due; how many there were."""
        began = time.monotonic()
        for process in self._processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        batches: list[tuple[float, int]] = []
        for process in self._processes:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line:
                raise AssertionError("a process that claims has ended")
            batches += json.loads(line)
        claimed = sum(count for _, count in batches)
        still = claimed - claimed * 99 // 100
        for at, count in sorted(batches, reverse=True):
            self.p99_lateness_s = at - began
            still -= count
            if still < 0:
                break
        return claimed


@contextmanager
def claimers(database_url: str, count: int) -> Iterator[Claimers]:
    """``count`` processes, ready to claim."""
    command = [sys.executable, "-m", "tests.benchmarks.claimer", database_url]
    processes = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        for _ in range(count)
    ]
    try:
        for process in processes:
            assert process.stdout is not None
            process.stdout.readline()
        yield Claimers(processes)
    finally:
        for process in processes:
            process.kill()
            process.wait()


def gathering(*, is_sqlite: bool) -> list[str]:
    """The statements that fill an empty database with :people; their next reminders lie all over the coming day."""
    numbers, then = "generate_series(1, :people) AS n(i)", "timestamptz '2026-01-01 00\\:00+00'"
    due = "timestamptz '2026-03-30 19\\:00+00' + (i * 787 % 80000) * interval '1 second'"
    with_ = ""
    if is_sqlite:
        numbers, then = "n", "'2026-01-01 00\\:00\\:00.000000'"
        due = "datetime('2026-03-30 19\\:00\\:00', (i * 787 % 80000) || ' seconds') || '.000000'"
        with_ = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :people) "
    times = json.dumps([{"slot": "checkin:1", "wall": "20:00", "weekdays": sorted(EVERY_DAY)}])
    times = times.replace(":", "\\:")
    columns = {
        "account": {"id": "i", "public_id": "'a' || i", "email": "i || '@example.org'", "role": "'patient'",
                    "locale": "'en'", "created_at": then},
        "patient": {"id": "i", "public_id": "'p' || i", "account_id": "i", "display_name": "'P'",
                    "zone": "'Europe/Berlin'", "first_day": "date '2026-01-01'", "region": "''",
                    "preferences": "'{}'"},
        "reminder": {"id": "i", "public_id": "'r' || i", "account_id": "i", "kind": "'checkin'",
                     "times": f"'{times}'", "channels": "'[\"email\"]'", "zone": "'Europe/Berlin'",
                     "changed_at": then, "plan": "1", "follow_up": "false", "both_times": "false",
                     "softer": "true", "before_visits": "false", "mail_refused": "false", "push_refused": "false"},
        "reminder_queue": {"next_due_at": due, "reminder_id": "i", "slot": "'checkin\\:1'", "channel": "'email'",
                           "local_date": "date '2026-03-31'", "plan": "1"},
    }  # fmt: skip
    statements = []
    for table, values in columns.items():
        chosen = ", ".join(values.values())
        if is_sqlite:
            chosen = chosen.replace("date '", "'")
        order = " ORDER BY 1" if table == "reminder_queue" else ""
        statements.append(
            f"{with_}INSERT INTO {table} ({', '.join(values)}) SELECT {chosen} FROM {numbers}{order}"
        )
    return statements
