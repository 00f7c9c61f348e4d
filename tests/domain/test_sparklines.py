"""The line of 28 days: one path that breaks at gaps, and what it says."""

from __future__ import annotations

from datetime import date

import pytest

from journal.domain.sparklines import drawn, tenths


def march(day: int) -> date:
    return date(2026, 3, day)


def test_it_is_one_path_that_breaks_at_gaps() -> None:
    month = [(march(1), 7.0), (march(2), 6.0), (march(4), 5.0)]
    spark = drawn(month, march(28), given={march(2)})
    assert spark is not None
    assert spark.line == "M3 15.3l5.2 3.1M18.6 21.5h0"
    assert (spark.x, spark.y) == ("18.6", "21.5")
    assert spark.rules == "M8.2 2V37"
    assert spark.diamonds == "M8.2 .4l2.8 2.8l-2.8 2.8l-2.8 -2.8z"
    assert (spark.first, spark.last, spark.means, spark.logged) == (7.0, 5.0, 3, 3)


def test_days_on_their_own_are_dots() -> None:
    spark = drawn([(march(1), 0.0), (march(3), 10.0), (march(28), 5.0)], march(28), given=set())
    assert spark is not None
    assert spark.line == "M3 37h0M13.4 6h0M143 21.5h0"


def test_nothing_older_than_28_days_is_in_it() -> None:
    month = [(march(1), 7.0), (march(2), 6.0)]
    assert drawn(month, march(30), given={date(2026, 2, 26)}) is None
    assert drawn([], march(30), given=set()) is None


def test_means_lie_between_the_whole_moods_and_days_without_one_are_passed_over() -> None:
    month = [(march(1), 7.5), (march(2), None), (march(3), 10.0), (march(4), 0.0)]
    spark = drawn(month, march(28), given=set())
    assert spark is not None
    assert spark.line == "M3 13.8h0M13.4 6l5.2 31"
    assert (spark.first, spark.last, spark.means, spark.logged) == (7.5, 0.0, 3, 4)


@pytest.mark.parametrize(("value", "text"), [(1234, "123.4"), (50, "5"), (-5, "-.5"), (0, "0")])
def test_tenths_are_written_as_short_as_a_path_may(value: int, text: str) -> None:
    assert tenths(value) == text
