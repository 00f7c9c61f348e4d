"""A month as weeks of cells."""

from __future__ import annotations

from datetime import date

import pytest

from journal.domain.moods import Provenance
from journal.domain.trends import DaySummary
from journal.languages import Language, speaking
from journal.web import calendars
from journal.web.calendars import Cell

TODAY = date(2026, 3, 30)


def day(local_date: date, mood: float | None, *, low: int = 4, high: int = 7, logged: int = 1) -> DaySummary:
    return DaySummary(local_date, mood, low, high, logged, logged, provenance=Provenance.SAME_DAY)


def cells(days: list[DaySummary], *, sessions: dict[date, str] | None = None) -> dict[int, Cell]:
    weeks = calendars.weeks(
        date(2026, 3, 1),
        {one.local_date: one for one in days},
        today=TODAY,
        region="",
        treatments=sessions or {},
        entries=lambda on: f"#d-{on}",
        write=lambda on: f"/check-in?day={on}",
    )
    return {cell.day: cell for week in weeks for cell in week if cell}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-02", date(2026, 2, 1)),
        ("", date(2026, 3, 1)),
        ("2026-13", date(2026, 3, 1)),
        ("2027-01", date(2026, 3, 1)),
        ("<b>", date(2026, 3, 1)),
    ],
)
def test_a_month_in_the_address_is_read_or_is_this_one(text: str, expected: date) -> None:
    assert calendars.read_month(text, today=TODAY) == expected


def test_weeks_begin_as_people_there_are_used_to() -> None:
    assert calendars.weekdays("GR")[0] == ("Mo", "Monday")
    assert calendars.weekdays("US")[0] == ("Su", "Sunday")
    assert calendars.weekdays("MV")[0] == ("Fr", "Friday")
    assert calendars.weekdays("")[0] == ("Mo", "Monday")
    assert calendars.weekdays("QQ")[0] == ("Mo", "Monday")


def test_a_calendar_names_its_days_in_the_language_spoken() -> None:
    with speaking(Language.SPANISH):
        assert calendars.weekdays("US")[:2] == [("DO", "domingo"), ("LU", "lunes")]
        assert cells([])[30].label == "30 de marzo"


def test_a_month_has_all_its_days_and_no_others() -> None:
    assert sorted(cells([])) == list(range(1, 32))
    assert calendars.last_day(date(2028, 2, 1)) == date(2028, 2, 29)


def test_a_logged_day_leads_to_its_entries() -> None:
    cell = cells([day(date(2026, 3, 20), 7.0)])[20]
    assert (cell.logged, cell.mood, cell.shown, cell.word, cell.href) == (
        True,
        7,
        None,
        "fairly good",
        "#d-2026-03-20",
    )


def test_a_mean_is_printed_and_coloured_by_the_nearest_number() -> None:
    cell = cells([day(date(2026, 3, 20), 5.5, logged=2)])[20]
    assert (cell.mood, cell.shown, cell.extra) == (6, "5.5", "2 check-ins, 4 to 7")


def test_not_sure_is_an_entry_without_a_number() -> None:
    cell = cells([day(date(2026, 3, 20), None)])[20]
    assert (cell.logged, cell.mood, cell.shown) == (True, None, None)


def test_a_late_entry_says_so() -> None:
    late = day(date(2026, 3, 20), 6.0)._replace(provenance=Provenance.LATER)
    assert cells([late])[20].extra == "filled in later"


def test_an_empty_day_of_the_last_30_opens_a_check_in_and_others_do_not() -> None:
    found = cells([])
    assert found[1].href == "/check-in?day=2026-03-01"
    assert found[30].href == "/check-in?day=2026-03-30"
    assert (found[31].href, found[31].future) == (None, True)
    older = calendars.weeks(
        date(2026, 2, 1), {}, today=TODAY, region="", treatments={}, entries=str, write=lambda on: f"/{on}"
    )
    hrefs = {cell.day: cell.href for week in older for cell in week if cell}
    assert (hrefs[27], hrefs[28]) == (None, "/2026-02-28")


def test_a_session_and_today_are_marked() -> None:
    found = cells([], sessions={date(2026, 3, 13): "session 8"})
    assert (found[13].treatment, found[30].today, found[29].today) == ("session 8", True, False)
