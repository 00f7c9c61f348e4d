"""The one-page summary as one value: ``Sheet``, what fits of a brief on one page of A4 or Letter.

It is drawn from the brief, so its figures are the figures of the page; what there is no room for is shortened with an
ellipsis or counted, never left out in silence. What is open and what the patient brings is whole (``sheet_words``):
drawings go before it does. Heights are counted here in CSS pixels as ``static/css/sheet.css`` sets them, with something
to spare: a test prints the fullest sheet there can be. No web framework inside.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from journal.domain.baselines import Baseline
from journal.domain.days import local_day
from journal.domain.periods import period
from journal.domain.trends import covered
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.web.brief.page import Brief
from journal.web.brief.rows import BriefRows
from journal.web.brief.sheet_lists import Listed, Said, Words, fitted, shortened
from journal.web.brief.sheet_parts import LINE, SMALL, WIDTHS, HeldSheet, Sheet, SheetDrawing, free
from journal.web.brief.sheet_words import more_words, said_of
from journal.web.charts.aligned import aligned_chart
from journal.web.charts.marks import marks_of
from journal.web.charts.parts import Period
from journal.web.charts.scores import read_series, score_chart
from journal.web.charts.timelines import Timeline, timeline
from journal.web.charts.words import source_name
from journal.wording import day_and_clock, day_and_year

WORDS_LEAST = 3
"""Things to talk about, what is open and brought along among them, that have room however much else there is."""
_SIGNS = {"later": "○", "gap": "–", "hatch": "▨"}
HELD, HELD_LEAST = 4, 2
"""Sessions in the table: the last ones, and how many where a drawing would have no room otherwise."""


def sheet_of(rows: BriefRows, brief: Brief, *, asked: str = "", paper: str = "letter") -> Sheet:
    """The sheet of a brief and of the rows behind it, for the period that was ``asked`` for, on a paper of HEIGHTS."""
    drawn_timeline, changes = _timeline(rows, asked) if brief.shares_scores else (None, "")
    elsewhere = _elsewhere(rows, asked) if drawn_timeline else ""
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
        elsewhere=elsewhere,
        aligned=aligned,
        held=held,
        scores=_scores(rows),
        words=[],
        talk_dates=brief.talk.dates,
        second_from=0,
        more_words="",
        effects=_effects(brief),
        foot=_foot(rows, brief),
    )
    said = said_of(rows, brief)
    least = min(WORDS_LEAST, len([*said.first, *said.found, *said.quotes]))
    for sheet in _thinner(whole):
        listed, more = _listed(said, sheet, whole, paper)
        if listed.has_room and len(listed.words) >= least:
            break
    return replace(sheet, words=listed.words, second_from=listed.second_from, more_words=more)


def _listed(said: Said, sheet: Sheet, whole: Sheet, paper: str) -> tuple[Listed, str]:
    """What there is to talk about beside what a sheet has, and how much more there is, which takes a line too."""
    drawings = sum(
        bool(getattr(whole, name)) and not getattr(sheet, name) for name in ("aligned", "scores", "timeline")
    )
    room = free(sheet, paper)
    listed = fitted(said, int(room / LINE), width=WIDTHS[paper])
    if more := more_words(replace(listed.left_out, drawings=drawings)):
        listed = fitted(said, int((room - SMALL) / LINE), width=WIDTHS[paper])
        more = more_words(replace(listed.left_out, drawings=drawings))
    return listed, more


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
    return [whole, *shorter, one, two, replace(two, timeline=None, changes="", elsewhere="")]


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
    changes = shortened(Words(named), lines=2, width=WIDTHS["a4"]) if named else ""
    return SheetDrawing(title, found.wide, found.sentence, key=_key(found)), changes


def _elsewhere(rows: BriefRows, asked: str) -> str:
    """Which moods were brought in from elsewhere: they have a scale of their own, and no room for it here."""
    wanted = period(asked, rows.landmarks)
    days: dict[str, set[date]] = {}
    for one in rows.imported:
        if wanted.drawn_from <= one.local_date <= wanted.last:
            days.setdefault(source_name(one.source), set()).add(one.local_date)
    things = [
        ngettext("%(source)s (%(num)s day)", "%(source)s (%(num)s days)", len(found), source=source)
        for source, found in sorted(days.items())
    ]
    if not things:
        return ""
    return _(
        "Not drawn here, because they have a scale of their own: moods brought in from %(things)s.",
        things=", ".join(things),
    )


def _aligned(rows: BriefRows) -> SheetDrawing | None:
    found = aligned_chart(rows.insights.course, is_flat=True)
    if found is None:
        return None
    key = _("thin: earlier ones; shaded: range") if any(kind == "old" for kind, _words in found.key) else ""
    return SheetDrawing(found.title, found.wide, found.sentence, key=key)


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
    return None if found is None else SheetDrawing(found.title, found.wide, found.sentence, key=_key(found))


def _key(found: Timeline) -> str:
    """What the marks mean that have no name where they stand. It is told by their shape alone: paper may be grey."""
    return "  ".join(f"{_SIGNS[kind]} {words}" for kind, words in found.key if kind in _SIGNS)
