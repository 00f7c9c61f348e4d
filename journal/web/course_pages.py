"""A course as its page shows it, put together from what its reader may see. No web framework inside."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from journal.domain.consents import Sight
from journal.domain.courses import NEXT_PHASES, PhaseChange, progress
from journal.domain.treatments import (
    GIVEN,
    Course,
    Phase,
    Source,
    Status,
    TreatmentSession,
)
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.services.courses import LaidOut
from journal.storage import courses, treatments
from journal.storage.courses import SaidPhase
from journal.storage.patients import Patient
from journal.web.calendars import weekdays
from journal.web.course_words import (
    drug_words,
    evidence_words,
    missed_words,
    plain_words,
    schedule_words,
    source_words,
)
from journal.web.labels import phase_first, route_words
from journal.wording import day_and_year, day_of_year, month_and_year, week_begins

MONTHS_MOST = 6
"""More months than these are not drawn; the list says every date."""
_FIVE_DAYS = timedelta(days=5)
_NEW, _THERE, _GIVEN, _AHEAD, _PAST = "new", "there", "given", "ahead", "past"


@dataclass(frozen=True, slots=True)
class PlannedLine:
    """A planned session in a list. ``number`` is what it would be, if all before it take place; 0 where unknown."""

    treatment: TreatmentSession
    number: int
    may_move: bool
    by_patient: bool


@dataclass(frozen=True, slots=True)
class DayCell:
    """One day of a course's calendar; ``words`` is read out in full."""

    day: int
    words: str
    kind: str
    is_today: bool


@dataclass(frozen=True, slots=True)
class MonthShown:
    """A month with its weeks; None stands for days of other months."""

    title: str
    id: str
    weeks: list[list[DayCell | None]]


@dataclass(frozen=True, slots=True)
class CoursePage:
    """Everything on the page of the present course; ``course`` is None where none was begun.

    ``tells_start``: its first day is one that the reader may see.
    """

    course: Course | None
    tells_start: bool
    phase: str
    meaning: str
    since: date | None
    progress: str
    facts: list[tuple[str, str]]
    evidence: list[str]
    missed: str
    planned: list[PlannedLine]
    unsaid: list[PlannedLine]
    months: list[MonthShown]
    weekdays: list[tuple[str, str]]
    history: list[tuple[str, date]]
    next_phases: list[Phase]
    earliest_change: date


def read_course_page(
    db: Session,
    patient: Patient,
    sight: Sight,
    *,
    mine: Collection[int] | None,
    today: date,
    for_provider: bool,
) -> CoursePage:
    """The page as somebody reads it to whom ``sight`` is open.

    ``mine`` are the providers whose planned sessions the reader may move; None: every one (a patient alone).
    """
    course = courses.course_seen(db, patient.id, sight)
    found = treatments.treatments_seen(db, patient.id, sight)
    if course is None:
        return _without_course(found, patient, today=today, mine=mine)
    said = [
        one
        for one in courses.phases_seen(db, patient.id, course.public_id, sight)
        if sight.reaches(one.change.local_date)
    ]
    # Numbers are of the whole course: a reader who does not see its beginning is told none.
    whole = course.start_date is None or sight.reaches(course.start_date)
    done = progress(found, begins=course.start_date, today=today)
    own = [one for one in found if course.start_date is None or one.local_date >= course.start_date]
    ahead, unsaid = _planned(own, done.ahead), _planned(own, done.unsaid)
    start = done.given if whole else None
    since = max((one.change.local_date for one in said), default=None)
    return CoursePage(
        course=course,
        tells_start=whole,
        phase=phase_first(course.phase),
        meaning=plain_words(course.phase),
        since=since,
        progress=_progress(course, start),
        facts=_facts(course, tells_start=whole, for_provider=for_provider),
        evidence=evidence_words(course.drug) if for_provider else [],
        missed=missed_words(course.drug) if for_provider else "",
        planned=_lines(ahead, start, mine),
        unsaid=_lines(unsaid, None, mine),
        months=months_of(_marks(own), today=today, region=patient.region),
        weekdays=weekdays(patient.region),
        history=_history(said),
        next_phases=[phase for phase in Phase if phase in NEXT_PHASES[course.phase]],
        earliest_change=max(today, since or today),
    )


