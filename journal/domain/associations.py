"""Whether better nights or more movement go with better days, cautiously: lagged regression with robust errors.

mood_t = a + b·(x_t − mean x) + c·mood_{t−1} + weekday, by least squares; b ± 1.96 standard errors of Newey and West,
lag 3. Yesterday's mood stands in the model because both series carry over from day to day: a plain correlation finds a
link in 15 of 100 people who have none, however long they log. This one finds it in 21 of 100 with 28 pairs (so few are
called preliminary), 15 with 42, 11 with 60 and 9 with 90, because robust errors of short series are too small: whoever
words a link says how often (:func:`shown_by_chance`). What goes together need not be cause and effect, and of activity
the same day cannot even say which came first.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from operator import attrgetter
from statistics import fmean
from typing import NamedTuple

from journal.domain.insight_limits import (
    ACTIVITY_STEP,
    LINK_BY_CHANCE,
    LINK_PAIRS,
    LINK_PRELIMINARY_PAIRS,
    NEWEY_WEST_LAG,
    STACK_ACTIVITY_STEP,
    STACK_APART,
    STACK_DAYS,
    STACK_QUALITY_STEP,
    STACK_SLEEP_STEP,
    Z_95,
)
from journal.domain.regression import slope_of
from journal.domain.trends import CLOSE, DaySummary, Item

_DAY = timedelta(days=1)
_FULL = int(LINK_PAIRS.value)
_PRELIMINARY = int(LINK_PRELIMINARY_PAIRS.value)


class LinkStatus(StrEnum):
    """What may be said. ``preliminary``: 28 to 41 pairs, whatever the interval; ``no_clear_link``: it holds 0."""

    TOO_FEW = "too_few"
    NO_VARIATION = "no_variation"
    PRELIMINARY = "preliminary"
    NO_CLEAR_LINK = "no_clear_link"
    LINK = "link"


class Per(StrEnum):
    """One step of what: of sleep quality, an hour of sleep, or half an hour of activity."""

    QUALITY_STEP = "quality_step"
    HOUR = "hour"
    HALF_HOUR = "half_hour"


@dataclass(frozen=True, slots=True)
class Slope:
    """``b`` mood per step with its 95 % interval over ``n`` pairs."""

    b: float
    ci_low: float
    ci_high: float
    n: int


@dataclass(frozen=True, slots=True)
class TwoStacks:
    """The picture of it: moods of the days with ``split`` or ``more`` of it, and with ``less``, and both means.

    ``split`` is in hours, steps of quality (0–4) or minutes. It parts the days as evenly as a half hour of sleep, a
    step or ten minutes can, and is found without a look at mood.
    """

    split: float
    more: tuple[float, ...]
    less: tuple[float, ...]
    mean_more: float
    mean_less: float


@dataclass(frozen=True, slots=True)
class Association:
    """``slope`` None unless the status allows it. ``reverse``: mood of the day before on the same night, for sleep.

    Of the reverse the slope is in steps of quality or in hours per point of mood, beside the night before; None with
    too few of its own triples. ``stacks`` only where it may be drawn for a patient: 8 days on each side, those with
    more better by 0.5, and the interval clear of zero. ``rows`` are the dates of the pairs, also of too few.
    """

    status: LinkStatus
    n: int
    per: Per
    slope: Slope | None
    reverse: Slope | None
    stacks: TwoStacks | None
    rows: tuple[date, ...]


def sleep_and_mood(days: Sequence[DaySummary]) -> Association:
    """Sleep of the night that ended on a day with that day's mood (6.9), from ``days`` in date order.

    By quality; by hours where quality has fewer than 28 pairs and hours have them.
    """
    following = _following(days)
    by_quality = _pairs(following, Item.SLEEP_QUALITY)
    if len(by_quality.dates) < _PRELIMINARY:
        by_hours = _pairs(following, Item.SLEEP_HOURS)
        if len(by_hours.dates) >= _PRELIMINARY:
            nights = _nights(following, Item.SLEEP_HOURS)
            return _both_ways(by_hours, nights, Per.HOUR, step=float(STACK_SLEEP_STEP.value))
    nights = _nights(following, Item.SLEEP_QUALITY)
    return _both_ways(by_quality, nights, Per.QUALITY_STEP, step=float(STACK_QUALITY_STEP.value))


def activity_and_mood(days: Sequence[DaySummary]) -> Association:
    """Minutes of activity with mood of the same day (6.10), from ``days`` in date order.

    From 42 pairs on, nothing preliminary, no direction.
    """
    return _association(
        _pairs(_following(days), Item.ACTIVITY_MIN),
        Per.HALF_HOUR,
        unit=float(ACTIVITY_STEP.value),
        step=float(STACK_ACTIVITY_STEP.value),
        needs=_FULL,
    )


def shown_by_chance(pairs: int) -> int:
    """To how many of 100 people without any link one is shown with this many pairs, 28 or more.

    Between two numbers of pairs that were simulated, in proportion; beyond the last, as with that.
    """
    known = [(at, float(shown.value)) for at, shown in LINK_BY_CHANCE.items()]
    for (low, shown), (high, then) in pairwise(known):
        if pairs <= high:
            return round(shown + (then - shown) * (pairs - low) / (high - low))
    return round(known[-1][1])


# Which days make a pair -----------------------------------------------------------------------------------------------

_Following = Sequence[tuple[DaySummary, DaySummary]]
"""Days that truly follow each other, each with the one before it first."""


class _Columns(NamedTuple):
    """What enters a regression, a place in each column for each pair: the outcome also as it was the day before."""

    dates: Sequence[date] = ()
    x: Sequence[float] = ()
    outcome: Sequence[float] = ()
    outcome_before: Sequence[float] = ()


def _following(days: Sequence[DaySummary]) -> _Following:
    return [(before, day) for before, day in pairwise(days) if day.local_date == before.local_date + _DAY]


def _pairs(following: _Following, item: Item) -> _Columns:
    """Mood and the item of one day, and the mood of the day before."""
    x_of = attrgetter(item)
    return _Columns(
        *zip(
            *(
                (day.local_date, x, day.mood, before.mood)
                for before, day in following
                if day.mood is not None and before.mood is not None and (x := x_of(day)) is not None
            ),
            strict=True,
        )
    )


def _nights(following: _Following, item: Item) -> _Columns:
    """The other way round: sleep with the mood of the day before, and the sleep before that."""
    sleep_of = attrgetter(item)
    return _Columns(
        *zip(
            *(
                (day.local_date, before.mood, sleep, sleep_before)
                for before, day in following
                if before.mood is not None
                and (sleep := sleep_of(day)) is not None
                and (sleep_before := sleep_of(before)) is not None
            ),
            strict=True,
        )
    )


# What is concluded from them ------------------------------------------------------------------------------------------


def _association(pairs: _Columns, per: Per, *, step: float, needs: int, unit: float = 1.0) -> Association:
    n = len(pairs.dates)
    slope = stacks = None
    status = LinkStatus.TOO_FEW
    if n >= needs:
        slope = _slope(pairs, unit=unit)
        status = _status(slope, n)
    if slope is not None and slope.ci_low > CLOSE:
        stacks = _stacks(list(zip(pairs.x, pairs.outcome, strict=True)), step)
    return Association(
        status=status, n=n, per=per, slope=slope, reverse=None, stacks=stacks, rows=tuple(pairs.dates)
    )


def _both_ways(pairs: _Columns, nights: _Columns, per: Per, *, step: float) -> Association:
    found = _association(pairs, per, step=step, needs=_PRELIMINARY)
    if found.slope is None or len(nights.dates) < _PRELIMINARY:
        return found
    return replace(found, reverse=_slope(nights, unit=1.0))


def _status(slope: Slope | None, n: int) -> LinkStatus:
    if slope is None:
        return LinkStatus.NO_VARIATION
    if n < _FULL:
        return LinkStatus.PRELIMINARY
    holds_zero = slope.ci_low <= CLOSE and slope.ci_high >= -CLOSE
    return LinkStatus.NO_CLEAR_LINK if holds_zero else LinkStatus.LINK


def _slope(pairs: _Columns, *, unit: float) -> Slope | None:
    """Of the outcome per ``unit`` of x, beside the day before and the weekday; None where x does not vary."""
    mean = fmean(pairs.x)
    found = slope_of(
        [(value - mean) / unit for value in pairs.x],
        pairs.outcome,
        [pairs.outcome_before],
        groups=[on.weekday() for on in pairs.dates],
        lag=int(NEWEY_WEST_LAG.value),
    )
    if found is None:
        return None
    half = float(Z_95.value) * found.se
    return Slope(b=found.b, ci_low=found.b - half, ci_high=found.b + half, n=len(pairs.dates))


def _stacks(pairs: Sequence[tuple[float, float]], step: float) -> TwoStacks | None:
    """The days parted at a whole step; None where one side has too few, or those with more were hardly better."""
    values = sorted(value for value, _ in pairs)
    splits = sorted({step * int(value / step + CLOSE) for value in set(values)})
    split = min(splits, key=lambda one: abs(len(pairs) - 2 * bisect_left(values, one - CLOSE)))
    more = tuple(mood for value, mood in pairs if value >= split - CLOSE)
    less = tuple(mood for value, mood in pairs if value < split - CLOSE)
    if min(len(more), len(less)) < int(STACK_DAYS.value):
        return None
    mean_more, mean_less = fmean(more), fmean(less)
    if mean_more - mean_less < float(STACK_APART.value) - CLOSE:
        return None
    return TwoStacks(split=split, more=more, less=less, mean_more=mean_more, mean_less=mean_less)
