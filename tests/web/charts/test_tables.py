"""Tables beside charts: every day has its row, every number is exact."""

from __future__ import annotations

from journal.domain.moods import Provenance
from journal.domain.trends import Item, days_of, weekly_means
from journal.web.charts.tables import day_table, imported_table, week_table
from tests.web.chart_cast import days, march, reading


def test_a_table_begins_on_the_first_day_there_could_be_an_entry() -> None:
    table = day_table(
        days(5, start=4), (Item.MOOD,), caption="Mood", dates=(march(1), march(5)), first_day=march(3)
    )

    assert [row[0] for row in table.rows] == ["Thu 5 Mar", "Wed 4 Mar", "Tue 3 Mar"]


def test_a_day_filled_in_before_the_first_day_is_still_there() -> None:
    table = day_table(
        days(5, start=2), (Item.MOOD,), caption="Mood", dates=(march(1), march(4)), first_day=march(4)
    )

    assert [row[0] for row in table.rows] == ["Wed 4 Mar", "Tue 3 Mar", "Mon 2 Mar"]


def test_a_column_says_when_a_day_was_filled_in_as_soon_as_one_was_later() -> None:
    given = days_of([reading(1, 5), reading(2, 6, provenance=Provenance.LATER)])
    table = day_table(given, (Item.MOOD,), caption="Mood", dates=(march(1), march(3)), first_day=march(1))

    assert table.head == ("Day", "Mood", "Filled in")
    assert table.rows == (
        ("Tue 3 Mar", "no entry yet", ""),
        ("Mon 2 Mar", "6", "later"),
        ("Sun 1 Mar", "5", "same day"),
    )


def test_dates_over_new_year_carry_their_year() -> None:
    table = day_table([], (Item.MOOD,), caption="Mood", dates=(march(-59), march(-58)), first_day=march(-59))

    assert [row[0] for row in table.rows] == ["Thu 1 Jan 2026", "Wed 31 Dec 2025"]


def test_a_week_with_too_few_days_keeps_its_row_without_a_number() -> None:
    values = [(march(day), 5.0) for day in (2, 3, 4, 5, 9, 16, 17, 18, 19)]
    series = weekly_means(values, Item.MOOD, first=march(2), last=march(30))
    table = week_table([("Mood", series)], caption="Mood")

    assert table.caption == "Mood, weekly averages, 2 to 30 March"
    assert table.rows == (
        ("23 to 29 Mar 2026", ""),
        ("16 to 22 Mar 2026", "5 (four days)"),
        ("9 to 15 Mar 2026", ""),
        ("2 to 8 Mar 2026", "5 (four days)"),
    )


def test_imported_weeks_are_said_to_be_averages() -> None:
    series = weekly_means(
        [(march(day), 4.0) for day in (2, 3, 4, 5)], "imported", first=march(2), last=march(9)
    )

    assert imported_table("Mood, 1–5", series).caption == "Mood, 1–5, weekly averages, 2 to 9 March"
