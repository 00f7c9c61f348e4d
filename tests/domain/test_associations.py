"""Sleep, movement and mood: which days make a pair, what is withheld, what may be drawn, and how often it is wrong."""

from __future__ import annotations

import random
from datetime import timedelta
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.domain.associations import (
    Association,
    LinkStatus,
    Per,
    activity_and_mood,
    shown_by_chance,
    sleep_and_mood,
)
from journal.domain.trends import DaySummary
from tests.domain.daily import on, one_day

BETTER = 2.0


def nights(n: int, *, better: float = BETTER, seed: int = 0, begin: int = 0) -> list[DaySummary]:
    """``n`` days whose mood is about 5, and higher by up to ``better`` after good nights."""
    chance = random.Random(seed)
    days = []
    for i in range(n):
        quality = chance.choice((1, 2, 3))
        mood = 4 + better * (quality - 1) / 2 + chance.choice((-1, 0, 0, 1))
        days.append(one_day(begin + i, mood, sleep_quality=quality, sleep_hours=5 + quality))
    return days


def moving(n: int, *, seed: int = 0) -> list[DaySummary]:
    chance = random.Random(seed)
    days = []
    for i in range(n):
        minutes = chance.choice((0, 20, 40, 60))
        days.append(one_day(i, 4 + minutes / 30 + chance.choice((-1, 0, 1)), activity_min=minutes))
    return days


def good(i: int) -> int:
    """1 on every other pair of days, 0 between them: what yesterday was says nothing about today."""
    return i // 2 % 2


# Which days make a pair


def test_a_pair_is_a_day_with_its_night_and_a_number_on_the_day_before() -> None:
    days = [
        one_day(0, 5, sleep_quality=2),
        one_day(1, 6, sleep_quality=3),
        one_day(2, None, sleep_quality=3),
        one_day(3, 6, sleep_quality=3),
        one_day(4, 6),
        one_day(5, 6, sleep_quality=1),
        one_day(7, 6, sleep_quality=1),
    ]
    found = sleep_and_mood(days)
    assert found.rows == (on(1), on(5))
    assert (found.n, found.status, found.slope, found.reverse) == (2, LinkStatus.TOO_FEW, None, None)


def test_fewer_than_28_pairs_are_too_few_and_so_many_are_preliminary() -> None:
    assert (sleep_and_mood(nights(28)).n, sleep_and_mood(nights(28)).status) == (27, LinkStatus.TOO_FEW)
    assert sleep_and_mood(nights(29)).status is LinkStatus.PRELIMINARY
    assert sleep_and_mood(nights(42)).status is LinkStatus.PRELIMINARY
    assert sleep_and_mood(nights(43)).status is LinkStatus.LINK


def test_an_interval_that_holds_zero_is_no_clear_link() -> None:
    found = sleep_and_mood(nights(60, better=0, seed=3))
    assert found.status is LinkStatus.NO_CLEAR_LINK
    assert found.slope is not None
    assert found.slope.ci_low < 0 < found.slope.ci_high
    assert found.stacks is None


def test_nights_that_are_all_alike_cannot_go_with_anything() -> None:
    days = [one_day(i, 4 + i % 3, sleep_quality=3) for i in range(60)]
    assert sleep_and_mood(days).status is LinkStatus.NO_VARIATION
    assert sleep_and_mood(days).slope is None


def test_moods_that_are_all_alike_show_no_clear_link() -> None:
    days = [one_day(i, 5, sleep_quality=i * i % 5) for i in range(60)]
    found = sleep_and_mood(days)
    assert found.status is LinkStatus.NO_CLEAR_LINK


def test_hours_take_the_place_of_quality_only_where_that_has_fewer_than_28_pairs() -> None:
    rare = [
        day._replace(sleep_quality=day.sleep_quality if i < 28 else None) for i, day in enumerate(nights(60))
    ]
    enough = [
        day._replace(sleep_quality=day.sleep_quality if i < 29 else None) for i, day in enumerate(nights(60))
    ]
    assert (sleep_and_mood(rare).per, sleep_and_mood(rare).n) == (Per.HOUR, 59)
    assert (sleep_and_mood(enough).per, sleep_and_mood(enough).n) == (Per.QUALITY_STEP, 28)


