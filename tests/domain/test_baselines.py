"""The mood before treatment, on days small enough to check by hand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.domain.baselines import Baseline, BaselineStatus, baseline_of
from journal.domain.withheld import Reason, Withheld
from tests.domain.days_of_moods import day, days_at, days_from

FIRST_SESSION = date(2026, 3, 15)
MARCH_1 = date(2026, 3, 1)


def found(result: Baseline | Withheld) -> Baseline:
    assert isinstance(result, Baseline)
    return result


def test_it_is_the_median_burden_of_the_two_weeks_before_the_first_session() -> None:
    days = days_from(MARCH_1, [9, 2, 3, None, 2, 4, None, None, None, None, None, None, 2, None, 8])

    baseline = found(baseline_of(days, FIRST_SESSION))

    assert (baseline.burden, baseline.mood, baseline.hold_line) == (7.5, 2.5, 4.375)
    assert (baseline.n, baseline.first_day, baseline.last_day) == (6, MARCH_1, date(2026, 3, 13))
    assert baseline.status is BaselineStatus.OK
    assert [row.mood for row in baseline.rows] == [9, 2, 3, 2, 4, 2]


def test_without_a_session_there_is_nothing_before_it() -> None:
    assert baseline_of(days_from(MARCH_1, [3] * 14), None) == Withheld(Reason.NO_SESSION)


def test_four_days_are_too_few_and_five_are_enough() -> None:
    four = days_at(FIRST_SESSION, {-4: 3, -3: 3, -2: 3, -1: 3})

    assert baseline_of(four, FIRST_SESSION) == Withheld(Reason.NO_BASELINE, n=4, needs=5)
    assert found(baseline_of([*days_at(FIRST_SESSION, {-14: 3}), *four], FIRST_SESSION)).n == 5


def test_the_day_of_the_session_and_the_fifteenth_day_before_it_do_not_count() -> None:
    days = days_at(FIRST_SESSION, {-15: 3, -4: 3, -3: 3, -2: 3, -1: 3, 0: 3})

    assert baseline_of(days, FIRST_SESSION) == Withheld(Reason.NO_BASELINE, n=4, needs=5)


def test_one_of_the_days_must_lie_in_the_last_five() -> None:
    near = days_at(FIRST_SESSION, {-9: 3, -8: 3, -7: 3, -6: 3, -5: 3})
    far = days_at(FIRST_SESSION, {-10: 3, -9: 3, -8: 3, -7: 3, -6: 3})

    assert found(baseline_of(near, FIRST_SESSION)).n == 5
    assert baseline_of(far, FIRST_SESSION) == Withheld(Reason.NO_BASELINE, n=5, needs=5)


def test_a_day_of_not_sure_is_no_logged_day() -> None:
    days = [*days_at(FIRST_SESSION, {-4: 3, -3: 3, -2: 3, -1: 3}), day(date(2026, 3, 10), None)]

    assert baseline_of(days, FIRST_SESSION) == Withheld(Reason.NO_BASELINE, n=4, needs=5)


def test_a_course_can_have_a_window_of_its_own() -> None:
    days = days_at(FIRST_SESSION, {-20: 1, -19: 1, -18: 1, -17: 1, -16: 1, -4: 3, -3: 3, -2: 3, -1: 3})

    assert found(baseline_of(days, FIRST_SESSION, window_days=28)).mood == 1
    assert isinstance(baseline_of(days, FIRST_SESSION, window_days=7), Withheld)


@pytest.mark.parametrize(
    ("mood", "status"),
    [(8.0, BaselineStatus.OK), (8.0 + 5e-10, BaselineStatus.OK), (8.01, BaselineStatus.ALREADY_LOW)],
)
def test_a_burden_under_two_is_already_low(mood: float, status: BaselineStatus) -> None:
    days = days_from(FIRST_SESSION - timedelta(days=5), [mood] * 5)

    assert found(baseline_of(days, FIRST_SESSION)).status is status


@pytest.mark.parametrize(("mood", "improvement"), [(2, 0), (4, 25), (6, 50), (10, 100), (0, -25)])
def test_improvement_is_the_share_of_the_burden_that_is_gone(mood: float, improvement: float) -> None:
    days = days_from(FIRST_SESSION - timedelta(days=5), [2] * 5)

    assert found(baseline_of(days, FIRST_SESSION)).improvement(mood) == improvement


# Published tables, as arithmetic: these scales have other ranges, the percentage is the same -------------------------


def against(burden: float) -> Baseline:
    return Baseline(burden, 10 - burden, 10 - 0.75 * burden, 20, MARCH_1, FIRST_SESSION, BaselineStatus.OK)


def test_the_changes_of_a_published_table_of_daily_means() -> None:
    """Lii 2023, extended table 1, ketamine column: MADRS on days 1, 2, 3, 5, 7, 14. Arithmetic, never efficacy."""
    better = [against(25.1).improvement(10 - mean) for mean in (12.7, 15.1, 17.0, 16.9, 15.9, 16.9)]

    assert [round(-one, 1) for one in better] == [-49.4, -39.8, -32.3, -32.7, -36.7, -32.7]
    assert [round(one / better[0], 3) for one in better] == [1.000, 0.806, 0.653, 0.661, 0.742, 0.661]


def test_the_changes_of_a_published_table_whose_people_grow_fewer() -> None:
    """IJERPH 2022;19:13792, table 3: MADRS at days 1, 5, 12 and months 1, 3, 6, of 16 people and then of 9."""
    better = [against(37.75).improvement(10 - mean) for mean in (16.75, 17.53, 16.20, 16.22, 14.09, 15.67)]

    assert [round(-one, 1) for one in better] == [-55.6, -53.6, -57.1, -57.0, -62.7, -58.5]


@given(st.lists(st.none() | st.integers(0, 10), min_size=20, max_size=20), st.randoms())
def test_nothing_but_the_window_matters_nor_the_order_of_the_days(
    moods: list[int | None], chance: object
) -> None:
    days = days_from(FIRST_SESSION - timedelta(days=16), moods)
    whole = baseline_of(days, FIRST_SESSION)
    within = [one for one in days if -14 <= (one.local_date - FIRST_SESSION).days < 0]
    chance.shuffle(within)  # type: ignore[attr-defined]
    shuffled = baseline_of(within, FIRST_SESSION)

    if isinstance(whole, Withheld):
        assert shuffled == whole
    else:
        again = found(shuffled)
        assert (again.burden, again.n, again.first_day, again.last_day) == (
            whole.burden,
            whole.n,
            whole.first_day,
            whole.last_day,
        )
        assert 0 <= whole.burden <= 10
        assert whole.mood <= whole.hold_line <= 10
