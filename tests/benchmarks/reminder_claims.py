"""Claiming due reminders: whether it stays quick as people become many, and how far it is ahead of a job for each.

Both claim 1,000 that are due: Tideline from its queue in batches of 200, the usual way from a store that holds one
APScheduler job for each person. Sending is no part of it.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from journal.domain.reminders import EVERY_DAY
from journal.jobs.reminders import BATCH
from journal.services.reminders import claim_due_reminders
from journal.storage.database import Database
from journal.storage.reminders import Delivery, ReminderQueue
from tests.benchmarks.installations import empty, folder, kinds
from tests.benchmarks.measure import Goal, Taken, Turn, in_turn, judge, show

NAME = "reminders"
ABOUT = "claiming 1,000 due reminders of 10,000 and of a million people, and over one scheduler job for each person"

DUE = 1_000
FEW, MANY = 10_000, 1_000_000
MOMENT = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)
TO_FEW = {"SQLite": Goal(6, gate=1.5, extreme=1.3), "PostgreSQL": Goal(7, gate=2.5, extreme=1.5)}
TO_JOBS = Goal(8, gate=25, extreme=50, more_is_better=True)
JOBS = "usual: one job for each person"


def run(rounds: int) -> None:
    """Both kinds of database, few people and many."""
    compare(rounds, many=MANY)


def compare(rounds: int, *, many: int) -> None:
    """The same with as many people as wanted."""
    with folder() as place, kinds(place) as databases:
        jobs = OneJobEach(place / "jobs.db", people=DUE)
        jobs.check()
        for kind, new_url in databases.items():
            few, most = f"Tideline, {FEW:,} people", f"Tideline, {many:,} people"
            crowds = {}
            for name, people in ((few, FEW), (most, many)):
                installation = empty(place / f"{kind}{people}", new_url(f"crowd{people}"))
                crowds[name] = Crowd(installation.database, people)
                crowds[name].check()
            turns: dict[str, Turn] = {name: crowd.tick for name, crowd in crowds.items()}
            if kind == "SQLite":  # where the usual store is
                turns = {JOBS: jobs.tick} | turns
            taken = in_turn(turns, rounds=rounds)
            show(f"claiming {DUE:,} due reminders, {kind}", taken, unit="milliseconds")
            judge(TO_FEW[kind], taken, most, over=few)
            a_second = {name: [DUE / one * 1e3 for one in all_of] for name, all_of in taken.figures.items()}
            show(f"the same, {kind}", Taken(a_second), unit="claims a second")
            if JOBS in turns:
                judge(TO_JOBS, Taken(a_second), most, over=JOBS)
            for crowd in crowds.values():
                crowd.database.close()


class Crowd:
    """Many people with a reminder each. At every turn another thousand of them, from all over, are due."""

    def __init__(self, database: Database, people: int) -> None:
        self.database, self.people = database, people
        self._turn = 0
        with database.unit_of_work() as db:
            for statement in gathering(is_sqlite=database.is_sqlite):
                db.execute(sa.text(statement), {"people": people})
        if not database.is_sqlite:
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")

    def tick(self) -> float:
        """Claim everything that is due; milliseconds."""
        self._make_due()
        claimed = 0
        began = time.perf_counter()
        while True:
            with self.database.unit_of_work() as db:
                batch = claim_due_reminders(db, worker="bench", now=MOMENT, limit=BATCH)
            if not batch.taken:
                break
            claimed += len(batch.to_send)
        spent = (time.perf_counter() - began) * 1e3
        if claimed != DUE:
            raise AssertionError(f"{claimed} of {DUE} were claimed")
        return spent

    def check(self) -> None:
        """Each that is due is claimed once, none is left, and everybody's next one waits."""
        self.tick()
        with self.database.look() as db:
            people = db.scalar(sa.select(sa.func.count(sa.distinct(Delivery.account_id))))
            entered = db.scalar(sa.select(sa.func.count()).select_from(Delivery))
            waiting = db.scalar(sa.select(sa.func.count()).select_from(ReminderQueue))
            left = db.scalar(sa.select(sa.func.count()).where(ReminderQueue.next_due_at <= MOMENT))
        if (people, entered, waiting, left) != (DUE, DUE, self.people, 0):
            raise AssertionError(f"{entered} entered of {people}, {waiting} wait, {left} left")

    def _make_due(self) -> None:
        step = self.people // DUE
        due = sa.update(ReminderQueue.__table__).where(ReminderQueue.reminder_id % step == self._turn % step)
        with self.database.unit_of_work() as db:
            db.execute(sa.delete(Delivery.__table__))
            db.execute(due.values(next_due_at=MOMENT, local_date=MOMENT.date()))
        self._turn += 1
        if self.database.is_sqlite:  # what was just prepared is not to be written down on the tick's time
            connection = self.database.engine.raw_connection()
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.close()


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


def gathering(*, is_sqlite: bool) -> list[str]:
    """The statements that fill an empty database with :people; their next reminders lie all over the coming day."""
    numbers, then = "generate_series(1, :people) AS n(i)", "timestamptz '2026-03-30 19\\:00+00'"
    due = f"{then} + (i * 787 % 80000) * interval '1 second'"
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
                     "changed_at": then, "plan": "1"},
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


if __name__ == "__main__":
    compare(int(sys.argv[1]), many=int(sys.argv[2]))
