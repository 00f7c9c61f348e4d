"""Kaplan–Meier over a person's own sessions: how long benefit held, with sessions that were cut short counted as such.

Product-limit estimate, Greenwood's standard error, log-log interval with z = 1.96, restricted mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, log, sqrt

from journal.domain import insight_limits as limits
from journal.domain.benefits import Benefit, EndReason
from journal.domain.trends import CLOSE
from journal.domain.withheld import Reason, Withheld

_SESSIONS = int(limits.SURVIVAL_SESSIONS.value)
_EVENTS = int(limits.SURVIVAL_EVENTS.value)
_UNTIL = int(limits.SURVIVAL_UNTIL.value)
_HALVES = int(limits.TREND_SESSIONS.value)
_Z = float(limits.Z_95.value)
_HALF = 0.5

Duration = tuple[int, bool]
"""How many days a session was watched, and whether benefit was lost on the last of them (else it was censored)."""


@dataclass(frozen=True, slots=True)
class Step:
    """One event day: ``s`` with its standard error and interval, which are None where S is 0."""

    t: int
    at_risk: int
    events: int
    s: float
    se: float | None
    ci_low: float | None
    ci_high: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """The whole of it. ``median`` None: not reached; so are the ends of its interval.

    ``rmst_28`` carries the last S beyond ``followed_to``, the longest that any session was watched.
    """

    n: int
    events: int
    table: tuple[Step, ...]
    median: int | None
    ci_low: int | None
    ci_high: int | None
    rmst_28: float
    followed_to: int


@dataclass(frozen=True, slots=True)
class HalfTrend:
    """Restricted mean to 28 days of the first half of the responder sessions, and of the second.

    ``events_…`` are the losses in it. Beyond the longest time a half was watched (``followed_to_…``) its last S is
    carried.
    """

    first: float
    second: float
    n_first: int
    n_second: int
    events_first: int
    events_second: int
    followed_to_first: int
    followed_to_second: int


@dataclass(frozen=True, slots=True)
class Durability:
    """What the sessions of a course say together. ``n`` responder sessions, ``events`` losses among them.

    ``curve`` from five responder sessions and three events on, else withheld ("too early to estimate"). ``as_censored``
    the same curve without the rule for sessions brought forward; None where no session was.
    """

    n: int
    events: int
    no_response: int
    not_evaluable: int
    curve: Curve | Withheld
    as_censored: Curve | Withheld | None
    trend: HalfTrend | Withheld


def durability_of(benefits: Sequence[Benefit]) -> Durability:
    """The durability over one course's sessions, in any order."""
    ordered = sorted(benefits, key=lambda one: one.treatment.local_date)
    held = [(one.observed_days, one) for one in ordered if one.observed_days is not None]
    durations = [(days, not one.censored) for days, one in held]
    as_censored = [(days, one.end_reason is EndReason.LOSS) for days, one in held]
    return Durability(
        n=len(durations),
        events=sum(lost for _, lost in durations),
        no_response=sum(one.response is False for one in ordered),
        not_evaluable=sum(one.reason is Reason.NOT_EVALUABLE for one in ordered),
        curve=_curve_if_enough(durations),
        as_censored=None if as_censored == durations else _curve_if_enough(as_censored),
        trend=_trend(durations),
    )


def kaplan_meier(durations: Sequence[Duration]) -> Curve:
    """The curve of one duration or more. What was censored on an event day counts among those of that day."""
    table = _table(durations)
    followed_to = max(days for days, _ in durations)
    return Curve(
        n=len(durations),
        events=sum(lost for _, lost in durations),
        table=table,
        median=_first_at_half((step.t, step.s) for step in table),
        ci_low=_first_at_half((step.t, step.ci_low) for step in table),
        ci_high=_first_at_half((step.t, step.ci_high) for step in table),
        rmst_28=restricted_mean(table, _UNTIL),
        followed_to=followed_to,
    )


def restricted_mean(table: Sequence[Step], until: int) -> float:
    """The area under the steps from day 0 to ``until``, in days. Beyond the last step its S is carried."""
    corners = [(0, 1.0), *((step.t, step.s) for step in table if step.t < until), (until, 0.0)]
    return sum(s * (next_t - t) for (t, s), (next_t, _) in pairwise(corners))


def _first_at_half(values: Iterable[tuple[int, float | None]]) -> int | None:
    return next((t for t, value in values if value is not None and value <= _HALF + CLOSE), None)


def _table(durations: Sequence[Duration]) -> tuple[Step, ...]:
    steps = []
    s, variance = 1.0, 0.0
    for t in sorted({days for days, lost in durations if lost}):
        at_risk = sum(days >= t for days, _ in durations)
        events = sum(days == t and lost for days, lost in durations)
        s *= 1 - events / at_risk
        if at_risk == events:
            steps.append(Step(t, at_risk, events, 0.0, None, None, None))
            break
        variance += events / (at_risk * (at_risk - events))
        # The interval is one of log(−log S), so that it never leaves 0 to 1.
        half = _Z * sqrt(variance) / abs(log(s))
        steps.append(Step(t, at_risk, events, s, s * sqrt(variance), s ** exp(half), s ** exp(-half)))
    return tuple(steps)


def _curve_if_enough(durations: Sequence[Duration]) -> Curve | Withheld:
    events = sum(lost for _, lost in durations)
    if len(durations) < _SESSIONS:
        return Withheld(Reason.TOO_EARLY, n=len(durations), needs=_SESSIONS)
    if events < _EVENTS:
        return Withheld(Reason.TOO_EARLY, n=events, needs=_EVENTS)
    return kaplan_meier(durations)


def _trend(durations: Sequence[Duration]) -> HalfTrend | Withheld:
    """The middle one of an odd number is in the second half."""
    if len(durations) < _HALVES:
        return Withheld(Reason.TOO_EARLY, n=len(durations), needs=_HALVES)
    middle = len(durations) // 2
    first, second = kaplan_meier(durations[:middle]), kaplan_meier(durations[middle:])
    return HalfTrend(
        first=first.rmst_28,
        second=second.rmst_28,
        n_first=first.n,
        n_second=second.n,
        events_first=first.events,
        events_second=second.events,
        followed_to_first=first.followed_to,
        followed_to_second=second.followed_to,
    )
