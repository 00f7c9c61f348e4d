"""The one-page summary as one value: ``Sheet``, what fits of a brief on one page of A4 or Letter.

It is drawn from the brief, so its figures are the figures of the page; what there is no room for is shortened with an
ellipsis or counted, never left out in silence. Heights are counted here in CSS pixels as ``static/css/sheet.css`` sets
them, with something to spare: a test prints the fullest sheet there can be. No web framework inside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

from journal.domain.baselines import Baseline
from journal.domain.days import local_day
from journal.domain.periods import period
from journal.domain.trends import covered
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.web import chart_geometry as draw
from journal.web.aligned_charts import aligned_chart
from journal.web.brief_figures import Figure
from journal.web.brief_rows import BriefRows
from journal.web.briefs import Brief
from journal.web.chart_marks import marks_of
from journal.web.chart_parts import Drawing, Period
from journal.web.durability_tables import HeldRow
from journal.web.score_charts import read_series, score_chart
from journal.web.timelines import timeline
from journal.wording import day_and_clock, day_and_year, short_day, short_day_and_year

WIDTH = 710.0
"""What both papers have between their margins, in CSS pixels: A4 is as narrow as this."""
HEIGHTS = {"a4": 1046.0, "letter": 980.0}
"""What each has from margin to margin. A printer's paper is not known: what is made for one is made for the lower."""
SPARE = 14.0
"""Pixels that are never counted on: letters of another font are wider."""
WORDS_LEAST = 3
"""Lines for what to talk about that are kept free however much else there is."""
NOTE_LINES = 3
"""Lines of one note; what is longer ends with an ellipsis."""
HELD = 4
"""Sessions in the table: the last ones."""

_LABEL_PX = 12.0  # what chart_geometry measures text at
_RUNNING = 1.1  # what it takes for words in a drawing, of what running text in our font takes
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")  # set in the system's font, which is wider
_GAP, _TITLE, _LINE, _SMALL = 7.2, 19.5, 16.2, 14.9
_HALF = (WIDTH - 22.4) / 2
_LIST = WIDTH - 16


@dataclass(frozen=True, slots=True)
class SheetDrawing:
    """A drawing with its finding, and the sentence of those who hear it."""

    title: str
    drawing: Drawing
    sentence: str


@dataclass(frozen=True, slots=True)
class HeldSheet:
    """How long each of the last sessions held; ``line`` says what ends it, ``together`` what all of them say."""

    rows: tuple[HeldRow, ...]
    line: str
    together: str


