"""The row behind a list of patients: what is in it, and that counting one more equals counting all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from journal.domain.moods import Reading
from journal.domain.summaries import Summary, summary_of, with_check_in
from journal.domain.trends import days_of

START = date(2026, 1, 1)
MIDNIGHT = datetime(2026, 1, 1, tzinfo=UTC)


def reading(day: int, mood: int | None, minute: int = 0) -> Reading:
    return Reading(START + timedelta(days=day), MIDNIGHT + timedelta(minutes=minute), mood)


def counted(readings: list[Reading], given_on: list[date] | None = None) -> Summary:
    _, at = max(((one.local_date, one.recorded_at) for one in readings), default=(None, None))
    return summary_of(days_of(readings), last_check_in_at=at, given_on=given_on or [])


def test_nobody_who_has_not_written_has_anything() -> None:
    assert counted([]) == Summary()


def test_filling_in_an_earlier_day_is_no_later_check_in() -> None:
    """Or a reader of the later day alone would be told when something about the earlier one was written."""
    summary = counted([reading(5, 6, 10)])
    later = with_check_in(summary, local_date=START, mood=2, recorded_at=MIDNIGHT + timedelta(minutes=90))
    assert later.last_check_in_on == date(2026, 1, 6)
    assert later.last_check_in_at == MIDNIGHT + timedelta(minutes=10)


def test_the_tail_holds_the_logged_days_of_28_dates() -> None:
    summary = counted([reading(0, 3), reading(1, 4), reading(28, 6), reading(28, 7, 9)])
    assert summary.last_check_in_on == date(2026, 1, 29)
    assert summary.last_check_in_at == MIDNIGHT + timedelta(minutes=9)
    assert summary.tail == (["2026-01-02", 4.0, 1, 1], ["2026-01-29", 6.5, 2, 2])


def test_sessions_that_no_picture_of_28_dates_can_reach_are_left_out() -> None:
    summary = counted([reading(40, 5)], [START, START + timedelta(days=13), START + timedelta(days=30)])
    assert summary.last_session_on == date(2026, 1, 31)
    assert summary.session_dates == ("2026-01-14", "2026-01-31")


def test_a_person_with_sessions_alone_keeps_the_last_ones() -> None:
    summary = counted([], [START, START + timedelta(days=28)])
    assert summary.session_dates == ("2026-01-29",)


days = st.integers(0, 70)
moods = st.none() | st.integers(0, 10)


@given(
    said=st.lists(st.tuples(days, moods), max_size=60),
    sessions=st.lists(days, max_size=6, unique=True),
)
def test_counting_one_more_equals_counting_all(
    said: list[tuple[int, int | None]], sessions: list[int]
) -> None:
    given_on = sorted(START + timedelta(days=day) for day in sessions)
    readings: list[Reading] = []
    summary = counted([], given_on)
    for minute, (day, mood) in enumerate(said):
        readings.append(reading(day, mood, minute))
        summary = with_check_in(
            summary,
            local_date=readings[-1].local_date,
            mood=mood,
            recorded_at=readings[-1].recorded_at,
        )
    assert summary == counted(readings, given_on)
