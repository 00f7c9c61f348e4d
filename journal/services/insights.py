"""The one door to everything that is concluded about a patient's days and sessions, for pages, jobs and commands.

It reads what one reader may see, as if there were nothing else; the conclusions are ``journal.domain.insights``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy.orm import Session

from journal.domain.associations import Association, activity_and_mood, sleep_and_mood
from journal.domain.consents import Scope, Sight
from journal.domain.course_histories import course_histories
from journal.domain.insights import History, Insights, insights_of
from journal.domain.medications import changes
from journal.domain.trends import days_of, first_day_of
from journal.storage import checkins, courses, medications, reminder_pauses, steady_days, treatments
from journal.storage.medications import KeptMedication
from journal.storage.patients import Patient
from journal.storage.treatment_histories import TreatmentHistory


def insights_for(
    db: Session,
    patient: Patient,
    sight: Sight,
    *,
    until: date,
    medicines: Sequence[KeptMedication] | None = None,
    treated: TreatmentHistory | None = None,
) -> Insights:
    """All that a reader may know of the days up to ``until`` (a date where the patient lives, included).

    ``medicines`` and ``treated`` are what the reader may see of medicines, courses and sessions, where that was read
    already.
    """
    return insights_of(read_history(db, patient, sight, until=until, medicines=medicines, treated=treated))


def links_for(db: Session, patient: Patient, sight: Sight, *, until: date) -> tuple[Association, Association]:
    """What goes with mood alone, sleep and activity: for a page that shows nothing else, in one statement."""
    days = days_of(checkins.readings_for(db, patient.id, last=until, sight=sight))
    return sleep_and_mood(days), activity_and_mood(days)


def read_history(
    db: Session,
    patient: Patient,
    sight: Sight,
    *,
    until: date,
    medicines: Sequence[KeptMedication] | None = None,
    treated: TreatmentHistory | None = None,
) -> History:
    """What a reader may see of the days, sessions, medicines and pauses up to ``until``, in six statements at most.

    Without ``scores`` there are no days, without ``sessions`` no courses. Days, sessions and changes of before the
    first visible date are not read; the numbers S1, S2, … are those that this reader sees elsewhere.
    """
    days = days_of(checkins.readings_for(db, patient.id, last=until, sight=sight))
    scores, sessions = sight.opens(Scope.SCORES), sight.opens(Scope.SESSIONS)
    first_day = first_day_of(days, patient.first_day, visible_from=sight.visible_from)
    return History(
        until=until,
        first_day=first_day,
        days=days,
        courses=course_histories(
            courses.outlines_seen(db, patient.id, sight) if treated is None else treated.outlines,
            treatments.given_outlines_seen(db, patient.id, sight) if treated is None else treated.given,
            until=until,
            sight=sight,
            steady=_steady_days(db, patient, sight) if treated is None else treated.steady,
        ),
        medication_changes=_medication_changes(
            medications.medications_seen(db, patient.id, sight) if medicines is None else medicines,
            sight,
            until=until,
        ),
        pauses=reminder_pauses.pauses_of(db, patient.id, since=first_day) if scores else (),
        shares_scores=scores,
        shares_sessions=sessions,
    )


def _steady_days(db: Session, patient: Patient, sight: Sight) -> Mapping[str, tuple[date, date]]:
    return steady_days.steady_days_of(db, patient.id) if sight.opens(Scope.SESSIONS) else {}


def _medication_changes(
    medicines: Sequence[KeptMedication], sight: Sight, *, until: date
) -> tuple[date, ...]:
    """The dates on which a psychiatric medicine began, ended or was taken in another dose."""
    listed = (one.taken for one in medicines)
    found = {change.local_date for change in changes(listed) if change.medication.psychiatric}
    return tuple(sorted(day for day in found if day <= until and sight.reaches(day)))
