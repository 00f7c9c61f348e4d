"""The figures that clinical rules run on, each with its unit, grade and source. Nothing else lives here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from journal.domain.evidence import Grade

_READ_ON = date(2026, 11, 21)


@dataclass(frozen=True, slots=True)
class Limit:
    """One figure. ``verified_on`` is when it was last held against its source; None where nobody has or none exists."""

    value: Decimal
    unit: str
    grade: Grade
    citation: str
    verified_on: date | None = None


_LABEL = "esketamine nasal spray, prescribing information 2019"
_TRIALS = "doses of the trials that the clinical specification lists, widened"
_OURS = "our own decision"

DOSE_MG_LOW = Limit(Decimal(1), "mg", Grade.DECIDED, _TRIALS)
DOSE_MG_HIGH = Limit(Decimal(1000), "mg", Grade.DECIDED, _TRIALS)
DOSE_MG_PER_KG_LOW = Limit(Decimal("0.05"), "mg/kg", Grade.DECIDED, _TRIALS)
DOSE_MG_PER_KG_HIGH = Limit(Decimal(2), "mg/kg", Grade.DECIDED, _TRIALS)
"""Outside these a dose is kept and asked about once more: more often a slip of the finger than a dose."""

SYSTOLIC_BEFORE = Limit(Decimal(140), "mmHg", Grade.READ, _LABEL, _READ_ON)
DIASTOLIC_BEFORE = Limit(Decimal(90), "mmHg", Grade.READ, _LABEL, _READ_ON)
"""Above either of these before a dose, the label weighs a delay. On three days they are a long-term flag."""

SYSTOLIC_HIGH = Limit(Decimal(180), "mmHg", Grade.NOT_VERIFIED, "no source read yet")
DIASTOLIC_HIGH = Limit(Decimal(110), "mmHg", Grade.NOT_VERIFIED, "no source read yet")
"""From either of these on, one reading is enough for the long-term flag."""

RAISED_BLOOD_PRESSURE_DAYS = Limit(Decimal(3), "days", Grade.DECIDED, _OURS)

DISSOCIATION_LASTS = Limit(Decimal(24 * 60), "min", Grade.DECIDED, _OURS)
"""A feeling of being detached that is not gone after this is something to tell the clinic."""
DETACHED_FROM = Limit(Decimal(5), "of 10", Grade.DECIDED, _OURS)
DETACHED_DAYS = Limit(Decimal(3), "days", Grade.DECIDED, _OURS)

REPORTED_FROM = Limit(Decimal(2), "severity", Grade.DECIDED, _OURS)
REPORTED_CHECKS = Limit(Decimal(2), "checks", Grade.DECIDED, _OURS)
"""Urinary symptoms and trouble with memory count from moderate on, at two of the checks."""

ELEVATED_FROM = Limit(Decimal(2), "of 3", Grade.DECIDED, _OURS)
ELEVATED_DAYS = Limit(Decimal(2), "days", Grade.DECIDED, _OURS)
ELEVATED_WITHIN = Limit(Decimal(3), "days", Grade.DECIDED, _OURS)
SHORT_SLEEP = Limit(Decimal(5 * 60), "min", Grade.DECIDED, _OURS)
SHORT_SLEEP_ENERGY = Limit(Decimal(4), "of 4", Grade.DECIDED, _OURS)
SHORT_SLEEP_DAYS = Limit(Decimal(2), "days", Grade.DECIDED, _OURS)

WORSE_DAYS = Limit(Decimal(7), "logged days", Grade.DECIDED, _OURS)
WORSE_AMONG = Limit(Decimal(14), "logged days", Grade.DECIDED, _OURS)

WATCHED_DAYS = Limit(Decimal(14), "days", Grade.DECIDED, _OURS)
"""How far back readings and daily items are looked at: from one two-weekly check to the next."""

SIDE_EFFECT_DAYS = Limit(Decimal(2), "days", Grade.DECIDED, _OURS)
"""Side effects are asked about on the session's day and on so many days after it, then only until they are closed."""
REFLECTION_DAYS = Limit(Decimal(7), "days", Grade.DECIDED, _OURS)
"""How long after a session's day its page can be filled in."""
