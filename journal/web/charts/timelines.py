"""The provider's timeline: small multiples on one row of dates, in a wide and a phone drawing.

Parts come from ``journal.web.charts.parts``, words from ``journal.web.charts.words``. No web framework inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate

from journal.domain.baselines import Baseline
from journal.domain.treatments import Marker
from journal.domain.trends import DaySummary, ImportedDay, Item, Trend, is_weekly, takeaway
from journal.languages import gettext as _
from journal.web.charts import geometry as draw
from journal.web.charts import marks as chart_marks
from journal.web.charts import parts as parts
from journal.web.charts import words as words
from journal.web.charts.geometry import Frame, Label, Shape
from journal.web.charts.marks import Mark
from journal.web.charts.parts import ACTIVITY_CAP, PHONE, Drawing, KeyItem, Period
from journal.web.charts.tables import HEADS, Table, day_table, week_table
from journal.wording import short_day

_FLAT = 0.58
"""How high a panel is on paper, of what it is on a screen."""
_BETWEEN, _BETWEEN_FLAT = 26.0, 14.0
"""Units from one panel to the next of the wide drawing, and on paper."""
_LINE = 12
"""Units from one line of labels to the next."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The provider's small multiples in a wide and a phone drawing of the same numbers."""

    title: str
    caption: str
    sentence: str
    wide: Drawing
    narrow: Drawing
    key: tuple[KeyItem, ...]
    table: Table
    marks: tuple[KeyItem, ...] = ()


def timeline(
    days: Sequence[DaySummary],
    period: Period,
    *,
    treatments: Sequence[Marker] = (),
    baseline: Baseline | None = None,
    last_visit: date | None = None,
    imported: Sequence[ImportedDay] = (),
    marks: Sequence[Mark] = (),
    is_flat: bool = False,
) -> Timeline | None:
    """Mood, anxiety, sleep and activity above each other on one row of dates, each session's rule through all.

    ``is_flat`` takes two fifths off the height of its wide drawing, for paper.

    ``marks`` are what else changed, in a row beneath the last panel. An item nobody answered in these dates has no
    panel. Imported moods stand beneath in panels of their own.
    """
    panels = _panels(days, period, imported)
    if not panels:
        return None
    if is_flat:
        panels = [replace(panel, wide=panel.wide * _FLAT) for panel in panels]
    sessions = parts.within(treatments, period)
    visit = last_visit if last_visit is not None and period.first <= last_visit < period.last else None
    mood = next((panel.series for panel in panels if panel.item is Item.MOOD), None)
    found = takeaway(
        days,
        Item.MOOD,
        first=period.first,
        last=period.last,
        treated_on=[one.local_date for one in treatments],
    )
    dates = words.span(period.first, period.last)
    said = words.title_of(found, Item.MOOD, dates=dates, treatments=sessions)
    caption = f"{said}. {words.numbers_of(found)}" if found else ""
    marks = chart_marks.within(marks, period.first, period.last)
    stack = _Stack(panels, period, sessions, baseline, visit, marks)
    sentence = (
        words.what_is_shown(mood, finding=said if found else "")
        if mood
        else _("Daily timeline, %(dates)s.", dates=dates)
    )
    return Timeline(
        title=words.period_title(period.first, period.last),
        caption=caption,
        sentence=" ".join(
            said
            for said in (sentence, words.session_marks(len(sessions)), chart_marks.sentence(marks))
            if said
        ),
        wide=_wide(stack, is_flat=is_flat),
        narrow=_narrow(stack),
        key=parts.key_of(
            [panel.series for panel in panels if panel.item is not None],
            sessions,
            *parts.baseline_key(baseline),
            *([("since", _("since the last visit, %(date)s", date=short_day(visit)))] if visit else []),
            *(
                ("imported", _("from %(source)s", source=panel.source))
                for panel in panels
                if panel.item is None
            ),
        ),
        table=_timeline_table(days, stack),
        marks=chart_marks.named(marks),
    )


@dataclass(frozen=True, slots=True)
class _Panel:
    """One small multiple: ``item`` is None for an imported one, which has a ``source``.

    Heights are those of the wide and phone drawing.
    """

    item: Item | None
    series: Trend
    name: str
    about: tuple[str, ...]
    low: float
    high: float
    at: tuple[float, ...]
    wide: float
    narrow: float
    source: str = ""


@dataclass(frozen=True, slots=True)
class _Stack:
    """Everything both drawings of a timeline share."""

    panels: Sequence[_Panel]
    period: Period
    sessions: Sequence[Marker]
    baseline: Baseline | None
    visit: date | None
    marks: Sequence[Mark]