def test_with_too_few_of_both_it_is_quality_that_is_counted() -> None:
    found = sleep_and_mood([one_day(i, 5, sleep_hours=7) for i in range(20)])
    assert (found.per, found.n, found.status) == (Per.QUALITY_STEP, 0, LinkStatus.TOO_FEW)


# What is found


def model(days: list[DaySummary], name: str, *, unit: float = 1.0) -> tuple[float, float, int]:
    """The same by another program: slope, standard error, pairs."""
    import statsmodels.api as sm

    by_date = {day.local_date: day for day in days}
    y, rows = [], []
    for date, day in sorted(by_date.items()):
        before = by_date.get(date - timedelta(days=1))
        x = getattr(day, name)
        if before is not None and before.mood is not None and day.mood is not None and x is not None:
            y.append(day.mood)
            rows.append([x / unit, 1.0, before.mood, *(float(date.weekday() == one) for one in range(1, 7))])
    fitted = sm.OLS(y, np.array(rows)).fit()
    robust = fitted.get_robustcov_results("HAC", maxlags=3, use_correction=False)
    return float(robust.params[0]), float(robust.bse[0]), len(y)


@pytest.mark.parametrize("seed", range(5))
def test_slope_and_interval_are_those_of_the_stated_model(seed: int) -> None:
    chance = random.Random(seed)
    days = [day for day in nights(90, seed=seed) if chance.random() < 0.9]
    b, se, n = model(days, "sleep_quality")
    found = sleep_and_mood(days).slope
    assert found is not None
    assert (found.b, found.n) == (pytest.approx(b), n)
    assert (found.ci_low, found.ci_high) == (pytest.approx(b - 1.96 * se), pytest.approx(b + 1.96 * se))


def test_the_reverse_asks_whether_the_day_before_goes_with_the_night() -> None:
    """Nights that follow yesterday's mood, and moods that follow nothing."""
    chance = random.Random(4)
    moods = [chance.randint(2, 8) for _ in range(90)]
    days = [
        one_day(i, moods[i], sleep_quality=max(0, min(4, round(moods[i - 1] / 2 + chance.gauss(0, 0.5)))))
        for i in range(1, 90)
    ]
    found = sleep_and_mood(days)
    assert found.status is LinkStatus.NO_CLEAR_LINK
    assert found.reverse is not None
    assert found.reverse.ci_low > 0.3
    assert found.reverse.b == pytest.approx(0.5, abs=0.1)


def test_movement_is_counted_per_half_hour_of_the_same_day() -> None:
    days = moving(60)
    b, se, _ = model(days, "activity_min", unit=30)
    found = activity_and_mood(days)
    assert (found.per, found.status, found.reverse) == (Per.HALF_HOUR, LinkStatus.LINK, None)
    assert found.slope is not None
    assert found.slope.b == pytest.approx(b)
    assert found.slope.ci_low == pytest.approx(b - 1.96 * se)


def test_of_movement_nothing_is_preliminary() -> None:
    assert activity_and_mood(moving(42)).status is LinkStatus.TOO_FEW
    assert activity_and_mood(moving(43)).status is LinkStatus.LINK


# What may be drawn


def stacks(found: Association) -> tuple[float, int, int]:
    assert found.stacks is not None
    return found.stacks.split, len(found.stacks.more), len(found.stacks.less)


def test_days_are_parted_where_the_two_sides_are_most_alike_in_number() -> None:
    days = [one_day(i, 4 + i % 2 * 2, sleep_quality=(2, 3)[i % 2]) for i in range(60)]
    days += [one_day(60 + i, 6, sleep_quality=4) for i in range(5)]
    assert stacks(sleep_and_mood(days)) == (3, 35, 29)


def test_a_picture_holds_every_pair_and_the_means_of_both_sides() -> None:
    found = sleep_and_mood(nights(60))
    assert found.stacks is not None
    assert len(found.stacks.more) + len(found.stacks.less) == found.n
    assert found.stacks.mean_more - found.stacks.mean_less >= 0.5
    assert found.stacks.mean_more == pytest.approx(sum(found.stacks.more) / len(found.stacks.more))


def test_a_preliminary_link_may_be_drawn() -> None:
    found = sleep_and_mood(nights(41))
    assert found.status is LinkStatus.PRELIMINARY
    assert found.stacks is not None


