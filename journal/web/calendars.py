"""A month as a calendar of moods: weeks of cells for the component ``calendar``. No web framework inside."""

from __future__ import annotations

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from journal import wording
from journal.domain.checkins import DAYS_BACK
from journal.domain.trends import DaySummary
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.web.check_in_words import filled_in, mood_said
from journal.wording import day_of_year, one_decimal, week_begins


@dataclass(frozen=True, slots=True)
class Cell:
    """One day of a calendar, as the component draws it."""

    day: int
    label: str
    href: str | None
    logged: bool
    mood: int | None = None
    shown: str | None = None
    word: str = ""
    extra: str = ""
    treatment: str | None = None
    today: bool = False
    future: bool = False


def read_month(text: str, *, today: date) -> date:
    """The first day of a month written like 2026-03; this month for anything else, and for one to come."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        first = today
    return min(first, today).replace(day=1)


def last_day(month: date) -> date:
    """The last day of the month of ``month``."""
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def weekdays(region: str) -> list[tuple[str, str]]:
    """(“Mo”, “Monday”), … in the order of the region's weeks."""
    begin, names = week_begins(region), wording.weekdays()
    return names[begin:] + names[:begin]


def weeks(
    month: date,
    days: Mapping[date, DaySummary],
    *,
    today: date,
    region: str,
    treatments: Mapping[date, str],
    entries: Callable[[date], str],
    write: Callable[[date], str],
) -> list[list[Cell | None]]:
    """The weeks of ``month``; None stands for days of other months.

    A logged day leads to its ``entries``, an empty one of the last 30 days to ``write``; ``treatments`` are the names
    of the given sessions by their day.
    """
    rows = calendar.Calendar(week_begins(region)).monthdatescalendar(month.year, month.month)
    return [
        [
            _cell(
                day, days.get(day), today=today, treatment=treatments.get(day), entries=entries, write=write
            )
            if day.month == month.month
            else None
            for day in row
        ]
        for row in rows
    ]


def _cell(
    day: date,
    summary: DaySummary | None,
    *,
    today: date,
    treatment: str | None,
    entries: Callable[[date], str],
    write: Callable[[date], str],
) -> Cell:
    label = day_of_year(day)
    if summary is None:
        may_write = today - timedelta(days=DAYS_BACK) <= day <= today
        return Cell(
            day.day,
            label,
            write(day) if may_write else None,
            logged=False,
            treatment=treatment,
            today=day == today,
            future=day > today,
        )
    mood = None if summary.mood is None else int(summary.mood + 0.5)
    return Cell(
        day.day,
        label,
        entries(day),
        logged=True,
        mood=mood,
        shown=None if summary.mood is None or summary.mood == mood else one_decimal(summary.mood),
        word="" if mood is None else mood_said(mood),
        extra=_extra(summary),
        treatment=treatment,
        today=day == today,
    )


def _extra(summary: DaySummary) -> str:
    parts = []
    if summary.logged > 1:
        parts.append(ngettext("%(num)s check-in", "%(num)s check-ins", summary.logged))
        if summary.mood_min != summary.mood_max:
            parts.append(_("%(low)s to %(high)s", low=summary.mood_min, high=summary.mood_max))
    parts.append(filled_in(summary.provenance).lower())
    return ", ".join(part for part in parts if part)
