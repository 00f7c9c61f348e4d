"""What there is to talk about on the one-page summary, and how much of it fits: in lines, on the safe side.

What is open and what the patient brings along is never cut. Then starred notes, as clinical.md 6.14 has them first:
shortened with an ellipsis, then counted. What rules found is shown whole or counted. No web framework inside.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import ceil

from journal.domain.talking_points import Kind
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.web import chart_geometry as draw
from journal.web.brief_rows import BriefRows
from journal.web.brief_sides import reported_of
from journal.web.brief_talk import talk_of
from journal.web.briefs import Brief
from journal.web.talking_points import TalkLine
from journal.wording import short_day, short_day_and_year

WIDTH = 710.0
"""What both papers have between their margins, in CSS pixels: A4 is as narrow as this."""
NOTE_LINES = 3
"""Lines of one note; what is longer ends with an ellipsis."""
NOTES_FIRST = 3
"""So many notes, the latest, have a line each before anything that a rule found."""
VARIABILITY = "variability"
"""The line on how much mood moves, which is nothing to talk about."""

_LABEL_PX = 12.0  # what chart_geometry measures text at
_RUNNING = 1.1  # what it takes for words in a drawing, of what running text in our font takes
_GREEK = re.compile(r"[\u0370-\u03ff\u1f00-\u1fff]")  # set in the system's font, which is wider
_LIST = WIDTH - 16


@dataclass(frozen=True, slots=True)
class Words:
    """Something to talk about: what somebody wrote (``by`` says who or when), or a line that a rule found.

    With ``is_open`` it stands above that list and not in it: a patient may have left its line out of the list.
    """

    text: str
    by: str = ""
    is_quote: bool = False
    is_open: bool = False

    @property
    def said(self) -> str:
        """As it stands on the sheet."""
        return f"“{self.text}” {self.by}" if self.is_quote else self.text


@dataclass(frozen=True, slots=True)
class Said:
    """What there is to talk about: ``first`` is never cut, ``found`` is whole or not there, ``quotes`` get shorter."""

    first: Sequence[Words]
    found: Sequence[Words]
    quotes: Sequence[Words]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many of each had no room."""

    notes: int = 0
    lines: int = 0
    drawings: int = 0


def said_of(rows: BriefRows, brief: Brief) -> Said:
    """What there is to talk about on a brief and in the rows behind it."""
    return Said(_first(rows, brief), _found(brief), _quotes(brief))


def fitted(said: Said, room: int) -> tuple[list[Words], LeftOut]:
    """As much as ``room`` lines hold, and how much they do not.

    What comes first stays whole, whatever the room. Then a line for each of the latest notes, and what rules found, as
    much as there is room for; notes take what is left, and each is shortened before one is left out.
    """
    free = max(0, room - lines_of(said.first))
    kept_free = min(free, len(said.quotes), NOTES_FIRST)
    free -= kept_free
    found = []
    for one in said.found:
        if (taken := lines_of([one])) <= free:  # half of a finding may say something else than the whole
            found.append(one)
            free -= taken
    free += kept_free
    notes = []
    for waiting, one in zip(range(len(said.quotes) - 1, -1, -1), said.quotes, strict=True):
        if free < 1:
            break
        short = replace(one, text=shortened(one, lines=min(NOTE_LINES, max(1, free - waiting))))
        if (taken := lines_of([short])) <= free:
            notes.append(short)
            free -= taken
    left_out = LeftOut(notes=len(said.quotes) - len(notes), lines=len(said.found) - len(found))
    return [*said.first, *notes, *found], left_out


def lines_of(words: Sequence[Words]) -> int:
    """How many lines of the list they take."""
    return sum(line_count(one.said, _LIST) for one in words)


def more_words(more: LeftOut) -> str:
    """How much more there is, and of what."""
    things = [
        words
        for number, words in (
            (more.notes, ngettext("%(num)s more starred note", "%(num)s more starred notes", more.notes)),
            (more.lines, ngettext("%(num)s more line", "%(num)s more lines", more.lines)),
            (more.drawings, ngettext("%(num)s more drawing", "%(num)s more drawings", more.drawings)),
        )
        if number
    ]
    return _("On the page before the visit: %(things)s.", things=", ".join(things)) if things else ""


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


def _first(rows: BriefRows, brief: Brief) -> list[Words]:
    """What is never cut: what is open, also where the patient hides its line, and what the patient brings along."""
    by = _("brought by %(name)s", name=brief.name)
    shown = replace(rows, prepared=replace(rows.prepared, hidden=frozenset()))
    still = [line for line in talk_of(shown, reported_of(rows)).lines if _is_open(line)]
    return [
        *(Words(_still_open(line), is_open=True) for line in still),
        *(Words(" ".join(text.split()), by, is_quote=True) for text in brief.talk.topics),
    ]


def _quotes(brief: Brief) -> list[Words]:
    """The starred notes of the period, but for those of a line that the patient leaves out."""
    starred = brief.notes.starred if brief.notes else []
    notes = [note for note in starred if note.check_in_id not in brief.talk.left_out]
    return [Words(note.text, _day(note.local_date, brief.today), is_quote=True) for note in notes]


def _found(brief: Brief) -> list[Words]:
    """What rules found, with what else the days say; not that there are notes or what is open, which have a place.

    How much mood moves is nothing to talk about: it stands on the page.
    """
    lines = [line.words for line in brief.talk.lines if not line.quotes and not _is_open(line)]
    signs = [f"{sign.title}: {sign.words}" for sign in brief.signs if sign.name != VARIABILITY]
    return [Words(text) for text in (*lines, *signs)]


def _is_open(line: TalkLine) -> bool:
    return line.key.startswith(f"{Kind.STILL_OPEN.value}:")


def _still_open(line: TalkLine) -> str:
    return _("Still open: %(things)s", things="; ".join(f"{what}, {since}" for what, since in line.facts))


def _day(day: date, today: date) -> str:
    return short_day(day) if day.year == today.year else short_day_and_year(day)