def test_hours_are_parted_at_half_hours_and_movement_at_ten_minutes() -> None:
    hours = [one_day(i, 4 + 2 * good(i), sleep_hours=(6.2, 7.7)[good(i)]) for i in range(60)]
    minutes = [one_day(i, 4 + 2 * good(i), activity_min=(25, 47)[good(i)]) for i in range(60)]
    assert stacks(sleep_and_mood(hours)) == (7.5, 30, 29)
    assert stacks(activity_and_mood(minutes)) == (40, 30, 29)


def test_fewer_than_eight_days_on_a_side_are_not_drawn() -> None:
    def days(good: int) -> list[DaySummary]:
        rested = set(range(3, 3 + 5 * good, 5))
        return [one_day(i, 7 if i in rested else 4, sleep_quality=3 if i in rested else 2) for i in range(60)]

    assert sleep_and_mood(days(7)).status is LinkStatus.LINK
    assert sleep_and_mood(days(7)).stacks is None
    assert stacks(sleep_and_mood(days(8))) == (3, 8, 51)


def test_less_than_half_a_point_apart_is_not_drawn() -> None:
    def days(apart: float) -> list[DaySummary]:
        return [one_day(i, 5 + apart * good(i), sleep_quality=2 + good(i)) for i in range(60)]

    assert sleep_and_mood(days(0.4)).status is LinkStatus.LINK
    assert sleep_and_mood(days(0.4)).stacks is None
    assert sleep_and_mood(days(0.5)).stacks is not None


def test_worse_days_after_better_nights_are_no_help_and_not_drawn() -> None:
    found = sleep_and_mood(nights(60, better=-2))
    assert found.status is LinkStatus.LINK
    assert found.slope is not None
    assert found.slope.ci_high < 0
    assert found.stacks is None


@given(st.integers(0, 10_000), st.integers(43, 70))
@settings(max_examples=20)
def test_turning_mood_over_turns_the_slope_over(seed: int, n: int) -> None:
    days = nights(n, seed=seed)
    turned = [day._replace(mood=10 - (day.mood or 0)) for day in days]
    one, other = sleep_and_mood(days).slope, sleep_and_mood(turned).slope
    assert one is not None
    assert other is not None
    assert other.b == pytest.approx(-one.b)
    assert (other.ci_low, other.ci_high) == (pytest.approx(-one.ci_high), pytest.approx(-one.ci_low))


# How often it is wrong


def unrelated(n: int, chance: random.Random) -> list[DaySummary]:
    """Sleep and mood that know nothing of each other and carry over by 0.5 and 0.6, as in the specification."""
    sleep, mood = chance.gauss(0, 1), chance.gauss(0, 1)
    days = []
    for i in range(n + 1):
        days.append(one_day(i, 50 + 10 * mood, sleep_hours=50 + 10 * sleep))
        sleep = 0.5 * sleep + sqrt(1 - 0.25) * chance.gauss(0, 1)
        mood = 0.6 * mood + sqrt(1 - 0.36) * chance.gauss(0, 1)
    return days


def share_found(n: int, *, runs: int, seed: int = 5) -> float:
    chance = random.Random(seed)
    found = 0
    for _ in range(runs):
        slope = sleep_and_mood(unrelated(n, chance)).slope
        assert slope is not None
        found += slope.ci_low > 0 or slope.ci_high < 0
    return found / runs


def test_between_numbers_of_pairs_that_were_simulated_chance_is_in_proportion() -> None:
    assert [shown_by_chance(pairs) for pairs in (28, 35, 42, 51, 58, 60, 75, 90, 364, 365, 3650)] == [
        21, 18, 15, 13, 11, 11, 10, 9, 6, 6, 6,
    ]  # fmt: skip


@pytest.mark.night
@pytest.mark.parametrize("n", [28, 42, 60, 90, 180])
def test_links_are_found_where_there_are_none_as_often_as_is_stated(n: int) -> None:
    """1,500 runs: three standard errors, and the point to which it is stated."""
    stated = shown_by_chance(n) / 100
    assert share_found(n, runs=1500) == pytest.approx(
        stated, abs=3 * sqrt(stated * (1 - stated) / 1500) + 0.005
    )


def test_unrelated_series_are_seldom_linked() -> None:
    assert share_found(42, runs=100) <= 0.26
