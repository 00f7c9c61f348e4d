"""What claims are measured against: the usual way of one scheduler job for each person, and the raw driver."""

from __future__ import annotations

import pickle
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from journal.jobs.reminders import BATCH
from journal.storage.database import Database

_KEY = ("next_due_at", "reminder_id", "slot", "channel")
_WAITING = (*_KEY, "local_date", "plan")
_DELIVERY = ("public_id", "account_id", "reminder_id", "local_date", "slot", "channel", "lease_until", "due_at",
             "message_key", "state", "claimed_by", "attempts")  # fmt: skip
_KINDS = {"next_due_at": "timestamptz", "due_at": "timestamptz", "lease_until": "timestamptz", "local_date": "date",
          "reminder_id": "int", "account_id": "int", "plan": "int", "attempts": "int"}  # fmt: skip


class BareClaims:
    """The least that moves due rows into the ledger: the driver, the same four statements, and nothing decided.

    It asks for no rule, no check-in and no session; what comes next is the same time of the next day for everybody.
    """

    def __init__(self, database: Database, *, moment: datetime) -> None:
        self._database, self._moment = database, moment

    def claim_all(self) -> int:
        """Claim everything that is due, in batches; how many there were."""
        pooled = self._database.engine.raw_connection()
        try:
            connection: Any = pooled.driver_connection
            claimed = 0
            while count := self._claim(connection):
                claimed += count
            return claimed
        finally:
            pooled.close()

    def _claim(self, connection: Any) -> int:
        sqlite = self._database.is_sqlite
        cursor = connection.cursor()
        if sqlite:
            cursor.execute("BEGIN IMMEDIATE")
        due = cursor.execute(
            self._said(
                "SELECT q.next_due_at, q.reminder_id, q.slot, q.channel, q.local_date, q.plan, r.account_id"
                " FROM reminder_queue q JOIN reminder r ON r.id = q.reminder_id"
                " WHERE q.next_due_at <= ? AND q.channel = ?"
                " ORDER BY q.next_due_at, q.reminder_id, q.slot, q.channel LIMIT ?"
            )
            + ("" if sqlite else " FOR UPDATE OF q SKIP LOCKED"),
            (self._at(self._moment), "email", BATCH),
        ).fetchall()
        if due:
            self._move(cursor, due)
        connection.commit()
        return len(due)

    def _move(self, cursor: Any, due: Sequence[tuple[Any, ...]]) -> None:
        lease, tomorrow = self._moment + timedelta(seconds=45), self._moment + timedelta(days=1)
        self._take_out(cursor, [row[:4] for row in due])
        self._add(
            cursor,
            "delivery",
            _DELIVERY,
            [
                (key, account, reminder, day, slot, channel, self._at(lease), at, key, "claimed", "bare", 0)
                for at, reminder, slot, channel, day, _plan, account in due
                for key in (secrets.token_urlsafe(16),)
            ],
        )
        self._add(
            cursor,
            "reminder_queue",
            _WAITING,
            [
                (self._at(tomorrow), reminder, slot, channel, str(tomorrow.date()), plan)
                for _at, reminder, slot, channel, _day, plan, _account in due
            ],
        )

    def _take_out(self, cursor: Any, rows: Sequence[tuple[Any, ...]]) -> None:
        if self._database.is_sqlite:
            each = " AND ".join(f"{name} = ?" for name in _KEY)
            cursor.executemany(f"DELETE FROM reminder_queue WHERE {each}", rows)
        else:  # one statement for the whole batch, which is nearly twice as quick there
            all_of = f"DELETE FROM reminder_queue WHERE ({', '.join(_KEY)}) IN (SELECT * FROM unnest({_arrays(_KEY)}))"
            cursor.execute(all_of, _columns(rows))

    def _add(self, cursor: Any, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        into = f"INSERT INTO {table} ({', '.join(names)})"
        if self._database.is_sqlite:
            cursor.executemany(f"{into} VALUES ({', '.join('?' * len(names))})", rows)
        else:
            cursor.execute(f"{into} SELECT * FROM unnest({_arrays(names)})", _columns(rows))

    def _said(self, sql: str) -> str:
        return sql if self._database.is_sqlite else sql.replace("?", "%s")

    def _at(self, moment: datetime) -> str | datetime:
        return moment.strftime("%Y-%m-%d %H:%M:%S.%f") if self._database.is_sqlite else moment


def _arrays(names: Sequence[str]) -> str:
    return ", ".join(f"%s::{_KINDS.get(name, 'text')}[]" for name in names)


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


@dataclass
class OneJobEach:
    """The usual way: a store of jobs, one for each person, every one of them due."""

    path: Path
    people: int
    fired: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._store = SQLAlchemyJobStore(url=f"sqlite:///{self.path}")
        scheduler = BackgroundScheduler(jobstores={"default": self._store}, timezone="UTC")
        scheduler.start(paused=True)
        for number in range(self.people):
            trigger = CronTrigger(hour=20, minute=number % 60, timezone="Europe/Berlin")
            scheduler.add_job(_nothing, trigger, id=f"person-{number}", args=[number])

    def tick(self) -> float:
        """What a scheduler does when it wakes: ask for the due jobs, and write each one's next time; milliseconds."""
        self._make_due()
        now = datetime.now(UTC)
        began = time.perf_counter()
        due: list[Job] = self._store.get_due_jobs(now)
        for job in due:
            (*_, last) = job._get_run_times(now)
            job._modify(next_run_time=job.trigger.get_next_fire_time(last, now))
            self._store.update_job(job)
        spent = (time.perf_counter() - began) * 1e3
        self.fired = [job.id for job in due]
        return spent

    def check(self) -> None:
        """Each job is due once, and none twice."""
        self.tick()
        if len(set(self.fired)) != self.people or len(self.fired) != self.people:
            raise AssertionError("not every job was due once")

    def _make_due(self) -> None:
        a_moment_ago = datetime.now(UTC) - timedelta(seconds=1)
        rows = []
        for job in self._store.get_all_jobs():
            job._modify(next_run_time=a_moment_ago)
            state = pickle.dumps(job.__getstate__(), self._store.pickle_protocol)
            rows.append({"of": job.id, "at": a_moment_ago.timestamp(), "state": state})
        table = self._store.jobs_t
        due = sa.update(table).where(table.c.id == sa.bindparam("of"))
        with self._store.engine.begin() as connection:
            connection.execute(
                due.values(next_run_time=sa.bindparam("at"), job_state=sa.bindparam("state")), rows
            )


def _nothing(_person: int) -> None:
    pass
