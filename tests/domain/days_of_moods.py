"""Days made from their moods alone, for the tests of what is concluded from them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from journal.domain.trends import DaySummary


def day(local_date: date, mood: float | None) -> DaySummary:
    """One date with one check-in; None is "Not sure"."""
    whole = None if mood is None else round(mood)
    return DaySummary(local_date, mood, whole, whole, 0 if mood is None else 1, 1)


def days_from(begins: date, moods: Iterable[float | None]) -> list[DaySummary]:
    """One date after the other from ``begins`` on; None is a date without a check-in."""
    return [day(begins + timedelta(days=i), mood) for i, mood in enumerate(moods) if mood is not None]


def days_at(day_zero: date, moods: Mapping[int, float]) -> list[DaySummary]:
    """Days by their number: 0 is ``day_zero``, 1 the day after it."""
    return [day(day_zero + timedelta(days=number), mood) for number, mood in sorted(moods.items())]
