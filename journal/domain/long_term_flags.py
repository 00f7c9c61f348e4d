"""What the two-weekly answers, and the days between them, point a provider to.

A flag says what was reported and on which dates: a prompt to look, never a finding. It is worked out anew each time
and gone when it is no longer true. Flags that come from questionnaires about danger stand elsewhere; when the
questions are asked is said in ``journal.domain.assessment_calendar``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from journal.domain.clinical_limits import (
    DETACHED_DAYS,
    DETACHED_FROM,
    DIASTOLIC_BEFORE,
    DIASTOLIC_HIGH,
    ELEVATED_DAYS,
    ELEVATED_FROM,
    ELEVATED_WITHIN,
    RAISED_BLOOD_PRESSURE_DAYS,
    REPORTED_CHECKS,
    REPORTED_FROM,
    SHORT_SLEEP,
    SHORT_SLEEP_DAYS,
    SHORT_SLEEP_ENERGY,
    SYSTOLIC_BEFORE,
    SYSTOLIC_HIGH,
    WATCHED_DAYS,
    WORSE_AMONG,
    WORSE_DAYS,
    Limit,
)
from journal.domain.instruments import ReliableFigures
from journal.domain.side_effects import Severity, SideEffectCode
from journal.domain.treatment_checks import is_very_high
from journal.domain.trends import CLOSE, DaySummary

_DAY = timedelta(days=1)
_URINARY = (
    SideEffectCode.URINARY_URGENCY_FREQUENCY,
    SideEffectCode.PAIN_ON_URINATION,
    SideEffectCode.LOWER_ABDOMINAL_PAIN,
)


class Watched(StrEnum):
    """What a flag is about."""

    URINARY = "urinary"
    CRAVING = "craving"
    BLOOD_PRESSURE = "blood_pressure"
    DISSOCIATION = "dissociation"
    ELEVATED = "elevated"
    COGNITION = "cognition"
    WORSENING = "worsening"


@dataclass(frozen=True, slots=True)
class LongTermCheck:
    """The answers of one date. Wanting or using more than planned is yes (any severity) or no (not present)."""

    local_date: date
    answers: Mapping[SideEffectCode, Severity]

    def has(self, *codes: SideEffectCode, least: int) -> bool:
        """Whether any of ``codes`` was answered with ``least`` or more."""
        return any(self.answers.get(code, Severity.NOT_PRESENT) >= least for code in codes)


@dataclass(frozen=True, slots=True)
class LongTermFlag:
    """What was reported, on which dates, and the limits it was held against, with their grade."""

    watched: Watched
    dates: tuple[date, ...]
    limits: tuple[Limit, ...] = ()


# What the answers show ------------------------------------------------------------------------------------------------


def flags_of_checks(checks: Iterable[LongTermCheck]) -> list[LongTermFlag]:
    """What the answers of one course point to.

    Urinary symptoms: urgency, frequency or pain from moderate on at two checks, or blood once. Memory: trouble from
    moderate on at two checks. Wanting or using more than planned: any yes.
    """
    answered = sorted(checks, key=lambda check: check.local_date)
    least, often = int(REPORTED_FROM.value), int(REPORTED_CHECKS.value)
    flags = []
    blood = _dates(answered, SideEffectCode.BLOOD_IN_URINE, least=1)
    urinary = _dates(answered, *_URINARY, least=least)
    if blood or len(urinary) >= often:
        seen = sorted({*blood, *(urinary if len(urinary) >= often else ())})
        flags.append(LongTermFlag(Watched.URINARY, tuple(seen), (REPORTED_FROM, REPORTED_CHECKS)))
    craving = _dates(answered, SideEffectCode.CRAVING_OR_EXTRA_USE, least=1)
    if craving:
        flags.append(LongTermFlag(Watched.CRAVING, craving))
    memory = _dates(answered, SideEffectCode.MEMORY_TROUBLE, least=least)
    if len(memory) >= often:
        flags.append(LongTermFlag(Watched.COGNITION, memory, (REPORTED_FROM, REPORTED_CHECKS)))
    return flags


def _dates(checks: Iterable[LongTermCheck], *codes: SideEffectCode, least: int) -> tuple[date, ...]:
    return tuple(check.local_date for check in checks if check.has(*codes, least=least))


# What the days between them show --------------------------------------------------------------------------------------


def blood_pressure(readings: Iterable[tuple[date, int, int]], *, until: date) -> LongTermFlag | None:
    """Readings (date, systolic, diastolic, mmHg) of the 14 dates that end with ``until``.

    One that reaches 180 or 110, or three dates on which one reaches 140 or 90.
    """
    near = [reading for reading in readings if _is_recent(reading[0], until)]
    high = {day for day, sys, dia in near if is_very_high(sys, dia)}
    raised = {day for day, sys, dia in near if sys >= SYSTOLIC_BEFORE.value or dia >= DIASTOLIC_BEFORE.value}
    if len(raised) >= RAISED_BLOOD_PRESSURE_DAYS.value:
        limits = (SYSTOLIC_BEFORE, DIASTOLIC_BEFORE, RAISED_BLOOD_PRESSURE_DAYS)
        return LongTermFlag(Watched.BLOOD_PRESSURE, tuple(sorted(raised)), limits)
    if high:
        return LongTermFlag(Watched.BLOOD_PRESSURE, tuple(sorted(high)), (SYSTOLIC_HIGH, DIASTOLIC_HIGH))
    return None


def dissociation(
    *,
    unresolved: Iterable[date],
    detached: Iterable[tuple[date, int]],
    given_on: Iterable[date],
    until: date,
) -> LongTermFlag | None:
    """``unresolved``: sessions after which it lasted longer than a day. ``detached``: the daily item, 0–10, which
    counts from 5 on three of the 14 dates that end with ``until``; the days of sessions do not count."""
    lasting = {day for day in unresolved if _is_recent(day, until)}
    sessions = set(given_on)
    far = {
        day
        for day, felt in detached
        if felt >= DETACHED_FROM.value and day not in sessions and _is_recent(day, until)
    }
    often = far if len(far) >= DETACHED_DAYS.value else set()
    if not lasting | often:
        return None
    limits = (DETACHED_FROM, DETACHED_DAYS) if often else ()
    return LongTermFlag(Watched.DISSOCIATION, tuple(sorted(lasting | often)), limits)


def elevated(
    days: Sequence[DaySummary], *, elevated_on: Mapping[date, int], until: date
) -> LongTermFlag | None:
    """For a patient whose provider turned this on, in the 14 dates that end with ``until``.

    The daily item (0–3) from 2 on two of three dates running, or two dates with less than 5 hours of sleep and the
    highest energy.
    """
    high = sorted(day for day, felt in elevated_on.items() if felt >= ELEVATED_FROM.value)
    high = [day for day in high if _is_recent(day, until)]
    apart = (int(ELEVATED_WITHIN.value) - 1) * _DAY
    dense = {
        day
        for start in high
        if len(found := [one for one in high if start <= one <= start + apart]) >= ELEVATED_DAYS.value
        for day in found
    }
    awake = {
        day.local_date
        for day in days
        if day.sleep_hours is not None
        and day.sleep_hours * 60 < float(SHORT_SLEEP.value) - CLOSE
        and day.energy == SHORT_SLEEP_ENERGY.value
        and _is_recent(day.local_date, until)
    }
    restless = awake if len(awake) >= SHORT_SLEEP_DAYS.value else set()
    if not dense | restless:
        return None
    limits = [
        *((ELEVATED_FROM, ELEVATED_DAYS, ELEVATED_WITHIN) if dense else ()),
        *((SHORT_SLEEP, SHORT_SLEEP_ENERGY, SHORT_SLEEP_DAYS) if restless else ()),
    ]
    return LongTermFlag(Watched.ELEVATED, tuple(sorted(dense | restless)), tuple(limits))


def worsening(
    days: Sequence[DaySummary],
    *,
    baseline_mood: float | None,
    induction_ended: date,
    phq9: Sequence[tuple[date, int]],
    reliable: ReliableFigures,
) -> LongTermFlag | None:
    """After induction: mood below ``baseline_mood`` on 7 of the last 14 logged days, or the last PHQ-9 total above the
    one before by the ``reliable`` threshold of that questionnaire or more. Days and totals up to ``induction_ended``
    do not count, but for that earlier total."""
    logged = [
        (day.local_date, day.mood)
        for day in days
        if day.mood is not None and day.local_date > induction_ended
    ][-int(WORSE_AMONG.value) :]
    below = [day for day, mood in logged if mood < baseline_mood - CLOSE] if baseline_mood is not None else []
    if len(below) >= WORSE_DAYS.value:
        return LongTermFlag(Watched.WORSENING, tuple(below), (WORSE_DAYS, WORSE_AMONG))
    totals = sorted(phq9)[-2:]
    if (
        len(totals) == 2
        and totals[1][0] > induction_ended
        and totals[1][1] - totals[0][1] >= reliable.threshold
    ):
        return LongTermFlag(Watched.WORSENING, tuple(day for day, _total in totals), (_points(reliable),))
    return None


def _points(reliable: ReliableFigures) -> Limit:
    source = reliable.source
    return Limit(Decimal(reliable.threshold), "points", source.grade, source.citation, source.verified_on)


def _is_recent(day: date, until: date) -> bool:
    return until - int(WATCHED_DAYS.value) * _DAY < day <= until
