"""How each session was answered, on days small enough to check by hand.

Burden before treatment is 8 (mood 2), so that mood 6 is 50 % better, mood 4 is 25 % better, and the hold line is 4.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.domain.baselines import Baseline, BaselineStatus
from journal.domain.benefits import (
    BeforeAfter,
    Benefit,
    Bounds,
    EndReason,
    GivenSession,
    Interruption,
    benefits_of,
)
from journal.domain.withheld import Reason, Withheld
from tests.domain.days_of_moods import days_at

S1_DAY = date(2026, 3, 2)
S1 = GivenSession(S1_DAY, "S1")
BASELINE = Baseline(
    burden=8,
    mood=2,
    hold_line=4,
    n=14,
    first_day=S1_DAY - timedelta(days=14),
    last_day=S1_DAY - timedelta(days=1),
    status=BaselineStatus.OK,
)
LONG_AFTER = S1_DAY + timedelta(days=200)


def on(number: int) -> date:
    """The date of a day number."""
    return S1_DAY + timedelta(days=number)


def numbered(*moods: float | None) -> dict[int, float]:
    """Moods of the days 1, 2, 3, …; None is a day without a number."""
    return {number: mood for number, mood in enumerate(moods, start=1) if mood is not None}


def benefit(
    moods: Mapping[int, float],
    *,
    session: GivenSession = S1,
    then: GivenSession | None = None,
    baseline: Baseline | Withheld = BASELINE,
    until: date = LONG_AFTER,
    **what: object,
) -> Benefit:
    """The first session's benefit; ``then`` is the one after it."""
    sessions = [session] if then is None else [session, then]
    return benefits_of(days_at(S1_DAY, moods), sessions, baseline, until=until, **what)[0]  # type: ignore[arg-type]


def session_on(number: int, **ticks: bool) -> GivenSession:
    return GivenSession(on(number), "S2", **ticks)


# Rule 1: whether anything can be said ---------------------------------------------------------------------------------


def test_without_a_baseline_no_response_can_be_told() -> None:
    for reason in (Reason.NO_BASELINE, Reason.NOT_SHARED):
        found = benefit(numbered(8, 8, 8), baseline=Withheld(reason))
        assert (found.response, found.reason, found.observed_days) == (None, reason, None)


def test_a_baseline_that_is_already_low_leaves_nothing_to_respond_with() -> None:
    low = replace(BASELINE, burden=1.5, status=BaselineStatus.ALREADY_LOW)

    assert benefit(numbered(10, 10, 10), baseline=low).reason is Reason.BASELINE_ALREADY_LOW


@pytest.mark.parametrize(
    ("moods", "response"),
    [
        ({1: 8, 2: 8}, None),
        ({1: 8, 2: 8, 7: 8}, True),
        ({1: 8, 2: 8, 8: 8}, None),
        ({0: 8, 1: 8, 2: 8}, None),
    ],
)
def test_three_of_the_days_one_to_seven_are_needed(moods: dict[int, float], response: bool | None) -> None:
    found = benefit(moods)

    assert found.response is response
    assert found.reason is (None if response else Reason.NOT_EVALUABLE)


def test_a_session_two_days_before_the_next_cannot_be_evaluated() -> None:
    found = benefit(numbered(8, 8, 8, 8), then=session_on(3))

    assert (found.response, found.reason) == (None, Reason.NOT_EVALUABLE)
    assert (found.observed_days, found.censored, found.end_reason) == (None, False, EndReason.NEXT_SESSION)


# Rule 2: response -----------------------------------------------------------------------------------------------------


def test_two_days_of_exactly_half_the_burden_are_a_response() -> None:
    found = benefit(numbered(4, 6, 6, 5))

    assert (found.response, found.response_day) == (True, 2)


def test_one_good_day_between_others_is_no_response() -> None:
    found = benefit(numbered(6, 5, 6, 5, 6, 5, 6))

    assert (found.response, found.reason, found.response_day) == (False, None, None)
    assert (found.observed_days, found.censored, found.loss_day) == (None, False, None)


def test_days_without_a_number_between_two_good_ones_do_not_part_them() -> None:
    assert benefit({1: 6, 5: 6, 6: 5}).response_day == 1


def test_both_days_of_a_response_lie_in_the_first_week() -> None:
    assert benefit(numbered(5, 5, 5, 5, 5, 6, 6)).response_day == 6
    assert benefit(numbered(5, 5, 5, 5, 5, 5, 6, 6)).response is False


