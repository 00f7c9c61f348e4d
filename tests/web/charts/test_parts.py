"""The parts charts share: what the key names, and when a bar is too thin to be outlined."""

from __future__ import annotations

from journal.domain.moods import Provenance
from journal.domain.treatments import Marker
from journal.domain.trends import ImportedDay, Item, days_of
from journal.web.charts.geometry import Frame
from journal.web.charts.parts import bar_width, bars, imported_series, key_of, series_of, sleep_top, within
from tests.web.chart_cast import days, march, period, reading


def frame(last: int) -> Frame:
    return Frame(22, 324, 8, 74, 0, 10, march(1), march(last))


def test_the_key_names_only_what_is_drawn() -> None:
    plain = series_of(days(5, 5), Item.MOOD, period(1, 2))

    assert key_of([plain], []) == ()


def test_the_key_names_sessions_gaps_late_entries_and_ranges_in_that_order() -> None:
    given = days_of([reading(1, 4, hour=8), reading(1, 6), reading(3, 5, provenance=Provenance.LATER)])
    series = series_of(given, Item.MOOD, period(1, 3))

    assert [mark for mark, _ in key_of([series], [Marker(march(1), "S1")])] == [
        "session",
        "gap",
        "later",
        "range",
    ]


def test_a_bar_too_thin_for_an_outline_is_drawn_like_the_others() -> None:
    given = days_of([reading(1, 5, sleep_min=420), reading(2, 5, sleep_min=420, provenance=Provenance.LATER)])
    wide = series_of(given, Item.SLEEP_HOURS, period(1, 28))
    thin = series_of(given, Item.SLEEP_HOURS, period(1, 91))

    assert round(bar_width(wide, frame(28)), 1) == 6.6
    assert [shape.classes for shape in bars(wide, frame(28))] == ["c-sleep", "c-sleep c-bar--later"]
    assert [shape.classes for shape in bars(thin, frame(91))] == ["c-sleep"]


def test_only_sessions_on_the_dates_shown_are_marked() -> None:
    markers = [Marker(march(1), "S1"), Marker(march(5), "S2"), Marker(march(9), "S3")]

    assert within(markers, period(2, 8)) == [Marker(march(5), "S2")]


def test_the_sleep_axis_ends_at_ten_hours_unless_a_night_was_longer() -> None:
    assert sleep_top(series_of(days(5, sleep_min=600), Item.SLEEP_HOURS, period(1, 2))) == 10
    assert sleep_top(series_of(days(5, sleep_min=601), Item.SLEEP_HOURS, period(1, 2))) == 15


def test_imported_days_outside_the_dates_are_left_out() -> None:
    imported = [ImportedDay(march(1), "daylio", 5, 1, 5, 1), ImportedDay(march(5), "daylio", 3, 1, 5, 1)]
    [(series, low, high, source)] = imported_series(imported, period(4, 8))

    assert [(point.first, point.value) for point in series.points] == [(march(5), 3)]
    assert (low, high, source) == (1, 5, "Daylio")


def test_imported_days_go_by_weeks_where_the_journal_s_own_do() -> None:
    imported = [ImportedDay(march(day), "daylio", 4, 1, 5, 1) for day in (2, 3, 4, 5, 9, 10)]
    [(series, *_)] = imported_series(imported, period(1, 400))

    assert [(point.first, point.last, point.n) for point in series.points] == [(march(2), march(8), 4)]
