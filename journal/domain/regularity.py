"""How regular waking is: how far the times of getting up lie apart.

The spread is the SD (n − 1) of the minutes of the day around their own mean on the 24-hour circle, so that ten before
and ten past midnight lie twenty minutes apart.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from statistics import stdev

from journal.domain.insight_limits import TALK_NEEDS
from journal.domain.withheld import Reason, Withheld

_DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Waking:
    """``spread`` in minutes over ``n`` mornings; ``rows`` are their dates and times."""

    spread: float
    n: int
    rows: tuple[tuple[date, time], ...]


def waking_of(mornings: Sequence[tuple[date, time]]) -> Waking | Withheld:
    """The spread of waking times; withheld with fewer than four mornings."""
    needs = int(TALK_NEEDS.value)
    if len(mornings) < needs:
        return Withheld(Reason.TOO_FEW, n=len(mornings), needs=needs)
    minutes = [clock.hour * 60 + clock.minute for _day, clock in mornings]
    return Waking(spread=spread_of(minutes), n=len(mornings), rows=tuple(mornings))


def spread_of(minutes: Sequence[float]) -> float:
    """The SD of two or more minutes of the day around their mean on the circle; in minutes."""
    angles = [2 * math.pi * one / _DAY_MINUTES for one in minutes]
    middle = math.atan2(sum(map(math.sin, angles)), sum(map(math.cos, angles))) / (2 * math.pi) * _DAY_MINUTES
    half = _DAY_MINUTES / 2
    return stdev((one - middle + half) % _DAY_MINUTES - half for one in minutes)
