from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from itertools import cycle, pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.domain.days import known_zone
from journal.domain.errors import Refused
from journal.domain.reminders import (
    EVERY_DAY,
    Due,
    ReminderRule,
    Send,
    Skip,
    SkipReason,
    SlotTime,
    delivery_decision,
    is_overtaken,
    next_due,
    next_due_for_slot,
    still_wanted,
)

FIRST, SECOND = "checkin:1", "checkin:2"
TEN_YEARS = (date(2020, 1, 1), date(2030, 1, 1))
ONE_DAY = timedelta(days=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def at(wall: str, weekdays: frozenset[int] = EVERY_DAY, slot: str = FIRST) -> SlotTime:
    return SlotTime(slot, time.fromisoformat(wall), weekdays)


def rule(*times: SlotTime, zone: str = "Europe/Berlin", stopped: bool = False) -> ReminderRule:
    return ReminderRule(times=times, zone=zone, stopped=stopped)


def walk(asked: ReminderRule, slot: str, *, after: datetime, until: datetime) -> Iterator[Due]:
    due = next_due_for_slot(asked, slot, after=after)
    while due is not None and due.due_at < until:
        yield due
        due = next_due_for_slot(asked, slot, after=due.due_at)


# What may be asked for


def refusal(*times: SlotTime, zone: str = "Europe/Berlin", stopped: bool = False) -> tuple[str, str | None]:
    with pytest.raises(Refused) as refused:
        rule(*times, zone=zone, stopped=stopped)
    return refused.value.code, refused.value.field


def test_a_third_time_is_refused():
    times = (at("08:00"), at("20:00", slot=SECOND), at("12:00", slot="checkin:3"))
    assert refusal(*times) == ("reminder_times_too_many", "times")


def test_two_times_in_one_slot_are_refused():
    assert refusal(at("08:00"), at("20:00")) == ("reminder_slot_twice", "times")


def test_a_slot_that_nobody_can_choose_is_refused():
    assert refusal(at("08:00", slot="digest")) == ("reminder_slot_unknown", "times")


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


# When the next one is due


def test_the_next_one_is_today_if_its_time_is_still_to_come():
    due = next_due(rule(at("20:00")), after=utc("2026-06-01T12:00:00"))
    assert due == Due(FIRST, date(2026, 6, 1), utc("2026-06-01T18:00:00"))


def test_the_next_one_is_tomorrow_from_the_very_instant_it_is_due():
    due = next_due(rule(at("20:00")), after=utc("2026-06-01T18:00:00"))
    assert due == Due(FIRST, date(2026, 6, 2), utc("2026-06-02T18:00:00"))


def test_only_chosen_weekdays_count():
    due = next_due(rule(at("20:00", frozenset({7}))), after=utc("2026-06-01T12:00:00"))
    assert due == Due(FIRST, date(2026, 6, 7), utc("2026-06-07T18:00:00"))


def test_weekdays_are_those_of_the_persons_own_date():
    mondays = rule(at("00:30", frozenset({1})), zone="Asia/Kathmandu")
    due = next_due(mondays, after=utc("2026-05-31T12:00:00"))
    assert due == Due(FIRST, date(2026, 6, 1), utc("2026-05-31T18:45:00"))


def test_of_two_times_the_earlier_one_comes_next():
    asked = rule(at("20:00"), at("08:00", slot=SECOND))
    due = next_due(asked, after=utc("2026-06-01T18:00:00"))
    assert due == Due(SECOND, date(2026, 6, 2), utc("2026-06-02T06:00:00"))


def test_each_slot_has_its_own_next_one():
    asked = rule(at("20:00"), at("08:00", slot=SECOND))
    due = next_due_for_slot(asked, FIRST, after=utc("2026-06-01T18:00:00"))
    assert due == Due(FIRST, date(2026, 6, 2), utc("2026-06-02T18:00:00"))


def test_a_stopped_rule_has_no_next_one():
    asked = rule(at("20:00"), stopped=True)
    assert next_due(asked, after=utc("2026-06-01T12:00:00")) is None
    assert next_due_for_slot(asked, FIRST, after=utc("2026-06-01T12:00:00")) is None


def test_a_slot_that_the_rule_lacks_has_no_next_one():
    assert next_due_for_slot(rule(at("20:00")), SECOND, after=utc("2026-06-01T12:00:00")) is None


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
    due = next_due(asked, after=utc("2026-11-01T06:00:00"))
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
    due = next_due(asked, after=utc(expected) - timedelta(days=3))
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
    due = next_due(fridays, after=utc("2011-12-29T00:00:00"))
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
    in_new_york = Due(FIRST, date(2026, 6, 1), utc("2026-06-02T00:00:00"))
    asked = rule(at("20:00"), zone="Pacific/Auckland")
    due = next_due_for_slot(asked, FIRST, after=utc("2026-06-02T00:05:00"), last=in_new_york)
    assert due == Due(FIRST, date(2026, 6, 2), utc("2026-06-02T08:00:00"))


def test_a_time_moved_to_later_today_begins_tomorrow_if_today_had_its_reminder():
    this_morning = Due(FIRST, date(2026, 6, 1), utc("2026-06-01T06:00:00"))
    due = next_due_for_slot(rule(at("20:00")), FIRST, after=utc("2026-06-01T08:00:00"), last=this_morning)
    assert due == Due(FIRST, date(2026, 6, 2), utc("2026-06-02T18:00:00"))


def test_a_last_one_of_long_ago_changes_nothing():
    in_may = Due(FIRST, date(2026, 5, 1), utc("2026-05-01T18:00:00"))
    due = next_due_for_slot(rule(at("20:00")), FIRST, after=utc("2026-06-01T08:00:00"), last=in_may)
    assert due == Due(FIRST, date(2026, 6, 1), utc("2026-06-01T18:00:00"))


# Whether it may be sent

EVENING = Due(FIRST, date(2026, 6, 1), utc("2026-06-01T18:00:00"))


def decide(
    now: str,
    *,
    due: Due = EVENING,
    zone: str = "Europe/Berlin",
    checked_in: bool = False,
    stopped: bool = False,
) -> Send | Skip:
    return delivery_decision(due, utc(now), zone=zone, has_check_in_on_local_date=checked_in, stopped=stopped)


def test_a_reminder_on_time_is_sent():
    assert decide("2026-06-01T18:00:00") == Send()


def test_a_reminder_is_sent_until_its_window_ends():
    assert decide("2026-06-01T19:59:59") == Send()
    assert decide("2026-06-01T20:00:00") == Skip(SkipReason.LATE)


def test_a_window_can_be_shorter():
    decision = delivery_decision(
        EVENING,
        utc("2026-06-01T18:30:00"),
        zone="Europe/Berlin",
        has_check_in_on_local_date=False,
        stopped=False,
        window=timedelta(minutes=30),
    )
    assert decision == Skip(SkipReason.LATE)


def test_a_reminder_of_three_days_ago_is_late():
    assert decide("2026-06-04T18:00:00") == Skip(SkipReason.LATE)


def test_a_check_in_of_the_day_silences_its_reminder():
    assert decide("2026-06-01T18:00:00", checked_in=True) == Skip(SkipReason.CHECKED_IN)


def test_a_stopped_reminder_is_not_sent():
    assert decide("2026-06-01T18:00:00", stopped=True) == Skip(SkipReason.STOPPED)


def test_stopping_is_named_before_every_other_reason():
    assert decide("2026-06-04T18:00:00", stopped=True, checked_in=True) == Skip(SkipReason.STOPPED)


def test_our_lateness_is_named_before_the_persons_check_in():
    assert decide("2026-06-01T20:00:00", checked_in=True) == Skip(SkipReason.LATE)


def test_a_reminder_for_a_minute_before_midnight_may_leave_after_it():
    last_minute = Due(FIRST, date(2026, 6, 1), utc("2026-06-01T21:59:00"))
    assert decide("2026-06-01T22:00:20", due=last_minute) == Send()


def test_a_reminder_skipped_over_midnight_by_the_clock_is_sent():
    due = Due(FIRST, date(2024, 3, 30), utc("2024-03-31T01:00:00"))
    assert decide("2024-03-31T01:00:10", due=due, zone="America/Nuuk") == Send()


def test_a_reminder_for_a_day_that_has_not_begun_where_the_person_is_now_is_not_sent():
    in_auckland = Due(FIRST, date(2026, 6, 2), utc("2026-06-01T20:00:00"))
    assert decide("2026-06-01T20:00:30", due=in_auckland, zone="America/New_York") == Skip(
        SkipReason.OTHER_DAY
    )


def test_a_reminder_for_a_day_that_is_over_where_the_person_is_now_is_not_sent():
    in_honolulu = Due(FIRST, date(2026, 6, 1), utc("2026-06-02T06:00:00"))
    assert decide("2026-06-02T06:00:30", due=in_honolulu, zone="Pacific/Auckland") == Skip(
        SkipReason.OTHER_DAY
    )


def test_an_overtaken_reminder_is_not_sent():
    decision = delivery_decision(
        EVENING,
        utc("2026-06-01T18:30:00"),
        zone="Europe/Berlin",
        has_check_in_on_local_date=False,
        stopped=False,
        overtaken=True,
    )
    assert decision == Skip(SkipReason.OVERTAKEN)


# After an outage, and after a change of the rule


TWO_EVENINGS = (at("19:00"), at("20:00", slot=SECOND))


def test_an_earlier_time_that_waited_until_the_later_one_came_is_overtaken():
    asked = rule(*TWO_EVENINGS)
    earlier = Due(FIRST, date(2026, 6, 1), utc("2026-06-01T17:00:00"))
    assert not is_overtaken(asked, earlier, now=utc("2026-06-01T17:59:59"))
    assert is_overtaken(asked, earlier, now=utc("2026-06-01T18:00:00"))


def test_the_latest_time_that_waited_is_not_overtaken():
    later = Due(SECOND, date(2026, 6, 1), utc("2026-06-01T18:00:00"))
    assert not is_overtaken(rule(*TWO_EVENINGS), later, now=utc("2026-06-01T19:30:00"))


def test_an_evening_is_overtaken_by_the_night_after_it():
    asked = rule(at("23:30"), at("00:30", slot=SECOND))
    evening = Due(FIRST, date(2026, 6, 1), utc("2026-06-01T21:30:00"))
    assert is_overtaken(asked, evening, now=utc("2026-06-01T22:30:00"))


def test_of_two_times_on_one_instant_only_the_second_goes():
    asked = rule(at("02:15"), at("02:45", slot=SECOND))
    both = utc("2026-03-29T01:00:00")
    assert is_overtaken(asked, Due(FIRST, date(2026, 3, 29), both), now=both)
    assert not is_overtaken(asked, Due(SECOND, date(2026, 3, 29), both), now=both)


def test_a_single_time_is_never_overtaken():
    assert not is_overtaken(rule(at("19:00")), EVENING, now=utc("2026-06-05T18:00:00"))


def test_a_message_whose_time_was_moved_is_still_wanted():
    assert still_wanted(rule(at("21:00")), EVENING)


def test_a_message_whose_time_was_taken_away_is_no_longer_wanted():
    assert not still_wanted(rule(at("20:00", slot=SECOND)), EVENING)


def test_a_message_of_a_weekday_that_was_left_out_is_no_longer_wanted():
    assert not still_wanted(rule(at("20:00", EVERY_DAY - {EVENING.local_date.isoweekday()})), EVENING)


def test_a_stopped_rule_wants_nothing():
    assert not still_wanted(rule(at("20:00"), stopped=True), EVENING)


def test_reasons_read_as_the_ledger_writes_them():
    assert [str(reason) for reason in SkipReason] == [
        "stopped",
        "late",
        "overtaken",
        "other_day",
        "checked_in",
    ]


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


def assert_promise(asked: ReminderRule, first: date, last: date) -> int:
    """Each chosen date from ``first`` to ``last`` once, in order, at its own wall time; returns how many dates."""
    (chosen,) = asked.times
    place = ZoneInfo(asked.zone)
    start = datetime.combine(first, time(0), tzinfo=UTC) - 2 * ONE_DAY
    end = datetime.combine(last, time(0), tzinfo=UTC) + 2 * ONE_DAY
    found = list(walk(asked, chosen.slot, after=start, until=end))
    assert all(earlier.due_at < later.due_at for earlier, later in pairwise(found))

    wanted = [first + n * ONE_DAY for n in range((last - first).days + 1)]
    chosen_dates = [day for day in wanted if day.isoweekday() in chosen.weekdays]
    assert [due.local_date for due in found if first <= due.local_date <= last] == chosen_dates
    for due in found:
        shown = due.due_at.astimezone(place).replace(tzinfo=None)
        meant = datetime.combine(due.local_date, chosen.wall)
        if shown != meant:
            a_second_before = (due.due_at - timedelta(seconds=1)).astimezone(place).replace(tzinfo=None)
            assert a_second_before < meant < shown, (
                "only a time that clocks skip may move, and to the gap's end"
            )
        else:
            assert due.due_at.astimezone(place).fold == 0
    return len(wanted)


@cache
def clock_changes(zone: str) -> list[date]:
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


@settings(max_examples=200, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    first=st.dates(TEN_YEARS[0], TEN_YEARS[1] - 30 * ONE_DAY),
    wall=WALL_TIMES,
    weekdays=WEEKDAYS,
)
def test_every_chosen_date_has_its_reminder_once(zone, first, wall, weekdays):
    assert_promise(ReminderRule((SlotTime(FIRST, wall, weekdays),), zone), first, first + 29 * ONE_DAY)


@settings(max_examples=200, deadline=None)
@given(data=st.data(), zone=st.sampled_from(ZONES).filter(clock_changes), wall=WALL_TIMES)
def test_every_date_around_a_clock_change_has_its_reminder_once(data, zone, wall):
    change = data.draw(st.sampled_from(clock_changes(zone)))
    asked = ReminderRule((SlotTime(FIRST, wall, EVERY_DAY),), zone)
    assert_promise(asked, change - 3 * ONE_DAY, change + 3 * ONE_DAY)


@settings(max_examples=100, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    after=INSTANTS,
    walls=st.lists(WALL_TIMES, min_size=2, max_size=2, unique=True),
    weekdays=st.tuples(WEEKDAYS, WEEKDAYS),
)
def test_the_next_one_is_the_earliest_of_its_slots_and_later_than_asked(zone, after, walls, weekdays):
    times = tuple(map(SlotTime, (FIRST, SECOND), walls, weekdays))
    asked = ReminderRule(times, zone)
    by_slot = [next_due_for_slot(asked, slot, after=after) for slot in (FIRST, SECOND)]
    due = next_due(asked, after=after)
    assert due in by_slot
    assert all(due.due_at <= other.due_at for other in by_slot)
    assert due.due_at > after
    following = next_due(asked, after=due.due_at)
    assert (following.slot, following.local_date) != (due.slot, due.local_date)


@settings(max_examples=200, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    moved_to=st.sampled_from(ZONES),
    after=INSTANTS,
    walls=st.tuples(WALL_TIMES, WALL_TIMES),
    weekdays=st.tuples(WEEKDAYS, WEEKDAYS),
)
def test_a_move_never_brings_a_date_twice_nor_two_within_four_hours(zone, moved_to, after, walls, weekdays):
    last = next_due(ReminderRule((SlotTime(FIRST, walls[0], weekdays[0]),), zone), after=after)
    moved = ReminderRule((SlotTime(FIRST, walls[1], weekdays[1]),), moved_to)
    due = next_due_for_slot(moved, FIRST, after=last.due_at, last=last)
    assert due.local_date > last.local_date
    assert due.due_at - last.due_at >= timedelta(hours=4)


@settings(max_examples=200, deadline=None)
@given(zone=st.sampled_from(ZONES), first=st.dates(*TEN_YEARS), wall=WALL_TIMES)
def test_a_reminder_claimed_within_its_window_is_about_the_right_day(zone, first, wall):
    asked = ReminderRule((SlotTime(FIRST, wall, EVERY_DAY),), zone)
    due = next_due(asked, after=datetime.combine(first, time(0), tzinfo=UTC))
    for late in (timedelta(0), timedelta(minutes=1), timedelta(minutes=119)):
        decision = delivery_decision(
            due, due.due_at + late, zone=zone, has_check_in_on_local_date=False, stopped=False
        )
        assert decision == Send()


@pytest.mark.night
@pytest.mark.timeout(1800)
def test_every_date_of_ten_years_in_every_zone_has_its_reminder_once():
    first, end = TEN_YEARS
    checked = 0
    for zone, wall in zip(ZONES, cycle(AWKWARD), strict=False):
        asked = ReminderRule((SlotTime(FIRST, wall, EVERY_DAY),), zone)
        checked += assert_promise(asked, first, end - ONE_DAY)
    assert checked == len(ZONES) * 3653
    assert checked > 2_100_000
