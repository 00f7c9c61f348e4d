"""The daily log's items: their scales, their words, and how a day is read from its check-ins.

The items, wording and ranges are Tideline's own; the reasons for each stand in ``docs/daily-log.md``. What may be
*written* is decided in ``journal.domain.checkins``; series over many days in ``journal.domain.trends``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from journal.domain.words import translatable_in

MOOD_WORDS = (
    translatable_in("mood", "as low as it gets"),
    translatable_in("mood", "very low"),
    translatable_in("mood", "low"),
    translatable_in("mood", "rather low"),
    translatable_in("mood", "a bit low"),
    translatable_in("mood", "in between"),
    translatable_in("mood", "okay"),
    translatable_in("mood", "fairly good"),
    translatable_in("mood", "good"),
    translatable_in("mood", "very good"),
    translatable_in("mood", "as good as it gets"),
)
"""The word for each mood 0–10 in the context “mood”, read aloud beside its number."""

LOW_MOOD = 2
"""A saved mood of 0 to this puts support before the trend on the saved page. It tells nobody."""


class Provenance(StrEnum):
    """How long after its day a check-in was written. Computed from dates, never typed."""

    SAME_DAY = "same_day"
    NEXT_DAY = "next_day"
    LATER = "later"


def provenance(local_date: date, written_on: date, *, before_four: bool = False) -> Provenance:
    """How a check-in about ``local_date`` came to be, written on the local date ``written_on``.

    Before 04:00 (``before_four``) the evening is not over for the person: *yesterday* counts as the same day.
    """
    days = (written_on - local_date).days
    if days <= 0 or (days == 1 and before_four):
        return Provenance.SAME_DAY
    return Provenance.NEXT_DAY if days == 1 else Provenance.LATER


@dataclass(frozen=True, slots=True)
class Reading:
    """The numbers of one check-in, without any of its words. ``mood`` is None exactly when the person was unsure."""

    local_date: date
    recorded_at: datetime
    mood: int | None
    provenance: Provenance = Provenance.SAME_DAY
    interest: int | None = None
    anxiety: int | None = None
    energy: int | None = None
    sleep_quality: int | None = None
    sleep_min: int | None = None
    activity_min: int | None = None
    steps: int | None = None
    social: int | None = None


@dataclass(frozen=True, slots=True)
class DayMood:
    """One local date's mood: mean and range of its numbers (0–10), how many numbers, how many check-ins."""

    mean: float | None
    low: int | None
    high: int | None
    numbers: int
    logged: int


def day_mood(moods: Iterable[int | None]) -> DayMood:
    """The mood of one day from its check-ins' moods; "Not sure" (None) counts as logged but gives no number."""
    everything = list(moods)
    numbers = [mood for mood in everything if mood is not None]
    if not numbers:
        return DayMood(mean=None, low=None, high=None, numbers=0, logged=len(everything))
    return DayMood(
        mean=sum(numbers) / len(numbers),
        low=min(numbers),
        high=max(numbers),
        numbers=len(numbers),
        logged=len(everything),
    )
