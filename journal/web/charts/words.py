"""What charts say: dates, amounts, takeaway titles and the sentences a screen reader hears.

Pure functions of numbers, in the language being spoken. Every sentence says what is there, none says why, none
praises; numbers come with the days they were computed from. A sentence is one text with gaps, never put together from
pieces: where other languages would bend a noun or a verb, each item has sentences of its own. Shapes and coordinates
are made in ``journal.web.charts.days``.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from journal.domain.moods import Provenance
from journal.domain.periods import ComparedPeriod
from journal.domain.treatments import Marker
from journal.domain.trends import (
    Finding,
    Item,
    Takeaway,
    Trend,
)
from journal.domain.words import translatable, translatable_in
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.wording import (
    day_and_year,
    day_of_year,
    decimal,
    short_day,
    short_day_and_year,
    weekday_and_day,
    weekday_day_and_year,
    whole,
)

_COUNTED = "counted: days, weeks, marks"
_NUMBERS = {
    2: translatable_in("counted: days, weeks, marks", "two"),
    3: translatable_in("counted: days, weeks, marks", "three"),
    4: translatable_in("counted: days, weeks, marks", "four"),
    5: translatable_in("counted: days, weeks, marks", "five"),
    6: translatable_in("counted: days, weeks, marks", "six"),
    7: translatable_in("counted: days, weeks, marks", "seven"),
    8: translatable_in("counted: days, weeks, marks", "eight"),
    9: translatable_in("counted: days, weeks, marks", "nine"),
    10: translatable_in("counted: days, weeks, marks", "ten"),
}
_FIRST_NUMBERS = {
    2: translatable_in("counted: days, weeks, marks", "Two"),
    3: translatable_in("counted: days, weeks, marks", "Three"),
    4: translatable_in("counted: days, weeks, marks", "Four"),
    5: translatable_in("counted: days, weeks, marks", "Five"),
    6: translatable_in("counted: days, weeks, marks", "Six"),
    7: translatable_in("counted: days, weeks, marks", "Seven"),
    8: translatable_in("counted: days, weeks, marks", "Eight"),
    9: translatable_in("counted: days, weeks, marks", "Nine"),
    10: translatable_in("counted: days, weeks, marks", "Ten"),
}
_WEEKS = _FIRST_NUMBERS | {
    11: translatable_in("counted: days, weeks, marks", "Eleven"),
    12: translatable_in("counted: days, weeks, marks", "Twelve"),
}
NAMES = {
    Item.MOOD: translatable("Mood"),
    Item.SLEEP_HOURS: translatable("Sleep"),
    Item.ACTIVITY_MIN: translatable("Activity"),
    Item.ANXIETY: translatable("Anxiety"),
    Item.ENERGY: translatable("Energy"),
}
"""The items that have a chart, as headings and columns call them; to be translated where they are shown."""
_ROSE = {
    Item.MOOD: translatable("Mood rose from %(before)s to %(after)s"),
    Item.SLEEP_HOURS: translatable("Sleep rose from %(before)s to %(after)s hours"),
    Item.ACTIVITY_MIN: translatable("Activity rose from %(before)s to %(after)s minutes a day"),
    Item.ANXIETY: translatable("Anxiety rose from %(before)s to %(after)s"),
    Item.ENERGY: translatable("Energy rose from %(before)s to %(after)s"),
}
_FELL = {
    Item.MOOD: translatable("Mood fell from %(before)s to %(after)s"),
    Item.SLEEP_HOURS: translatable("Sleep fell from %(before)s to %(after)s hours"),
    Item.ACTIVITY_MIN: translatable("Activity fell from %(before)s to %(after)s minutes a day"),
    Item.ANXIETY: translatable("Anxiety fell from %(before)s to %(after)s"),
    Item.ENERGY: translatable("Energy fell from %(before)s to %(after)s"),
}
_SAME = {
    Item.MOOD: translatable("Mood is about the same"),
    Item.SLEEP_HOURS: translatable("Sleep is close to %(hours)s hours"),
    Item.ACTIVITY_MIN: translatable("Activity is about the same"),
    Item.ANXIETY: translatable("Anxiety is about the same"),
    Item.ENERGY: translatable("Energy is about the same"),
}
_SHOWN = {
    Item.MOOD: translatable("Mood from %(dates)s, 0 to 10, higher is better."),
    Item.SLEEP_HOURS: translatable("Sleep from %(dates)s, hours a night."),
    Item.ACTIVITY_MIN: translatable("Activity from %(dates)s, minutes a day."),
    Item.ANXIETY: translatable("Anxiety from %(dates)s, 0 to 4, lower is better."),
    Item.ENERGY: translatable("Energy from %(dates)s, 0 to 4, higher is better."),
}
WRITTEN = {
    Provenance.SAME_DAY: translatable("same day"),
    Provenance.NEXT_DAY: translatable("next day"),
    Provenance.LATER: translatable("later"),
}

# Dates and amounts -------------------------------------------------------------------------------------------


def row_day(day: date, *, year: bool = False) -> str:
    """Fri 13 Mar, or Fri 13 Mar 2026."""
    return weekday_day_and_year(day) if year else weekday_and_day(day)


def span(first: date, last: date) -> str:
    """3 to 30 March; 5 January to 30 March; 12 May 2025 to 30 March 2026."""
    if first == last:
        return day_of_year(first)
    if first.year != last.year:
        begins, ends = day_and_year(first), day_and_year(last)
    else:
        begins = whole(first.day) if first.month == last.month else day_of_year(first)
        ends = day_of_year(last)
    return _("%(first)s to %(last)s", first=begins, last=ends)


def amount(value: float) -> str:
    """At most one decimal, half up, and none where it is zero: 7, 6.9. What it rounds is never shown as more."""
    tenths = _tenths(value)
    return str(tenths // 10) if tenths % 10 == 0 else decimal(tenths / 10, 1)


def figure(value: float) -> str:
    """Always one decimal, half up: 5.0, so that two figures side by side line up."""
    return decimal(_tenths(value) / 10, 1)


def counted_days(number: int) -> str:
    """One day, five days, 12 days."""
    return ngettext("one day", "%(num)s days", number, num=_number(number))


def session_number(marker: Marker) -> str:
    """8: the number of a session alone."""
    return marker.label.removeprefix("S")


def session_mark(marker: Marker) -> str:
    """S8: the short name of a session on charts and in lists."""
    return _("S%(number)s", number=session_number(marker))


# Findings ----------------------------------------------------------------------------------------------------


def title_of(found: Takeaway | None, item: Item, *, dates: str, treatments: Iterable[Marker] = ()) -> str:
    """The takeaway as a title, or the item and its dates where there are too few days to say more."""
    if found is None:
        return _("%(item)s, %(dates)s", item=_(NAMES[item]), dates=dates)
    if found.around_session:
        [number] = [session_number(one) for one in treatments if one.local_date == found.split]
        return _around_title(found, number)
    if found.finding is Finding.SAME:
        return _level_title(found)
    moved = _ROSE if found.finding is Finding.ROSE else _FELL
    return _(moved[item], before=_shown(item, found.before), after=_shown(item, found.after))


def numbers_of(found: Takeaway | None) -> str:
    """The averages behind a takeaway with the days they come from; empty where there is none."""
    if found is None:
        return ""
    facts = {
        "before": _shown(found.item, found.before),
        "after": _shown(found.item, found.after),
        "days_before": _days(found.n_before),
        "days_after": _days(found.n_after),
    }
    if not found.around_session:
        return _(
            "Average %(before)s in the first half of these dates, before %(date)s (%(days_before)s), "
            "%(after)s in the second half (%(days_after)s).",
            date=short_day(found.split),
            **facts,
        )
    if found.recent is None:
        return _(
            "Average %(before)s in the week before (%(days_before)s), "
            "%(after)s in the week after (%(days_after)s).",
            **facts,
        )
    return _(
        "Average %(before)s in the week before (%(days_before)s), "
        "%(after)s in the week after (%(days_after)s), %(recent)s in the last week (%(days_recent)s).",
        recent=_shown(found.item, found.recent),
        days_recent=_days(found.n_recent),
        **facts,
    )


def what_is_shown(series: Trend, *, finding: str = "") -> str:
    """The whole chart as sentences: dates, scale, the finding as its title says it, low and high, latest, gaps."""
    item = Item(series.item)
    values = [point.value for point in series.points]
    low, high = _shown(item, min(values)), _measured(item, max(values))
    latest = series.points[-1]
    if series.weekly:
        ranged = _("Weekly averages between %(low)s and %(high)s.", low=low, high=high)
    elif len(values) == 1:
        ranged = _("It was %(amount)s on %(date)s.", amount=high, date=day_of_year(latest.first))
    else:
        facts = {"latest": _shown(item, latest.value), "date": day_of_year(latest.first)}
        ranged = (
            _("%(amount)s on every day shown.", amount=high)
            if low == _shown(item, max(values))
            else _("Between %(low)s and %(high)s, %(latest)s on %(date)s.", low=low, high=high, **facts)
        )
    said = [
        _(_SHOWN[item], dates=span(series.first, series.last)),
        f"{finding}." if finding else "",
        ranged,
        no_entry(len(series.blanks), weekly=series.weekly),
    ]
    return " ".join(part for part in said if part)


def no_entry(number: int, *, weekly: bool = False) -> str:
    """Five days have no entry. Empty for none."""
    if not number:
        return ""
    if weekly:
        return ngettext(
            "One week has fewer than four entries.",
            "%(num)s weeks have fewer than four entries.",
            number,
            num=_first_number(number),
        )
    return ngettext("One day has no entry.", "%(num)s days have no entry.", number, num=_first_number(number))


def session_marks(number: int) -> str:
    """How many sessions are on a drawing, as a sentence; empty for none."""
    if not number:
        return ""
    return ngettext("One session marker.", "%(num)s session markers.", number, num=_first_number(number))


SOURCES = {"daylio": "Daylio"}


def source_name(source: str) -> str:
    """How an imported source is called on screen."""
    return SOURCES.get(source, source)


def imported(series: Trend, source: str, *, scale: tuple[float, float]) -> str:
    """Moods brought in from ``source``, said in one sentence."""
    values = [point.value for point in series.points]
    facts = {
        "source": source,
        "dates": span(series.first, series.last),
        "low": amount(scale[0]),
        "high": amount(scale[1]),
        "least": amount(min(values)),
        "most": amount(max(values)),
        "num": _number(len(values)),
    }
    if series.weekly:
        return ngettext(
            "Mood brought in from %(source)s, %(dates)s, on its own scale of %(low)s to %(high)s: "
            "between %(least)s and %(most)s on one week.",
            "Mood brought in from %(source)s, %(dates)s, on its own scale of %(low)s to %(high)s: "
            "between %(least)s and %(most)s on %(num)s weeks.",
            len(values),
            **facts,
        )
    return ngettext(
        "Mood brought in from %(source)s, %(dates)s, on its own scale of %(low)s to %(high)s: "
        "between %(least)s and %(most)s on one day.",
        "Mood brought in from %(source)s, %(dates)s, on its own scale of %(low)s to %(high)s: "
        "between %(least)s and %(most)s on %(num)s days.",
        len(values),
        **facts,
    )


def two_weeks(series: Trend) -> str:
    """Mood over the last two weeks in one sentence."""
    values = [point.value for point in series.points]
    low, high = amount(min(values)), amount(max(values))
    point = series.points[-1]
    latest, date_ = amount(point.value), day_of_year(point.first)
    if point.first == series.last:
        if low == high:
            return _(
                "Mood over the last two weeks: %(mood)s on the days you checked in, %(latest)s today.",
                mood=low,
                latest=latest,
            )
        return _(
            "Mood over the last two weeks: between %(low)s and %(high)s on the days you checked in, "
            "%(latest)s today.",
            low=low,
            high=high,
            latest=latest,
        )
    if low == high:
        return _(
            "Mood over the last two weeks: %(mood)s on the days you checked in, %(latest)s on %(date)s.",
            mood=low,
            latest=latest,
            date=date_,
        )
    return _(
        "Mood over the last two weeks: between %(low)s and %(high)s on the days you checked in, "
        "%(latest)s on %(date)s.",
        low=low,
        high=high,
        latest=latest,
        date=date_,
    )


def two_weeks_note(series: Trend) -> str:
    """What the saved page says beneath the two weeks about days without an entry; empty without any."""
    number = len(series.blanks)
    if not number:
        return ""
    return ngettext(
        "One day had no entry. That’s fine: the picture still holds.",
        "%(num)s days had no entry. That’s fine: the picture still holds.",
        number,
        num=_first_number(number),
    )


def spark(name: str, first: float, last: float, means: int, logged: int) -> str:
    """A caseload row's sparkline: from the first number to the last, and how many of 28 days have a check-in."""
    if means == 1:
        return _(
            "%(name)s mood over 28 days: %(mood)s, %(logged)s of 28 days entered",
            name=name,
            mood=amount(first),
            logged=logged,
        )
    return _(
        "%(name)s mood over 28 days: from %(first)s to %(last)s, %(logged)s of 28 days entered",
        name=name,
        first=amount(first),
        last=amount(last),
        logged=logged,
    )


