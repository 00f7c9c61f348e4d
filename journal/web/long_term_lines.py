"""Long-term flags in words: what was reported, on which dates, among how many, and by which rule. No web framework.

Never a finding and never a diagnosis: a line says "reported", names its rule, and says where nobody has verified a
figure of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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
    SHORT_SLEEP,
    SHORT_SLEEP_DAYS,
    SHORT_SLEEP_ENERGY,
    SYSTOLIC_BEFORE,
    SYSTOLIC_HIGH,
    WORSE_AMONG,
    WORSE_DAYS,
)
from journal.domain.evidence import Grade
from journal.domain.long_term_flags import LongTermFlag, Watched
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.services.long_term_flags import Reported
from journal.wording import short_day, short_day_and_year


@dataclass(frozen=True, slots=True)
class FlagLine:
    """One flag: what was reported and when, among how many, its rule, and the grade of a figure nobody has verified."""

    what: str
    when: str
    among: str
    rule: str
    not_verified: str


def flag_lines(found: Sequence[Reported]) -> list[FlagLine]:
    """The lines of a list of flags, in its order."""
    return [
        FlagLine(
            what=reported_words(one.flag.watched, is_of_mood=_is_of_mood(one.flag)),
            when=_dates(one.flag.dates),
            among=_among(one),
            rule=_rule(one.flag),
            not_verified=_not_verified(one.flag),
        )
        for one in found
    ]


def reported_words(watched: Watched, *, is_of_mood: bool) -> str:
    """What was reported; worsening says of what, of mood or of the PHQ-9."""
    if watched is Watched.URINARY:
        return _("Urinary symptoms reported")
    if watched is Watched.CRAVING:
        return _("Wanting or using ketamine outside the plan reported")
    if watched is Watched.BLOOD_PRESSURE:
        return _("Raised blood pressure readings recorded")
    if watched is Watched.DISSOCIATION:
        return _("Lasting or repeated feeling of being detached reported")
    if watched is Watched.ELEVATED:
        return _("More energy than usual, or very short sleep with the highest energy, reported")
    if watched is Watched.COGNITION:
        return _("Trouble remembering reported")
    if is_of_mood:
        return _("Mood below that before treatment reported")
    return _("A higher PHQ-9 total than the time before")


def _among(one: Reported) -> str:
    watched, number = one.flag.watched, one.among
    if watched in (Watched.URINARY, Watched.CRAVING, Watched.COGNITION):
        return ngettext(
            "%(days)s of %(num)s two-weekly check of this course",
            "%(days)s of %(num)s two-weekly checks of this course",
            number,
            days=len(one.flag.dates),
        )
    if watched is Watched.BLOOD_PRESSURE:
        return ngettext("%(num)s reading in 14 days", "%(num)s readings in 14 days", number)
    if watched is Watched.DISSOCIATION:
        return ngettext(
            "the daily item was answered on %(num)s day of 14",
            "the daily item was answered on %(num)s days of 14",
            number,
        )
    if watched is Watched.ELEVATED:
        return ngettext("%(num)s logged day of 14", "%(num)s logged days of 14", number)
    if _is_of_mood(one.flag):
        return ngettext(
            "%(days)s of the last %(num)s logged day",
            "%(days)s of the last %(num)s logged days",
            min(number, int(WORSE_AMONG.value)),
            days=len(one.flag.dates),
        )
    return ""


def _rule(flag: LongTermFlag) -> str:
    if flag.watched is Watched.URINARY:
        return _(
            "Rule: moderate or more at %(checks)s checks, or any blood at one.", checks=REPORTED_CHECKS.value
        )
    if flag.watched is Watched.COGNITION:
        return _("Rule: moderate or more at %(checks)s checks.", checks=REPORTED_CHECKS.value)
    if flag.watched is Watched.CRAVING:
        return _("Rule: any yes.")
    if flag.watched is Watched.BLOOD_PRESSURE:
        if SYSTOLIC_HIGH in flag.limits:
            return _(
                "Setting: one reading from %(sys)s or %(dia)s mmHg on.",
                sys=SYSTOLIC_HIGH.value,
                dia=DIASTOLIC_HIGH.value,
            )
        return _(
            "Rule: readings from %(sys)s or %(dia)s mmHg on, on %(days)s days.",
            sys=SYSTOLIC_BEFORE.value,
            dia=DIASTOLIC_BEFORE.value,
            days=RAISED_BLOOD_PRESSURE_DAYS.value,
        )
    if flag.watched is Watched.DISSOCIATION:
        return _(
            "Rule: not gone a day after a session, or %(least)s of 10 or more on %(days)s days without one.",
            least=DETACHED_FROM.value,
            days=DETACHED_DAYS.value,
        )
    if flag.watched is Watched.ELEVATED:
        return _(
            "Rule: %(least)s of 3 or more on %(days)s of %(within)s days, or under %(hours)s hours of sleep with "
            "energy %(energy)s of 4 on %(nights)s days.",
            least=ELEVATED_FROM.value,
            days=ELEVATED_DAYS.value,
            within=ELEVATED_WITHIN.value,
            hours=SHORT_SLEEP.value // 60,
            energy=SHORT_SLEEP_ENERGY.value,
            nights=SHORT_SLEEP_DAYS.value,
        )
    if _is_of_mood(flag):
        return _(
            "Rule: mood below that before treatment on %(days)s of the last %(among)s logged days.",
            days=WORSE_DAYS.value,
            among=WORSE_AMONG.value,
        )
    return _("Setting: a rise of %(points)s points or more.", points=flag.limits[0].value)


def _not_verified(flag: LongTermFlag) -> str:
    if any(limit.grade is Grade.NOT_VERIFIED for limit in flag.limits):
        return _("Nobody has verified this figure at its source yet (grade M).")
    return ""


def _is_of_mood(flag: LongTermFlag) -> bool:
    return WORSE_DAYS in flag.limits


def _dates(days: Sequence[date]) -> str:
    across_years = len({day.year for day in days}) > 1
    return ", ".join(short_day_and_year(day) if across_years else short_day(day) for day in days)
