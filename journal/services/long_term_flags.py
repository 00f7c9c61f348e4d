"""What the two-weekly answers and the days between them point one reader to, from what is open to them alone.

The rules are ``journal.domain.long_term_flags``; here their facts are gathered, each under the scopes that it needs. A
fact that two scopes open needs both. Nothing is kept: a flag is worked out each time and gone when it is not true.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from sqlalchemy.orm import Session

from journal.domain import long_term_flags as rules
from journal.domain.clinical_limits import DISSOCIATION_LASTS, WATCHED_DAYS
from journal.domain.consents import Scope, Sight
from journal.domain.days import local_day
from journal.domain.instrument_files import instrument
from journal.domain.long_term_flags import LongTermFlag, Watched
from journal.domain.treatment_records import TreatmentRecord
from journal.domain.treatments import GIVEN, Course, Phase, TreatmentSession, first_of_course
from journal.domain.trends import BASELINE_DAYS, DaySummary, baseline_mood, days_of
from journal.storage import (
    assessments,
    checkins,
    clinic_items,
    courses,
    long_term_checks,
    treatment_records,
    treatments,
)
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
class _Seen:
    """What every rule asks of: what is open, of which sessions, until which date."""

    patient: Patient
    sight: Sight
    treatments: Sequence[TreatmentSession]
    course: Course | None
    until: date
    now: datetime

    @property
    def given(self) -> list[date]:
        """The dates on which the drug was given."""
        return sorted({one.local_date for one in self.treatments if one.status in GIVEN})

    @property
    def first_watched(self) -> date:
        """The first of the dates that are looked at for what happens between two checks."""
        return self.until - int(WATCHED_DAYS.value) * _DAY + _DAY


def flags_seen(
    db: Session, patient: Patient, sight: Sight, *, clinic_id: int, now: datetime
) -> list[Reported]:
    """Every flag that a provider of ``clinic_id`` may know of, in the order of ``Watched``; none twice."""
    seen = _Seen(
        patient=patient,
        sight=sight,
        treatments=treatments.treatments_seen(db, patient.id, sight),
        course=courses.course_seen(db, patient.id, sight),
        until=local_day(now, patient.zone),
        now=now,
    )
    found = [
        *_of_checks(db, seen),
        *_of_records(db, seen),
        *_of_elevated(db, seen, clinic_id),
        *_of_mood(db, seen),
    ]
    order = list(Watched)
    return sorted(found, key=lambda one: order.index(one.flag.watched))


def _of_checks(db: Session, seen: _Seen) -> Iterator[Reported]:
    begins = seen.course.start_date if seen.course and seen.course.start_date else date.min
    checks = [
        check
        for check in long_term_checks.checks_seen(db, seen.patient.id, seen.sight)
        if check.local_date >= begins
    ]
    for flag in rules.flags_of_checks(checks):
        yield Reported(flag, len(checks))


def _of_records(db: Session, seen: _Seen) -> Iterator[Reported]:
    """Blood pressure, and whether the detached feeling passed: from the records of sessions; its daily item too."""
    if not seen.sight.opens(Scope.SESSIONS):
        return
    recent = {
        one.public_id: one for one in seen.treatments if seen.first_watched <= one.local_date <= seen.until
    }
    records = treatment_records.records_seen(db, seen.patient.id, seen.sight, among=recent.keys())
    readings = [
        (recent[name].local_date, vitals.sys, vitals.dia)
        for name, record in records.items()
        for vitals in record.vitals
        if vitals.sys is not None and vitals.dia is not None
    ]
    pressure = rules.blood_pressure(readings, until=seen.until)
    if pressure is not None:
        yield Reported(pressure, len(readings))
    detached = [
        (one.local_date, one.detached)
        for one in checkins.asked_later_for(
            db, seen.patient.id, first=seen.first_watched, last=seen.until, sight=seen.sight
        )
        if one.detached is not None
    ]
    lasting = rules.dissociation(
        unresolved=[
            recent[name].local_date
            for name, record in records.items()
            if _lasted(recent[name], record, now=seen.now, today=seen.until)
        ],
        detached=detached,
        given_on=seen.given,
        until=seen.until,
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


def _of_elevated(db: Session, seen: _Seen, clinic_id: int) -> Iterator[Reported]:
    if not clinic_items.items_of_clinic(db, seen.patient.id, clinic_id).elevated:
        return
    days = _days(db, seen, seen.first_watched)
    answered = {
        one.local_date: one.elevated
        for one in checkins.asked_later_for(
            db, seen.patient.id, first=seen.first_watched, last=seen.until, sight=seen.sight
        )
        if one.elevated is not None
    }
    flag = rules.elevated(days, elevated_on=answered, until=seen.until)
    if flag is not None:
        yield Reported(flag, len(days))


def _of_mood(db: Session, seen: _Seen) -> Iterator[Reported]:
    """Mood and the PHQ-9 after induction; each for whoever may see it, and how treatment went."""
    if seen.course is None or not seen.sight.opens(Scope.SESSIONS):
        return
    ended = _induction_ended(db, seen)
    if ended is None:
        return
    reliable = instrument(PHQ9).reliable
    if reliable is None:
        return
    days = [day for day in _days(db, seen, max(ended, seen.until - LOOKED_BACK)) if day.mood is not None]
    totals = [
        (one.completed_on, one.total)
        for one in assessments.outlines_seen(db, seen.patient.id, seen.sight)
        if one.completed_on is not None and one.total is not None and one.scored_as == PHQ9
    ]
    flag = rules.worsening(
        days,
        baseline_mood=_baseline(db, seen),
        induction_ended=ended,
        phq9=totals,
        reliable=reliable,
    )
    if flag is not None:
        yield Reported(flag, sum(1 for day in days if day.local_date > ended))


def _induction_ended(db: Session, seen: _Seen) -> date | None:
    """The last date of the induction; None while it lasts, and for a course that never had one."""
    if seen.course is None:
        return None
    said = courses.phases_seen(db, seen.patient.id, seen.course.public_id, seen.sight)
    ends = [
        after.change.local_date - _DAY
        for before, after in pairwise(said)
        if before.change.phase is Phase.INDUCTION and after.change.phase is not Phase.INDUCTION
    ]
    return ends[-1] if ends and seen.course.phase is not Phase.INDUCTION else None


def _baseline(db: Session, seen: _Seen) -> float | None:
    """The mood before treatment; None where the reader does not see the beginning of the course."""
    begins = seen.course.start_date if seen.course else None
    if seen.sight.visible_from is not None and (begins is None or not seen.sight.reaches(begins)):
        return None
    first = first_of_course(seen.given, seen.course)
    if first is None:
        return None
    before = baseline_mood(_days(db, seen, first - timedelta(days=BASELINE_DAYS), last=first), first)
    return None if before is None else before.mood


def _days(db: Session, seen: _Seen, first: date, *, last: date | None = None) -> list[DaySummary]:
    return days_of(
        checkins.readings_for(db, seen.patient.id, first=first, last=last or seen.until, sight=seen.sight)
    )
