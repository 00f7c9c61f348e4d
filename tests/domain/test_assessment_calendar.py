from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.domain.assessment_calendar import (
    LONG_TERM_FLAGS,
    PCL5,
    USUAL,
    Asking,
    Cadence,
    Due,
    Reason,
    Rhythm,
    Stage,
    asked_together,
    next_due,
    open_on,
)

DAY = date(2026, 3, 2)
FIXED = Cadence(Rhythm.FIXED)
WEEKLY_FIRST = Cadence(Rhythm.WEEKLY_FIRST, since=DAY)


def day(number: int) -> date:
    """Days are counted from the first day, which is 0."""
    return DAY + timedelta(days=number)


def completed(on: int, due: int | None = None) -> Asking:
    return Asking(due_on=day(on if due is None else due), completed_on=day(on))


def missed(due: int) -> Asking:
    return Asking(due_on=day(due))


def due_after(
    *asked: Asking,
    today: int,
    cadence: Cadence = USUAL,
    given_on: tuple[int, ...] = (),
    planned_on: tuple[int, ...] = (),
) -> Due | None:
    return next_due(
        cadence,
        day(today),
        first_day=DAY,
        asked=asked,
        given_on=[day(number) for number in given_on],
        planned_on=[day(number) for number in planned_on],
    )


def told(due: Due | None) -> tuple[int, Reason, int] | None:
    """A due date as numbers: on which day, why, and from which day it is counted."""
    return None if due is None else ((due.on - DAY).days, due.reason, (due.counted_from - DAY).days)


# The clock


def test_the_first_one_is_due_on_the_first_day() -> None:
    assert told(due_after(today=0)) == (0, Reason.FIRST, 0)


def test_the_first_one_waits_for_no_session() -> None:
    assert told(due_after(today=0, given_on=(-3,), planned_on=(0, 1))) == (0, Reason.FIRST, 0)


def test_the_next_one_is_due_fourteen_days_after_the_last_completed() -> None:
    due = due_after(completed(0), today=1)
    assert told(due) == (14, Reason.INTERVAL, 0)
    assert due is not None
    assert (due.days, due.treatment_on, due.otherwise_on) == (14, None, None)


def test_days_are_counted_from_the_completion_and_not_from_when_it_was_due() -> None:
    assert told(due_after(completed(17, due=14), today=17)) == (31, Reason.INTERVAL, 17)


def test_a_session_restarts_the_clock() -> None:
    due = due_after(completed(0), today=5, given_on=(5,))
    assert told(due) == (19, Reason.SESSION, 5)
    assert due is not None
    assert due.treatment_on == day(5)


def test_the_last_of_several_sessions_restarts_it() -> None:
    assert told(due_after(completed(0), today=10, given_on=(8, 1, 4))) == (22, Reason.SESSION, 8)


def test_a_session_before_or_on_the_day_of_the_last_one_changes_nothing() -> None:
    assert told(due_after(completed(10), today=11, given_on=(3, 10))) == (24, Reason.INTERVAL, 10)


def test_a_session_that_is_still_ahead_restarts_nothing() -> None:
    assert told(due_after(completed(0), today=2, given_on=(3,))) == (14, Reason.INTERVAL, 0)


@pytest.mark.parametrize(
    ("session_on", "expected"),
    [
        (13, (27, Reason.SESSION, 13)),
        (14, (28, Reason.SESSION, 14)),
        (15, (28, Reason.LIMIT, 0)),
        (27, (28, Reason.LIMIT, 0)),
    ],
)
def test_no_session_puts_it_off_beyond_twenty_eight_days(
    session_on: int, expected: tuple[int, Reason, int]
) -> None:
    assert told(due_after(completed(0), today=session_on, given_on=(session_on,))) == expected


def test_a_whole_induction_series_cannot_put_it_off_for_ever() -> None:
    series = (1, 4, 8, 11, 15, 18, 22, 25)
    due = due_after(completed(0), today=25, given_on=series)
    assert due == Due(
        on=day(28), reason=Reason.LIMIT, counted_from=day(0), treatment_on=day(25), otherwise_on=day(39)
    )


# The clinic's choices


def test_a_fixed_rhythm_is_restarted_by_nothing() -> None:
    assert told(due_after(completed(0), today=9, cadence=FIXED, given_on=(9,))) == (14, Reason.INTERVAL, 0)


@pytest.mark.parametrize(
    ("last", "due"), [(0, 7), (7, 14), (14, 21), (21, 28), (28, 42), (42, 56), (23, 37), (20, 27)]
)
def test_weekly_for_four_weeks_and_then_every_second(last: int, due: int) -> None:
    assert told(due_after(completed(last), today=last, cadence=WEEKLY_FIRST)) == (due, Reason.INTERVAL, last)


def test_the_weekly_rhythm_is_restarted_by_nothing() -> None:
    due = due_after(completed(7), today=9, cadence=WEEKLY_FIRST, given_on=(9,))
    assert told(due) == (14, Reason.INTERVAL, 7)


