"""What changed on a day, as a chart marks it: a medicine, or a key moment. A session's marks are in ``charts.parts``.

A small square is a medicine that begins, changes or stops; a small triangle is a key moment. They stand in a row
beneath the drawing, never on its numbers. Whoever calls has asked what the reader may know of.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from journal.domain.medications import Change, MedicationChange, changes
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.storage.key_moments import KeptMoment
from journal.storage.medications import KeptMedication
from journal.web.charts import geometry as draw
from journal.web.charts.geometry import Frame, Shape
from journal.wording import day_of_year, short_day, short_day_and_year

NAMED_MOST = 8
"""So many are named beneath a chart, the latest ones; all of them in its table."""
SPOKEN_MOST = 4
BENEATH = 5.5
"""How far beneath the drawing their middles are, in units."""
ROOM = 5.0
"""How much lower dates stand beneath a row of them, so that no mark lies on a date."""

_HALF = 2.8


class Kind(StrEnum):
    """What a mark stands for: a name of ``components/key.html``."""

    MEDICINE = "medicine"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Mark:
    """One change, in words that name it."""

    local_date: date
    kind: Kind
    words: str


def marks_of(medicines: Sequence[KeptMedication], moments: Sequence[KeptMoment]) -> list[Mark]:
    """Every change of these medicines, and every one of these moments, in date order."""
    found = [
        Mark(change.local_date, Kind.MEDICINE, _change_words(change))
        for change in changes(one.taken for one in medicines)
    ]
    found += [Mark(one.moment.local_date, Kind.MOMENT, one.moment.label) for one in moments]
    return sorted(found, key=lambda mark: (mark.local_date, mark.kind))


def within(marks: Sequence[Mark], first: date, last: date) -> list[Mark]:
    """Those on the dates shown."""
    return [mark for mark in marks if first <= mark.local_date <= last]


def shapes(marks: Sequence[Mark], frame: Frame) -> list[Shape]:
    """The marks beneath a frame; a triangle steps aside for a square of the same day."""
    y = frame.bottom + BENEATH
    squares = {mark.local_date for mark in marks if mark.kind is Kind.MEDICINE}
    boxes = [
        draw.box(x - _HALF, y - _HALF, x + _HALF, y + _HALF)
        for x in (frame.x(day) / 10 for day in sorted(squares))
    ]
    triangles = [
        _triangle(frame.x(day) / 10 + (7 if day in squares else 0), y)
        for day in sorted({mark.local_date for mark in marks if mark.kind is Kind.MOMENT})
    ]
    return [
        *([Shape("c-med", "".join(boxes))] if boxes else []),
        *([Shape("c-moment", "".join(triangles))] if triangles else []),
    ]


def named(marks: Sequence[Mark]) -> tuple[tuple[str, str], ...]:
    """The latest marks with their dates, for the list beneath a chart: (mark, words)."""
    across_years = len({mark.local_date.year for mark in marks}) > 1
    day = short_day_and_year if across_years else short_day
    return tuple(
        (mark.kind.value, _("%(day)s: %(what)s", day=day(mark.local_date), what=mark.words))
        for mark in marks[-NAMED_MOST:]
    )


def sentence(marks: Sequence[Mark]) -> str:
    """The marks as a sentence; where there are many, how many, for the table names them. Empty for none."""
    if not marks:
        return ""
    if len(marks) > SPOKEN_MOST:
        return ngettext(
            "%(num)s change is marked; the table names it.",
            "%(num)s changes are marked; the table names them.",
            len(marks),
        )
    said = "; ".join(
        _("%(day)s: %(what)s", day=day_of_year(mark.local_date), what=mark.words) for mark in marks
    )
    return _("Marked: %(changes)s.", changes=said)


def on_day(marks: Sequence[Mark], first: date, last: date) -> str:
    """What changed from ``first`` to ``last``, for one row of a table."""
    return "; ".join(mark.words for mark in within(marks, first, last))


def _triangle(x: float, y: float) -> str:
    top, corner = f"{round(x, 1):g} {round(y - _HALF - 0.4, 1):g}", f"{round(x + _HALF + 0.4, 1):g}"
    return f"M{top}L{corner} {round(y + _HALF, 1):g}h{-2 * (_HALF + 0.4):g}z"


def _change_words(change: MedicationChange) -> str:
    name, dose = change.medication.name, change.medication.dose
    if change.change is Change.STOPPED:
        return _("%(medicine)s: first day without it", medicine=name)
    if change.change is Change.CHANGED:
        if dose:
            return _("%(medicine)s changed to %(dose)s", medicine=name, dose=dose)
        return _("%(medicine)s changed", medicine=name)
    # Not "begun": whoever sees only a part of the days may be looking at the second dose of it.
    if dose:
        return _("%(medicine)s, %(dose)s, from this day on", medicine=name, dose=dose)
    return _("%(medicine)s, from this day on", medicine=name)
