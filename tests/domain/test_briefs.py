"""What there is to talk about: each rule on both sides of its threshold, the order, and six lines at most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import pytest

from journal.domain.assessment_records import AssessmentRecord
from journal.domain.assessments import DECLINED, Answer
from journal.domain.benefits import Benefit, EndReason, GivenSession
from journal.domain.briefs import points_of, shown
from journal.domain.long_term_flags import LongTermFlag, Watched
from journal.domain.periods import Landmarks, period
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.talking_points import (
    Compared,
    DayDetail,
    Daytime,
    Held,
    ItemChange,
    ItemChanges,
    Kind,
    LowDays,
    Measure,
    OpenFlag,
    Seen,
    Sleep,
    StarredNote,
    StarredNotes,
    StillOpen,
    TalkingPoint,
)
from journal.domain.trends import DaySummary
from journal.domain.withheld import Reason, Withheld

TODAY = date(2026, 3, 30)
VISIT = date(2026, 3, 20)
SINCE_VISIT = period("", Landmarks(TODAY, date(2025, 1, 1), last_visit=VISIT))
"""The ten days 21 to 30 March, against 11 to 20 March."""
FOUR_WEEKS = period("", Landmarks(TODAY, date(2025, 1, 1)))
"""3 to 30 March, against 3 February to 2 March."""


def march(day: int) -> date:
    return date(2026, 3, 1) + timedelta(days=day - 1)


def a_day(day: int, mood: float | None = 6, **items: object) -> DaySummary:
    number = None if mood is None else round(mood)
    return DaySummary(march(day), mood, number, number, mood is not None, 1, **items)  # type: ignore[arg-type]


def only(seen: Seen) -> TalkingPoint | None:
    points = points_of(seen)
    assert len(points) < 2
    return points[0] if points else None


# Notes


def test_starred_notes_since_the_visit_and_of_its_own_day_are_a_line_the_latest_first() -> None:
    notes = [
        StarredNote("before", march(19)),
        StarredNote("that evening", march(20)),
        StarredNote("today", march(30)),
        StarredNote("not yet", march(31)),
    ]
    line = only(Seen(SINCE_VISIT, notes=notes))
    assert line == StarredNotes(
        "starred:2026-03-21", (StarredNote("today", march(30)), StarredNote("that evening", march(20)))
    )


def test_without_a_visit_the_last_four_weeks_are_looked_at_and_the_line_keeps_its_name() -> None:
    notes = [StarredNote("too old", march(2)), StarredNote("first", march(3))]
    line = only(Seen(FOUR_WEEKS, notes=notes))
    assert line == StarredNotes("starred:4w", (StarredNote("first", march(3)),))


# Low days


@pytest.mark.parametrize(("mood", "is_low"), [(4.0, True), (4.1, False), (0.0, True)])
def test_a_day_two_below_the_median_of_its_week_is_low(mood: float, is_low: bool) -> None:
    days = [*(a_day(day) for day in range(18, 25)), a_day(25, mood)]
    line = only(Seen(SINCE_VISIT, days=days))
    assert isinstance(line, LowDays) is is_low
    if isinstance(line, LowDays):
        (low,) = line.days
        assert (low.local_date, low.mood, low.usual, low.n) == (march(25), mood, 6.0, 7)


def test_the_median_of_an_even_number_of_days_is_the_mean_of_the_middle_two() -> None:
    days = [a_day(20, 3), a_day(21, 7), a_day(22, 6), a_day(23, 9), a_day(25, 4.5)]
    line = only(Seen(SINCE_VISIT, days=days))
    assert isinstance(line, LowDays)
    assert (line.days[0].usual, line.days[0].below) == (6.5, 2.0)


@pytest.mark.parametrize(("logged", "is_low"), [(4, True), (3, False)])
def test_a_day_is_held_against_at_least_four_logged_days(logged: int, is_low: bool) -> None:
    days = [*(a_day(day) for day in range(25 - logged, 25)), a_day(25, 1)]
    assert (only(Seen(SINCE_VISIT, days=days)) is not None) is is_low


def test_days_longer_ago_than_a_week_and_unsure_days_are_nothing_to_be_held_against() -> None:
    days = [
        *(a_day(day) for day in range(14, 18)),
        *(a_day(day, None) for day in range(18, 25)),
        a_day(25, 0),
    ]
    assert only(Seen(SINCE_VISIT, days=days)) is None


def test_three_low_days_the_deepest_first_and_of_equals_the_later_one() -> None:
    week = [a_day(day, 8) for day in range(14, 21)]
    low = [a_day(21, 5), a_day(22, 8), a_day(23, 8), a_day(24, 2), a_day(25, 8), a_day(26, 5), a_day(27, 6)]
    line = only(Seen(SINCE_VISIT, days=[*week, *low]))
    assert isinstance(line, LowDays)
    assert [(one.local_date, one.below) for one in line.days] == [
        (march(24), 6),
        (march(26), 3),
        (march(21), 3),
    ]
    assert line.found == 4


def test_a_low_day_before_the_visit_was_for_that_visit() -> None:
    days = [*(a_day(day) for day in range(13, 20)), a_day(20, 0)]
    assert only(Seen(SINCE_VISIT, days=days)) is None


# How long it held


def benefit(
    name: str,
    day: date,
    *,
    response: bool | None = True,
    lost: int | None = None,
    watched: int | None = None,
    end: EndReason | None = None,
    logged: int = 6,
) -> Benefit:
    return Benefit(
        treatment=GivenSession(day, name),
        response=response,
        reason=Reason.NOT_EVALUABLE if response is None else None,
        response_day=1 if response else None,
        loss_day=lost,
        began_to_fade_day=None,
        censored=lost is None and end is not EndReason.EARLY_FOR_WORSENING,
        observed_days=lost or watched,
        end_reason=EndReason.LOSS if lost else end,
        change_before_after=Withheld(Reason.TOO_FEW),
        bounds=None,
        before=None,
        peak=None,
        peak_day=None,
        rows=tuple(
            DaySummary(day + timedelta(days=number), 7, 7, 7, 1, 1) for number in range(-3, logged + 3)
        ),
        last_counted=logged,
    )


S1 = benefit("S1", date(2026, 1, 5), lost=15)
S2 = benefit("S2", date(2026, 2, 2), lost=17)
S3 = benefit("S3", date(2026, 3, 2), lost=11)


def held(*benefits: Benefit) -> Held | None:
    line = only(Seen(SINCE_VISIT, benefits=benefits))
    assert line is None or isinstance(line, Held)
    return line


def test_the_last_session_stands_beside_those_before_it() -> None:
    line = held(S1, S2, S3)
    assert line is not None
    assert line.key == "held:2026-03-02"
    assert (line.last.label, line.last.days, line.last.is_lost, line.last.n) == ("S3", 11, True, 6)
    assert [(one.label, one.days, one.is_lost) for one in line.earlier] == [
        ("S1", 15, True),
        ("S2", 17, True),
    ]


def test_what_still_holds_is_said_up_to_where_it_was_watched() -> None:
    line = held(S1, benefit("S2", date(2026, 3, 2), watched=17, end=EndReason.END_OF_DATA))
    assert line is not None
    assert (line.last.days, line.last.is_lost, line.last.end) == (17, False, EndReason.END_OF_DATA)


def test_a_session_brought_forward_for_worsening_ends_the_benefit_of_the_one_before() -> None:
    line = held(S1, benefit("S2", date(2026, 2, 2), watched=9, end=EndReason.EARLY_FOR_WORSENING), S3)
    assert line is not None
    assert (line.earlier[1].days, line.earlier[1].is_lost) == (9, True)


def test_no_response_to_the_last_session_is_said_beside_responses_before() -> None:
    line = held(S1, benefit("S2", date(2026, 3, 2), response=False))
    assert line is not None
    assert (line.last.days, line.last.is_lost) == (None, False)


def test_three_earlier_sessions_with_a_response_at_most_and_none_without() -> None:
    silent = benefit("S2", date(2026, 1, 9), response=False)
    unknown = benefit("S3", date(2026, 1, 13), response=None)
    four = [benefit(f"S{number}", march(number), lost=10 + number) for number in range(4, 8)]
    line = held(S1, silent, unknown, *four, benefit("S8", march(20), lost=9))
    assert line is not None
    assert [one.label for one in line.earlier] == ["S5", "S6", "S7"]


def test_where_no_session_before_had_a_response_that_is_said() -> None:
    silent = benefit("S2", date(2026, 1, 9), response=False)
    unknown = benefit("S3", date(2026, 1, 13), response=None)
    line = held(silent, unknown, benefit("S8", march(20), lost=9))
    assert line is not None
    assert [(one.label, one.days) for one in line.earlier] == [("S2", None)]
    assert held(silent, benefit("S8", march(20), response=False)) is None
    assert held(unknown, benefit("S8", march(20), lost=9)) is None


def test_a_last_session_that_cannot_be_told_yet_is_no_line() -> None:
    assert held(S1, S2, benefit("S3", date(2026, 3, 28), response=None)) is None
    assert held(S1) is None


@pytest.mark.parametrize(("logged", "is_line"), [(4, True), (3, False)])
def test_both_the_last_session_and_those_before_have_four_logged_days(logged: int, is_line: bool) -> None:
    few = benefit("S3", date(2026, 3, 2), lost=3, logged=logged)
    assert (held(S1, few) is not None) is is_line
    assert (held(few, S3) is not None) is is_line


# Questionnaires


def phq(
    name: str, day: date, answers: Mapping[str, Answer], *, instrument: str = "phq9", done: bool = True
) -> AssessmentRecord:
    return AssessmentRecord(
        public_id=name,
        instrument=instrument,
        version=1,
        due_on=day,
        opened_at=datetime.combine(day, time(8), UTC),
        completed_at=datetime.combine(day, time(9), UTC) if done else None,
        completed_on=day if done else None,
        answers=answers,
    )


ONES: dict[str, Answer] = {str(number): 1 for number in range(1, 10)}


def changes(now: Mapping[str, Answer], before: Mapping[str, Answer] = ONES) -> list[ItemChange]:
    line = only(Seen(SINCE_VISIT, questionnaires=[phq("b", march(14), before), phq("n", march(28), now)]))
    assert line is None or isinstance(line, ItemChanges)
    return list(line.changes) if line else []


def test_answers_that_changed_by_two_are_named_the_largest_change_first() -> None:
    now: dict[str, Answer] = {**ONES, "1": 3, "2": 2, "4": 0}
    before: dict[str, Answer] = {**ONES, "4": 3}
    assert changes(now, before) == [ItemChange("4", 0, 3), ItemChange("1", 3, 1)]


def test_a_change_of_one_is_no_line() -> None:
    assert changes({**ONES, "1": 2, "2": 0}) == []


def test_only_the_last_two_completed_are_compared_whichever_order_they_come_in() -> None:
    found = [
        phq("now", march(28), {**ONES, "3": 3}),
        phq("open", march(29), {**ONES, "3": 0}, done=False),
        phq("oldest", march(1), {**ONES, "3": 3}),
        phq("before", march(14), ONES),
        phq("other", march(29), {**ONES, "3": 3}, instrument="gad7"),
    ]
    line = only(Seen(SINCE_VISIT, questionnaires=found))
    assert isinstance(line, ItemChanges)
    assert (line.key, line.now.public_id, line.before.public_id) == ("items:now", "now", "before")


def test_the_eight_questions_that_two_questionnaires_share_are_compared() -> None:
    eight = {key: answer for key, answer in ONES.items() if key != "9"}
    line = only(
        Seen(
            SINCE_VISIT,
            questionnaires=[
                phq("b", march(14), eight, instrument="phq8"),
                phq("n", march(28), {**ONES, "5": 3, "9": 3}),
            ],
        )
    )
    assert isinstance(line, ItemChanges)
    assert line.changes == (ItemChange("5", 3, 1),)


def test_what_was_declined_or_left_out_did_not_change_and_how_hard_it_was_is_no_symptom() -> None:
    without = {key: answer for key, answer in ONES.items() if key != "2"}
    assert changes({**without, "9": DECLINED, "10": 3}, {**ONES, "2": 3, "9": 3, "10": 0}) == []


def test_the_ninth_answer_is_named_when_it_rose_or_fell_but_never_as_a_zero() -> None:
    assert changes({**ONES, "9": 3}) == [ItemChange("9", 3, 1)]
    assert changes({**ONES, "9": 1}, {**ONES, "9": 3}) == [ItemChange("9", 1, 3)]
    assert changes({**ONES, "9": 0}, {**ONES, "9": 3}) == []


@pytest.mark.parametrize(("day", "is_line"), [(19, False), (20, True), (30, True), (31, False)])
def test_a_questionnaire_from_before_the_visit_was_for_that_visit(day: int, is_line: bool) -> None:
    found = [phq("b", march(6), ONES), phq("n", march(day), {**ONES, "1": 3})]
    assert (only(Seen(SINCE_VISIT, questionnaires=found)) is not None) is is_line


# Sleep


def nights(now: Sequence[float], before: Sequence[float]) -> list[DaySummary]:
    sides = [(march(21 + i), hours) for i, hours in enumerate(now)]
    sides += [(march(11 + i), hours) for i, hours in enumerate(before)]
    return [DaySummary(day, 6, 6, 6, 1, 1, sleep_hours=hours) for day, hours in sorted(sides)]


def measures(line: TalkingPoint | None) -> dict[Measure, Compared]:
    assert line is None or isinstance(line, Sleep | Daytime)
    return {one.measure: one for one in line.compared} if line else {}


@pytest.mark.parametrize(
    ("now", "is_line"),
    [([7.5] * 4, True), ([6.5] * 4, True), ([7.49] * 4, False), ([6.51] * 4, False)],
)
def test_half_an_hour_more_or_less_sleep_is_a_line(now: list[float], is_line: bool) -> None:
    found = measures(only(Seen(SINCE_VISIT, days=nights(now, [7.0] * 5))))
    assert (Measure.SLEEP_HOURS in found) is is_line
    if is_line:
        one = found[Measure.SLEEP_HOURS]
        assert (one.now, one.before, one.n, one.n_before) == (now[0], 7.0, 4, 5)


@pytest.mark.parametrize(("now", "before", "is_line"), [(4, 4, True), (3, 10, False), (10, 3, False)])
def test_both_sides_need_four_nights(now: int, before: int, is_line: bool) -> None:
    found = only(Seen(SINCE_VISIT, days=nights([8.0] * now, [7.0] * before)))
    assert (found is not None) is is_line


@pytest.mark.parametrize(("short_now", "is_line"), [(3, True), (2, False), (0, False)])
def test_two_more_nights_under_six_hours_are_a_line(short_now: int, is_line: bool) -> None:
    now = [5.9] * short_now + [6.0] * (6 - short_now)
    before = [5.9] + [6.0] * 5
    found = measures(only(Seen(SINCE_VISIT, days=nights(now, before))))
    assert (Measure.SHORT_NIGHTS in found) is is_line
    if is_line:
        assert (found[Measure.SHORT_NIGHTS].now, found[Measure.SHORT_NIGHTS].before) == (3, 1)


def waking(*now: time, before: time = time(7)) -> list[DayDetail]:
    earlier = [DayDetail(march(11 + i), before) for i in range(4)]
    return [*earlier, *(DayDetail(march(21 + i), at) for i, at in enumerate(now))]


def test_waking_times_that_spread_by_an_hour_are_a_line() -> None:
    # 6:00, 7:00, 8:00 around 7:00, and 7:00 itself: SD of −60, 0, 60, 0 is 48.99 minutes.
    assert only(Seen(SINCE_VISIT, details=waking(time(6), time(7), time(8), time(7)))) is None
    # 5:30, 7:00, 8:30, 7:00: SD of −90, 0, 90, 0 is 73.48 minutes.
    found = measures(only(Seen(SINCE_VISIT, details=waking(time(5, 30), time(7), time(8, 30), time(7)))))
    one = found[Measure.WAKING_SPREAD]
    assert (round(one.now, 2), one.before, one.n, one.n_before) == (73.48, 0.0, 4, 4)
    assert one.days[0] == (march(21), 330.0)


def test_waking_times_on_both_sides_of_midnight_lie_close_together() -> None:
    around = waking(time(23, 50), time(0, 10), time(23, 50), time(0, 10), before=time(23, 59))
    assert only(Seen(SINCE_VISIT, details=around)) is None


def test_a_waking_time_that_moved_and_stayed_is_no_spread() -> None:
    assert only(Seen(SINCE_VISIT, details=waking(*[time(11)] * 4, before=time(6)))) is None


# Still open


def effect(name: str = "e", *, code: SideEffectCode = SideEffectCode.NAUSEA) -> SideEffect:
    return SideEffect("s", code, Severity.MILD, march(13), public_id=name)


def test_open_side_effects_and_flags_are_a_line_however_old() -> None:
    flag = OpenFlag((march(1),))
    assert only(Seen(SINCE_VISIT, effects=[effect()])) == StillOpen("still_open:2026-03-21", (effect(),), ())
    assert only(Seen(SINCE_VISIT, flags=[flag])) == StillOpen("still_open:2026-03-21", (), (flag,))
    assert only(Seen(SINCE_VISIT)) is None


# By day


def active(now: Sequence[int], before: Sequence[int]) -> list[DaySummary]:
    sides = [(march(21 + i), value) for i, value in enumerate(now)]
    sides += [(march(11 + i), value) for i, value in enumerate(before)]
    return [DaySummary(day, 6, 6, 6, 1, 1, activity_min=value) for day, value in sorted(sides)]


@pytest.mark.parametrize(("now", "is_line"), [(26, True), (14, True), (25, False), (15, False)])
def test_minutes_that_changed_by_thirty_percent_are_a_line(now: int, is_line: bool) -> None:
    found = measures(only(Seen(SINCE_VISIT, days=active([now] * 4, [20] * 4))))
    assert (Measure.ACTIVITY_MIN in found) is is_line


def test_none_before_and_some_now_is_a_change_and_none_on_both_sides_is_not() -> None:
    assert only(Seen(SINCE_VISIT, days=active([1] * 4, [0] * 4))) is not None
    assert only(Seen(SINCE_VISIT, days=active([0] * 4, [0] * 4))) is None


def company(now: str, before: str) -> list[DayDetail]:
    sides = [(21, now), (11, before)]
    return [
        DayDetail(march(first + i), social=int(answer))
        for first, side in sides
        for i, answer in enumerate(side)
    ]


@pytest.mark.parametrize(
    ("now", "is_line"),
    [("1110000000", True), ("2220000000", True), ("1111000000", False), ("1120210000", False)],
)
def test_days_with_company_that_changed_by_thirty_percent_are_a_line(now: str, is_line: bool) -> None:
    # Five of ten days before: 30 % of that share is 0.15.
    found = measures(only(Seen(SINCE_VISIT, details=company(now, "1020101001"))))
    assert (Measure.COMPANY in found) is is_line
    if is_line:
        assert (found[Measure.COMPANY].now, found[Measure.COMPANY].before) == (0.3, 0.5)


# All together


def everything() -> Seen:
    details = [*waking(time(5), time(7), time(9), time(7)), *company("0000", "1111")]
    days = [*nights([5.0] * 4, [8.0] * 7), a_day(25, 0)]
    return Seen(
        SINCE_VISIT,
        notes=[StarredNote("n", TODAY)],
        days=days,
        details=sorted(details, key=lambda one: one.local_date),
        benefits=[S1, S2, S3],
        questionnaires=[phq("b", march(14), ONES), phq("n", march(28), {**ONES, "1": 3})],
        effects=[effect()],
        flags=[OpenFlag((march(20),), LongTermFlag(Watched.CRAVING, (march(20),)))],
    )


def test_lines_come_in_their_fixed_order_and_six_of_them_at_most() -> None:
    points = points_of(everything())
    assert [point.kind for point in points] == list(Kind)
    assert [point.kind for point in shown(points)] == list(Kind)[:6]


def test_a_hidden_line_leaves_no_gap() -> None:
    points = points_of(everything())
    left = shown(points, hidden={"low_days:2026-03-21", "held:2026-03-02"})
    assert [point.kind.value for point in left] == ["starred", "items", "sleep", "still_open", "daytime"]


def test_no_two_lines_have_one_name() -> None:
    keys = [point.key for point in points_of(everything())]
    assert len(set(keys)) == len(keys) == 7


def test_what_is_not_open_to_a_reader_is_no_line() -> None:
    assert points_of(Seen(SINCE_VISIT)) == ()