# Periods --------------------------------------------------------------------------------------------------------------


def of_days(logged: int, eligible: int) -> str:
    """23 of 28."""
    return _("%(logged)s of %(all)s", logged=logged, all=eligible)


def period_title(first: date, last: date) -> str:
    """Twelve weeks, four weeks, or the dates."""
    weeks, rest = divmod((last - first).days + 1, 7)
    if rest == 0 and weeks in _WEEKS:
        return _("%(number)s weeks", number=pgettext(_COUNTED, _WEEKS[weeks]))
    return span(first, last)


def period_words(wanted: ComparedPeriod, *, first_day: date) -> str:
    """3 to 30 March, against the 28 days before; no day before ``first_day`` is one of them."""
    dates = span(wanted.first, wanted.last)
    if wanted.before_first is None or wanted.before_last is None:
        return dates
    there = (wanted.before_last - max(wanted.before_first, first_day)).days + 1
    if there <= 0:
        return _("%(dates)s; there are no days before", dates=dates)
    if there < wanted.length:
        return ngettext(
            "%(dates)s, against the one day that there is before",
            "%(dates)s, against the %(num)s days that there are before",
            there,
            dates=dates,
        )
    return ngettext(
        "%(dates)s, against the day before",
        "%(dates)s, against the %(num)s days before",
        wanted.length,
        dates=dates,
    )


