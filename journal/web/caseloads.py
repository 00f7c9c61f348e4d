"""The caseload's rows: what each consent opens, in the words and drawings of one line. No web framework inside.

However many people there are, a page asks the database the same number of questions.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from journal.domain.consents import Scope
from journal.domain.days import local_day, resolve_wall_time
from journal.domain.treatments import Course, Marker, Phase, given_in_course
from journal.domain.trends import TAIL_DAYS, days_of_tail, figures_of
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.storage import appointments, clinics, courses, patients, treatments
from journal.storage.patients import CaseloadEntry, CaseloadOrder
from journal.web.chart_words import figure, of_days, row_day
from journal.web.charts import Sparkline, sparkline
from journal.web.labels import course_words
from journal.wording import clock, short_day, short_day_and_year

PAGE = 50
ORDERS = {
    CaseloadOrder.NEXT_VISIT: translatable("Next visit"),
    CaseloadOrder.LAST_CHECK_IN: translatable("Last check-in"),
    CaseloadOrder.LAST_SESSION: translatable("Last session"),
    CaseloadOrder.NAME: translatable("Name"),
}
"""What the list can be sorted by; to be translated where it is shown."""


@dataclass(frozen=True, slots=True)
class Row:
    """One person's line. A figure is None where its scope is closed; the page then says so."""

    public_id: str
    name: str
    about: str
    shares_scores: bool
    shares_sessions: bool
    shares_notes: bool
    flags: int
    sparkline: Sparkline | None
    last_check_in: str
    days_since_session: int | None
    check_ins: str
    mean: str
    starred: int
    next_visit: str
    comes_today: bool


@dataclass(frozen=True, slots=True)
class CaseloadPage:
    """One page of the list. ``first`` and ``last`` count from 1."""

    today: date
    people: int
    matching: int
    visits_today: int
    rows: list[Row]
    number: int
    first: int
    last: int

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        return self.last < self.matching


def read_caseload(
    db: Session, provider_id: int, *, now: datetime, order: CaseloadOrder, search: str, page: int
) -> CaseloadPage:
    """One page of the caseload of ``provider_id``; days and times are the clinic's."""
    zone = clinics.workplace_of(db, provider_id).zone
    today = local_day(now, zone)
    starts = resolve_wall_time(today, time(0), zone)
    ends = resolve_wall_time(today + timedelta(days=1), time(0), zone)
    page = max(page, 1)
    found = patients.caseload(
        db,
        provider_id,
        now=now,
        today_starts=starts,
        today_ends=ends,
        order=order,
        limit=PAGE,
        offset=(page - 1) * PAGE,
        search=search,
    )
    open_sessions = [one.patient_id for one in found.entries if one.sight.opens(Scope.SESSIONS)]
    present = courses.present_courses(db, open_sessions)
    given = treatments.given_dates_by_patient(
        db, [patient_id for patient_id, course in present.items() if course.phase is Phase.INDUCTION]
    )
    open_notes = [one for one in found.entries if one.sight.opens(Scope.NOTES)]
    visits = appointments.last_visits(db, provider_id, [one.patient_id for one in open_notes], before=starts)
    starred = patients.starred_counts(
        db, {one.patient_id: _notes_from(one, visits.get(one.patient_id), now) for one in open_notes}
    )
    rows = [
        _row(
            entry,
            now=now,
            zone=zone,
            ends=ends,
            about=_about(entry, present.get(entry.patient_id), given.get(entry.patient_id, [])),
            starred=starred.get(entry.patient_id, 0),
        )
        for entry in found.entries
    ]
    first = (page - 1) * PAGE
    return CaseloadPage(
        today=today,
        people=found.people,
        matching=found.matching,
        visits_today=found.visits_today,
        rows=rows,
        number=page,
        first=first + 1,
        last=first + len(rows),
    )


def _about(entry: CaseloadEntry, course: Course | None, given_on: list[date]) -> str:
    if course is None:
        return ""
    whole = course.start_date is not None and entry.sight.reaches(course.start_date)
    given = given_in_course(given_on, course) if whole else None
    return " · ".join(part for part in (course.indication, course_words(course, given)) if part)


def _notes_from(entry: CaseloadEntry, last_visit: datetime | None, now: datetime) -> date:
    """From the last visit on, or the last 28 dates where there was none; never before what is shared."""
    first = (
        local_day(now, entry.zone) - timedelta(days=TAIL_DAYS - 1)
        if last_visit is None
        else local_day(last_visit, entry.zone)
    )
    return max(first, entry.sight.visible_from or first)


def _row(entry: CaseloadEntry, *, now: datetime, zone: str, ends: datetime, about: str, starred: int) -> Row:
    today = local_day(now, entry.zone)
    visible_from = entry.sight.visible_from
    month = days_of_tail(entry.tail, today=today, visible_from=visible_from)
    figures = figures_of(month, today)
    begins = min([entry.first_day, *(date.fromisoformat(str(row[0])) for row in entry.tail[:1])])
    eligible = min(TAIL_DAYS, (today - max(begins, visible_from or begins)).days + 1)
    at = entry.next_visit_at
    return Row(
        public_id=entry.public_id,
        name=entry.display_name,
        about=about,
        shares_scores=entry.sight.opens(Scope.SCORES),
        shares_sessions=entry.sight.opens(Scope.SESSIONS),
        shares_notes=entry.sight.opens(Scope.NOTES),
        flags=entry.open_flags,
        sparkline=sparkline(
            month,
            today,
            treatments=[Marker(local_date=day, label="") for day in entry.session_dates],
            name=entry.display_name,
        ),
        last_check_in=_last_check_in(entry, today, now=now, zone=zone),
        days_since_session=None if entry.last_session_on is None else (today - entry.last_session_on).days,
        check_ins=of_days(figures.logged28, max(eligible, figures.logged28)),
        mean=""
        if figures.mean28 is None
        else ngettext(
            "mood %(mean)s, %(num)s day",
            "mood %(mean)s, %(num)s days",
            figures.n28,
            mean=figure(figures.mean28),
        ),
        starred=starred,
        next_visit="" if at is None else _when(at, local_day(now, zone), zone),
        comes_today=at is not None and at < ends,
    )


def _last_check_in(entry: CaseloadEntry, today: date, *, now: datetime, zone: str) -> str:
    """The patient's own day; one of today by the clinic's clock, and then the clinic's day goes with it."""
    last, at = entry.last_check_in_on, entry.last_check_in_at
    if last is None:
        return pgettext("check-ins", "None yet")
    if last == today and at is not None and local_day(at, entry.zone) == today:
        if local_day(at, zone) < local_day(now, zone):
            return _("Yesterday, %(time)s", time=clock(at, zone))
        return _("Today, %(time)s", time=clock(at, zone))
    if last >= today - timedelta(days=1):
        return _("Today") if last == today else _("Yesterday")
    return short_day_and_year(last) if last.year != today.year else short_day(last)


def _when(at: datetime, today: date, zone: str) -> str:
    day = at.astimezone(ZoneInfo(zone)).date()
    if day == today:
        return _("Today %(time)s", time=clock(at, zone))
    if day == today + timedelta(days=1):
        return _("Tomorrow %(time)s", time=clock(at, zone))
    return row_day(day, year=day.year != today.year)
