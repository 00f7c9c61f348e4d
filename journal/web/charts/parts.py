"""The parts every chart is put together from: axes, lines, dots, bars, gaps, session rules, keys.

Charts themselves are in ``journal.web.charts.days`` and ``journal.web.charts.timelines``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from journal.domain.baselines import Baseline
from journal.domain.moods import Provenance
from journal.domain.treatments import Marker
from journal.domain.trends import (
    DaySummary,
    ImportedDay,
    Item,
    Trend,
    TrendPoint,
    is_weekly,
    runs,
    trend,
    weekly_means,
)
from journal.languages import gettext as _
from journal.web.charts import geometry as draw
from journal.web.charts import words as words
from journal.web.charts.geometry import Frame, Label, Point, Shape

PHONE = 326
"""How many units wide a phone chart is drawn, so that its 12 px labels are 12 px."""
ACTIVITY_CAP = 60
SLEEP_BAND = (7.0, 9.0)
OUTLINED_FROM = 3.0
"""Bars thinner than this many units have no room for an outline."""

KeyItem = tuple[str, str]
"""A mark of ``components/key.html`` and what it means."""


@dataclass(frozen=True, slots=True)
class Period:
    """The dates a chart shows, the person's today the last; ``first_day`` is the first that could have a check-in."""

    first: date
    last: date
    first_day: date


@dataclass(frozen=True, slots=True)
class Drawing:
    """An SVG: its size, its shapes from back to front, and the text over them."""

    width: float
    height: float
    shapes: tuple[Shape, ...]
    labels: tuple[Label, ...]


def series_of(days: Sequence[DaySummary], item: Item, period: Period) -> Trend:
    """The item's series over the period."""
    return trend(days, item, first=period.first, last=period.last, first_day=period.first_day)


def imported_series(imported: Sequence[ImportedDay], period: Period) -> list[tuple[Trend, float, float, str]]:
    """A series for each source and scale, in the order of their names; weekly where the journal's own are."""
    groups: dict[tuple[str, float, float], list[ImportedDay]] = {}
    for day in imported:
        if period.first <= day.local_date <= period.last:
            groups.setdefault((day.source, day.scale_min, day.scale_max), []).append(day)
    found = []
    for (source, low, high), days in sorted(groups.items()):
        points = tuple(
            TrendPoint(day.local_date, day.local_date, day.value, day.value, day.value, day.n) for day in days
        )
        series = Trend("imported", period.first, period.last, weekly=False, points=points, blanks=())
        if is_weekly(period.first, period.last):
            pairs = [(day.local_date, day.value) for day in days]
            series = weekly_means(pairs, "imported", first=period.first, last=period.last)
        if series.points:
            found.append((series, low, high, words.source_name(source)))
    return found


def within(treatments: Sequence[Marker], period: Period) -> list[Marker]:
    """The sessions on the dates shown."""
    return [one for one in treatments if period.first <= one.local_date <= period.last]


def sleep_top(series: Trend) -> int:
    """Where the sleep axis ends, in hours: 10, or 15 where a night was longer."""
    return 15 if any(point.value > 10 for point in series.points) else 10


def axis(frame: Frame, at: Sequence[tuple[float, str]]) -> tuple[list[Shape], list[Label]]:
    """A hairline and a number at each of the values."""
    ys = [frame.y(value) for value, _ in at]
    labels = [
        Label("c-t", frame.left - 6, y / 10 + 4, text, "end") for y, (_, text) in zip(ys, at, strict=True)
    ]
    return [Shape("c-grid", draw.levels(ys, frame.left, frame.right))], labels


def level(classes: str, frame: Frame, value: float) -> Shape:
    """A line across the panel at a value."""
    return Shape(classes, draw.levels([frame.y(value)], frame.left, frame.right))


def band(frame: Frame) -> Shape:
    """Seven to nine hours of sleep."""
    low, high = SLEEP_BAND
    return Shape("c-band", draw.box(frame.left, frame.y(high) / 10, frame.right, frame.y(low) / 10))


def mood(series: Trend, frame: Frame, *, ground: bool = False) -> list[Shape]:
    """Range, line, dots; hollow where written on a later day; the latest one larger; ``ground`` beneath the line."""
    lines, points = _placed(series, frame)
    dense = frame.step < 4
    shapes = []
    if ground:
        beneath = "".join(draw.area(run, frame.bottom) for run in lines)
        shapes += [Shape("c-area", beneath)] if beneath else []
    shapes += _ranges(series, frame, points)
    shapes += _lines(lines, "c-line c-mood c-thin" if dense else "c-line c-mood")
    radius = _radius(frame, series)
    shapes += _dots(series, points, radius, ("c-mood-d" if dense else "c-dot c-mood-d", "c-later"))
    latest = "c-later" if is_later(series.points[-1]) else "c-now c-mood-d"
    return [*shapes, Shape(latest, draw.dots(points[-1:], radius + 2))]


def thin(series: Trend, frame: Frame) -> list[Shape]:
    """A thin grey line with small dots: anxiety."""
    lines, points = _placed(series, frame)
    radius = round(max(_radius(frame, series) * 0.7, 1.1), 1)
    solid = "c-anx-d" if frame.step < 4 else "c-dot c-anx-d"
    return _lines(lines, "c-line c-anx") + _dots(series, points, radius, (solid, "c-later c-later--anx"))


