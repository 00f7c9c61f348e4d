from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from journal.storage import watching
from journal.storage.database import Database
from journal.storage.watching import Outcome, Sign, Waiting, WorkerSign
from tests.cast import NOW, Cast
from tests.reminding import begin, claim, remind, sent, utc

DUE = utc("2026-03-30 18:30")
DAY = timedelta(days=1)


def give_sign(database: Database, name: str, *, at: timedelta = timedelta()) -> None:
    with database.unit_of_work() as db:
        watching.give_sign(db, name, version="1", now=NOW + at)


def test_a_worker_has_one_sign_the_latest(database: Database) -> None:
    give_sign(database, "a")
    give_sign(database, "b", at=timedelta(seconds=1))
    give_sign(database, "a", at=timedelta(seconds=2))
    with database.look() as db:
        assert watching.signs(db) == [
            Sign(NOW + timedelta(seconds=2), "1"),
            Sign(NOW + timedelta(seconds=1), "1"),
        ]


def test_a_worker_that_was_silent_for_a_day_is_forgotten(database: Database) -> None:
    give_sign(database, "long gone")
    give_sign(database, "gone", at=timedelta(seconds=1))
    give_sign(database, "here", at=DAY + timedelta(seconds=1))
    with database.look() as db:
        assert set(db.scalars(sa.select(WorkerSign.name))) == {"gone", "here"}


def test_what_is_due_waits_by_channel_and_the_rest_does_not(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", "21:30", at=NOW)
    remind(database, cast.dan, "20:31", at=NOW)
    with database.look() as db:
        assert watching.waiting(db, now=DUE - timedelta(seconds=1)) == []
        assert watching.waiting(db, now=DUE + timedelta(minutes=2)) == [Waiting("email", DUE, 2)]


def test_no_more_rows_are_counted_than_were_asked_for(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "MOST_WAITING", 1)
    remind(database, cast.alice, "20:30", at=NOW)
    remind(database, cast.dan, "20:31", at=NOW)
    with database.look() as db:
        assert watching.waiting(db, now=DUE + timedelta(hours=1)) == [Waiting("email", DUE, 1)]


def test_outcomes_are_counted_by_channel_state_and_reason(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=NOW)
    remind(database, cast.dan, "20:30", at=NOW)
    key, _other = claim(database, DUE).to_send
    begin(database, key, DUE)
    sent(database, key, DUE)
    with database.look() as db:
        assert watching.outcomes(db, since=DUE - timedelta(seconds=1)) == [
            Outcome("email", "claimed", None, 1),
            Outcome("email", "sent", None, 1),
        ]
        assert watching.outcomes(db, since=DUE) == []


def test_only_the_latest_outcomes_are_counted(
    database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watching, "MOST_OUTCOMES", 1)
    remind(database, cast.alice, "20:30", at=NOW)
    claim(database, DUE + timedelta(hours=5))
    remind(database, cast.dan, "20:30", at=DUE + timedelta(hours=20))
    claim(database, DUE + DAY, limit=1)
    with database.look() as db:
        assert sum(one.count for one in watching.outcomes(db, since=DUE - DAY)) == 1


@pytest.mark.parametrize(
    ("question", "on_sqlite", "on_postgresql"),
    [
        ("waiting", "SEARCH reminder_queue USING PRIMARY KEY (next_due_at<?)", "pk_reminder_queue"),
        ("outcomes", "SCAN delivery", "Index Scan Backward using pk_delivery"),
    ],
)
def test_a_question_reads_its_rows_in_order_and_stops(
    database: Database, question: str, on_sqlite: str, on_postgresql: str
) -> None:
    """However many there are: nothing is sorted. (SQLite's scan is by the table's key, from its end.)"""
    plan: list[str] = []

    def explain(
        _connection: object, cursor: sa.CursorResult[str], sql: str, values: object, *_: object
    ) -> None:
        if "LIMIT" in sql and "EXPLAIN" not in sql:
            plan.extend(
                str(step[-1]) for step in cursor.execute(f"EXPLAIN {queried}{sql}", values).fetchall()
            )

    queried = "QUERY PLAN " if database.is_sqlite else ""
    sa.event.listen(database.engine, "before_cursor_execute", explain)
    with database.look() as db:
        if not database.is_sqlite:  # an empty table is always quicker to sort
            db.execute(sa.text("SET LOCAL enable_seqscan = off"))
        if question == "waiting":
            watching.waiting(db, now=NOW)
        else:
            watching.outcomes(db, since=NOW)
    expected = on_sqlite if database.is_sqlite else on_postgresql
    assert [step for step in plan if expected in step] != []
    assert [step for step in plan if "ORDER BY" in step] == []
