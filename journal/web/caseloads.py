"""The caseload's rows: what each consent opens, in the words and drawings of one line. No web framework inside.

However many people there are, a page asks the database the same number of questions. What a row says was worked out
ahead (``journal.services.caseload_lines``); here it gets its words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from journal.domain.attention import Kind, Shown, shown_lines
from journal.domain.caseloads import Group, Only, Order, Person, Placed, arrange
from journal.domain.consents import Scope
from journal.domain.days import local_day, resolve_wall_time
from journal.domain.treatments import Phase
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.services.caseload_lines import lines_in
from journal.storage import attention, caseloads, clinics, provider_notes
from journal.storage.caseloads import CaseloadEntry
from journal.storage.clinics import Workplace
from journal.storage.provider_notes import LookAgain
from journal.web.attention_lines import Chip, chips_of, look_again_chip
from journal.web.chart_words import of_days, row_day
from journal.web.charts import Sparkline, sparkline
from journal.web.labels import stage_words
from journal.wording import clock, short_day, short_day_and_year

PAGE = 50
ORDERS = {
    Order.NEXT_VISIT: translatable("Next visit"),
    Order.LAST_CHECK_IN: translatable("Last check-in"),
    Order.LAST_SESSION: translatable("Last session"),
    Order.PHQ9: translatable("PHQ-9 change"),
    Order.NAME: translatable("Name"),
}
"""What the list can be sorted by; to be translated where it is shown."""
FILTERS = {
    Only.EVERYONE: translatable("Everyone"),
    Only.FIRST: translatable("Look first"),
    Only.TODAY: translatable("Visits today"),
    Only.SILENT: translatable("Not heard from"),
}
"""Whom the list can show."""


@dataclass(frozen=True, slots=True)
class Score:
    """A PHQ-9 total with how it changed: ``arrow`` is for the eye, ``change`` says it."""

    total: str
    arrow: str
    change: str


@dataclass(frozen=True, slots=True)
class Row:
    """One person's line. A figure is None where its scope is closed; the page then says so.

    ``shares_all``: nothing that a reason to look could come from is closed. ``can_wait``: some of ``chips`` can be set
    aside; ``waits`` is until when something was.
    """

    public_id: str
    name: str
    about: str
    group: Group
    shares_scores: bool
    shares_sessions: bool
    shares_assessments: bool
    shares_all: bool
    chips: list[Chip]
    can_wait: bool
    waits: str
    sparkline: Sparkline | None
    last_check_in: str
    check_ins: str
    days_since_session: int | None
    phq9: Score | None
    starred: str
    next_visit: str


@dataclass(frozen=True, slots=True)
class CaseloadPage:
    """One page of the list. ``start`` and ``last`` count from 1.

    ``behind`` are the consents whose lines have to be worked out again, those on this page first.
    """

    today: date
    people: int
    first: int
    visits_today: int
    matching: int
    aside: int
    behind: list[int]
    rows: list[Row]
    number: int
    start: int
    last: int
    silence_days: int

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        return self.last < self.matching

    def group(self, group: Group) -> list[Row]:
        """The rows of one group."""
        return [row for row in self.rows if row.group == group]


def read_caseload(
    db: Session,
    provider_id: int,
    *,
    now: datetime,
    order: Order,
    search: str,
    page: int,
    only: Only = Only.EVERYONE,
) -> CaseloadPage:
    """One page of the caseload of ``provider_id``; days and times are the clinic's."""
    workplace = clinics.workplace_of(db, provider_id)
    zone = workplace.zone
    today = local_day(now, zone)
    starts = resolve_wall_time(today, time(0), zone)
    ends = resolve_wall_time(today + timedelta(days=1), time(0), zone)
    shown = attention.shown_at(db, workplace.clinic_id).shown
    aside = attention.set_aside_by(db, provider_id, today=today)
    look_again = provider_notes.due_notes(db, provider_id, today=today, now=now)
    folded = _folded(search)
    people = caseloads.everybody_who_shares(db, provider_id, now=now, today_starts=starts, today_ends=ends)
    page = max(page, 1)
    begins = (page - 1) * PAGE
    arranged = arrange(
        people,
        shown=shown,
        aside=aside,
        look_again=look_again,
        order=order,
        only=only,
        found=(lambda name: folded in _folded(name)) if search else None,
        start=begins,
        most=PAGE,
    )
    where = {one.person.consent_id: one for one in arranged.placed}
    ids = [*where]
    entries = caseloads.entries_of(db, provider_id, ids, now=now, today_starts=starts)
    indications = caseloads.indications_of(db, [course for entry in entries if (course := _course(entry))])
    seen = _Seen(now=now, workplace=workplace, shown=shown, aside=aside, look_again=look_again)
    rows = [_row(entry, where[entry.consent_id], seen, indications) for entry in entries]
    return CaseloadPage(
        today=today,
        people=arranged.people,
        first=arranged.first,
        visits_today=arranged.today,
        matching=arranged.matching,
        aside=sum(len(kinds) for kinds in aside.values()),
        behind=_behind(people, set(ids)),
        rows=rows,
        number=page,
        start=begins + 1,
        last=begins + len(rows),
        silence_days=shown.silence_days,
    )


