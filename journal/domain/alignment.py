"""Sessions laid over each other by their day: what the days −7 to +28 around a session were like for this person.

The mean says what was, over the sessions under it. It says nothing about the next one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
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
from journal.domain.resampling import Resampling
from journal.domain.trends import DaySummary
from journal.domain.withheld import Reason, Withheld

_FROM, _TO = int(ALIGNED_FROM.value), int(ALIGNED_TO.value)
_SMOOTH, _SMOOTH_NEEDS = int(SMOOTH_DAYS.value), int(SMOOTH_NEEDS.value)
_DAY = timedelta(days=1)


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
    """The curves of one course. Days from the next session on, and up to the one before, belong to those.

    ``other_dates`` are the dates of sessions outside the course: their days are not this course's either. A session
    counts towards the two that are needed when there is a day with a number near it.
    """
    moods = {day.local_date: day.mood for day in days if day.mood is not None}
    by_date: dict[date, GivenSession] = {}
    for treatment in sessions:
        by_date.setdefault(treatment.local_date, treatment)
    bounds = sorted({*by_date, *other_dates})
    curves = tuple(
        _curve(
            by_date[on],
            moods,
            after=bounds[at - 1] if at else None,
            before=bounds[at + 1] if at + 1 < len(bounds) else None,
        )
        for at, on in enumerate(bounds)
        if on in by_date
    )
    return Alignment(curves=curves, days=_over_all(curves))


def _curve(
    treatment: GivenSession, moods: dict[date, float], *, after: date | None, before: date | None
) -> SessionCurve:
    """``after`` and ``before`` are the sessions around this one; their days and all beyond are not its own."""
    own: dict[int, float] = {}
    for offset in range(_FROM - _SMOOTH + 1, _TO + 1):
        on = treatment.local_date + offset * _DAY
        if on in moods and (after is None or on > after) and (before is None or on < before):
            own[offset] = moods[on]
    raw = tuple((offset, mood) for offset, mood in own.items() if offset >= _FROM)
    smooth = []
    for offset, _ in raw:
        near = [own[one] for one in _smoothed_over(offset) if one in own]
        if len(near) >= _SMOOTH_NEEDS:
            smooth.append((offset, float(median(near))))
    return SessionCurve(treatment=treatment, raw=raw, smooth=tuple(smooth))


def _smoothed_over(offset: int) -> list[int]:
    """The offsets whose median stands at ``offset``: up to three, all of them on the same side of the session."""
    return [one for one in range(offset - _SMOOTH + 1, offset + 1) if _side(one) == _side(offset)]


def _side(offset: int) -> int:
    return (offset > 0) - (offset < 0)


def _over_all(curves: Sequence[SessionCurve]) -> tuple[AlignedDay, ...] | Withheld:
    logged = sum(1 for curve in curves if curve.raw)
    needs = int(ALIGNED_SESSIONS.value)
    if logged < needs:
        return Withheld(Reason.TOO_FEW if curves else Reason.NO_SESSION, n=logged, needs=needs)
    values: dict[int, list[float]] = defaultdict(list)
    for curve in curves:
        for offset, mood in curve.raw:
            values[offset].append(mood)
    resampling = Resampling()
    return tuple(_aligned(offset, values[offset], resampling) for offset in sorted(values))


def _aligned(offset: int, moods: list[float], resampling: Resampling) -> AlignedDay:
    is_resampled = len(moods) >= int(ALIGNED_BOOTSTRAP.value)
    low, high = resampling.mean_interval(moods) if is_resampled else (min(moods), max(moods))
    return AlignedDay(
        offset=offset, n=len(moods), mean=fmean(moods), median=float(median(moods)), low=low, high=high
    )
