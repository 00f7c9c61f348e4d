"""Keeping what a provider's list shows of each person: worked out ahead, as one consent opens it, and never stale.

A line is a function of what the consent opens and of the date; :func:`worked_out` computes it from nothing. Reading and
keeping are apart, so that a list can be worked out in a look that holds up nobody, and kept in a short transaction;
what changes in between stays behind (``journal.storage.caseload_lines``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from journal.domain import attention
from journal.domain.attention import Facts, Kind, Line, OpenFlag, Shown, shown_lines
from journal.domain.caseloads import place_of
from journal.domain.clinical_limits import DISSOCIATION_LASTS
from journal.domain.consents import Scope, Sight
from journal.domain.days import local_day, resolve_wall_time
from journal.domain.insights import History
from journal.domain.safety_flags import is_reached
from journal.domain.sparklines import drawn
from journal.domain.summaries import Summary
from journal.domain.treatments import GIVEN, Phase, given_in_course
from journal.domain.trends import TAIL_DAYS, coverage, days_of_tail
from journal.logs import log, where
from journal.services import long_term_flags
from journal.services.insights import read_history
from journal.services.long_term_flags import PHQ9
from journal.storage import (
    appointments,
    assessments,
    caseload_lines,
    clinics,
    courses,
    patients,
    provider_notes,
    safety_flags,
    side_effects,
    treatments,
)
from journal.storage import attention as attention_rows
from journal.storage import summaries as summary_rows
from journal.storage.caseload_lines import Behind, KeptLine, Waiting, Worked
from journal.storage.clinics import Workplace
from journal.storage.patients import Patient
from journal.storage.provider_notes import LookAgain

AT_ONCE = 50
"""Patients whose lines are worked out in one look, and kept in one transaction."""

_DAY = timedelta(days=1)


def work_out(db: Session, waiting: Waiting, *, now: datetime) -> Worked:
    """The lines that wait as they are true at ``now``. One that cannot be worked out is told of and left out: it stays
    behind, and holds up nobody else."""
    return Worked(waiting, _work_out(db, waiting.behind, now=now))


def lines_now(db: Session, patient_id: int, provider_id: int, *, now: datetime) -> tuple[Line, ...]:
    """All that is true of one patient at ``now`` for one provider, worked out anew; nothing without a consent."""
    workplace = clinics.workplace_of(db, provider_id)
    found: tuple[Line, ...] = ()
    for one in caseload_lines.consent_between(db, patient_id, provider_id, now=now):
        facts, _started = _facts(db, one, workplace=workplace, now=now)
        found = attention.attention_of(facts)
    return found


def rebuild_all(db: Session, *, now: datetime) -> int:
    """Work every line out again, and forget those of consents that are over; how many there are."""
    everyone = after = 0
    while (waiting := caseload_lines.every_line(db, after=after, now=now, most=AT_ONCE)).last:
        caseload_lines.put_lines(db, work_out(db, waiting, now=now))
        everyone += len(waiting.behind)
        after = waiting.last
    caseload_lines.forget_lines(db, now=now)
    return everyone


@dataclass(frozen=True, slots=True)
class _Desk:
    """What one provider's lines are worked out with: by patient what is set aside, since when another look is due, and
    the visits on either side of the beginning of the clinic's day."""

    workplace: Workplace
    today_ends: datetime
    shown: Shown
    aside: Mapping[int, Mapping[Kind, date]]
    again: Mapping[int, LookAgain]
    last_visits: Mapping[int, datetime]
    next_visits: Mapping[int, datetime]


