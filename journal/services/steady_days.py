"""Choosing the steady days of a patient's present course: what its mood is held against from then on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from journal.domain.consents import Scope, Sight
from journal.domain.days import local_day
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.domain.insight_limits import CHOSEN_STEADY_LEAST, CHOSEN_STEADY_MOST, STEADY_NEEDS
from journal.domain.treatments import GIVEN
from journal.services.writers import Writer, write_down
from journal.storage import checkins, consents, courses, steady_days, treatments
from journal.storage.audit import Act
from journal.storage.patients import Patient


def chosen_for(db: Session, patient: Patient, sight: Sight) -> tuple[date, date] | None:
    """The steady days that were chosen for the present course, where all of them are open to the reader."""
    course = courses.course_seen(db, patient.id, sight)
    days = steady_days.steady_days_of(db, patient.id).get(course.public_id) if course else None
    return days if days is not None and sight.reaches(days[0]) else None


def kept_for_others(db: Session, patient: Patient, sight: Sight, *, now: datetime) -> bool:
    """Whether steady days were chosen that this reader does not see whole, and that another provider does.

    Those stay: whoever replaced them would not know what they took away. What nobody sees any more is in nobody's way.
    """
    course = courses.course_seen(db, patient.id, sight)
    days = steady_days.steady_days_of(db, patient.id).get(course.public_id) if course else None
    return days is not None and _are_kept_for_others(db, patient, sight, days, now=now)


def choose(
    db: Session,
    patient: Patient,
    sight: Sight,
    days: tuple[date, date] | None,
    *,
    provider_id: int,
    actor_account_id: int,
    now: datetime,
) -> None:
    """Let the mood of the present course be held against ``days`` (first and last, both included).

    None lets the rule choose again. NotFound without a course. Refuses, all at once, days of the future
    (``day_in_future``) or before what is shared (``day_not_shared``), fewer than 14 or more than 28 of them
    (``steady_length``), and days of which fewer than 14 have a mood (``steady_too_few``). Refuses any where
    :func:`kept_for_others` says so (``steady_not_shared``).
    """
    consents.hold(db, patient.id)  # of two forms at once, the second finds what the first one kept
    course = courses.course_seen(db, patient.id, sight)
    if course is None:
        raise NotFound
    if days is not None:
        _check(db, patient, sight, days, now=now)
    before = steady_days.steady_days_of(db, patient.id).get(course.public_id)
    if before == days:
        return
    if before is not None and _are_kept_for_others(db, patient, sight, before, now=now):
        raise Refused("steady_not_shared", field="first")
    steady_days.put_steady_days(db, patient.id, course.public_id, days, by_provider_id=provider_id, now=now)
    by = Writer(actor_account_id, provider_id)
    write_down(db, patient, Act.STEADY_DAYS_CHOSEN, by, subject=course.public_id, now=now)


def _are_kept_for_others(
    db: Session, patient: Patient, sight: Sight, days: tuple[date, date], *, now: datetime
) -> bool:
    if sight.reaches(days[0]):
        return False
    return any(
        seen.opens(Scope.SCORES, Scope.SESSIONS) and seen.reaches(days[0])
        for seen in (
            Sight(circle.consent.scopes, circle.consent.visible_from)
            for circle in consents.circles_of(db, patient.id)
            if circle.consent.is_live(now) and not circle.has_left
        )
    )


def _check(db: Session, patient: Patient, sight: Sight, days: tuple[date, date], *, now: datetime) -> None:
    first, last = days
    least, most = int(CHOSEN_STEADY_LEAST.value), int(CHOSEN_STEADY_MOST.value)
    problems = []
    if not sight.reaches(first):
        problems.append(Refused("day_not_shared", field="first", first=sight.visible_from))
    if last > local_day(now, patient.zone):
        problems.append(Refused("day_in_future", field="last"))
    if not least <= (last - first).days + 1 <= most:
        problems.append(Refused("steady_length", field="last", least=least, most=most))
    if problems:
        raise RefusedFields(problems)
    treated = {
        one.local_date for one in treatments.treatments_seen(db, patient.id, sight) if one.status in GIVEN
    }
    readings = checkins.readings_for(db, patient.id, first=first, last=last, sight=sight)
    logged = {one.local_date for one in readings if one.mood is not None} - treated
    needs = int(STEADY_NEEDS.value)
    if len(logged) < needs:
        raise RefusedFields([Refused("steady_too_few", field="first", n=len(logged), needs=needs)])
