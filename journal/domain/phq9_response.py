"""Response and remission on the PHQ-9 over a course. Not the daily response of a session, and in no figure with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from journal.domain import insight_limits as limits
from journal.domain.trends import CLOSE
from journal.domain.withheld import Reason, Withheld

_BEFORE = timedelta(days=int(limits.PHQ9_BASELINE_DAYS.value))


@dataclass(frozen=True, slots=True)
class Phq9Response:
    """The latest total of a course against the one before it began. ``improvement`` in percent of that one."""

    baseline_total: int
    baseline_date: date
    last_total: int
    last_date: date
    improvement: float
    response: bool
    remission: bool


def phq9_response(totals: Sequence[tuple[date, int]], first_session: date | None) -> Phq9Response | Withheld:
    """Response is 50 % less than before, remission a total under 5 (Phillips 2019, McInnes 2022, SUSTAIN-3).

    ``totals`` of the PHQ-9 alone, on any dates. Before is the latest total of the 30 days up to the first session's own
    date, on which the questionnaire comes before the drug; after is the latest later one. Withheld without either, and
    where the total before was under 10.
    """
    if first_session is None:
        return Withheld(Reason.NO_SESSION)
    before = [one for one in totals if first_session - _BEFORE <= one[0] <= first_session]
    after = [one for one in totals if one[0] > first_session]
    if not before:
        return Withheld(Reason.NO_BASELINE, n=0, needs=1)
    baseline_date, baseline_total = max(before)
    if baseline_total < limits.PHQ9_BASELINE_FROM.value:
        return Withheld(Reason.BASELINE_ALREADY_LOW)
    if not after:
        return Withheld(Reason.TOO_FEW, n=0, needs=1)
    last_date, last_total = max(after)
    improvement = 100 * (baseline_total - last_total) / baseline_total
    return Phq9Response(
        baseline_total=baseline_total,
        baseline_date=baseline_date,
        last_total=last_total,
        last_date=last_date,
        improvement=improvement,
        response=improvement >= float(limits.RESPONSE_FROM.value) - CLOSE,
        remission=last_total < limits.PHQ9_REMISSION_UNDER.value,
    )
