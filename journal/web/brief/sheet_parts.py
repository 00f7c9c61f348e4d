"""The one-page summary as one value, and how high its parts are as ``static/css/sheet.css`` sets them, in CSS pixels.

On the safe side: text is measured by ``running_text``. A test holds it against what the writer of PDFs makes of it. No
web framework inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from journal.web.brief.numbers import Figure
from journal.web.brief.sheet_lists import Words, half
from journal.web.charts.durability import HeldRow
from journal.web.charts.parts import Drawing
from journal.web.running_text import line_count, text_width

HEIGHTS = {"a4": 1046.0, "letter": 980.0}
"""What each has from margin to margin. A printer's paper is not known: what is made for one is made for the lower. On
A4, which is narrower and higher, four lines more have room than there are on Letter."""
WIDTHS = {"a4": 710.0, "letter": 732.0}
"""The same from side to side."""
SPARE = 8.0
"""Pixels that are never counted on: letters of another font are wider."""
LINE, SMALL = 16.2, 14.85
"""A line of text, and of small text."""
HEADED = 26.7
"""A heading of one line with the space around it."""

_GAP = 7.2
_SMALL_PX, _TITLE_PX = 11.0, 13.0


@dataclass(frozen=True, slots=True)
class SheetDrawing:
    """A drawing with its finding, and the sentence of those who hear it; ``key`` says what its marks mean."""

    title: str
    drawing: Drawing
    sentence: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class HeldSheet:
    """How long each of the last sessions held; ``line`` says what ends it, ``together`` what all of them say."""

    rows: tuple[HeldRow, ...]
    line: str
    together: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything on the sheet. What is None or empty is not there, or not shared, and then ``closed`` says so.

    ``changes`` are the marks beneath the timeline in words, ``elsewhere`` what was brought in and is not drawn.
    ``words`` are what there is to talk about, ``talk_dates`` the days on which rules looked for it, whatever the sheet
    shows; ``second_from`` is that of a ``Listed``.
    """

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
    elsewhere: str
    aligned: SheetDrawing | None
    held: HeldSheet | None
    scores: SheetDrawing | None
    words: list[Words]
    talk_dates: str
    second_from: int
    more_words: str
    effects: str
    foot: str


def free(sheet: Sheet, paper: str) -> float:
    """What is left of a paper of HEIGHTS beside everything but words: for what is open, and what is listed."""
    width = WIDTHS[paper]
    column = half(width)
    taken = [
        _head(sheet, width),
        sum(line_count(said, width) * LINE for said in sheet.closed),
        _figures(sheet, width),
        _drawing(sheet.timeline, width),
        _small(sheet.changes, width),
        _small(sheet.elsewhere, width),
        max(
            _drawing(sheet.aligned, column) + _table(sheet.held, column),
            _drawing(sheet.scores, column) + _together(sheet.held, column),
        ),
        line_count(sheet.effects, width) * LINE if sheet.effects else 0.0,
        13.8 + _small(sheet.foot, width),
    ]
    return HEIGHTS[paper] - SPARE - sum(taken) - HEADED - _GAP


def _head(sheet: Sheet, width: float) -> float:
    beside = width - max((text_width(line) for line in sheet.who), default=0.0) - 16
    name = line_count(sheet.name, beside, px=20, bold=True) * 24
    return max(name + line_count(sheet.facts, beside) * LINE, len(sheet.who) * LINE) + 7.6


def _figures(sheet: Sheet, width: float) -> float:
    if not sheet.figures:
        return 0.0
    heading = line_count(f"{sheet.title} {sheet.dates}", width, px=_TITLE_PX, bold=True) * 16.25 + 3.2
    return _GAP + heading + 2 + max(_figure(one, (width - 2) / 6 - 15.4) for one in sheet.figures)


def _figure(one: Figure, width: float) -> float:
    value = text_width(one.value, px=16, bold=True) + text_width(f" {one.besides}", px=_SMALL_PX)
    words = (one.title, f"↑ {one.was}" if one.arrow else one.was, one.basis)
    lines = sum(line_count(text, width, px=_SMALL_PX) for text in words if text)
    return 8 + ceil(value * 1.05 / width) * 20.8 + lines * 14.3


def _drawing(shown: SheetDrawing | None, width: float) -> float:
    if shown is None:
        return 0.0
    is_short = (
        text_width(shown.title, px=_TITLE_PX, bold=True) + text_width(shown.key, px=_SMALL_PX) < width - 8
    )
    lines = 1 if is_short else line_count(f"{shown.title} {shown.key}", width, px=_TITLE_PX, bold=True)
    return _GAP + lines * 16.25 + 3.2 + shown.drawing.height * width / shown.drawing.width


def _table(held: HeldSheet | None, width: float) -> float:
    if held is None:
        return 0.0
    lines = [
        line_count(f"{row.held} {'; '.join(filter(None, (row.until, row.range)))}", width * 0.46, px=11.5)
        for row in held.rows
    ]
    head = 18.5 if held.rows else 0.0
    return HEADED + head + sum(3.6 + SMALL * one for one in lines) + _small(held.line, width)


def _together(held: HeldSheet | None, width: float) -> float:
    if held is None or not held.together:
        return 0.0
    return HEADED + _small(held.together, width)


def _small(text: str, width: float) -> float:
    return line_count(text, width, px=_SMALL_PX) * SMALL if text else 0.0