def _panels(days: Sequence[DaySummary], period: Period, imported: Sequence[ImportedDay]) -> list[_Panel]:
    mood = parts.series_of(days, Item.MOOD, period)
    anxiety = parts.series_of(days, Item.ANXIETY, period)
    sleep = parts.series_of(days, Item.SLEEP_HOURS, period)
    activity = parts.series_of(days, Item.ACTIVITY_MIN, period)
    sleep_top = parts.sleep_top(sleep)
    capped = any(point.value > ACTIVITY_CAP for point in activity.points)
    own = [
        _Panel(Item.MOOD, mood, _("Mood"), ("0–10", _("higher is better")), 0, 10, (0, 5, 10), 150, 150),
        _Panel(Item.ANXIETY, anxiety, _("Anxiety"), ("0–4", _("lower is better")), 0, 4, (0, 4), 50, 44),
        _Panel(
            Item.SLEEP_HOURS,
            sleep,
            _("Sleep"),
            (_("hours"), _("band is 7–9 h")),
            0,
            sleep_top,
            tuple(range(0, sleep_top + 1, 5)),
            56,
            50,
        ),
        _Panel(
            Item.ACTIVITY_MIN,
            activity,
            _("Activity"),
            (_("minutes a day"), _("drawn up to 60")) if capped else (_("minutes a day"),),
            0,
            ACTIVITY_CAP,
            (0, 30, ACTIVITY_CAP),
            50,
            44,
        ),
    ]
    panels = [panel for panel in own if panel.series.points]
    for series, low, high, source in parts.imported_series(imported, period):
        scale = _("%(low)s–%(high)s, own scale", low=words.amount(low), high=words.amount(high))
        name, about = _("From %(source)s", source=source), (scale, _("higher is better"))
        panels.append(_Panel(None, series, name, about, low, high, (low, high), 50, 44, source))
    return panels


def _wide(stack: _Stack, *, is_flat: bool) -> Drawing:
    """832 units: names to the left of the panels, the latest mood to the right.

    ``is_flat``: what a panel is begins beside its name, where there is room for that.
    """
    right, first_top, axis_room = 798.0, 30.0, 26.0
    between = _BETWEEN_FLAT if is_flat else _BETWEEN
    besides = [_beside_name(panel, 132.0 - axis_room) if is_flat else "" for panel in stack.panels]
    abouts = [
        [
            line
            for text in (panel.about[1:] if beside else panel.about)
            for line in draw.wrapped(text, 132.0 - axis_room)
        ]
        for panel, beside in zip(stack.panels, besides, strict=True)
    ]
    left = axis_room + max(
        132.0 - axis_room,
        *(draw.text_width(panel.name, bold=True) for panel in stack.panels),
        *(draw.text_width(line) for about in abouts for line in about),
    )
    heights = [
        max(panel.wide + between, 15.0 * (len(about) + 1) + 8)
        for panel, about in zip(stack.panels, abouts, strict=True)
    ]
    tops = list(accumulate(heights[:-1], initial=first_top))
    bottom = tops[-1] + stack.panels[-1].wide
    shapes, labels = _since(
        stack, Frame(left, right, 24, bottom, 0, 1, stack.period.first, stack.period.last)
    )
    for panel, beside, about, top in zip(stack.panels, besides, abouts, tops, strict=True):
        frame = _frame(stack, panel, left, right, top, panel.wide)
        labels.append(Label("c-t c-strong", 0, top + 12, panel.name, sub=beside))
        labels += [Label("c-t", 0, top + 27 + 15 * i, text) for i, text in enumerate(about)]
        drawn, named = _panel(stack, panel, frame)
        shapes += drawn
        labels += named
        if panel.item is Item.MOOD:
            latest = panel.series.points[-1]
            labels.append(
                Label(
                    "c-t c-strong c-halo",
                    right + 8,
                    frame.y(latest.value) / 10 + 4,
                    words.amount(latest.value),
                )
            )
            if stack.visit is not None:
                labels.append(_beside(_since_label(stack.visit, frame), named, frame))
    return _finished(stack, 832, bottom, shapes, labels, left=left, right=right, mark=22)


def _beside_name(panel: _Panel, room: float) -> str:
    """What begins to say what a panel is, if it has room behind its name; empty where it has none."""
    first = panel.about[0] if len(panel.about) > 1 else ""
    wide = draw.text_width(panel.name, bold=True) + draw.text_width(f" {first}")
    return first if wide <= room else ""


def _narrow(stack: _Stack) -> Drawing:
    """326 units: the same panels with their names above them, and what they are in lines of its own if it is long."""
    left, right, between, line = 30.0, 320.0, 34.0, 14
    names = [_name_above(panel, PHONE - left) for panel in stack.panels]
    # Above the first panel the sessions' names stand between its own and the drawing.
    mark = 38 + line * (len(names[0]) - 1)
    heights = [
        panel.narrow + between + line * (len(below) - 1)
        for panel, below in zip(stack.panels[:-1], names[1:], strict=True)
    ]
    tops = list(accumulate(heights, initial=mark + 8.0))
    bottom = tops[-1] + stack.panels[-1].narrow
    shapes, labels = _since(
        stack, Frame(left, right, mark + 2, bottom, 0, 1, stack.period.first, stack.period.last)
    )
    for panel, name, top in zip(stack.panels, names, tops, strict=True):
        frame = _frame(stack, panel, left, right, top, panel.narrow)
        drawn, named = _panel(stack, panel, frame)
        shapes += drawn
        labels += named
        name_at = 10 if top == tops[0] else top - 9 - line * (len(name) - 1)
        labels.append(Label("c-t c-strong c-halo", left, name_at, panel.name, sub=name[0]))
        labels += [
            Label("c-t c-halo", left, name_at + line * i, text) for i, text in enumerate(name[1:], start=1)
        ]
    return _finished(stack, PHONE, bottom, shapes, labels, left=left, right=right, mark=mark)