def test_the_day_of_the_session_is_no_part_of_a_response() -> None:
    assert benefit({0: 9, 1: 6, 2: 5, 3: 5}).response is False


def test_a_value_a_billionth_from_a_threshold_is_equal_to_it() -> None:
    assert benefit(numbered(6 - 5e-11, 6 - 5e-11, 5)).response is True
    assert benefit(numbered(6 - 1e-6, 6 - 1e-6, 5)).response is False
    assert benefit(numbered(8, 8, 8, 4 - 5e-11, 4 - 5e-11)).loss_day is None
    assert benefit(numbered(8, 8, 8, 4 - 1e-6, 4 - 1e-6)).loss_day == 4


# Rule 3: loss, and beginning to fade ----------------------------------------------------------------------------------


def test_benefit_is_lost_on_the_first_of_two_days_under_a_quarter() -> None:
    found = benefit(numbered(8, 8, 8, 7, 5, 3, 3, 2))

    assert (found.loss_day, found.observed_days, found.censored) == (6, 6, False)
    assert found.end_reason is EndReason.LOSS
    assert found.began_to_fade_day == 5


def test_a_quarter_better_is_still_held() -> None:
    assert benefit(numbered(8, 8, 8, 4, 4, 4)).loss_day is None


def test_one_low_day_is_no_loss() -> None:
    assert benefit(numbered(8, 8, 8, 3, 8, 3, 8, 8)).loss_day is None


def test_the_first_of_two_low_days_counts_where_an_earlier_one_stood_alone() -> None:
    assert benefit(numbered(8, 8, 8, 3, 8, 3, 3)).loss_day == 6


@pytest.mark.parametrize(("second", "loss_day"), [(6, 5), (7, 5), (8, 5), (9, None)])
def test_the_second_low_day_comes_after_at_most_two_days_without_a_number(
    second: int, loss_day: int | None
) -> None:
    assert benefit({1: 8, 2: 8, 3: 8, 5: 3, second: 3, second + 1: 8}).loss_day == loss_day


def test_the_second_low_day_must_lie_before_the_next_session() -> None:
    found = benefit(numbered(8, 8, 8, 8, 3, 3), then=session_on(6))

    assert (found.loss_day, found.censored, found.observed_days) == (None, True, 5)


def test_a_low_day_before_the_response_is_no_loss() -> None:
    found = benefit(numbered(2, 2, 8, 8))

    assert (found.response_day, found.loss_day) == (3, None)


def test_benefit_can_begin_to_fade_without_being_lost() -> None:
    found = benefit(numbered(8, 8, 8, 5, 5, 6))

    assert (found.began_to_fade_day, found.loss_day, found.censored) == (4, None, True)


# Rule 4: how far the days count ---------------------------------------------------------------------------------------


def test_what_still_holds_is_censored_at_the_last_logged_day() -> None:
    found = benefit(numbered(8, 8, 8, None, 8), until=on(12))

    assert (found.observed_days, found.censored, found.end_reason) == (5, True, EndReason.END_OF_DATA)


def test_what_holds_until_the_next_session_is_censored_at_the_last_logged_day_before_it() -> None:
    found = benefit(numbered(8, 8, 8, 8, 8, 8, None, 8), then=session_on(8))

    assert (found.observed_days, found.censored, found.end_reason) == (6, True, EndReason.NEXT_SESSION)


@pytest.mark.parametrize(
    ("next_logged", "observed", "why"),
    [(9, 9, EndReason.END_OF_DATA), (10, 3, EndReason.GAP)],
)
def test_a_gap_of_five_days_may_be_and_one_of_six_ends_the_days(
    next_logged: int, observed: int, why: EndReason
) -> None:
    found = benefit({1: 8, 2: 8, 3: 8, next_logged: 8})

    assert (found.observed_days, found.end_reason) == (observed, why)


@pytest.mark.parametrize(
    ("next_session", "why"), [(9, EndReason.NEXT_SESSION), (10, EndReason.GAP), (30, EndReason.GAP)]
)
def test_a_gap_can_reach_the_next_session(next_session: int, why: EndReason) -> None:
    found = benefit(numbered(8, 8, 8), then=session_on(next_session))

    assert (found.observed_days, found.end_reason) == (3, why)


def test_after_a_gap_no_loss_is_seen_any_more() -> None:
    found = benefit({1: 8, 2: 8, 3: 8, 10: 2, 11: 2})

    assert (found.loss_day, found.observed_days, found.end_reason) == (None, 3, EndReason.GAP)


