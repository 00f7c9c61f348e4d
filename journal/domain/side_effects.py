"""Side effects: their codes, how strong and from when to when, and on which check-ins they are asked about.

The questions that come every two weeks have their codes here too; their clock and what follows from them stand in
``journal.domain.long_term_flags``. Severity follows the symptom codes of HL7's personal health record guide.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import IntEnum, StrEnum

from journal.domain.clinical_limits import SIDE_EFFECT_DAYS
from journal.domain.days import local_day
from journal.domain.errors import Refused, RefusedFields
from journal.domain.reminder_prompts import SessionDay, aftercare_ends
from journal.domain.treatments import Source


class SideEffectCode(StrEnum):
    """What can be named, in the order in which it is offered."""

    LIGHTHEADEDNESS = "lightheadedness"
    DIZZINESS = "dizziness"
    NAUSEA = "nausea"
    CONFUSION = "confusion"
    DISSOCIATION = "dissociation"
    RAISED_HEART_RATE = "raised_heart_rate"
    BLURRED_VISION = "blurred_vision"
    MOOD_CHANGE = "mood_change"
    TIREDNESS = "tiredness"
    REFLECTIVE = "reflective"
    VOMITING = "vomiting"
    HEADACHE = "headache"
    ANXIETY = "anxiety"
    VERTIGO = "vertigo"
    SOMNOLENCE = "somnolence"
    DYSGEUSIA = "dysgeusia"
    RAISED_BP = "raised_bp"
    CHEST_PAIN = "chest_pain"
    FAINTING = "fainting"
    SEVERE_HEADACHE = "severe_headache"
    BREATHING_TROUBLE = "breathing_trouble"
    URINARY_URGENCY_FREQUENCY = "urinary_urgency_frequency"
    PAIN_ON_URINATION = "pain_on_urination"
    BLOOD_IN_URINE = "blood_in_urine"
    LOWER_ABDOMINAL_PAIN = "lower_abdominal_pain"
    MEMORY_TROUBLE = "memory_trouble"
    CRAVING_OR_EXTRA_USE = "craving_or_extra_use"


class Severity(IntEnum):
    """How strong it is."""

    NOT_PRESENT = 0
    MILD = 1
    MODERATE = 2
    SEVERE = 3


NEUTRAL = frozenset({SideEffectCode.REFLECTIVE})
"""No adverse event: it has no severity, and nothing follows from it."""
URGENT = frozenset(
    {
        SideEffectCode.CHEST_PAIN,
        SideEffectCode.FAINTING,
        SideEffectCode.SEVERE_HEADACHE,
        SideEffectCode.BREATHING_TROUBLE,
    }
)
LONG_TERM = frozenset(
    {
        SideEffectCode.URINARY_URGENCY_FREQUENCY,
        SideEffectCode.PAIN_ON_URINATION,
        SideEffectCode.BLOOD_IN_URINE,
        SideEffectCode.LOWER_ABDOMINAL_PAIN,
        SideEffectCode.MEMORY_TROUBLE,
        SideEffectCode.CRAVING_OR_EXTRA_USE,
    }
)
"""Asked every two weeks, never with the day's check-in."""
OFFERED = tuple(code for code in SideEffectCode if code not in LONG_TERM)
"""The chips of a check-in."""

_DAY = timedelta(days=1)


def needs_help_now(code: SideEffectCode, severity: Severity | None) -> bool:
    """Whether the page says to contact the clinic or the emergency services now: any urgent code, or blood in urine."""
    return (code in URGENT or code is SideEffectCode.BLOOD_IN_URINE) and bool(severity)


@dataclass(frozen=True, slots=True)
class SideEffect:
    """Something that came with a session. ``onset`` is the date where the patient lives; ``treatment`` a public id.

    ``public_id`` is its own, once it is kept.
    """

    treatment: str
    code: SideEffectCode
    severity: Severity | None
    onset: date
    resolved_at: datetime | None = None
    source: Source = Source.PATIENT
    public_id: str = ""

    @property
    def is_open(self) -> bool:
        """Whether it is there and has not been closed."""
        return self.code not in NEUTRAL and bool(self.severity) and self.resolved_at is None

    @property
    def deserves_a_look(self) -> bool:
        """Whether a clinician's list names it: still open, and urgent or severe."""
        return self.is_open and (needs_help_now(self.code, self.severity) or self.severity is Severity.SEVERE)


def check(effect: SideEffect, *, home: str, now: datetime) -> None:
    """Refuse, all at once as :class:`RefusedFields`, what cannot be so; ``home`` is the zone of the patient's days."""
    problems = []
    if effect.code in LONG_TERM:
        problems.append(Refused("not_a_choice", field="code"))
    if effect.code in NEUTRAL and effect.severity is not None:
        problems.append(Refused("not_a_choice", field="severity"))
    elif effect.code not in NEUTRAL and effect.severity is None:
        problems.append(Refused("severity_missing", field="severity"))
    if effect.onset > local_day(now, home):
        problems.append(Refused("day_in_future", field="onset"))
    if effect.resolved_at is not None:
        if effect.resolved_at > now:
            problems.append(Refused("time_in_future", field="resolved_at"))
        elif local_day(effect.resolved_at, home) < effect.onset:
            problems.append(Refused("resolved_before_onset", field="resolved_at"))
    if problems:
        raise RefusedFields(problems)


# On the check-in ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """What a check-in asks about side effects.

    ``treatment``: the public id of the session whose chips are offered, None on other days; ``offered``: those chips;
    ``carried``: what is open and can be closed.
    """

    treatment: str | None
    offered: tuple[SideEffectCode, ...]
    carried: tuple[SideEffect, ...]


def asked_on(
    local_date: date,
    given: Iterable[SessionDay],
    effects: Iterable[SideEffect],
    *,
    zone: str,
    now: datetime,
) -> Asked:
    """What a check-in about ``local_date`` asks, after the sessions that were ``given``.

    On the day of the latest session and the two that follow all chips, on the day itself once aftercare has ended;
    whatever is still open on every check-in, until somebody closes it.
    """
    carried = tuple(effect for effect in effects if effect.is_open and effect.onset <= local_date)
    treatment = latest_asking(local_date, given, zone=zone, now=now)
    if treatment is None:
        return Asked(None, (), carried)
    open_codes = {effect.code for effect in carried}
    return Asked(treatment.id, tuple(code for code in OFFERED if code not in open_codes), carried)


def latest_asking(
    local_date: date, given: Iterable[SessionDay], *, zone: str, now: datetime
) -> SessionDay | None:
    """The session that a check-in about ``local_date`` may ask after; of two records of one date always the same."""
    near: Sequence[SessionDay] = [
        one
        for one in given
        if one.local_date <= local_date <= one.local_date + int(SIDE_EFFECT_DAYS.value) * _DAY
        and now >= aftercare_ends(one, zone)
    ]
    return max(near, key=lambda one: (one.local_date, one.id), default=None)
