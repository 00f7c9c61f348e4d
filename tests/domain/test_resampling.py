"""The bootstrap of a mean: the same every time, and what an independent program finds."""

from __future__ import annotations

import random
from math import sqrt
from statistics import fmean, stdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.domain.resampling import mean_interval

MEANS = st.lists(st.integers(0, 40).map(lambda quarters: quarters / 4), min_size=2, max_size=40)


def test_the_same_values_give_the_same_interval_in_any_order() -> None:
    assert mean_interval([2, 5, 6, 9]) == (3.0, 8.25)
    assert mean_interval([9, 2, 6, 5]) == (3.0, 8.25)


def test_other_values_before_change_nothing() -> None:
    mean_interval([1, 2, 3, 4])
    mean_interval([1, 2, 3])
    assert mean_interval([2, 5, 6, 9]) == (3.0, 8.25)


def test_every_value_is_drawn_equally_often() -> None:
    """A byte has room for 256 places: taken as it comes, the first 56 of 200 values would be drawn twice as often."""
    low, high = mean_interval([0.0] * 56 + [10.0] * 144)
    assert low < 7.2 < high
    assert high - low < 1.5


def test_equal_values_have_no_width() -> None:
    assert mean_interval([6.5] * 5) == (6.5, 6.5)


def test_very_many_values_give_the_interval_of_the_standard_error() -> None:
    values = [float(i % 11) for i in range(300)]
    half = 1.96 * stdev(values) / sqrt(300)
    assert mean_interval(values) == pytest.approx((fmean(values) - half, fmean(values) + half))


def test_so_many_values_as_are_resampled_agree_with_the_standard_error() -> None:
    values = [float(i % 11) for i in range(256)]
    half = 1.96 * stdev(values) / sqrt(256)
    assert mean_interval(values) == pytest.approx((fmean(values) - half, fmean(values) + half), abs=0.05)


@given(MEANS)
@settings(max_examples=40)
def test_the_interval_lies_within_the_values_and_around_most_of_their_mean(values: list[float]) -> None:
    low, high = mean_interval(values)
    assert min(values) <= low <= high <= max(values)
    # far out in a skewed set, the mean of a resample can lie all on one side of the mean only by rounding
    assert low <= fmean(values) + 1e-9
    assert high >= fmean(values) - 1e-9


@given(MEANS)
@settings(max_examples=40)
def test_turning_the_scale_over_turns_the_interval_over(values: list[float]) -> None:
    """The draws are the same, so it holds to the last step of a resampled mean, not exactly: the order turns too."""
    low, high = mean_interval(values)
    turned_low, turned_high = mean_interval([10 - value for value in values])
    step = (max(values) - min(values)) / len(values)
    assert turned_low == pytest.approx(10 - high, abs=2 * step + 1e-9)
    assert turned_high == pytest.approx(10 - low, abs=2 * step + 1e-9)


def test_scipy_finds_the_same_intervals() -> None:
    """500 sets against ``scipy.stats.bootstrap``, method percentile, 2,000 resamples each.

    Both are random: a percentile at 2.5 % of 2,000 draws has a standard error of about √(0.025·0.975/2000)/f, where f
    is the density of a normal curve there: 0.06 of the mean's standard error. The difference of two such has 0.084, so
    0.42 is five of them; means of few whole numbers move in steps of 1/n, of which one is allowed.
    """
    from scipy import stats

    chance = random.Random(1)
    apart = []
    for i in range(500):
        n = chance.choice((4, 5, 6, 8, 12, 20, 30))
        values = [float(chance.randint(0, 10)) for _ in range(n)]
        if len(set(values)) == 1:
            continue
        peer = stats.bootstrap(
            (np.array(values),),
            np.mean,
            method="percentile",
            n_resamples=2000,
            rng=np.random.default_rng(i),
        ).confidence_interval
        error = stats.tstd(values) * sqrt((n - 1) / n) / sqrt(n)
        low, high = mean_interval(values)
        assert abs(low - peer.low) <= 0.42 * error + 1 / n + 1e-6
        assert abs(high - peer.high) <= 0.42 * error + 1 / n + 1e-6
        apart += [(low - peer.low) / error, (high - peer.high) / error]
    # Sets of one size share their draws and err together, seven sizes at two ends by 0.06 each: 0.016 in the mean.
    assert abs(fmean(apart)) < 0.05
