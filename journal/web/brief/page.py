"""The page before a visit as one value: ``Brief``, drawn by the provider's page, its print, and the patient's preview.

Read with :func:`read_brief`. Whoever calls brings the sight: the page of a provider and what that provider's patient
sees of it are the same brief, drawn by ``templates/components/brief.html``. What belongs to the reader alone (flags to
look at, follow-up notes) is no part of it. Every figure is computed from the days that this reader may see, as if there
were no others. No web framework inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from journal.domain.baselines import Baseline
from journal.domain.consents import Scope, Sight
from journal.domain.days import local_day
from journal.domain.periods import Choice, ComparedPeriod, Comparison, choices, compare_with_before, period
from journal.domain.regularity import waking_of
from journal.domain.treatments import Course, given_in_course, next_planned, recorded_twice
from journal.domain.withheld import Withheld
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.languages import pgettext
from journal.storage.appointments import AppointmentStatus, Visit
from journal.storage.patients import Patient
from journal.web.brief.numbers import Figure, day_figures, score_figures
from journal.web.brief.rows import BriefRows, read_brief_rows
from journal.web.brief.sides import (
    Completeness,
    LastSession,
    Notes,
    Standing,
    completeness,
    effects_by_day,
    last_session,
    notes_of,
    reported_of,
    standing,
)
from journal.web.brief.signs import Sign, signs_of, unsaid_of
from journal.web.brief.talk import Talk, talk_of
from journal.web.charts.aligned import aligned_chart
from journal.web.charts.durability import HeldTable, held_tables
from journal.web.charts.marks import marks_of
from journal.web.charts.parts import Period
from journal.web.charts.scores import read_series, score_chart
from journal.web.charts.timelines import Timeline, timeline
from journal.web.charts.words import period_words, span
from journal.web.labels import course_title, kind_words
from journal.web.treatment_lines import TreatmentLine, lines_of
from journal.web.withheld_words import why
from journal.wording import clock, day_and_clock, day_and_year, short_day

CHOICES = {
    Choice.SINCE_VISIT: translatable("Since the last visit"),
    Choice.FOUR_WEEKS: translatable("4 weeks"),
    Choice.TWELVE_WEEKS: translatable("12 weeks"),
    Choice.COURSE: translatable("This course"),
    Choice.EVERYTHING: translatable("Everything"),
}
"""What can be looked at, as its link says it."""
_TITLES = {
    Choice.SINCE_VISIT: translatable("Since the last visit"),
    Choice.FOUR_WEEKS: translatable("The last four weeks"),
    Choice.TWELVE_WEEKS: translatable("The last twelve weeks"),
    Choice.COURSE: translatable("Since this course began"),
    Choice.EVERYTHING: translatable("Everything"),
}


@dataclass(frozen=True, slots=True)
class VisitLine:
    """One appointment with this provider."""

    visit: Visit
    when: str
    what: str
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class ShownPeriod:
    """What is looked at: its title, its dates against those before, and all choices as (words, address, chosen).

    The addresses are relative: of the page itself, whichever it is.
    """

    choice: str
    title: str
    dates: str
    links: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything on the page. A part whose scope is closed is None or empty, and its ``shares_…`` says so.

    ``figures`` are the six, or those of them that are open. ``name``, ``headline`` and ``facts`` are for the head of a
    page; ``zone`` is that of the times. ``aligned`` lays the sessions over each other; ``held`` is how long each of the
    present course held, ``held_before`` the same of earlier courses. ``withheld`` says why neither is there. ``signs``
    are of all days, whose dates ``signs_of`` are; ``unsaid`` are those that cannot be said yet, with what is missing.
    """

    public_id: str
    name: str
    headline: str
    facts: str
    shared_from: date | None
    today: date
    zone: str
    shares_scores: bool
    shares_sessions: bool
    shares_notes: bool
    shares_assessments: bool
    period: ShownPeriod
    figures: list[Figure]
    timeline: Timeline | None
    scores: Timeline | None
    aligned: Timeline | None
    held: HeldTable | None
    held_before: tuple[HeldTable, ...]
    withheld: str
    signs: list[Sign]
    unsaid: list[Sign]
    signs_of: str
    complete: Completeness | None
    talk: Talk
    notes: Notes | None
    last_session: LastSession | None
    standing: Standing
    treatments: list[TreatmentLine]
    twice: list[date]
    visits: list[VisitLine]


