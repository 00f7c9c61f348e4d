"""One person's page before a visit, put together from what their consent opens. No web framework inside.

Every figure is computed from the days that this reader may see, as if there were no others.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from journal.domain.baselines import Baseline, baseline_of
from journal.domain.consents import Scope, Sight
from journal.domain.days import local_day
from journal.domain.moods import Provenance
from journal.domain.treatments import (
    BASELINE_WINDOW,
    Course,
    Marker,
    Status,
    first_of_course,
    given_in_course,
    markers,
    next_planned,
    recorded_twice,
)
from journal.domain.trends import (
    AROUND_DAYS,
    DaySummary,
    SinceLastVisit,
    covered,
    days_of,
    first_day_of,
    longest_gap,
    since_last_visit,
    window,
)
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.storage import (
    appointments,
    assessments,
    checkins,
    clinics,
    courses,
    key_moments,
    medications,
    transfers,
    treatments,
)
from journal.storage.appointments import AppointmentStatus, Visit
from journal.storage.checkins import SharedNote
from journal.storage.patients import Patient
from journal.web.chart_marks import marks_of
from journal.web.chart_parts import Period
from journal.web.chart_words import Stat, amount, of_days, since_words, stats_of
from journal.web.labels import course_title, kind_words
from journal.web.score_charts import read_series, score_chart
from journal.web.timelines import Timeline, timeline
from journal.web.treatment_lines import TreatmentLine, lines_of
from journal.wording import clock, day_and_clock, day_and_year, short_day

RANGES = {
    "4w": (translatable("4 weeks"), 28),
    "12w": (translatable("12 weeks"), 84),
    "1y": (translatable("A year"), 365),
    "all": (translatable("Everything"), 0),
}
"""What the timeline can show: the words, and how many dates (0: all of them)."""
USUAL_RANGE = "12w"
EARLIER_NOTES = 50


@dataclass(frozen=True, slots=True)
class Notes:
    """Shared notes: those to talk about, the others since the last visit, and those of before."""

    starred: list[SharedNote]
    other: list[SharedNote]
    earlier: list[SharedNote]


@dataclass(frozen=True, slots=True)
class LastSession:
    """The latest session in a few lines of (what, how it was)."""

    name: str
    local_date: date
    facts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One appointment with this provider."""

    visit: Visit
    when: str
    what: str
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class PatientPage:
    """Everything on the page. A part whose scope is closed is None or empty, and its ``shares_…`` says so."""

    public_id: str
    name: str
    headline: str
    facts: str
    shared_from: date | None
    shares_scores: bool
    shares_sessions: bool
    shares_notes: bool
    since_visit: bool
    since: str
    stats: list[Stat]
    ranges: list[tuple[str, str, bool]]
    timeline: Timeline | None
    shares_assessments: bool
    scores: Timeline | None
    coverage: str
    coverage_in_all: str
    completeness: str
    notes: Notes | None
    last_session: LastSession | None
    treatments: list[TreatmentLine]
    twice: list[date]
    visits: list[VisitLine]
    zone: str


