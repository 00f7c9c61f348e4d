"""Sessions laid over each other by their day: what the days −7 to +28 around a session were like for this person.

The mean says what was, over the sessions under it. It says nothing about the next one.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import attrgetter
from statistics import fmean, median

from journal.domain.benefits import GivenSession
from journal.domain.insight_limits import (
    ALIGNED_BOOTSTRAP,
    ALIGNED_FROM,
    ALIGNED_SESSIONS,
    ALIGNED_TO,
    SMOOTH_DAYS,
    SMOOTH_NEEDS,
)
from journal.domain.resampling import mean_interval
from journal.domain.trends import DaySummary
from journal.domain.withheld import Reason, Withheld

_FROM, _TO = int(ALIGNED_FROM.value), int(ALIGNED_TO.value)
_SMOOTH, _SMOOTH_NEEDS = int(SMOOTH_DAYS.value), int(SMOOTH_NEEDS.value)
_BEFORE, _AFTER = timedelta(days=_FROM - _SMOOTH + 1), timedelta(days=_TO)
_DATE = attrgetter("local_date")


@dataclass(frozen=True, slots=True)
class AlignedDay:
    """One offset from the session's day, in mood units, over ``n`` sessions.

    ``low``–``high``: min–max with fewer than four sessions, the 95 % percentile bootstrap of the mean from four on.
    ``n`` 1 is a dot and never part of a line.
    """

    offset: int
    n: int
    mean: float
    median: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class SessionCurve:
    """One session's own line: ``raw`` (offset, day mean) and ``smooth`` (trailing 3-day median, 6.2) of logged days.

    Smoothing takes the available days among a day and the two before it, at least two of them, never across a session:
    the session's own day belongs to neither side and is drawn as it is.
    """

    treatment: GivenSession
    raw: tuple[tuple[int, float], ...]
    smooth: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True)
class Alignment:
    """Every session's curve in date order, and the days over all of them; withheld with fewer than two sessions."""

    curves: tuple[SessionCurve, ...]
    days: tuple[AlignedDay, ...] | Withheld


def align(
    days: Sequence[DaySummary], sessions: Sequence[GivenSession], *, other_dates: Iterable[date] = ()
) -> Alignment:
    """The curves of one course and the days over all of them; the arguments are those of :func:`session_curves`.

    A session counts towards the two that are needed when there is a day with a number near it.
    """
    curves = session_curves(days, sessions, other_dates=other_dates)
    return Alignment(curves=curves, days=_over_all(curves))


def session_curves(
    days: Sequence[DaySummary], sessions: Sequence[GivenSession], *, other_dates: Iterable[date] = ()
) -> tuple[SessionCurve, ...]:
    """The curve of each session of one course, from ``days`` in date order.

    Days from the next session on, and up to the one before, belong to those. ``other_dates`` are the dates of sessions
    outside the course: their days are not this course's either.
    """
    by_date: dict[date, GivenSession] = {}
    for treatment in sessions:
        by_date.setdefault(treatment.local_date, treatment)
    bounds = sorted({*by_date, *other_dates})
    return tuple(
        _curve(by_date[on], days[bisect_right(days, after, key=_DATE) : bisect_left(days, before, key=_DATE)])
        for after, on, before in zip([date.min, *bounds], bounds, [*bounds[1:], date.max], strict=False)
        if on in by_date
    )


def _curve(treatment: GivenSession, days: Sequence[DaySummary]) -> SessionCurve:
    """``days`` are those between the sessions around this one, of which the near ones are its own."""
    on = treatment.local_date
    near = days[bisect_left(days, on + _BEFORE, key=_DATE) : bisect_right(days, on + _AFTER, key=_DATE)]
    own = {(day.local_date - on).days: day.mood for day in near if day.mood is not None}
    raw = tuple((offset, mood) for offset, mood in own.items() if offset >= _FROM)
    smooth = []
    for offset, _ in raw:
        moods = [own[one] for one in _SMOOTHED_OVER[offset] if one in own]
        if len(moods) >= _SMOOTH_NEEDS:
            smooth.append((offset, float(median(moods))))
    return SessionCurve(treatment=treatment, raw=raw, smooth=tuple(smooth))


def _side(offset: int) -> int:
    return (offset > 0) - (offset < 0)


_SMOOTHED_OVER = {
    offset: [one for one in range(offset - _SMOOTH + 1, offset + 1) if _side(one) == _side(offset)]
    for offset in range(_FROM, _TO + 1)
}
"""The offsets whose median stands at each: up to three, all of them on the same side of the session."""


def _over_all(curves: Sequence[SessionCurve]) -> tuple[AlignedDay, ...] | Withheld:
    logged = sum(1 for curve in curves if curve.raw)
    needs = int(ALIGNED_SESSIONS.value)
    if logged < needs:
        return Withheld(Reason.TOO_FEW if curves else Reason.NO_SESSION, n=logged, needs=needs)
    values: dict[int, list[float]] = defaultdict(list)
    for curve in curves:
        for offset, mood in curve.raw:
            values[offset].append(mood)
    return tuple(_aligned(offset, values[offset]) for offset in sorted(values))


def _aligned(offset: int, moods: list[float]) -> AlignedDay:
    is_resampled = len(moods) >= int(ALIGNED_BOOTSTRAP.value)
    low, high = mean_interval(moods) if is_resampled else (min(moods), max(moods))
    return AlignedDay(
        offset=offset, n=len(moods), mean=fmean(moods), median=float(median(moods)), low=low, high=high
    )