def test_a_loss_before_a_gap_stays_a_loss() -> None:
    found = benefit({1: 8, 2: 8, 3: 8, 4: 2, 5: 2, 20: 2})

    assert (found.loss_day, found.end_reason) == (4, EndReason.LOSS)


def test_days_without_a_number_at_the_end_are_no_gap() -> None:
    found = benefit(numbered(8, 8, 8), until=on(60))

    assert found.end_reason is EndReason.END_OF_DATA


@pytest.mark.parametrize("why", [EndReason.PAUSED, EndReason.ENDED])
def test_a_course_that_stands_still_ends_the_days(why: EndReason) -> None:
    still = Interruption(on(5), None, why)

    found = benefit(numbered(8, 8, 8, 8, 2, 2), interruptions=[still])

    assert (found.observed_days, found.censored, found.end_reason) == (4, True, why)
    assert found.loss_day is None


def test_days_after_a_pause_do_not_count_for_the_response_either() -> None:
    still = Interruption(on(3), on(4), EndReason.PAUSED)

    assert benefit(numbered(8, 8, 8, 8, 8), interruptions=[still]).reason is Reason.NOT_EVALUABLE
    assert benefit(numbered(4, 4, None, 8, 8, 8), interruptions=[still]).reason is Reason.NOT_EVALUABLE


def test_a_pause_that_was_over_before_the_session_ends_nothing() -> None:
    over = Interruption(on(-20), on(0), EndReason.PAUSED)

    assert benefit(numbered(8, 8, 8), interruptions=[over]).end_reason is EndReason.END_OF_DATA


def test_a_session_on_the_date_on_which_the_course_ended_leaves_no_day_that_counts() -> None:
    ended = Interruption(S1_DAY, None, EndReason.ENDED)

    found = benefit(numbered(8, 8, 8), interruptions=[ended])

    assert (found.reason, found.end_reason) == (Reason.NOT_EVALUABLE, EndReason.ENDED)


def test_a_pause_from_the_next_session_on_belongs_to_that_one() -> None:
    still = Interruption(on(6), None, EndReason.PAUSED)

    found = benefit(numbered(8, 8, 8, 8, 8), then=session_on(6), interruptions=[still])

    assert found.end_reason is EndReason.NEXT_SESSION


def test_a_changed_medicine_ends_the_days_only_where_a_provider_ticked_it() -> None:
    moods = numbered(8, 8, 8, 8, 2, 2)
    ticked = replace(S1, censor_medication_change=True)

    assert benefit(moods, medication_changes=[on(5)]).loss_day == 5
    found = benefit(moods, session=ticked, medication_changes=[on(5)])
    assert (found.loss_day, found.observed_days, found.end_reason) == (None, 4, EndReason.MEDICATION)


def test_a_medicine_changed_on_the_day_of_the_session_was_not_changed_after_it() -> None:
    ticked = replace(S1, censor_medication_change=True)

    found = benefit(numbered(8, 8, 8), session=ticked, medication_changes=[on(-3), on(0)])

    assert found.end_reason is EndReason.END_OF_DATA


def test_the_first_of_several_things_ends_the_days() -> None:
    moods = {1: 8, 2: 8, 3: 8, 4: 8, 5: 8, 15: 8}
    ticked = replace(S1, censor_medication_change=True)
    paused = Interruption(on(4), None, EndReason.PAUSED)

    found = benefit(moods, session=ticked, interruptions=[paused], medication_changes=[on(5)])

    assert (found.observed_days, found.end_reason) == (3, EndReason.PAUSED)


def test_days_and_sessions_after_the_last_date_that_counts_do_not_exist() -> None:
    found = benefit(numbered(8, 8, 8, 8, 2, 2), then=session_on(7), until=on(5))

    assert (found.observed_days, found.loss_day, found.end_reason) == (5, None, EndReason.END_OF_DATA)
    assert len(benefits_of([], [S1, session_on(7)], BASELINE, until=on(5))) == 1


def test_the_first_session_of_the_next_course_ends_the_days_of_this_one() -> None:
    days = days_at(S1_DAY, numbered(8, 8, 8, 8, 8, 2, 2))

    [found] = benefits_of(days, [S1], BASELINE, until=LONG_AFTER, followed_by=session_on(6))

    assert (found.observed_days, found.end_reason) == (5, EndReason.NEXT_SESSION)


# Rule 5: brought forward for worsening --------------------------------------------------------------------------------

EARLY = session_on(6, early_for_worsening=True)


