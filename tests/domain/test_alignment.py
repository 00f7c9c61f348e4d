"""Sessions laid over each other: which days belong to which session, and what is said of each day."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.domain.alignment import AlignedDay, Alignment, align
from journal.domain.benefits import GivenSession
from journal.domain.withheld import Reason, Withheld
from tests.domain.daily import moods, on, one_day, series


def given_on(*days: int) -> list[GivenSession]:
    return [GivenSession(on(day), f"S{i + 1}") for i, day in enumerate(days)]


def over_all(found: Alignment) -> dict[int, AlignedDay]:
    assert not isinstance(found.days, Withheld)
    return {day.offset: day for day in found.days}


def test_each_session_has_the_days_from_seven_before_to_28_after() -> None:
    found = align(moods(*[5] * 60, begin=0), given_on(20))
    assert [offset for offset, _ in found.curves[0].raw] == list(range(-7, 29))


def test_days_of_the_sessions_around_it_are_not_its_own() -> None:
    found = align(series(i % 10 for i in range(40)), given_on(10, 14, 34))
    assert [offset for offset, _ in found.curves[0].raw] == [-7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3]
    assert [offset for offset, _ in found.curves[1].raw] == [-3, -2, -1, *range(20)]
    assert [offset for offset, _ in found.curves[2].raw] == [-7, -6, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5]


def test_a_day_between_two_sessions_is_after_the_one_and_before_the_other() -> None:
    found = align(moods(4, begin=12), given_on(10, 14))
    assert [curve.raw for curve in found.curves] == [((2, 4.0),), ((-2, 4.0),)]


def test_a_session_of_another_course_takes_its_days_too() -> None:
    days = moods(*[5] * 10)
    found = align(days, given_on(4), other_dates=[on(2), on(6)])
    assert [offset for offset, _ in found.curves[0].raw] == [-1, 0, 1]
    assert len(found.curves) == 1


def test_sessions_of_one_date_are_one_and_curves_are_in_order_of_date() -> None:
    first, second = given_on(0, 14)
    found = align(moods(5, 5), [second, first, replace(first, label="S1b")])
    assert [curve.treatment for curve in found.curves] == [first, second]


def test_a_day_without_a_number_is_not_there() -> None:
    found = align([one_day(1, None), one_day(2, 7)], given_on(0))
    assert found.curves[0].raw == ((2, 7.0),)


# The smooth line


def test_the_smooth_line_is_the_median_of_a_day_and_the_two_before_it() -> None:
    found = align(moods(2, 6, 9, 4, 5, begin=1), given_on(0))
    assert found.curves[0].smooth == ((2, 4.0), (3, 6.0), (4, 6.0), (5, 5.0))


def test_it_needs_two_of_the_three_days_and_stands_on_logged_days_only() -> None:
    found = align(moods(2, None, 8, None, None, 3, begin=1), given_on(0))
    assert found.curves[0].smooth == ((3, 5.0),)


def test_it_never_reaches_across_the_session_and_leaves_its_day_alone() -> None:
    found = align(moods(2, 2, 2, 9, 8, 4, begin=-3), given_on(0))
    assert found.curves[0].smooth == ((-2, 2.0), (-1, 2.0), (2, 6.0))


def test_it_does_not_begin_at_the_edge_of_the_picture() -> None:
    found = align(moods(1, 2, 6, begin=-9), given_on(0))
    assert (found.curves[0].raw, found.curves[0].smooth) == (((-7, 6.0),), ((-7, 2.0),))


# All of them together


def test_with_one_session_nothing_is_laid_over_anything() -> None:
    assert align(moods(5, 6, 7), given_on(0)).days == Withheld(Reason.TOO_FEW, n=1, needs=2)


def test_a_session_without_a_day_near_it_does_not_count() -> None:
    assert align(moods(5, 6, 7), given_on(0, 200)).days == Withheld(Reason.TOO_FEW, n=1, needs=2)


def test_without_a_session_there_is_nothing() -> None:
    assert align(moods(5), []) == Alignment((), Withheld(Reason.NO_SESSION, n=0, needs=2))


def test_up_to_three_sessions_show_their_smallest_and_largest() -> None:
    found = align([*moods(4, begin=1), *moods(7, 5, begin=101), *moods(8, begin=201)], given_on(0, 100, 200))
    assert over_all(found) == {
        1: AlignedDay(offset=1, n=3, mean=19 / 3, median=7.0, low=4, high=8),
        2: AlignedDay(offset=2, n=1, mean=5.0, median=5.0, low=5, high=5),
    }


def test_four_sessions_show_the_interval_of_their_mean() -> None:
    found = align(
        [one_day(100 * i + 3, value) for i, value in enumerate((2, 5, 6, 9))], given_on(0, 100, 200, 300)
    )
    assert over_all(found) == {3: AlignedDay(offset=3, n=4, mean=5.5, median=5.5, low=3.0, high=8.25)}


def test_days_that_nobody_logged_are_not_made_up() -> None:
    found = align([*moods(4, None, 6, begin=1), *moods(7, begin=101)], given_on(0, 100))
    assert sorted(over_all(found)) == [1, 3]


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 10)), min_size=1, max_size=80),
    st.sets(st.integers(-5, 85), min_size=1, max_size=8),
)
@settings(max_examples=60)
def test_every_number_shown_is_a_day_of_its_session_and_counted_once(
    values: list[int | None], treated: set[int]
) -> None:
    days = moods(*values)
    found = align(days, given_on(*sorted(treated)))
    known = {day.local_date: day.mood for day in days}
    dates = sorted(on(day) for day in treated)
    for curve in found.curves:
        for offset, mood in curve.raw:
            day = on((curve.treatment.local_date - on(0)).days + offset)
            assert known[day] == mood
            between = sorted((day, curve.treatment.local_date))
            assert not any(
                between[0] <= other <= between[1] for other in dates if other != curve.treatment.local_date
            )
        assert {offset for offset, _ in curve.smooth} <= {offset for offset, _ in curve.raw}
    if isinstance(found.days, Withheld):
        return
    for row in found.days:
        at = [mood for curve in found.curves for offset, mood in curve.raw if offset == row.offset]
        assert row.n == len(at)
        assert (row.mean, row.median) == (pytest.approx(np.mean(at)), np.median(at))
        assert row.low <= row.mean + 1e-9
        assert row.high >= row.mean - 1e-9
        if row.n < 4:
            assert (row.low, row.high) == (min(at), max(at))
