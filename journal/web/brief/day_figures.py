"""How the figures of days were computed: mood, sleep, check-ins, waking, variability and what goes with mood.

No web framework inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from journal.domain.associations import Association, Per, shown_by_chance
from journal.domain.insight_limits import (
    LINK_PAIRS,
    LINK_PRELIMINARY_PAIRS,
    NEWEY_WEST_LAG,
    VARIABILITY_DAYS,
)
from journal.domain.periods import ComparedPeriod, Comparison, compare_with_before
from journal.domain.regularity import waking_of
from journal.domain.trends import DaySummary, Item
from journal.domain.variability import Variability
from journal.domain.withheld import Withheld
from journal.languages import gettext as _
from journal.languages import pgettext
from journal.web.brief.computed import Computed, Part, withheld
from journal.web.brief.numbers import Figure, day_figures
from journal.web.brief.page import mornings
from journal.web.brief.rows import BriefRows
from journal.web.brief.signs import link_words, missing_of, variability_words, waking_words
from journal.web.charts.tables import Table
from journal.web.charts.words import amount, period_words, row_day, span
from journal.wording import decimal, on_the_clock

_DAY = timedelta(days=1)
_LONG = 180
"""So many pairs are half a year: what few of them are held against."""


def mood(rows: BriefRows, wanted: ComparedPeriod) -> Computed:
    """The mean mood of the period and of the one before."""
    found = _compared(rows, wanted)
    return _mean(
        found,
        day_figures(found)[0],
        Item.MOOD,
        (
            _(
                "The mean of the days’ moods, 0 to 10. Each day counts once: of several check-ins, their mean."
            ),
            _("A day on which only “Not sure” was said has no number and is not in it."),
            _("A difference of up to 0.5 is about the same. It is said in words from 4 days on each side."),
        ),
        first_day=rows.first_day,
    )


def sleep(rows: BriefRows, wanted: ComparedPeriod) -> Computed:
    """The mean hours of sleep of the period and of the one before."""
    found = _compared(rows, wanted)
    return _mean(
        found,
        day_figures(found)[1],
        Item.SLEEP_HOURS,
        (
            _(
                "The mean hours of sleep of the nights that ended on these days: from bed to waking less lying "
                "awake, "
                "where both times were given, else as it was estimated."
            ),
            _(
                "A difference of up to 0.3 hours is about the same. It is said in words from 4 nights on each side."
            ),
        ),
        first_day=rows.first_day,
    )


def check_ins(rows: BriefRows, wanted: ComparedPeriod) -> Computed:
    """Dates with any check-in of those that count."""
    found = _compared(rows, wanted)
    figure = day_figures(found)[2]
    return Computed(
        title=figure.title,
        value=figure.value,
        basis=" · ".join([period_words(wanted, first_day=rows.first_day), figure.was]),
        formula=(
            _("Dates with any check-in, of the dates that count."),
            _(
                "Dates count from the first day on: of joining, of the first check-in, or the first that is "
                "shared with "
                "you. Dates on which reminders were paused and nothing was written count on neither side."
            ),
        ),
        parts=_two_periods(
            found,
            lambda title, days: Table(
                caption=title,
                head=(_("Day"), _("Check-ins")),
                rows=tuple((row_day(day.local_date, year=True), str(day.logged)) for day in reversed(days)),
            ),
        ),
    )


def waking(rows: BriefRows, wanted: ComparedPeriod) -> Computed:
    """The spread of waking times in the period."""
    title = _("Waking time")
    formula = (
        _(
            "The standard deviation (n − 1) of the times of waking around their mean on the clock’s circle, in "
            "minutes."
        ),
        _("It takes 4 mornings with a time."),
    )
    found = waking_of(mornings(rows, wanted))
    if isinstance(found, Withheld):
        return withheld(title, found, formula=formula)
    table = Table(
        caption=title,
        head=(_("Day"), _("Woke at")),
        rows=tuple((row_day(day, year=True), on_the_clock(clock)) for day, clock in reversed(found.rows)),
    )
    return Computed(
        title=title,
        value=waking_words(found),
        basis=span(wanted.first, wanted.last),
        formula=formula,
        parts=(Part("rows", _("The mornings"), (), table),),
    )


def mood_changes(rows: BriefRows, _wanted: ComparedPeriod) -> Computed:
    """How much mood goes up and down from one day to the next, over all days."""
    title = _("Mood from day to day")
    formula = (
        _(
            "RMSSD: the square root of the mean of the squared changes from each day with a number to the very next "
            "date, where that has one too. SD with n − 1; lowest and highest day."
        ),
        _("It takes %(days)s days with a number.", days=int(VARIABILITY_DAYS.value)),
    )
    found = rows.insights.variability
    if not isinstance(found, Variability):
        return withheld(title, found, formula=formula)
    days = [day for day in rows.days if day.mood is not None]
    before = {day.local_date + _DAY: day.mood for day in days}
    table = Table(
        caption=title,
        head=(_("Day"), _("Mood"), _("Change from the day before")),
        rows=tuple(
            (
                row_day(day.local_date, year=True),
                amount(day.mood or 0.0),
                _change(day.mood, before.get(day.local_date)),
            )
            for day in reversed(days)
        ),
    )
    return Computed(
        title=title,
        value=variability_words(found),
        basis=_all_days(rows),
        formula=formula,
        parts=(Part("rows", _("The days"), (), table),),
        caution=_("Near 0 and near 10 there is less room to move. It is no diagnosis of anything."),
    )


def sleep_and_mood(rows: BriefRows, _wanted: ComparedPeriod) -> Computed:
    """Sleep of a night with the mood of the day after it."""
    return _link(
        rows,
        _("Sleep and mood"),
        rows.insights.sleep_mood,
        _(
            "Mood of a day = a + b · (sleep of the night before it − mean sleep) + c · mood of the day before + "
            "weekday, "
            "by least squares."
        ),
        _(
            "The other way round: sleep of a night = a + b · (mood of the day before it − mean mood) + c · sleep of "
            "the night before + weekday. It takes %(pairs)s nights.",
            pairs=int(LINK_PRELIMINARY_PAIRS.value),
        ),
    )


def activity_and_mood(rows: BriefRows, _wanted: ComparedPeriod) -> Computed:
    """Activity with the mood of the same day."""
    return _link(
        rows,
        _("Activity and mood"),
        rows.insights.activity_mood,
        _(
            "Mood of a day = a + b · (active minutes of that day − their mean) + c · mood of the day before + "
            "weekday, "
            "by least squares. Same day: it has no direction."
        ),
    )


# Details --------------------------------------------------------------------------------------------------------------


def _compared(rows: BriefRows, wanted: ComparedPeriod) -> Comparison:
    return compare_with_before(rows.days, wanted, first_day=rows.first_day, pauses=rows.pauses)


def _mean(
    found: Comparison, figure: Figure, item: Item, formula: tuple[str, ...], *, first_day: date
) -> Computed:
    def table(title: str, days: Sequence[DaySummary]) -> Table:
        return Table(
            caption=title,
            head=(_("Day"), figure.title, _("Check-ins")),
            rows=tuple(
                (row_day(day.local_date, year=True), _value(day, item), str(day.logged))
                for day in reversed(days)
                if getattr(day, item) is not None
            ),
        )

    return Computed(
        title=figure.title,
        value=figure.value,
        basis=" · ".join([period_words(found.period, first_day=first_day), figure.was, figure.basis]),
        formula=formula,
        parts=_two_periods(found, table),
    )


def _value(day: DaySummary, item: Item) -> str:
    if item is Item.SLEEP_HOURS:
        return decimal(day.sleep_hours or 0.0, 2)
    if day.mood_min is not None and day.mood_min != day.mood_max:
        return _(
            "%(mood)s (%(low)s to %(high)s)",
            mood=decimal(day.mood or 0.0, 2),
            low=day.mood_min,
            high=day.mood_max,
        )
    return amount(day.mood or 0.0)


def _two_periods(found: Comparison, table) -> tuple[Part, ...]:  # type: ignore[no-untyped-def]
    wanted = found.period
    now, before = _("The days of these dates"), _("The days before them")
    parts = [Part("rows", now, (span(wanted.first, wanted.last),), table(now, found.days))]
    if wanted.before_first is not None and wanted.before_last is not None:
        dates = span(wanted.before_first, wanted.before_last)
        parts.append(Part("before", before, (dates,), table(before, found.days_before)))
    return tuple(parts)


def _change(mood: float | None, before: float | None) -> str:
    if mood is None or before is None:
        return ""
    change = mood - before
    return "0" if change == 0 else f"{'+' if change > 0 else '−'}{amount(abs(change))}"


def _all_days(rows: BriefRows) -> str:
    return span(rows.first_day, rows.today)


def _link(rows: BriefRows, title: str, found: Association | Withheld, *models: str) -> Computed:
    first, full = int(LINK_PRELIMINARY_PAIRS.value), int(LINK_PAIRS.value)
    formula = (
        *models,
        _(
            "95 %% interval: b ± 1.96 standard errors by Newey and West, lag %(lag)s, because neighbouring days are "
            "alike.",
            lag=int(NEWEY_WEST_LAG.value),
        ),
        _(
            "It takes %(full)s pairs of days; sleep is shown as preliminary from %(first)s on. No clear link "
            "yet: the "
            "interval holds 0.",
            full=full,
            first=first,
        ),
        _(
            "Of few pairs the interval is too narrow: of 100 simulated people whose two series have nothing to do with "
            "each other, %(first_shown)s are shown a link with %(first)s pairs, %(full_shown)s with %(full)s and "
            "%(long_shown)s with %(long)s.",
            first=first,
            first_shown=shown_by_chance(first),
            full=full,
            full_shown=shown_by_chance(full),
            long=_LONG,
            long_shown=shown_by_chance(_LONG),
        ),
    )
    if isinstance(found, Withheld):
        return withheld(title, found, formula=formula)
    if found.slope is None:
        return withheld(title, missing_of(found), formula=formula)
    days = {day.local_date: day for day in rows.days}
    name = {
        Per.QUALITY_STEP: _("Sleep quality, 0–4"),
        Per.HOUR: _("Sleep, h"),
        Per.HALF_HOUR: _("Active, min"),
    }[found.per]
    item = {
        Per.QUALITY_STEP: Item.SLEEP_QUALITY,
        Per.HOUR: Item.SLEEP_HOURS,
        Per.HALF_HOUR: Item.ACTIVITY_MIN,
    }[found.per]
    table = Table(
        caption=title,
        head=(_("Day"), _("Mood"), name, _("Mood the day before")),
        rows=tuple(
            (
                row_day(day, year=True),
                amount(days[day].mood or 0.0),
                amount(getattr(days[day], item) or 0.0),
                amount(days[day - _DAY].mood or 0.0),
            )
            for day in reversed(found.rows)
        ),
    )
    return Computed(
        title=title,
        value=link_words(found, found.slope),
        basis=_all_days(rows),
        formula=formula,
        parts=(Part("rows", _("The pairs of days"), (), table),),
        caution=pgettext("association", "It says that they go together, not that one makes the other."),
    )
