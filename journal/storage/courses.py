"""Courses and the phases they went through: their tables, and every question asked of them.

``…_seen`` answers a provider through what the patient opened to them, the others the patient.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain import treatments as values
from journal.domain.consents import Scope, Sight
from journal.domain.course_histories import CourseOutline
from journal.domain.courses import PhaseChange
from journal.domain.treatments import (
    BASELINE_WINDOW,
    BASELINE_WINDOW_LEAST,
    BASELINE_WINDOW_MOST,
    Drug,
    Phase,
    PresetId,
    Route,
)
from journal.storage.base import Base, Identified, between, new_public_id, one_of
from journal.storage.sealing import load_patient_keys, patient_sealer


class Course(Identified, Base):
    """A series of treatment sessions. What it treats, and what was noted about it, is sealed."""

    __tablename__ = "course"
    __table_args__ = (
        one_of("phase", Phase),
        one_of("default_route", Route),
        one_of("drug", Drug),
        one_of("preset_id", PresetId),
        between("baseline_window_days", BASELINE_WINDOW_LEAST, BASELINE_WINDOW_MOST),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), index=True)
    phase: Mapped[str] = mapped_column(sa.String(16))
    indication: Mapped[bytes | None]
    default_route: Mapped[str | None] = mapped_column(sa.String(16))
    planned_sessions: Mapped[int | None]
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    created_at: Mapped[datetime]
    drug: Mapped[str] = mapped_column(sa.String(24), default=Drug.KETAMINE_RACEMIC.value)
    preset_id: Mapped[str | None] = mapped_column(sa.String(32))
    notes: Mapped[bytes | None]
    baseline_window_days: Mapped[int] = mapped_column(default=BASELINE_WINDOW)


class CoursePhaseChange(Base):
    """From which date on a course was in a phase, and who said so. Rows are added, never changed."""

    __tablename__ = "course_phase_change"
    __table_args__ = (one_of("phase", Phase),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(sa.ForeignKey("course.id", ondelete="CASCADE"), index=True)
    local_date: Mapped[date]
    phase: Mapped[str] = mapped_column(sa.String(16))
    by_account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="SET NULL"))
    recorded_at: Mapped[datetime]


_OUTLINES = (
    sa.select(
        Course.public_id,
        Course.start_date,
        Course.end_date,
        Course.baseline_window_days,
        CoursePhaseChange.local_date,
        CoursePhaseChange.phase,
    )
    .outerjoin(CoursePhaseChange, CoursePhaseChange.course_id == Course.id)
    .where(Course.patient_id == sa.bindparam("patient_id"))
    .order_by(Course.created_at, Course.id, CoursePhaseChange.id)
)


@dataclass(frozen=True, slots=True)
class SaidPhase:
    """A change of phase, and whose account wrote it down (None: it was there before anybody was asked)."""

    change: PhaseChange
    by_account_id: int | None
    recorded_at: datetime


def add_course(
    db: Session,
    patient_id: int,
    *,
    phase: Phase,
    now: datetime,
    since: date | None = None,
    by_account_id: int | None = None,
    indication: str = "",
    notes: str = "",
    drug: Drug = Drug.KETAMINE_RACEMIC,
    preset_id: PresetId | None = None,
    default_route: Route | None = None,
    planned_sessions: int | None = None,
    start_date: date | None = None,
    end_date: date | None = None,
    baseline_window_days: int = BASELINE_WINDOW,
) -> str:
    """Add a course that is in ``phase`` since a date (its start, or now); its public id.

    The one added last is the present one.
    """
    public_id = new_public_id()
    sealer = patient_sealer(db, patient_id)
    db.execute(
        sa.insert(Course).values(
            public_id=public_id,
            patient_id=patient_id,
            phase=phase.value,
            indication=sealer.seal_if_any(indication, column="course.indication", row=public_id),
            notes=sealer.seal_if_any(notes, column="course.notes", row=public_id),
            drug=drug.value,
            preset_id=preset_id.value if preset_id else None,
            default_route=default_route.value if default_route else None,
            planned_sessions=planned_sessions,
            start_date=start_date,
            end_date=end_date,
            baseline_window_days=baseline_window_days,
            created_at=now,
        )
    )
    change = PhaseChange(since or start_date or now.date(), phase)
    add_phase_change(db, patient_id, public_id, change, by_account_id=by_account_id, now=now)
    return public_id


def add_phase_change(
    db: Session,
    patient_id: int,
    course_public_id: str,
    change: PhaseChange,
    *,
    by_account_id: int | None,
    now: datetime,
) -> None:
    """Write down from when on a course is in a phase. The course itself is told by :func:`put_course`."""
    db.execute(
        sa.insert(CoursePhaseChange).values(
            course_id=_id_of(patient_id, course_public_id),
            local_date=change.local_date,
            phase=change.phase.value,
            by_account_id=by_account_id,
            recorded_at=now,
        )
    )


def put_course(db: Session, patient_id: int, course: values.Course, *, seen_phase: Phase) -> bool:
    """Let a course say what ``course`` says, if it still is in the phase that the writer saw; whether it was."""
    sealer = patient_sealer(db, patient_id)
    row = course.public_id
    changed = db.execute(
        sa.update(Course)
        .where(Course.patient_id == patient_id, Course.public_id == row, Course.phase == seen_phase.value)
        .values(
            phase=course.phase.value,
            indication=sealer.seal_if_any(course.indication, column="course.indication", row=row),
            notes=sealer.seal_if_any(course.notes, column="course.notes", row=row),
            drug=course.drug.value,
            preset_id=course.preset_id.value if course.preset_id else None,
            default_route=course.default_route.value if course.default_route else None,
            planned_sessions=course.planned_sessions,
            start_date=course.start_date,
            end_date=course.end_date,
            baseline_window_days=course.baseline_window_days,
        )
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def present_course(db: Session, patient_id: int) -> values.Course | None:
    """The course that was added last."""
    return present_courses(db, [patient_id]).get(patient_id)


def present_courses(db: Session, patient_ids: Collection[int]) -> dict[int, values.Course]:
    """The present course of each patient who has one, in a fixed number of statements."""
    rows = db.scalars(
        sa.select(Course).where(Course.patient_id.in_(patient_ids)).order_by(Course.created_at, Course.id)
    )
    latest = {row.patient_id: row for row in rows}
    sealed = [
        row.patient_id for row in latest.values() if row.indication is not None or row.notes is not None
    ]
    load_patient_keys(db, sealed)
    return {patient_id: as_course(db, row) for patient_id, row in latest.items()}


def course_seen(db: Session, patient_id: int, sight: Sight) -> values.Course | None:
    """The present course, for a reader to whom sessions are open."""
    return present_course(db, patient_id) if sight.opens(Scope.SESSIONS) else None


def phases_of(db: Session, patient_id: int, course_public_id: str) -> list[SaidPhase]:
    """The phases that a course went through, in the order in which they were written down."""
    rows = db.scalars(
        sa.select(CoursePhaseChange)
        .where(CoursePhaseChange.course_id == _id_of(patient_id, course_public_id))
        .order_by(CoursePhaseChange.id)
    )
    return [
        SaidPhase(PhaseChange(row.local_date, Phase(row.phase)), row.by_account_id, row.recorded_at)
        for row in rows
    ]


def phases_seen(db: Session, patient_id: int, course_public_id: str, sight: Sight) -> list[SaidPhase]:
    """The same, for a reader to whom sessions are open. Where a course stands is known whole or not at all."""
    return phases_of(db, patient_id, course_public_id) if sight.opens(Scope.SESSIONS) else []


def outlines_seen(db: Session, patient_id: int, sight: Sight) -> list[CourseOutline]:
    """Every course of a patient in the order in which they were added, the present one last; none without sessions."""
    if not sight.opens(Scope.SESSIONS):
        return []
    rows = db.execute(_OUTLINES, {"patient_id": patient_id}).all()
    return [
        CourseOutline(
            public_id=said[0].public_id,
            start_date=said[0].start_date,
            end_date=said[0].end_date,
            baseline_window_days=said[0].baseline_window_days,
            phases=tuple(
                PhaseChange(row.local_date, Phase(row.phase)) for row in said if row.phase is not None
            ),
        )
        for _, those in groupby(rows, key=lambda row: row.public_id)
        for said in [list(those)]
    ]


def _id_of(patient_id: int, public_id: str) -> sa.ScalarSelect[int]:
    return (
        sa.select(Course.id)
        .where(Course.patient_id == patient_id, Course.public_id == public_id)
        .scalar_subquery()
    )


def as_course(db: Session, row: Course) -> values.Course:
    """One course with its words opened."""
    words = {"indication": row.indication, "notes": row.notes}
    opened = {
        name: patient_sealer(db, row.patient_id).open(text, column=f"course.{name}", row=row.public_id)
        for name, text in words.items()
        if text is not None
    }
    return values.Course(
        public_id=row.public_id,
        phase=Phase(row.phase),
        indication=opened.get("indication", ""),
        default_route=Route(row.default_route) if row.default_route else None,
        planned_sessions=row.planned_sessions,
        start_date=row.start_date,
        end_date=row.end_date,
        drug=Drug(row.drug),
        preset_id=PresetId(row.preset_id) if row.preset_id else None,
        notes=opened.get("notes", ""),
        baseline_window_days=row.baseline_window_days,
    )