def worked_out(db: Session, one: Behind, *, desk: _Desk, now: datetime) -> KeptLine:
    """One line from nothing."""
    patient, consent = one.patient, one.consent
    sight = one.sight
    today = local_day(now, patient.zone)
    facts, started = _facts(db, one, workplace=desk.workplace, now=now)
    found = attention.attention_of(facts)
    aside, again = desk.aside.get(patient.id, {}), desk.again.get(patient.id)
    lines = shown_lines(found, desk.shown, aside=aside)
    silence = [line.number for line in found if line.kind is Kind.SILENCE]
    next_visit = desk.next_visits.get(patient.id)
    place = place_of(
        lines,
        flagged_at=_first_flag(facts.flags),
        looks_again=again is not None,
        next_visit_at=next_visit,
        today_ends=desk.today_ends,
    )
    summary = summary_rows.summary(db, patient.id)
    scores, sessions = sight.opens(Scope.SCORES), sight.opens(Scope.SESSIONS)
    last_on, last_session = summary.last_check_in_on, summary.last_session_on
    checked_in = scores and last_on is not None and sight.reaches(last_on)
    treated = sessions and last_session is not None and sight.reaches(last_session)
    phq9 = _phq9(db, patient.id, sight)
    ends = [_midnight_after(now, patient.zone), desk.today_ends, consent.expires_at]
    return KeptLine(
        consent_id=one.consent_id,
        provider_id=consent.provider_id,
        patient_id=patient.id,
        expires_at=consent.expires_at,
        version=one.version + 1,
        good_until=min([*ends, *(at for at in started if at > now)]),
        why=place.why,
        place_key=place.key,
        next_visit_at=next_visit,
        silent_days=max(silence, default=0) if scores else None,
        last_check_in_on=last_on if checked_in else None,
        last_session_on=last_session if treated else None,
        phq9_change=phq9[1] if phq9 else None,
        facts={
            "lines": [[line.kind, line.what, _isos(line.dates), line.number] for line in lines],
            "at": summary.last_check_in_at.astimezone(UTC).isoformat()
            if checked_in and summary.last_check_in_at
            else None,
            "waits": min(aside.values()).isoformat() if aside else None,
            "again": again.since.isoformat() if again else None,
            "month": _month(summary, facts.history, sight, today) if scores else None,
            "phq9": [phq9[0], phq9[1], phq9[2] and phq9[2].isoformat()] if phq9 else None,
            "course": _course(db, patient.id, sight),
            "starred": _starred(db, patient, sight, desk.last_visits.get(patient.id), now)
            if sight.opens(Scope.NOTES)
            else 0,
        },
    )


def lines_in(facts: Mapping[str, object]) -> tuple[Line, ...]:
    """What a kept line says of why somebody wants a look, as :func:`worked_out` wrote it: what its reader is shown."""
    return tuple(
        Line(Kind(kind), what, tuple(date.fromisoformat(day) for day in dates), number)
        for kind, what, dates, number in facts["lines"]  # type: ignore[attr-defined]
    )


def _work_out(db: Session, behind: Sequence[Behind], *, now: datetime) -> list[KeptLine]:
    desks: dict[int, _Desk] = {}
    lines = []
    for one in behind:
        provider_id = one.consent.provider_id
        if provider_id not in desks:
            patients = [other.patient.id for other in behind if other.consent.provider_id == provider_id]
            desks[provider_id] = _desk(db, provider_id, patients, now=now)
        try:
            lines.append(worked_out(db, one, desk=desks[provider_id], now=now))
        except SQLAlchemyError:  # the database itself, which is nobody's row: the batch comes again
            raise
        except Exception as fault:
            log.error("caseload line fault", fault=type(fault).__name__, where=where(fault))
    return lines


def _desk(db: Session, provider_id: int, patient_ids: Collection[int], *, now: datetime) -> _Desk:
    workplace = clinics.workplace_of(db, provider_id)
    today = local_day(now, workplace.zone)
    starts = resolve_wall_time(today, time(0), workplace.zone)
    return _Desk(
        workplace=workplace,
        today_ends=_midnight_after(now, workplace.zone),
        shown=attention_rows.shown_at(db, workplace.clinic_id).shown,
        aside=attention_rows.set_aside_by(db, provider_id, today=today),
        again=provider_notes.due_notes(db, provider_id, today=today, now=now),
        last_visits=appointments.last_visits(db, provider_id, patient_ids, before=starts),
        next_visits=appointments.next_visits(db, provider_id, patient_ids, since=starts),
    )


