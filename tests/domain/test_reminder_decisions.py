from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.domain.days import known_zone
from journal.domain.errors import Refused
from journal.domain.reminder_decisions import (
    Facts,
    Send,
    Skip,
    SkipReason,
    Why,
    answers,
    delivery_decision,
    is_overtaken,
    is_quiet,
    next_due,
    rests_on,
    sending_ends,
    silenced,
    still_wanted,
    why,
)
from journal.domain.reminder_prompts import (
    QuestionnaireDay,
    SessionDay,
    session_messages,
    session_prompt_on,
    snoozed,
)
from journal.domain.reminders import (
    EVERY_DAY,
    Due,
    QuietHours,
    ReminderRule,
    SlotTime,
    chosen_on,
    follow_up_on,
    next_due_for_slot,
)

FIRST, SECOND = "checkin:1", "checkin:2"
BERLIN = "Europe/Berlin"
MONDAY, TUESDAY = date(2026, 6, 1), date(2026, 6, 2)
ONE_DAY = timedelta(days=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(wall: str, weekdays: frozenset[int] = EVERY_DAY, slot: str = FIRST) -> SlotTime:
    return SlotTime(slot, time.fromisoformat(wall), weekdays)


def quiet(begin: str = "22:00", end: str = "08:00") -> QuietHours:
    return QuietHours(time.fromisoformat(begin), time.fromisoformat(end))


def rule(*times: SlotTime, zone: str = BERLIN, stopped: bool = False) -> ReminderRule:
    return ReminderRule(times, zone, stopped=stopped)


def on(local_date: date, due_at: str, slot: str = FIRST) -> Due:
    return Due(slot, local_date, utc(due_at))


EVENING = Due(FIRST, MONDAY, utc("2026-06-01T18:00:00"))
EVENINGS = rule(at("20:00"))
FRESH = Facts(begun_on=MONDAY)


# What a message comes for


@pytest.mark.parametrize(
    ("slot", "reason"),
    [
        ("checkin:1", "chosen_time"),
        ("checkin:2:nudge", "follow_up"),
        ("checkin:1:snooze", "snoozed"),
        ("session:abc:eve", "eve_of_session"),
        ("session:abc:evening", "evening_of_session"),
        ("session:abc:d1", "days_after_session"),
        ("session:abc:d3", "days_after_session"),
        ("session:abc:d7", "days_after_session"),
        ("assessment:abc:open", "questionnaire"),
        ("assessment:abc:reminder", "questionnaire"),
        ("appointment:abc:24h", "news"),
        ("digest", "news"),
        ("trial:abc", "trial"),
    ],
)
def test_each_slot_says_what_its_message_comes_for(slot, reason):
    assert why(slot) == reason


def test_reasons_read_as_the_ledger_writes_them():
    assert [str(reason) for reason in SkipReason] == [
        "stopped",
        "late",
        "overtaken",
        "other_day",
        "checked_in",
        "quiet_hours",
        "paused",
        "session_day",
        "replaced",
        "resting",
        "nothing_new",
        "not_waiting",
        "with_questionnaire",
    ]


# Whether it may be sent: time, day, and what the person did


def decide(
    now: str,
    *,
    due: Due = EVENING,
    zone: str = BERLIN,
    answered: str | None = None,
    stopped: bool = False,
) -> Send | Skip:
    facts = replace(FRESH, answered_at=utc(answered) if answered is not None else None)
    return delivery_decision(due, utc(now), rule=rule(at("20:00"), zone=zone, stopped=stopped), facts=facts)


def test_a_reminder_on_time_is_sent():
    assert decide("2026-06-01T18:00:00") == Send()


def test_a_reminder_is_sent_until_its_window_ends():
    assert decide("2026-06-01T19:59:59") == Send()
    assert decide("2026-06-01T20:00:00") == Skip(SkipReason.LATE)


def test_a_window_can_be_shorter():
    now, window = utc("2026-06-01T18:30:00"), timedelta(minutes=30)
    decision = delivery_decision(EVENING, now, rule=EVENINGS, facts=FRESH, window=window)
    assert decision == Skip(SkipReason.LATE)


def test_a_reminder_of_three_days_ago_is_late():
    assert decide("2026-06-04T18:00:00") == Skip(SkipReason.LATE)


def test_a_check_in_of_the_day_silences_its_reminder():
    assert decide("2026-06-01T18:00:00", answered="2026-06-01T05:00:00") == Skip(SkipReason.CHECKED_IN)


def test_a_stopped_reminder_is_not_sent():
    assert decide("2026-06-01T18:00:00", stopped=True) == Skip(SkipReason.STOPPED)


def test_a_closed_account_gets_nothing():
    decision = delivery_decision(
        EVENING, utc("2026-06-01T18:00:00"), rule=EVENINGS, facts=FRESH, is_open=False
    )
    assert decision == Skip(SkipReason.STOPPED)


def test_stopping_is_named_before_every_other_reason():
    decision = decide("2026-06-04T18:00:00", stopped=True, answered="2026-06-01T05:00:00")
    assert decision == Skip(SkipReason.STOPPED)


def test_our_lateness_is_named_before_the_persons_check_in():
    assert decide("2026-06-01T20:00:00", answered="2026-06-01T05:00:00") == Skip(SkipReason.LATE)


def test_a_reminder_for_a_minute_before_midnight_may_leave_after_it():
    last_minute = on(MONDAY, "2026-06-01T21:59:00")
    assert decide("2026-06-01T22:00:20", due=last_minute) == Send()


def test_a_reminder_skipped_over_midnight_by_the_clock_is_sent():
    due = on(date(2024, 3, 30), "2024-03-31T01:00:00")
    assert decide("2024-03-31T01:00:10", due=due, zone="America/Nuuk") == Send()


def test_a_reminder_for_a_day_that_has_not_begun_where_the_person_is_now_is_not_sent():
    in_auckland = on(TUESDAY, "2026-06-01T20:00:00")
    decision = decide("2026-06-01T20:00:30", due=in_auckland, zone="America/New_York")
    assert decision == Skip(SkipReason.OTHER_DAY)


def test_a_reminder_for_a_day_that_is_over_where_the_person_is_now_is_not_sent():
    in_honolulu = on(MONDAY, "2026-06-02T06:00:00")
    decision = decide("2026-06-02T06:00:30", due=in_honolulu, zone="Pacific/Auckland")
    assert decision == Skip(SkipReason.OTHER_DAY)


def test_a_day_is_over_at_four_in_the_morning_after_it():
    late_evening = on(MONDAY, "2026-06-02T01:00:00")
    assert decide("2026-06-02T01:59:59", due=late_evening) == Send()
    assert decide("2026-06-02T02:00:00", due=late_evening) == Skip(SkipReason.OTHER_DAY)


def test_an_overtaken_reminder_is_not_sent():
    decision = delivery_decision(
        EVENING, utc("2026-06-01T18:30:00"), rule=EVENINGS, facts=FRESH, overtaken=True
    )
    assert decision == Skip(SkipReason.OVERTAKEN)


# Quiet hours

QUIET = replace(EVENINGS, times=(at("21:30"),), quiet=quiet())
HALF_PAST_NINE = on(MONDAY, "2026-06-01T19:30:00")


def test_a_window_ends_where_quiet_hours_begin():
    assert sending_ends(QUIET, HALF_PAST_NINE) == utc("2026-06-01T20:00:00")
    assert sending_ends(replace(QUIET, quiet=None), HALF_PAST_NINE) == utc("2026-06-01T21:30:00")
    assert sending_ends(replace(QUIET, quiet=quiet("23:45", "08:00")), HALF_PAST_NINE) == utc(
        "2026-06-01T21:30:00"
    )


def test_what_still_waits_when_quiet_hours_begin_is_late():
    before = delivery_decision(HALF_PAST_NINE, utc("2026-06-01T19:59:59"), rule=QUIET, facts=FRESH)
    begun = delivery_decision(HALF_PAST_NINE, utc("2026-06-01T20:00:00"), rule=QUIET, facts=FRESH)
    assert before == Send()
    assert begun == Skip(SkipReason.LATE)


def test_a_window_that_quiet_hours_closed_stays_closed_when_they_end():
    nap = replace(EVENINGS, times=(at("12:30"),), quiet=quiet("13:00", "13:30"))
    due = on(MONDAY, "2026-06-01T10:30:00")
    assert delivery_decision(due, utc("2026-06-01T11:45:00"), rule=nap, facts=FRESH) == Skip(SkipReason.LATE)


def test_quiet_hours_that_were_set_after_a_message_was_planned_keep_it_away():
    asked = replace(EVENINGS, times=(at("12:00"),), quiet=quiet("19:30", "08:00"))
    assert delivery_decision(EVENING, EVENING.due_at, rule=asked, facts=FRESH) == Skip(SkipReason.QUIET_HOURS)


def test_a_time_that_a_gap_pushes_into_quiet_hours_does_not_come():
    asked = replace(EVENINGS, times=(at("02:30"),), quiet=quiet("03:00", "08:00"))
    spring = date(2026, 3, 29)
    (due,) = chosen_on(asked, spring)
    assert due.due_at == utc("2026-03-29T01:00:00")
    facts = Facts(begun_on=spring)
    assert delivery_decision(due, due.due_at, rule=asked, facts=facts) == Skip(SkipReason.QUIET_HOURS)
    assert next_due(asked, facts, after=utc("2026-03-29T00:00:00")) == Due(
        FIRST, date(2026, 3, 30), utc("2026-03-30T00:30:00")
    )


def test_without_quiet_hours_it_is_never_quiet():
    assert not is_quiet(EVENINGS, utc("2026-06-01T23:00:00"))
    assert is_quiet(QUIET, utc("2026-06-01T23:00:00"))


# A pause


def test_nothing_comes_before_the_date_of_a_pause():
    paused = replace(EVENINGS, paused_until=TUESDAY)
    assert delivery_decision(EVENING, EVENING.due_at, rule=paused, facts=FRESH) == Skip(SkipReason.PAUSED)
    tuesday = on(TUESDAY, "2026-06-02T18:00:00")
    assert delivery_decision(tuesday, tuesday.due_at, rule=paused, facts=FRESH) == Send()


@pytest.mark.parametrize(
    "slot",
    ["checkin:1:nudge", "checkin:1:snooze", "session:a:d1", "session:b:eve", "assessment:q:open", "digest"],
)
def test_a_pause_keeps_away_every_kind_of_message(slot):
    paused = replace(EVENINGS, paused_until=TUESDAY, times=(at("20:00"), at("08:00", slot="digest")))
    paused = replace(paused, follow_up=True)
    sessions = (SessionDay("a", MONDAY - ONE_DAY), SessionDay("b", TUESDAY))
    due = on(MONDAY, "2026-06-01T18:00:00", slot)
    decision = delivery_decision(due, due.due_at, rule=paused, facts=replace(FRESH, sessions=sessions))
    assert decision == Skip(SkipReason.PAUSED)


# Which check-ins answer a message

TWICE = rule(at("08:00"), at("20:00", slot=SECOND))
BOTH = replace(TWICE, both_times=True, follow_up=True)
AT_EIGHT = on(MONDAY, "2026-06-01T06:00:00")
AT_TWENTY = on(MONDAY, "2026-06-01T18:00:00", SECOND)


def answered(at_: str) -> Facts:
    return replace(FRESH, answered_at=utc(at_))


def test_one_check_in_answers_the_whole_day():
    facts = answered("2026-06-01T05:00:00")
    assert answers(TWICE, AT_EIGHT, facts)
    assert answers(TWICE, AT_TWENTY, facts)


def test_who_wants_both_times_is_asked_again_after_a_check_in_before_the_slot_before():
    facts = answered("2026-06-01T05:59:59")
    assert answers(BOTH, AT_EIGHT, facts)
    assert not answers(BOTH, AT_TWENTY, facts)


def test_an_answer_to_the_first_time_leaves_the_second_to_come_where_both_are_wanted():
    assert answers(BOTH, AT_EIGHT, answered("2026-06-01T06:05:00"))
    assert not answers(BOTH, AT_TWENTY, answered("2026-06-01T07:59:59"))
    assert answers(BOTH, AT_TWENTY, answered("2026-06-01T08:00:00"))


def test_of_two_times_close_together_both_come_where_both_are_wanted():
    close = replace(BOTH, times=(at("19:00"), at("20:00", slot=SECOND)))
    assert not answers(close, AT_TWENTY, answered("2026-06-01T17:59:59"))
    assert answers(close, AT_TWENTY, answered("2026-06-01T18:00:00"))


def test_a_follow_up_is_answered_as_its_time_is():
    last = follow_up_on(BOTH, MONDAY)
    assert not answers(BOTH, last, answered("2026-06-01T05:59:59"))
    assert answers(BOTH, last, answered("2026-06-01T18:30:00"))


def test_without_a_check_in_nothing_is_answered():
    assert not answers(TWICE, AT_EIGHT, FRESH)


@pytest.mark.parametrize(
    ("slot", "is_answered"),
    [
        ("session:a:d3", True),
        ("checkin:1:nudge", True),
        ("checkin:1:snooze", True),
        ("session:a:eve", False),
        ("assessment:q:open", False),
        ("appointment:x:24h", False),
        ("digest", False),
        ("trial:x", False),
    ],
)
def test_a_check_in_answers_what_asks_for_one(slot, is_answered):
    due = on(MONDAY, "2026-06-01T18:00:00", slot)
    assert answers(EVENINGS, due, answered("2026-06-01T05:00:00")) is is_answered


def test_the_evening_of_a_session_is_answered_by_a_check_in_since_aftercare_only():
    sessions = (SessionDay("a", MONDAY, utc("2026-06-01T12:00:00")),)
    evening = on(MONDAY, "2026-06-01T18:00:00", "session:a:evening")
    before = replace(answered("2026-06-01T13:59:59"), sessions=sessions)
    since = replace(answered("2026-06-01T14:00:00"), sessions=sessions)
    assert delivery_decision(evening, evening.due_at, rule=EVENINGS, facts=before) == Send()
    assert delivery_decision(evening, evening.due_at, rule=EVENINGS, facts=since) == Skip(
        SkipReason.CHECKED_IN
    )


# Every other day after three silent dates


def rested(asked: ReminderRule, facts: Facts, first: date, count: int) -> list[int]:
    """How many days after ``first`` the rule asks but rests, of ``count`` days."""
    days = [n for n in range(count) if chosen_on(asked, first + n * ONE_DAY)]
    return [n for n in days if rests_on(asked, first + n * ONE_DAY, facts)]


def test_after_a_check_in_three_dates_are_asked_and_then_every_second_one():
    checked_in = date(2026, 6, 10)
    facts = Facts(begun_on=date(2026, 1, 1), last_check_in=checked_in)
    assert rested(EVENINGS, facts, checked_in, 12) == [4, 6, 8, 10]


def test_a_new_rule_asks_from_its_own_date_on_three_times_and_then_every_second_date():
    assert rested(EVENINGS, FRESH, MONDAY, 11) == [3, 5, 7, 9]


def test_silence_before_the_rule_was_set_counts_for_nothing():
    facts = Facts(begun_on=MONDAY, last_check_in=date(2026, 3, 1))
    assert rested(EVENINGS, facts, MONDAY, 8) == [3, 5, 7]


def test_a_new_check_in_ends_it():
    facts = Facts(begun_on=date(2026, 1, 1), last_check_in=date(2026, 6, 14))
    assert rested(EVENINGS, facts, date(2026, 6, 10), 9) == [8]


def test_a_check_in_on_the_day_that_the_rule_was_set_gives_three_more_dates():
    assert rested(EVENINGS, replace(FRESH, last_check_in=MONDAY), MONDAY, 8) == [4, 6]


def test_whoever_wants_mondays_alone_is_asked_on_three_mondays_and_then_on_every_second():
    mondays = rule(at("20:00", frozenset({1})))
    facts = Facts(begun_on=date(2026, 1, 1), last_check_in=date(2026, 5, 31))
    assert rested(mondays, facts, MONDAY, 57) == [21, 35, 49]


def test_only_asked_dates_are_counted_when_weekdays_are_left_out():
    weekdays = rule(at("20:00", frozenset({1, 3, 5})))
    assert rested(weekdays, FRESH, MONDAY, 22) == [7, 11, 16, 21]


def test_weekdays_of_both_times_are_counted_together():
    asked = rule(at("08:00", frozenset({1, 2, 3, 4})), at("20:00", frozenset({5, 6, 7}), SECOND))
    assert rested(asked, FRESH, MONDAY, 9) == [3, 5, 7]


def test_dates_in_a_pause_were_not_asked_about_and_are_not_counted():
    paused = replace(EVENINGS, paused_until=date(2026, 6, 19))
    assert rested(paused, FRESH, date(2026, 6, 19), 8) == [3, 5, 7]


def test_a_pause_that_was_over_before_the_last_check_in_changes_nothing():
    paused = replace(EVENINGS, paused_until=date(2026, 6, 5))
    facts = replace(FRESH, last_check_in=date(2026, 6, 10))
    assert rested(paused, facts, date(2026, 6, 10), 9) == [4, 6, 8]


def test_a_resting_date_is_skipped_with_its_follow_up():
    asked = replace(EVENINGS, follow_up=True)
    thursday = date(2026, 6, 4)
    (due,) = chosen_on(asked, thursday)
    nudge = follow_up_on(asked, thursday)
    assert delivery_decision(due, due.due_at, rule=asked, facts=FRESH) == Skip(SkipReason.RESTING)
    assert delivery_decision(nudge, nudge.due_at, rule=asked, facts=FRESH) == Skip(SkipReason.RESTING)
    friday = on(date(2026, 6, 5), "2026-06-05T18:00:00")
    assert delivery_decision(friday, friday.due_at, rule=asked, facts=FRESH) == Send()


def test_nobody_rests_from_a_snooze_that_they_asked_for():
    again = on(date(2026, 6, 4), "2026-06-04T18:30:00", "checkin:1:snooze")
    assert delivery_decision(again, again.due_at, rule=EVENINGS, facts=FRESH) == Send()


# Session days

SESSION = SessionDay("a", MONDAY)
THRICE = replace(rule(at("17:59"), at("20:00", slot=SECOND)), follow_up=True)


def reason(due: Due, *sessions: SessionDay, asked: ReminderRule = THRICE) -> SkipReason | None:
    return silenced(asked, due, replace(FRESH, sessions=sessions))


def test_on_a_session_day_nothing_is_asked_before_aftercare_ends():
    assert reason(on(MONDAY, "2026-06-01T15:59:00"), SESSION) is SkipReason.SESSION_DAY
    assert reason(on(MONDAY, "2026-06-01T15:59:00")) is None


def test_it_is_kept_quiet_also_for_who_wants_no_gentle_messages():
    harder = replace(THRICE, softer=False)
    assert reason(on(MONDAY, "2026-06-01T15:59:00"), SESSION, asked=harder) is SkipReason.SESSION_DAY
    assert reason(on(MONDAY, "2026-06-01T18:00:00", SECOND), SESSION, asked=harder) is None


def test_the_evening_prompt_takes_the_place_of_the_first_chosen_time_after_aftercare():
    assert reason(on(MONDAY, "2026-06-01T18:00:00", SECOND), SESSION) is SkipReason.REPLACED
    at_end = replace(rule(at("18:00"), at("20:00", slot=SECOND)))
    assert reason(on(MONDAY, "2026-06-01T16:00:00"), SESSION, asked=at_end) is SkipReason.REPLACED
    assert reason(on(MONDAY, "2026-06-01T18:00:00", SECOND), SESSION, asked=at_end) is None


@pytest.mark.parametrize("days", [1, 3, 7])
def test_a_prompt_of_the_days_after_takes_the_place_of_the_first_chosen_time(days):
    earlier = SessionDay("a", MONDAY - days * ONE_DAY)
    assert reason(on(MONDAY, "2026-06-01T15:59:00"), earlier) is SkipReason.REPLACED
    assert reason(on(MONDAY, "2026-06-01T18:00:00", SECOND), earlier) is None


def test_the_note_of_the_evening_before_takes_nothings_place():
    tomorrow = SessionDay("a", TUESDAY)
    assert reason(on(MONDAY, "2026-06-01T15:59:00"), tomorrow) is None


def test_the_follow_up_of_a_replaced_time_comes_after_what_replaced_it():
    nudge = follow_up_on(THRICE, MONDAY)
    assert reason(nudge, SESSION) is None
    assert reason(nudge, SessionDay("a", MONDAY - ONE_DAY)) is None


def test_a_time_that_a_session_silenced_has_no_follow_up():
    asked = replace(rule(at("17:00")), follow_up=True)
    nudge = follow_up_on(asked, MONDAY)
    assert nudge.due_at == utc("2026-06-01T17:00:00")
    ended = SessionDay("a", MONDAY, utc("2026-06-01T14:50:00"))
    assert session_prompt_on(asked, (ended,), MONDAY).due_at == utc("2026-06-01T16:50:00")
    assert reason(nudge, ended, asked=asked) is SkipReason.SESSION_DAY


def test_an_evening_prompt_planned_before_the_end_was_known_waits_for_aftercare():
    planned = on(MONDAY, "2026-06-01T16:00:00", "session:a:evening")
    ended = SessionDay("a", MONDAY, utc("2026-06-01T15:30:00"))
    assert reason(planned, ended) is SkipReason.SESSION_DAY


@pytest.mark.parametrize("slot", ["checkin:1:snooze", "session:b:eve"])
def test_no_message_of_any_kind_comes_before_aftercare_ends(slot):
    early = on(MONDAY, "2026-06-01T15:00:00", slot)
    sessions = (SESSION, SessionDay("b", TUESDAY))
    facts = replace(FRESH, sessions=sessions)
    assert delivery_decision(early, early.due_at, rule=THRICE, facts=facts) == Skip(SkipReason.SESSION_DAY)
    late = replace(early, due_at=utc("2026-06-01T16:00:00"))
    assert delivery_decision(late, late.due_at, rule=THRICE, facts=facts) == Send()


def test_a_session_prompt_comes_on_a_resting_date_and_the_rest_of_it_rests():
    thursday = date(2026, 6, 4)
    sessions = (SessionDay("a", MONDAY),)
    prompt = session_prompt_on(THRICE, sessions, thursday)
    facts = replace(FRESH, sessions=sessions)
    first, second = chosen_on(THRICE, thursday)
    assert prompt.slot == "session:a:d3"
    assert delivery_decision(prompt, prompt.due_at, rule=THRICE, facts=facts) == Send()
    assert silenced(THRICE, first, facts) is SkipReason.REPLACED
    assert silenced(THRICE, second, facts) is SkipReason.RESTING
    assert silenced(THRICE, follow_up_on(THRICE, thursday), facts) is SkipReason.RESTING


def test_a_session_prompt_comes_on_a_silent_weekday():
    mondays = rule(at("20:00", frozenset({1})))
    sessions = (SessionDay("a", TUESDAY),)
    prompt = session_prompt_on(mondays, sessions, date(2026, 6, 5))
    facts = replace(FRESH, sessions=sessions)
    assert delivery_decision(prompt, prompt.due_at, rule=mondays, facts=facts) == Send()


# News, and trials


def test_a_note_for_a_provider_comes_if_there_is_something_to_read():
    mondays = rule(at("08:00", frozenset({1}), "digest"))
    due = on(MONDAY, "2026-06-01T06:00:00", "digest")
    assert delivery_decision(due, due.due_at, rule=mondays, facts=FRESH) == Send()
    nothing = replace(FRESH, is_news=False)
    assert delivery_decision(due, due.due_at, rule=mondays, facts=nothing) == Skip(SkipReason.NOTHING_NEW)


def test_news_is_no_matter_of_a_reminder():
    assert silenced(EVENINGS, EVENING, replace(FRESH, is_news=False)) is None


def test_a_weekly_note_never_rests():
    mondays = rule(at("08:00", frozenset({1}), "digest"))
    due = next_due_for_slot(mondays, "digest", after=utc("2026-08-23T12:00:00"))
    assert silenced(mondays, due, FRESH) is None


def test_a_trial_comes_in_a_pause_in_quiet_hours_and_from_a_stopped_rule():
    trial = on(MONDAY, "2026-06-01T22:00:00", "trial:x")
    paused = replace(EVENINGS, stopped=True, paused_until=date(2026, 7, 1), quiet=quiet())
    facts = answered("2026-06-01T05:00:00")
    assert delivery_decision(trial, trial.due_at, rule=paused, facts=facts) == Send()


def test_a_trial_that_nobody_sent_for_two_hours_is_late():
    trial = on(MONDAY, "2026-06-01T22:00:00", "trial:x")
    now = utc("2026-06-02T00:00:00")
    assert delivery_decision(trial, now, rule=EVENINGS, facts=FRESH) == Skip(SkipReason.LATE)


# After an outage, and after a change of the rule

TWO_EVENINGS = (at("19:00"), at("20:00", slot=SECOND))


def test_an_earlier_time_that_waited_until_the_later_one_came_is_overtaken():
    asked = rule(*TWO_EVENINGS)
    earlier = on(MONDAY, "2026-06-01T17:00:00")
    assert not is_overtaken(asked, earlier, now=utc("2026-06-01T17:59:59"))
    assert is_overtaken(asked, earlier, now=utc("2026-06-01T18:00:00"))


def test_the_latest_time_that_waited_is_not_overtaken():
    later = on(MONDAY, "2026-06-01T18:00:00", SECOND)
    assert not is_overtaken(rule(*TWO_EVENINGS), later, now=utc("2026-06-01T19:30:00"))


def test_a_reminder_is_overtaken_by_its_follow_up():
    asked = replace(EVENINGS, follow_up=True, quiet=quiet())
    assert not is_overtaken(asked, EVENING, now=utc("2026-06-01T19:44:59"))
    assert is_overtaken(asked, EVENING, now=utc("2026-06-01T19:45:00"))


def test_an_evening_is_overtaken_by_the_night_after_it():
    asked = rule(at("23:30"), at("00:30", slot=SECOND))
    evening = on(MONDAY, "2026-06-01T21:30:00")
    assert is_overtaken(asked, evening, now=utc("2026-06-01T22:30:00"))


def test_of_two_times_on_one_instant_only_the_second_goes():
    asked = rule(at("02:15"), at("02:45", slot=SECOND))
    both = utc("2026-03-29T01:00:00")
    assert is_overtaken(asked, Due(FIRST, date(2026, 3, 29), both), now=both)
    assert not is_overtaken(asked, Due(SECOND, date(2026, 3, 29), both), now=both)


@pytest.mark.parametrize(("slot", "chosen"), [("appointment:x:24h", "digest"), ("assessment:q:open", FIRST)])
def test_a_message_that_no_chosen_time_brings_is_not_overtaken_by_one_on_its_own_instant(slot, chosen):
    asked = rule(at("20:00", slot=chosen))
    due = on(MONDAY, "2026-06-01T18:00:00", slot)
    assert not is_overtaken(asked, due, now=utc("2026-06-01T18:00:00"))
    assert not is_overtaken(asked, due, now=utc("2026-06-02T17:59:59"))
    assert is_overtaken(asked, due, now=utc("2026-06-02T18:00:00"))


def test_a_single_time_is_never_overtaken():
    assert not is_overtaken(rule(at("19:00")), EVENING, now=utc("2026-06-05T18:00:00"))


def test_a_message_whose_time_was_moved_is_still_wanted():
    assert still_wanted(rule(at("21:00")), EVENING)


def test_a_message_whose_time_was_taken_away_is_no_longer_wanted():
    assert not still_wanted(rule(at("20:00", slot=SECOND)), EVENING)


def test_a_message_of_a_weekday_that_was_left_out_is_no_longer_wanted():
    assert not still_wanted(rule(at("20:00", EVERY_DAY - {1})), EVENING)


def test_a_message_of_a_weekday_that_got_its_own_time_is_still_wanted():
    assert still_wanted(rule(at("20:00", EVERY_DAY - {1}), at("10:00", frozenset({1}))), EVENING)


@pytest.mark.parametrize(
    "slot",
    [
        "checkin:1",
        "checkin:1:nudge",
        "checkin:1:snooze",
        "session:a:evening",
        "assessment:q:open",
        "appointment:x:24h",
    ],
)
def test_a_stopped_rule_wants_nothing(slot):
    stopped = replace(EVENINGS, follow_up=True, stopped=True)
    assert not still_wanted(stopped, on(MONDAY, "2026-06-01T18:00:00", slot), (SESSION,))


def test_a_follow_up_that_was_switched_off_is_no_longer_wanted():
    nudge = on(MONDAY, "2026-06-01T20:00:00", "checkin:1:nudge")
    assert still_wanted(replace(EVENINGS, follow_up=True), nudge)
    assert not still_wanted(EVENINGS, nudge)


def test_a_follow_up_whose_time_is_no_longer_the_days_last_is_no_longer_wanted():
    nudge = on(MONDAY, "2026-06-01T20:00:00", "checkin:1:nudge")
    later_added = replace(rule(at("20:00"), at("21:00", slot=SECOND)), follow_up=True)
    assert not still_wanted(later_added, nudge)


@pytest.mark.parametrize(
    ("slot", "local_date"),
    [
        ("session:a:eve", date(2026, 5, 31)),
        ("session:a:evening", date(2026, 6, 1)),
        ("session:a:d1", date(2026, 6, 2)),
        ("session:a:d3", date(2026, 6, 4)),
        ("session:a:d7", date(2026, 6, 8)),
    ],
)
def test_a_cancelled_or_moved_session_is_no_longer_wanted(slot, local_date):
    due = Due(slot, local_date, datetime.combine(local_date, time(18), tzinfo=UTC))
    moved = SessionDay("a", SESSION.local_date + 4 * ONE_DAY)
    assert still_wanted(EVENINGS, due, (SESSION,))
    assert not still_wanted(EVENINGS, due, ())
    assert not still_wanted(EVENINGS, due, (moved,))
    decision = delivery_decision(due, due.due_at, rule=EVENINGS, facts=FRESH)
    assert decision == Skip(SkipReason.STOPPED)


def test_who_no_longer_wants_gentle_messages_gets_none_that_were_planned():
    prompt = on(TUESDAY, "2026-06-02T18:00:00", "session:a:d1")
    assert not still_wanted(replace(EVENINGS, softer=False), prompt, (SESSION,))


def test_a_snoozed_session_prompt_comes_again_on_a_silent_weekday():
    mondays = rule(at("20:00", frozenset({1})))
    facts = replace(FRESH, sessions=(SESSION,))
    prompt = session_prompt_on(mondays, facts.sessions, TUESDAY)
    again = snoozed(mondays, prompt, until=utc("2026-06-02T19:00:00"))
    assert delivery_decision(again, again.due_at, rule=mondays, facts=facts) == Send()


# When the next one is due, and why


def test_of_two_times_the_earlier_one_comes_next():
    asked = rule(at("20:00"), at("08:00", slot=SECOND))
    due = next_due(asked, FRESH, after=utc("2026-06-01T18:00:00"))
    assert due == on(TUESDAY, "2026-06-02T06:00:00", SECOND)


def test_a_stopped_rule_has_no_next_one():
    assert next_due(replace(EVENINGS, stopped=True), FRESH, after=utc("2026-06-01T12:00:00")) is None


def test_the_next_one_passes_over_a_resting_date():
    due = next_due(EVENINGS, FRESH, after=utc("2026-06-03T18:00:00"))
    assert due == on(date(2026, 6, 5), "2026-06-05T18:00:00")


def test_the_next_one_comes_on_the_first_date_after_a_pause():
    paused = replace(EVENINGS, paused_until=date(2026, 6, 19))
    due = next_due(paused, FRESH, after=utc("2026-06-01T12:00:00"))
    assert due == on(date(2026, 6, 19), "2026-06-19T18:00:00")


def test_the_next_one_on_a_session_day_is_its_evening_prompt():
    facts = replace(FRESH, sessions=(SESSION,))
    due = next_due(rule(at("08:00"), at("20:00", slot=SECOND)), facts, after=utc("2026-06-01T00:00:00"))
    assert due == on(MONDAY, "2026-06-01T18:00:00", "session:a:evening")
    assert why(due.slot) is Why.EVENING_OF_SESSION


def test_the_next_one_may_be_the_note_of_the_evening_before():
    facts = replace(FRESH, sessions=(SessionDay("a", TUESDAY),))
    due = next_due(EVENINGS, facts, after=utc("2026-06-01T00:00:00"))
    assert due == on(MONDAY, "2026-06-01T16:30:00", "session:a:eve")


def test_the_next_one_is_never_a_follow_up():
    due = next_due(replace(EVENINGS, follow_up=True), FRESH, after=utc("2026-06-01T18:00:00"))
    assert due == on(TUESDAY, "2026-06-02T18:00:00")


def test_after_todays_check_in_the_next_one_comes_tomorrow():
    facts = Facts(begun_on=MONDAY, last_check_in=MONDAY, answered_at=utc("2026-06-01T09:00:00"))
    due = next_due(EVENINGS, facts, after=utc("2026-06-01T09:00:00"))
    assert due == on(TUESDAY, "2026-06-02T18:00:00")


def test_after_todays_check_in_todays_session_prompt_is_not_announced():
    sessions = (SessionDay("a", MONDAY - ONE_DAY),)
    facts = Facts(
        begun_on=MONDAY, last_check_in=MONDAY, sessions=sessions, answered_at=utc("2026-06-01T09:00:00")
    )
    due = next_due(EVENINGS, facts, after=utc("2026-06-01T09:00:00"))
    assert due == on(TUESDAY, "2026-06-02T18:00:00")


def test_after_an_early_check_in_who_wants_both_times_is_asked_once_more_today():
    facts = Facts(begun_on=MONDAY, last_check_in=MONDAY, answered_at=utc("2026-06-01T05:00:00"))
    assert next_due(BOTH, facts, after=utc("2026-06-01T05:00:00")) == AT_TWENTY


def test_the_next_one_knows_what_the_ledger_holds():
    this_morning = on(MONDAY, "2026-06-01T06:00:00")
    due = next_due(EVENINGS, FRESH, after=utc("2026-06-01T08:00:00"), last={FIRST: this_morning})
    assert due == on(TUESDAY, "2026-06-02T18:00:00")


def test_a_weekly_note_without_news_is_not_announced():
    mondays = rule(at("08:00", frozenset({1}), "digest"))
    assert next_due(mondays, replace(FRESH, is_news=False), after=utc("2026-06-01T12:00:00")) is None


def test_travel_moves_the_next_one_to_the_new_wall():
    moved = rule(at("20:00"), zone="America/New_York")
    due = next_due(moved, FRESH, after=utc("2026-06-01T18:05:00"), last={FIRST: EVENING})
    assert due == on(TUESDAY, "2026-06-03T00:00:00")


# Over every zone and ten years: the whole calendar of a rule, worked out by hand

ZONES = sorted(filter(known_zone, available_timezones()))
AWKWARD = (time(0, 0), time(0, 30), time(1, 30), time(2, 0), time(2, 30), time(3, 0), time(23, 30))


def first_shown(local_date: date, wall: time, place: ZoneInfo) -> datetime:
    """The first instant at which clocks show ``wall`` on ``local_date``, or later than that: minute by minute."""
    wanted = datetime.combine(local_date, wall)
    instant = wanted.replace(tzinfo=place).astimezone(UTC)
    if instant.astimezone(place).replace(tzinfo=None) == wanted:
        return instant
    instant -= timedelta(hours=4)
    while instant.astimezone(place).replace(tzinfo=None) < wanted:
        instant += timedelta(minutes=1)
    return instant


def is_held(quiet: QuietHours | None, instant: datetime, place: ZoneInfo) -> bool:
    """Minutes since quiet hours began, on a clock face that goes round."""
    if quiet is None:
        return False
    shown = instant.astimezone(place)
    begin, end = (wall.hour * 60 + wall.minute for wall in (quiet.begin, quiet.end))
    return (shown.hour * 60 + shown.minute - begin) % 1440 < (end - begin) % 1440


def eve_by_hand(
    asked: ReminderRule, free_from: datetime | None, day: date, place: ZoneInfo
) -> datetime | None:
    due_at = first_shown(day, time(18, 30), place)
    earliest = due_at - timedelta(hours=2)
    if free_from is not None:
        due_at, earliest = max(due_at, free_from), max(earliest, free_from)
    if not is_held(asked.quiet, due_at, place):
        return due_at
    while is_held(asked.quiet, due_at, place) and due_at > earliest:
        due_at -= timedelta(minutes=1)
    due_at -= timedelta(minutes=14)
    return due_at if due_at >= earliest else None


def calendar_by_hand(asked: ReminderRule, facts: Facts, first: date, days: int) -> set[Due]:
    """Every message of ``days`` dates from ``first`` on that will come if nobody checks in again."""
    place = ZoneInfo(asked.zone)
    silent_from = max(
        facts.begun_on,
        facts.last_check_in + ONE_DAY if facts.last_check_in else facts.begun_on,
        asked.paused_until or facts.begun_on,
    )
    silent_dates = 0
    found: set[Due] = set()
    for number in range((min(first, silent_from) - first).days, days):
        day = first + number * ONE_DAY
        chosen = sorted(
            (first_shown(day, one.wall, place), one.slot)
            for one in asked.times
            if day.isoweekday() in one.weekdays
        )
        silent_dates += bool(chosen) and day >= silent_from
        resting = silent_dates > 3 and silent_dates % 2 == 0
        if day < first or day < (asked.paused_until or day):
            continue
        todays = [one for one in facts.sessions if one.local_date == day]
        free_from = max(
            (
                one.ended_at + timedelta(hours=2) if one.ended_at else first_shown(day, time(18), place)
                for one in todays
            ),
            default=None,
        )
        chosen = [(due_at, slot) for due_at, slot in chosen if free_from is None or due_at >= free_from]
        asking: tuple[datetime, str] | None = None
        if asked.softer and free_from is not None:
            evening = max(free_from, first_shown(day, time(18), place))
            asking = (chosen[0][0] if chosen else evening, f"session:{todays[0].id}:evening")
            if is_held(asked.quiet, asking[0], place):
                asking = None
        elif asked.softer:
            for name, back in (("d7", 7), ("d3", 3), ("d1", 1)):
                for one in facts.sessions:
                    if one.local_date == day - back * ONE_DAY:
                        least = first_shown(day, min(one.wall for one in asked.times), place)
                        asking = (chosen[0][0] if chosen else least, f"session:{one.id}:{name}")
        if asking is not None:
            chosen = chosen[1:]
        coming = ([] if resting else chosen) + ([asking] if asking is not None else [])
        if day == facts.last_check_in and facts.answered_at is not None:
            coming = [
                (due_at, slot)
                for due_at, slot in coming
                if slot.endswith(":evening") and free_from is not None and facts.answered_at < free_from
            ]
        for one in facts.sessions:
            if asked.softer and one.local_date == day + ONE_DAY:
                due_at = eve_by_hand(asked, free_from, day, place)
                if due_at is not None:
                    coming.append((due_at, f"session:{one.id}:eve"))
        found |= {
            Due(slot, day, due_at) for due_at, slot in coming if not is_held(asked.quiet, due_at, place)
        }
    return found


def any_case(zone: str, chance: Random) -> tuple[ReminderRule, Facts, date]:
    """A rule, what happened around a date, and that date."""
    place = ZoneInfo(zone)
    today = date(2020, 1, 20) + chance.randrange(3600) * ONE_DAY

    def any_wall() -> time:
        if chance.random() < 0.2:
            return chance.choice(AWKWARD)
        return time(chance.randrange(24), chance.randrange(60))

    def any_session(name: str, days: int) -> SessionDay:
        day = today + days * ONE_DAY
        ended = datetime.combine(day, time(chance.randrange(8, 23), 10), tzinfo=place).astimezone(UTC)
        return SessionDay(name, day, ended if chance.random() < 0.5 else None)

    sessions = tuple(
        any_session(name, days)
        for name, days in zip("abcd", sorted(chance.sample(range(-7, 20), chance.randrange(5))), strict=False)
    )
    last_check_in = chance.choice((None, today - chance.randrange(12) * ONE_DAY))
    answered_at = None
    if last_check_in is not None:
        answered_at = datetime.combine(last_check_in, any_wall(), tzinfo=place).astimezone(UTC)
    facts = Facts(
        begun_on=today - chance.randrange(20) * ONE_DAY,
        last_check_in=last_check_in,
        sessions=sessions,
        answered_at=answered_at,
    )
    while True:
        times = []
        for slot in (FIRST, SECOND)[: chance.choice((1, 2))]:
            weekdays = EVERY_DAY if chance.random() < 0.5 else frozenset(chance.sample(range(1, 8), 3))
            others = frozenset(chance.sample(sorted(weekdays), 1)) if chance.random() < 0.3 else frozenset()
            times.append(SlotTime(slot, any_wall(), weekdays - others))
            if others:
                times.append(SlotTime(slot, any_wall(), others))
        try:
            asked = ReminderRule(
                tuple(times),
                zone,
                quiet=QuietHours(any_wall(), any_wall()) if chance.random() < 0.5 else None,
                paused_until=chance.choice((None, None, today + chance.randrange(-10, 20) * ONE_DAY)),
                follow_up=chance.random() < 0.5,
                softer=chance.random() < 0.8,
            )
        except Refused:
            continue
        return asked, facts, today


def assert_calendar(asked: ReminderRule, facts: Facts, today: date) -> None:
    """Walked with ``next_due``, the four weeks from ``today`` on are those worked out by hand."""
    until = datetime.combine(today + 28 * ONE_DAY, time(12), tzinfo=UTC)
    begin = datetime.combine(today, time(12), tzinfo=UTC)
    by_hand = calendar_by_hand(asked, facts, today - 3 * ONE_DAY, 50)
    moment, walked = begin, set()
    while (due := next_due(asked, facts, after=moment)) is not None and due.due_at < until:
        at_once = {one for one in by_hand if one.due_at == due.due_at}
        assert due in at_once
        assert due.due_at > moment
        walked |= at_once
        moment = due.due_at
    assert walked == {one for one in by_hand if begin < one.due_at < until}


def assert_decisions(asked: ReminderRule, facts: Facts, today: date, chance: Random) -> None:
    """What may leave at its time is what was worked out by hand; whatever leaves later leaves at a good hour."""
    place = ZoneInfo(asked.zone)
    dates = [today + n * ONE_DAY for n in range(14)]
    by_hand = calendar_by_hand(asked, facts, today, 14)
    planned: list[Due] = [due for day in dates for due in chosen_on(asked, day)]
    planned += [
        due
        for due in session_messages(
            replace(asked, paused_until=None), facts.sessions, after=datetime(2000, 1, 1, tzinfo=UTC)
        )
        if due.local_date in dates
    ]
    again = [Due(f"{due.slot}:snooze", due.local_date, due.due_at) for due in chosen_on(asked, today)]
    nudges = [due for day in dates if (due := follow_up_on(asked, day)) is not None]
    for due in planned + nudges + again:
        known = facts if due.local_date == facts.last_check_in else replace(facts, answered_at=None)
        if due in planned:
            sent = delivery_decision(due, due.due_at, rule=asked, facts=known) == Send()
            assert sent == (due in by_hand)
        now = due.due_at + timedelta(minutes=chance.randrange(150))
        if delivery_decision(due, now, rule=asked, facts=known) == Send():
            assert now - due.due_at < timedelta(hours=2)
            waited = (
                due.due_at + timedelta(minutes=n) for n in range(int((now - due.due_at).seconds / 60) + 1)
            )
            assert not any(is_held(asked.quiet, minute, place) for minute in waited)
            assert asked.paused_until is None or due.local_date >= asked.paused_until
            assert now >= last_aftercare(facts.sessions, due.local_date, place)


def last_aftercare(sessions: Iterable[SessionDay], day: date, place: ZoneInfo) -> datetime:
    ends = [
        one.ended_at + timedelta(hours=2) if one.ended_at else first_shown(day, time(18), place)
        for one in sessions
        if one.local_date == day
    ]
    return max(ends, default=datetime(2000, 1, 1, tzinfo=UTC))


@settings(max_examples=150, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    first=st.dates(date(2020, 1, 1), date(2029, 12, 1)),
    wall=st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)
def test_a_reminder_claimed_within_its_window_is_about_the_right_day(zone, first, wall):
    asked = ReminderRule((SlotTime(FIRST, wall, EVERY_DAY),), zone)
    facts = Facts(begun_on=first)
    due = next_due(asked, facts, after=datetime.combine(first, time(0), tzinfo=UTC))
    for late in (timedelta(0), timedelta(minutes=1), timedelta(minutes=119)):
        assert delivery_decision(due, due.due_at + late, rule=asked, facts=facts) == Send()


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0), zone=st.sampled_from(ZONES))
def test_the_next_one_is_the_earliest_of_a_calendar_worked_out_by_hand(seed, zone):
    assert_calendar(*any_case(zone, Random(seed)))


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0), zone=st.sampled_from(ZONES))
def test_what_may_leave_is_on_that_calendar_and_leaves_at_a_good_hour(seed, zone):
    chance = Random(seed)
    assert_decisions(*any_case(zone, chance), chance)