def test_a_session_brought_forward_for_worsening_is_the_loss() -> None:
    found = benefit(numbered(8, 8, 8, 8, 5), then=EARLY)

    assert (found.loss_day, found.observed_days, found.censored) == (5, 5, False)
    assert found.end_reason is EndReason.EARLY_FOR_WORSENING


def test_a_loss_that_was_seen_stands_where_it_was_seen() -> None:
    found = benefit(numbered(8, 8, 8, 2, 2), then=EARLY)

    assert (found.loss_day, found.end_reason) == (4, EndReason.LOSS)


def test_without_a_response_there_is_nothing_to_lose() -> None:
    found = benefit(numbered(2, 2, 2, 2, 2), then=EARLY)

    assert (found.response, found.loss_day, found.end_reason) == (False, None, EndReason.NEXT_SESSION)


@pytest.mark.parametrize(
    ("moods", "next_session", "what", "why"),
    [
        (numbered(8, 8, 8), 10, {}, EndReason.GAP),
        (numbered(8, 8, 8, 8), 8, {"interruptions": [Interruption(on(7), on(7), EndReason.PAUSED)]}, EndReason.PAUSED),
        (numbered(8, 8, 8, 8, 8), 6, {"interruptions": [Interruption(on(4), None, EndReason.ENDED)]}, EndReason.ENDED),
    ],
)  # fmt: skip
def test_what_censored_before_stays_censored(
    moods: dict[int, float], next_session: int, what: dict[str, object], why: EndReason
) -> None:
    found = benefit(moods, then=session_on(next_session, early_for_worsening=True), **what)  # type: ignore[arg-type]

    assert (found.censored, found.loss_day, found.end_reason) == (True, None, why)


# Missing days (6.13) --------------------------------------------------------------------------------------------------


def test_without_missing_days_there_is_no_range() -> None:
    assert benefit(numbered(8, 8, 8, 2, 8, 2, 8, 2, 8, 2, 2)).bounds is None


def test_missing_days_that_could_be_low_bring_the_loss_forward() -> None:
    """Day 4 is low and day 5 missing: as bad as day 4 it would be a loss on day 4, as good as day 3 it would not."""
    found = benefit({1: 8, 2: 8, 3: 8, 4: 2, 6: 8, 7: 8, 8: 8, 9: 8, 10: 2, 11: 2})

    assert found.loss_day == 10
    assert found.bounds == Bounds(low=4, high=10)


def test_a_change_of_three_days_is_no_range() -> None:
    found = benefit({1: 8, 2: 8, 3: 8, 4: 2, 6: 8, 7: 2, 8: 2})

    assert (found.loss_day, found.bounds) == (7, None)


def test_a_range_without_an_end_says_that_no_loss_was_found() -> None:
    found = benefit({1: 8, 2: 8, 3: 8, 4: 2, 6: 2, 7: 8, 8: 8, 9: 8, 10: 8})

    assert found.loss_day == 4
    assert found.bounds == Bounds(low=4, high=None)


def test_a_missing_day_is_taken_from_the_three_days_around_it_and_none_beyond_the_end() -> None:
    """Days 4 to 8 are missing. As bad as near them, 6 and 7 are a loss; as good, 10 and 11 outweigh 9 — if they count.

    With the course paused from day 10 on they do not: then 7 and 8 are as low as 9 either way, and a loss on day 6 or 7
    is less than four days from the censoring on day 9.
    """
    moods = {1: 8, 2: 8, 3: 8, 9: 2, 10: 8, 11: 8}
    paused = Interruption(on(10), None, EndReason.PAUSED)

    assert benefit(moods).bounds == Bounds(low=6, high=None)
    found = benefit(moods, interruptions=[paused])
    assert (found.observed_days, found.bounds) == (9, None)


def test_a_session_brought_forward_is_the_loss_however_missing_days_are_filled() -> None:
    found = benefit({1: 8, 2: 8, 3: 8, 5: 2, 7: 8, 8: 8, 9: 8}, then=session_on(10, early_for_worsening=True))

    assert (found.loss_day, found.bounds) == (9, Bounds(low=4, high=9))


def test_the_response_stays_however_missing_days_are_filled() -> None:
    """A missing day 2 between two good ones could have been bad; the response stays where it was found."""
    found = benefit({1: 8, 3: 8, 4: 8, 5: 8})

    assert (found.response_day, found.bounds) == (1, None)


# What stands beside it ------------------------------------------------------------------------------------------------


def test_the_change_is_three_days_before_against_three_days_after() -> None:
    found = benefit({-3: 2, -2: 3, -1: 4, 0: 9, 1: 6, 2: 7, 3: 8, 4: 1})

    assert found.change_before_after == BeforeAfter(change=4, n_before=3, n_after=3)


