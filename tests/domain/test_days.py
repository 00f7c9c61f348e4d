from datetime import UTC, date, datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.domain.days import (
    day_exists,
    end_of_link,
    is_after_midnight,
    known_zone,
    local_day,
    resolve_wall_time,
)
from journal.domain.errors import Refused


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_day_begins_at_midnight_of_the_persons_own_zone():
    assert local_day(utc("2026-06-01T03:59:59"), "America/New_York") == date(2026, 5, 31)
    assert local_day(utc("2026-06-01T04:00:00"), "America/New_York") == date(2026, 6, 1)


def test_kathmandu_is_three_quarters_of_an_hour_off():
    assert local_day(utc("2026-06-01T18:14:59"), "Asia/Kathmandu") == date(2026, 6, 1)
    assert local_day(utc("2026-06-01T18:15:00"), "Asia/Kathmandu") == date(2026, 6, 2)


def test_one_instant_is_two_dates_in_two_zones():
    noon = utc("2026-06-01T12:00:00")
    assert local_day(noon, "Pacific/Kiritimati") == date(2026, 6, 2)
    assert local_day(noon, "Pacific/Pago_Pago") == date(2026, 6, 1)


def test_an_instant_may_come_in_any_offset():
    assert local_day(
        datetime(2026, 6, 1, 1, 0, tzinfo=timezone(timedelta(hours=9))), "Europe/Berlin"
    ) == date(2026, 5, 31)


def test_an_instant_without_a_zone_is_a_fault():
    with pytest.raises(ValueError, match="must carry its zone"):
        local_day(datetime.fromisoformat("2026-06-01T12:00:00"), "Europe/Berlin")


@pytest.mark.parametrize(
    "name", ["Europe/Berlin", "Asia/Kathmandu", "Africa/Casablanca", "UTC", "US/Eastern"]
)
def test_a_zone_of_the_zone_database_is_known(name):
    assert known_zone(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "europe/berlin",
        "Europe",
        "Europe/Atlantis",
        "../../etc/passwd",
        "/etc/localtime",
        "localtime",
        "Factory",
    ]
    + ["A" * 5000, "Europe/Berlin\0", "CET-1CEST"],
)
def test_anything_else_is_not_a_zone(name):
    assert not known_zone(name)


def test_an_unknown_zone_is_refused_by_its_field():
    with pytest.raises(Refused) as refusal:
        local_day(utc("2026-06-01T12:00:00"), "Europe/Atlantis")
    assert (refusal.value.code, refusal.value.field) == ("zone_unknown", "zone")


@pytest.mark.parametrize(
    ("instant", "expected"),
    [
        ("2026-06-01T21:59:59", False),
        ("2026-06-01T22:00:00", True),
        ("2026-06-02T01:59:59", True),
        ("2026-06-02T02:00:00", False),
    ],
)
def test_after_midnight_lasts_from_midnight_to_four_in_berlin(instant, expected):
    assert is_after_midnight(utc(instant), "Europe/Berlin") is expected


@pytest.mark.parametrize(
    ("zone", "day", "wall", "expected"),
    [
        ("America/New_York", "2026-03-07", "02:30", "2026-03-07T07:30:00"),
        ("America/New_York", "2026-03-08", "01:59", "2026-03-08T06:59:00"),
        ("America/New_York", "2026-03-08", "02:00", "2026-03-08T07:00:00"),
        ("America/New_York", "2026-03-08", "02:30", "2026-03-08T07:00:00"),
        ("America/New_York", "2026-03-08", "03:00", "2026-03-08T07:00:00"),
        ("America/New_York", "2026-03-08", "03:01", "2026-03-08T07:01:00"),
        ("Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:00:00"),
        ("Africa/Casablanca", "2026-03-22", "02:30", "2026-03-22T02:00:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:30:00"),
        ("Australia/Lord_Howe", "2026-10-04", "02:30", "2026-10-03T15:30:00"),
        ("Africa/Cairo", "2026-04-24", "00:30", "2026-04-23T22:00:00"),
    ],
)
def test_a_time_that_a_change_skips_becomes_the_first_minute_after_it(zone, day, wall, expected):
    resolved = resolve_wall_time(date.fromisoformat(day), time.fromisoformat(wall), zone)
    assert resolved == utc(expected)


