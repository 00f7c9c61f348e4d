"""What there is to talk about on the one-page summary: what is open, what the patient brings along, notes, findings.

How much of it fits is ``sheet_lists``. No web framework inside.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from journal.domain.talking_points import Kind
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.web.brief.page import Brief
from journal.web.brief.rows import BriefRows
from journal.web.brief.sheet_lists import LeftOut, Said, Words
from journal.web.brief.sides import reported_of
from journal.web.brief.signs import Sign
from journal.web.brief.talk import talk_of
from journal.web.talking_points import TalkLine
from journal.wording import short_day, short_day_and_year

VARIABILITY = "variability"
"""The line on how much mood moves, which is nothing to talk about."""
DRIFT = "drift"
"""The line that a person may stand first for on a list: on paper it stands first, too."""


def said_of(rows: BriefRows, brief: Brief) -> Said:
    """What there is to talk about on a brief and in the rows behind it."""
    return Said(_first(rows, brief), _found(brief), _quotes(brief))


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
    signs = [sign for sign in brief.signs if sign.name != VARIABILITY]
    first = [_sign(sign) for sign in signs if sign.name == DRIFT]
    return [Words(text) for text in (*first, *lines, *(_sign(sign) for sign in signs if sign.name != DRIFT))]


def _sign(sign: Sign) -> str:
    return f"{sign.title}: {sign.words}"


def _is_open(line: TalkLine) -> bool:
    return line.key.startswith(f"{Kind.STILL_OPEN.value}:")


def _still_open(line: TalkLine) -> str:
    return _("Still open: %(things)s", things="; ".join(f"{what}, {since}" for what, since in line.facts))


def _day(day: date, today: date) -> str:
    return short_day(day) if day.year == today.year else short_day_and_year(day)