def hollow(series: Trend, frame: Frame) -> list[Shape]:
    """Dotted line and hollow dots: brought in from another app."""
    lines, points = _placed(series, frame)
    return [*_lines(lines, "c-imported"), Shape("c-imported-d", draw.dots(points, _radius(frame, series)))]


def bar_width(series: Trend, frame: Frame) -> float:
    """How wide a day's or a week's bar is, in units."""
    return 0.61 * frame.step * (7 if series.weekly else 1)


def bars(series: Trend, frame: Frame) -> list[Shape]:
    """Bars for sleep or activity; an outline where written on a later day, as long as a bar is wide enough for one."""
    kind = "c-sleep" if series.item is Item.SLEEP_HOURS else "c-act"
    width = bar_width(series, frame)
    points = _placed(series, frame)[1]
    if width < OUTLINED_FROM:
        return [Shape(kind, draw.bars(points, frame.bottom, width))]
    pairs = list(zip(series.points, points, strict=True))
    solid = [at for point, at in pairs if not is_later(point)]
    outlined = [at for point, at in pairs if is_later(point)]
    shapes = [Shape(kind, draw.bars(solid, frame.bottom, width))] if solid else []
    if outlined:
        shapes.append(Shape(f"{kind} c-bar--later", draw.bars(outlined, frame.bottom, width)))
    return shapes


def blanks(series: Trend, frame: Frame) -> list[Shape]:
    """A dash on the axis for each day (or week) that stays a gap."""
    days = 7 if series.weekly else 1
    xs = [frame.x(blank, days=days) for blank in series.blanks]
    return (
        [Shape("c-gap", draw.ticks(xs, frame.bottom, min(3.2, max(frame.step * days * 0.7, 0.8))))]
        if xs
        else []
    )


def session_rules(
    sessions: Sequence[Marker], frame: Frame, *, top: float, bottom: float, mark: float | None = None
) -> list[Shape]:
    """A rule through the panel at each session, with a diamond at ``mark``. Nothing else looks like it."""
    if not sessions:
        return []
    xs = [frame.x(one.local_date) for one in sessions]
    shapes = [Shape("c-sess", draw.uprights((x, round(top * 10), round(bottom * 10)) for x in xs))]
    if mark is not None:
        shapes.append(Shape("c-sess-mark", draw.diamonds(xs, mark, half=4.5 if frame.step >= 1 else 3.5)))
    return shapes


def _placed(series: Trend, frame: Frame) -> tuple[list[list[Point]], list[Point]]:
    """Every point where it goes: run by run, and all in one list."""
    lines = [[frame.at(point) for point in run] for run in runs(series.points)]
    return lines, [at for run in lines for at in run]


def _lines(lines: Sequence[Sequence[Point]], classes: str) -> list[Shape]:
    return [Shape(classes, draw.line(run)) for run in lines if len(run) > 1]


def _dots(series: Trend, points: Sequence[Point], radius: float, classes: tuple[str, str]) -> list[Shape]:
    solid: list[Point] = []
    open_: list[Point] = []
    for point, at in zip(series.points, points, strict=True):
        (open_ if is_later(point) else solid).append(at)
    shapes = [Shape(classes[0], draw.dots(solid, radius))] if solid else []
    return [*shapes, Shape(classes[1], draw.dots(open_, radius))] if open_ else shapes


def _ranges(series: Trend, frame: Frame, points: Sequence[Point]) -> list[Shape]:
    spans = [
        (x, frame.y(point.high), frame.y(point.low))
        for point, (x, _) in zip(series.points, points, strict=True)
        if point.high > point.low
    ]
    return [Shape("c-range", draw.uprights(spans))] if spans else []


def _radius(frame: Frame, series: Trend) -> float:
    room = frame.step * (7 if series.weekly else 1) / 2
    return round(min(2.6, max(1.2, room)), 1)


def is_later(point: TrendPoint) -> bool:
    """Written on another day than the one it is about."""
    return point.provenance is not Provenance.SAME_DAY


def baseline_label(baseline: Baseline, frame: Frame, series: Trend) -> Label:
    """The baseline's name and value, where it hides the fewest dots."""
    text = _("before treatment, %(mood)s", mood=words.amount(baseline.mood))
    points = [frame.at(point) for point in series.points]
    x, y = draw.clear_spot(frame, frame.y(baseline.mood) / 10, text, points)
    return Label("c-t c-halo", round(x, 1), round(y, 1), text)


def key_of(
    series: Sequence[Trend], sessions: Sequence[Marker], *more: KeyItem, marks_later: bool = True
) -> tuple[KeyItem, ...]:
    """Only what is on the drawing; thin bars (``marks_later`` false) cannot show what was written later."""
    points = [point for one in series for point in one.points]
    key = [("session", _("session"))] if sessions else []
    if any(one.blanks for one in series):
        weekly = any(one.weekly for one in series)
        few, none = _("fewer than four days (that’s fine)"), _("no entry (that’s fine)")
        key.append(("gap", few if weekly else none))
    if any(is_later(point) for point in points) and marks_later:
        key.append(("later", _("filled in later")))
    if any(point.high > point.low for point in points):
        key.append(("range", _("lowest to highest that day")))
    return (*key, *more)


def baseline_key(baseline: Baseline | None) -> tuple[KeyItem, ...]:
    """The baseline's entry in the key, if there is a baseline."""
    if baseline is None:
        return ()
    return (("baseline", _("before treatment, %(mood)s", mood=words.amount(baseline.mood))),)
