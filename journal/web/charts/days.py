"""Days become drawings: every chart with its title, its sentence, its key and a table of the same numbers.

No web framework inside: a chart is a frozen value, and the macros in ``templates/components/charts/`` only write it
down. What a day, a gap or a finding is comes from ``journal.domain.trends``; the words from ``words``; the provider's
timeline is in ``timelines``. A builder returns None where there is nothing to draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from journal.domain.baselines import Baseline
from journal.domain.treatments import Marker
from journal.domain.trends import (
    DaySummary,
    ImportedDay,
    Item,
    Trend,
    takeaway,
)
from journal.languages import gettext as _
from journal.web.charts import geometry as draw
from journal.web.charts import marks as chart_marks
from journal.web.charts import parts as parts
from journal.web.charts import words as words
from journal.web.charts.geometry import Frame, Label, Shape
from journal.web.charts.marks import Mark
from journal.web.charts.parts import ACTIVITY_CAP, PHONE, Drawing, KeyItem, Period
from journal.web.charts.tables import HEADS, Table, day_table, imported_table, week_table
from journal.wording import short_day


@dataclass(frozen=True, slots=True)
class Chart:
    """One drawing with everything that is said about it; ``marks`` names what changed on which day."""

    title: str
    caption: str
    sentence: str
    drawing: Drawing
    key: tuple[KeyItem, ...]
    table: Table
    note: str = ""
    marks: tuple[KeyItem, ...] = ()


def mood_chart(
    days: Sequence[DaySummary],
    period: Period,
    *,
    treatments: Sequence[Marker] = (),
    baseline: Baseline | None = None,
    marks: Sequence[Mark] = (),
) -> Chart | None:
    """Mood 0–10: a dot a day, a thin line between days that follow each other, sessions, and the mood before them.

    ``marks`` are what else changed, in a row beneath it.
    """
    series = parts.series_of(days, Item.MOOD, period)
    if not series.points:
        return None
    frame = Frame(22, 324, 34, 154, 0, 10, period.first, period.last)
    sessions = parts.within(treatments, period)
    shapes, labels = parts.axis(frame, ((0, "0"), (5, "5"), (10, "10")))
    if baseline is not None:
        shapes.append(parts.level("c-base", frame, baseline.mood))
        labels.append(parts.baseline_label(baseline, frame, series))
    shapes += parts.mood(series, frame, ground=True)
    shapes += parts.blanks(series, frame)
    shapes += parts.session_rules(sessions, frame, top=20, bottom=frame.bottom, mark=20)
    marks = chart_marks.within(marks, period.first, period.last)
    shapes += chart_marks.shapes(marks, frame)
    labels += draw.session_labels(sessions, frame, 10)
    dates_at = 173 + (chart_marks.ROOM if marks else 0)
    labels += draw.date_labels(frame, dates_at)
    return _chart(
        series,
        days,
        Drawing(PHONE, dates_at + 5, tuple(shapes), tuple(labels)),
        period=period,
        treatments=treatments,
        scale=_("0–10, higher is better."),
        key=parts.baseline_key(baseline),
        marks=marks,
    )


def sleep_chart(
    days: Sequence[DaySummary], period: Period, *, treatments: Sequence[Marker] = ()
) -> Chart | None:
    """Hours of sleep as bars, with the band of 7 to 9 hours. The axis ends at 10 hours, or at 15 where it has to."""
    series = parts.series_of(days, Item.SLEEP_HOURS, period)
    if not series.points:
        return None
    top = parts.sleep_top(series)
    return _bar_chart(
        series,
        days,
        Frame(22, 324, 8, 74, 0, top, period.first, period.last),
        period=period,
        at=tuple(range(0, top + 1, 5)),
        treatments=treatments,
        scale=_("Hours a night. The band is 7 to 9."),
    )


def activity_chart(
    days: Sequence[DaySummary], period: Period, *, treatments: Sequence[Marker] = ()
) -> Chart | None:
    """Minutes of activity as bars up to 60; a longer one stops there, and the table has it exactly."""
    series = parts.series_of(days, Item.ACTIVITY_MIN, period)
    if not series.points:
        return None
    capped = any(point.value > ACTIVITY_CAP for point in series.points)
    return _bar_chart(
        series,
        days,
        Frame(22, 324, 8, 74, 0, ACTIVITY_CAP, period.first, period.last),
        period=period,
        at=(0, 30, ACTIVITY_CAP),
        treatments=treatments,
        scale=_("Minutes a day, drawn up to 60.") if capped else _("Minutes a day."),
    )


def anxiety_chart(
    days: Sequence[DaySummary], period: Period, *, treatments: Sequence[Marker] = ()
) -> Chart | None:
    """Anxiety 0–4 as a thin grey line. Lower is better, and the chart says so."""
    return _thin_chart(days, Item.ANXIETY, period, treatments=treatments, scale=_("0–4, lower is better."))


def energy_chart(
    days: Sequence[DaySummary], period: Period, *, treatments: Sequence[Marker] = ()
) -> Chart | None:
    """Energy 0–4 as a thin grey line."""
    return _thin_chart(days, Item.ENERGY, period, treatments=treatments, scale=_("0–4, higher is better."))


def imported_charts(imported: Sequence[ImportedDay], period: Period) -> list[Chart]:
    """A small panel for each source and scale: hollow dots on that scale, never joined to the journal's own."""
    charts = []
    for series, low, high, source in parts.imported_series(imported, period):
        frame = Frame(22, 324, 8, 74, low, high, period.first, period.last)
        shapes, labels = parts.axis(frame, ((low, words.amount(low)), (high, words.amount(high))))
        shapes += parts.hollow(series, frame)
        labels += draw.date_labels(frame, 91)
        ends = {"low": words.amount(low), "high": words.amount(high)}
        charts.append(
            Chart(
                title=_("Mood from %(source)s", source=source),
                caption=_(
                    "%(source)s’s own scale, %(low)s–%(high)s. Not part of the mood above.",
                    source=source,
                    **ends,
                ),
                sentence=words.imported(series, source, scale=(low, high)),
                drawing=Drawing(PHONE, 96, tuple(shapes), tuple(labels)),
                key=(("imported", _("from %(source)s", source=source)),),
                table=imported_table(_("Mood, %(low)s–%(high)s", **ends), series),
            )
        )
    return charts


