"""What follows an answer that must not be overlooked: the panel's stages, the flag's clock, who is a second person."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from journal.domain.assessments import DECLINED, Raised
from journal.domain.errors import Refused
from journal.domain.instrument_files import instrument
from journal.domain.safety_flags import (
    Concern,
    Look,
    RightNow,
    SafetyFlag,
    Stage,
    answered,
    checked_note,
    concern_of,
    in_order,
    is_reached,
    opened,
    opens_help,
    said_about_now,
    weekday_time,
)

PHQ9, PHQ8, ASQ = instrument("phq9"), instrument("phq8"), instrument("asq")
BERLIN = "Europe/Berlin"
FRIDAY = datetime(2026, 3, 27, 14, 0, tzinfo=UTC)  # 15:00 in Berlin
MONDAY = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)  # 20:00 in Berlin
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def flag(at: datetime = MONDAY, *, acute: bool = False, public_id: str = "f", **looks: Look) -> SafetyFlag:
    return SafetyFlag(public_id, 1, Concern("phq9", (Raised("9", 1),), acute), at, **looks)


# The panel ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "opens"), [(0, False), (1, True), (2, True), (3, True), (DECLINED, False), (None, False)]
)
def test_the_ninth_item_opens_the_panel_from_several_days_on(value: int | None, opens: bool) -> None:
    answers = {} if value is None else {"9": value}
    assert opens_help(PHQ9, answers) is opens


def test_a_half_finished_phq9_opens_it_as_well() -> None:
    assert opens_help(PHQ9, {"9": 1})
    assert opens_help(PHQ9, {"1": 0, "9": 1})


def test_the_first_eight_never_open_it() -> None:
    assert not opens_help(PHQ9, {str(number): 3 for number in range(1, 9)})
    assert not opens_help(PHQ8, {str(number): 3 for number in range(1, 9)})


@pytest.mark.parametrize("key", ["1", "2", "3", "4"])
def test_a_yes_to_any_of_the_first_four_of_the_asq_opens_it(key: str) -> None:
    assert opens_help(ASQ, {key: 1})
    assert not opens_help(ASQ, {key: 0})


def test_the_panel_asks_about_right_now_unless_it_was_answered() -> None:
    assert opened(None) is Stage.ASKS
    assert opened(RightNow.YES) is Stage.EMERGENCY
    assert opened(RightNow.NO) is Stage.PLAN
    assert opened(RightNow.DECLINED) is Stage.PLAN


def test_a_yes_leads_to_the_emergency_panel_and_everything_else_to_the_plan() -> None:
    assert answered(Stage.ASKS, RightNow.YES) is Stage.EMERGENCY
    assert answered(Stage.ASKS, RightNow.NO) is Stage.PLAN
    assert answered(Stage.ASKS, RightNow.DECLINED) is Stage.PLAN


def test_an_answer_from_a_page_left_open_takes_no_emergency_back() -> None:
    assert answered(Stage.EMERGENCY, RightNow.NO) is Stage.EMERGENCY
    assert answered(Stage.EMERGENCY, RightNow.DECLINED) is Stage.EMERGENCY
    assert answered(Stage.PLAN, RightNow.YES) is Stage.EMERGENCY
    assert answered(Stage.CLOSED, RightNow.YES) is Stage.EMERGENCY
    assert answered(Stage.CLOSED, RightNow.NO) is Stage.CLOSED


def test_the_fifth_question_of_the_asq_is_not_asked_a_second_time() -> None:
    assert said_about_now(ASQ, {"1": 1, "5": 1}) is RightNow.YES
    assert said_about_now(ASQ, {"1": 1, "5": 0}) is RightNow.NO


def test_the_asq_that_stopped_before_its_fifth_question_has_not_asked_it() -> None:
    assert said_about_now(ASQ, {"1": 1}) is None


def test_the_phq9_never_asks_about_right_now_itself() -> None:
    assert said_about_now(PHQ9, {"9": 3}) is None
    assert said_about_now(PHQ9, {"9": 3}, on_the_panel=RightNow.DECLINED) is RightNow.DECLINED


def test_a_yes_stands_wherever_it_was_said() -> None:
    assert said_about_now(ASQ, {"1": 1, "5": 0}, on_the_panel=RightNow.YES) is RightNow.YES
    assert said_about_now(ASQ, {"1": 1, "5": 1}, on_the_panel=RightNow.NO) is RightNow.YES


# What a flag says ---------------------------------------------------------------------------------------------------


def test_several_days_and_nearly_every_day_differ_in_the_value_alone() -> None:
    low = concern_of(PHQ9, {"9": 1}, right_now=None)
    high = concern_of(PHQ9, {"9": 3}, right_now=None)
    assert low == Concern("phq9", (Raised("9", 1),), is_acute=False)
    assert high == Concern("phq9", (Raised("9", 3),), is_acute=False)


def test_a_zero_raises_nothing() -> None:
    assert concern_of(PHQ9, {"9": 0}, right_now=None) is None


def test_a_yes_to_right_now_makes_it_acute_and_nothing_else_does() -> None:
    acute = {
        one: concern_of(PHQ9, {"9": 1}, right_now=one).is_acute  # type: ignore[union-attr]
        for one in (None, *RightNow)
    }
    assert acute == {None: False, RightNow.YES: True, RightNow.NO: False, RightNow.DECLINED: False}


def test_a_patient_can_raise_what_a_flag_says_and_not_lower_it() -> None:
    before = Concern("phq9", (Raised("9", 2),), is_acute=True)
    lower, higher = (Concern("phq9", (Raised("9", value),), is_acute=False) for value in (1, 3))
    assert lower.joined_to(before) == before
    assert higher.joined_to(before) == Concern("phq9", (Raised("9", 3),), is_acute=True)


def test_only_what_is_higher_or_newly_acute_says_more() -> None:
    before = Concern("asq", (Raised("1", 1),), is_acute=False)
    assert not before.is_more_than(before)
    assert Concern("asq", (Raised("1", 1),), is_acute=True).is_more_than(before)
    assert Concern("asq", (Raised("2", 1),), is_acute=False).is_more_than(before)
    assert not Concern("asq", (Raised("1", 1),), is_acute=False).is_more_than(
        Concern("asq", (Raised("1", 1), Raised("2", 1)), is_acute=True)
    )


# The clock ----------------------------------------------------------------------------------------------------------


def test_a_weekend_is_no_time_at_all() -> None:
    assert weekday_time(FRIDAY, FRIDAY + 2 * DAY, zone=BERLIN) == 9 * HOUR  # until midnight on Friday
    saturday = FRIDAY + DAY
    assert weekday_time(saturday, saturday + 12 * HOUR, zone=BERLIN) == timedelta()


def test_monday_goes_on_where_friday_stopped() -> None:
    monday_at_three = datetime(2026, 3, 30, 13, 0, tzinfo=UTC)  # the clocks went forward on Sunday
    assert weekday_time(FRIDAY, monday_at_three, zone=BERLIN) == 24 * HOUR


def test_the_weekday_is_the_clinics() -> None:
    late = datetime(2026, 3, 27, 23, 30, tzinfo=UTC)  # Saturday in Berlin, Friday in New York
    assert weekday_time(late, late + 2 * HOUR, zone=BERLIN) == timedelta()
    assert weekday_time(late, late + 2 * HOUR, zone="America/New_York") == 2 * HOUR


def test_nothing_is_waited_backwards() -> None:
    assert weekday_time(MONDAY, MONDAY - DAY, zone=BERLIN) == timedelta()


@pytest.mark.parametrize(("later", "needs"), [(DAY, False), (DAY + timedelta(seconds=1), True)])
def test_after_one_weekday_without_a_look_a_second_person_is_needed(later: timedelta, needs: bool) -> None:
    assert flag().needs_second_person(now=MONDAY + later, zone=BERLIN) is needs


def test_a_flag_of_friday_afternoon_is_not_late_before_monday_afternoon() -> None:
    noon, four = (datetime(2026, 3, 30, hour, 0, tzinfo=UTC) for hour in (10, 14))
    assert not flag(FRIDAY).waited_too_long(now=noon, zone=BERLIN)
    assert flag(FRIDAY).waited_too_long(now=four, zone=BERLIN)


def test_the_clock_stops_with_the_first_look() -> None:
    looked = flag(acknowledged=Look(2, MONDAY + HOUR, "Called"))
    assert looked.waited(now=MONDAY + 5 * DAY, zone=BERLIN) == HOUR
    assert not looked.needs_second_person(now=MONDAY + 5 * DAY, zone=BERLIN)
    assert not looked.is_open


def test_a_first_look_that_came_too_late_still_needs_a_second_person() -> None:
    late = flag(acknowledged=Look(2, MONDAY + 2 * DAY, "Called"))
    assert late.needs_second_person(now=MONDAY + 2 * DAY, zone=BERLIN)
    both = flag(acknowledged=Look(2, MONDAY + 2 * DAY, "Called"), second=Look(3, MONDAY + 3 * DAY, "Seen"))
    assert not both.needs_second_person(now=MONDAY + 3 * DAY, zone=BERLIN)


def test_acute_ones_come_first_and_then_the_oldest() -> None:
    old, new, acute, older_acute = (
        flag(MONDAY, public_id="old"),
        flag(MONDAY + DAY, public_id="new"),
        flag(MONDAY + 2 * DAY, acute=True, public_id="acute"),
        flag(MONDAY + DAY, acute=True, public_id="older acute"),
    )
    assert [one.public_id for one in in_order([new, acute, old, older_acute])] == [
        "older acute", "acute", "old", "new",
    ]  # fmt: skip


# The note -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "code"),
    [(" \r\n ", "note_missing"), ("x" * 2001, "text_too_long"), ("\x00 called", "text_unreadable")],
)
def test_a_look_without_words_is_refused(text: str, code: str) -> None:
    with pytest.raises(Refused) as fault:
        checked_note(text)
    assert (fault.value.code, fault.value.field) == (code, "note")


def test_a_note_is_kept_as_it_was_meant() -> None:
    assert checked_note(" Called her.\r\nShe is with her sister. ") == "Called her.\nShe is with her sister."


@pytest.mark.parametrize(
    ("made", "first", "is_seen"),
    [
        (datetime(2026, 3, 30, 12, tzinfo=UTC), None, True),
        (datetime(2026, 3, 30, 12, tzinfo=UTC), date(2026, 3, 30), True),
        (datetime(2026, 3, 30, 12, tzinfo=UTC), date(2026, 3, 31), False),
        (datetime(2026, 3, 30, 19, tzinfo=UTC), date(2026, 3, 31), True),  # after it was granted
    ],
)
def test_a_flag_is_reached_from_its_first_day_and_from_the_granting_on(
    made: datetime, first: date | None, is_seen: bool
) -> None:
    granted = datetime(2026, 3, 30, 18, tzinfo=UTC)
    assert is_reached(made, zone="UTC", visible_from=first, granted_at=granted) is is_seen