@dataclass(frozen=True, slots=True)
class Words:
    """Something to talk about: what somebody wrote (``by`` says who or when), or a line that a rule found."""

    text: str
    by: str = ""
    is_quote: bool = False

    @property
    def said(self) -> str:
        """As it stands on the sheet."""
        return f"“{self.text}” {self.by}" if self.is_quote else self.text


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on the sheet. What is None or empty is not there, or not shared, and then ``closed`` says so."""

    public_id: str
    name: str
    facts: str
    who: list[str]
    title: str
    dates: str
    figures: list[Figure]
    closed: list[str]
    timeline: SheetDrawing | None
    changes: str
    aligned: SheetDrawing | None
    held: HeldSheet | None
    scores: SheetDrawing | None
    words: list[Words]
    more_words: str
    effects: str
    foot: str


def sheet_of(rows: BriefRows, brief: Brief, *, asked: str = "", paper: str = "letter") -> Sheet:
    """The sheet of a brief and of the rows behind it, for the period that was ``asked`` for, on a paper of HEIGHTS."""
    drawn_timeline, changes = _timeline(rows, asked) if brief.shares_scores else (None, "")
    aligned, held = (
        (_aligned(rows), _held(brief)) if brief.shares_scores and brief.shares_sessions else (None, None)
    )
    scores = _scores(rows)
    facts = " ".join([brief.facts, *_shared_from(brief)])
    who = _who(rows)
    effects = _effects(brief)
    foot = _foot(rows, brief)
    closed = _closed(brief)
    taken = sum(
        [
            _head_height(facts, who),
            _figures_height(brief.figures),
            len(closed) * _LINE + _GAP if closed else 0,
            _drawing_height(drawn_timeline, WIDTH),
            _height([changes], WIDTH, _SMALL) if changes else 0,
            max(
                _drawing_height(aligned, _HALF) + _table_height(held),
                _drawing_height(scores, _HALF) + _together_height(held),
            ),
            _height([foot], WIDTH, _SMALL) + _GAP + 5,
            _height([effects], WIDTH, _LINE) + _GAP if effects else 0,
        ]
    )
    # Of what is left, one line says how much more there is.
    room = int((HEIGHTS[paper] - SPARE - taken - _TITLE - _GAP - _SMALL) / _LINE)
    words, left_out = fitted(_quotes(brief), _found(brief), max(room, WORDS_LEAST))
    return Sheet(
        public_id=brief.public_id,
        name=brief.name,
        facts=facts,
        who=who,
        title=brief.period.title,
        dates=brief.period.dates,
        figures=brief.figures,
        closed=closed,
        timeline=drawn_timeline,
        changes=changes,
        aligned=aligned,
        held=held,
        scores=scores,
        words=words,
        more_words=ngettext(
            "%(num)s more on the page before the visit.",
            "%(num)s more on the page before the visit.",
            left_out,
        )
        if left_out
        else "",
        effects=effects,
        foot=foot,
    )


def fitted(quotes: Sequence[Words], found: Sequence[Words], room: int) -> tuple[list[Words], int]:
    """As much of both as ``room`` lines hold, long quotes shortened, and how many there was no room for.

    What people wrote comes first, and leaves up to half of the room to what rules ``found``.
    """
    wanted = sum(line_count(one.said, _LIST) for one in found)
    kept, used = _kept(quotes, room - min(wanted, room // 2))
    more, _used = _kept(found, room - used)
    return [*kept, *more], len(quotes) + len(found) - len(kept) - len(more)


def _kept(words: Sequence[Words], room: int) -> tuple[list[Words], int]:
    kept: list[Words] = []
    used = 0
    for one in words:
        free = room - used
        # Half of a finding may say something else than the whole.
        if free < 1 or (not one.is_quote and line_count(one.said, _LIST) > free):
            break
        short = replace(one, text=shortened(one, lines=min(free, NOTE_LINES))) if one.is_quote else one
        kept.append(short)
        used += line_count(short.said, _LIST)
    return kept, used


def shortened(words: Words, *, lines: int) -> str:
    """The text in one paragraph, cut at a word with an ellipsis where it would take more than ``lines`` lines."""
    parts = words.text.split()
    if line_count(replace(words, text=" ".join(parts)).said, _LIST) <= lines:
        return " ".join(parts)
    while parts and line_count(replace(words, text=f"{' '.join(parts)} …").said, _LIST) > lines:
        parts.pop()
    return f"{' '.join(parts)} …".strip()


def line_count(text: str, width: float, *, px: float = 12.0) -> int:
    """How many lines ``text`` takes in ``width`` pixels, on the safe side; one word may be longer than a line."""
    room = width * _LABEL_PX / px
    if not _GREEK.search(text):
        room *= _RUNNING
    return sum(max(1, ceil(draw.text_width(line) / room)) for line in draw.wrapped(text, room))


# Words ----------------------------------------------------------------------------------------------------------------


def _who(rows: BriefRows) -> list[str]:
    visit = rows.next_visit
    reader = rows.workplace.people.get(rows.provider_id, "")
    when = [_("Visit %(when)s", when=day_and_clock(visit.starts_at, rows.workplace.zone))] if visit else []
    return [*when, *([reader] if reader else [])]


def _shared_from(brief: Brief) -> list[str]:
    if brief.shared_from is None:
        return []
    return [_("Shared with you from %(day)s on.", day=day_and_year(brief.shared_from))]


def _closed(brief: Brief) -> list[str]:
    return [
        said
        for said, is_open in (
            (_("Mood, sleep and activity are not shared with you."), brief.shares_scores),
            (_("Questionnaires are not shared with you."), brief.shares_assessments),
            (_("Sessions are not shared with you."), brief.shares_sessions),
            (_("Notes are not shared with you."), brief.shares_notes),
        )
        if not is_open
    ]


def _quotes(brief: Brief) -> list[Words]:
    """What the patient brings along, and the starred notes of the period."""
    by = _("brought by %(name)s", name=brief.name)
    notes = brief.notes.starred if brief.notes else []
    return [
        *(Words(text, by, is_quote=True) for text in brief.talk.topics),
        *(Words(note.text, _day(note.local_date, brief.today), is_quote=True) for note in notes),
    ]


def _found(brief: Brief) -> list[Words]:
    """What rules found, with what else the days say; not that there are notes, which stand above it."""
    lines = [
        " · ".join([line.words, *(f"{what}, {since}" if since else what for what, since in line.facts)])
        for line in brief.talk.lines
        if not line.quotes
    ]
    return [Words(text) for text in (*lines, *(f"{sign.title}: {sign.words}" for sign in brief.signs))]


def _day(day: date, today: date) -> str:
    return short_day(day) if day.year == today.year else short_day_and_year(day)


def _effects(brief: Brief) -> str:
    """What was felt after the last session, as one line."""
    if brief.last_session is None:
        return ""
    felt = [how for what, how in brief.last_session.facts if what == _("Side effects")]
    if not felt:
        return ""
    return _(
        "Side effects after %(session)s: %(effects)s.",
        session=brief.last_session.name,
        effects="; ".join(felt),
    )


def _foot(rows: BriefRows, brief: Brief) -> str:
    parts = []
    if brief.shares_scores:
        whole = covered(rows.days, rows.first_day, rows.today, pauses=rows.pauses)
        parts.append(
            ngettext(
                "Self-reported by the patient; %(logged)s of %(num)s day entered, gaps left as gaps.",
                "Self-reported by the patient; %(logged)s of %(num)s days entered, gaps left as gaps.",
                whole.eligible,
                logged=whole.logged,
            )
        )
    else:
        parts.append(_("Self-reported by the patient."))
    printed = day_and_year(local_day(rows.now, rows.workplace.zone))
    return " ".join(
        [
            *parts,
            _("Not watched in real time and not a diagnosis."),
            _("Shared notes only."),
            _("Printed %(date)s: please shred after use.", date=printed),
        ]
    )


# Drawings -------------------------------------------------------------------------------------------------------------


def _timeline(rows: BriefRows, asked: str) -> tuple[SheetDrawing | None, str]:
    """The timeline without what was brought in from elsewhere, which has no room; and what changed, in words."""
    wanted = period(asked, rows.landmarks)
    baseline = rows.insights.course.baseline
    found = timeline(
        rows.days,
        Period(wanted.drawn_from, wanted.last, rows.first_day),
        treatments=rows.sessions,
        baseline=baseline if isinstance(baseline, Baseline) else None,
        last_visit=rows.last_visit,
        marks=marks_of(rows.medicines, rows.moments),
        is_flat=True,
    )
    if found is None:
        return None, ""
    signs = {"medicine": "■", "moment": "▲"}
    named = "  ".join(f"{signs[kind]} {words}" for kind, words in found.marks)
    title = found.caption.split(". ")[0] if found.caption else found.title
    changes = shortened(Words(named), lines=2) if named else ""
    return SheetDrawing(title, found.wide, found.sentence), changes


def _aligned(rows: BriefRows) -> SheetDrawing | None:
    found = aligned_chart(rows.insights.course, is_flat=True)
    return None if found is None else SheetDrawing(found.title, found.wide, found.sentence)


def _held(brief: Brief) -> HeldSheet | None:
    """The last sessions of the present course, or the sentence on why nothing is said of them."""
    if brief.held is None:
        return HeldSheet((), brief.withheld, "") if brief.withheld else None
    line = brief.held.withheld or brief.withheld
    if brief.held.hold_line and not brief.held.withheld:
        line = _(
            "Days until mood is below the hold line, %(mood)s, on two entries running.",
            mood=brief.held.hold_line,
        )
    return HeldSheet(brief.held.rows[-HELD:], line, " ".join(brief.held.together))


def _scores(rows: BriefRows) -> SheetDrawing | None:
    given_on = [one.local_date for one in rows.sessions]
    series = read_series(rows.scores, rows.today, given_on=given_on)
    found = score_chart(series, rows.today, treatments=rows.sessions, is_flat=True)
    return None if found is None else SheetDrawing(found.title, found.wide, found.sentence)


# Heights --------------------------------------------------------------------------------------------------------------


def _head_height(facts: str, who: Sequence[str]) -> float:
    side = max((draw.text_width(line) for line in who), default=0.0) + 16
    return max(24 + line_count(facts, WIDTH - side) * _LINE, len(who) * _LINE) + 8


def _figures_height(figures: Sequence[Figure]) -> float:
    if not figures:
        return 0.0
    width = WIDTH / len(figures) - 16
    lines = [
        sum(line_count(text, width, px=11) for text in (one.title, f"↑ {one.was}", one.basis) if text)
        for one in figures
    ]
    values = [line_count(f"{one.value}{one.value} {one.besides}", width, px=11) for one in figures]
    return _GAP + _TITLE + 10 + max(values) * 21 + max(lines) * 14.3


def _drawing_height(shown: SheetDrawing | None, width: float) -> float:
    if shown is None:
        return 0.0
    title = line_count(shown.title, width, px=13) * 16.5 + 3
    return _GAP + title + shown.drawing.height * width / shown.drawing.width


def _table_height(held: HeldSheet | None) -> float:
    if held is None:
        return 0.0
    lines = [line_count(f"{row.held} {row.until} {row.range}", _HALF * 0.48, px=11) for row in held.rows]
    return _GAP + _TITLE + 18.5 + sum(3.6 + 14.9 * one for one in lines) + _height([held.line], _HALF, _SMALL)


def _together_height(held: HeldSheet | None) -> float:
    if held is None or not held.together:
        return 0.0
    return _GAP + _TITLE + _height([held.together], _HALF, _SMALL)


def _height(texts: Sequence[str], width: float, line: float) -> float:
    return sum(line_count(text, width, px=line / 1.35) for text in texts) * line