def two_weeks(
    days: Sequence[DaySummary], period: Period, *, treatments: Sequence[Marker] = ()
) -> Chart | None:
    """The last fourteen dates of ``period`` in miniature, for the pages a person sees every day."""
    period = replace(period, first=period.last - timedelta(days=13))
    series = parts.series_of(days, Item.MOOD, period)
    if not series.points:
        return None
    frame = Frame(-5.92, 327.92, 24, 66, 0, 10, period.first, period.last)
    sessions = parts.within(treatments, period)
    shapes = [Shape("c-grid", draw.levels([frame.y(0)], 6, 316))]
    shapes += parts.mood(series, frame, ground=True)
    shapes += parts.blanks(series, frame)
    shapes += parts.session_rules(sessions, frame, top=18, bottom=frame.bottom, mark=18)
    labels = draw.session_labels(sessions, frame, 10)
    labels += [
        Label("c-t", 6, 81, short_day(period.first)),
        Label("c-t", 316, 81, _("Today"), "end"),
    ]
    chart = _chart(
        series,
        days,
        Drawing(PHONE, 84, tuple(shapes), tuple(labels)),
        period=period,
        treatments=treatments,
        scale="0–10",
    )
    return replace(
        chart,
        title=_("Your last two weeks"),
        caption="",
        sentence=words.two_weeks(series),
        note=words.two_weeks_note(series),
    )


