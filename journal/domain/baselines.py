"""The mood before treatment: what everything that follows a course's first session is held against.

*Burden* is 10 − the day's mean mood, 0 best; rules run on it, screens show mood.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from statistics import median

from journal.domain import insight_limits as limits
from journal.domain.treatments import BASELINE_WINDOW
from journal.domain.trends import CLOSE, DaySummary
from journal.domain.withheld import Reason, Withheld

BEST_MOOD = 10
_NEEDS = int(limits.BASELINE_NEEDS.value)
_NEAR = timedelta(days=int(limits.BASELINE_NEAR.value))
_ALREADY_LOW = float(limits.ALREADY_LOW_UNDER.value)
_KEPT = 1 - float(limits.LOSS_UNDER.value) / 100


class BaselineStatus(StrEnum):
    """Whether there is room for a change: a burden under 2 is already low, and no percentage of it is shown."""

    OK = "ok"
    ALREADY_LOW = "already_low"


@dataclass(frozen=True, slots=True)
class Baseline:
    """B and what it was computed from.

    ``burden``: median of 10 − mood (0–10, 0 best); ``mood`` = 10 − B; ``hold_line`` = 10 − 0.75·B, the mood under which
    benefit counts as lost. ``n`` logged days from ``first_day`` to ``last_day``; ``rows`` are they.
    """

    burden: float
    mood: float
    hold_line: float
    n: int
    first_day: date
    last_day: date
    status: BaselineStatus
    rows: tuple[DaySummary, ...] = ()

    def improvement(self, mood: float) -> float:
        """How much better a day of ``mood`` is, in percent of the burden before treatment; negative is worse.

        Only for a baseline that is not already low: of a small burden every percentage is large.
        """
        return 100 * (self.burden - (BEST_MOOD - mood)) / self.burden


def baseline_of(
    days: Sequence[DaySummary], first_session: date | None, *, window_days: int = BASELINE_WINDOW
) -> Baseline | Withheld:
    """The baseline of a course whose first given session was on ``first_session`` (that day excluded).

    The median over the ``window_days`` before it; of an even number, the mean of the middle two. Withheld with fewer
    than five days with a number, or, however many there are, without any in the last five days.
    """
    if first_session is None:
        return Withheld(Reason.NO_SESSION)
    begins = first_session - timedelta(days=window_days)
    rows = tuple(day for day in days if begins <= day.local_date < first_session and day.mood is not None)
    if len(rows) < _NEEDS or max(day.local_date for day in rows) < first_session - _NEAR:
        return Withheld(Reason.NO_BASELINE, n=len(rows), needs=_NEEDS)
    burden = float(median(BEST_MOOD - day.mood for day in rows if day.mood is not None))
    already_low = burden < _ALREADY_LOW - CLOSE
    return Baseline(
        burden=burden,
        mood=BEST_MOOD - burden,
        hold_line=BEST_MOOD - _KEPT * burden,
        n=len(rows),
        first_day=min(day.local_date for day in rows),
        last_day=max(day.local_date for day in rows),
        status=BaselineStatus.ALREADY_LOW if already_low else BaselineStatus.OK,
        rows=rows,
    )