def read_brief(
    db: Session, patient: Patient, sight: Sight, *, provider_id: int, now: datetime, asked: str = ""
) -> Brief:
    """The brief of ``patient`` as ``provider_id`` sees them through ``sight``; times are the clinic's.

    ``asked`` is the value of a :class:`Choice`; anything else is the usual period.
    """
    return brief_of(read_brief_rows(db, patient, sight, provider_id=provider_id, now=now), asked=asked)


def brief_of(rows: BriefRows, *, asked: str = "", is_preview: bool = False) -> Brief:
    """The brief of what was read.

    In a patient's preview (``is_preview``) the provider has a name instead of “you”, lines that were left out can be
    brought back, and what a clinician is asked to look at is not there.
    """
    sight, workplace = rows.sight, rows.workplace
    wanted = period(asked, rows.landmarks)
    found = compare_with_before(rows.days, wanted, first_day=rows.first_day, pauses=rows.pauses)
    reported = reported_of(rows)
    held, held_before = held_tables(rows.insights, effects=effects_by_day(rows))
    names = dict(workplace.people)
    if not is_preview:
        names[rows.provider_id] = pgettext("recorded by", "you")
    lines = lines_of(rows.treatments, names=names, may_edit=workplace.people.keys())
    shares_scores = sight.opens(Scope.SCORES)
    shares_assessments = sight.opens(Scope.ASSESSMENTS)
    waking = waking_of(mornings(rows, wanted))
    return Brief(
        public_id=rows.patient.public_id,
        name=rows.patient.display_name,
        headline=_headline(rows),
        facts=" ".join(fact for fact in _facts(rows) if fact),
        shared_from=sight.visible_from,
        today=rows.today,
        zone=workplace.zone,
        shares_scores=shares_scores,
        shares_sessions=sight.opens(Scope.SESSIONS),
        shares_notes=sight.opens(Scope.NOTES),
        shares_assessments=shares_assessments,
        period=_shown(rows, wanted),
        figures=_figures(rows, found),
        timeline=_timeline(rows, wanted) if shares_scores else None,
        scores=score_chart(
            read_series(rows.scores, rows.today, given_on=[one.local_date for one in rows.sessions]),
            rows.today,
            treatments=rows.sessions,
            is_half=True,
        ),
        aligned=aligned_chart(rows.insights.course),
        held=held,
        held_before=held_before,
        withheld=_withheld(rows),
        signs=signs_of(rows.insights, waking) if shares_scores else [],
        unsaid=unsaid_of(rows.insights, waking) if shares_scores and rows.days else [],
        signs_of=span(rows.first_day, rows.today),
        complete=completeness(rows, found) if shares_scores else None,
        talk=talk_of(rows, reported, is_preview=is_preview),
        notes=notes_of(rows, found) if sight.opens(Scope.NOTES) else None,
        last_session=last_session(rows, lines),
        standing=standing(rows, [] if is_preview else reported),
        treatments=lines,
        twice=sorted(recorded_twice(rows.treatments), reverse=True),
        visits=[_visit_line(visit, workplace.zone) for visit in rows.visits],
    )


def _shown(rows: BriefRows, wanted: ComparedPeriod) -> ShownPeriod:
    return ShownPeriod(
        choice=wanted.choice.value,
        title=_(_TITLES[wanted.choice]),
        dates=period_words(wanted, first_day=rows.first_day),
        links=[
            (_(CHOICES[one]), f"?range={one.value}", one is wanted.choice) for one in choices(rows.landmarks)
        ],
    )


