"""Which dates are looked at, and against which."""

from __future__ import annotations

from datetime import date

import pytest

from journal.domain.pauses import Pause
from journal.domain.periods import Choice, Landmarks, choices, compare_with_before, period
from journal.domain.trends import Coverage, DaySummary, Finding

TODAY = date(2026, 3, 30)
FIRST = date(2026, 1, 5)


def known(**more: date) -> Landmarks:
    return Landmarks(TODAY, FIRST, **more)


def day(on: date, mood: float | None, *, sleep: float | None = None) -> DaySummary:
    return DaySummary(on, mood, None, None, 0 if mood is None else 1, 1, sleep_hours=sleep)


def march(*moods: tuple[int, float]) -> list[DaySummary]:
    return [day(date(2026, 3, number), mood) for number, mood in moods]


@pytest.mark.parametrize(
    ("asked", "first", "before_first", "before_last"),
    [
        ("visit", date(2026, 3, 3), date(2026, 2, 3), date(2026, 3, 2)),
        ("", date(2026, 3, 3), date(2026, 2, 3), date(2026, 3, 2)),
        ("4w", date(2026, 3, 3), date(2026, 2, 3), date(2026, 3, 2)),
        ("12w", date(2026, 1, 6), date(2025, 10, 14), date(2026, 1, 5)),
        ("course", date(2026, 1, 12), date(2025, 10, 26), date(2026, 1, 11)),
        ("all", date(2026, 1, 5), None, None),
    ],
)
def test_each_period_is_held_against_as_many_dates_before(
    asked: str, first: date, before_first: date | None, before_last: date | None
) -> None:
    found = period(asked, known(last_visit=date(2026, 3, 2), course_begins=date(2026, 1, 12)))
    assert (found.first, found.last) == (first, TODAY)
    assert (found.before_first, found.before_last) == (before_first, before_last)


def test_only_what_has_a_beginning_is_offered() -> None:
    assert choices(known()) == (Choice.FOUR_WEEKS, Choice.TWELVE_WEEKS, Choice.EVERYTHING)
    assert period("visit", known()).choice is Choice.FOUR_WEEKS
    assert period("course", known(last_visit=date(2026, 3, 2))).choice is Choice.SINCE_VISIT


def test_since_a_visit_is_drawn_with_twelve_weeks_or_from_the_visit() -> None:
    assert period("visit", known(last_visit=date(2026, 3, 2))).drawn_from == date(2026, 1, 6)
    assert period("visit", known(last_visit=date(2025, 6, 1))).drawn_from == date(2025, 6, 2)
    assert period("4w", known(last_visit=date(2026, 3, 2))).drawn_from == date(2026, 3, 3)


def test_everything_is_never_shorter_than_four_weeks() -> None:
    assert period("all", Landmarks(TODAY, date(2026, 3, 28))).first == date(2026, 3, 3)


def test_two_means_are_compared_from_four_days_on_each_side() -> None:
    wanted = period("visit", known(last_visit=date(2026, 3, 20)))
    before = march((11, 4), (12, 4), (13, 4), (14, 4))
    three = compare_with_before([*before, *march((21, 6), (22, 6), (23, 6))], wanted, first_day=FIRST)
    assert three.mood.finding is None
    assert (three.mood.now.value, three.mood.now.n, three.mood.now.of) == (6.0, 3, 10)
    four = compare_with_before([*before, *march((21, 6), (22, 6), (23, 6), (24, 6))], wanted, first_day=FIRST)
    assert four.mood.finding is Finding.ROSE
    assert four.check_ins_before == Coverage(4, 10, 0.4)
    assert [one.local_date.day for one in four.days_before] == [11, 12, 13, 14]


def test_dates_before_the_first_day_count_on_neither_side() -> None:
    wanted = period("visit", known(last_visit=date(2026, 3, 20)))
    found = compare_with_before(march((21, 6)), wanted, first_day=date(2026, 3, 19))
    assert found.check_ins == Coverage(1, 10, 0.1)
    assert found.check_ins_before.eligible == 2


def test_paused_dates_count_in_completeness_on_neither_side_and_in_means_like_any_other() -> None:
    wanted = period("visit", known(last_visit=date(2026, 3, 20)))
    paused = [Pause(date(2026, 3, 19), date(2026, 3, 22))]
    days = march((12, 4), (21, 6), (22, 8), (23, 7))
    found = compare_with_before(days, wanted, first_day=FIRST, pauses=paused)
    assert (found.check_ins, found.check_ins_before) == (Coverage(1, 8, 0.125), Coverage(1, 8, 0.125))
    assert (found.mood.now.value, found.mood.now.n, found.mood.now.of) == (7.0, 3, 10)
    assert (found.mood.before.n, found.mood.before.of) == (1, 10)


def test_everything_has_nothing_before_it() -> None:
    found = compare_with_before(march((1, 5), (2, 6)), period("all", known()), first_day=FIRST)
    assert found.days_before == ()
    assert found.check_ins_before.eligible == 0
    assert found.mood.before.value is None