def months_of(
    marks: dict[date, tuple[str, str]], *, today: date, region: str, from_first: bool = False
) -> list[MonthShown]:
    """The months from this one (or the first with a mark) to the last that has a session.

    ``marks`` says of a day what kind its session is and how that reads.
    """
    coming = [day for day in marks if from_first or day >= today.replace(day=1)]
    if not coming:
        return []
    month, last = min(coming).replace(day=1), max(coming)
    shown: list[MonthShown] = []
    while month <= last and len(shown) < MONTHS_MOST:
        rows = calendar.Calendar(week_begins(region)).monthdatescalendar(month.year, month.month)
        weeks = [
            [_cell(day, marks, today) if day.month == month.month else None for day in row] for row in rows
        ]
        shown.append(MonthShown(month_and_year(month), f"month-{month:%Y-%m}", weeks))
        month = (month.replace(day=28) + _FIVE_DAYS).replace(day=1)
    return shown


def marks_of(laid_out: LaidOut) -> dict[date, tuple[str, str]]:
    """How the dates of a schedule that is looked at are marked on its calendar."""
    there = {day.local_date: (_THERE, _("planned already")) for day in laid_out.there}
    return there | {
        day.local_date: (_NEW, _("session %(number)s of these dates", number=day.number))
        for day in laid_out.new
    }


def _marks(found: Iterable[TreatmentSession]) -> dict[date, tuple[str, str]]:
    marks: dict[date, tuple[str, str]] = {}
    for one in found:
        if one.status in GIVEN:
            marks[one.local_date] = (_GIVEN, _("session took place"))
        elif one.status is Status.PLANNED:
            marks.setdefault(one.local_date, (_THERE, _("session planned")))
    return marks


def _cell(day: date, marks: dict[date, tuple[str, str]], today: date) -> DayCell:
    kind, words = marks.get(day, ("", ""))
    label = day_of_year(day)
    return DayCell(
        day.day,
        _("%(day)s, %(what)s", day=label, what=words) if words else label,
        kind or (_AHEAD if day > today else _PAST),
        is_today=day == today,
    )


def _planned(found: Sequence[TreatmentSession], days: Iterable[date]) -> list[TreatmentSession]:
    wanted = set(days)
    planned = [one for one in found if one.status is Status.PLANNED and one.local_date in wanted]
    return sorted(planned, key=lambda one: one.local_date)


def _lines(
    found: list[TreatmentSession], given: int | None, mine: Collection[int] | None
) -> list[PlannedLine]:
    days = sorted({one.local_date for one in found})
    return [
        PlannedLine(
            one,
            number=0 if given is None else given + 1 + days.index(one.local_date),
            may_move=bool(mine is None or mine) and one.is_kept_by(mine),
            by_patient=one.source is Source.PATIENT,
        )
        for one in found
    ]


def _progress(course: Course, given: int | None) -> str:
    if given is None:
        return _("Earlier sessions are not shared with you, so they are not counted here.")
    if course.phase is Phase.INDUCTION and course.planned_sessions and given < course.planned_sessions:
        return _(
            "Session %(number)s of %(planned)s is next.", number=given + 1, planned=course.planned_sessions
        )
    return ngettext("%(num)s session so far.", "%(num)s sessions so far.", given)


def _facts(course: Course, *, tells_start: bool, for_provider: bool) -> list[tuple[str, str]]:
    facts = [
        (_("Schedule"), schedule_words(course.preset_id)),
        (pgettext("schedule", "Source"), source_words(course.preset_id) if course.preset_id else ""),
        (_("What is given"), drug_words(course.drug)),
        (_("How it is taken"), route_words(course.default_route)),
        (_("What it treats"), course.indication),
        (_("First day"), day_and_year(course.start_date) if course.start_date and tells_start else ""),
        (_("Last day"), day_and_year(course.end_date) if course.end_date else ""),
    ]
    if for_provider:
        days = course.baseline_window_days
        facts.append(
            (_("Compared with"), ngettext("the %(num)s day before", "the %(num)s days before", days))
        )
    return [(what, how) for what, how in facts if how]


def _history(said: list[SaidPhase]) -> list[tuple[str, date]]:
    changes: list[PhaseChange] = [one.change for one in said]
    return [(phase_first(one.phase), one.local_date) for one in changes]


def _without_course(
    found: list[TreatmentSession], patient: Patient, *, today: date, mine: Collection[int] | None
) -> CoursePage:
    planned = _planned(found, progress(found, begins=None, today=today).ahead)
    return CoursePage(
        course=None, tells_start=True, phase="", meaning="", since=None, progress="", facts=[], evidence=[], missed="",
        planned=_lines(planned, None, mine), unsaid=[],
        months=months_of(_marks(found), today=today, region=patient.region), weekdays=weekdays(patient.region),
        history=[], next_phases=[], earliest_change=today,
    )  # fmt: skip
