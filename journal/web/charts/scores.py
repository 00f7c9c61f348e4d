"""The provider's chart of scores: a panel for each kind, one row of dates, each session's rule through all of them.

Kinds are never mixed: a PHQ-8 has a panel of its own. Two scores are joined by a line only where nothing that was due
between them was missed; bands are drawn only where some were published. Parts come from ``journal.web.charts.parts``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from journal.domain.assessment_calendar import Stage
from journal.domain.assessment_records import AssessmentOutline
from journal.domain.assessments import sessions_in_recall
from journal.domain.instrument_files import SHIPPED, instrument
from journal.domain.instruments import Instrument
from journal.domain.treatments import Marker
from journal.domain.words import translatable_in
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.web.assessment_words import BANDS
from journal.web.charts import geometry as draw
from journal.web.charts import parts as parts
from journal.web.charts import words as words
from journal.web.charts.geometry import Frame, Label, Point, Shape
from journal.web.charts.parts import PHONE, Drawing, KeyItem
from journal.web.charts.tables import Table
from journal.web.charts.timelines import Timeline
from journal.wording import day_and_year, day_of_year, short_day_and_year

_BANDS = BANDS | {"moderately_severe": translatable_in("range of a questionnaire", "mod. severe")}
"""As short as a chart needs them."""
SQUARES = frozenset({"gad7", "gad2"})
"""Kinds drawn with squares and a dashed line; all others have circles."""
_AROUND = timedelta(days=3)
_RADIUS = 3.6
_LABEL_ROOM = 18
_ON_PAPER = 2
"""So many kinds have a panel on paper: those answered last."""


@dataclass(frozen=True, slots=True)
class _Layout:
    """``width`` in units, the names ``beside`` the panels or above them, where sessions begin, and heights."""

    width: float
    beside: bool
    mark: float
    between: float
    with_bands: float = 140.0
    without: float = 90.0


_WIDE = _Layout(832.0, True, 22.0, 30.0)
_NARROW = _Layout(float(PHONE), False, 38.0, 40.0)
_HALF = _Layout(352.0, False, 38.0, 36.0, with_bands=116.0, without=80.0)
_FLAT = _Layout(392.0, False, 36.0, 24.0, with_bands=66.0, without=50.0)


@dataclass(frozen=True, slots=True)
class Mark:
    """One score: its day, and whether its days lie on both sides of a session."""

    on: date
    total: int
    overlaps: bool


@dataclass(frozen=True, slots=True)
class Series:
    """The scores of one kind in order, and the days on which one was due that was missed."""

    known: Instrument
    marks: tuple[Mark, ...]
    missed: tuple[date, ...]


def read_series(
    records: Sequence[AssessmentOutline], today: date, *, given_on: Sequence[date]
) -> list[Series]:
    """Every kind with a score, in the order of the questionnaires. What was missed stands with the kind that it would
    have been."""
    found = []
    for code in SHIPPED:
        known = instrument(code)
        marks = [
            Mark(
                one.day,
                one.total,
                overlaps=bool(sessions_in_recall(known, one.day, given_on=given_on)),
            )
            for one in records
            if one.scored_as == code and one.total is not None
        ]
        missed = [
            one.due_on
            for one in records
            if one.instrument == code and one.opened_at is not None and one.stage(today) is Stage.MISSED
        ]
        if marks and known.within is not None:
            marks.sort(key=lambda mark: mark.on)
            found.append(Series(known, tuple(marks), tuple(sorted(missed))))
    return found


def score_chart(
    series: Sequence[Series],
    today: date,
    *,
    treatments: Sequence[Marker] = (),
    is_flat: bool = False,
    is_half: bool = False,
) -> Timeline | None:
    """The panels above each other, in a wide and a phone drawing, with a sentence and a table. None without a score.

    ``is_half``: the wide one is for half of a page. ``is_flat``: both are a low one, for half of a sheet of paper, with
    the kinds that were answered last.
    """
    if not series:
        return None
    first = min(
        [mark.on for one in series for mark in one.marks] + [day for one in series for day in one.missed]
    )
    first -= _AROUND
    shown = [one for one in treatments if first <= one.local_date <= today]
    drawn = _answered_last(series) if is_flat else series
    return Timeline(
        title=title_of(series),
        caption=_("Lower is better. A PHQ-8 and a PHQ-9 are never compared.")
        if {"phq8", "phq9"} <= {one.known.code for one in series}
        else _("Lower is better."),
        sentence=f"{' '.join(_sentence(one) for one in series)} {words.session_marks(len(shown))}".strip(),
        wide=_drawing(drawn, first, today, shown, _FLAT if is_flat else _HALF if is_half else _WIDE),
        narrow=_drawing(drawn, first, today, shown, _FLAT if is_flat else _NARROW),
        key=_key(series, shown),
        table=_table(series),
    )


def _answered_last(series: Sequence[Series]) -> list[Series]:
    latest = sorted(series, key=lambda one: one.marks[-1].on, reverse=True)[:_ON_PAPER]
    return [one for one in series if one in latest]


def title_of(series: Sequence[Series]) -> str:
    """The latest score of each kind, and its day, which may be long ago: PHQ-9: 9 (2 Mar 2026)."""
    return ", ".join(
        f"{_('%(name)s: %(total)s', name=one.known.name, total=one.marks[-1].total)}"
        f" ({short_day_and_year(one.marks[-1].on)})"
        for one in series
    )


def _sentence(one: Series) -> str:
    name, latest = one.known.name, one.marks[-1]
    if len(one.marks) == 1:
        said = _(
            "%(name)s was %(total)s on %(date)s.", name=name, total=latest.total, date=day_of_year(latest.on)
        )
    else:
        said = _(
            "%(name)s was %(earlier)s, and is %(total)s on %(date)s.",
            name=name,
            earlier=", ".join(str(mark.total) for mark in one.marks[:-1]),
            total=latest.total,
            date=day_of_year(latest.on),
        )
    overlapping = sum(mark.overlaps for mark in one.marks)
    more = [
        ngettext(
            "One covers days before and after a session.",
            "%(num)s cover days before and after a session.",
            overlapping,
        )
        if overlapping
        else "",
        ngettext("One was due and not finished.", "%(num)s were due and not finished.", len(one.missed))
        if one.missed
        else "",
    ]
    return " ".join([said, *(part for part in more if part)])


def _drawing(
    series: Sequence[Series], first: date, last: date, sessions: Sequence[Marker], layout: _Layout
) -> Drawing:
    band_names = [
        pgettext("range of a questionnaire", _BANDS[band.code]) for one in series for band in one.known.bands
    ]
    room = max((draw.text_width(name) + 10 for name in band_names), default=10.0)
    width, mark, between = layout.width, layout.mark, layout.between
    left, right = (
        (132.0, width - max(room, 34.0)) if layout.beside else (30.0, width - (room if band_names else 8))
    )
    shapes: list[Shape] = []
    labels: list[Label] = []
    top = mark + 12
    for one in series:
        frame = _frame(one, layout, (left, right, top), first, last)
        shapes += _bands(one, frame, labels)
        top = frame.bottom + between
    bottom = top - between
    whole = Frame(left, right, mark, bottom, 0, 1, first, last)
    shapes += parts.session_rules(sessions, whole, top=mark, bottom=bottom, mark=mark)
    labels += draw.session_labels(sessions, whole, mark - 9)
    top = mark + 12
    for one in series:
        frame = _frame(one, layout, (left, right, top), first, last)
        shapes += _scores(one, frame, labels)
        lowest, highest = _ends(one)
        scale = _("%(low)s–%(high)s", low=lowest, high=highest)
        if layout.beside:
            labels.append(Label("c-t c-strong", 0, top + 12, one.known.name))
            labels += [Label("c-t", 0, top + 27, scale), Label("c-t", 0, top + 42, _("lower is better"))]
        else:
            at = 10.0 if one is series[0] else top - 9
            labels.append(Label("c-t c-strong c-halo", left, at, one.known.name, sub=scale))
        top = frame.bottom + between
    labels += draw.date_labels(whole, bottom + 17)
    return Drawing(width, bottom + 24, tuple(shapes), tuple(labels))


def _ends(one: Series) -> tuple[int, int]:
    within = one.known.within
    return (within.lowest, within.highest) if within is not None else (0, 1)


def _frame(one: Series, layout: _Layout, place: tuple[float, float, float], first: date, last: date) -> Frame:
    low, high = _ends(one)
    left, right, top = place
    height = layout.with_bands if one.known.bands else layout.without
    return Frame(left, right, top, top + height, low, high, first, last)


def _bands(one: Series, frame: Frame, labels: list[Label]) -> list[Shape]:
    """Grey bands with their words, and the numbers at which they begin; the ends of the scale where there are none."""
    low, high = _ends(one)
    bands = one.known.bands
    axis, numbers = parts.axis(
        frame, [(value, str(value)) for value in [*([band.within.lowest for band in bands] or [low]), high]]
    )
    labels += numbers
    shapes = []
    for index, band in enumerate(bands):
        upper = bands[index + 1].within.lowest if index + 1 < len(bands) else high
        top, bottom = frame.y(upper) / 10, frame.y(band.within.lowest) / 10
        shapes.append(Shape(f"c-b{index}", draw.box(frame.left, top, frame.right, bottom)))
        name = pgettext("range of a questionnaire", _BANDS[band.code])
        labels.append(Label("c-t", frame.right + 6, (top + bottom) / 2 + 4, name))
    return [*shapes, *axis]


def _scores(one: Series, frame: Frame, labels: list[Label]) -> list[Shape]:
    square = one.known.code in SQUARES
    points = [(frame.x(mark.on), frame.y(mark.total)) for mark in one.marks]
    line = "c-line c-anx c-dash" if square else "c-line c-mood"
    shapes = [Shape(line, draw.line(run)) for run in _runs(one, points) if len(run) > 1]
    plain = [at for mark, at in zip(one.marks, points, strict=True) if not mark.overlaps]
    hatched = [at for mark, at in zip(one.marks, points, strict=True) if mark.overlaps]
    ink = "c-anx-d" if square else "c-mood-d"
    outline = "c-later c-later--anx" if square else "c-later"
    around = _squares if square else draw.dots
    if plain:
        shapes.append(Shape(f"c-dot {ink}", around(plain, _RADIUS)))
    if hatched:
        shapes.append(Shape(outline, around(hatched, _RADIUS + 1)))
        shapes.append(Shape("c-hatch", hatching(hatched, _RADIUS + 1)))
    if one.missed:
        xs = [frame.x(day) for day in one.missed]
        shapes.append(Shape("c-gap", draw.ticks(xs, frame.bottom, 8)))
    labels += _totals(one, points, frame)
    return shapes


def _runs(one: Series, points: Sequence[Point]) -> list[list[Point]]:
    """The points in runs without anything missed in between."""
    runs = [[points[0]]]
    for (before, after), point in zip(pairwise(one.marks), points[1:], strict=True):
        if any(before.on < day < after.on for day in one.missed):
            runs.append([])
        runs[-1].append(point)
    return runs


def _totals(one: Series, points: Sequence[Point], frame: Frame) -> list[Label]:
    """Each total at its mark, the latest first of all where not all have room."""
    labels = []
    taken_from = float("inf")
    for mark, (x, y) in reversed(list(zip(one.marks, points, strict=True))):
        text = str(mark.total)
        half = draw.text_width(text, bold=True) / 2
        if x / 10 + half > taken_from:
            continue
        taken_from = x / 10 - half - 2
        above = y / 10 - 8
        at = above if above - 10 > frame.top else y / 10 + _LABEL_ROOM
        # The words of the bands begin right of the panel: the number of a score of today ends with it.
        middle = min(x / 10, frame.right - half + 4)
        labels.append(Label("c-t c-strong c-halo", middle, at, text, "middle"))
    return labels


def _squares(points: Sequence[Point], radius: float) -> str:
    return "".join(
        draw.box(x / 10 - radius, y / 10 - radius, x / 10 + radius, y / 10 + radius) for x, y in points
    )


def hatching(points: Sequence[Point], radius: float) -> str:
    """Three strokes across each point, from lower left to upper right."""
    reach = radius * 0.62
    strokes = []
    for x, y in points:
        for offset in (-0.55, 0.0, 0.55):
            half = reach * (1 - abs(offset) * 0.55)
            middle = x / 10 + offset * radius, y / 10 + offset * radius
            start = round(10 * (middle[0] - half)), round(10 * (middle[1] + half))
            end = round(10 * (middle[0] + half)), round(10 * (middle[1] - half))
            strokes.append(draw.line([start, end]))
    return "".join(strokes)


def _key(series: Sequence[Series], sessions: Sequence[Marker]) -> tuple[KeyItem, ...]:
    found: list[KeyItem] = []
    if sessions:
        found.append(("session", _("session")))
    if any(mark.overlaps for one in series for mark in one.marks):
        found.append(("hatch", _("covers days before and after a session")))
    if any(one.missed for one in series):
        found.append(("gap", _("due, and not finished")))
    return tuple(found)


def _table(series: Sequence[Series]) -> Table:
    days = sorted({mark.on for one in series for mark in one.marks}, reverse=True)
    totals = {(one.known.code, mark.on): mark for one in series for mark in one.marks}
    rows: list[tuple[str, ...]] = []
    for day in days:
        found = [totals.get((one.known.code, day)) for one in series]
        overlaps = any(mark is not None and mark.overlaps for mark in found)
        rows.append(
            (
                day_and_year(day),
                *("" if mark is None else str(mark.total) for mark in found),
                _("before and after a session") if overlaps else "",
            )
        )
    return Table(
        caption=_("Scores of questionnaires"),
        head=(_("Day"), *(one.known.name for one in series), _("Covers days")),
        rows=tuple(rows),
    )
