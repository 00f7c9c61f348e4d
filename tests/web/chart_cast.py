"""Days and periods for the chart tests: March 2026, one check-in a day unless said otherwise."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from journal.domain.moods import Provenance, Reading
from journal.domain.trends import DaySummary, days_of
from journal.web.charts.parts import Period

MARCH = date(2026, 3, 1)


def march(day: int) -> date:
    return MARCH + timedelta(days=day - 1)


def reading(
    day: int, mood: int | None, *, hour: int = 20, provenance: Provenance = Provenance.SAME_DAY, **items: int
) -> Reading:
    at = datetime(2026, 3, 1, hour, tzinfo=UTC) + timedelta(days=day - 1)
    return Reading(march(day), at, mood, provenance, **items)


def days(*values: int | None, start: int = 1, **items: int) -> list[DaySummary]:
    """From 1 March (or ``start``) on, None leaving a day out, each with the same other items."""
    return days_of(reading(start + i, value, **items) for i, value in enumerate(values) if value is not None)


def period(first: int, last: int, *, first_day: int | None = None) -> Period:
    return Period(march(first), march(last), march(first if first_day is None else first_day))
