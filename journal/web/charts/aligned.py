"""Sessions laid over each other: mood from seven days before to 28 days after each, day 0 the session.

The latest is bold with its own days as dots, the two before are dashed and dotted, earlier ones grey. No line crosses
day 0 or a day without an entry. It shows what was; it says nothing about the next session. Parts come from
``journal.web.charts.parts``, the numbers from ``journal.domain.alignment``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from journal.domain.alignment import AlignedDay, Alignment, SessionCurve
from journal.domain.baselines import Baseline, BaselineStatus
from journal.domain.benefits import Benefit
from journal.domain.insight_limits import ALIGNED_BOOTSTRAP, ALIGNED_FROM, ALIGNED_TO
from journal.domain.insights import CourseInsights
from journal.domain.withheld import Withheld
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.web.charts import geometry as draw
from journal.web.charts.durability import longer_each_time
from journal.web.charts.geometry import Label, Point, Shape
from journal.web.charts.parts import PHONE, Drawing, KeyItem
from journal.web.charts.tables import Table
from journal.web.charts.timelines import Timeline
from journal.web.charts.words import amount
from journal.web.labels import session_label

FIRST, LAST = int(ALIGNED_FROM.value), int(ALIGNED_TO.value)
_NAMED = (-7, 0, 7, 14, 21, 28)
_STYLES = ("c-line c-mood c-bold", "c-line c-mood c-thin c-dash", "c-line c-mood c-thin c-dotted")
_EARLIER = "c-line c-old"
_KEYS = ("mood", "dashed", "dotted")
_LABEL_LINE = 13.0
_ROW = 12.0

Curve = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class _Plot:
    """Where an offset and a mood go; ``left`` to ``right`` are days −7 to 28, ``top`` is mood 10, ``bottom`` mood 0."""

    width: float
    left: float
    right: float
    top: float
    bottom: float

    @property
    def step(self) -> float:
        return (self.right - self.left) / (LAST - FIRST + 1)

    def x(self, offset: float) -> int:
        return round(10 * (self.left + (offset - FIRST + 0.5) * self.step))

    def y(self, mood: float) -> int:
        return round(10 * (self.bottom - mood / 10 * (self.bottom - self.top)))

    def at(self, pair: tuple[int, float]) -> Point:
        return self.x(pair[0]), self.y(pair[1])


_WIDE = _Plot(352, 26, 324, 24, 196)
_NARROW = _Plot(PHONE, 26, 298, 24, 184)
_FLAT = _Plot(392, 26, 362, 22, 120)


def aligned_chart(course: CourseInsights, *, is_flat: bool = False) -> Timeline | None:
    """The chart of one course in two drawings; None where there is nothing to lay over each other.

    ``is_flat``: both are a low one, for half of a sheet of paper.
    """
    alignment = course.alignment
    if isinstance(alignment, Withheld) or isinstance(alignment.days, Withheld):
        return None
    curves = [curve for curve in alignment.curves if curve.raw]
    days = alignment.days
    hold = _hold_line(course.baseline)
    return Timeline(
        title=_title(course.benefits),
        caption=_caption(curves, days),
        sentence=_sentence(curves, hold),
        wide=_drawing(curves, days, hold, _FLAT if is_flat else _WIDE),
        narrow=_drawing(curves, days, hold, _FLAT if is_flat else _NARROW),
        key=_key(curves),
        table=_table(alignment, days),
    )


def _hold_line(baseline: Baseline | Withheld) -> float | None:
    if isinstance(baseline, Withheld) or baseline.status is not BaselineStatus.OK:
        return None
    return baseline.hold_line


# Words ----------------------------------------------------------------------------------------------------------------


def _title(benefits: Sequence[Benefit]) -> str:
    """What the sessions say by rule, never why: each of the last ones held longer, or only what is drawn."""
    times = longer_each_time(benefits)
    if times == 2:
        return _("The last session held longer than the one before")
    if times > 2:
        return _("The last three sessions each held longer")
    return _("Mood around each session")


def _caption(curves: Sequence[SessionCurve], days: Sequence[AlignedDay]) -> str:
    most = max(day.n for day in days)
    said = [_("Lined up on session day; three-day median, never across a session.")]
    earlier = [session_label(curve.treatment.label) for curve in curves[:-3]]
    if earlier:
        said.append(
            _("Grey: %(session)s.", session=earlier[0])
            if len(earlier) == 1
            else _("Grey: %(first)s to %(last)s.", first=earlier[0], last=earlier[-1])
        )
    said.append(
        _(
            "Shaded: lowest to highest of the %(count)s sessions; from four on, the 95 %% interval of their mean.",
            count=len(curves),
        )
        if most >= int(ALIGNED_BOOTSTRAP.value)
        else _("Shaded: lowest to highest of the sessions.")
    )
    return " ".join(said)


def _sentence(curves: Sequence[SessionCurve], hold: float | None) -> str:
    latest = curves[-1]
    moods = [mood for offset, mood in latest.raw if offset > 0]
    said = [
        ngettext(
            "Mood from 7 days before to 28 days after %(num)s session, 0 to 10, higher is better.",
            "Mood from 7 days before to 28 days after each of %(num)s sessions, 0 to 10, higher is better.",
            len(curves),
        )
    ]
    if moods:
        day, mood = latest.raw[-1]
        said.append(
            _(
                "After %(session)s it was between %(low)s and %(high)s, and %(mood)s on day %(day)s.",
                session=session_label(latest.treatment.label),
                low=amount(min(moods)),
                high=amount(max(moods)),
                mood=amount(mood),
                day=day,
            )
        )
    if hold is not None:
        said.append(_("The hold line is at %(mood)s.", mood=amount(hold)))
    return " ".join(said)


def _key(curves: Sequence[SessionCurve]) -> tuple[KeyItem, ...]:
    latest = [session_label(curve.treatment.label) for curve in curves[::-1]]
    key: list[KeyItem] = [("session", _("session, day 0"))]
    key += list(zip(_KEYS, latest[:3], strict=False))
    if latest[3:]:
        key.append(("old", _("earlier sessions")))
    return tuple(key)


def _table(alignment: Alignment, days: Sequence[AlignedDay]) -> Table:
    curves = [curve for curve in alignment.curves if curve.raw]
    moods = [dict(curve.raw) for curve in curves]
    return Table(
        caption=_("Mood around each session"),
        head=(
            _("Day"),
            _("Sessions"),
            _("Mean"),
            _("Median"),
            _("Band"),
            *(session_label(curve.treatment.label) for curve in curves[::-1]),
        ),
        rows=tuple(
            (
                str(day.offset).replace("-", "−"),
                str(day.n),
                amount(day.mean),
                amount(day.median),
                "" if day.n < 2 else _("%(low)s to %(high)s", low=amount(day.low), high=amount(day.high)),
                *("" if day.offset not in one else amount(one[day.offset]) for one in moods[::-1]),
            )
            for day in days
        ),
    )


# Drawing --------------------------------------------------------------------------------------------------------------


def _drawing(
    curves: Sequence[SessionCurve], days: Sequence[AlignedDay], hold: float | None, plot: _Plot
) -> Drawing:
    shapes = [Shape("c-grid", draw.levels([plot.y(mood) for mood in (0, 5, 10)], plot.left, plot.right))]
    labels = [Label("c-t", plot.left - 6, plot.y(mood) / 10 + 4, str(mood), "end") for mood in (0, 5, 10)]
    shapes += _band(days, plot)
    shapes.append(
        Shape("c-sess", draw.uprights([(plot.x(0), round(plot.top * 10 - 80), round(plot.bottom * 10))]))
    )
    shapes.append(Shape("c-sess-mark", draw.diamonds([plot.x(0)], plot.top - 8)))
    if hold is not None:
        shapes.append(Shape("c-base", draw.levels([plot.y(hold)], plot.left, plot.right)))
        named = _hold_label(hold, curves, plot)
        labels.append(named)
        if named.y < plot.top:  # not beside its line: the same line stands beside its name
            to = named.x - draw.text_width(named.text) - 4
            shapes.append(Shape("c-base", f"M{to - 18:.1f} {named.y - 4:.1f}h18"))
    for place, curve in reversed(list(enumerate(curves[::-1]))):
        classes = _STYLES[place] if place < len(_STYLES) else _EARLIER
        shapes += [Shape(classes, draw.line([plot.at(pair) for pair in run])) for run in runs(curve.smooth)]
    shapes.append(Shape("c-dot c-mood-d", draw.dots([plot.at(pair) for pair in curves[-1].raw], 2.4)))
    labels += _ends(curves, plot)
    labels += _axis(days, plot)
    return Drawing(plot.width, plot.bottom + 42 + _ROW, tuple(shapes), tuple(labels))


def runs(curve: Curve) -> list[list[tuple[int, float]]]:
    """The points cut at every missing day and on both sides of day 0, which belongs to the session alone."""
    cut: list[list[tuple[int, float]]] = []
    for offset, mood in curve:
        before = cut[-1][-1][0] if cut else None
        if before is not None and before + 1 == offset and 0 not in {before, offset}:
            cut[-1].append((offset, mood))
        else:
            cut.append([(offset, mood)])
    return cut


def _band(days: Sequence[AlignedDay], plot: _Plot) -> list[Shape]:
    """Between low and high of the days with two sessions or more, run by run."""
    wide = {day.offset: day for day in days if day.n >= 2}
    drawn = []
    for run in runs([(offset, 0.0) for offset in wide]):
        if len(run) < 2:
            continue
        upper = [plot.at((offset, wide[offset].high)) for offset, _mood in run]
        lower = [plot.at((offset, wide[offset].low)) for offset, _mood in run]
        back = "".join(f"L{draw.tenths(x)} {draw.tenths(y)}" for x, y in reversed(lower))
        drawn.append(f"{draw.line(upper)}{back}z")
    return [Shape("c-area", "".join(drawn))] if drawn else []


def _hold_label(hold: float, curves: Sequence[SessionCurve], plot: _Plot) -> Label:
    """The line's name with its value: above or beneath it, at the end where curves and their names leave most room.

    Where it would touch something at either end it stands above the plot.
    """
    height = plot.y(hold) / 10
    last = curves[-3:]
    taken = [(plot.x(offset) / 10, plot.y(mood) / 10) for curve in last for offset, mood in curve.smooth]
    for label in _ends(curves, plot):
        taken += [(label.x, label.y - 4), (label.x + draw.text_width(label.text), label.y - 4)]
    text = _("hold line %(mood)s", mood=amount(hold))
    wide = draw.text_width(text)

    def room(end: float, y: float) -> float:
        near = (abs(other - y + 4) for x, other in taken if end - wide - 4 < x < end + 4)
        return min(near, default=99.0)

    ends = (plot.right - 2, plot.left + 2 + wide)
    places = [(room(end, y), end, y) for y in (height + 14, height - 6) for end in ends]
    free, end, y = max(places, key=lambda place: place[0])
    if free < _LABEL_LINE:
        end, y = plot.width - 2, plot.top - 6
    return Label("c-t c-halo", end, y, text, "end")


def _ends(curves: Sequence[SessionCurve], plot: _Plot) -> list[Label]:
    """The names of the last three at the ends of their lines, pushed apart where they would touch."""
    ends = []
    for place, curve in enumerate(curves[:-4:-1]):
        points = curve.smooth or curve.raw
        offset, mood = points[-1]
        ends.append(
            (plot.y(mood) / 10 + 4, plot.x(offset) / 10 + 5, session_label(curve.treatment.label), place)
        )
    taken: list[tuple[float, float]] = []
    labels = []
    for y, x, text, place in ends:
        height = y
        while any(
            abs(height - other_y) < _LABEL_LINE and abs(x - other_x) < 26 for other_y, other_x in taken
        ):
            height -= _LABEL_LINE
        taken.append((height, x))
        labels.append(Label("c-t c-strong c-halo" if place == 0 else "c-t c-halo", x, height, text))
    return labels


def _axis(days: Sequence[AlignedDay], plot: _Plot) -> list[Label]:
    """Day numbers, and beneath each day how many sessions have an entry on it.

    Where they would touch, every second one stands a line lower.
    """
    labels = [
        Label("c-t", plot.x(offset) / 10, plot.bottom + 16, str(offset).replace("-", "−"), "middle")
        for offset in _NAMED
    ]
    labels.append(Label("c-t", plot.left - 6, plot.bottom + 34, "n", "end"))
    is_close = plot.step < draw.text_width(str(max(day.n for day in days))) + 3
    labels += [
        Label(
            "c-t c-sub",
            plot.x(day.offset) / 10,
            plot.bottom + 34 + (_ROW if is_close and day.offset % 2 else 0),
            str(day.n),
            "middle",
        )
        for day in days
    ]
    return labels
