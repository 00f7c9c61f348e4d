"""How days, times and numbers are written."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from journal import wording
from journal.languages import Language, speaking

DAY = date(2026, 3, 4)


def test_a_day_is_written_long_short_with_its_year_and_by_its_month() -> None:
    assert wording.long_day(DAY) == "Wednesday 4 March"
    assert wording.short_day(DAY) == "4 Mar"
    assert wording.day_and_year(DAY) == "4 March 2026"
    assert wording.month_and_year(DAY) == "March 2026"


@pytest.mark.parametrize(
    ("language", "written"),
    [(Language.ENGLISH, "Wed 4 Mar"), (Language.SPANISH, "mié, 4 mar"), (Language.GREEK, "Τετ 4 Μαρ")],
)
def test_a_day_of_a_list_has_its_weekday(language: Language, written: str) -> None:
    with speaking(language):
        assert wording.weekday_and_day(DAY) == written


@pytest.mark.parametrize(
    ("region", "first"),
    [("GR", 0), ("US", 6), ("MX", 6), ("ES", 0), ("MV", 4), ("", 0), ("QQ", 0), ("not a region", 0)],
)
def test_weeks_begin_as_people_there_are_used_to(region: str, first: int) -> None:
    assert wording.week_begins(region) == first


@pytest.mark.parametrize(
    ("hour", "minute", "written"),
    [
        (0, 0, "12:00 am"),
        (0, 5, "12:05 am"),
        (9, 30, "9:30 am"),
        (12, 0, "12:00 pm"),
        (13, 7, "1:07 pm"),
        (23, 59, "11:59 pm"),
    ],
)
def test_an_hour_is_written_with_am_and_pm(hour: int, minute: int, written: str) -> None:
    assert wording.clock(datetime(2026, 3, 4, hour, minute, tzinfo=UTC), "UTC") == written


def test_a_moment_is_written_as_the_wall_shows_it_on_both_sides_of_a_clock_change() -> None:
    before, after = datetime(2026, 3, 29, 0, 59, tzinfo=UTC), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)
    assert wording.clock(before, "Europe/Berlin") == "1:59 am"
    assert wording.clock(after, "Europe/Berlin") == "3:00 am"


def test_a_moment_late_in_utc_is_on_the_next_day_further_east() -> None:
    late = datetime(2026, 3, 30, 22, 30, tzinfo=UTC)
    assert wording.day_and_clock(late, "Europe/Berlin") == "31 Mar, 12:30 am"
    assert wording.day_and_clock(late, "America/New_York") == "30 Mar, 6:30 pm"


def test_nothing_is_a_dash_and_not_a_nought() -> None:
    assert wording.one_decimal(None) == "–"
    assert wording.one_decimal(0.0) == "0.0"
    assert wording.one_decimal(5.66) == "5.7"


@pytest.mark.parametrize(
    ("hour", "expected"),
    [(18, "8:00 pm"), (22, "written 5 Mar, 12:00 am"), (23, "written 5 Mar, 1:00 am")],
)
def test_a_time_of_another_day_says_which_day(hour: int, expected: str) -> None:
    moment = datetime(2026, 3, 4, hour, tzinfo=UTC)
    assert wording.written(moment, "Africa/Johannesburg", DAY) == expected


@pytest.mark.parametrize(
    ("language", "written"),
    [
        (Language.ENGLISH, ["Wednesday 4 March", "4 Mar", "4 March", "4 March 2026", "March 2026"]),
        (
            Language.SPANISH,
            ["miércoles, 4 de marzo", "4 mar", "4 de marzo", "4 de marzo de 2026", "marzo de 2026"],
        ),
        (Language.GREEK, ["Τετάρτη 4 Μαρτίου", "4 Μαρ", "4 Μαρτίου", "4 Μαρτίου 2026", "Μάρτιος 2026"]),
    ],
)
def test_a_day_is_written_as_its_readers_write_it(language: Language, written: list[str]) -> None:
    with speaking(language):
        said = [
            wording.long_day(DAY),
            wording.short_day(DAY),
            wording.day_of_year(DAY),
            wording.day_and_year(DAY),
            wording.month_and_year(DAY),
        ]
    assert said == written


@pytest.mark.parametrize(
    ("language", "written"),
    [(Language.ENGLISH, "7:42 pm"), (Language.SPANISH, "19:42"), (Language.GREEK, "7:42 μ.μ.")],
)
def test_a_clock_has_the_hours_of_its_readers(language: Language, written: str) -> None:
    with speaking(language):
        assert wording.clock(datetime(2026, 3, 4, 18, 42, tzinfo=UTC), "Europe/Berlin") == written


@pytest.mark.parametrize(
    ("language", "written"),
    [
        (Language.ENGLISH, ("5.7", "12,345", "0.25")),
        (Language.SPANISH, ("5,7", "12.345", "0,25")),
        (Language.GREEK, ("5,7", "12.345", "0,25")),
    ],
)
def test_a_number_has_the_comma_of_its_readers(language: Language, written: tuple[str, str, str]) -> None:
    with speaking(language):
        assert (wording.one_decimal(5.66), wording.whole(12345), wording.decimal(0.25, 2)) == written


def test_a_day_in_a_narrow_column_can_carry_its_year() -> None:
    assert wording.short_day_and_year(DAY) == "4 Mar 2026"
    assert wording.weekday_day_and_year(DAY) == "Wed 4 Mar 2026"
    assert wording.short_month_and_year(DAY) == "Mar 2026"
    with speaking(Language.SPANISH):
        assert wording.weekday_day_and_year(DAY) == "mié, 4 mar 2026"
    with speaking(Language.GREEK):
        assert wording.short_day_and_year(DAY) == "4 Μαρ 2026"
        assert wording.short_month_and_year(DAY) == "Μάρ 2026"


@pytest.mark.parametrize(
    ("language", "written"), [(Language.ENGLISH, ("0.125", "1250")), (Language.GREEK, ("0,125", "1250"))]
)
def test_an_exact_figure_keeps_its_digits_and_has_no_thousands(
    language: Language, written: tuple[str, str]
) -> None:
    with speaking(language):
        assert (wording.exact(Decimal("0.125")), wording.exact(Decimal("1250.000"))) == written


def test_words_are_listed_as_a_sentence_lists_them() -> None:
    assert [wording.listed(words) for words in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "", "a", "a and b", "a, b and c",
    ]  # fmt: skip


def test_no_line_ends_between_a_number_and_the_short_word_behind_it() -> None:
    space = "\N{NO-BREAK SPACE}"
    assert wording.unbroken("was 5.6 h, longer") == f"was 5.6{space}h, longer"
    assert wording.unbroken("29 Mar, before 2 Mar") == f"29{space}Mar, before 2{space}Mar"
    assert wording.unbroken("was 4.0, higher: 6 or more") == f"was 4.0, higher: 6{space}or more"
    assert wording.unbroken("5 logged days") == "5 logged days"
