"""All that one reader may know of a patient's courses and sessions, in two statements: for pages that show all of it.

Whoever needs a part of it asks ``courses``, ``treatments`` or ``steady_days``; the answers are the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain import treatments as values
from journal.domain.consents import Scope, Sight
from journal.domain.course_histories import CourseOutline, GivenOutline
from journal.domain.courses import PhaseChange
from journal.domain.treatments import GIVEN, Phase
from journal.storage.courses import Course, CoursePhaseChange, as_course
from journal.storage.steady_days import SteadyDays
from journal.storage.treatments import as_seen, rows_seen

_COURSES = (
    sa.select(
        Course, CoursePhaseChange.local_date, CoursePhaseChange.phase, SteadyDays.first, SteadyDays.last
    )
    .outerjoin(CoursePhaseChange, CoursePhaseChange.course_id == Course.id)
    .outerjoin(SteadyDays, SteadyDays.course_id == Course.id)
    .where(Course.patient_id == sa.bindparam("patient_id"))
    .order_by(Course.created_at, Course.id, CoursePhaseChange.id)
)


@dataclass(frozen=True, slots=True)
class TreatmentHistory:
    """What a reader sees of it: nothing without ``sessions``, and no session of before the first visible date.

    ``outlines`` are the courses in the order in which they were added; ``course`` is the last of them, with its words,
    and ``phases`` are those it went through. ``steady`` are the days that a provider chose, by the course's public id.
    ``treatments`` are the sessions, the latest date first; ``given`` the outlines of those that were given, in date
    order.
    """

    outlines: tuple[CourseOutline, ...] = ()
    course: values.Course | None = None
    phases: tuple[PhaseChange, ...] = ()
    steady: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    treatments: tuple[values.TreatmentSession, ...] = ()
    given: tuple[GivenOutline, ...] = ()


def treatment_history_seen(db: Session, patient_id: int, sight: Sight) -> TreatmentHistory:
    """The courses and sessions of a patient, as a reader may know of them."""
    if not sight.opens(Scope.SESSIONS):
        return TreatmentHistory()
    rows: list[Course] = []
    outlines: list[CourseOutline] = []
    steady: dict[str, tuple[date, date]] = {}
    asked = db.execute(_COURSES, {"patient_id": patient_id}).all()
    for row, said in groupby(asked, key=lambda line: line[0]):
        lines = list(said)
        rows.append(row)
        outlines.append(
            CourseOutline(
                public_id=row.public_id,
                start_date=row.start_date,
                end_date=row.end_date,
                baseline_window_days=row.baseline_window_days,
                phases=tuple(
                    PhaseChange(line.local_date, Phase(line.phase))
                    for line in lines
                    if line.phase is not None
                ),
            )
        )
        if lines[0].first is not None:
            steady[row.public_id] = lines[0].first, lines[0].last
    treated = rows_seen(db, patient_id, sight)
    names = {row.id: row.public_id for row in rows}
    return TreatmentHistory(
        outlines=tuple(outlines),
        course=as_course(db, rows[-1]) if rows else None,
        phases=outlines[-1].phases if outlines else (),
        steady=steady,
        treatments=tuple(as_seen(db, row, sight) for row in treated),
        given=tuple(
            GivenOutline(
                local_date=row.local_date,
                course_public_id=names.get(row.course_id or 0),
                early_for_worsening=row.early_for_worsening,
                censor_medication_change=row.censor_medication_change,
            )
            for row in sorted(treated, key=lambda row: (row.local_date, row.id))
            if row.status in GIVEN
        ),
    )
