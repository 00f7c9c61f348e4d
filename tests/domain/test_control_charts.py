"""The chart of drifting below a steady level: published values, which days count, and how often it is wrong."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from math import sqrt
from statistics import NormalDist, stdev

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.domain.control_charts import ChosenBy, ControlChart, control_chart, limit_of, smoothed
from journal.domain.withheld import Reason, Withheld
from tests.domain.daily import BEGIN, moods, on, one_day, series

STEADY = [5, 7] * 7
"""Mean 6, 14 days."""


def chart(*args: object, **kwargs: object) -> ControlChart:
    found = control_chart(*args, **kwargs)  # type: ignore[arg-type]
    assert isinstance(found, ControlChart)
    return found


# What was published


def test_the_published_averages_are_reproduced() -> None:
    assert [round(z, 4) for z in smoothed([6, 5, 5, 4, 4, 3, 3], start=6)] == [
        6.0000, 5.8000, 5.6400, 5.3120, 5.0496, 4.6397, 4.3117,
    ]  # fmt: skip


def test_with_its_published_limits_the_plain_chart_signals_first_at_the_sixth_value() -> None:
    limits = [5.2891, 5.0896, 4.9823, 4.9191, 4.8806, 4.8566, 4.8415]
    spread = [1.2 * 2.962 * sqrt(0.2 / 1.8 * (1 - 0.8 ** (2 * t))) for t in range(1, 8)]
    assert [round(6 - half, 4) for half in spread] == limits
    averages = smoothed([6, 5, 5, 4, 4, 3, 3], start=6)
    signals = [z < limit for z, limit in zip(averages, limits, strict=True)]
    assert signals == [False, False, False, False, False, True, True]


@pytest.mark.parametrize(("n0", "limit"), [(14, 1.4840), (21, 1.3720)])
def test_the_published_limits_are_reproduced(n0: int, limit: float) -> None:
    assert round(limit_of(1.0, n0=n0), 4) == limit


@pytest.mark.parametrize(("weight", "width"), [(0.1, 2.814), (0.2, 2.962), (0.25, 2.998)])
def test_the_published_run_lengths_of_plain_charts_are_reproduced(weight: float, width: float) -> None:
    """A Markov chain over 201 slices between the limits (Brook & Evans 1972)."""
    edge = width * sqrt(weight / (2 - weight))
    edges = np.linspace(-edge, edge, 202)
    states = (edges[:-1] + edges[1:]) / 2
    below = np.vectorize(NormalDist().cdf)((edges[None, :] - (1 - weight) * states[:, None]) / weight)
    stays = np.diff(below, axis=1)
    lengths = np.linalg.solve(np.eye(201) - stays, np.ones(201))
    assert 499 <= round(float(lengths[100])) <= 500


# Which days count


def test_the_first_14_logged_days_from_the_third_day_on_are_steady() -> None:
    days = [*moods(1, 1, 1), *moods(*STEADY, begin=3), *moods(6, 6, begin=17)]
    found = chart(days, [on(0)], steady_from_session=on(0))
    assert (found.mu, found.n0, found.baseline_by) == (6, 14, ChosenBy.RULE)
    assert (found.baseline_from, found.baseline_to) == (on(3), on(16))
    assert [day.local_date for day in found.days] == [on(17), on(18)]


def test_days_after_the_thirtieth_are_not_steady_any_more() -> None:
    days = [*moods(*STEADY[:13], begin=18), *moods(5, begin=31)]
    assert control_chart(days, [on(0)], steady_from_session=on(0)) == Withheld(Reason.TOO_FEW, n=13, needs=14)
    assert chart([*moods(7, begin=17), *days], [on(0)], steady_from_session=on(0)).baseline_to == on(30)


def test_without_a_session_there_is_nothing_to_be_steady_after() -> None:
    assert control_chart(moods(*STEADY * 3), [], steady_from_session=None) == Withheld(Reason.NO_SESSION)


def test_days_that_a_provider_chose_are_all_of_them_steady() -> None:
    days = [*moods(*STEADY, 6, 6), *moods(2, begin=20)]
    found = chart(days, [], steady_from_session=None, chosen=(on(0), on(19)))
    assert (found.n0, found.baseline_by) == (16, ChosenBy.PROVIDER)
    assert (found.baseline_from, found.baseline_to) == (on(0), on(19))
    assert [day.local_date for day in found.days] == [on(20)]


def test_chosen_days_with_too_few_logged_are_withheld_whatever_the_rule_would_find() -> None:
    days = moods(*STEADY * 3)
    found = control_chart(days, [on(-3)], steady_from_session=on(-3), chosen=(on(0), on(12)))
    assert found == Withheld(Reason.TOO_FEW, n=13, needs=14)


def test_the_days_of_sessions_enter_neither_the_steady_days_nor_the_average() -> None:
    days = [
        *moods(*STEADY[:5], begin=3),
        one_day(8, 0),
        *moods(*STEADY[5:], begin=9),
        one_day(20, 0),
        one_day(21, 6),
    ]
    found = chart(days, [on(0), on(8), on(20)], steady_from_session=on(0))
    assert (found.mu, found.n0) == (6, 14)
    assert [(day.local_date, round(day.z, 9)) for day in found.days] == [(on(21), 6)]


def test_days_without_a_number_change_nothing() -> None:
    days = [*moods(*STEADY, begin=3), one_day(17, None), one_day(18, 1)]
    found = chart(days, [on(0)], steady_from_session=on(0))
    assert [day.local_date for day in found.days] == [on(18)]
    assert found.days[0].z == pytest.approx(5)


# The limit


def test_equal_days_still_have_a_spread_of_seven_tenths() -> None:
    found = chart(moods(*[6] * 14, 6), [], steady_from_session=on(-3))
    assert found.s == 0.7
    assert found.limit == pytest.approx(0.7 * 1.4840, abs=1e-4)
    assert found.line == pytest.approx(6 - 0.7 * 1.4840, abs=1e-4)


def test_the_spread_of_the_steady_days_counts_where_it_is_larger() -> None:
    found = chart(moods(*[3, 9] * 7), [], steady_from_session=on(-3))
    assert found.s == stdev([3, 9] * 7)


def test_every_day_below_the_line_is_a_signal_and_the_chart_never_begins_anew() -> None:
    found = chart(moods(*[6] * 14, *[3] * 4, *[6] * 4), [], steady_from_session=on(-3))
    assert [round(day.z, 4) for day in found.days] == [
        5.4,
        4.92,
        4.536,
        4.2288,
        4.583,
        4.8664,
        5.0931,
        5.2745,
    ]
    assert [day.signal for day in found.days] == [False, True, True, True, True, True, False, False]
    assert found.signals == (on(15), on(16), on(17), on(18), on(19))
    assert not found.is_signalling
    assert chart(moods(*[6] * 14, 0), [], steady_from_session=on(-3)).is_signalling


def test_a_chart_without_a_day_after_the_steady_ones_signals_nothing() -> None:
    found = chart(moods(*STEADY), [], steady_from_session=on(-3))
    assert (found.days, found.signals, found.is_signalling) == ((), (), False)


def test_higher_mood_is_never_a_signal() -> None:
    assert chart(moods(*[4] * 14, *[10] * 20), [], steady_from_session=on(-3)).signals == ()


@given(st.lists(st.integers(1, 9), min_size=15, max_size=60), st.sampled_from((-1, 1)), st.integers(0, 300))
@settings(max_examples=40)
def test_moving_all_days_up_or_on_moves_the_chart_and_its_signals_alike(
    values: list[int], up: int, later: int
) -> None:
    one = chart(series(values), [], steady_from_session=on(-3))
    moved = chart(
        series([value + up for value in values], begin=later), [], steady_from_session=on(later - 3)
    )
    assert moved.mu == pytest.approx(one.mu + up)
    assert moved.limit == pytest.approx(one.limit)
    assert [day.z for day in moved.days] == pytest.approx([day.z + up for day in one.days])
    assert moved.signals == tuple(day + timedelta(days=later) for day in one.signals)


# How often it is wrong, and how often right


def noise(phi: float, chance: random.Random) -> Iterator[float]:
    """Neighbouring days that correlate by ``phi``, with standard deviation 1."""
    value = chance.gauss(0, 1)
    while True:
        yield value
        value = phi * value + sqrt(1 - phi * phi) * chance.gauss(0, 1)


def share_that_signals(*, n0: int, phi: float, within: int, runs: int, shift: float = 0.0) -> float:
    """Of people whose days have a standard deviation of 10, so that the least spread of 0.7 has no part in it."""
    chance = random.Random(f"{n0} {phi}")
    signalled = 0
    for _ in range(runs):
        drawn = list(islice(noise(phi, chance), n0 + within))
        values = [10 * value for value in drawn[:n0]] + [10 * (value - shift) for value in drawn[n0:]]
        found = chart(series(values), [], steady_from_session=None, chosen=(BEGIN, on(n0 - 1)))
        signalled += bool(found.signals)
    return signalled / runs


STATED = [
    (14, 0.2, 30, 0.0, 0.04), (14, 0.4, 30, 0.0, 0.105), (14, 0.6, 30, 0.0, 0.21),
    (21, 0.2, 30, 0.0, 0.04), (21, 0.4, 30, 0.0, 0.10), (21, 0.6, 30, 0.0, 0.19),
    (14, 0.4, 14, 1.5, 0.70), (14, 0.4, 30, 1.5, 0.88), (21, 0.4, 14, 1.5, 0.76), (21, 0.4, 30, 1.5, 0.93),
]  # fmt: skip


@pytest.mark.parametrize(("n0", "phi", "within", "shift", "stated"), STATED[1::3])
def test_some_of_the_stated_rates_hold(n0: int, phi: float, within: int, shift: float, stated: float) -> None:
    """600 runs: four standard errors of a share, and the point to which it is stated."""
    found = share_that_signals(n0=n0, phi=phi, within=within, runs=600, shift=shift)
    assert found == pytest.approx(stated, abs=4 * sqrt(stated * (1 - stated) / 600) + 0.005)


@pytest.mark.night
@pytest.mark.parametrize(("n0", "phi", "within", "shift", "stated"), STATED)
def test_all_stated_rates_hold(n0: int, phi: float, within: int, shift: float, stated: float) -> None:
    """8,000 runs: three standard errors of a share, and the point to which it is stated."""
    found = share_that_signals(n0=n0, phi=phi, within=within, runs=8000, shift=shift)
    assert found == pytest.approx(stated, abs=3 * sqrt(stated * (1 - stated) / 8000) + 0.005)