def read_patient_page(
    db: Session, patient: Patient, sight: Sight, *, provider_id: int, now: datetime, asked_range: str
) -> PatientPage:
    """The page of ``patient`` as ``provider_id`` sees them through ``sight``; times are the clinic's."""
    workplace = clinics.workplace_of(db, provider_id)
    today = local_day(now, patient.zone)
    found = treatments.treatments_seen(db, patient.id, sight)
    sessions = markers(found)
    course = courses.course_seen(db, patient.id, sight)
    visits = appointments.appointments_with(db, patient.id, provider_id)
    last_visit = _last_visit(visits, today, patient.zone)
    next_visit = _next_visit(visits, today, patient.zone)
    # Days of the journal are the patient's; whether somebody comes today is asked of the clinic's clock.
    is_visit_today = next_visit is not None and _is_on(
        next_visit, local_day(now, workplace.zone), workplace.zone
    )
    logged = [_bare(day) for day in checkins.logged_dates(db, patient.id, last=today, sight=sight)]
    first_day = first_day_of(logged, patient.first_day, visible_from=sight.visible_from)
    chosen = asked_range if asked_range in RANGES else USUAL_RANGE
    period = Period(_first_shown(chosen, today, first_day), today, first_day)
    # Ten years of numbers are not read to show twelve weeks.
    first_read = min(period.first - timedelta(days=AROUND_DAYS), _first_compared(last_visit, today))
    days = _days(db, patient.id, first_read, today, sight)
    since = since_last_visit(days, last_visit, today=today, first_day=first_day)
    whole = covered(logged, first_day, today)
    scores = sight.opens(Scope.SCORES)
    names = workplace.people | {provider_id: pgettext("recorded by", "you")}
    drawn = None
    if scores:
        drawn = timeline(
            days,
            period,
            treatments=sessions,
            baseline=_baseline(db, patient.id, sessions, course, sight),
            last_visit=last_visit,
            imported=transfers.imported_days(
                db,
                patient.id,
                max(period.first, sight.visible_from or period.first),
                today,
                shared_only=True,
            ),
            marks=marks_of(
                medications.medications_seen(db, patient.id, sight),
                key_moments.moments_seen(db, patient.id, sight),
            ),
        )
    coming = next_planned(found, today)
    facts = [
        _course_sentence(course, sessions, sight),
        _("Next: S%(number)s on %(date)s.", number=len(sessions) + 1, date=_day(coming.local_date, today))
        if coming
        else "",
        _("Last visit %(date)s.", date=_day(last_visit, today))
        if last_visit
        else _("No visit before today is written down."),
        _("Next visit %(when)s.", when=day_and_clock(next_visit.starts_at, workplace.zone))
        if next_visit and not is_visit_today
        else "",
    ]
    return PatientPage(
        public_id=patient.public_id,
        name=patient.display_name,
        headline=_("before today’s visit, %(time)s", time=clock(next_visit.starts_at, workplace.zone))
        if next_visit and is_visit_today
        else _("before the visit"),
        facts=" ".join(fact for fact in facts if fact),
        shared_from=sight.visible_from,
        shares_scores=scores,
        shares_sessions=sight.opens(Scope.SESSIONS),
        shares_notes=sight.opens(Scope.NOTES),
        since_visit=since.since_visit,
        since=since_words(since),
        stats=stats_of(since) if scores else [],
        ranges=[(_(text), f"?range={key}", key == chosen) for key, (text, _length) in RANGES.items()],
        timeline=drawn,
        shares_assessments=sight.opens(Scope.ASSESSMENTS),
        scores=_scores(db, patient, sight, sessions, today),
        coverage=_coverage(since),
        coverage_in_all=of_days(whole.logged, whole.eligible),
        completeness=_completeness(logged, days, since, first_day=first_day, today=today) if scores else "",
        notes=_notes(db, patient, sight, last_visit, since) if sight.opens(Scope.NOTES) else None,
        last_session=_last_session(db, patient.id, lines_of(found, names=names), sight),
        treatments=lines_of(found, names=names, may_edit=workplace.people.keys()),
        twice=sorted(recorded_twice(found), reverse=True),
        visits=[_visit_line(visit, workplace.zone) for visit in visits],
        zone=workplace.zone,
    )


def _scores(
    db: Session, patient: Patient, sight: Sight, sessions: Sequence[Marker], today: date
) -> Timeline | None:
    """Every score of a questionnaire that this reader may see, however long the timeline beside them is."""
    records = assessments.outlines_seen(db, patient.id, sight)
    given_on = [one.local_date for one in sessions]
    return score_chart(read_series(records, today, given_on=given_on), today, treatments=sessions)


def _days(db: Session, patient_id: int, first: date, last: date, sight: Sight) -> list[DaySummary]:
    return days_of(checkins.readings_for(db, patient_id, first=first, last=last, sight=sight))


def _bare(day: date) -> DaySummary:
    """A day of which only that it was logged is known, and needed."""
    return DaySummary(local_date=day, mood=None, mood_min=None, mood_max=None, n=0, logged=1)


def _first_compared(last_visit: date | None, today: date) -> date:
    """The first date of the period before the last visit, as long as the one since."""
    visited = last_visit if last_visit is not None else today - timedelta(days=28)
    return visited - (today - visited) + timedelta(days=1)


def _first_shown(chosen: str, today: date, first_day: date) -> date:
    length = RANGES[chosen][1]
    if length:
        return today - timedelta(days=length - 1)
    return min(first_day, today - timedelta(days=27))


def _last_visit(visits: Sequence[Visit], today: date, zone: str) -> date | None:
    been = [
        local_day(visit.starts_at, zone)
        for visit in visits
        if visit.status is not AppointmentStatus.CANCELLED and local_day(visit.starts_at, zone) < today
    ]
    return max(been, default=None)


def _next_visit(visits: Sequence[Visit], today: date, zone: str) -> Visit | None:
    coming = [
        visit
        for visit in visits
        if visit.status is AppointmentStatus.PLANNED and local_day(visit.starts_at, zone) >= today
    ]
    return min(coming, key=lambda visit: visit.starts_at, default=None)


def _is_on(visit: Visit, today: date, zone: str) -> bool:
    return local_day(visit.starts_at, zone) == today