def week_row(monday: date) -> str:
    """The dates of a week as a row's name: 2 to 8 Mar 2026."""
    sunday = monday + timedelta(days=6)
    start = whole(monday.day) if monday.month == sunday.month else short_day(monday)
    return _("%(first)s to %(last)s", first=start, last=short_day_and_year(sunday))


# Details -----------------------------------------------------------------------------------------------------


def _tenths(value: float) -> int:
    return int(value * 10 + 0.5 + 1e-9)


def _number(number: int) -> str:
    """Five within a sentence; beyond ten in digits."""
    return pgettext(_COUNTED, _NUMBERS[number]) if number in _NUMBERS else str(number)


def _first_number(number: int) -> str:
    """Five where a sentence begins with it."""
    return pgettext(_COUNTED, _FIRST_NUMBERS[number]) if number in _FIRST_NUMBERS else str(number)


def _shown(item: Item, value: float) -> str:
    return str(int(value + 0.5)) if item is Item.ACTIVITY_MIN else amount(value)


def _measured(item: Item, value: float) -> str:
    """7 hours, 30 minutes, 6: as an amount stands within a sentence."""
    shown = _shown(item, value)
    if item is Item.SLEEP_HOURS:
        return ngettext("%(hours)s hour", "%(hours)s hours", _counted(shown), hours=shown)
    if item is Item.ACTIVITY_MIN:
        return ngettext("%(minutes)s minute", "%(minutes)s minutes", _counted(shown), minutes=shown)
    return shown


def _counted(shown: str) -> int:
    """What decides between one and many is the amount as it is written: 1.0 is 1 hour, 1.5 and 0.5 are hours."""
    return 1 if shown == "1" else 2


def _days(number: int) -> str:
    return ngettext("%(num)s day", "%(num)s days", number)


def _around_title(found: Takeaway, number: str) -> str:
    if found.finding is Finding.HELD:
        return _("Mood rose after session %(number)s and is holding", number=number)
    if found.finding is Finding.SAME:
        return _("Mood is about the same before and after session %(number)s", number=number)
    if found.finding is Finding.FELL:
        return _("Mood fell after session %(number)s", number=number)
    if found.recent is not None:
        return _("Mood rose after session %(number)s and has come down since", number=number)
    return _("Mood rose after session %(number)s", number=number)


def _level_title(found: Takeaway) -> str:
    if found.item is not Item.SLEEP_HOURS:
        return _(_SAME[found.item])
    days = found.n_before + found.n_after
    mean = (found.before * found.n_before + found.after * found.n_after) / days
    return _(_SAME[found.item], hours=amount(round(mean * 2) / 2))
