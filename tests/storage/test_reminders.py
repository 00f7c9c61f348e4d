"""The rules and the narrow queue, as the database keeps them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from journal.domain.reminders import Due
from journal.services.reminders import CHECK_IN, EMAIL
from journal.storage import reminders
from journal.storage.database import Database
from tests.cast import NOW, Cast
from tests.reminding import FIRST, remind, rule, utc

MONDAY = date(2026, 3, 30)
DUE = utc("2026-03-30 18:30")
AN_HOUR = timedelta(hours=1)


def test_a_rule_comes_back_as_it_was_set(database: Database, cast: Cast) -> None:
    asked = rule("07:05", "20:30", zone="America/New_York", days=frozenset({1, 3, 7}))
    with database.unit_of_work() as db:
        reminders.keep_rule(db, cast.alice.account_id, kind=CHECK_IN, rule=asked, channels=(EMAIL,), now=NOW)
    with database.look() as db:
        kept = reminders.reminder_of(db, cast.alice.account_id, kind=CHECK_IN)
        assert kept is not None
        assert reminders.rule_of(kept) == asked
        assert kept.channels == [EMAIL]


def test_stopping_again_keeps_the_moment_it_was_stopped(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=NOW, stopped=True)
    remind(database, cast.alice, "20:30", at=NOW + AN_HOUR, stopped=True)
    with database.look() as db:
        kept = reminders.reminder_of(db, cast.alice.account_id, kind=CHECK_IN)
        assert kept is not None
        assert kept.stopped_at == NOW


@pytest.mark.parametrize(
    "broken",
    [
        {"zone": "Atlantis/Capital"},
        {"times": [{"slot": FIRST}]},
        {"times": ["20:30"]},
        {"times": [{"slot": FIRST, "wall": "25:00", "weekdays": [1]}]},
        {"times": [{"slot": FIRST, "wall": "20:00", "weekdays": None}]},
    ],
)
def test_what_is_no_rule_is_not_read_as_one(sqlite_database: Database, broken: dict[str, object]) -> None:
    kept = reminders.Reminder(**{"times": [], "zone": "Europe/Berlin", "stopped_at": None, **broken})
    assert reminders.rule_if_readable(kept) is None


def test_of_two_plans_for_one_instant_the_later_stays(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=NOW)
    with database.unit_of_work() as db:
        kept = reminders.reminder_of(db, cast.alice.account_id, kind=CHECK_IN)
        assert kept is not None
        due = Due(FIRST, MONDAY, DUE)
        reminders.put_in_queue(db, [(kept.id, kept.plan + 1, due, EMAIL)])
        reminders.put_in_queue(db, [(kept.id, kept.plan, due, EMAIL)])
        # also where both come at once, in either order
        reminders.put_in_queue(db, [(kept.id, kept.plan + 1, due, EMAIL), (kept.id, kept.plan, due, EMAIL)])
    with database.look() as db:
        assert db.scalars(sa.select(reminders.ReminderQueue.plan)).all() == [kept.plan + 1]


def test_due_rows_are_taken_within_their_bounds(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=NOW)

    def taken(after: timedelta, until: timedelta) -> int:
        with database.unit_of_work() as db:
            return len(reminders.take_due(db, EMAIL, after=DUE + after, until=DUE + until, limit=5))

    assert taken(-2 * AN_HOUR, -AN_HOUR) == 0
    assert taken(timedelta(0), AN_HOUR) == 0  # the earlier bound is left out
    assert taken(-AN_HOUR, timedelta(0)) == 1  # the later one is not
    assert taken(-AN_HOUR, timedelta(0)) == 0


def test_what_is_due_lies_side_by_side_on_disk(sqlite_database: Database) -> None:
    """The tick finds its rows by the primary key of the queue, and whose they are by theirs; no table is scanned."""
    with sqlite_database.look() as db:
        statement = reminders._WAITING._statement.compile(dialect=sqlite_database.engine.dialect)
        asked = {"after": "2026-03-30", "until": "2026-03-31", "most": 200}
        bound = tuple(asked.get(name, 0) for name in statement.positiontup or [])
        plan = db.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", bound).all()
    steps = [step.detail for step in plan]
    assert [step for step in steps if step.startswith(("SCAN", "USE TEMP"))] == []
    assert steps[0] == "SEARCH reminder_queue USING PRIMARY KEY (next_due_at>? AND next_due_at<?)"
