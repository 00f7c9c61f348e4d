from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.domain.days import known_zone
from journal.domain.reminder_prompts import (
    QuestionnaireDay,
    SessionDay,
    aftercare_ends,
    eve_note_on,
    questionnaire_message_on,
    questionnaire_messages,
    quiet_until,
    session_messages,
    session_prompt_on,
    snoozed,
)
from journal.domain.reminders import EVERY_DAY, Due, QuietHours, ReminderRule, SlotTime

FIRST, SECOND = "checkin:1", "checkin:2"
BERLIN = "Europe/Berlin"
TUESDAY = date(2026, 6, 2)
ONE_DAY = timedelta(days=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(wall: str, weekdays: frozenset[int] = EVERY_DAY, slot: str = FIRST) -> SlotTime:
    return SlotTime(slot, time.fromisoformat(wall), weekdays)


def quiet(begin: str, end: str) -> QuietHours:
    return QuietHours(time.fromisoformat(begin), time.fromisoformat(end))


def rule(*times: SlotTime, zone: str = BERLIN, quiet: QuietHours | None = None) -> ReminderRule:
    return ReminderRule(times, zone, quiet=quiet)


def session(on: date = TUESDAY, *, name: str = "a", ended: str | None = None) -> SessionDay:
    return SessionDay(name, on, utc(ended) if ended is not None else None)


EVENINGS = rule(at("20:00"))
MONDAYS = rule(at("20:00", frozenset({1})))


# Aftercare


def test_where_the_end_is_unknown_aftercare_ends_at_six_on_the_wall():
    assert aftercare_ends(session(), BERLIN) == utc("2026-06-02T16:00:00")
    assert aftercare_ends(session(date(2026, 12, 1)), BERLIN) == utc("2026-12-01T17:00:00")
    assert aftercare_ends(session(), "America/New_York") == utc("2026-06-02T22:00:00")


def test_aftercare_ends_two_hours_after_a_known_end():
    assert aftercare_ends(session(ended="2026-06-02T12:10:00"), BERLIN) == utc("2026-06-02T14:10:00")
    assert aftercare_ends(session(ended="2026-06-02T18:00:00"), BERLIN) == utc("2026-06-02T20:00:00")


def test_of_two_records_of_one_date_the_later_end_counts():
    both = (session(ended="2026-06-02T12:00:00"), session(name="b"))
    assert quiet_until(both, TUESDAY, BERLIN) == utc("2026-06-02T16:00:00")
    assert quiet_until(both[::-1], TUESDAY, BERLIN) == utc("2026-06-02T16:00:00")


def test_a_date_without_a_session_is_not_kept_quiet():
    assert quiet_until((session(),), TUESDAY + ONE_DAY, BERLIN) is None
    assert quiet_until((session(),), TUESDAY - ONE_DAY, BERLIN) is None


# The evening of the day itself


def test_the_evening_prompt_comes_with_the_first_chosen_time_after_aftercare():
    twice = rule(at("08:00"), at("20:00", slot=SECOND))
    prompt = session_prompt_on(twice, (session(),), TUESDAY)
    assert prompt == Due("session:a:evening", TUESDAY, utc("2026-06-02T18:00:00"))


def test_a_chosen_time_at_the_very_end_of_aftercare_is_after_it():
    asked = rule(at("18:00"), at("20:00", slot=SECOND))
    prompt = session_prompt_on(asked, (session(),), TUESDAY)
    assert prompt == Due("session:a:evening", TUESDAY, utc("2026-06-02T16:00:00"))


def test_where_no_chosen_time_is_left_the_evening_prompt_comes_when_aftercare_ends():
    mornings = rule(at("08:00"))
    prompt = session_prompt_on(mornings, (session(),), TUESDAY)
    assert prompt == Due("session:a:evening", TUESDAY, utc("2026-06-02T16:00:00"))
    late = (session(ended="2026-06-02T17:30:00"),)
    assert session_prompt_on(EVENINGS, late, TUESDAY) == Due(
        "session:a:evening", TUESDAY, utc("2026-06-02T19:30:00")
    )


def test_the_evening_prompt_comes_on_a_silent_weekday_too():
    prompt = session_prompt_on(MONDAYS, (session(),), TUESDAY)
    assert prompt == Due("session:a:evening", TUESDAY, utc("2026-06-02T16:00:00"))


def test_an_evening_that_ends_in_quiet_hours_has_no_prompt():
    asked = rule(at("20:00"), quiet=quiet("22:00", "08:00"))
    assert session_prompt_on(asked, (session(ended="2026-06-02T17:59:00"),), TUESDAY) is not None
    assert session_prompt_on(asked, (session(ended="2026-06-02T18:00:00"),), TUESDAY) is None


def test_an_evening_prompt_of_a_late_session_may_come_after_midnight():
    late = (session(ended="2026-06-02T21:00:00"),)
    assert session_prompt_on(EVENINGS, late, TUESDAY) == Due(
        "session:a:evening", TUESDAY, utc("2026-06-02T23:00:00")
    )


# One, three and seven days on


@pytest.mark.parametrize(("name", "days"), [("d1", 1), ("d3", 3), ("d7", 7)])
def test_one_three_and_seven_days_on_there_is_a_prompt_at_the_days_first_time(name, days):
    twice = rule(at("20:00"), at("08:00", slot=SECOND))
    on = TUESDAY + days * ONE_DAY
    prompt = session_prompt_on(twice, (session(),), on)
    assert prompt == Due(f"session:a:{name}", on, datetime(2026, 6, 2 + days, 6, tzinfo=UTC))


@pytest.mark.parametrize("days", [-1, 2, 4, 5, 6, 8])
def test_the_days_between_have_none(days):
    assert session_prompt_on(EVENINGS, (session(),), TUESDAY + days * ONE_DAY) is None


def test_on_a_silent_weekday_it_comes_at_the_earliest_time_of_the_rule():
    asked = rule(at("20:00", frozenset({1})), at("09:30", frozenset({7}), SECOND))
    prompt = session_prompt_on(asked, (session(),), date(2026, 6, 3))
    assert prompt == Due("session:a:d1", date(2026, 6, 3), utc("2026-06-03T07:30:00"))


def test_a_weekday_of_its_own_time_has_its_prompt_then():
    asked = rule(at("08:00", EVERY_DAY - {3}), at("11:00", frozenset({3})))
    prompt = session_prompt_on(asked, (session(),), date(2026, 6, 3))
    assert prompt == Due("session:a:d1", date(2026, 6, 3), utc("2026-06-03T09:00:00"))


def test_the_evening_of_a_session_goes_before_the_days_after_another():
    both = (session(), session(TUESDAY + ONE_DAY, name="b"))
    prompt = session_prompt_on(EVENINGS, both, TUESDAY + ONE_DAY)
    assert prompt.slot == "session:b:evening"


def test_of_several_sessions_the_nearest_asks():
    close = (session(), session(TUESDAY + 2 * ONE_DAY, name="b"))
    asked = {
        n: prompt.slot
        for n in range(10)
        if (prompt := session_prompt_on(EVENINGS, close, TUESDAY + n * ONE_DAY)) is not None
    }
    assert asked == {
        0: "session:a:evening",
        1: "session:a:d1",
        2: "session:b:evening",
        3: "session:b:d1",
        5: "session:b:d3",
        7: "session:a:d7",
        9: "session:b:d7",
    }


@pytest.mark.parametrize("days", [0, 1, 3, 7])
def test_two_records_of_one_date_ask_once_and_in_whatever_order_they_stand(days):
    both = (session(name="a"), session(name="b"))
    on = TUESDAY + days * ONE_DAY
    prompt = session_prompt_on(EVENINGS, both, on)
    assert prompt.slot.startswith("session:a:")
    assert session_prompt_on(EVENINGS, both[::-1], on) == prompt


def test_two_records_of_one_date_announce_themselves_once():
    both = (session(name="a"), session(name="b"))
    assert eve_note_on(EVENINGS, both[::-1], TUESDAY - ONE_DAY) == eve_note_on(
        EVENINGS, both, TUESDAY - ONE_DAY
    )
    assert len(session_messages(EVENINGS, both, after=utc("2026-05-20T00:00:00"))) == 5


def test_the_day_after_the_leap_day_has_its_prompt():
    leap = (session(date(2028, 2, 28)),)
    assert session_prompt_on(EVENINGS, leap, date(2028, 2, 29)).slot == "session:a:d1"
    assert session_prompt_on(EVENINGS, leap, date(2028, 3, 2)).slot == "session:a:d3"


def test_a_prompt_inside_a_gap_comes_when_it_ends():
    nights = rule(at("02:30"))
    prompt = session_prompt_on(nights, (session(date(2026, 3, 28)),), date(2026, 3, 29))
    assert prompt == Due("session:a:d1", date(2026, 3, 29), utc("2026-03-29T01:00:00"))


def test_a_prompt_inside_an_overlap_comes_the_first_time():
    nights = rule(at("02:30"))
    prompt = session_prompt_on(nights, (session(date(2026, 10, 24)),), date(2026, 10, 25))
    assert prompt == Due("session:a:d1", date(2026, 10, 25), utc("2026-10-25T00:30:00"))


def test_a_date_that_nobody_lived_through_has_no_prompt():
    asked = rule(at("20:00"), zone="Pacific/Apia")
    assert session_prompt_on(asked, (session(date(2011, 12, 29)),), date(2011, 12, 30)) is None
    assert eve_note_on(asked, (session(date(2011, 12, 31)),), date(2011, 12, 30)) is None


def test_a_prompt_follows_the_zone_that_the_rule_has_now():
    asked = rule(at("20:00"), zone="America/New_York")
    prompt = session_prompt_on(asked, (session(),), TUESDAY + ONE_DAY)
    assert prompt == Due("session:a:d1", date(2026, 6, 3), utc("2026-06-04T00:00:00"))


@pytest.mark.parametrize(
    "silent",
    [
        ReminderRule((at("20:00"),), BERLIN, softer=False),
        ReminderRule((at("20:00"),), BERLIN, stopped=True),
        ReminderRule((), BERLIN, stopped=True),
    ],
)
def test_who_wants_no_gentle_messages_or_none_at_all_gets_none_from_sessions(silent):
    sessions = (session(),)
    assert [session_prompt_on(silent, sessions, TUESDAY + n * ONE_DAY) for n in (0, 1, 3, 7)] == [None] * 4
    assert eve_note_on(silent, sessions, TUESDAY - ONE_DAY) is None
    assert session_messages(silent, sessions, after=utc("2026-05-20T00:00:00")) == []


# The evening before


def test_the_note_of_the_evening_before_comes_at_half_past_six():
    note = eve_note_on(EVENINGS, (session(),), date(2026, 6, 1))
    assert note == Due("session:a:eve", date(2026, 6, 1), utc("2026-06-01T16:30:00"))


def test_there_is_one_evening_before():
    assert eve_note_on(EVENINGS, (session(),), TUESDAY) is None
    assert eve_note_on(EVENINGS, (session(),), date(2026, 5, 31)) is None


def test_the_note_comes_a_quarter_before_quiet_hours_that_hold_at_half_past_six():
    asked = rule(at("08:00"), quiet=quiet("18:00", "07:00"))
    assert eve_note_on(asked, (session(),), date(2026, 6, 1)) == Due(
        "session:a:eve", date(2026, 6, 1), utc("2026-06-01T15:45:00")
    )


def test_the_note_does_not_come_earlier_than_two_hours_before_its_time():
    assert eve_note_on(
        rule(at("08:00"), quiet=quiet("16:45", "07:00")), (session(),), date(2026, 6, 1)
    ) == Due("session:a:eve", date(2026, 6, 1), utc("2026-06-01T14:30:00"))
    assert (
        eve_note_on(rule(at("08:00"), quiet=quiet("16:44", "07:00")), (session(),), date(2026, 6, 1)) is None
    )


@pytest.mark.parametrize(
    ("eve", "due_at"), [("2026-03-29", "2026-03-29T15:45:00"), ("2026-10-25", "2026-10-25T16:45:00")]
)
def test_the_note_is_moved_before_quiet_hours_on_the_day_of_a_clock_change_too(eve, due_at):
    asked = rule(at("08:00"), quiet=quiet("18:00", "19:00"))
    on = date.fromisoformat(eve)
    assert eve_note_on(asked, (session(on + ONE_DAY),), on) == Due("session:a:eve", on, utc(due_at))


def test_between_two_sessions_a_day_apart_the_note_waits_until_aftercare_ends():
    pair = (session(ended="2026-06-02T15:00:00"), session(TUESDAY + ONE_DAY, name="b"))
    note = eve_note_on(EVENINGS, pair, TUESDAY)
    assert note == Due("session:b:eve", TUESDAY, utc("2026-06-02T17:00:00"))


# All that sessions bring


def test_a_session_brings_five_messages_in_order():
    found = session_messages(EVENINGS, (session(),), after=utc("2026-05-20T00:00:00"))
    assert found == [
        Due("session:a:eve", date(2026, 6, 1), utc("2026-06-01T16:30:00")),
        Due("session:a:evening", date(2026, 6, 2), utc("2026-06-02T18:00:00")),
        Due("session:a:d1", date(2026, 6, 3), utc("2026-06-03T18:00:00")),
        Due("session:a:d3", date(2026, 6, 5), utc("2026-06-05T18:00:00")),
        Due("session:a:d7", date(2026, 6, 9), utc("2026-06-09T18:00:00")),
    ]


def test_only_what_is_due_strictly_later_is_found():
    found = session_messages(EVENINGS, (session(),), after=utc("2026-06-05T18:00:00"))
    assert [due.slot for due in found] == ["session:a:d7"]


def test_a_pause_keeps_them_away_until_its_date():
    paused = replace(EVENINGS, paused_until=date(2026, 6, 5))
    found = session_messages(paused, (session(),), after=utc("2026-05-20T00:00:00"))
    assert [due.slot for due in found] == ["session:a:d3", "session:a:d7"]


def test_a_cancelled_session_brings_nothing():
    assert session_messages(EVENINGS, (), after=utc("2026-05-20T00:00:00")) == []


# Questionnaires


def test_a_questionnaire_comes_when_it_opens_and_once_more_two_days_on():
    assert questionnaire_messages(EVENINGS, "q", opens_on=TUESDAY) == [
        Due("assessment:q:open", date(2026, 6, 2), utc("2026-06-02T18:00:00")),
        Due("assessment:q:reminder", date(2026, 6, 4), utc("2026-06-04T18:00:00")),
    ]


def test_a_questionnaire_comes_at_the_first_time_of_its_weekday_or_the_earliest_of_the_rule():
    asked = rule(
        at("20:00", frozenset({2})), at("21:00", frozenset({2}), SECOND), at("09:00", frozenset({7}))
    )
    assert [due.due_at for due in questionnaire_messages(asked, "q", opens_on=TUESDAY)] == [
        utc("2026-06-02T18:00:00"),
        utc("2026-06-04T07:00:00"),
    ]


def test_a_pause_keeps_a_questionnaires_messages_away_until_its_date():
    paused = replace(EVENINGS, paused_until=date(2026, 6, 4))
    assert [due.slot for due in questionnaire_messages(paused, "q", opens_on=TUESDAY)] == [
        "assessment:q:reminder"
    ]


def test_a_stopped_rule_says_nothing_of_a_questionnaire():
    assert questionnaire_messages(replace(EVENINGS, stopped=True), "q", opens_on=TUESDAY) == []
    assert questionnaire_messages(ReminderRule((), BERLIN, stopped=True), "q", opens_on=TUESDAY) == []


def test_a_questionnaire_that_opens_on_a_date_nobody_lived_through_has_its_reminder():
    asked = rule(at("20:00"), zone="Pacific/Apia")
    assert questionnaire_messages(asked, "q", opens_on=date(2011, 12, 30)) == [
        Due("assessment:q:reminder", date(2012, 1, 1), utc("2012-01-01T06:00:00"))
    ]


# Once more, later


def test_of_several_questionnaires_one_is_asked_for_on_a_date():
    waiting = (QuestionnaireDay("b", TUESDAY), QuestionnaireDay("a", TUESDAY - timedelta(days=2)))
    asked = questionnaire_message_on(EVENINGS, waiting, TUESDAY)
    assert asked == Due("assessment:a:reminder", TUESDAY, utc("2026-06-02T18:00:00"))
    assert questionnaire_message_on(EVENINGS, waiting, TUESDAY + timedelta(days=1)) is None


def due(slot: str = FIRST) -> Due:
    return Due(slot, TUESDAY, utc("2026-06-02T18:00:00"))


def test_a_snoozed_reminder_comes_once_more_at_the_time_that_was_asked_for():
    until = utc("2026-06-02T19:00:00")
    assert snoozed(EVENINGS, due(), until=until) == Due("checkin:1:snooze", TUESDAY, until)


@pytest.mark.parametrize(
    ("slot", "again"),
    [
        ("checkin:2", "checkin:2:snooze"),
        ("checkin:2:nudge", "checkin:2:snooze"),
        ("checkin:2:snooze", "checkin:2:snooze"),
        ("session:a:d1", "checkin:1:snooze"),
    ],
)
def test_each_chosen_time_has_one_snooze_a_date(slot, again):
    assert snoozed(EVENINGS, due(slot), until=utc("2026-06-02T19:00:00")).slot == again


def test_a_snooze_ends_with_the_night_of_its_date():
    assert snoozed(EVENINGS, due(), until=utc("2026-06-03T01:59:00")) is not None
    assert snoozed(EVENINGS, due(), until=utc("2026-06-03T02:00:00")) is None


def test_a_snooze_into_quiet_hours_does_not_come():
    asked = rule(at("20:00"), quiet=quiet("22:00", "08:00"))
    assert snoozed(asked, due(), until=utc("2026-06-02T19:59:00")) is not None
    assert snoozed(asked, due(), until=utc("2026-06-02T20:00:00")) is None


# Over every zone and ten years

ZONES = sorted(filter(known_zone, available_timezones()))
WALLS = st.builds(time, st.integers(0, 23), st.integers(0, 59))


@settings(max_examples=200, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    on=st.dates(date(2020, 1, 1), date(2029, 12, 1)),
    wall=WALLS,
    weekdays=st.frozensets(st.integers(1, 7), min_size=1),
    apart=st.lists(st.integers(0, 14), max_size=4),
)
def test_a_date_is_asked_about_by_one_session_at_most_and_only_0_1_3_or_7_days_on(
    zone, on, wall, weekdays, apart
):
    asked = ReminderRule((SlotTime(FIRST, wall, weekdays),), zone)
    sessions = tuple(SessionDay(str(n), on + days * ONE_DAY) for n, days in enumerate(apart))
    found = session_messages(asked, sessions, after=datetime.combine(on, time(0), tzinfo=UTC) - 9 * ONE_DAY)
    prompts = [one for one in found if not one.slot.endswith(":eve")]
    expected = {one.local_date + days * ONE_DAY for one in sessions for days in (0, 1, 3, 7)}
    assert [one.local_date for one in prompts] == sorted(expected)
    assert {one.local_date for one in found if one.slot.endswith(":eve")} == {
        one.local_date - ONE_DAY for one in sessions
    }
    assert len({(one.slot, one.local_date) for one in found}) == len(found)
