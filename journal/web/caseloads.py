"""The caseload's rows: what each consent opens, in the words and drawings of one line. No web framework inside.

However many people there are, a page asks the database the same number of questions. What a row says was worked out
ahead (``journal.services.caseload_lines``); here it gets its words.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from journal.domain.attention import Kind
from journal.domain.caseloads import Group, Numbers, Only, Order, Why, arrange
from journal.domain.consents import Scope
from journal.domain.days import local_day, resolve_wall_time
from journal.domain.treatments import Phase
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.services.caseload_lines import lines_in
from journal.storage import attention, caseloads, clinics
from journal.storage.caseloads import CaseloadEntry, ClinicDay, scopes_of
from journal.web.attention_lines import Chip, chips_of, look_again_chip
from journal.web.charts.words import of_days, row_day
from journal.web.charts.words import spark as says_spark
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

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Score:
    """A PHQ-9 total with how it changed: ``arrow`` is for the eye, ``change`` says it."""

    total: str
    arrow: str
    change: str


class Row(NamedTuple):
    """One person's line, as the template takes it apart. A figure is None where its scope is closed; the page then says
    so.

    ``shares_all``: nothing that a reason to look could come from is closed. ``can_wait``: some of ``chips`` can be set
    aside; ``waits`` is until when something was. ``spark`` is the drawing of 28 days, and ``says`` what it shows.
    """

    public_id: str
    name: str
    about: str
    shares_scores: bool
    shares_sessions: bool
    shares_assessments: bool
    shares_all: bool
    chips: Sequence[Chip]
    can_wait: bool
    waits: str
    spark: Sequence[Any] | None
    says: str
    last_check_in: str
    check_ins: str
    days_since_session: str
    phq9: Score | None
    starred: str
    next_visit: str


@dataclass(frozen=True, slots=True)
class CaseloadPage:
    """One page of the list, by group. ``start`` and ``last`` count from 1. ``behind`` are the consents whose lines have
    to be worked out again, those that should be first."""

    today: date
    numbers: Numbers
    matching: int
    aside: int
    behind: list[int]
    groups: dict[Group, list[Row]]
    number: int
    start: int
    last: int

    @property
    def labels(self) -> tuple[str, ...]:
        """What stands beside each figure where a row is a card, and in its place where there is none."""
        return (
            _("Mood, 28 days"),
            _("Last check-in"),
            _("Days since session"),
            pgettext("reasons to look", "Flags"),
            _("Next visit"),
            _("Set aside…"),
            _("No entry"),
            pgettext("part", "Not shared"),
            pgettext("reasons to look", "None"),
            pgettext("reasons to look", "None in what is shared"),
        )

    @property
    def rows(self) -> list[Row]:
        """Everybody on the page, in order."""
        return [row for rows in self.groups.values() for row in rows]

    @property
    def has_more(self) -> bool:
        """Whether another page follows."""
        return self.last < self.matching


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
    day = ClinicDay(now, _midnight(today, zone), _midnight(today + timedelta(days=1), zone))
    numbers = caseloads.numbers_of(db, provider_id, day)
    page = max(page, 1)
    begins = (page - 1) * PAGE
    if order is Order.NEXT_VISIT and only is Only.EVERYONE and not search:
        people, before = caseloads.page_of(db, provider_id, day, start=begins, most=PAGE)
        listed = arrange(people)[begins - before :][:PAGE]
        matching = numbers.people
    else:
        shown = attention.shown_at(db, workplace.clinic_id).shown
        everybody = caseloads.everybody_who_shares(
            db, provider_id, day, order=order, only=only, silent_from=shown.silence_days
        )
        folded = _folded(search)
        everybody = arrange(everybody, found=(lambda name: folded in _folded(name)) if search else None)
        listed, matching = everybody[begins : begins + PAGE], len(everybody)
    ids = [one.consent_id for one in listed]
    entries = caseloads.entries_of(db, provider_id, ids, now=now)
    return CaseloadPage(
        today=today,
        numbers=numbers,
        matching=matching,
        aside=attention.count_set_aside(db, provider_id, today=today),
        behind=caseloads.behind_of(db, provider_id, ids, day) if numbers.behind else [],
        groups=_groups(db, entries, day, zone),
        number=page,
        start=begins + 1,
        last=begins + len(entries),
    )


def _midnight(day: date, zone: str) -> datetime:
    return resolve_wall_time(day, time(0), zone)


def _groups(
    db: Session, entries: Sequence[CaseloadEntry], day: ClinicDay, zone: str
) -> dict[Group, list[Row]]:
    indications = caseloads.indications_of(db, [course for one in entries if (course := _course(one))])
    words = _Words(day, zone, indications)
    groups: dict[Group, list[Row]] = {group: [] for group in Group}
    into = [groups[why.group] for why in Why]
    for entry in entries:
        into[entry.why].append(words.row(entry))
    return groups


_NOTHING: dict[str, Any] = {
    "lines": (),
    "waits": None,
    "again": None,
    "at": None,
    "month": None,
    "phq9": None,
    "course": None,
    "starred": 0,
}
"""Of somebody whose line has not been worked out yet."""


class _Words:
    """What a page's rows are said with: whatever is the same in many of them is said once."""

    def __init__(self, day: ClinicDay, zone: str, indications: Mapping[str, str]) -> None:
        self._day = day
        self._zone = zone
        self._indications = indications
        self._today = local_day(day.now, zone)
        self._today_in = cache(lambda patients_zone: local_day(day.now, patients_zone))
        self._shares = cache(_shares)
        self._check_ins = cache(of_days)
        self._next_visit = cache(self._when)
        self._stage = cache(_stage)

    def row(self, entry: CaseloadEntry) -> Row:
        """One person's line."""
        facts: dict[str, Any] = entry.facts or _NOTHING
        today = self._today_in(entry.zone)
        chips, can_wait = self._chips(facts, today)
        month, course = facts["month"], facts["course"]
        spark = month["spark"] if month else None
        visit, treated = entry.next_visit_at, entry.last_session_on
        shares_scores, shares_sessions, shares_assessments, shares_all = self._shares(entry.scopes)
        return Row(
            entry.public_id,
            entry.display_name,
            self._about(course) if course else "",
            shares_scores,
            shares_sessions,
            shares_assessments,
            shares_all,
            chips,
            can_wait,
            _waits(facts["waits"], today),
            spark,
            says_spark(entry.display_name, *spark[5:]) if spark else "",
            self._last_check_in(entry, facts["at"], today) if shares_scores else "",
            self._check_ins(month["logged"], month["eligible"]) if month else "",
            "–" if treated is None else str((today - treated).days),
            score_of(facts["phq9"], today) if facts["phq9"] else None,
            _starred_words(facts["starred"]),
            "–" if visit is None or visit < self._day.starts else self._next_visit(visit),
        )

    def _chips(self, facts: Mapping[str, Any], today: date) -> tuple[Sequence[Chip], bool]:
        """Why they want a look, and whether any of that can be set aside."""
        if not facts["lines"] and not facts["again"]:
            return (), False
        chips = chips_of(lines_in(facts), today=today)
        can_wait = any(chip.kind is not Kind.FLAG for chip in chips)
        if facts["again"]:
            chip = look_again_chip(date.fromisoformat(facts["again"]), today=self._today)
            chips.insert(1 if chips and chips[0].kind is Kind.FLAG else 0, chip)
        return chips, can_wait

    def _about(self, course: Sequence[Any]) -> str:
        public_id, *stage = course
        indication, stage_is = self._indications.get(public_id), self._stage(*stage)
        return f"{indication} · {stage_is}" if indication and stage_is else indication or stage_is

    def _last_check_in(self, entry: CaseloadEntry, written: str | None, today: date) -> str:
        """The patient's own day; one of today by the clinic's clock, and then the clinic's day goes with it."""
        last, zone = entry.last_check_in_on, self._zone
        if last is None:
            return pgettext("check-ins", "None yet")
        if last == today:
            at = datetime.fromisoformat(written) if written else None
            if at is None or local_day(at, entry.zone) != today:
                return _("Today")
            if local_day(at, zone) < self._today:
                return _("Yesterday, %(time)s", time=clock(at, zone))
            return _("Today, %(time)s", time=clock(at, zone))
        return _("Yesterday") if last == today - _DAY else _day(last, today)

    def _when(self, at: datetime) -> str:
        day = at.astimezone(ZoneInfo(self._zone)).date()
        if day == self._today:
            return _("Today %(time)s", time=clock(at, self._zone))
        if day == self._today + _DAY:
            return _("Tomorrow %(time)s", time=clock(at, self._zone))
        return row_day(day, year=day.year != self._today.year)


