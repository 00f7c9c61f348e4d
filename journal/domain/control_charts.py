"""Whether mood has drifted below its own steady level: a one-sided EWMA chart made for days that resemble each other.

A signal is a prompt to look. It never means relapse, and its absence never means safety.

z_t = λ·x_t + (1 − λ)·z_{t−1} over logged days, from z_0 = μ. A textbook limit (L = 2.962 over days taken as
independent, limits from 14 days) would signal within 30 steady days in 31 of 100 people whose neighbouring days
correlate by 0.4. Here h = L·s·√[ λ/(2−λ)·(1+φ(1−λ))/(1−φ(1−λ)) + (1+φ)/((1−φ)·n0) ]: the variance of z in a series
with autocorrelation φ, and that of a mean of n0 such days. It signals in 10.5 of 100 of the same people, with 21
steady days in 10. Ways to choose the constants: Smit & Snippe 2022 and the tutorial of Smit 2022; the values are ours.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from math import sqrt
from operator import itemgetter
from statistics import fmean, stdev
from typing import NamedTuple

from journal.domain.insight_limits import (
    EWMA_AUTOCORRELATION,
    EWMA_LEAST_SD,
    EWMA_WEIGHT,
    EWMA_WIDTH,
    STEADY_FROM,
    STEADY_NEEDS,
    STEADY_TO,
)
from journal.domain.trends import CLOSE, DaySummary
from journal.domain.withheld import Reason, Withheld

_WEIGHT = float(EWMA_WEIGHT.value)
_KEPT = 1 - _WEIGHT
_DAY = timedelta(days=1)
_DATE = itemgetter(0)


class ChosenBy(StrEnum):
    """Who chose the steady days."""

    PROVIDER = "provider"
    RULE = "rule"


class ChartDay(NamedTuple):
    """z after one logged day."""

    local_date: date
    z: float
    signal: bool


@dataclass(frozen=True, slots=True)
class ControlChart:
    """``mu`` and ``s`` of the ``n0`` steady days, ``limit`` = h, ``line`` = μ − h; signals are days with z below it."""

    mu: float
    s: float
    n0: int
    limit: float
    line: float
    baseline_from: date
    baseline_to: date
    baseline_by: ChosenBy
    days: tuple[ChartDay, ...]

    @property
    def signals(self) -> tuple[date, ...]:
        """The dates of all signals."""
        return tuple(day.local_date for day in self.days if day.signal)

    @property
    def is_signalling(self) -> bool:
        """Whether the latest logged day is a signal."""
        return bool(self.days) and self.days[-1].signal


def control_chart(
    days: Sequence[DaySummary],
    session_dates: Sequence[date],
    *,
    steady_from_session: date | None,
    chosen: tuple[date, date] | None = None,
) -> ControlChart | Withheld:
    """The chart over all logged days after the steady ones, of ``days`` in date order; days of a session count nowhere.

    ``steady_from_session``: the last induction session (or the first of a course without one), whose days 3 to 30 give
    the first 14 logged ones. ``chosen``: the steady days a provider picked, both included; then all logged days of
    these are steady, and the rule is not asked. Fewer than 14 logged days are too few either way.
    """
    treated = frozenset(session_dates)
    logged = [
        (day.local_date, day.mood) for day in days if day.mood is not None and day.local_date not in treated
    ]
    needs = int(STEADY_NEEDS.value)
    wanted: int | None = None
    if chosen is not None:
        first, last = chosen
    elif steady_from_session is not None:
        first = steady_from_session + int(STEADY_FROM.value) * _DAY
        last = steady_from_session + int(STEADY_TO.value) * _DAY
        wanted = needs
    else:
        return Withheld(Reason.NO_SESSION)
    begins, ends = bisect_left(logged, first, key=_DATE), bisect_right(logged, last, key=_DATE)
    steady = logged[begins:ends][:wanted]
    if len(steady) < needs:
        return Withheld(Reason.TOO_FEW, n=len(steady), needs=needs)
    if chosen is None:
        first, last = steady[0][0], steady[-1][0]
    moods = [mood for _, mood in steady]
    mu, s = fmean(moods), max(stdev(moods), float(EWMA_LEAST_SD.value))
    limit = limit_of(s, n0=len(steady))
    line = mu - limit
    under = line - CLOSE
    after = logged[bisect_right(logged, last, key=_DATE) :]
    return ControlChart(
        mu=mu,
        s=s,
        n0=len(steady),
        limit=limit,
        line=line,
        baseline_from=first,
        baseline_to=last,
        baseline_by=ChosenBy.RULE if chosen is None else ChosenBy.PROVIDER,
        days=tuple(
            ChartDay(on, z, z < under)
            for (on, _), z in zip(after, smoothed([mood for _, mood in after], start=mu), strict=True)
        ),
    )


def smoothed(values: Sequence[float], *, start: float) -> list[float]:
    """The exponentially weighted moving average after each value, from ``start`` on, with λ = 0.2."""
    averages, z = [], start
    for value in values:
        z = _WEIGHT * value + _KEPT * z
        averages.append(z)
    return averages


def limit_of(s: float, *, n0: int) -> float:
    """h: how far below μ the average may fall, for days with standard deviation ``s`` and μ from ``n0`` of them."""
    phi = float(EWMA_AUTOCORRELATION.value)
    fading = phi * (1 - _WEIGHT)
    of_average = _WEIGHT / (2 - _WEIGHT) * (1 + fading) / (1 - fading)
    of_mean = (1 + phi) / ((1 - phi) * n0)
    return float(EWMA_WIDTH.value) * s * sqrt(of_average + of_mean)
