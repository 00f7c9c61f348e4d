"""How long each session held, in words: nothing is said that was not seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from journal.domain.benefits import Benefit, Bounds, EndReason, GivenSession
from journal.domain.insights import CourseHistory, History, insights_of
from journal.domain.survival import durability_of, kaplan_meier
from journal.domain.trends import DaySummary
from journal.domain.withheld import Reason, Withheld
from journal.web.charts.durability import (
    held_tables,
    held_words,
    interval_words,
    longer_each_time,
    survival_words,
)

UNTIL = date(2026, 3, 30)
HELD = Benefit(
    treatment=GivenSession(date(2026, 3, 12), "S8"),
    response=True,
    reason=None,
    response_day=1,
    loss_day=None,
    began_to_fade_day=None,
    censored=True,
    observed_days=17,
    end_reason=EndReason.END_OF_DATA,
    change_before_after=Withheld(Reason.TOO_FEW),
    bounds=None,
    before=2.7,
    peak=8.0,
    peak_day=5,
    rows=(),
)


def lost(day: int, *, number: int = 1) -> Benefit:
    treatment = GivenSession(date(2026, 1, number), f"S{number}")
    return replace(
        HELD, treatment=treatment, loss_day=day, censored=False, observed_days=day, end_reason=EndReason.LOSS
    )


@pytest.mark.parametrize(
    ("why", "said"),
    [
        (EndReason.NEXT_SESSION, ("17+ d", "until next session")),
        (EndReason.END_OF_DATA, ("17+ d", "still holding")),
        (EndReason.GAP, ("17+ d", "until days without an entry")),
        (EndReason.PAUSED, ("17+ d", "until the course was paused")),
        (EndReason.ENDED, ("17+ d", "until the course ended")),
        (EndReason.MEDICATION, ("17+ d", "until a medicine changed")),
    ],
)
def test_what_was_cut_short_says_by_what(why: EndReason, said: tuple[str, str]) -> None:
    assert held_words(replace(HELD, end_reason=why), until=UNTIL) == said


def test_a_loss_is_days_and_nothing_else() -> None:
    assert held_words(lost(12), until=UNTIL) == ("12 d", "")
    brought_forward = replace(lost(9), end_reason=EndReason.EARLY_FOR_WORSENING)
    assert held_words(brought_forward, until=UNTIL) == (
        "9 d",
        "until a session was brought forward for worsening",
    )


def test_nothing_is_still_holding_after_days_of_silence() -> None:
    assert held_words(HELD, until=date(2026, 4, 3))[1] == "still holding"
    assert held_words(HELD, until=date(2026, 4, 4)) == ("17+ d", "up to the last entry")


def test_what_could_not_be_told_is_not_called_no_response() -> None:
    not_told = replace(HELD, response=None, observed_days=None, censored=False)
    assert held_words(replace(not_told, reason=Reason.NOT_EVALUABLE), until=UNTIL)[0] == "not evaluable"
    assert held_words(replace(not_told, reason=Reason.NO_BASELINE), until=UNTIL)[0] == "not shown"
    assert held_words(replace(not_told, response=False), until=UNTIL)[0] == "no response"


def test_in_the_first_week_nothing_is_final() -> None:
    early = replace(HELD, response=None, reason=Reason.NOT_EVALUABLE, observed_days=None, censored=False)
    assert held_words(early, until=date(2026, 3, 19))[0] == "too early to tell"
    assert held_words(replace(early, response=False), until=date(2026, 3, 19))[0] == "no response so far"
    next_came = replace(early, response=False, end_reason=EndReason.NEXT_SESSION)
    assert held_words(next_came, until=date(2026, 3, 15))[0] == "no response"


def test_too_early_says_how_many_more_it_takes() -> None:
    three = durability_of([lost(12), lost(20), replace(HELD)])
    assert survival_words(three) == [
        "3 with a response, 0 without, 0 not evaluable.",
        "Too early to estimate how long benefit lasts: it takes at least 2 more sessions with a response and "
        "1 more loss.",
    ]
    held = [replace(HELD, treatment=GivenSession(date(2026, 2, day), f"S{day}")) for day in range(1, 5)]
    assert survival_words(durability_of([lost(12), *held]))[1] == (
        "Too early to estimate how long benefit lasts: it takes 2 more sessions after which it was lost."
    )


def test_a_median_stands_with_its_interval() -> None:
    said = survival_words(durability_of([lost(day, number=day) for day in (7, 9, 14, 18, 21, 24, 27)]))
    assert said[1] == (
        "In the last 7 sessions with a response, benefit lasted a median of 18 days (95 % interval 7 to 24 days)."
    )


def test_an_interval_may_have_no_end() -> None:
    golden = kaplan_meier(
        [(5, False), (7, True), (9, True), (9, True), (12, False), (14, True), (18, True), (21, False)]
    )
    assert interval_words(golden) == "95 % interval from 7 days, its end not reached"


def test_a_median_that_is_not_reached_is_called_that() -> None:
    held = [replace(HELD, treatment=GivenSession(date(2026, 2, day), f"S{day}")) for day in range(1, 6)]
    said = survival_words(durability_of([*(lost(day, number=day) for day in (5, 6, 7)), *held]))[1]
    assert "the median is not reached" in said
    assert "watched for up to 17 days" in said


def test_both_versions_are_shown_where_a_session_was_brought_forward() -> None:
    rows = [lost(day, number=day) for day in (7, 9, 14, 18)]
    early = replace(lost(10, number=20), end_reason=EndReason.EARLY_FOR_WORSENING)
    said = survival_words(durability_of([*rows, early]))
    assert said[2].startswith("With the sessions brought forward counted as cut short, the median is 14 days")


def test_each_longer_than_the_last_counts_only_what_is_known() -> None:
    assert longer_each_time([lost(8, number=1), lost(12, number=2), lost(20, number=3)]) == 3
    assert longer_each_time([lost(12, number=1), lost(20, number=2), HELD]) == 0
    assert longer_each_time([lost(30, number=1), lost(12, number=2), HELD]) == 2
    assert longer_each_time([replace(HELD, observed_days=5), HELD]) == 0
    assert longer_each_time([HELD]) == 0


def days(first: date, *moods: float) -> list[DaySummary]:
    return [
        DaySummary(date.fromordinal(first.toordinal() + place), mood, None, None, 1, 1)
        for place, mood in enumerate(moods)
    ]


def history(*, shares_sessions: bool = True) -> History:
    return History(
        until=date(2026, 3, 10),
        first_day=date(2026, 2, 1),
        days=days(date(2026, 2, 15), 2, 2, 2, 2, 2, 2, 2, 8, 8, 8, 8, 8, 3, 3, 3),
        courses=(CourseHistory(None, None, (GivenSession(date(2026, 2, 22), "S1"),)),),
        medication_changes=(),
        pauses=(),
        shares_sessions=shares_sessions,
    )


def test_a_row_holds_what_the_days_say() -> None:
    table, earlier = held_tables(insights_of(history()), effects={date(2026, 2, 22): "Nausea · Mild"})
    assert earlier == ()
    assert table is not None
    assert table.hold_line == "4.0"
    (row,) = table.rows
    assert (row.label, row.day, row.before) == ("S1", "22 Feb", "2.0")
    assert (row.peak, row.peak_day) == ("8", "day 0")
    assert (row.held, row.until, row.effects) == ("5 d", "", "Nausea · Mild")
    assert (row.bar, row.is_cut, row.goes_on) == (78.0, False, False)


def test_what_nobody_recorded_is_not_called_none_and_a_before_of_one_day_says_so() -> None:
    found = history()
    one_day = replace(found, days=[day for day in found.days if day.local_date.day not in (19, 20)])
    table, _ = held_tables(insights_of(one_day), effects={})
    assert table is not None
    assert (table.rows[0].effects, table.rows[0].before_of) == ("not recorded", "(1 day)")
    assert held_tables(insights_of(found), effects={})[0].rows[0].before_of == ""  # type: ignore[union-attr]


def test_with_one_scope_closed_there_is_no_table() -> None:
    assert held_tables(insights_of(history(shares_sessions=False)), effects={}) == (None, ())


def test_missing_days_that_matter_are_told_as_a_range() -> None:
    found = insights_of(history())
    course = replace(found.course, benefits=(replace(lost(12), bounds=Bounds(8, None)),))
    table, _ = held_tables(replace(found, course=course), effects={})
    assert table is not None
    assert table.rows[0].range == "8 d to no loss, as missing days were"
