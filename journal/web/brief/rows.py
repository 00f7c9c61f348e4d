"""What a brief is made of, each thing read once: the page, its print and the pages behind its figures share this.

Everything here has passed the reader's sight: a part whose scope is closed is empty, and nothing is of a day before
the first visible one. No web framework inside; nothing is computed or worded here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from journal.domain.assessment_records import AssessmentRecord
from journal.domain.consents import Scope, Sight
from journal.domain.courses import PhaseChange
from journal.domain.days import local_day
from journal.domain.insights import Insights
from journal.domain.long_term_flags import LongTermCheck
from journal.domain.pauses import Pause
from journal.domain.periods import Landmarks
from journal.domain.side_effects import SideEffect
from journal.domain.talking_points import DayDetail
from journal.domain.treatment_records import TreatmentRecord
from journal.domain.treatments import GIVEN, Course, Marker, TreatmentSession, markers
from journal.domain.trends import DaySummary, ImportedDay
from journal.services import topics
from journal.services.insights import insights_for
from journal.services.long_term_flags import first_watched
from journal.services.topics import Preparation
from journal.storage import (
    appointments,
    assessments,
    checkins,
    clinic_items,
    clinics,
    key_moments,
    long_term_checks,
    medications,
    safety_flags,
    side_effects,
    talking_points,
    transfers,
    treatment_records,
)
from journal.storage.appointments import AppointmentStatus, Visit
from journal.storage.checkins import AskedLater, SharedNote
from journal.storage.clinics import Workplace
from journal.storage.key_moments import KeptMoment
from journal.storage.medications import KeptMedication
from journal.storage.patients import Patient
from journal.storage.safety_flags import SeenFlag
from journal.storage.treatment_histories import treatment_history_seen


@dataclass(frozen=True, slots=True)
class BriefRows:
    """One patient as ``provider_id`` sees them through ``sight`` at ``now``; ``today`` is the patient's date.

    ``sessions`` are the given ones, numbered; ``treatments`` all of them, the latest first. ``insights`` hold the days
    and everything concluded from them; ``details`` say when each day began. ``records`` hold the last session and those
    of the watched weeks. ``scores`` are questionnaires with their answers, ``visits`` appointments with this provider.
    ``flags`` are this patient's that wait for a look, ``prepared`` what the patient brings along or leaves out.
    """

    patient: Patient
    sight: Sight
    provider_id: int
    now: datetime
    today: date
    workplace: Workplace
    visits: Sequence[Visit]
    treatments: Sequence[TreatmentSession]
    sessions: Sequence[Marker]
    records: dict[str, TreatmentRecord]
    side_effects: Sequence[SideEffect]
    course: Course | None
    phases: Sequence[PhaseChange]
    insights: Insights
    details: Sequence[DayDetail]
    imported: Sequence[ImportedDay]
    notes: Sequence[SharedNote]
    scores: Sequence[AssessmentRecord]
    medicines: Sequence[KeptMedication]
    moments: Sequence[KeptMoment]
    checks: Sequence[LongTermCheck]
    asked_later: Sequence[AskedLater]
    asks_elevated: bool
    flags: Sequence[SeenFlag]
    prepared: Preparation

    @property
    def days(self) -> Sequence[DaySummary]:
        """All days with a check-in up to today."""
        return self.insights.history.days

    @property
    def first_day(self) -> date:
        """The first date that counts."""
        return self.insights.history.first_day

    @property
    def pauses(self) -> Sequence[Pause]:
        """When reminders were paused: dates that count neither as logged nor as a gap."""
        return self.insights.history.pauses

    @property
    def last_visit(self) -> date | None:
        """The latest date before today on which there was a visit with this provider."""
        zone = self.patient.zone
        been = [
            day
            for visit in self.visits
            if visit.status is not AppointmentStatus.CANCELLED
            and (day := local_day(visit.starts_at, zone)) < self.today
        ]
        return max(been, default=None)

    @property
    def next_visit(self) -> Visit | None:
        """The next visit with this provider, today's included."""
        coming = [
            visit
            for visit in self.visits
            if visit.status is AppointmentStatus.PLANNED
            and local_day(visit.starts_at, self.patient.zone) >= self.today
        ]
        return min(coming, key=lambda visit: visit.starts_at, default=None)

    @property
    def landmarks(self) -> Landmarks:
        """What a period can begin at. A course that began before the first visible day has no beginning here."""
        begins = self.course.start_date if self.course else None
        known = begins is not None and self.sight.reaches(begins) and begins <= self.today
        return Landmarks(
            today=self.today,
            first_day=self.first_day,
            last_visit=self.last_visit,
            course_begins=begins if known else None,
        )


def read_brief_rows(
    db: Session, patient: Patient, sight: Sight, *, provider_id: int, now: datetime
) -> BriefRows:
    """Everything of ``patient`` that ``provider_id`` may see, with one statement for each kind of row."""
    today = local_day(now, patient.zone)
    workplace = clinics.workplace_of(db, provider_id)
    visits = appointments.appointments_with(db, patient.id, provider_id)
    medicines = medications.medications_seen(db, patient.id, sight)
    history = treatment_history_seen(db, patient.id, sight)
    treated = history.treatments
    watched_from = first_watched(today)
    last = max((one.local_date for one in treated if one.status in GIVEN), default=None)
    wanted = [
        one.public_id for one in treated if watched_from <= one.local_date <= today or one.local_date == last
    ]
    details, asked_later = talking_points.day_answers_seen(
        db, patient.id, first=date.min, last=today, asked_from=watched_from, sight=sight
    )
    opens_scores = sight.opens(Scope.SCORES)
    return BriefRows(
        patient=patient,
        sight=sight,
        provider_id=provider_id,
        now=now,
        today=today,
        workplace=workplace,
        visits=visits,
        treatments=treated,
        sessions=markers(treated),
        records=treatment_records.records_seen(db, patient.id, sight, among=wanted),
        side_effects=side_effects.side_effects_seen(db, patient.id, sight) if treated else [],
        course=history.course,
        phases=history.phases,
        insights=insights_for(db, patient, sight, until=today, medicines=medicines, treated=history),
        details=details,
        imported=transfers.imported_days(
            db, patient.id, sight.visible_from or date.min, today, shared_only=True
        )
        if opens_scores
        else [],
        notes=checkins.shared_notes(db, patient.id, sight=sight),
        scores=assessments.assessments_seen(db, patient.id, sight),
        medicines=medicines,
        moments=key_moments.moments_seen(db, patient.id, sight),
        checks=long_term_checks.checks_seen(db, patient.id, sight),
        asked_later=asked_later,
        asks_elevated=clinic_items.items_of_clinic(db, patient.id, workplace.clinic_id).elevated,
        flags=safety_flags.open_flags_seen(db, provider_id, patient.id, now=now)
        if sight.opens(Scope.ASSESSMENTS)
        else [],
        prepared=topics.prepared_for(db, patient, provider_id, now=now, visits=visits),
    )
