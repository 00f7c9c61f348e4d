from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from journal.storage.database import Database
from journal.storage.rate_limits import (
    DatabaseCounters,
    brake_on,
    count_on,
    forget_old,
    is_first,
    may_spend,
)
from tests.conftest import MASTER_KEYS


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


DAY = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)


def test_a_cap_holds_for_two_nodes_that_spend_at_the_same_moment(database: Database) -> None:
    other = Database(database.engine.url.render_as_string(hide_password=False), MASTER_KEYS)
    with ThreadPoolExecutor(8) as threads:
        nodes = [database.engine, other.engine] * 20
        granted = list(threads.map(lambda node: may_spend(node, "sms", most=7, now=DAY), nodes))
    other.close()
    assert granted.count(True) == 7


def test_a_cap_begins_anew_with_the_day(database: Database) -> None:
    moments = [DAY, DAY.replace(hour=23, minute=59), DAY.replace(day=31, hour=0)]
    assert [may_spend(database.engine, "sms", most=1, now=moment) for moment in moments] == [
        True,
        False,
        True,
    ]


def test_a_clock_set_back_over_midnight_spends_no_more(database: Database) -> None:
    assert may_spend(database.engine, "sms", most=1, now=DAY)
    with database.unit_of_work() as db:
        forget_old(db, now=DAY + timedelta(hours=7))
    assert not may_spend(database.engine, "sms", most=1, now=DAY)


def test_a_cap_of_nothing_lets_nothing_through(database: Database) -> None:
    assert not may_spend(database.engine, "sms", most=0, now=DAY)


def test_what_was_seen_before_is_not_the_first(database: Database) -> None:
    with database.unit_of_work() as db:
        seen = [is_first(db, key, kept_for=timedelta(days=1), now=DAY) for key in ("one", "one", "two")]
    assert seen == [True, False, True]


def test_what_was_seen_is_forgotten_with_a_transaction_that_fails(database: Database) -> None:
    def see() -> bool:
        with database.unit_of_work() as db:
            first = is_first(db, "one", kept_for=timedelta(days=1), now=DAY)
            raise LookupError(first)

    for _ in range(2):
        with pytest.raises(LookupError, match="True"):
            see()