@pytest.mark.parametrize(("on", "overlaps"), [(0, True), (28, True), (29, False)])
def test_only_weekly_questionnaires_overlap_in_what_they_ask_about(on: int, overlaps: bool) -> None:
    assert WEEKLY_FIRST.overlaps_recall(day(on)) is overlaps
    assert not USUAL.overlaps_recall(day(on))
    assert not FIXED.overlaps_recall(day(on))


def test_a_weekly_beginning_has_a_first_day_and_nothing_else_has() -> None:
    with pytest.raises(ValueError):
        Cadence(Rhythm.WEEKLY_FIRST)
    with pytest.raises(ValueError):
        Cadence(Rhythm.FIXED, since=DAY)


def test_the_long_term_flags_keep_their_own_clock() -> None:
    assert told(due_after(completed(0), today=9, cadence=LONG_TERM_FLAGS, given_on=(9,))) == (
        14,
        Reason.INTERVAL,
        0,
    )


@pytest.mark.parametrize(
    ("last", "due"),
    [
        (date(2026, 1, 15), date(2026, 2, 15)),
        (date(2026, 1, 31), date(2026, 2, 28)),
        (date(2028, 1, 31), date(2028, 2, 29)),
        (date(2026, 12, 3), date(2027, 1, 3)),
    ],
)
def test_the_pcl_5_is_due_a_month_later_whatever_sessions_there_are(last: date, due: date) -> None:
    found = next_due(
        PCL5,
        last,
        first_day=last,
        asked=[Asking(last, last)],
        given_on=[last],
        planned_on=[due, due - timedelta(days=1)],
    )
    assert found == Due(on=due, reason=Reason.INTERVAL, counted_from=last)


@pytest.mark.parametrize(
    ("item_nine_is_read", "short", "codes"),
    [
        (True, False, ("phq9", "gad7")),
        (False, False, ("phq8", "gad7")),
        (True, True, ("phq9", "gad2")),
        (False, True, ("phq8", "gad2")),
    ],
)
def test_a_gad_goes_with_each_phq_and_item_nine_only_where_it_is_read(
    item_nine_is_read: bool, short: bool, codes: tuple[str, str]
) -> None:
    assert asked_together(item_nine_is_read=item_nine_is_read, short=short) == codes


# Before a session


@pytest.mark.parametrize(
    ("planned_on", "due_on"),
    [(11, 14), (12, 11), (13, 12), (14, 13), (15, 14), (16, 14), (17, 14)],
)
def test_one_due_within_two_days_of_a_session_is_asked_before_it(planned_on: int, due_on: int) -> None:
    due = due_after(completed(0), today=5, planned_on=(planned_on,))
    assert due is not None
    assert due.on == day(due_on)


def test_one_moved_before_a_session_says_which_and_when_it_would_have_been() -> None:
    due = due_after(completed(0), today=5, planned_on=(13,))
    assert due == Due(
        on=day(12),
        reason=Reason.BEFORE_SESSION,
        counted_from=day(13),
        treatment_on=day(13),
        otherwise_on=day(14),
    )
    assert due.days == -1


def test_of_two_near_sessions_it_is_asked_before_the_first() -> None:
    assert told(due_after(completed(0), today=5, planned_on=(14, 12))) == (11, Reason.BEFORE_SESSION, 12)


def test_a_planned_series_does_not_carry_it_back_one_session_after_another() -> None:
    assert told(due_after(completed(0), today=1, planned_on=(6, 9, 12, 15))) == (
        11,
        Reason.BEFORE_SESSION,
        12,
    )


def test_a_planned_session_of_the_past_that_nobody_has_closed_moves_nothing() -> None:
    assert told(due_after(completed(0), today=14, planned_on=(13,))) == (14, Reason.INTERVAL, 0)


@pytest.mark.parametrize("cadence", [FIXED, LONG_TERM_FLAGS])
def test_every_rhythm_of_two_weeks_goes_before_a_near_session(cadence: Cadence) -> None:
    due = due_after(completed(0), today=5, cadence=cadence, planned_on=(14,))
    assert told(due) == (13, Reason.BEFORE_SESSION, 14)


def test_the_limit_goes_before_a_near_session_as_well() -> None:
    due = due_after(completed(0), today=25, given_on=(22, 25), planned_on=(28,))
    assert told(due) == (27, Reason.BEFORE_SESSION, 28)


# Open, reminded of, missed


@pytest.mark.parametrize(
    ("today", "stage"),
    [
        (13, Stage.AHEAD),
        (14, Stage.OPEN),
        (15, Stage.OPEN),
        (16, Stage.OPEN),
        (17, Stage.OPEN),
        (18, Stage.MISSED),
        (100, Stage.MISSED),
    ],
)
def test_one_stays_open_for_four_days_and_then_counts_as_missed(today: int, stage: Stage) -> None:
    assert missed(14).stage(day(today)) is stage