@pytest.mark.night
@pytest.mark.timeout(3600)
@settings(max_examples=10_000, deadline=None)
@given(seed=st.integers(0), zone=st.sampled_from(ZONES))
def test_ten_thousand_rules_keep_to_their_calendar(seed, zone):
    chance = Random(seed)
    case = any_case(zone, chance)
    assert_calendar(*case)
    assert_decisions(*case, chance)


# Questionnaires

ASKED = QuestionnaireDay("q", MONDAY)


def test_a_questionnaire_takes_the_place_of_the_days_first_and_of_no_other():
    first, second = (chosen_on(THRICE, MONDAY)[index] for index in (0, 1))
    facts = replace(FRESH, questionnaires=(ASKED,))
    message = Due("assessment:q:open", MONDAY, first.due_at)
    assert silenced(THRICE, message, facts) is None
    assert silenced(THRICE, first, facts) is SkipReason.WITH_QUESTIONNAIRE
    assert silenced(THRICE, second, facts) is None


def test_a_questionnaire_reminds_once_two_days_on_in_place_of_that_days_first():
    wednesday = MONDAY + timedelta(days=2)
    first = chosen_on(THRICE, wednesday)[0]
    facts = replace(FRESH, questionnaires=(ASKED,))
    assert silenced(THRICE, Due("assessment:q:reminder", wednesday, first.due_at), facts) is None
    assert silenced(THRICE, first, facts) is SkipReason.WITH_QUESTIONNAIRE
    assert silenced(THRICE, chosen_on(THRICE, TUESDAY)[0], facts) is None


