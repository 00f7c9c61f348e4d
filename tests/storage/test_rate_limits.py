from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from journal.storage.database import Database
from journal.storage.rate_limits import DatabaseCounters, brake_on, count_on, forget_old


def test_a_limit_holds_across_two_processes_counters(database: Database) -> None:
    here = FixedWindowRateLimiter(DatabaseCounters(engine=database.engine))
    there = FixedWindowRateLimiter(DatabaseCounters(engine=database.engine))
    three = RateLimitItemPerMinute(3)
    assert [counter.hit(three, "sign-in") for counter in (here, there, here, there, here)] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_counting_at_the_same_moment_loses_nothing(database: Database) -> None:
    counters = DatabaseCounters(engine=database.engine)
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _: counters.incr("storm", 60), range(40)))
    assert counters.get("storm") == 40


def test_a_window_that_is_over_begins_anew(database: Database) -> None:
    counters = DatabaseCounters(engine=database.engine)
    counters.incr("old", -1)
    assert counters.get("old") == 0
    assert counters.incr("old", 60) == 1


def test_old_windows_are_forgotten(database: Database) -> None:
    counters = DatabaseCounters(engine=database.engine)
    counters.incr("one", 60)
    with database.unit_of_work() as db:
        assert forget_old(db, now=datetime.now(UTC)) == 0
        assert forget_old(db, now=datetime.now(UTC) + timedelta(minutes=2)) == 1


def test_a_brake_lets_so_many_through_in_a_second_and_then_more(database: Database) -> None:
    moment = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)

    def take(count: int, *, now: datetime) -> int:
        with database.unit_of_work() as db:
            brake = brake_on(db, "backlog", most=5, now=now)
            granted = min(count, brake.left)
            count_on(db, brake, granted)
            return granted

    assert [take(3, now=moment), take(3, now=moment), take(3, now=moment)] == [3, 2, 0]
    assert take(3, now=moment + timedelta(seconds=1)) == 3
