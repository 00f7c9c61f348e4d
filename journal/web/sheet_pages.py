"""The one-page summary as one value: ``Sheet``, what fits of a brief on one page of A4 or Letter.

It is drawn from the brief, so its figures are the figures of the page; what there is no room for is shortened with an
ellipsis or counted, never left out in silence. What is open and what the patient brings is whole (``sheet_words``):
drawings go before it does. Heights are counted here in CSS pixels as ``static/css/sheet.css`` sets them, with something
to spare: a test prints the fullest sheet there can be. No web framework inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

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
from journal.web.sheet_words import WIDTH, Words, fitted, line_count, lines_of, more_words, said_of, shortened
from journal.web.timelines import timeline
from journal.wording import day_and_clock, day_and_year

HEIGHTS = {"a4": 1046.0, "letter": 980.0}
"""What each has from margin to margin. A printer's paper is not known: what is made for one is made for the lower."""
SPARE = 14.0
"""Pixels that are never counted on: letters of another font are wider."""
WORDS_LEAST = 3
"""Lines for what to talk about that are kept free however much else there is."""
HELD, HELD_LEAST = 4, 2
"""Sessions in the table: the last ones, and how many where a drawing would have no room otherwise."""

_GAP, _TITLE, _LINE, _SMALL = 7.2, 19.5, 16.2, 14.9
_HALF = (WIDTH - 22.4) / 2


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
    whole = Sheet(
        public_id=brief.public_id,
        name=brief.name,
        facts=" ".join([brief.facts, *_shared_from(brief)]),
        who=_who(rows),
        title=brief.period.title,
        dates=brief.period.dates,
        figures=brief.figures,
        closed=_closed(brief),
        timeline=drawn_timeline,
        changes=changes,
        aligned=aligned,
        held=held,
        scores=_scores(rows),
        words=[],
        more_words="",
        effects=_effects(brief),
        foot=_foot(rows, brief),
    )
    said = said_of(rows, brief)
    least = max(lines_of(said.first), min(WORDS_LEAST, lines_of([*said.first, *said.found, *said.quotes])))
    sheets = _thinner(whole)
    sheet = next((one for one in sheets if _room(one, paper) >= least), sheets[-1])
    words, more = fitted(said, _room(sheet, paper))
    drawings = sum(one is not None for one in (whole.aligned, whole.scores, whole.timeline))
    drawn = sum(one is not None for one in (sheet.aligned, sheet.scores, sheet.timeline))
    return replace(sheet, words=words, more_words=more_words(replace(more, drawings=drawings - drawn)))


def _thinner(whole: Sheet) -> list[Sheet]:
    """The sheet, and what is left of it where there is no room for what is never cut.

    First sessions of the table go, which the words beside it count; then drawings.
    """
    held = whole.held
    shorter = [
        replace(whole, held=replace(held, rows=held.rows[-rows:]))
        for rows in range(HELD - 1, HELD_LEAST - 1, -1)
        if held is not None and len(held.rows) > rows
    ]
    one = replace(whole, aligned=None)
    two = replace(one, scores=None)
    return [whole, *shorter, one, two, replace(two, timeline=None, changes="")]


def _room(sheet: Sheet, paper: str) -> int:
    """Lines that are left for words beside everything else, with one that says how much more there is."""
    taken = sum(
        [
            _head_height(sheet.facts, sheet.who),
            _figures_height(sheet.figures),
            len(sheet.closed) * _LINE + _GAP if sheet.closed else 0,
            _drawing_height(sheet.timeline, WIDTH),
            _height([sheet.changes], WIDTH, _SMALL) if sheet.changes else 0,
            max(
                _drawing_height(sheet.aligned, _HALF) + _table_height(sheet.held),
                _drawing_height(sheet.scores, _HALF) + _together_height(sheet.held),
            ),
            _height([sheet.foot], WIDTH, _SMALL) + _GAP + 5,
            _height([sheet.effects], WIDTH, _LINE) + _GAP if sheet.effects else 0,
        ]
    )
    return int((HEIGHTS[paper] - SPARE - taken - _TITLE - _GAP - _SMALL) / _LINE)


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
