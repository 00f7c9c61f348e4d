"""Courses: beginning one, laying it out on the calendar, moving what is planned, and going from phase to phase.

A course belongs to the patient. Providers keep it while sessions are open to one of them; alone, the patient does.
How a session went is recorded in ``journal.services.treatments``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from journal.domain import courses as rules
from journal.domain.consents import Scope
from journal.domain.course_bodies import CourseBody, check_course, filled_in
from journal.domain.courses import PhaseChange, PlannedDay, Stretch
from journal.domain.days import local_day
from journal.domain.errors import CHANGED_MEANWHILE, NotFound, Refused
from journal.domain.treatments import (
    Course,
    Phase,
    Status,
    TreatmentBody,
    TreatmentSession,
    place,
)
from journal.services import reminders, summaries
from journal.services.writers import Writer, write_down
from journal.storage import clinics, courses, patients, treatments
from journal.storage.audit import Act
from journal.storage.base import new_public_id
from journal.storage.patients import Patient

BEGINS_AS = (Phase.PLANNED, Phase.INDUCTION, Phase.MAINTENANCE)
"""Where a course can stand when it is written down: it may have been going on for long."""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """A schedule on the calendar: the dates to be added, and those that are there already and stay as they are."""

    new: tuple[PlannedDay, ...]
    there: tuple[PlannedDay, ...]


def keepers(db: Session, patient_id: int, *, now: datetime) -> list[patients.Reader]:
    """The providers who keep a patient's course: all to whom sessions are open. Empty: the patient keeps it alone."""
    readers = patients.readers_of(db, patient_id, now=now)
    return [one for one in readers if one.sight.opens(Scope.SESSIONS)]


def begin_course(
    db: Session, patient: Patient, body: CourseBody, *, phase: Phase, by: Writer, now: datetime
) -> str:
    """Begin a course that stands in ``phase`` since its first date (None: since today); its public id.

    Refuses ``course_not_over`` while another is going on, ``not_a_choice`` for a phase that nothing begins with, and
    what ``check_course`` refuses.
    """
    _check_keeps(db, patient, by, now=now)
    before = courses.present_course(db, patient.id)
    if before is not None and before.phase is not Phase.ENDED:
        raise Refused("course_not_over")
    if phase not in BEGINS_AS:
        raise Refused("not_a_choice", field="phase")
    body = filled_in(body)
    today = local_day(now, patient.zone)
    drug = check_course(body, today=today)
    starts = body.start_date if phase is not Phase.PLANNED else None
    public_id = courses.add_course(
        db,
        patient.id,
        phase=phase,
        since=starts or today,
        by_account_id=by.account_id,
        indication=body.indication,
        notes=body.notes,
        drug=drug,
        preset_id=body.preset_id,
        default_route=body.route,
        planned_sessions=body.planned_sessions,
        start_date=body.start_date,
        baseline_window_days=body.baseline_window_days,
        now=now,
    )
    write_down(db, patient, Act.COURSE_BEGUN, by, subject=public_id, now=now)
    return public_id


def change_course(db: Session, patient: Patient, body: CourseBody, *, by: Writer, now: datetime) -> None:
    """Let the present course say what ``body`` says; its phase stays. NotFound where there is none.

    A first day that the writer does not see stays as it is, where they say none.
    """
    _check_keeps(db, patient, by, now=now)
    course = _present(db, patient)
    if body.start_date is None and course.start_date and not by.sight.reaches(course.start_date):
        body = replace(body, start_date=course.start_date)
    body = filled_in(body)
    drug = check_course(body, today=local_day(now, patient.zone))
    changed = replace(
        course,
        indication=body.indication,
        notes=body.notes,
        drug=drug,
        preset_id=body.preset_id,
        default_route=body.route,
        planned_sessions=body.planned_sessions,
        start_date=body.start_date,
        baseline_window_days=body.baseline_window_days,
    )
    _put(db, patient, changed, seen_phase=course.phase)
    write_down(db, patient, Act.COURSE_CHANGED, by, subject=course.public_id, now=now)
    _follow_up(db, patient, now=now)


def change_phase(db: Session, patient: Patient, to: Phase, *, on: date, by: Writer, now: datetime) -> Course:
    """Take the present course to its next phase from ``on`` (that day included).

    NotFound where there is none. Refuses ``phase_not_next``, ``phase_before_last`` and ``day_in_future``.
    """
    _check_keeps(db, patient, by, now=now)
    course = _present(db, patient)
    changed = rules.change_phase(course, to, on=on)
    said = courses.phases_of(db, patient.id, course.public_id)
    since = max((one.change.local_date for one in said), default=date.min)
    rules.check_phase_date(on, since=since, today=local_day(now, patient.zone))
    _put(db, patient, changed, seen_phase=course.phase)
    courses.add_phase_change(
        db, patient.id, course.public_id, PhaseChange(on, to), by_account_id=by.account_id, now=now
    )
    write_down(db, patient, Act.COURSE_PHASE_CHANGED, by, subject=course.public_id, now=now)
    _follow_up(db, patient, now=now)
    return changed


def look_ahead(
    db: Session, patient: Patient, stretches: Sequence[Stretch], *, first: date, by: Writer, now: datetime
) -> LaidOut:
    """Where a schedule from ``first`` on would lie; writes nothing. Of a date that the writer's side has a session on,
    that session stays.

    Refuses what ``lay_out`` refuses, ``day_past``, ``day_not_shared``, ``session_on_that_day`` where nothing is left.
    """
    days = rules.lay_out(stretches, first)
    today = local_day(now, patient.zone)
    try:
        rules.check_planned_date(first, others=(), today=today)
    except Refused as fault:
        raise Refused(fault.code, field="first", **fault.details) from None
    by.sight.check_reaches(first, field="first")
    taken = _taken(db, patient, by)
    new = tuple(day for day in days if day.local_date not in taken)
    if not new:
        raise Refused("session_on_that_day", field="first")
    return LaidOut(new=new, there=tuple(day for day in days if day.local_date in taken))


