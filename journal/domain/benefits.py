"""How a person answered each session, and how long it held: daily response, loss of benefit and its censoring.

Sources: response and loss as in Ibrahim 2012 (daily ratings); the rest are Tideline's own decisions, written down in
``docs/insights.md``. Nothing here predicts, advises a dose or proposes a date.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise
from operator import attrgetter
from statistics import fmean

from journal.domain import insight_limits as limits
from journal.domain.baselines import Baseline, BaselineStatus
from journal.domain.clinical_limits import Limit
from journal.domain.treatments import Phase
from journal.domain.trends import CLOSE, DaySummary
from journal.domain.withheld import Reason, Withheld

_RESPONSE = float(limits.RESPONSE_FROM.value)
_LOSS = float(limits.LOSS_UNDER.value)
_FADE = float(limits.FADE_UNDER.value)
_FIRST_WEEK = int(limits.RESPONSE_WITHIN.value)
_EVALUABLE = int(limits.EVALUABLE_NEEDS.value)
_NEXT_WITHIN = int(limits.LOSS_GAP.value) + 1
_LONGEST_STEP = int(limits.LONGEST_GAP.value) + 1
_NEAR = int(limits.BOUNDS_NEAR.value)
_DIFFERS = int(limits.BOUNDS_DIFFER.value)
_SIDE = int(limits.CHANGE_DAYS.value)
_SIDE_NEEDS = int(limits.CHANGE_NEEDS.value)
_DATE = attrgetter("local_date")


@dataclass(frozen=True, slots=True)
class GivenSession:
    """A session as the analysis needs it: status completed or stopped early; sessions of one date count as one.

    ``label`` is S1, S2, … over everything given. ``early_for_worsening``: a provider ticked that this one was brought
    forward for worsening. ``censor_medication_change``: that a psychiatric medicine changed in the days after it.
    """

    local_date: date
    label: str
    phase: Phase | None = None
    early_for_worsening: bool = False
    censor_medication_change: bool = False


class EndReason(StrEnum):
    """What ended the days that count for a session."""

    LOSS = "loss"
    EARLY_FOR_WORSENING = "early_for_worsening"
    NEXT_SESSION = "next_session"
    END_OF_DATA = "end_of_data"
    GAP = "gap"
    PAUSED = "paused"
    ENDED = "ended"
    MEDICATION = "medication"


@dataclass(frozen=True, slots=True)
class BeforeAfter:
    """Mean burden of days −3…−1 minus that of +1…+3 (6.5b): positive is better; ``n`` logged days on each side."""

    change: float
    n_before: int
    n_after: int


@dataclass(frozen=True, slots=True)
class Bounds:
    """The days to loss with every missing day at its neighbours' best, and at their worst; None: no loss found."""

    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Benefit:
    """One session. Day numbers count from its own day: 1 is the day after.

    ``response`` None where it cannot be told (``reason`` says why). ``loss_day`` is set where benefit was lost;
    otherwise, after a response, ``censored``. ``observed_days`` is the day number that enters Kaplan–Meier, as an event
    unless ``censored``; None without a response. ``end_reason`` EARLY_FOR_WORSENING is the event of the rule for
    sessions brought forward: without that rule it would be censored on the same day. ``bounds`` only where missing days
    would change the answer by more than three days. ``peak``: best day mean in days 0–7 and its day number, for the
    table. ``before``: mean mood of days −3…−1. ``rows`` are the logged days looked at, from day −3 to the next session;
    :attr:`counted` are those up to ``last_counted``, the last day that counts (0: none).
    """

    treatment: GivenSession
    response: bool | None
    reason: Reason | None
    response_day: int | None
    loss_day: int | None
    began_to_fade_day: int | None
    censored: bool
    observed_days: int | None
    end_reason: EndReason | None
    change_before_after: BeforeAfter | Withheld
    bounds: Bounds | None
    before: float | None
    peak: float | None
    peak_day: int | None
    rows: tuple[DaySummary, ...]
    last_counted: int = 0

    @property
    def counted(self) -> tuple[DaySummary, ...]:
        """The logged days that response and loss were looked for in: day 1 to the last one that counts."""
        return tuple(day for day in self.rows if self.counts(day))

    def counts(self, day: DaySummary) -> bool:
        """Whether a day is one of those."""
        return 0 < (day.local_date - self.treatment.local_date).days <= self.last_counted

    @property
    def days_before(self) -> int:
        """How many logged days :attr:`before` is the mean of."""
        return sum(day.local_date < self.treatment.local_date for day in self.rows)


@dataclass(frozen=True, slots=True)
class Interruption:
    """From ``first`` to ``last`` (None: until now) the course was paused, or had ended."""

    first: date
    last: date | None
    why: EndReason