def _facts(db: Session, one: Behind, *, workplace: Workplace, now: datetime) -> tuple[Facts, list[datetime]]:
    """What the rules ask of, and the instants at which time alone makes another flag true."""
    patient, consent, sight = one.patient, one.consent, one.sight
    treated = treatments.treatments_seen(db, patient.id, sight)
    lasts = timedelta(minutes=int(DISSOCIATION_LASTS.value), microseconds=1)
    history = read_history(db, patient, sight, until=local_day(now, patient.zone))
    reported = long_term_flags.flags_seen(
        db, patient, sight, clinic_id=workplace.clinic_id, now=now, days=history.days, treated=treated
    )
    return Facts(
        history=history,
        flags=[
            OpenFlag(at, local_day(at, patient.zone), acute)
            for at, acute in safety_flags.open_since(db, patient.id)
            if sight.opens(Scope.ASSESSMENTS)
            and is_reached(
                at, zone=patient.zone, visible_from=consent.visible_from, granted_at=consent.granted_at
            )
        ],
        effects=side_effects.side_effects_seen(db, patient.id, sight),
        reported=[one.flag for one in reported],
    ), [one.started_at + lasts for one in treated if one.started_at is not None and one.status in GIVEN]


def _first_flag(flags: Sequence[OpenFlag]) -> datetime | None:
    """The time by which a person is sorted among those with flags: of the acute ones where there are any."""
    acute = [flag.created_at for flag in flags if flag.is_acute]
    return min(acute or [flag.created_at for flag in flags], default=None)


def _month(summary: Summary, history: History, sight: Sight, today: date) -> dict[str, object]:
    """The 28 dates up to today: their picture, how many of them are logged and of how many there could have been.

    Dates with reminders paused are drawn like any other and counted nowhere. Sessions only where they are open.
    """
    days = days_of_tail(summary.tail, today=today, visible_from=sight.visible_from)
    share = coverage(history.days, history.first_day, today=today, last=TAIL_DAYS, pauses=history.pauses)
    given = (
        {day for day in map(date.fromisoformat, summary.session_dates) if sight.reaches(day)}
        if sight.opens(Scope.SESSIONS)
        else set()
    )
    spark = drawn([(day.local_date, day.mood) for day in days], today, given=given)
    return {
        "spark": [*spark] if spark else None,
        "logged": share.logged,
        "eligible": share.eligible,
    }


def _phq9(db: Session, patient_id: int, sight: Sight) -> tuple[int, int | None, date | None] | None:
    """The last PHQ-9 total, how much it differs from the one before, and the date of that."""
    totals = sorted(
        (one.completed_on, one.total)
        for one in assessments.outlines_seen(db, patient_id, sight)
        if one.completed_on is not None and one.total is not None and one.scored_as == PHQ9
    )
    if not totals:
        return None
    total = totals[-1][1]
    if len(totals) == 1:
        return total, None, None
    return total, total - totals[-2][1], totals[-2][0]


def _course(db: Session, patient_id: int, sight: Sight) -> list[object] | None:
    """The present course: public id, phase, planned sessions, whether all of it is seen, sessions of an induction."""
    course = courses.course_seen(db, patient_id, sight)
    if course is None:
        return None
    given = None
    is_whole = course.start_date is not None and sight.reaches(course.start_date)
    if is_whole and course.phase is Phase.INDUCTION:
        given = given_in_course(treatments.given_dates(db, patient_id), course)
    return [course.public_id, course.phase.value, course.planned_sessions, is_whole, given]


def _starred(db: Session, patient: Patient, sight: Sight, visit: datetime | None, now: datetime) -> int:
    """Shared starred notes from the last visit on, or of the last 28 dates; never from before what is shared."""
    first = (
        local_day(now, patient.zone) - (TAIL_DAYS - 1) * _DAY
        if visit is None
        else local_day(visit, patient.zone)
    )
    first = max(first, sight.visible_from or first)
    return patients.starred_counts(db, {patient.id: first}).get(patient.id, 0)


def _midnight_after(now: datetime, zone: str) -> datetime:
    return resolve_wall_time(local_day(now, zone) + _DAY, time(0), zone)


def _isos(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in days]