def _course(entry: CaseloadEntry) -> str:
    facts: dict[str, Any] = entry.facts or _NOTHING
    return facts["course"][0] if facts["course"] else ""


def _shares(names: str) -> tuple[bool, bool, bool, bool]:
    """Scores, sessions, questionnaires; and all that a reason to look could come from."""
    scopes = scopes_of(names)
    shared = Scope.SCORES in scopes, Scope.SESSIONS in scopes, Scope.ASSESSMENTS in scopes
    return *shared, all(shared)


def _stage(phase: str, planned: int | None, is_whole: bool, given: int | None) -> str:
    return stage_words(Phase(phase), planned, given if is_whole else None)


def _waits(until: str | None, today: date) -> str:
    if until is None:
        return ""
    return _("Something set aside until %(date)s", date=_day(date.fromisoformat(until), today))


def _starred_words(notes: int) -> str:
    return ngettext("%(num)s starred note", "%(num)s starred notes", notes) if notes else ""


def score_of(score: Sequence[Any], today: date) -> Score:
    """The total, how it changed and since when, as a line keeps it; None for the last two where it is the first."""
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


def _day(day: date, today: date) -> str:
    return short_day_and_year(day) if day.year != today.year else short_day(day)


def _folded(text: str) -> str:
    """Without capitals and accents, so that “lucia” finds Lucía."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).strip()
