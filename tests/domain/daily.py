"""Words for the tests of what is concluded from days: one mood a day, or every item by name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from journal.domain.trends import DaySummary

BEGIN = date(2026, 1, 5)
"""A Monday."""


def on(day: int) -> date:
    """The date ``day`` days after :data:`BEGIN`."""
    return BEGIN + timedelta(days=day)


def one_day(day: int, mood: float | None, **items: object) -> DaySummary:
    """A day with one check-in."""
    number = None if mood is None else round(mood)
    return DaySummary(on(day), mood, number, number, mood is not None, 1, **items)  # type: ignore[arg-type]


def moods(*values: float | None, begin: int = 0) -> list[DaySummary]:
    """One day after the other from ``begin`` on; None leaves the day out."""
    return [one_day(begin + i, value) for i, value in enumerate(values) if value is not None]


def series(values: Iterable[float], *, begin: int = 0) -> list[DaySummary]:
    """The same from any series."""
    return moods(*values, begin=begin)
