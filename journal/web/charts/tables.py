"""The same numbers as a table: nothing is on a chart that is not here, exact where the drawing stops short."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from journal.domain.moods import Provenance
from journal.domain.treatments import Marker
from journal.domain.trends import DaySummary, Item, Trend, window
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.languages import pgettext
from journal.web.charts import marks as chart_marks
from journal.web.charts import words as words
from journal.web.charts.marks import Mark

ONE_DAY = timedelta(days=1)
HEADS = {
    Item.MOOD: translatable("Mood"),
    Item.ANXIETY: translatable("Anxiety"),
    Item.ENERGY: translatable("Energy"),
    Item.SLEEP_HOURS: translatable("Sleep, h"),
    Item.ACTIVITY_MIN: translatable("Active, min"),
}
"""What a column is called; to be translated where it is shown."""
CHANGED = translatable("What changed")


@dataclass(frozen=True, slots=True)
class Table:
    """Newest first; the first cell of a row names it."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def day_table(
    days: Sequence[DaySummary],
    items: Sequence[Item],
    *,
    caption: str,
    dates: tuple[date, date],
    first_day: date,
    treatments: Sequence[Marker] = (),
    brought: Sequence[tuple[str, Trend]] = (),
    marks: Sequence[Mark] = (),
) -> Table:
    """A row for every eligible day of ``dates``, also the empty ones, with a column for each series ``brought`` in.

    What changed has a column of its own, where anything did.
    """
    first, last = dates
    by_date = {day.local_date: day for day in window(days, first, last)}
    imported = {
        name: {point.first: words.amount(point.value) for point in series.points} for name, series in brought
    }
    marks = chart_marks.within(marks, first, last)
    told = [
        *by_date,
        *(day for one in imported.values() for day in one),
        *(mark.local_date for mark in marks),
    ]
    begins = max(first, min([first_day, *told]))
    labels = {one.local_date: f" · {words.session_mark(one)}" for one in treatments}
    written = any(day.provenance is not Provenance.SAME_DAY for day in by_date.values())
    year = first.year != last.year
    rows = []
    shown = last
    no_entry = (_("no entry"), *[""] * (len(items) - 1 + written)) if items else ()
    while shown >= begins:
        day = by_date.get(shown)
        cells: tuple[str, ...] = no_entry
        if day is not None:
            cells = (
                *(_cell(day, item) for item in items),
                *([_(words.WRITTEN[day.provenance])] if written else []),
            )
        elif shown == last and items:
            cells = (_("no entry yet"), *no_entry[1:])
        if imported:
            cells = (*cells, *(values.get(shown, "") for values in imported.values()))
        if marks:
            cells = (*cells, chart_marks.on_day(marks, shown, shown))
        rows.append((words.row_day(shown, year=year) + labels.get(shown, ""), *cells))
        shown -= ONE_DAY
    head = (
        _("Day"),
        *(_(HEADS[item]) for item in items),
        *([_("Filled in")] if written else []),
        *imported,
        *([_(CHANGED)] if marks else []),
    )
    return Table(caption=_dated(caption, first, last), head=head, rows=tuple(rows))


def week_table(columns: Sequence[tuple[str, Trend]], *, caption: str, marks: Sequence[Mark] = ()) -> Table:
    """A row for every week: each series' mean with the days it comes from; empty where there were too few.

    What changed has a column of its own, where anything did.
    """
    by_week: dict[date, dict[str, str]] = {}
    for name, series in columns:
        for blank in series.blanks:
            by_week.setdefault(blank, {})
        for point in series.points:
            by_week.setdefault(point.first, {})[name] = (
                f"{words.amount(point.value)} ({words.counted_days(point.n)})"
            )
    series = columns[0][1]
    marks = chart_marks.within(marks, series.first, series.last)
    for mark in marks:
        by_week.setdefault(mark.local_date - timedelta(days=mark.local_date.weekday()), {})
    return Table(
        caption=_(
            "%(what)s, weekly averages, %(dates)s", what=caption, dates=words.span(series.first, series.last)
        ),
        head=(_("Week"), *(name for name, _series in columns), *([_(CHANGED)] if marks else [])),
        rows=tuple(
            (
                words.week_row(monday),
                *(by_week[monday].get(name, "") for name, _series in columns),
                *([chart_marks.on_day(marks, monday, monday + timedelta(days=6))] if marks else []),
            )
            for monday in sorted(by_week, reverse=True)
        ),
    )


def imported_table(name: str, series: Trend) -> Table:
    """The days of one source, each with its value on the source's own scale."""
    if series.weekly:
        return week_table([(name, series)], caption=name)
    year = series.first.year != series.last.year
    return Table(
        caption=_dated(name, series.first, series.last),
        head=(_("Day"), name),
        rows=tuple(
            (words.row_day(point.first, year=year), words.amount(point.value))
            for point in reversed(series.points)
        ),
    )


def _dated(caption: str, first: date, last: date) -> str:
    return _("%(what)s, %(dates)s", what=caption, dates=words.span(first, last))


def _cell(day: DaySummary, item: Item) -> str:
    if item is Item.MOOD:
        if day.mood is None:
            return pgettext("mood", "not sure")
        if day.mood_min == day.mood_max:
            return words.amount(day.mood)
        return _(
            "%(mood)s (%(low)s to %(high)s)",
            mood=words.amount(day.mood),
            low=day.mood_min,
            high=day.mood_max,
        )
    value = getattr(day, item)
    return "" if value is None else words.amount(value)
