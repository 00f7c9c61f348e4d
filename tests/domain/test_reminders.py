from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle, pairwise
from random import Random, getrandbits
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.domain.days import known_zone
from journal.domain.errors import Refused
from journal.domain.reminders import (
    EVERY_DAY,
    Due,
    QuietHours,
    ReminderRule,
    SlotTime,
    base_of,
    chosen_on,
    follow_up_on,
    next_due_for_slot,
)

FIRST, SECOND = "checkin:1", "checkin:2"
FIRST_AGAIN, SECOND_AGAIN = "checkin:1:nudge", "checkin:2:nudge"
TEN_YEARS = (date(2020, 1, 1), date(2030, 1, 1))
ONE_DAY = timedelta(days=1)
MONDAY = date(2026, 6, 1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(wall: str, weekdays: frozenset[int] = EVERY_DAY, slot: str = FIRST) -> SlotTime:
    return SlotTime(slot, time.fromisoformat(wall), weekdays)


def quiet(begin: str = "22:00", end: str = "08:00") -> QuietHours:
    return QuietHours(time.fromisoformat(begin), time.fromisoformat(end))


def rule(
    *times: SlotTime,
    zone: str = "Europe/Berlin",
    stopped: bool = False,
    quiet: QuietHours | None = None,
    paused_until: date | None = None,
    follow_up: bool = False,
) -> ReminderRule:
    return ReminderRule(
        times=times,
        zone=zone,
        stopped=stopped,
        quiet=quiet,
        paused_until=paused_until,
        follow_up=follow_up,
    )


def walk(asked: ReminderRule, slot: str, *, after: datetime, until: datetime) -> Iterator[Due]:
    due = next_due_for_slot(asked, slot, after=after)
    while due is not None and due.due_at < until:
        yield due
        due, before = next_due_for_slot(asked, slot, after=due.due_at), due
        assert due is None or due.due_at > before.due_at


# What may be asked for


def refusal(
    *times: SlotTime, zone: str = "Europe/Berlin", stopped: bool = False, quiet: QuietHours | None = None
) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        rule(*times, zone=zone, stopped=stopped, quiet=quiet)
    return refused.value.code, refused.value.field


def test_a_third_time_is_refused():
    times = (at("08:00"), at("20:00", slot=SECOND), at("12:00", slot="checkin:3"))
    assert refusal(*times) == ("reminder_slot_unknown", "times")


def test_two_times_in_one_slot_are_refused():
    assert refusal(at("08:00"), at("20:00")) == ("reminder_slot_twice", "times")


def test_two_times_of_one_slot_that_share_a_weekday_are_refused():
    times = (at("08:00", frozenset({1, 2})), at("10:00", frozenset({2, 3})))
    assert refusal(*times) == ("reminder_slot_twice", "times")


def test_one_slot_may_come_at_other_times_on_other_weekdays():
    asked = rule(at("08:00", frozenset({1, 2, 3, 4, 5})), at("10:00", frozenset({6, 7})))
    assert asked.slots() == (FIRST,)


def test_a_slot_that_nobody_can_choose_is_refused():
    assert refusal(at("08:00", slot="session:abc:d1")) == ("reminder_slot_unknown", "times")


def test_a_providers_weekly_note_is_a_time_like_another():
    mondays = rule(at("08:00", frozenset({1}), slot="digest"))
    due = next_due_for_slot(mondays, "digest", after=utc("2026-06-01T12:00:00"))
    assert due == Due("digest", date(2026, 6, 8), utc("2026-06-08T06:00:00"))


def test_a_rule_without_a_time_is_refused():
    assert refusal() == ("reminder_time_missing", "times")


def test_a_time_without_a_weekday_is_refused():
    assert refusal(at("08:00", frozenset())) == ("reminder_weekday_missing", "weekdays")


def test_a_weekday_outside_one_to_seven_is_refused():
    assert refusal(at("08:00", frozenset({0, 1}))) == ("reminder_weekday_unknown", "weekdays")


def test_a_time_with_seconds_is_refused():
    assert refusal(at("08:00:30")) == ("reminder_time_not_a_minute", "times")


def test_a_time_that_brings_its_own_zone_is_refused():
    assert refusal(at("08:00+01:00")) == ("reminder_time_not_a_minute", "times")


def test_an_unknown_zone_is_refused():
    assert refusal(at("08:00"), zone="Mars/Olympus") == ("zone_unknown", "zone")


def test_the_same_minute_of_the_same_weekday_twice_is_refused():
    times = (at("08:00", frozenset({1, 2})), at("08:00", frozenset({2, 3}), SECOND))
    assert refusal(*times) == ("reminder_times_equal", "times")


def test_the_same_minute_on_other_weekdays_is_fine():
    asked = rule(at("08:00", frozenset({1})), at("08:00", frozenset({2}), SECOND))
    assert len(asked.times) == 2


def test_a_stopped_rule_needs_no_time_and_no_weekday():
    assert rule(stopped=True).times == ()
    assert rule(at("08:00", frozenset()), stopped=True).stopped


@pytest.mark.parametrize("wall", ["22:00", "23:30", "00:00", "07:59"])
def test_a_time_inside_quiet_hours_is_refused(wall):
    assert refusal(at(wall), quiet=quiet()) == ("reminder_time_in_quiet_hours", "times")


@pytest.mark.parametrize("wall", ["08:00", "21:59"])
def test_a_time_at_the_edge_of_quiet_hours_is_fine(wall):
    assert rule(at(wall), quiet=quiet()).quiet == quiet()


def test_the_refusal_names_the_time_at_fault():
    with pytest.raises(Refused) as refused:
        rule(at("20:00"), at("23:00", slot=SECOND), quiet=quiet())
    assert refused.value.details["slot"] == SECOND


def test_the_slots_of_a_rule_are_named_once_and_follow_ups_last():
    weekly = (at("08:00", frozenset({1})), at("10:00", frozenset({6})), at("20:00", slot=SECOND))
    assert rule(*weekly).slots() == (FIRST, SECOND)
    assert rule(*weekly, follow_up=True).slots() == (FIRST, SECOND, FIRST_AGAIN, SECOND_AGAIN)


@pytest.mark.parametrize(
    ("slot", "base"),
    [
        ("checkin:1", "checkin:1"),
        ("checkin:2:nudge", "checkin:2"),
        ("checkin:1:snooze", "checkin:1"),
        ("session:abc:d3", "session:abc:d3"),
        ("digest", "digest"),
    ],
)
def test_every_message_of_a_chosen_time_belongs_to_it(slot, base):
    assert base_of(slot) == base


# Quiet hours


def test_quiet_hours_that_begin_when_they_end_are_refused():
    with pytest.raises(Refused) as refused:
        quiet("22:00", "22:00")
    assert (refused.value.code, refused.value.field) == ("quiet_hours_equal", "quiet_until")


@pytest.mark.parametrize(
    ("wall", "held"),
    [
        ("21:59", False),
        ("22:00", True),
        ("23:59", True),
        ("00:00", True),
        ("07:59", True),
        ("08:00", False),
        ("12:00", False),
    ],
)
def test_quiet_hours_over_midnight_begin_with_their_first_minute_and_end_before_their_last(wall, held):
    assert quiet("22:00", "08:00").hold_at(time.fromisoformat(wall)) is held


@pytest.mark.parametrize(
    ("wall", "held"), [("12:59", False), ("13:00", True), ("14:59", True), ("15:00", False), ("02:00", False)]
)
def test_quiet_hours_by_day_hold_between_their_ends(wall, held):
    assert quiet("13:00", "15:00").hold_at(time.fromisoformat(wall)) is held


def test_quiet_hours_are_read_from_the_persons_own_wall():
    instant = utc("2026-06-01T20:00:00")
    assert quiet().hold(instant, "Europe/Berlin")
    assert not quiet().hold(instant, "Europe/London")
    assert not quiet().hold(instant - timedelta(seconds=1), "Europe/Berlin")


def test_a_night_with_a_clock_change_ends_at_eight_on_the_wall_all_the_same():
    spring, autumn = utc("2026-03-29T06:00:00"), utc("2026-10-25T07:00:00")
    for eight in (spring, autumn):
        assert quiet().hold(eight - timedelta(seconds=1), "Europe/Berlin")
        assert not quiet().hold(eight, "Europe/Berlin")


def test_quiet_hours_that_begin_inside_a_gap_begin_when_it_ends():
    early = quiet("02:30", "05:00")
    assert early.next_begin(utc("2026-03-29T00:00:00"), "Europe/Berlin") == utc("2026-03-29T01:00:00")
    assert not early.hold(utc("2026-03-29T00:59:59"), "Europe/Berlin")
    assert early.hold(utc("2026-03-29T01:00:00"), "Europe/Berlin")


def test_the_next_quiet_hours_begin_strictly_later():
    ten = utc("2026-06-01T20:00:00")
    assert quiet().next_begin(ten - timedelta(seconds=1), "Europe/Berlin") == ten
    assert quiet().next_begin(ten, "Europe/Berlin") == utc("2026-06-02T20:00:00")


def test_quiet_hours_begin_again_after_a_date_that_nobody_lived_through():
    begin = quiet("13:00", "15:00").next_begin(utc("2011-12-29T23:30:00"), "Pacific/Apia")
    assert begin == utc("2011-12-30T23:00:00")


# The follow-up


def test_a_follow_up_comes_two_hours_after_the_time():
    asked = rule(at("18:00"), follow_up=True)
    assert follow_up_on(asked, MONDAY) == Due(FIRST_AGAIN, MONDAY, utc("2026-06-01T18:00:00"))


def test_after_eight_in_the_evening_it_comes_a_quarter_before_quiet_hours():
    asked = rule(at("20:00"), follow_up=True, quiet=quiet())
    assert follow_up_on(asked, MONDAY) == Due(FIRST_AGAIN, MONDAY, utc("2026-06-01T19:45:00"))


def test_a_follow_up_that_ends_just_before_quiet_hours_stays_where_it_is():
    asked = rule(at("19:59"), follow_up=True, quiet=quiet())
    assert follow_up_on(asked, MONDAY) == Due(FIRST_AGAIN, MONDAY, utc("2026-06-01T19:59:00"))


def test_a_follow_up_is_moved_before_quiet_hours_by_day_too():
    asked = rule(at("12:00"), follow_up=True, quiet=quiet("13:00", "15:00"))
    assert follow_up_on(asked, MONDAY) == Due(FIRST_AGAIN, MONDAY, utc("2026-06-01T10:45:00"))


def test_a_follow_up_half_an_hour_after_its_reminder_still_comes():
    asked = rule(at("21:15"), follow_up=True, quiet=quiet())
    assert follow_up_on(asked, MONDAY) == Due(FIRST_AGAIN, MONDAY, utc("2026-06-01T19:45:00"))


def test_a_follow_up_sooner_than_half_an_hour_does_not_come():
    assert follow_up_on(rule(at("21:16"), follow_up=True, quiet=quiet()), MONDAY) is None


def test_only_the_days_last_time_has_a_follow_up():
    asked = rule(at("20:00"), at("08:00", slot=SECOND), follow_up=True)
    assert follow_up_on(asked, MONDAY) == Due(FIRST_AGAIN, MONDAY, utc("2026-06-01T20:00:00"))
    found = list(
        walk(asked, SECOND_AGAIN, after=utc("2026-06-01T00:00:00"), until=utc("2026-06-20T00:00:00"))
    )
    assert found == []


def test_a_follow_up_hangs_on_whichever_time_is_the_last_of_its_weekday():
    asked = rule(at("08:00"), at("20:00", frozenset({1}), SECOND), follow_up=True)
    assert follow_up_on(asked, MONDAY) == Due(SECOND_AGAIN, MONDAY, utc("2026-06-01T20:00:00"))
    assert follow_up_on(asked, date(2026, 6, 2)) == Due(
        FIRST_AGAIN, date(2026, 6, 2), utc("2026-06-02T08:00:00")
    )


def test_nobody_gets_a_follow_up_unasked():
    assert follow_up_on(rule(at("20:00")), MONDAY) is None
    asked = rule(at("20:00"))
    assert next_due_for_slot(asked, FIRST_AGAIN, after=utc("2026-06-01T00:00:00")) is None


def test_a_weekday_without_a_time_has_no_follow_up():
    assert follow_up_on(rule(at("20:00", frozenset({2})), follow_up=True), MONDAY) is None


def test_a_follow_up_after_midnight_is_about_the_evening_before():
    asked = rule(at("23:00"), follow_up=True)
    due = next_due_for_slot(asked, FIRST_AGAIN, after=utc("2026-06-01T22:30:00"))
    assert due == Due(FIRST_AGAIN, MONDAY, utc("2026-06-01T23:00:00"))


def test_a_follow_up_is_never_followed_up():
    assert rule(at("08:00"), follow_up=True).slots() == (FIRST, FIRST_AGAIN)
    assert (
        next_due_for_slot(
            rule(at("08:00"), follow_up=True), FIRST_AGAIN + ":nudge", after=utc("2026-06-01T00:00:00")
        )
        is None
    )


def test_a_follow_up_counts_two_real_hours_over_a_clock_change():
    asked = rule(at("01:30"), follow_up=True)
    autumn, spring = date(2026, 10, 25), date(2026, 3, 29)
    assert follow_up_on(asked, autumn) == Due(FIRST_AGAIN, autumn, utc("2026-10-25T01:30:00"))
    assert follow_up_on(asked, spring) == Due(FIRST_AGAIN, spring, utc("2026-03-29T02:30:00"))


# Until a date nothing comes


def test_a_pause_ends_with_its_date():
    asked = rule(at("20:00"), paused_until=date(2026, 6, 10))
    due = next_due_for_slot(asked, FIRST, after=utc("2026-06-01T12:00:00"))
    assert due == Due(FIRST, date(2026, 6, 10), utc("2026-06-10T18:00:00"))


def test_a_pause_of_a_year_is_looked_over():
    asked = rule(at("20:00", frozenset({1})), paused_until=date(2027, 6, 1))
    due = next_due_for_slot(asked, FIRST, after=utc("2026-06-01T12:00:00"))
    assert due == Due(FIRST, date(2027, 6, 7), utc("2027-06-07T18:00:00"))


def test_a_follow_up_that_is_due_after_midnight_waits_out_a_pause_with_its_evening():
    asked = rule(at("23:00"), follow_up=True, paused_until=date(2026, 6, 2))
    due = next_due_for_slot(asked, FIRST_AGAIN, after=utc("2026-06-01T22:30:00"))
    assert due == Due(FIRST_AGAIN, date(2026, 6, 2), utc("2026-06-02T23:00:00"))


def test_a_pause_that_is_over_changes_nothing():
    asked = rule(at("20:00"), paused_until=date(2026, 5, 1))
    due = next_due_for_slot(asked, FIRST, after=utc("2026-06-01T12:00:00"))
    assert due == Due(FIRST, MONDAY, utc("2026-06-01T18:00:00"))


# When the next one is due


def test_the_next_one_is_today_if_its_time_is_still_to_come():
    due = next_due_for_slot(rule(at("20:00")), FIRST, after=utc("2026-06-01T12:00:00"))
    assert due == Due(FIRST, date(2026, 6, 1), utc("2026-06-01T18:00:00"))


def test_the_next_one_is_tomorrow_from_the_very_instant_it_is_due():
    due = next_due_for_slot(rule(at("20:00")), FIRST, after=utc("2026-06-01T18:00:00"))
    assert due == Due(FIRST, date(2026, 6, 2), utc("2026-06-02T18:00:00"))


def test_only_chosen_weekdays_count():
    due = next_due_for_slot(rule(at("20:00", frozenset({7}))), FIRST, after=utc("2026-06-01T12:00:00"))
    assert due == Due(FIRST, date(2026, 6, 7), utc("2026-06-07T18:00:00"))


def test_weekdays_are_those_of_the_persons_own_date():
    mondays = rule(at("00:30", frozenset({1})), zone="Asia/Kathmandu")
    due = next_due_for_slot(mondays, FIRST, after=utc("2026-05-31T12:00:00"))
    assert due == Due(FIRST, date(2026, 6, 1), utc("2026-05-31T18:45:00"))


def test_each_slot_has_its_own_next_one():
    asked = rule(at("20:00"), at("08:00", slot=SECOND))
    due = next_due_for_slot(asked, FIRST, after=utc("2026-06-01T18:00:00"))
    assert due == Due(FIRST, date(2026, 6, 2), utc("2026-06-02T18:00:00"))


def test_a_stopped_rule_has_no_next_one():
    asked = rule(at("20:00"), stopped=True)
    assert next_due_for_slot(asked, FIRST, after=utc("2026-06-01T12:00:00")) is None


def test_a_slot_that_the_rule_lacks_has_no_next_one():
    assert next_due_for_slot(rule(at("20:00")), SECOND, after=utc("2026-06-01T12:00:00")) is None


def test_each_weekday_has_its_own_time():
    asked = rule(at("08:00", frozenset({1, 2, 3, 4, 5})), at("10:30", frozenset({6, 7})))
    found = list(walk(asked, FIRST, after=utc("2026-06-05T00:00:00"), until=utc("2026-06-09T00:00:00")))
    assert found == [
        Due(FIRST, date(2026, 6, 5), utc("2026-06-05T06:00:00")),
        Due(FIRST, date(2026, 6, 6), utc("2026-06-06T08:30:00")),
        Due(FIRST, date(2026, 6, 7), utc("2026-06-07T08:30:00")),
        Due(FIRST, date(2026, 6, 8), utc("2026-06-08T06:00:00")),
    ]


def test_the_times_of_a_date_come_in_the_order_of_the_clock():
    asked = rule(at("20:00"), at("08:00", slot=SECOND))
    assert chosen_on(asked, MONDAY) == [
        Due(SECOND, MONDAY, utc("2026-06-01T06:00:00")),
        Due(FIRST, MONDAY, utc("2026-06-01T18:00:00")),
    ]


def test_a_date_that_nobody_lived_through_has_no_times():
    assert chosen_on(rule(at("20:00"), zone="Pacific/Apia"), date(2011, 12, 30)) == []


# Clock changes, leap days, dates that do not exist


def test_the_skipped_half_past_two_in_new_york_comes_at_three_once():
    asked = rule(at("02:30"), zone="America/New_York")
    found = list(walk(asked, FIRST, after=utc("2026-03-07T00:00:00"), until=utc("2026-03-10T00:00:00")))
    assert found == [
        Due(FIRST, date(2026, 3, 7), utc("2026-03-07T07:30:00")),
        Due(FIRST, date(2026, 3, 8), utc("2026-03-08T07:00:00")),
        Due(FIRST, date(2026, 3, 9), utc("2026-03-09T06:30:00")),
    ]


def test_the_doubled_half_past_one_in_new_york_comes_the_first_time_only():
    asked = rule(at("01:30"), zone="America/New_York")
    found = list(walk(asked, FIRST, after=utc("2026-10-31T00:00:00"), until=utc("2026-11-03T00:00:00")))
    assert found == [
        Due(FIRST, date(2026, 10, 31), utc("2026-10-31T05:30:00")),
        Due(FIRST, date(2026, 11, 1), utc("2026-11-01T05:30:00")),
        Due(FIRST, date(2026, 11, 2), utc("2026-11-02T06:30:00")),
    ]


def test_between_the_two_half_past_ones_the_next_one_is_tomorrow():
    asked = rule(at("01:30"), zone="America/New_York")
    due = next_due_for_slot(asked, FIRST, after=utc("2026-11-01T06:00:00"))
    assert due == Due(FIRST, date(2026, 11, 2), utc("2026-11-02T06:30:00"))


@pytest.mark.parametrize(
    ("zone", "wall", "on", "expected"),
    [
        ("Europe/Berlin", "20:00", "2026-03-28", "2026-03-28T19:00:00"),
        ("Europe/Berlin", "20:00", "2026-03-29", "2026-03-29T18:00:00"),
        ("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25T00:30:00"),
        ("Africa/Casablanca", "20:00", "2026-02-14", "2026-02-14T19:00:00"),
        ("Africa/Casablanca", "20:00", "2026-02-15", "2026-02-15T20:00:00"),
        ("Africa/Casablanca", "20:00", "2026-03-22", "2026-03-22T19:00:00"),
        ("Australia/Lord_Howe", "20:00", "2026-04-04", "2026-04-04T09:00:00"),
        ("Australia/Lord_Howe", "20:00", "2026-04-05", "2026-04-05T09:30:00"),
        ("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03T15:30:00"),
        ("Asia/Kathmandu", "20:00", "2026-06-01", "2026-06-01T14:15:00"),
        ("Africa/Cairo", "00:00", "2026-04-24", "2026-04-23T22:00:00"),
    ],
)
def test_wall_time_is_kept_through_clock_changes(zone, wall, on, expected):
    day = date.fromisoformat(on)
    asked = rule(at(wall, frozenset({day.isoweekday()})), zone=zone)
    due = next_due_for_slot(asked, FIRST, after=utc(expected) - timedelta(days=3))
    assert due == Due(FIRST, day, utc(expected))


def test_the_leap_day_has_its_reminder():
    found = list(
        walk(rule(at("20:00")), FIRST, after=utc("2028-02-28T00:00:00"), until=utc("2028-03-02T00:00:00"))
    )
    assert [due.local_date for due in found] == [date(2028, 2, 28), date(2028, 2, 29), date(2028, 3, 1)]


def test_two_times_inside_one_gap_are_both_found_slot_by_slot():
    asked = rule(at("02:15"), at("02:45", slot=SECOND))
    three = utc("2026-03-29T01:00:00")
    before = utc("2026-03-29T00:00:00")
    assert next_due_for_slot(asked, FIRST, after=before) == Due(FIRST, date(2026, 3, 29), three)
    assert next_due_for_slot(asked, SECOND, after=before) == Due(SECOND, date(2026, 3, 29), three)


def test_a_time_skipped_before_midnight_still_belongs_to_its_evening():
    asked = rule(at("23:30"), zone="America/Nuuk")
    found = list(walk(asked, FIRST, after=utc("2024-03-30T12:00:00"), until=utc("2024-04-01T12:00:00")))
    assert found == [
        Due(FIRST, date(2024, 3, 30), utc("2024-03-31T01:00:00")),
        Due(FIRST, date(2024, 3, 31), utc("2024-04-01T00:30:00")),
    ]


@pytest.mark.parametrize("wall", ["00:00", "04:00", "20:00", "23:59"])
@pytest.mark.parametrize(
    ("zone", "missing"), [("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Kwajalein", date(1993, 8, 21))]
)
def test_a_date_that_nobody_lived_through_has_no_reminder(zone, missing, wall):
    around = datetime.combine(missing, time(0), tzinfo=UTC)
    found = walk(
        rule(at(wall), zone=zone), FIRST, after=around - timedelta(days=4), until=around + timedelta(days=4)
    )
    dates = [due.local_date for due in found]
    assert missing not in dates
    assert {missing - ONE_DAY, missing + ONE_DAY} <= set(dates)
    assert len(dates) == len(set(dates))


def test_the_one_chosen_weekday_that_did_not_exist_comes_a_week_later():
    fridays = rule(at("20:00", frozenset({5})), zone="Pacific/Apia")
    due = next_due_for_slot(fridays, FIRST, after=utc("2011-12-29T00:00:00"))
    assert due == Due(FIRST, date(2012, 1, 6), utc("2012-01-06T06:00:00"))


# Moving to another zone, or to another time


def test_a_move_west_does_not_bring_the_same_date_again():
    in_tokyo = Due(FIRST, date(2026, 6, 2), utc("2026-06-02T11:00:00"))
    asked = rule(at("20:00"), zone="America/New_York")
    due = next_due_for_slot(asked, FIRST, after=utc("2026-06-02T11:05:00"), last=in_tokyo)
    assert due == Due(FIRST, date(2026, 6, 3), utc("2026-06-04T00:00:00"))


def test_a_move_over_the_date_line_does_not_go_back_to_an_earlier_date():
    in_kiritimati = Due(FIRST, date(2026, 6, 2), utc("2026-06-02T06:00:00"))
    asked = rule(at("22:00"), zone="Pacific/Pago_Pago")
    due = next_due_for_slot(asked, FIRST, after=utc("2026-06-02T06:05:00"), last=in_kiritimati)
    assert due == Due(FIRST, date(2026, 6, 3), utc("2026-06-04T09:00:00"))


def test_a_move_east_passes_over_a_date_within_four_hours():
    in_honolulu = Due(FIRST, date(2026, 6, 1), utc("2026-06-02T06:00:00"))
    asked = rule(at("20:00"), zone="Pacific/Auckland")
    due = next_due_for_slot(asked, FIRST, after=utc("2026-06-02T06:05:00"), last=in_honolulu)
    assert due == Due(FIRST, date(2026, 6, 3), utc("2026-06-03T08:00:00"))


def test_a_move_east_keeps_a_date_that_is_four_hours_away():
    in_honolulu = Due(FIRST, date(2026, 6, 1), utc("2026-06-02T04:00:00"))
    asked = rule(at("20:00"), zone="Pacific/Auckland")
    due = next_due_for_slot(asked, FIRST, after=utc("2026-06-02T04:05:00"), last=in_honolulu)
    assert due == Due(FIRST, date(2026, 6, 2), utc("2026-06-02T08:00:00"))


def test_a_time_moved_to_later_today_begins_tomorrow_if_today_had_its_reminder():
    this_morning = Due(FIRST, date(2026, 6, 1), utc("2026-06-01T06:00:00"))
    due = next_due_for_slot(rule(at("20:00")), FIRST, after=utc("2026-06-01T08:00:00"), last=this_morning)
    assert due == Due(FIRST, date(2026, 6, 2), utc("2026-06-02T18:00:00"))


def test_a_last_one_of_long_ago_changes_nothing():
    in_may = Due(FIRST, date(2026, 5, 1), utc("2026-05-01T18:00:00"))
    due = next_due_for_slot(rule(at("20:00")), FIRST, after=utc("2026-06-01T08:00:00"), last=in_may)
    assert due == Due(FIRST, date(2026, 6, 1), utc("2026-06-01T18:00:00"))


# The promise, over every zone and ten years

ZONES = sorted(filter(known_zone, available_timezones()))
AWKWARD = (time(0, 0), time(0, 30), time(1, 30), time(2, 0), time(2, 30), time(3, 0), time(23, 30))
WALL_TIMES = st.one_of(
    st.sampled_from(AWKWARD),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)
INSTANTS = st.integers(0, 3653 * 86_400).map(
    lambda seconds: utc("2020-01-01T00:00:00") + timedelta(seconds=seconds)
)
WEEKDAYS = st.frozensets(st.integers(1, 7), min_size=1)
ZONE_DAYS_SAMPLED = 50_000


def any_rule(zone: str, chance: Random) -> ReminderRule:
    """One or two slots, each with one time or two on disjoint weekdays; some with quiet hours or a follow-up."""

    def any_wall() -> time:
        if chance.random() < 0.3:
            return chance.choice(AWKWARD)
        return time(chance.randrange(24), chance.randrange(60))

    while True:
        times = []
        for slot in (FIRST, SECOND)[: chance.choice((1, 1, 1, 2))]:
            weekdays = EVERY_DAY if chance.random() < 0.5 else frozenset(chance.sample(range(1, 8), 4))
            others = frozenset(chance.sample(sorted(weekdays), 2)) if chance.random() < 0.3 else frozenset()
            times.append(SlotTime(slot, any_wall(), weekdays - others))
            if others:
                times.append(SlotTime(slot, any_wall(), others))
        try:
            hours = QuietHours(any_wall(), any_wall()) if chance.random() < 0.5 else None
            return ReminderRule(tuple(times), zone, quiet=hours, follow_up=chance.random() < 0.3)
        except Refused:
            continue


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


def follow_ups(asked: ReminderRule, by_date: dict[date, list[Due]], place: ZoneInfo) -> list[Due]:
    """Written anew: what follows each date's last message."""
    found = []
    for day in sorted(by_date):
        last = max(by_date[day], key=lambda due: (due.due_at, due.slot))
        due_at = last.due_at + timedelta(minutes=120)
        if asked.quiet is not None:
            begins = [first_shown(day + n * ONE_DAY, asked.quiet.begin, place) for n in (-1, 0, 1, 2)]
            begun_at = min(begin for begin in begins if begin > last.due_at)
            if due_at >= begun_at:
                due_at = begun_at - timedelta(minutes=15)
        if due_at - last.due_at >= timedelta(minutes=30):
            found.append(Due(f"{last.slot}:nudge", day, due_at))
    return found


def assert_promise(asked: ReminderRule, first: date, last: date) -> int:
    """From ``first`` to ``last`` each slot comes once on each of its dates, in order, at its own wall time, and each
    date has its one follow-up; returns how many dates."""
    place = ZoneInfo(asked.zone)
    start = datetime.combine(first, time(0), tzinfo=UTC) - 2 * ONE_DAY
    end = datetime.combine(last, time(0), tzinfo=UTC) + 3 * ONE_DAY
    dates = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    walked = {
        slot: [due for due in walk(asked, slot, after=start, until=end) if first <= due.local_date <= last]
        for slot in asked.slots()
    }
    by_date: dict[date, list[Due]] = {}
    for slot in {one.slot for one in asked.times}:
        walls = {n: one.wall for one in asked.times if one.slot == slot for n in one.weekdays}
        found = walked[slot]
        assert [due.local_date for due in found] == [day for day in dates if day.isoweekday() in walls]
        for due in found:
            assert due.due_at == first_shown(due.local_date, walls[due.local_date.isoweekday()], place)
            by_date.setdefault(due.local_date, []).append(due)
    for found in walked.values():
        assert all(earlier.due_at < later.due_at for earlier, later in pairwise(found))
    followed = sorted(
        (due for slot, found in walked.items() if slot.endswith(":nudge") for due in found),
        key=lambda due: due.local_date,
    )
    assert followed == (follow_ups(asked, by_date, place) if asked.follow_up else [])
    return len(dates)


def offset_changes(zone: str) -> list[date]:
    """The dates (as UTC has them) in the ten years on which the offset of ``zone`` changes."""
    place = ZoneInfo(zone)
    start = datetime.combine(TEN_YEARS[0], time(0), tzinfo=UTC)
    changes = []
    for week in range(522):
        monday = start + timedelta(weeks=week)
        offsets = [(monday + n * ONE_DAY).astimezone(place).utcoffset() for n in (0, 7)]
        if offsets[0] != offsets[1]:
            nights = (monday + n * ONE_DAY for n in range(7))
            changes.append(
                next(
                    night.date()
                    for night in nights
                    if night.astimezone(place).utcoffset() != (night + ONE_DAY).astimezone(place).utcoffset()
                )
            )
    return changes


def test_in_every_zone_each_slot_comes_once_on_each_date_it_is_asked_for():
    chance = Random(getrandbits(64))
    checked = 0
    while checked < ZONE_DAYS_SAMPLED:
        for zone in ZONES:
            first = TEN_YEARS[0] + chance.randrange(3653 - 28) * ONE_DAY
            checked += assert_promise(any_rule(zone, chance), first, first + 27 * ONE_DAY)
    assert checked >= 50_000


@settings(max_examples=200, deadline=None)
@given(seed=st.integers(0), zone=st.sampled_from(ZONES))
def test_around_a_clock_change_each_slot_comes_once_on_each_date_it_is_asked_for(seed, zone):
    chance = Random(seed)
    changes = offset_changes(zone)
    change = chance.choice(changes) if changes else TEN_YEARS[0]
    assert_promise(any_rule(zone, chance), change - 3 * ONE_DAY, change + 3 * ONE_DAY)


@settings(max_examples=200, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    moved_to=st.sampled_from(ZONES),
    after=INSTANTS,
    walls=st.tuples(WALL_TIMES, WALL_TIMES),
    weekdays=st.tuples(WEEKDAYS, WEEKDAYS),
)
def test_a_move_never_brings_a_date_twice_nor_two_within_four_hours(zone, moved_to, after, walls, weekdays):
    asked = ReminderRule((SlotTime(FIRST, walls[0], weekdays[0]),), zone)
    last = next_due_for_slot(asked, FIRST, after=after)
    moved = ReminderRule((SlotTime(FIRST, walls[1], weekdays[1]),), moved_to)
    due = next_due_for_slot(moved, FIRST, after=last.due_at, last=last)
    assert due.local_date > last.local_date
    assert due.due_at - last.due_at >= timedelta(hours=4)


@pytest.mark.parametrize("held", [("22:00", "08:00"), ("13:00", "15:00"), ("00:00", "23:59")])
def test_quiet_hours_hold_as_a_clock_face_shows_them(held):
    begin, end = map(time.fromisoformat, held)
    for minute in range(1440):
        wall = time(minute // 60, minute % 60)
        since_begin = (minute - begin.hour * 60 - begin.minute) % 1440
        length = (end.hour * 60 + end.minute - begin.hour * 60 - begin.minute) % 1440
        assert QuietHours(begin, end).hold_at(wall) == (since_begin < length)


@pytest.mark.night
@pytest.mark.timeout(3600)
def test_every_date_of_ten_years_in_every_zone_has_each_of_its_slots_once():
    chance = Random(getrandbits(64))
    first, end = TEN_YEARS
    checked = 0
    for zone, wall in zip(ZONES, cycle(AWKWARD), strict=False):
        asked = ReminderRule((SlotTime(FIRST, wall, EVERY_DAY),), zone)
        checked += assert_promise(asked, first, end - ONE_DAY)
        assert_promise(any_rule(zone, chance), first, end - ONE_DAY)
    assert checked == len(ZONES) * 3653
    assert checked > 2_100_000