def _name_above(panel: _Panel, room: float) -> list[str]:
    """What follows a panel's name in its own line, and in lines beneath where that has no room."""
    about = ", ".join(panel.about)
    if draw.text_width(panel.name, bold=True) + draw.text_width(f" {about}") <= room:
        return [about]
    return ["", *draw.wrapped(about, room)]


def _frame(stack: _Stack, panel: _Panel, left: float, right: float, top: float, height: float) -> Frame:
    return Frame(left, right, top, top + height, panel.low, panel.high, stack.period.first, stack.period.last)


def _panel(stack: _Stack, panel: _Panel, frame: Frame) -> tuple[list[Shape], list[Label]]:
    shapes: list[Shape] = []
    if panel.item is Item.SLEEP_HOURS:
        shapes.append(parts.band(frame))
    axis, labels = parts.axis(frame, tuple((value, words.amount(value)) for value in panel.at))
    shapes += axis
    if panel.item is Item.MOOD:
        if stack.baseline is not None:
            shapes.append(parts.level("c-base", frame, stack.baseline.mood))
            labels.append(parts.baseline_label(stack.baseline, frame, panel.series))
        shapes += parts.mood(panel.series, frame)
    elif panel.item is Item.ANXIETY:
        shapes += parts.thin(panel.series, frame)
    elif panel.item is None:
        shapes += parts.hollow(panel.series, frame)
    else:
        shapes += parts.bars(panel.series, frame)
    if panel.item is not None:
        shapes += parts.blanks(panel.series, frame)
    return shapes, labels


def _finished(
    stack: _Stack,
    width: float,
    bottom: float,
    shapes: list[Shape],
    labels: list[Label],
    *,
    left: float,
    right: float,
    mark: float,
) -> Drawing:
    frame = Frame(left, right, mark, bottom, 0, 1, stack.period.first, stack.period.last)
    shapes += parts.session_rules(stack.sessions, frame, top=mark, bottom=bottom, mark=mark)
    shapes += chart_marks.shapes(stack.marks, frame)
    labels += draw.session_labels(stack.sessions, frame, mark - 9)
    dates_at = bottom + 17 + (chart_marks.ROOM if stack.marks else 0)
    labels += draw.date_labels(frame, dates_at)
    return Drawing(width, dates_at + 7, tuple(shapes), tuple(labels))


def _since(stack: _Stack, frame: Frame) -> tuple[list[Shape], list[Label]]:
    if stack.visit is None:
        return [], []
    return [Shape("c-since", draw.box(frame.x(stack.visit) / 10, frame.top, frame.right, frame.bottom))], []


def _since_label(visit: date, frame: Frame) -> Label:
    text = _("since last visit, %(date)s", date=short_day(visit))
    x = frame.x(visit) / 10 + 5
    if x + draw.text_width(text) > frame.right:
        return Label("c-t c-halo", frame.right - 4, frame.bottom - 6, text, "end")
    return Label("c-t c-halo", x, frame.bottom - 6, text)


def _beside(label: Label, others: Sequence[Label], frame: Frame) -> Label:
    """``label``, or the same on top of the panel where it would lie on another: on paper panels are low."""
    width = draw.text_width(label.text)
    left = label.x - width if label.anchor == "end" else label.x
    for other in others:
        lies_on = other.anchor == "start" and left < other.x + draw.text_width(other.text)
        if abs(label.y - other.y) < _LINE and lies_on and other.x < left + width:
            return replace(label, y=frame.top + 11)
    return label


def _timeline_table(days: Sequence[DaySummary], stack: _Stack) -> Table:
    panels, period = stack.panels, stack.period
    if is_weekly(period.first, period.last):
        columns = [(_head(panel), panel.series) for panel in panels]
        return week_table(columns, caption=_("Every week"), marks=stack.marks)
    return day_table(
        days,
        [panel.item for panel in panels if panel.item is not None],
        caption=_("Every day"),
        dates=(period.first, period.last),
        first_day=period.first_day,
        treatments=stack.sessions,
        brought=[(_head(panel), panel.series) for panel in panels if panel.item is None],
        marks=stack.marks,
    )


def _head(panel: _Panel) -> str:
    return f"{panel.name}, {panel.about[0]}" if panel.item is None else _(HEADS[panel.item])
