"""What the invented people say: the same on every machine, within the rules, and shaped like their stories."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from statistics import fmean

import pytest

from journal.demo_days import Said, ahead, answers_to, daylio_file, said_by, session_day, workday
from journal.demo_people import (
    AMINA,
    ANA_LUCIA,
    GRACE,
    HANNAH,
    JORDAN,
    KOFI,
    OWEN,
    PEOPLE,
    PRIYA,
    RUTH,
    THEO,
    TOMAS,
    WEI,
    YUSUF,
    Story,
)
from journal.domain import assessments
from journal.domain.checkins import Via, check
from journal.domain.days import local_day
from journal.domain.instrument_files import instrument
from journal.domain.moods import Provenance, provenance
from journal.interop.importers.daylio import read_daylio

MONDAY = date(2026, 3, 30)
A_WEEK = [MONDAY + timedelta(days=day) for day in range(7)]
DAY = timedelta(days=1)


def by_name(story: Story) -> str:
    return story.email


def moods(said: Sequence[Said], first: date, last: date) -> list[int]:
    return [
        one.body.mood for one in said if one.body.mood is not None and first <= one.body.local_date <= last
    ]


def held_for(story: Story, number: int, today: date) -> int | None:
    """Days from a session to the first of two check-ins running below 4.5; None if there was none before the next."""
    starts = session_day(story.sessions[number - 1], today)
    ends = session_day(story.sessions[number], today) if number < len(story.sessions) else today
    days = [
        (one.body.local_date, one.body.mood)
        for one in said_by(story, today)
        if one.body.mood is not None and starts < one.body.local_date < ends
    ]
    for (day, mood), (_next, following) in zip(days, days[1:], strict=False):
        if (day - starts).days > 2 and mood < 4.5 and following < 4.5:
            return (day - starts).days
    return None


def test_the_same_date_gives_the_same_days() -> None:
    for story in PEOPLE:
        assert said_by(story, MONDAY) == said_by(story, MONDAY)


def test_next_week_gives_the_same_moods_seven_days_later() -> None:
    this_week = [one.body.mood for one in said_by(JORDAN, MONDAY)]
    assert [one.body.mood for one in said_by(JORDAN, MONDAY + 7 * DAY)] == this_week


@pytest.mark.parametrize("today", A_WEEK, ids=str)
@pytest.mark.parametrize("story", PEOPLE, ids=by_name)
def test_everything_said_could_have_been_said(story: Story, today: date) -> None:
    for one in said_by(story, today):
        written_on = local_day(one.written_at, story.zone)
        check(one.body, written_on=written_on)
        assert one.arrived_at >= one.written_at
        assert timedelta() <= written_on - one.body.local_date <= 5 * DAY
        if one.mended is not None:
            assert one.mended_at is not None
            assert one.mended_at > one.written_at
            check(one.mended, written_on=None)


def test_sessions_and_visits_keep_to_weekdays() -> None:
    saturday, sunday = date(2026, 4, 4), date(2026, 4, 5)
    assert (workday(saturday), workday(sunday)) == (date(2026, 4, 3), date(2026, 4, 6))
    assert (ahead(5, MONDAY), ahead(6, MONDAY)) == (date(2026, 4, 6), date(2026, 4, 6))
    assert all(session_day(given, day).weekday() < 5 for day in A_WEEK for given in JORDAN.sessions)


@pytest.mark.parametrize("today", A_WEEK, ids=str)
def test_jordans_later_sessions_hold_longer_and_the_last_one_holds_still(today: date) -> None:
    after_six, after_seven = held_for(JORDAN, 6, today), held_for(JORDAN, 7, today)
    assert after_six is not None
    assert after_seven is not None
    assert after_six < after_seven
    assert held_for(JORDAN, 8, today) is None


@pytest.mark.parametrize("today", A_WEEK, ids=str)
def test_ruths_sessions_hold_for_ever_fewer_days(today: date) -> None:
    held = [held_for(RUTH, number, today) for number in (6, 7, 8, 9)]
    assert all(days is not None for days in held)
    assert held == sorted(held, key=lambda days: -(days or 0))
    assert fmean(moods(said_by(RUTH, today), today - 4 * DAY, today)) < 4


@pytest.mark.parametrize("today", A_WEEK, ids=str)
def test_owens_mood_stays_as_it_was(today: date) -> None:
    said = said_by(OWEN, today)
    before = fmean(moods(said, today - 76 * DAY, today - 61 * DAY))
    after = fmean(moods(said, today - 45 * DAY, today))
    assert abs(after - before) < 0.6


@pytest.mark.parametrize("today", A_WEEK, ids=str)
def test_priyas_mood_went_down_over_the_last_days(today: date) -> None:
    said = said_by(PRIYA, today)
    assert (
        fmean(moods(said, today - 4 * DAY, today)) < fmean(moods(said, today - 18 * DAY, today - 8 * DAY)) - 2
    )


def test_some_fall_silent_and_one_has_not_written_yet() -> None:
    def last_day(story: Story) -> date:
        return max(one.body.local_date for one in said_by(story, MONDAY))

    assert last_day(ANA_LUCIA) == MONDAY - 10 * DAY
    assert last_day(GRACE) == MONDAY - 31 * DAY
    assert last_day(HANNAH) == MONDAY - 3 * DAY
    assert said_by(TOMAS, MONDAY) == []


def test_jordan_has_not_written_today() -> None:
    assert MONDAY not in {one.body.local_date for one in said_by(JORDAN, MONDAY)}


def test_theo_writes_seldom_often_late_and_is_often_not_sure() -> None:
    said = said_by(THEO, MONDAY)
    late = [
        one
        for one in said
        if provenance(one.body.local_date, local_day(one.written_at, THEO.zone)) is not Provenance.SAME_DAY
    ]
    assert len({one.body.local_date for one in said}) < 45
    assert len(late) >= 8
    assert sum(one.body.unsure for one in said) >= 3


def test_amina_writes_twice_on_most_days() -> None:
    days = [one.body.local_date for one in said_by(AMINA, MONDAY)]
    assert len(days) - len(set(days)) >= 50


def test_kofi_writes_after_midnight_about_the_day_before_and_at_times_without_a_network() -> None:
    said = said_by(KOFI, MONDAY)
    after_midnight = [
        one for one in said if local_day(one.written_at, KOFI.zone) == one.body.local_date + DAY
    ]
    assert len(after_midnight) >= 50
    assert sum(one.via is Via.OFFLINE for one in said) >= 5


def test_wei_gives_bed_and_waking_times() -> None:
    assert all(one.body.bed_time and one.body.wake_time for one in said_by(WEI, MONDAY))


def test_a_session_day_is_a_quiet_day() -> None:
    sessions = {session_day(given, MONDAY) for given in JORDAN.sessions}
    moved = [one.body.activity_min for one in said_by(JORDAN, MONDAY) if one.body.local_date in sessions]
    assert all((minutes or 0) <= 10 for minutes in moved)


def test_yusufs_old_diary_is_a_file_that_daylio_could_have_written() -> None:
    preview = read_daylio(
        daylio_file(YUSUF, MONDAY).encode(), filename="daylio_export.csv", zone=YUSUF.zone, today=MONDAY
    )
    assert preview.ready
    assert len(preview.entries) == preview.rows > 60
    assert preview.last_date is not None
    assert preview.last_date < MONDAY + YUSUF.begins * DAY


@pytest.mark.parametrize("code", ["phq9", "gad7"])
def test_jordans_questionnaires_grow_lighter_and_could_have_been_answered(code: str) -> None:
    known, today = instrument(code), A_WEEK[0]
    early, late = (answers_to(known, JORDAN, today + timedelta(days=days), today) for days in (-85, -3))
    for answers in (early, late):
        assessments.check(known, answers)
    before, after = (assessments.score(known, answers).total for answers in (early, late))
    assert (before or 0) > (after or 0) + 5
