"""Least squares with robust errors, held against another program."""

from __future__ import annotations

import random

import numpy as np
import pytest

from journal.domain.regression import Estimate, slope_of

ONES = [1.0] * 6


def test_a_straight_line_is_found_without_error() -> None:
    found = slope_of([1, 2, 3, 4, 5, 6], [3, 5, 7, 9, 11, 13], [ONES], lag=3)
    assert found is not None
    assert found.b == pytest.approx(2)
    assert found.se == pytest.approx(0)


def test_one_by_hand() -> None:
    """The slope is the sum of (x − 3.5)·y, 7, over that of (x − 3.5)², 17.5; without lags the error is White's."""
    found = slope_of([1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 2, 2], [ONES], lag=0)
    assert found is not None
    assert found.b == pytest.approx(7 / 17.5)
    residuals = [0, 0.6, -0.8, -0.2, 0.4, 0]
    white = sum((x * e) ** 2 for x, e in zip((-2.5, -1.5, -0.5, 0.5, 1.5, 2.5), residuals, strict=True))
    assert found.se == pytest.approx(white**0.5 / 17.5)


def test_what_never_changes_has_no_slope() -> None:
    assert slope_of([4.0] * 6, [1, 2, 3, 4, 5, 6], [ONES], lag=3) is None


def test_what_the_others_say_already_has_no_slope() -> None:
    other = [0.0, 1, 0, 1, 0, 0]
    assert slope_of([1 + 2 * one for one in other], [1, 2, 3, 4, 5, 6], [ONES, other], lag=3) is None


def test_columns_that_add_nothing_change_nothing() -> None:
    x, y, other = [1, 3, 2, 5, 4, 4], [1, 2, 2, 5, 3, 1], [0.0, 1, 1, 0, 0, 1]
    plain = slope_of(x, y, [ONES, other], lag=3)
    padded = slope_of(x, y, [ONES, [0.0] * 6, other, [1 - one for one in other]], lag=3)
    assert isinstance(plain, Estimate)
    assert padded == Estimate(b=pytest.approx(plain.b), se=pytest.approx(plain.se))


@pytest.mark.filterwarnings("ignore:The design matrix is rank-deficient")
def test_statsmodels_finds_the_same_slopes_and_errors() -> None:
    """500 series of 28 to 120 rows with a weekday's worth of columns and the day before, some columns of them empty."""
    import statsmodels.api as sm

    chance = random.Random(2)
    for _ in range(500):
        n = chance.randint(28, 120)
        lag = chance.choice((0, 1, 3, 5))
        y = [float(chance.randint(0, 10)) for _ in range(n)]
        x = [float(chance.randint(0, 4)) for _ in range(n)]
        days = chance.sample(range(7), chance.randint(1, 7))
        weekday = [days[i % len(days)] for i in range(n)]
        others = [[1.0] * n, *([float(day == one) for day in weekday] for one in range(1, 7)), [5.0, *y[:-1]]]
        found = slope_of(x, y, others, lag=lag)
        assert found is not None
        fitted = sm.OLS(y, np.column_stack([x, *others])).fit()
        peer = fitted.get_robustcov_results("HAC", maxlags=lag, use_correction=False)
        assert found.b == pytest.approx(peer.params[0], rel=1e-7, abs=1e-9)
        assert found.se == pytest.approx(peer.bse[0], rel=1e-7, abs=1e-9)