def test_two_logged_days_are_needed_on_each_side_of_a_change() -> None:
    assert benefit({-3: 2, -1: 4, 1: 6, 3: 8}).change_before_after == BeforeAfter(4, 2, 2)
    assert benefit({-3: 2, 1: 6, 2: 6, 3: 8}).change_before_after == Withheld(Reason.TOO_FEW, n=1, needs=2)


def test_days_of_the_session_before_and_after_are_no_part_of_a_change() -> None:
    moods = {-3: 2, -2: 2, -1: 2, 0: 5, 1: 8, 2: 8, 3: 1, 4: 8, 5: 8}
    days = days_at(S1_DAY, moods)
    first, second = benefits_of(days, [S1, session_on(3)], BASELINE, until=LONG_AFTER)

    assert first.change_before_after == BeforeAfter(change=6, n_before=3, n_after=2)
    assert second.change_before_after == BeforeAfter(change=0, n_before=2, n_after=2)


def test_before_and_peak_are_what_the_table_shows() -> None:
    found = benefit({-4: 9, -3: 2, -1: 3, 0: 7, 1: 8, 3: 8, 8: 10})

    assert (found.before, found.peak, found.peak_day) == (2.5, 8, 1)


def test_a_session_without_a_day_around_it_has_neither() -> None:
    found = benefit({20: 5})

    assert (found.before, found.peak, found.peak_day) == (None, None, None)


def test_the_rows_are_the_logged_days_from_three_before_to_the_next_session() -> None:
    days = days_at(S1_DAY, {-4: 1, -3: 1, 0: 5, 1: 6, 8: 7, 9: 7})

    first, second = benefits_of(days, [session_on(8), S1], BASELINE, until=LONG_AFTER)

    assert [row.local_date for row in first.rows] == [on(-3), on(0), on(1)]
    assert [row.local_date for row in second.rows] == [on(8), on(9)]


# Whatever is written down ---------------------------------------------------------------------------------------------

MOODS = st.lists(st.none() | st.sampled_from([0, 2, 3, 4, 5, 6, 8, 10]), min_size=1, max_size=40).map(
    lambda moods: numbered(*moods)
)


@given(MOODS, st.sets(st.integers(1, 40), max_size=4), st.randoms())
def test_neither_the_order_of_days_nor_of_sessions_matters(
    moods: dict[int, float], further: set[int], chance: Random
) -> None:
    days, sessions = days_at(S1_DAY, moods), [S1, *(session_on(number) for number in further)]
    expected = benefits_of(days, sessions, BASELINE, until=LONG_AFTER)
    chance.shuffle(days)
    chance.shuffle(sessions)

    assert benefits_of(days, sessions, BASELINE, until=LONG_AFTER) == expected


@given(MOODS, st.integers(1, 40))
def test_a_later_session_never_lengthens_what_the_one_before_held(
    moods: dict[int, float], later: int
) -> None:
    alone, followed = benefit(moods), benefit(moods, then=session_on(later))

    if followed.observed_days is not None:
        assert alone.observed_days is not None
        assert followed.observed_days <= alone.observed_days
    if followed.loss_day is not None:
        assert followed.loss_day == alone.loss_day


@given(MOODS)
def test_what_is_said_of_a_session_hangs_together(moods: dict[int, float]) -> None:
    found = benefit(moods)

    if found.response is not True:
        assert (found.observed_days, found.loss_day, found.bounds, found.censored) == (
            None,
            None,
            None,
            False,
        )
        return
    assert found.response_day is not None
    assert found.observed_days is not None
    assert found.observed_days in moods
    assert found.response_day < found.observed_days
    assert found.censored is (found.loss_day is None)
    if found.loss_day is not None:
        # what is lost had begun to fade, on that day or before it
        assert found.began_to_fade_day is not None
        assert found.began_to_fade_day <= found.loss_day
    if found.bounds is not None and found.bounds.low is not None and found.bounds.high is not None:
        assert found.bounds.low <= found.bounds.high


@given(MOODS, st.integers(1, 40))
def test_a_low_day_more_never_makes_benefit_last_longer(moods: dict[int, float], number: int) -> None:
    """Of two journals of the same days, the one that is lower on a day is not the one that held longer."""
    lower = moods | ({number: 0} if number in moods and number > 7 else {})
    found, less = benefit(moods), benefit(lower)

    assert less.response is found.response
    if less.observed_days is not None and found.observed_days is not None:
        assert less.observed_days <= found.observed_days
