"""Ups and downs from one day to the next."""

from __future__ import annotations

import random
import statistics

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.domain.variability import Variability, root_mean_square, steps_of, variability
from journal.domain.withheld import Reason, Withheld
from tests.domain.daily import moods, one_day, series

PUBLISHED = moods(4, 6, 5, 7, 3, None, 5, 5)


def test_only_days_that_follow_each_other_make_a_step() -> None:
    assert steps_of(PUBLISHED) == [2, -1, 2, -4, 0]


def test_the_published_example_is_reproduced() -> None:
    steps = steps_of(PUBLISHED)
    assert statistics.fmean(step * step for step in steps) == 5.0
    assert round(root_mean_square(steps), 4) == 2.2361
    assert round(statistics.stdev(day.mood for day in PUBLISHED if day.mood is not None), 4) == 1.2910


def test_it_is_withheld_below_42_days_with_a_number() -> None:
    days = [*series([5, 6] * 20), one_day(40, 5), one_day(41, None)]
    assert variability(days) == Withheld(Reason.TOO_FEW, n=41, needs=42)


def test_from_42_days_on_every_figure_says_what_it_was_computed_from() -> None:
    found = variability(series([4, 6, 5, 7, 3, 5] * 7))
    assert isinstance(found, Variability)
    assert (found.n, found.pairs, found.low, found.high) == (42, 41, 3, 7)
    assert found.sd == pytest.approx(statistics.stdev([4, 6, 5, 7, 3, 5] * 7))


def test_days_that_are_never_adjacent_give_no_rmssd_but_the_rest() -> None:
    found = variability([one_day(2 * i, 4 + i % 3) for i in range(42)])
    assert isinstance(found, Variability)
    assert (found.rmssd, found.pairs) == (None, 0)
    assert found.sd > 0


@given(st.lists(st.integers(0, 10), min_size=42, max_size=90), st.integers(0, 400))
@settings(max_examples=40)
def test_it_does_not_depend_on_when_it_was_or_which_end_is_up(values: list[int], later: int) -> None:
    one = variability(series(values))
    other = variability(series([10 - value for value in values], begin=later))
    assert isinstance(one, Variability)
    assert isinstance(other, Variability)
    assert other.rmssd == pytest.approx(one.rmssd)
    assert other.sd == pytest.approx(one.sd)
    assert (other.low, other.high) == (10 - one.high, 10 - one.low)


def test_numpy_finds_the_same_on_500_sets_with_gaps() -> None:
    chance = random.Random(6)
    for _ in range(500):
        values = [chance.randint(0, 20) / 2 if chance.random() < 0.9 else None for _ in range(120)]
        found = variability(moods(*values))
        assert isinstance(found, Variability)
        series_of_all = np.array([np.nan if value is None else value for value in values])
        steps = np.diff(series_of_all)
        assert found.pairs == np.count_nonzero(~np.isnan(steps))
        assert found.rmssd == pytest.approx(np.sqrt(np.nanmean(steps**2)))
        assert found.sd == pytest.approx(np.nanstd(series_of_all, ddof=1))
        assert (found.low, found.high) == (np.nanmin(series_of_all), np.nanmax(series_of_all))
