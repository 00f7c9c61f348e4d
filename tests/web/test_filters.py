"""How days, times and numbers are written."""

from __future__ import annotations

from datetime import UTC, date, datetime

import flask
import pytest

from journal.web import filters

DAY = date(2026, 3, 4)


def test_a_day_is_written_long_short_with_its_year_and_by_its_month() -> None:
    assert filters.long_day(DAY) == "Wednesday 4 March"
    assert filters.short_day(DAY) == "4 Mar"
    assert filters.day_and_year(DAY) == "4 March 2026"
    assert filters.month_and_year(DAY) == "March 2026"


@pytest.mark.parametrize(
    ("hour", "minute", "written"),
    [
        (0, 0, "12:00 am"),
        (0, 5, "12:05 am"),
        (9, 30, "9:30 am"),
        (12, 0, "12:00 pm"),
        (13, 7, "1:07 pm"),
        (23, 59, "11:59 pm"),
    ],
)
def test_an_hour_is_written_with_am_and_pm(hour: int, minute: int, written: str) -> None:
    assert filters.clock(datetime(2026, 3, 4, hour, minute, tzinfo=UTC), "UTC") == written


def test_a_moment_is_written_as_the_wall_shows_it_on_both_sides_of_a_clock_change() -> None:
    before, after = datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert filters.clock(before, "Europe/Berlin") == "1:59 am"
    assert filters.clock(after, "Europe/Berlin") == "3:00 am"


def test_a_moment_late_in_utc_is_on_the_next_day_further_east() -> None:
    late = datetime(2026, 3, 30, 22, 30, tzinfo=UTC)
    assert filters.day_and_clock(late, "Europe/Berlin") == "31 Mar, 12:30 am"
    assert filters.day_and_clock(late, "America/New_York") == "30 Mar, 6:30 pm"


def test_nothing_is_a_dash_and_not_a_nought() -> None:
    assert filters.one_decimal(None) == "–"
    assert filters.one_decimal(0.0) == "0.0"
    assert filters.one_decimal(5.66) == "5.7"


@pytest.mark.parametrize(
    ("count", "written"), [(0, "0 days"), (1, "1 day"), (2, "2 days"), (1234, "1,234 days")]
)
def test_one_is_one_and_many_are_many(count: int, written: str) -> None:
    assert filters.plural(count, "day", "days") == written


def test_templates_know_them_by_their_names() -> None:
    app = flask.Flask("planted")
    filters.register(app)
    written = app.jinja_env.from_string("{{ day|short_day }}, {{ 3|plural('day', 'days') }}")
    assert written.render(day=DAY) == "4 Mar, 3 days"


@pytest.mark.parametrize(
    ("hour", "expected"),
    [(18, "8:00 pm"), (22, "written 5 Mar, 12:00 am"), (23, "written 5 Mar, 1:00 am")],
)
def test_a_time_of_another_day_says_which_day(hour: int, expected: str) -> None:
    moment = datetime(2026, 3, 4, hour, tzinfo=UTC)
    assert filters.written(moment, "Africa/Johannesburg", DAY) == expected