def _baseline(
    db: Session, patient_id: int, sessions: Sequence[Marker], course: Course | None, sight: Sight
) -> Baseline | None:
    """The mood before treatment, where the reader sees the beginning: else it would be held against a later session."""
    begins = course.start_date if course else None
    if sight.visible_from is not None and (begins is None or not sight.reaches(begins)):
        return None
    first = first_of_course((one.local_date for one in sessions), course)
    if first is None:
        return None
    window_days = course.baseline_window_days if course else BASELINE_WINDOW
    days = _days(db, patient_id, first - timedelta(days=window_days), first, sight)
    baseline = baseline_of(days, first, window_days=window_days)
    return baseline if isinstance(baseline, Baseline) else None


def _course_sentence(course: Course | None, sessions: Sequence[Marker], sight: Sight) -> str:
    if course is None:
        return ""
    whole = course.start_date is not None and sight.reaches(course.start_date)
    given = given_in_course([one.local_date for one in sessions], course) if whole else None
    stage = f"{course_title(course, given)}."
    if whole and course.start_date:
        stage = _(
            "%(stage)s, course begun %(date)s.",
            stage=course_title(course, given),
            date=day_and_year(course.start_date),
        )
    return f"{course.indication.rstrip('.')}. {stage}" if course.indication else stage


def _coverage(since: SinceLastVisit) -> str:
    return ngettext(
        "%(logged)s of %(num)s day",
        "%(logged)s of %(num)s days",
        since.check_ins.eligible,
        logged=since.check_ins.logged,
    )


def _completeness(
    logged: Sequence[DaySummary],
    days: Sequence[DaySummary],
    since: SinceLastVisit,
    *,
    first_day: date,
    today: date,
) -> str:
    gap = longest_gap(logged, first_day, today=today)
    written = Counter(day.provenance for day in window(days, since.first, since.last))
    later = written[Provenance.LATER] + written[Provenance.NEXT_DAY]
    parts = []
    if gap is not None:
        parts.append(
            ngettext(
                "Longest gap %(num)s day (%(dates)s).",
                "Longest gap %(num)s days (%(dates)s).",
                gap.days,
                dates=short_day(gap.first)
                if gap.days == 1
                else _("%(first)s to %(last)s", first=short_day(gap.first), last=short_day(gap.last)),
            )
        )
    if written:
        parts.append(
            _(
                "%(same_day)s written the same day, %(later)s filled in later.",
                same_day=written[Provenance.SAME_DAY],
                later=later,
            )
            if later
            else _("All written the same day.")
        )
    return " ".join(parts)


def _notes(
    db: Session, patient: Patient, sight: Sight, last_visit: date | None, since: SinceLastVisit
) -> Notes:
    notes = checkins.shared_notes(db, patient.id, sight=sight)
    # The day of the visit itself belongs to both sides of it: a note of that evening must not be lost.
    first = last_visit if last_visit is not None else since.first
    recent = [note for note in notes if note.local_date >= first]
    return Notes(
        starred=[note for note in recent if note.starred],
        other=[note for note in recent if not note.starred],
        earlier=[note for note in notes if note.local_date < first][:EARLIER_NOTES],
    )


def _last_session(
    db: Session, patient_id: int, lines: Sequence[TreatmentLine], sight: Sight
) -> LastSession | None:
    line = next((one for one in lines if one.name), None)
    if line is None:
        return None
    day = line.treatment.local_date
    facts = []
    if sight.opens(Scope.SCORES):
        around = _days(db, patient_id, day - timedelta(days=1), day + timedelta(days=1), sight)
        moods = {one.local_date: one.mood for one in around}
        eve, next_day = day - timedelta(days=1), day + timedelta(days=1)
        before = _mood(moods.get(eve)) if sight.reaches(eve) else pgettext("mood", "not shared")
        facts.append(
            (
                _("Mood, day before and after"),
                _("%(before)s, then %(after)s", before=before, after=_mood(moods.get(next_day))),
            )
        )
    if line.route:
        facts.append((pgettext("route", "How"), line.route))
    if line.treatment.status is Status.STOPPED_EARLY:
        facts.append((_("How it went"), line.status))
    facts.append((_("Recorded by"), line.recorded_by or pgettext("recorded by", "the patient")))
    return LastSession(name=line.name, local_date=day, facts=facts)


def _mood(mood: float | None) -> str:
    return _("no entry") if mood is None else amount(mood)


def _visit_line(visit: Visit, zone: str) -> VisitLine:
    kind = kind_words(visit.kind)
    return VisitLine(
        visit=visit,
        when=day_and_clock(visit.starts_at, zone),
        what=kind if visit.clinic_id else _("%(kind)s, written down by the patient", kind=kind),
        is_cancelled=visit.status is AppointmentStatus.CANCELLED,
    )


def _day(day: date, today: date) -> str:
    return short_day(day) if day.year == today.year else day_and_year(day)
