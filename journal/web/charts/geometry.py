"""Where things go on a chart: scales, path data, date ticks and labels that do not collide.

Knows pixels, dates and how wide a text is, but not what it says. Coordinates are whole tenths of a unit inside, so
that a path written in relative steps ends exactly where its last dot is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from journal.domain.sparklines import tenths as tenths
from journal.domain.treatments import Marker
from journal.domain.trends import TrendPoint
from journal.web.charts.words import session_mark, session_number
from journal.wording import short_day, short_month, short_month_and_year

Point = tuple[int, int]
"""x and y in tenths of a unit."""

_LETTER = 6.4  # units a 12 px character is wide, a little on the safe side
_GREEK_LETTER = 7.4  # Figtree has no Greek: these come from whatever the reader's system has
_BOLD = 1.1875  # how much wider the same text is in bold
_GROWN = 1.25  # the most that the narrowest phones enlarge labels by (static/css/charts.css)
_DATE_EVERY = 62  # units between the middles of two dates
_MONTH_EVERY = 40


@dataclass(frozen=True, slots=True)
class Shape:
    """One SVG path and the classes that colour it."""

    classes: str
    d: str


@dataclass(frozen=True, slots=True)
class Label:
    """One SVG text at ``x`` and its baseline ``y``, to one decimal; ``sub`` follows it in plain weight."""

    classes: str
    x: float
    y: float
    text: str
    anchor: str = "start"
    sub: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "x", round(self.x, 1))
        object.__setattr__(self, "y", round(self.y, 1))


@dataclass(frozen=True, slots=True)
class Frame:
    """A panel's plot area and both of its scales. ``low`` lies at ``bottom``; values above ``high`` stop there."""

    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float
    first: date
    last: date

    step: float = field(init=False)
    """The width of one day."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "step", (self.right - self.left) / ((self.last - self.first).days + 1))

    def x(self, day: date, *, days: int = 1) -> int:
        """The middle of ``days`` days from ``day`` on, in tenths, kept inside the plot."""
        middle = self.left + ((day - self.first).days + days / 2) * self.step
        if middle > self.right:
            middle = self.right
        return round(10 * (middle if middle > self.left else self.left))

    def y(self, value: float) -> int:
        """The height of a value, in tenths, kept inside the plot."""
        if value >= self.high:
            return round(10 * self.top)
        if value <= self.low:
            return round(10 * self.bottom)
        share = (value - self.low) / (self.high - self.low)
        return round(10 * (self.bottom - share * (self.bottom - self.top)))

    def at(self, point: TrendPoint) -> Point:
        """Where a day's or a week's value goes."""
        return self.x(point.first, days=(point.last - point.first).days + 1), self.y(point.value)


# Paths -------------------------------------------------------------------------------------------------------


def line(run: Sequence[Point]) -> str:
    """A run of points as one relative path; a single point becomes a dot of the line's own width."""
    (x, y), *others = run
    parts = [f"M{tenths(x)} {tenths(y)}"]
    if not others:
        parts.append("h0")
    for next_x, next_y in others:
        parts.append(f"l{tenths(next_x - x)} {tenths(next_y - y)}")
        x, y = next_x, next_y
    return "".join(parts)


def area(run: Sequence[Point], bottom: float) -> str:
    """The ground beneath a run, down to ``bottom``; nothing beneath a single point."""
    if len(run) < 2:
        return ""
    floor = round(bottom * 10)
    return f"{line(run)}V{tenths(floor)}H{tenths(run[0][0])}z"


def dots(points: Iterable[Point], radius: float) -> str:
    """A circle around each point."""
    r = round(radius * 10)
    there, back = tenths(2 * r), tenths(-2 * r)
    arc = f"a{tenths(r)} {tenths(r)} 0 1 0 {there} 0a{tenths(r)} {tenths(r)} 0 1 0 {back} 0"
    return "".join(f"M{tenths(x - r)} {tenths(y)}{arc}" for x, y in points)