def lay_out_sessions(
    db: Session,
    patient: Patient,
    stretches: Sequence[Stretch],
    *,
    first: date,
    seen: Sequence[date],
    by: Writer,
    now: datetime,
) -> int:
    """Plan the sessions of a schedule, exactly the dates that were ``seen``; how many.

    NotFound without a course. Refuses ``plan_changed`` where the dates became others, and what :func:`look_ahead`
    refuses.
    """
    _check_keeps(db, patient, by, now=now)
    course = _present(db, patient)
    new = look_ahead(db, patient, stretches, first=first, by=by, now=now).new
    if [day.local_date for day in new] != list(seen):
        raise Refused("plan_changed", field="first")
    for day in new:
        planned = TreatmentSession(
            public_id=new_public_id(),
            local_date=day.local_date,
            started_at=None,
            status=Status.PLANNED,
            route=course.default_route,
            source=by.source,
            by_provider_id=by.provider_id,
        )
        treatments.add_treatment(db, patient.id, planned, now=now)
    write_down(db, patient, Act.COURSE_LAID_OUT, by, subject=course.public_id, now=now)
    _follow_up(db, patient, now=now)
    return len(new)


def move_session(
    db: Session,
    patient: Patient,
    public_id: str,
    *,
    to: date,
    seen_version: int,
    zone: str,
    by: Writer,
    now: datetime,
) -> TreatmentSession:
    """Put a planned session that the writer keeps on another date, at the same time of day in ``zone``.

    NotFound for others. Refuses ``not_planned_any_more``, what ``check_planned_date`` refuses, ``day_not_shared`` and
    ``changed_meanwhile``.
    """
    before = planned_session(db, patient, public_id, by=by, now=now)
    others = _taken(db, patient, by, except_for=public_id)
    rules.check_planned_date(to, others=others, today=local_day(now, patient.zone))
    by.sight.check_reaches(to, field="local_date")
    at = before.started_at.astimezone(ZoneInfo(zone)).time() if before.started_at else None
    placed = place(TreatmentBody(to, Status.PLANNED, at=at), zone=zone, home=patient.zone)
    moved = replace(before, local_date=placed.local_date, started_at=placed.started_at)
    return _say(db, patient, moved, seen_version=seen_version, by=by, now=now)


def cancel_session(
    db: Session, patient: Patient, public_id: str, *, seen_version: int, by: Writer, now: datetime
) -> TreatmentSession:
    """Say that a planned session that the writer keeps will not be; the others stay where they are."""
    before = planned_session(db, patient, public_id, by=by, now=now)
    cancelled = replace(before, status=Status.CANCELLED)
    return _say(db, patient, cancelled, seen_version=seen_version, by=by, now=now)


def planned_session(
    db: Session, patient: Patient, public_id: str, *, by: Writer, now: datetime
) -> TreatmentSession:
    """A session that is still planned, and the writer's to move: the clinic's own or one from elsewhere, or any of a
    patient's alone.

    A patient who keeps the course alone also keeps what a clinic planned before they parted. NotFound for others;
    refuses ``not_planned_any_more`` and ``course_kept_by_provider``.
    """
    _check_keeps(db, patient, by, now=now)
    found = treatments.treatment_of(db, patient.id, public_id)
    if found is None or not by.sight.reaches(found.local_date) or not found.is_kept_by(_side(db, by)):
        raise NotFound
    if found.status is not Status.PLANNED:
        raise Refused("not_planned_any_more", field="local_date")
    return found


def _say(
    db: Session,
    patient: Patient,
    treatment: TreatmentSession,
    *,
    seen_version: int,
    by: Writer,
    now: datetime,
) -> TreatmentSession:
    said = replace(treatment, version=seen_version + 1)
    if not treatments.change_treatment(db, patient.id, said, seen_version=seen_version):
        raise Refused(CHANGED_MEANWHILE, field="local_date")
    write_down(db, patient, Act.TREATMENT_CHANGED, by, subject=said.public_id, now=now)
    _follow_up(db, patient, now=now)
    return said


def _taken(db: Session, patient: Patient, by: Writer, *, except_for: str = "") -> set[date]:
    """The dates on which the writer keeps a session. One of the other side's stays beside it, as everywhere."""
    side = _side(db, by)
    return {
        one.local_date
        for one in treatments.treatments_of(db, patient.id)
        if one.status is not Status.CANCELLED and one.public_id != except_for and one.is_kept_by(side)
    }


def _side(db: Session, by: Writer) -> frozenset[int] | None:
    """The providers whose records the writer keeps; None for the patient, whose journal it is."""
    return None if by.provider_id is None else frozenset(clinics.workplace_of(db, by.provider_id).people)


def _check_keeps(db: Session, patient: Patient, by: Writer, *, now: datetime) -> None:
    if by.provider_id is None and keepers(db, patient.id, now=now):
        raise Refused("course_kept_by_provider")


def _present(db: Session, patient: Patient) -> Course:
    course = courses.present_course(db, patient.id)
    if course is None:
        raise NotFound
    return course


def _put(db: Session, patient: Patient, course: Course, *, seen_phase: Phase) -> None:
    if not courses.put_course(db, patient.id, course, seen_phase=seen_phase):
        raise Refused(CHANGED_MEANWHILE)


def _follow_up(db: Session, patient: Patient, *, now: datetime) -> None:
    summaries.refresh(db, patient.id)
    reminders.replan(db, patient.account_id, now=now)