def test_a_completed_one_is_completed_for_good() -> None:
    assert completed(17, due=14).stage(day(100)) is Stage.COMPLETED


def test_there_is_one_reminder_after_two_days() -> None:
    assert [number for number in range(30) if missed(14).is_reminded_of(day(number))] == [16]


def test_a_completed_one_is_not_reminded_of() -> None:
    assert not completed(15, due=14).is_reminded_of(day(16))


@pytest.mark.parametrize("today", [13, 14, 17])
def test_there_is_no_next_one_while_one_is_open_or_ahead(today: int) -> None:
    assert due_after(completed(0), missed(14), today=today) is None


def test_the_open_one_is_found_among_those_before_it() -> None:
    history = [completed(0), missed(14), missed(28)]
    assert open_on(day(29), history) == missed(28)
    assert open_on(day(20), history) is None


def test_a_missed_one_is_followed_fourteen_days_after_it_was_due() -> None:
    assert told(due_after(completed(0), missed(14), today=18)) == (28, Reason.MISSED, 14)


def test_a_session_after_a_missed_one_puts_the_next_no_later_than_the_limit() -> None:
    assert told(due_after(completed(0), missed(14), today=20, given_on=(20,))) == (28, Reason.MISSED, 14)


def test_a_session_after_the_first_of_all_was_missed_restarts_the_clock_within_the_limit() -> None:
    assert told(due_after(missed(0), today=6, given_on=(6,))) == (20, Reason.SESSION, 6)
    assert told(due_after(missed(0), today=16, given_on=(16,))) == (28, Reason.LIMIT, 0)


def test_one_completed_of_ones_own_accord_counts_like_any_other() -> None:
    assert told(due_after(completed(0), missed(14), completed(22), today=22)) == (36, Reason.INTERVAL, 22)


# A year with whatever sessions and whatever answers


def lived(cadence: Cadence, seed: int, *, answers: float) -> list[tuple[Due, date]]:
    """A year day by day: each due date as it opened, with the day. ``answers`` is how likely one is completed on a day.

    Sessions are planned up to three weeks ahead and given on their day, in series and now and then.
    """
    chance = Random(seed)
    sessions = sorted({chance.randrange(365) for _ in range(chance.randrange(40))})
    sessions += [60 + 3 * number for number in range(chance.randrange(14))]
    asked: list[Asking] = []
    opened: list[tuple[Due, date]] = []
    for number in range(365):
        today = day(number)
        due = next_due(
            cadence,
            today,
            first_day=DAY,
            asked=asked,
            given_on=[day(one) for one in sessions if one <= number],
            planned_on=[day(one) for one in sessions if number < one <= number + 21],
        )
        if due is not None and due.on <= today:
            opened.append((due, today))
            asked.append(Asking(due_on=today))
        still_open = [place for place, one in enumerate(asked) if one.stage(today) is Stage.OPEN]
        assert len(still_open) <= 1
        if still_open and chance.random() < answers:
            place = still_open[0]
            asked[place] = Asking(due_on=asked[place].due_on, completed_on=today)
    return opened


CADENCES = st.sampled_from([USUAL, FIXED, WEEKLY_FIRST, LONG_TERM_FLAGS, PCL5])
QUICK = settings(max_examples=40, deadline=None)


@QUICK
@given(CADENCES, st.integers(0, 10**6), st.sampled_from([0.0, 0.2, 0.6]))
def test_there_are_never_two_open_at_once(cadence: Cadence, seed: int, answers: float) -> None:
    assert lived(cadence, seed, answers=answers)


@QUICK
@given(st.sampled_from([USUAL, FIXED, WEEKLY_FIRST]), st.integers(0, 10**6))
def test_who_answers_at_once_is_never_left_alone_for_more_than_twenty_eight_days(
    cadence: Cadence, seed: int
) -> None:
    days = [today for _, today in lived(cadence, seed, answers=1.0)]
    assert max(later - earlier for earlier, later in zip(days, days[1:], strict=False)) <= timedelta(days=28)
    assert day(364) - days[-1] <= timedelta(days=28)


@QUICK
@given(CADENCES, st.integers(0, 10**6), st.sampled_from([0.0, 0.2, 1.0]))
def test_the_facts_of_a_reason_are_those_that_it_needs(cadence: Cadence, seed: int, answers: float) -> None:
    with_session = {Reason.SESSION, Reason.LIMIT, Reason.BEFORE_SESSION}
    with_other_day = {Reason.LIMIT, Reason.BEFORE_SESSION}
    for due, _ in lived(cadence, seed, answers=answers):
        assert (due.treatment_on is not None) == (due.reason in with_session)
        assert (due.otherwise_on is not None) == (due.reason in with_other_day)
        assert due.otherwise_on is None or due.on < due.otherwise_on