def _thin_chart(
    days: Sequence[DaySummary],
    item: Item,
    period: Period,
    *,
    treatments: Sequence[Marker],
    scale: str,
) -> Chart | None:
    series = parts.series_of(days, item, period)
    if not series.points:
        return None
    frame = Frame(22, 324, 8, 74, 0, 4, period.first, period.last)
    shapes, labels = parts.axis(frame, ((0, "0"), (2, "2"), (4, "4")))
    shapes += parts.thin(series, frame)
    drawing = _low_drawing(series, frame, shapes, labels, period=period, treatments=treatments)
    return _chart(series, days, drawing, period=period, treatments=treatments, scale=scale)


def _bar_chart(
    series: Trend,
    days: Sequence[DaySummary],
    frame: Frame,
    *,
    period: Period,
    at: Sequence[int],
    treatments: Sequence[Marker],
    scale: str,
) -> Chart:
    shapes = [parts.band(frame)] if series.item is Item.SLEEP_HOURS else []
    axis, labels = parts.axis(frame, tuple((value, str(value)) for value in at))
    shapes += axis
    shapes += parts.bars(series, frame)
    return _chart(
        series,
        days,
        _low_drawing(series, frame, shapes, labels, period=period, treatments=treatments),
        period=period,
        treatments=treatments,
        scale=scale,
        marks_later=parts.bar_width(series, frame) >= parts.OUTLINED_FROM,
    )


def _low_drawing(
    series: Trend,
    frame: Frame,
    shapes: Sequence[Shape],
    labels: Sequence[Label],
    *,
    period: Period,
    treatments: Sequence[Marker],
) -> Drawing:
    """What every low chart has beneath its own shapes: blank stretches, session rules, and the dates."""
    sessions = parts.within(treatments, period)
    under = [
        *parts.blanks(series, frame),
        *parts.session_rules(sessions, frame, top=0, bottom=frame.bottom),
    ]
    return Drawing(PHONE, 96, (*shapes, *under), (*labels, *draw.date_labels(frame, 91)))


def _chart(
    series: Trend,
    days: Sequence[DaySummary],
    drawing: Drawing,
    *,
    period: Period,
    treatments: Sequence[Marker],
    scale: str,
    key: Sequence[KeyItem] = (),
    marks_later: bool = True,
    marks: Sequence[Mark] = (),
) -> Chart:
    item = Item(series.item)
    treated_on = [one.local_date for one in treatments]
    found = takeaway(days, item, first=period.first, last=period.last, treated_on=treated_on)
    dates = words.span(period.first, period.last)
    title = words.title_of(found, item, dates=dates, treatments=treatments)
    if item is Item.MOOD:
        each = _("Each dot is one week’s average.") if series.weekly else _("Each dot is one day.")
    else:
        each = _("Weekly averages.") if series.weekly else ""
    numbers = words.numbers_of(found) if item is Item.MOOD else ""
    sessions = parts.within(treatments, period)
    return Chart(
        title=title,
        caption=" ".join(part for part in (scale, each, numbers) if part),
        sentence=" ".join(
            said
            for said in (
                words.what_is_shown(series, finding=title if found else ""),
                chart_marks.sentence(marks),
            )
            if said
        ),
        drawing=drawing,
        key=parts.key_of([series], sessions, *key, marks_later=marks_later),
        table=_item_table(series, days, period, sessions, marks),
        marks=chart_marks.named(marks),
    )


def _item_table(
    series: Trend,
    days: Sequence[DaySummary],
    period: Period,
    sessions: Sequence[Marker],
    marks: Sequence[Mark],
) -> Table:
    item = Item(series.item)
    if series.weekly:
        return week_table([(_(HEADS[item]), series)], caption=_(words.NAMES[item]), marks=marks)
    return day_table(
        days,
        (item,),
        caption=_(words.NAMES[item]),
        dates=(period.first, period.last),
        first_day=period.first_day,
        treatments=sessions,
        marks=marks,
    )