@pytest.mark.parametrize(
    ("zone", "day", "wall", "expected"),
    [
        ("America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00"),
        ("America/New_York", "2026-11-01", "02:00", "2026-11-01T07:00:00"),
        ("Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30:00"),
        ("Africa/Casablanca", "2026-02-15", "02:30", "2026-02-15T01:30:00"),
        ("Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45:00"),
        ("Africa/Cairo", "2026-10-29", "23:30", "2026-10-29T20:30:00"),
    ],
)
def test_a_time_that_comes_twice_is_the_first_of_the_two(zone, day, wall, expected):
    resolved = resolve_wall_time(date.fromisoformat(day), time.fromisoformat(wall), zone)
    assert resolved == utc(expected)


def test_the_first_of_two_is_meant_whatever_the_fold_of_the_given_time():
    resolved = resolve_wall_time(date(2026, 11, 1), time(1, 30, fold=1), "America/New_York")
    assert resolved == utc("2026-11-01T05:30:00")


def test_a_resolved_time_is_in_utc():
    assert resolve_wall_time(date(2026, 6, 1), time(20, 0), "Asia/Kathmandu").tzinfo is UTC


def test_a_gap_before_midnight_in_greenland_ends_on_the_next_date():
    resolved = resolve_wall_time(date(2024, 3, 30), time(23, 30), "America/Nuuk")
    assert resolved == utc("2024-03-31T01:00:00")
    assert local_day(resolved, "America/Nuuk") == date(2024, 3, 31)


@pytest.mark.parametrize(
    ("zone", "day"), [("Pacific/Apia", date(2011, 12, 30)), ("Pacific/Kwajalein", date(1993, 8, 21))]
)
def test_a_date_that_the_date_line_swallowed_does_not_exist(zone, day):
    assert day_exists(day - timedelta(days=1), zone)
    assert not day_exists(day, zone)
    assert day_exists(day + timedelta(days=1), zone)


@pytest.mark.parametrize("wall", [time(0, 0), time(12, 0), time(20, 0), time(23, 59)])
def test_every_time_of_a_swallowed_date_is_the_midnight_after_it(wall):
    assert resolve_wall_time(date(2011, 12, 30), wall, "Pacific/Apia") == utc("2011-12-30T10:00:00")
    assert resolve_wall_time(date(1993, 8, 21), wall, "Pacific/Kwajalein") == utc("1993-08-21T12:00:00")


def test_a_date_whose_midnight_is_skipped_exists():
    assert day_exists(date(2026, 4, 24), "Africa/Cairo")


def test_a_link_ends_at_four_the_next_morning():
    assert end_of_link(date(2026, 6, 1), "Europe/Berlin") == utc("2026-06-02T02:00:00")


def test_a_link_of_the_evening_before_a_clock_change_still_ends_at_four():
    assert end_of_link(date(2026, 3, 28), "Europe/Berlin") == utc("2026-03-29T02:00:00")
    assert end_of_link(date(2026, 10, 24), "Europe/Berlin") == utc("2026-10-25T03:00:00")


def test_a_link_of_the_last_day_of_the_year_ends_in_the_next():
    assert end_of_link(date(2026, 12, 31), "America/New_York") == utc("2027-01-01T09:00:00")


def test_a_link_ends_on_the_next_date_that_exists():
    assert end_of_link(date(2011, 12, 29), "Pacific/Apia") == utc("2011-12-30T14:00:00")
    assert end_of_link(date(1993, 8, 20), "Pacific/Kwajalein") == utc("1993-08-21T16:00:00")


INSTANTS = st.integers(0, 3653 * 86_400).map(
    lambda seconds: utc("2020-01-01T00:00:00") + timedelta(seconds=seconds)
)
"""Any second of the ten years from 2020."""


@given(
    now=INSTANTS,
    zone=st.timezone_keys(allow_prefix=False).filter(known_zone),
)
def test_now_lies_before_the_link_of_its_own_day_ends(now, zone):
    today = local_day(now, zone)
    assert now < end_of_link(today, zone)
    assert (now < end_of_link(today - timedelta(days=1), zone)) is is_after_midnight(now, zone)