def benefits_of(
    days: Sequence[DaySummary],
    sessions: Sequence[GivenSession],
    baseline: Baseline | Withheld,
    *,
    until: date,
    interruptions: Sequence[Interruption] = (),
    medication_changes: Sequence[date] = (),
    followed_by: GivenSession | None = None,
) -> tuple[Benefit, ...]:
    """Each session of one course in date order, from the days and sessions up to ``until`` (included).

    ``medication_changes``: dates on which a psychiatric medicine changed. ``followed_by``: the first session of the
    course after this one, which ends the days of the last one here like any other.
    """
    logged = sorted((day for day in days if day.mood is not None and day.local_date <= until), key=_DATE)
    given = sorted((one for one in sessions if one.local_date <= until), key=_DATE)
    last = followed_by if followed_by is not None and followed_by.local_date <= until else None
    benefits = []
    for before, treatment, after in zip([None, *given], given, [*given[1:], last], strict=False):
        begins = treatment.local_date - timedelta(days=_SIDE)
        if before:
            begins = max(begins, before.local_date + timedelta(days=1))
        first = bisect_left(logged, begins, key=_DATE)
        ends = bisect_left(logged, after.local_date, key=_DATE) if after else len(logged)
        stops = [*_stops(treatment.local_date, interruptions), *_of_medicines(treatment, medication_changes)]
        benefits.append(_benefit(treatment, after, logged[first:ends], baseline, stops=stops, until=until))
    return tuple(benefits)


def has_come_back(benefit: Benefit, baseline: Baseline, *, since: int, limit: Limit) -> bool:
    """Whether mood lies at ``limit`` (percent of improvement) or above it again, after day ``since`` below it.

    Two logged days running say so, near each other as those of a loss are; two below it again take it back.
    """
    gains = [
        ((day.local_date - benefit.treatment.local_date).days, baseline.improvement(day.mood))
        for day in benefit.rows
        if day.mood is not None
    ]
    line, is_back = float(limit.value) - CLOSE, False
    for (day, gain), (next_day, next_gain) in pairwise(gains):
        if day <= since or next_day - day > _NEXT_WITHIN:
            continue
        if min(gain, next_gain) >= line:
            is_back = True
        elif max(gain, next_gain) < line:
            is_back = False
    return is_back


# One session ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Watched:
    """The days that count after a session: ``last`` is the number of the last one (0: none), ``why`` no later one."""

    last: int
    why: EndReason


def _benefit(
    treatment: GivenSession,
    after: GivenSession | None,
    rows: Sequence[DaySummary],
    baseline: Baseline | Withheld,
    *,
    stops: Iterable[tuple[int, EndReason]],
    until: date,
) -> Benefit:
    moods = {(day.local_date - treatment.local_date).days: day.mood for day in rows if day.mood is not None}
    peaks = [(moods[number], -number) for number in range(_FIRST_WEEK + 1) if number in moods]
    peak, peaked_before = max(peaks, default=(None, 0))
    eve = [moods[number] for number in range(-_SIDE, 0) if number in moods]
    watched = _watched(moods, treatment, after, stops=stops, until=until)
    answer = _answer(moods, watched, after, baseline)
    return Benefit(
        treatment=treatment,
        response=answer.response,
        reason=answer.reason,
        response_day=answer.response_day,
        loss_day=answer.loss_day,
        began_to_fade_day=answer.began_to_fade_day,
        censored=answer.response is True and answer.loss_day is None,
        observed_days=answer.observed_days,
        end_reason=answer.end_reason,
        change_before_after=_before_after(moods),
        bounds=answer.bounds,
        before=fmean(eve) if eve else None,
        peak=peak,
        peak_day=None if peak is None else -peaked_before,
        rows=tuple(rows),
        last_counted=watched.last,
    )


def _before_after(moods: Mapping[int, float]) -> BeforeAfter | Withheld:
    eve = [moods[number] for number in range(-_SIDE, 0) if number in moods]
    then = [moods[number] for number in range(1, _SIDE + 1) if number in moods]
    fewer = min(len(eve), len(then))
    if fewer < _SIDE_NEEDS:
        return Withheld(Reason.TOO_FEW, n=fewer, needs=_SIDE_NEEDS)
    return BeforeAfter(change=fmean(then) - fmean(eve), n_before=len(eve), n_after=len(then))


# Which days count (rule 4) --------------------------------------------------------------------------------------------


def _stops(session_date: date, interruptions: Iterable[Interruption]) -> Iterable[tuple[int, EndReason]]:
    """The first day number on which the course stood still, of every time that it did after the session."""
    for one in interruptions:
        if one.last is None or one.last > session_date:
            yield max(1, (one.first - session_date).days), one.why


def _of_medicines(treatment: GivenSession, changes: Iterable[date]) -> Iterable[tuple[int, EndReason]]:
    if treatment.censor_medication_change:
        for changed in changes:
            if changed > treatment.local_date:
                yield (changed - treatment.local_date).days, EndReason.MEDICATION