def bars(points: Iterable[Point], bottom: float, width: float) -> str:
    """A bar from ``bottom`` up to each point, never thinner than one unit, with soft shoulders where there is room."""
    floor, wide = round(bottom * 10), round(width * 10)
    round_by = 15 if wide >= 40 else 0
    parts = []
    for x, y in points:
        high = max(floor - y, 10)
        bend = min(round_by, high)
        if bend:
            parts.append(
                f"M{tenths(x - wide // 2)} {tenths(floor)}v{tenths(bend - high)}q0 {tenths(-bend)} {tenths(bend)} "
                f"{tenths(-bend)}h{tenths(wide - 2 * bend)}q{tenths(bend)} 0 {tenths(bend)} {tenths(bend)}"
                f"v{tenths(high - bend)}z"
            )
        else:
            parts.append(
                f"M{tenths(x - wide // 2)} {tenths(floor)}v{tenths(-high)}h{tenths(wide)}v{tenths(high)}z"
            )
    return "".join(parts)


def ticks(xs: Iterable[int], bottom: float, width: float) -> str:
    """A short dash on the axis at each x."""
    half, y = round(width * 5), tenths(round(bottom * 10) + 5)
    return "".join(f"M{tenths(x - half)} {y}h{tenths(2 * half)}" for x in xs)


def uprights(spans: Iterable[tuple[int, int, int]]) -> str:
    """A vertical line for each (x, upper y, lower y), in tenths."""
    return "".join(f"M{tenths(x)} {tenths(upper)}V{tenths(lower)}" for x, upper, lower in spans)


def levels(ys: Iterable[int], left: float, right: float) -> str:
    """A horizontal line at each y (in tenths) from ``left`` to ``right``."""
    start, end = tenths(round(left * 10)), tenths(round(right * 10))
    return "".join(f"M{start} {tenths(y)}H{end}" for y in ys)


def diamonds(xs: Iterable[int], y: float, half: float = 4.5) -> str:
    """A diamond at each x, its middle at ``y``. Nothing but a session has one."""
    h = round(half * 10)
    p, m = tenths(h), tenths(-h)
    top = tenths(round(y * 10) - h)
    return "".join(f"M{tenths(x)} {top}l{p} {p}l{m} {p}l{m} {m}z" for x in xs)


def box(left: float, top: float, right: float, bottom: float) -> str:
    """A filled rectangle."""
    x, y = tenths(round(left * 10)), tenths(round(top * 10))
    return f"M{x} {y}H{tenths(round(right * 10))}V{tenths(round(bottom * 10))}H{x}z"


# Labels ------------------------------------------------------------------------------------------------------


def text_width(text: str, *, bold: bool = False) -> float:
    """About how wide 12 px text is; never less than it is drawn."""
    greek = sum("\u0370" <= letter <= "\u03ff" for letter in text)
    width = _LETTER * (len(text) - greek) + _GREEK_LETTER * greek
    return _BOLD * width if bold else width


