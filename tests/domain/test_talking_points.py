"""The lines as values."""

from __future__ import annotations

from datetime import date

from journal.domain.talking_points import Compared, Kind, LowDay, Measure, Sleep
from journal.domain.trends import DaySummary

DAY = date(2026, 3, 25)


def test_a_low_day_knows_how_far_it_lies_below_and_of_how_many_days_the_median_is() -> None:
    against = tuple(DaySummary(date(2026, 3, day), 6, 6, 6, 1, 1) for day in range(20, 25))
    low = LowDay(DAY, mood=2.5, usual=6.0, against=against)
    assert (low.below, low.n) == (3.5, 5)


def test_a_comparison_counts_the_days_of_each_side() -> None:
    one = Compared(Measure.SLEEP_HOURS, 7.0, 6.0, ((DAY, 7.0),), ((DAY, 6.0), (DAY, 6.0)))
    assert (one.n, one.n_before) == (1, 2)


def test_a_line_knows_what_it_is_about() -> None:
    assert Sleep("sleep:4w", ()).kind is Kind.SLEEP
