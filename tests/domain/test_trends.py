"""Days, gaps, completeness and comparisons, on values small enough to check by hand."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest

from journal.domain.moods import Provenance, Reading
from journal.domain.pauses import Pause
from journal.domain.trends import (
    Coverage,
    DaySummary,
    Finding,
    Gap,
    ImportedDay,
    ImportedReading,
    Item,
    Mean,
    Range,
    TailDay,
    compare,
    coverage,
    covered,
    days_of,
    days_of_tail,
    first_day_of,
    imported_days,
    longest_gap,
    mean_of,
    runs,
    sleep_efficiency,
    sleep_minutes,
    tail_of,
    takeaway,
    trend,
    weekly_means,
    window,
)

MARCH = date(2026, 3, 1)


def march(day: int) -> date:
    return MARCH + timedelta(days=day - 1)


def reading(day: int, mood: int | None, *, hour: int = 20, **items: object) -> Reading:
    written = datetime(2026, 3, 1, hour, tzinfo=UTC) + timedelta(days=day - 1)
    return Reading(local_date=march(day), recorded_at=written, mood=mood, **items)  # type: ignore[arg-type]


def moods(start: int, *values: int | None) -> list[DaySummary]:
    """One day after the other from 1 March + ``start`` − 1; None leaves the day out."""
    return days_of(reading(start + i, value) for i, value in enumerate(values) if value is not None)


# One day ----------------------------------------------------------------------------------------------------


def test_a_day_s_mood_is_the_mean_of_its_numbers_with_its_range() -> None:
    [day] = days_of([reading(3, 4, hour=9), reading(3, 7, hour=20), reading(3, None, hour=22)])

    assert (day.mood, day.mood_min, day.mood_max, day.n, day.logged) == (5.5, 4, 7, 2, 3)


def test_a_day_of_not_sure_is_logged_without_a_number() -> None:
    [day] = days_of([reading(3, None)])

    assert (day.mood, day.n, day.logged) == (None, 0, 1)


def test_other_items_come_from_the_latest_check_in_that_has_them() -> None:
    [day] = days_of(
        [
            reading(3, 5, hour=22, anxiety=3),
            reading(3, 5, hour=8, anxiety=1, sleep_min=390, energy=2),
            reading(3, 5, hour=12, sleep_min=450, activity_min=0),
        ]
    )

    assert (day.anxiety, day.sleep_hours, day.energy, day.activity_min, day.interest) == (3, 7.5, 2, 0, None)


def test_a_day_s_provenance_is_the_latest_of_its_check_ins() -> None:
    [day] = days_of(
        [
            reading(3, 5, hour=8, provenance=Provenance.LATER),
            reading(3, 5, hour=9, provenance=Provenance.SAME_DAY),
            reading(3, 5, hour=10, provenance=Provenance.NEXT_DAY),
        ]
    )

    assert day.provenance is Provenance.LATER


def test_days_come_out_in_date_order_whatever_the_order_of_the_readings() -> None:
    days = days_of([reading(9, 5), reading(2, 4), reading(5, 6)])

    assert [day.local_date.day for day in days] == [2, 5, 9]


@pytest.mark.parametrize(
    ("bed", "wake", "sol", "waso", "minutes"),
    [
        (time(23, 0), time(7, 0), 20, 30, 430),
        (time(0, 30), time(6, 45), None, None, 375),
        (time(22, 15), time(6, 0), 0, 15, 450),
        (time(8, 0), time(15, 30), None, None, 450),
        (time(20, 0), time(12, 0), None, None, 960),
        (time(20, 0), time(12, 1), None, None, None),
        (time(12, 0), time(11, 59), None, None, None),
        (time(3, 0), time(4, 0), 40, 30, None),
        (time(3, 0), time(4, 0), 30, 30, 0),
        (None, time(7, 0), None, None, None),
        (time(23, 0), None, None, None, None),
    ],
)
def test_sleep_is_time_in_bed_less_lying_awake(
    bed: time | None, wake: time | None, sol: int | None, waso: int | None, minutes: int | None
) -> None:
    assert sleep_minutes(bed, wake, sol_min=sol, waso_min=waso) == minutes


@pytest.mark.parametrize(
    ("bed", "wake", "sol", "waso", "percent"),
    [
        (time(23, 0), time(7, 0), 30, 18, 90.0),
        (time(0, 30), time(8, 30), None, None, 100.0),
        (time(22, 0), time(6, 0), 0, 480, 0.0),
        (time(6, 0), time(23, 0), None, None, None),
        (time(7, 0), time(7, 0), None, None, None),
        (None, time(7, 0), 30, 18, None),
    ],
)
def test_sleep_efficiency_is_the_share_of_the_time_in_bed_that_was_slept(
    bed: time | None, wake: time | None, sol: int | None, waso: int | None, percent: float | None
) -> None:
    assert sleep_efficiency(bed, wake, sol_min=sol, waso_min=waso) == percent


# Periods ----------------------------------------------------------------------------------------------------


def test_a_window_includes_both_of_its_ends() -> None:
    assert [day.local_date.day for day in window(moods(1, 5, 5, 5, 5), march(2), march(3))] == [2, 3]


@pytest.mark.parametrize(
    ("chosen", "first"),
    [
        (Range.FOUR_WEEKS, date(2026, 3, 3)),
        (Range.THREE_MONTHS, date(2025, 12, 30)),
        (Range.YEAR, date(2025, 3, 31)),
        (Range.EVERYTHING, date(2024, 5, 6)),
    ],
)
def test_a_range_begins_so_many_dates_back(chosen: Range, first: date) -> None:
    assert chosen.first_date(date(2026, 3, 30), date(2024, 5, 6)) == first


def test_everything_is_at_least_four_weeks_wide() -> None:
    assert Range.EVERYTHING.first_date(date(2026, 3, 30), date(2026, 3, 29)) == date(2026, 3, 3)


def test_the_first_day_is_acceptance_or_the_first_check_in_whichever_is_earlier() -> None:
    assert first_day_of(moods(5, 5), march(8)) == march(5)
    assert first_day_of(moods(5, 5), march(2)) == march(2)
    assert first_day_of([], march(8)) == march(8)


def test_a_reader_s_first_day_is_never_before_what_they_may_see() -> None:
    assert first_day_of(moods(5, 5), march(2), visible_from=march(10)) == march(10)


def test_coverage_counts_days_with_any_check_in_from_the_first_day_to_today() -> None:
    days = [*moods(1, 5, None, 6), *days_of([reading(4, None)])]

    assert coverage(days, march(1), today=march(6)) == Coverage(logged=3, eligible=6, share=0.5)


def test_coverage_of_the_last_week_never_reaches_before_the_first_day() -> None:
    assert coverage(moods(4, 5, 5), march(4), today=march(7), last=7) == Coverage(2, 4, 0.5)
    assert coverage(moods(1, 5, 5, 5), march(1), today=march(9), last=7) == Coverage(1, 7, 1 / 7)


def test_coverage_before_the_first_day_has_no_share() -> None:
    assert coverage([], march(8), today=march(7)) == Coverage(logged=0, eligible=0, share=None)


def test_the_longest_gap_is_the_longest_run_without_a_check_in() -> None:
    days = moods(1, 5, None, None, 5, None, None, None, 5, None)

    assert longest_gap(days, march(1), today=march(9)) == Gap(first=march(5), last=march(7), days=3)


def test_a_gap_may_still_be_going_on_and_today_is_not_over() -> None:
    assert longest_gap(moods(1, 5), march(1), today=march(4)) == Gap(first=march(2), last=march(3), days=2)
    assert longest_gap(moods(1, 5), march(1), today=march(2)) is None


def test_no_gap_where_every_day_has_a_check_in() -> None:
    assert longest_gap(moods(1, 5, 5, 5), march(1), today=march(3)) is None


def test_paused_days_count_neither_as_logged_nor_as_missing() -> None:
    days = moods(1, 5, 5, 5, 5, None, None, 5)
    paused = [Pause(march(3), march(5))]

    assert covered(days, march(1), march(8), pauses=paused) == Coverage(logged=3, eligible=5, share=0.6)
    assert coverage(days, march(1), today=march(8), last=7, pauses=paused) == Coverage(2, 4, 0.5)


def test_a_time_that_is_paused_all_through_has_no_share() -> None:
    paused = [Pause(march(1), march(31))]

    assert covered(moods(3, 5), march(2), march(8), pauses=paused) == Coverage(0, 0, None)
    assert longest_gap(moods(3, 5), march(2), today=march(8), pauses=paused) is None


def test_a_pause_does_not_end_a_gap_and_does_not_make_it_longer() -> None:
    days = moods(1, 5, None, None, None, None, None, 5, None, None, None)
    paused = [Pause(march(3), march(5))]

    assert longest_gap(days, march(1), today=march(11), pauses=paused) == Gap(march(8), march(10), days=3)
    assert longest_gap(days, march(1), today=march(8), pauses=paused) == Gap(march(2), march(6), days=2)


def test_a_gap_is_said_from_the_first_to_the_last_day_that_counts() -> None:
    paused = [Pause(march(2), march(3)), Pause(march(7), march(9))]

    assert longest_gap(moods(1, 5), march(1), today=march(8), pauses=paused) == Gap(
        march(4), march(6), days=3
    )


def test_a_check_in_in_a_pause_ends_a_gap() -> None:
    days = moods(1, 5, None, None, 5, None, None, 5)
    paused = [Pause(march(3), march(5))]

    assert longest_gap(days, march(1), today=march(7), pauses=paused) == Gap(march(6), march(6), days=1)


def test_a_mean_says_from_how_many_days() -> None:
    days = days_of([reading(1, 4), reading(2, None), reading(3, 7, hour=8), reading(3, 8, hour=9)])

    assert mean_of(days, Item.MOOD) == Mean(value=5.75, n=2, of=3)
    assert mean_of(days, Item.MOOD, of=28) == Mean(value=5.75, n=2, of=28)
    assert mean_of(days, Item.ANXIETY) == Mean(value=None, n=0, of=3)


# Series -----------------------------------------------------------------------------------------------------


def test_a_series_keeps_its_gaps_and_says_where_they_are() -> None:
    series = trend(moods(2, 5, 6, None, 4), Item.MOOD, first=march(1), last=march(7), first_day=march(1))

    assert [(point.first.day, point.value) for point in series.points] == [(2, 5), (3, 6), (5, 4)]
    assert [blank.day for blank in series.blanks] == [1, 4, 6]


def test_days_before_the_first_day_are_no_gaps() -> None:
    series = trend(moods(5, 5, None, 6), Item.MOOD, first=march(1), last=march(7), first_day=march(5))

    assert [blank.day for blank in series.blanks] == [6]


def test_a_day_of_not_sure_is_neither_a_point_nor_a_gap() -> None:
    series = trend(days_of([reading(1, 5), reading(2, None)]), Item.MOOD, first=march(1), last=march(3))

    assert [point.first.day for point in series.points] == [1]
    assert series.blanks == ()


def test_a_day_without_the_item_is_a_gap_of_that_item() -> None:
    days = days_of([reading(1, 5, sleep_min=420), reading(2, 5)])
    series = trend(days, Item.SLEEP_HOURS, first=march(1), last=march(3))

    assert [point.value for point in series.points] == [7]
    assert [blank.day for blank in series.blanks] == [2]


def test_runs_break_at_every_gap() -> None:
    series = trend(moods(1, 5, 6, None, 4, None, 3, 3, 3), Item.MOOD, first=march(1), last=march(8))

    assert [[point.first.day for point in run] for run in runs(series.points)] == [[1, 2], [4], [6, 7, 8]]


def test_up_to_a_year_of_days_stays_daily() -> None:
    days = moods(1, 5)

    assert not trend(days, Item.MOOD, first=march(1), last=march(366)).weekly
    assert trend(days, Item.MOOD, first=march(1), last=march(367)).weekly


def test_a_week_with_three_days_stays_a_gap_and_one_with_four_is_their_mean() -> None:
    # 2 and 9 March 2026 are Mondays.
    values = [(march(2), 4.0), (march(4), 5.0), (march(8), 6.0)]
    values += [(march(9), 4.0), (march(10), 5.0), (march(14), 6.0), (march(15), 7.0)]
    series = weekly_means(values, Item.MOOD, first=march(2), last=march(20))

    assert [(point.first.day, point.last.day, point.value, point.n) for point in series.points] == [
        (9, 15, 5.5, 4)
    ]
    assert [blank.day for blank in series.blanks] == [2]


def test_imported_days_are_kept_apart_by_source_and_scale() -> None:
    days = imported_days(
        [
            ImportedReading(march(2), "daylio", 4, 1, 5),
            ImportedReading(march(2), "daylio", 5, 1, 5),
            ImportedReading(march(2), "bearable", 7, 1, 10),
            ImportedReading(march(1), "daylio", 2, 1, 5),
        ]
    )

    assert days == [
        ImportedDay(march(1), "daylio", 2, 1, 5, 1),
        ImportedDay(march(2), "bearable", 7, 1, 10, 1),
        ImportedDay(march(2), "daylio", 4.5, 1, 5, 2),
    ]


# Findings ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "before", "after", "finding"),
    [
        (Item.MOOD, 5.0, 5.5, Finding.SAME),
        (Item.MOOD, 5.0, 5.6, Finding.ROSE),
        (Item.MOOD, 5.0, 4.4, Finding.FELL),
        (Item.SLEEP_HOURS, 6.8, 7.1, Finding.SAME),
        (Item.SLEEP_HOURS, 6.8, 7.2, Finding.ROSE),
        (Item.ACTIVITY_MIN, 30.0, 39.0, Finding.SAME),
        (Item.ACTIVITY_MIN, 30.0, 20.0, Finding.FELL),
    ],
)
def test_small_differences_are_about_the_same(
    item: Item, before: float, after: float, finding: Finding
) -> None:
    assert compare(item, before, after) is finding


def test_mood_that_rose_after_a_session_and_stayed_has_held() -> None:
    days = moods(1, 4, 4, 5, 3, None, 4, 4, 6, 8, 7, 7, None, 7, 7, 7, 6, 7, 7, 6, 7, 7, 7)
    found = takeaway(days, Item.MOOD, first=march(1), last=march(22), treated_on=[march(8)])

    assert found is not None
    assert (found.finding, found.before, found.n_before, found.n_after) == (Finding.HELD, 4.0, 6, 6)
    assert found.after == pytest.approx(43 / 6)
    assert found.recent == pytest.approx(47 / 7)
    assert (found.split, found.around_session) == (march(8), True)


@pytest.mark.parametrize(("last", "recent"), [(21, None), (22, pytest.approx(47 / 7))])
def test_the_last_week_is_seven_days_or_is_not_told(last: int, recent: object) -> None:
    days = moods(1, 4, 4, 5, 3, None, 4, 4, 6, 8, 7, 7, None, 7, 7, 7, 6, 7, 7, 6, 7, 7, 7)
    found = takeaway(days[:last], Item.MOOD, first=march(1), last=march(last), treated_on=[march(8)])

    assert found is not None
    assert found.recent == recent


def test_mood_that_rose_after_a_session_and_came_back_down_only_rose() -> None:
    days = moods(1, 4, 4, 4, 4, 4, 4, 4, 6, 7, 7, 7, 7, 7, 7, 7, 5, 5, 5, 4, 4, 4, 4)
    found = takeaway(days, Item.MOOD, first=march(1), last=march(22), treated_on=[march(8)])

    assert found is not None
    assert (found.finding, found.before, found.after, found.recent) == (
        Finding.ROSE,
        4,
        7,
        pytest.approx(31 / 7),
    )


def test_a_session_day_is_on_neither_side_and_the_next_session_ends_the_after() -> None:
    days = moods(1, 4, 4, 4, 4, 10, 6, 6, 6, 6, 10, 9, 9)
    found = takeaway(days, Item.MOOD, first=march(1), last=march(12), treated_on=[march(5), march(10)])

    assert found is not None
    assert (found.split, found.before, found.after, found.n_after) == (march(5), 4, 6, 4)


def test_the_week_before_a_session_is_the_same_in_every_range() -> None:
    days = moods(1, 2, 2, 2, 4, 4, 4, 4, 9, 7, 7, 7, 7, 7, 7, 7)
    wide = takeaway(days, Item.MOOD, first=march(1), last=march(15), treated_on=[march(8)])
    narrow = takeaway(days, Item.MOOD, first=march(4), last=march(15), treated_on=[march(8)])

    assert wide is not None
    assert (wide.before, wide.n_before) == (pytest.approx(22 / 7), 7)
    assert narrow == wide


def test_a_session_before_the_dates_is_not_what_they_are_about() -> None:
    days = moods(1, 2, 2, 2, 2, 2, 2, 2, 9, 7, 7, 7, 7, 7, 7, 7)
    found = takeaway(days, Item.MOOD, first=march(9), last=march(15), treated_on=[march(8)])

    assert found is None


def test_without_a_session_the_halves_are_compared() -> None:
    found = takeaway(moods(1, 3, 3, 3, 3, 6, 6, 6, 6), Item.MOOD, first=march(1), last=march(8))

    assert found is not None
    assert (found.finding, found.before, found.after, found.split) == (Finding.ROSE, 3, 6, march(5))
    assert not found.around_session


def test_three_days_on_a_side_are_too_few_for_a_finding() -> None:
    assert takeaway(moods(1, 3, None, 3, 3, 6, 6, 6, 6), Item.MOOD, first=march(1), last=march(8)) is None


# The tail ---------------------------------------------------------------------------------------------------


def test_a_tail_keeps_28_dates_and_survives_json_exactly() -> None:
    days = days_of(
        [reading(1, 5), reading(2, 5), reading(3, 4, hour=8), reading(3, 5, hour=9), reading(29, None)]
    )
    tail = tail_of(days)

    assert tail == [["2026-03-02", 5.0, 1, 1], ["2026-03-03", 4.5, 2, 2], ["2026-03-29", None, 0, 1]]
    assert json.loads(json.dumps(tail)) == tail


def test_a_tail_of_nothing_is_empty() -> None:
    assert tail_of([]) == []


def test_a_tail_is_read_back_28_dates_from_today() -> None:
    tail = tail_of(moods(1, 4, 5, 6, 7))

    assert [day.local_date for day in days_of_tail(tail, today=march(30))] == [march(3), march(4)]
    assert days_of_tail(tail, today=march(60)) == []


def test_a_reader_s_tail_holds_only_the_days_they_may_see() -> None:
    month = days_of_tail(tail_of(moods(1, 2, 2, 8, 8)), today=march(4), visible_from=march(3))

    assert [day.mood for day in month] == [8.0, 8.0]


def test_the_days_of_a_tail_come_back_as_dates() -> None:
    assert days_of_tail([["2026-03-02", 4.5, 2, 3]], today=march(3)) == [TailDay(march(2), 4.5, 2, 3)]