def _behind(people: Sequence[Person], shown: Set[int]) -> list[int]:
    behind = [one.consent_id for one in people if one.is_behind]
    return sorted(behind, key=lambda consent_id: consent_id not in shown) if behind else []


@dataclass(frozen=True, slots=True)
class _Seen:
    """What every row is read with."""

    now: datetime
    workplace: Workplace
    shown: Shown
    aside: Mapping[int, Mapping[Kind, date]]
    look_again: Mapping[int, LookAgain]


def _row(entry: CaseloadEntry, placed: Placed, seen: _Seen, indications: Mapping[str, str]) -> Row:
    facts: dict[str, Any] = entry.facts or _NOTHING
    today = local_day(seen.now, entry.zone)
    sight, zone = entry.sight, seen.workplace.zone
    scores, sessions = sight.opens(Scope.SCORES), sight.opens(Scope.SESSIONS)
    aside = seen.aside.get(entry.patient_id, {})
    chips = chips_of(shown_lines(lines_in(facts), seen.shown, aside=aside), today=today)
    can_wait = any(chip.kind is not Kind.FLAG for chip in chips)
    again = seen.look_again.get(entry.patient_id)
    if again is not None:
        chip = look_again_chip(again.since, today=local_day(seen.now, zone))
        chips.insert(1 if chips and chips[0].kind is Kind.FLAG else 0, chip)
    month = facts["month"]
    at = entry.next_visit_at
    return Row(
        public_id=entry.public_id,
        name=entry.display_name,
        about=_about(facts["course"], indications),
        group=placed.group,
        shares_scores=scores,
        shares_sessions=sessions,
        shares_assessments=sight.opens(Scope.ASSESSMENTS),
        shares_all=sight.opens(Scope.SCORES, Scope.SESSIONS, Scope.ASSESSMENTS),
        chips=chips,
        can_wait=can_wait,
        waits=_waits(aside, today),
        sparkline=sparkline(month["days"], today, given=facts["sessions"], name=entry.display_name)
        if month
        else None,
        last_check_in=_last_check_in(entry, facts["at"], today, now=seen.now, zone=zone) if scores else "",
        check_ins=of_days(month["logged"], month["eligible"]) if month else "",
        days_since_session=None if entry.last_session_on is None else (today - entry.last_session_on).days,
        phq9=score_of(facts["phq9"], today),
        starred=_starred_words(facts["starred"]),
        next_visit="" if at is None else _when(at, local_day(seen.now, zone), zone),
    )


_NOTHING: dict[str, Any] = {
    "lines": [],
    "at": None,
    "month": None,
    "sessions": [],
    "phq9": None,
    "course": None,
    "starred": 0,
}
"""Of somebody whose line has not been worked out yet."""


def _course(entry: CaseloadEntry) -> str:
    facts: dict[str, Any] = entry.facts or _NOTHING
    return facts["course"][0] if facts["course"] else ""


def _about(course: Sequence[Any] | None, indications: Mapping[str, str]) -> str:
    if course is None:
        return ""
    public_id, phase, planned, is_whole, given = course
    stage = stage_words(Phase(phase), planned, given if is_whole else None)
    return " · ".join(part for part in (indications.get(public_id, ""), stage) if part)


def _waits(aside: Mapping[Kind, date], today: date) -> str:
    if not aside:
        return ""
    return _("Something set aside until %(date)s", date=_day(min(aside.values()), today))


def _starred_words(notes: int) -> str:
    return ngettext("%(num)s starred note", "%(num)s starred notes", notes) if notes else ""


def score_of(score: Sequence[Any] | None, today: date) -> Score | None:
    if score is None:
        return None
    total, change, since = score
    if change is None:
        return Score(str(total), "", "")
    day = _day(date.fromisoformat(since), today)
    if change == 0:
        return Score(str(total), "", _("no change since %(date)s", date=day))
    signed = f"+{change}" if change > 0 else f"−{-change}"
    return Score(
        str(total), "↑" if change > 0 else "↓", _("%(change)s since %(date)s", change=signed, date=day)
    )


def _last_check_in(
    entry: CaseloadEntry, written: str | None, today: date, *, now: datetime, zone: str
) -> str:
    """The patient's own day; one of today by the clinic's clock, and then the clinic's day goes with it."""
    last, at = entry.last_check_in_on, datetime.fromisoformat(written) if written else None
    if last is None:
        return pgettext("check-ins", "None yet")
    if last == today and at is not None and local_day(at, entry.zone) == today:
        if local_day(at, zone) < local_day(now, zone):
            return _("Yesterday, %(time)s", time=clock(at, zone))
        return _("Today, %(time)s", time=clock(at, zone))
    if last >= today - timedelta(days=1):
        return _("Today") if last == today else _("Yesterday")
    return _day(last, today)


def _when(at: datetime, today: date, zone: str) -> str:
    day = at.astimezone(ZoneInfo(zone)).date()
    if day == today:
        return _("Today %(time)s", time=clock(at, zone))
    if day == today + timedelta(days=1):
        return _("Tomorrow %(time)s", time=clock(at, zone))
    return row_day(day, year=day.year != today.year)


def _day(day: date, today: date) -> str:
    return short_day_and_year(day) if day.year != today.year else short_day(day)


def _folded(text: str) -> str:
    """Without capitals and accents, so that “lucia” finds Lucía."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).strip()
