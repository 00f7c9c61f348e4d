"""What to talk about at a visit, gathered by itself, without a page around it.

The rules are ``journal.domain.briefs``; each part is read under the scope that it needs, and a part that is not open is
not read at all. A page that has read its rows already makes its lines of those (``journal.web.brief.talk``). What the
patient brings along, and which lines they leave out, is ``topics``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy.orm import Session

from journal.domain.assessment_records import AssessmentRecord
from journal.domain.briefs import PHQ, points_of
from journal.domain.consents import Scope, Sight
from journal.domain.days import local_day
from journal.domain.insights import Insights
from journal.domain.periods import Landmarks, period
from journal.domain.talking_points import OpenFlag, Seen, TalkingPoint
from journal.services.long_term_flags import Reported
from journal.storage import assessments, safety_flags, side_effects, talking_points
from journal.storage.patients import Patient

_DAY = timedelta(days=1)


def points_for(
    db: Session,
    patient: Patient,
    sight: Sight,
    insights: Insights,
    *,
    last_visit: date | None,
    reported: Sequence[Reported] = (),
) -> tuple[TalkingPoint, ...]:
    """Every line for a reader who sees the patient through ``sight``, up to the last day of ``insights``, the same
    reader's.

    ``last_visit`` is the date of the last one before that day, or None: then the last four weeks are looked at.
    ``reported`` are the long-term flags of the same days: a provider's to see, so without them there are none in the
    lines. Which lines are shown is ``journal.domain.briefs.shown``.
    """
    history = insights.history
    wanted = period("", Landmarks(history.until, history.first_day, last_visit=last_visit))
    return points_of(
        Seen(
            period=wanted,
            notes=talking_points.starred_notes_seen(db, patient.id, sight=sight, since=wanted.first - _DAY),
            days=history.days,
            details=talking_points.day_details_seen(
                db, patient.id, first=wanted.before_first or wanted.first, last=wanted.last, sight=sight
            ),
            benefits=insights.course.benefits if sight.opens(Scope.SCORES, Scope.SESSIONS) else (),
            questionnaires=_last_two(db, patient.id, sight, until=wanted.last),
            effects=[
                one
                for one in side_effects.side_effects_seen(db, patient.id, sight)
                if one.is_open and one.onset <= wanted.last
            ],
            flags=[
                *_waiting(db, patient, sight, until=wanted.last),
                *(OpenFlag(one.flag.dates, one.flag) for one in reported),
            ],
        )
    )


def _last_two(db: Session, patient_id: int, sight: Sight, *, until: date) -> list[AssessmentRecord]:
    """The last two of those whose questions are compared, with their answers: no others are opened."""
    completed = [
        one
        for one in assessments.outlines_seen(db, patient_id, sight)
        if one.instrument in PHQ and one.completed_at is not None and one.day <= until
    ]
    completed.sort(key=lambda one: (one.completed_at, one.public_id))
    found = [assessments.assessment_of(db, patient_id, one.public_id) for one in completed[-2:]]
    return [one for one in found if one is not None]


def _waiting(db: Session, patient: Patient, sight: Sight, *, until: date) -> list[OpenFlag]:
    """Answers that wait for a look, by the dates they were given on; several of one date are one."""
    if not sight.opens(Scope.ASSESSMENTS):
        return []
    made = (local_day(at, patient.zone) for at, _acute in safety_flags.open_since(db, patient.id))
    dates = sorted({day for day in made if day <= until and sight.reaches(day)})
    return [OpenFlag(tuple(dates))] if dates else []