def wrapped(text: str, width: float) -> list[str]:
    """``text`` in lines of at most ``width``, broken between words; a word that is wider stands alone."""
    lines: list[str] = []
    for word in text.split():
        if lines and text_width(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines


def date_labels(frame: Frame, y: float, *, last_label: str = "") -> list[Label]:
    """Dates beneath a panel, as many as fit: days up to some months, then months, then years.

    With days, the last date is always named (as ``last_label``, if given); a date that would touch it is left out,
    and one that would touch it where labels are enlarged is not shown there.
    """
    length = (frame.last - frame.first).days + 1
    for every in (1, 2, 7, 14, 28):
        if every * frame.step >= _DATE_EVERY and length / every <= 14:
            return _day_labels(frame, y, every=every, last_label=last_label or short_day(frame.last))
    if length <= 140:
        every = 56 if 56 * frame.step >= _DATE_EVERY else length
        return _day_labels(frame, y, every=every, last_label=last_label or short_day(frame.last))
    return _month_labels(frame, y)


def session_labels(treatments: Sequence[Marker], frame: Frame, y: float) -> list[Label]:
    """The sessions' names over their diamonds: S1, S2 … where all fit, 1, 2 … where only these do.

    Where not even these fit, the latest and as many earlier ones as do not touch. Every session keeps its diamond.
    """
    for names in ([session_mark(one) for one in treatments], [session_number(one) for one in treatments]):
        kept = _without_collisions([frame.x(one.local_date) for one in treatments], names)
        if len(kept) == len(treatments):
            break
    else:
        names = [session_mark(one) for one in treatments]
        kept = _without_collisions([frame.x(one.local_date) for one in treatments], names)
    return [
        Label("c-t c-sess-t", frame.x(treatments[index].local_date) / 10, y, names[index], "middle")
        for index in kept
    ]


def clear_spot(frame: Frame, level: float, text: str, points: Sequence[Point]) -> tuple[float, float]:
    """Where ``text`` beside the horizontal line at ``level`` hides the fewest points: its left end and baseline."""
    wide = text_width(text)
    below, above = level + 14, level - 5
    heights = [y for y in (below, above) if frame.top + 10 < y < frame.bottom - 3] or [above]
    near = {height: [x / 10 for x, y in points if height - 14 < y / 10 < height + 5] for height in heights}
    step = max(24.0, (frame.right - frame.left - wide) / 12)
    best: tuple[int, float, float] | None = None
    for height in heights:
        x = frame.left + 4
        while x + wide <= frame.right:
            hidden = sum(1 for dot in near[height] if x - 3 < dot < x + wide + 3)
            if best is None or hidden < best[0]:
                best = (hidden, x, height)
            x += step
    return (best[1], best[2]) if best else (frame.left + 4, heights[0])


# Details -----------------------------------------------------------------------------------------------------


def _day_labels(frame: Frame, y: float, *, every: int, last_label: str) -> list[Label]:
    end = frame.x(frame.last) / 10
    labels = []
    grown_to = float("-inf")  # where the latest date ends that is shown enlarged, too
    day = frame.first
    while day < frame.last:
        x, text = frame.x(day) / 10, short_day(day)
        half = text_width(text) / 2
        starts = x - half < frame.left - 8
        to, free = 2 * half if starts else half, end - x - 3
        if to + text_width(last_label) < free:
            touches = (to + text_width(last_label)) * _GROWN >= free or x - half * _GROWN < grown_to
            if not touches:
                grown_to = x + to * _GROWN
            classes = "c-t c-near" if touches else "c-t"
            # At the edge it begins a little before the plot, or it would touch the second date.
            at, anchor = (frame.left - 4, "start") if starts else (x, "middle")
            labels.append(Label(classes, at, y, text, anchor))
        day += timedelta(days=every)
    return [*labels, Label("c-t", end, y, last_label, "end")]


def _month_labels(frame: Frame, y: float) -> list[Label]:
    every = next((n for n in (1, 2, 3, 6, 12, 24) if n * 30.4 * frame.step >= _MONTH_EVERY), 60)
    labels: list[Label] = []
    free_from = frame.left - 8
    year, month = frame.first.year, frame.first.month
    while (day := date(year, month, 1)) <= frame.last:
        wanted = (year * 12 + month - 1) % every == 0
        if wanted and day >= frame.first:
            text = str(year) if every >= 12 else short_month(day)
            if every < 12 and (month == 1 or not labels):
                text = short_month_and_year(day)
            x = frame.left + (day - frame.first).days * frame.step
            half = text_width(text) / 2
            if x - half >= free_from and x + half <= frame.right + 12:
                labels.append(Label("c-t", round(x, 1), y, text, "middle"))
                free_from = x + half + 6
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)
    return labels


def _without_collisions(xs: Sequence[int], names: Sequence[str]) -> list[int]:
    """The indices that may keep their names, the last one first of all."""
    kept: list[int] = []
    taken_from = float("inf")
    for index in range(len(xs) - 1, -1, -1):
        half = text_width(names[index], bold=True) / 2
        if xs[index] / 10 + half <= taken_from:
            kept.append(index)
            taken_from = xs[index] / 10 - half - 2
    return kept[::-1]