def _figures(rows: BriefRows, found: Comparison) -> list[Figure]:
    """Those that are open, in the order of the page: mood, questionnaires, sleep, check-ins."""
    of_days = list(day_figures(found)) if rows.sight.opens(Scope.SCORES) else []
    of_scores = list(score_figures(rows.scores, found.period)) if rows.sight.opens(Scope.ASSESSMENTS) else []
    return [*of_days[:1], *of_scores, *of_days[1:]]


def _timeline(rows: BriefRows, wanted: ComparedPeriod) -> Timeline | None:
    return timeline(
        rows.days,
        Period(wanted.drawn_from, wanted.last, rows.first_day),
        treatments=rows.sessions,
        baseline=baseline_of_course(rows),
        last_visit=rows.last_visit,
        imported=[day for day in rows.imported if day.local_date >= wanted.drawn_from],
        marks=marks_of(rows.medicines, rows.moments),
    )


def baseline_of_course(rows: BriefRows) -> Baseline | None:
    """The mood before the present course, where there is one and the reader sees its beginning."""
    baseline = rows.insights.course.baseline
    return baseline if isinstance(baseline, Baseline) else None


def mornings(rows: BriefRows, wanted: ComparedPeriod) -> list[tuple[date, time]]:
    """When each day of the period began, where it was said."""
    return [
        (one.local_date, one.wake_time)
        for one in rows.details
        if one.wake_time is not None and wanted.first <= one.local_date <= wanted.last
    ]


def _withheld(rows: BriefRows) -> str:
    """Why nothing is said of sessions and the days after them; empty where something is."""
    alignment = rows.insights.course.alignment
    if isinstance(alignment, Withheld):
        return why(alignment)
    if isinstance(alignment.days, Withheld):
        return _("Sessions are laid over each other once there are two with days around them.")
    return ""


# The head -------------------------------------------------------------------------------------------------------------


def _headline(rows: BriefRows) -> str:
    visit, zone = rows.next_visit, rows.workplace.zone
    if visit is not None and _is_today_there(rows, visit):
        return _("before today’s visit, %(time)s", time=clock(visit.starts_at, zone))
    return _("before the visit")


def _is_today_there(rows: BriefRows, visit: Visit) -> bool:
    """Days of the journal are the patient's; whether somebody comes today is asked of the clinic's clock."""
    zone = rows.workplace.zone
    return local_day(visit.starts_at, zone) == local_day(rows.now, zone)


def _facts(rows: BriefRows) -> list[str]:
    coming = next_planned(rows.treatments, rows.today)
    visit, last_visit = rows.next_visit, rows.last_visit
    return [
        _course_sentence(rows.course, rows),
        _(
            "Next: S%(number)s on %(date)s.",
            number=len(rows.sessions) + 1,
            date=_day(coming.local_date, rows.today),
        )
        if coming
        else "",
        _("Last visit %(date)s.", date=_day(last_visit, rows.today))
        if last_visit
        else _("No visit before today is written down."),
        _("Next visit %(when)s.", when=day_and_clock(visit.starts_at, rows.workplace.zone))
        if visit and not _is_today_there(rows, visit)
        else "",
    ]


def _course_sentence(course: Course | None, rows: BriefRows) -> str:
    if course is None:
        return ""
    whole = course.start_date is not None and rows.sight.reaches(course.start_date)
    given = given_in_course([one.local_date for one in rows.sessions], course) if whole else None
    stage = f"{course_title(course, given)}."
    if whole and course.start_date:
        facts = {"stage": course_title(course, given), "date": day_and_year(course.start_date)}
        stage = (
            _("%(stage)s, course begins %(date)s.", **facts)
            if course.start_date > rows.today
            else _("%(stage)s, course begun %(date)s.", **facts)
        )
    return f"{course.indication.rstrip('.')}. {stage}" if course.indication else stage


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
