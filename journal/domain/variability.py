"""How much mood goes up and down from one day to the next.

RMSSD = √mean((y_t − y_{t−1})²) over days that truly follow each other (Jahng 2008, without its adjustment for unequal
gaps: those pairs are left out). It is no sign of any disorder, and near 0 and 10 it is small because the scale ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import sqrt
from statistics import fmean, stdev

from journal.domain.insight_limits import VARIABILITY_DAYS
from journal.domain.trends import DaySummary
from journal.domain.withheld import Reason, Withheld


@dataclass(frozen=True, slots=True)
class Variability:
    """``rmssd`` over the ``pairs`` of truly adjacent days; ``sd`` (n − 1) and range over ``n`` days; mood units.

    ``rmssd`` is None where no two days are adjacent.
    """

    rmssd: float | None
    sd: float
    low: float
    high: float
    n: int
    pairs: int


def variability(days: Sequence[DaySummary]) -> Variability | Withheld:
    """Over days with a number; withheld with fewer than 42 of them."""
    moods = [day.mood for day in days if day.mood is not None]
    needs = int(VARIABILITY_DAYS.value)
    if len(moods) < needs:
        return Withheld(Reason.TOO_FEW, n=len(moods), needs=needs)
    steps = steps_of(days)
    return Variability(
        rmssd=root_mean_square(steps) if steps else None,
        sd=stdev(moods),
        low=min(moods),
        high=max(moods),
        n=len(moods),
        pairs=len(steps),
    )


def steps_of(days: Sequence[DaySummary]) -> list[float]:
    """The change from each day with a number to the very next date, where that has one too; ``days`` in date order."""
    logged = [(day.local_date.toordinal(), day.mood) for day in days if day.mood is not None]
    return [later - mood for (on, mood), (next_on, later) in pairwise(logged) if next_on == on + 1]


def root_mean_square(steps: Sequence[float]) -> float:
    """The RMSSD of one step or more."""
    return sqrt(fmean(step * step for step in steps))
