"""What the two-weekly answers and the days between them point one reader to, from what is open to them alone.

The rules are ``journal.domain.long_term_flags``; here their facts are gathered, each under the scopes that it needs. A
fact that two scopes open needs both. Nothing is kept: a flag is worked out each time and gone when it is not true.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from operator import attrgetter

from sqlalchemy.orm import Session

from journal.domain import long_term_flags as rules
from journal.domain.assessment_records import AssessmentOutline
from journal.domain.baselines import Baseline, baseline_of
from journal.domain.clinical_limits import DISSOCIATION_LASTS, WATCHED_DAYS
from journal.domain.consents import Scope, Sight
from journal.domain.courses import PhaseChange
from journal.domain.days import local_day
from journal.domain.instrument_files import instrument
from journal.domain.long_term_flags import LongTermCheck, LongTermFlag, Watched
from journal.domain.treatment_records import TreatmentRecord
from journal.domain.treatments import (
    BASELINE_WINDOW,
    BASELINE_WINDOW_MOST,
    GIVEN,
    Course,
    Phase,
    TreatmentSession,
    first_of_course,
)
from journal.domain.trends import DaySummary, days_of, window
from journal.storage import (
    assessments,
    checkins,
    clinic_items,
    courses,
    long_term_checks,
    treatment_records,
    treatments,
)
from journal.storage.checkins import AskedLater
from journal.storage.patients import Patient

PHQ9 = "phq9"
LOOKED_BACK = timedelta(days=365)
"""How far back the last 14 logged days are looked for: whoever logs less has none that say how it is now."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reported:
    """A flag, and among how many it was found: checks, readings, days with an answer, or logged days."""

    flag: LongTermFlag
    among: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules ask of, as one reader may see it: nothing in it is of a scope or a day that is not open.

    ``days`` reach as far back as both the year before ``until`` and the days before the course's first session;
    ``asked_later`` and ``records`` at least over the dates that are watched. ``asks_elevated``: the reader's clinic has
    turned that item on.
    """

    sight: Sight
    until: date
    now: datetime
    treatments: Sequence[TreatmentSession]
    records: Mapping[str, TreatmentRecord]
    course: Course | None
    phases: Sequence[PhaseChange]
    days: Sequence[DaySummary]
    checks: Sequence[LongTermCheck]
    asked_later: Sequence[AskedLater]
    scores: Sequence[AssessmentOutline]
    asks_elevated: bool

    @property
    def given(self) -> list[date]:
        """The dates on which the drug was given."""
        return sorted({one.local_date for one in self.treatments if one.status in GIVEN})


def first_watched(until: date) -> date:
    """The first of the dates that are looked at for what happens between two checks."""
    return until - int(WATCHED_DAYS.value) * _DAY + _DAY


def flags_seen(
    db: Session,
    patient: Patient,
    sight: Sight,
    *,
    clinic_id: int | None,
    now: datetime,
    days: Sequence[DaySummary] | None = None,
    treated: Sequence[TreatmentSession] | None = None,
) -> list[Reported]:
    """Every flag that a provider of ``clinic_id`` may know of, in the order of ``Watched``; none twice.

    None is any clinic: what one of them turned on counts. ``days`` (every one up to today) and ``treated`` are what the
    reader may see, where it was read already.
    """
    return flags_of(facts_seen(db, patient, sight, clinic_id=clinic_id, now=now, days=days, treated=treated))


def facts_seen(
    db: Session,
    patient: Patient,
    sight: Sight,
    *,
    clinic_id: int | None,
    now: datetime,
    days: Sequence[DaySummary] | None = None,
    treated: Sequence[TreatmentSession] | None = None,
    since: date | None = None,
) -> Facts:
    """What the rules ask of, as :func:`flags_seen` asks them; with ``since`` also of every date from then on."""
    until = local_day(now, patient.zone)
    watched_from = first_watched(until if since is None else since)
    if treated is None:
        treated = treatments.treatments_seen(db, patient.id, sight)
    course = courses.course_seen(db, patient.id, sight)
    first = first_of_course((one.local_date for one in treated if one.status in GIVEN), course)
    recent = [one.public_id for one in treated if watched_from <= one.local_date <= until]
    return Facts(
        sight=sight,
        until=until,
        now=now,
        treatments=treated,
        records=treatment_records.records_seen(db, patient.id, sight, among=recent),
        course=course,
        phases=[one.change for one in courses.phases_seen(db, patient.id, course.public_id, sight)]
        if course
        else [],
        days=_watched_days(db, patient, sight, first, until) if days is None else days,
        checks=long_term_checks.checks_seen(db, patient.id, sight),
        asked_later=checkins.asked_later_for(db, patient.id, first=watched_from, last=until, sight=sight),
        scores=assessments.outlines_seen(db, patient.id, sight),
        asks_elevated=(
            clinic_items.items_asked(db, patient.id, now=now)
            if clinic_id is None
            else clinic_items.items_of_clinic(db, patient.id, clinic_id)
        ).elevated,
    )


def facts_on(facts: Facts, on: date, *, now: datetime) -> Facts:
    """Facts that reach back to the date ``on``, without what belongs to a later one; ``now`` is an instant of it.

    What was written about a date later counts as if it had been there.
    """
    phases = [one for one in facts.phases if one.local_date <= on]
    course = facts.course
    if course is not None and phases:
        course = replace(course, phase=phases[-1].phase)
    return replace(
        facts,
        until=on,
        now=now,
        treatments=[one for one in facts.treatments if one.local_date <= on],
        course=course,
        phases=phases,
        days=facts.days[: bisect_right(facts.days, on, key=attrgetter("local_date"))],
        checks=[one for one in facts.checks if one.local_date <= on],
        asked_later=[one for one in facts.asked_later if one.local_date <= on],
        scores=[one for one in facts.scores if one.completed_on is not None and one.completed_on <= on],
    )


def _watched_days(
    db: Session, patient: Patient, sight: Sight, first_session: date | None, until: date
) -> list[DaySummary]:
    """A year of days, and those before the first session of the course where that is longer ago."""
    first = until - LOOKED_BACK
    if first_session is not None:
        first = min(first, first_session - timedelta(days=BASELINE_WINDOW_MOST))
    return days_of(checkins.readings_for(db, patient.id, first=first, last=until, sight=sight))


def flags_of(facts: Facts) -> list[Reported]:
    """The flags of facts that have been read already."""
    found = [*_of_checks(facts), *_of_records(facts), *_of_elevated(facts), *_of_mood(facts)]
    order = list(Watched)
    return sorted(found, key=lambda one: order.index(one.flag.watched))


def _of_checks(facts: Facts) -> Iterator[Reported]:
    begins = facts.course.start_date if facts.course and facts.course.start_date else date.min
    checks = [check for check in facts.checks if check.local_date >= begins]
    for flag in rules.flags_of_checks(checks):
        yield Reported(flag, len(checks))


def _of_records(facts: Facts) -> Iterator[Reported]:
    """Blood pressure, and whether the detached feeling passed: from the records of sessions; its daily item too."""
    if not facts.sight.opens(Scope.SESSIONS):
        return
    watched_from = first_watched(facts.until)
    recent = {one.public_id: one for one in facts.treatments if watched_from <= one.local_date <= facts.until}
    records = {name: record for name, record in facts.records.items() if name in recent}
    readings = [
        (recent[name].local_date, vitals.sys, vitals.dia)
        for name, record in records.items()
        for vitals in record.vitals
        if vitals.sys is not None and vitals.dia is not None
    ]
    pressure = rules.blood_pressure(readings, until=facts.until)
    if pressure is not None:
        yield Reported(pressure, len(readings))
    detached = [
        (one.local_date, one.detached)
        for one in facts.asked_later
        if one.detached is not None and one.local_date >= watched_from
    ]
    lasting = rules.dissociation(
        unresolved=[
            recent[name].local_date
            for name, record in records.items()
            if _lasted(recent[name], record, now=facts.now, today=facts.until)
        ],
        detached=detached,
        given_on=facts.given,
        until=facts.until,
    )
    if lasting is not None:
        yield Reported(lasting, len(detached))


def _lasted(treatment: TreatmentSession, record: TreatmentRecord, *, now: datetime, today: date) -> bool:
    """Whether it was there for longer than a day: by the minutes, or because nobody has said that it went."""
    if record.dissociation_resolved_min is not None:
        return record.dissociation_resolved_min > DISSOCIATION_LASTS.value
    if not record.dissociation_lasts:
        return False
    if treatment.started_at is None:
        return today > treatment.local_date + _DAY
    return now - treatment.started_at > timedelta(minutes=int(DISSOCIATION_LASTS.value))


def _of_elevated(facts: Facts) -> Iterator[Reported]:
    if not facts.asks_elevated:
        return
    watched_from = first_watched(facts.until)
    days = window(facts.days, watched_from, facts.until)
    answered = {
        one.local_date: one.elevated
        for one in facts.asked_later
        if one.elevated is not None and one.local_date >= watched_from
    }
    flag = rules.elevated(days, elevated_on=answered, until=facts.until)
    if flag is not None:
        yield Reported(flag, len(days))


def _of_mood(facts: Facts) -> Iterator[Reported]:
    """Mood and the PHQ-9 after induction; each for whoever may see it, and how treatment went."""
    if facts.course is None or not facts.sight.opens(Scope.SESSIONS):
        return
    ended = _induction_ended(facts.course, facts.phases)
    if ended is None:
        return
    reliable = instrument(PHQ9).reliable
    if reliable is None:
        return
    since = max(ended, facts.until - LOOKED_BACK)
    days = [day for day in window(facts.days, since, facts.until) if day.mood is not None]
    totals = [
        (one.completed_on, one.total)
        for one in facts.scores
        if one.completed_on is not None and one.total is not None and one.scored_as == PHQ9
    ]
    flag = rules.worsening(
        days,
        baseline_mood=_baseline(facts),
        induction_ended=ended,
        phq9=totals,
        reliable=reliable,
    )
    if flag is not None:
        yield Reported(flag, sum(1 for day in days if day.local_date > ended))


def _induction_ended(course: Course, phases: Sequence[PhaseChange]) -> date | None:
    """The last date of the induction; None while it lasts, and for a course that never had one."""
    ends = [
        after.local_date - _DAY
        for before, after in pairwise(phases)
        if before.phase is Phase.INDUCTION and after.phase is not Phase.INDUCTION
    ]
    return ends[-1] if ends and course.phase is not Phase.INDUCTION else None


def _baseline(facts: Facts) -> float | None:
    """The mood before treatment; None where the reader does not see the beginning of the course."""
    begins = facts.course.start_date if facts.course else None
    sight = facts.sight
    if sight.visible_from is not None and (begins is None or not sight.reaches(begins)):
        return None
    first = first_of_course(facts.given, facts.course)
    if first is None:
        return None
    window_days = facts.course.baseline_window_days if facts.course else BASELINE_WINDOW
    before = baseline_of(facts.days, first, window_days=window_days)
    return before.mood if isinstance(before, Baseline) else None