@pytest.mark.parametrize("waiting", [(), (QuestionnaireDay("q", TUESDAY),), (QuestionnaireDay("p", MONDAY),)])
def test_one_that_was_answered_or_moved_is_not_asked_for(waiting):
    message = Due("assessment:q:open", MONDAY, chosen_on(THRICE, MONDAY)[0].due_at)
    facts = replace(FRESH, questionnaires=waiting)
    assert silenced(THRICE, message, facts) is SkipReason.NOT_WAITING


def test_a_session_takes_the_place_of_a_questionnaire_and_of_the_days_first():
    facts = replace(FRESH, questionnaires=(QuestionnaireDay("q", TUESDAY),), sessions=(SESSION,))
    first = chosen_on(THRICE, TUESDAY)[0]
    message = Due("assessment:q:open", TUESDAY, first.due_at)
    assert silenced(THRICE, message, facts) is SkipReason.REPLACED
    assert silenced(THRICE, first, facts) is SkipReason.REPLACED


def test_on_a_session_day_a_questionnaire_stays_as_quiet_as_the_rest():
    facts = replace(FRESH, questionnaires=(ASKED,), sessions=(SESSION,))
    first = chosen_on(THRICE, MONDAY)[0]
    message = Due("assessment:q:open", MONDAY, first.due_at)
    assert silenced(THRICE, message, facts) is SkipReason.SESSION_DAY


def test_the_next_message_may_be_a_questionnaires():
    first = chosen_on(THRICE, MONDAY)[0]
    facts = replace(FRESH, questionnaires=(ASKED,))
    before = first.due_at - timedelta(hours=1)
    assert next_due(THRICE, facts, after=before) == Due("assessment:q:open", MONDAY, first.due_at)