def _watched(
    moods: Mapping[int, float],
    treatment: GivenSession,
    after: GivenSession | None,
    *,
    stops: Iterable[tuple[int, EndReason]],
    until: date,
) -> _Watched:
    """Up to the last logged day before the next session, or before the first thing that cuts the days short."""
    numbers = [number for number in moods if number > 0]
    ends = ((after.local_date if after else until + timedelta(days=1)) - treatment.local_date).days
    steps = pairwise([*numbers, ends] if after else numbers)
    gaps = [(day + 1, EndReason.GAP) for day, next_day in steps if next_day - day > _LONGEST_STEP]
    cuts = [*gaps, *(stop for stop in stops if stop[0] < ends)]
    if not cuts:
        whole = EndReason.NEXT_SESSION if after else EndReason.END_OF_DATA
        return _Watched(max(numbers, default=0), whole)
    first, why = min(cuts, key=lambda cut: cut[0])
    return _Watched(max((number for number in numbers if number < first), default=0), why)


# What they say (rules 1, 2, 3 and 5) ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Answer:
    response: bool | None
    reason: Reason | None = None
    response_day: int | None = None
    loss_day: int | None = None
    began_to_fade_day: int | None = None
    observed_days: int | None = None
    end_reason: EndReason | None = None
    bounds: Bounds | None = None


def _answer(
    moods: Mapping[int, float], watched: _Watched, after: GivenSession | None, baseline: Baseline | Withheld
) -> _Answer:
    if isinstance(baseline, Withheld):
        return _Answer(None, baseline.reason)
    if baseline.status is BaselineStatus.ALREADY_LOW:
        return _Answer(None, Reason.BASELINE_ALREADY_LOW)
    gains = [
        (number, baseline.improvement(mood)) for number, mood in moods.items() if 0 < number <= watched.last
    ]
    week = [one for one in gains[:_FIRST_WEEK] if one[0] <= _FIRST_WEEK]
    if len(week) < _EVALUABLE:
        return _Answer(None, Reason.NOT_EVALUABLE, end_reason=watched.why)
    responded = _response_day(week)
    if responded is None:
        return _Answer(False, end_reason=watched.why)
    # A session that was brought forward because of worsening is the loss itself, not a reason to stop counting.
    brought_forward = (
        watched.why is EndReason.NEXT_SESSION and after is not None and after.early_for_worsening
    )
    if_none = watched.last if brought_forward else None
    fell = _loss_day(gains, responded, under=_LOSS)
    lost = fell or if_none
    if fell is not None:
        why = EndReason.LOSS
    else:
        why = EndReason.EARLY_FOR_WORSENING if brought_forward else watched.why
    return _Answer(
        True,
        response_day=responded,
        loss_day=lost,
        began_to_fade_day=_loss_day(gains, responded, under=_FADE),
        observed_days=lost or watched.last,
        end_reason=why,
        bounds=_bounds(gains, responded, lost, last=watched.last, if_none=if_none),
    )


def _response_day(week: Iterable[tuple[int, float]]) -> int | None:
    """The first of two days running, among those logged in the first week, that are at least half better."""
    for (day, gain), (_, next_gain) in pairwise(week):
        if min(gain, next_gain) >= _RESPONSE - CLOSE:
            return day
    return None


def _loss_day(gains: Iterable[tuple[int, float]], responded: int, *, under: float) -> int | None:
    """The first day after the response that is low, and so is the next logged day, soon enough after it."""
    for (day, gain), (next_day, next_gain) in pairwise(gains):
        if day > responded and next_day - day <= _NEXT_WITHIN and max(gain, next_gain) < under - CLOSE:
            return day
    return None


def _bounds(
    gains: Sequence[tuple[int, float]], responded: int, lost: int | None, *, last: int, if_none: int | None
) -> Bounds | None:
    """The answers if every missing day had been as good, and as bad, as the best and worst near it."""
    known = dict(gains)
    answers = [
        _loss_day(_filled(known, last, choose), responded, under=_LOSS) or if_none for choose in (max, min)
    ]
    # Without a loss the answer is that it held for all the days there are.
    if all(abs((answer or last) - (lost or last)) <= _DIFFERS for answer in answers):
        return None
    low, high = sorted(answers, key=lambda answer: (answer is None, answer or last))
    return Bounds(low, high)


def _filled(
    known: Mapping[int, float], last: int, choose: Callable[[list[float]], float]
) -> Iterable[tuple[int, float]]:
    """Days 1 to ``last``, those that are missing as the chosen one of the known days near them."""
    for number in range(1, last + 1):
        if number in known:
            yield number, known[number]
        elif near := [known[one] for one in range(number - _NEAR, number + _NEAR + 1) if one in known]:
            yield number, choose(near)
