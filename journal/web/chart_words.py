"""The English of charts: dates, amounts, takeaway titles and the sentences a screen reader hears.

Pure functions of numbers. Every sentence says what is there, none says why, none praises; numbers come with the
days they were computed from. Shapes and coordinates are made in ``journal.web.charts``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from journal.domain.moods import Provenance
from journal.domain.treatments import Marker
from journal.domain.trends import (
    LOWER_IS_BETTER,
    NO_DIRECTION,
    Change,
    Coverage,
    Finding,
    Item,
    SinceLastVisit,
    Takeaway,
    Trend,
)

TREND_WILL_START = "Your trend will start here. One check-in is enough to begin."
NOTHING_IN_RANGE = "There are no check-ins in these dates. That’s fine: earlier ones are under Everything."

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NAMES = {
    Item.MOOD: "Mood",
    Item.SLEEP_HOURS: "Sleep",
    Item.SLEEP_QUALITY: "Sleep quality",
    Item.ACTIVITY_MIN: "Activity",
    Item.ANXIETY: "Anxiety",
    Item.ENERGY: "Energy",
    Item.INTEREST: "Interest",
}
UNITS = {Item.SLEEP_HOURS: " hours", Item.ACTIVITY_MIN: " minutes"}
SCALES = {
    Item.MOOD: "0 to 10, higher is better",
    Item.SLEEP_HOURS: "hours a night",
    Item.SLEEP_QUALITY: "0 to 4, higher is better",
    Item.ACTIVITY_MIN: "minutes a day",
    Item.ANXIETY: "0 to 4, lower is better",
    Item.ENERGY: "0 to 4, higher is better",
    Item.INTEREST: "0 to 4, higher is better",
}
WRITTEN = {
    Provenance.SAME_DAY: "same day",
    Provenance.NEXT_DAY: "next day",
    Provenance.LATER: "later",
}

# Dates and amounts -------------------------------------------------------------------------------------------


def short_day(day: date, *, year: bool = False) -> str:
    """3 Mar, or 3 Mar 2026."""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def long_day(day: date, *, year: bool = False) -> str:
    """3 March, or 3 March 2026."""
    return f"{day.day} {MONTHS[day.month - 1]}" + (f" {day.year}" if year else "")


def row_day(day: date, *, year: bool = False) -> str:
    """Fri 13 Mar, or Fri 13 Mar 2026."""
    return f"{WEEKDAYS[day.weekday()]} {short_day(day, year=year)}"


def span(first: date, last: date) -> str:
    """3 to 30 March; 5 January to 30 March; 12 May 2025 to 30 March 2026."""
    if first.year != last.year:
        return f"{long_day(first, year=True)} to {long_day(last, year=True)}"
    if first.month != last.month:
        return f"{long_day(first)} to {long_day(last)}"
    return f"{first.day} to {long_day(last)}" if first != last else long_day(first)


def amount(value: float) -> str:
    """At most one decimal, half up, and none where it is zero: 7, 6.9. What it rounds is never shown as more."""
    tenths = int(value * 10 + 0.5 + 1e-9)
    return str(tenths // 10) if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10}"


def decimal(value: float) -> str:
    """Always one decimal, half up: 5.0, so that two figures side by side line up."""
    tenths = int(value * 10 + 0.5 + 1e-9)
    return f"{tenths // 10}.{tenths % 10}"


def counted(number: int, noun: str) -> str:
    """Five days; one day; 12 days."""
    word = COUNTS[number] if number < len(COUNTS) else str(number)
    return f"{word} {noun}" + ("" if number == 1 else "s")


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?")) else ".")


# Findings ----------------------------------------------------------------------------------------------------


def title_of(found: Takeaway | None, item: Item, *, dates: str, treatments: Iterable[Marker] = ()) -> str:
    """The takeaway as a title, or the item and its dates where there are too few days to say more."""
    name = NAMES[item]
    if found is None:
        return f"{name}, {dates}"
    if found.around_session:
        return _around_title(found, _session_name(found.split, treatments))
    if found.finding is Finding.SAME:
        return _level_title(found)
    verb = "rose" if found.finding is Finding.ROSE else "fell"
    unit = UNITS.get(item, "") + (" a day" if item is Item.ACTIVITY_MIN else "")
    return f"{name} {verb} from {_shown(item, found.before)} to {_shown(item, found.after)}{unit}"


def numbers_of(found: Takeaway | None) -> str:
    """The averages behind a takeaway with the days they come from; empty where there is none."""
    if found is None:
        return ""
    before, after = _shown(found.item, found.before), _shown(found.item, found.after)
    n_before, n_after = _days(found.n_before), _days(found.n_after)
    if not found.around_session:
        return f"Average {before} before {short_day(found.split)} ({n_before}), {after} since ({n_after})."
    said = f"Average {before} in the week before ({n_before}), {after} in the week after ({n_after})"
    if found.recent is None:
        return f"{said}."
    return f"{said}, {_shown(found.item, found.recent)} in the last week ({_days(found.n_recent)})."


def what_is_shown(series: Trend, *, title: str) -> str:
    """The whole chart as sentences: dates, scale, finding, lowest and highest, the latest, and the gaps."""
    item = Item(series.item)
    values = [point.value for point in series.points]
    low, high = _shown(item, min(values)), _shown(item, max(values))
    unit = UNITS.get(item, "")
    latest = series.points[-1]
    parts = [f"{NAMES[item]} from {span(series.first, series.last)}, {SCALES[item]}."]
    if not title.startswith(f"{NAMES[item]}, "):
        parts.append(sentence(title))
    if series.weekly:
        parts.append(f"Weekly averages between {low} and {high}{unit}.")
    elif len(values) == 1:
        parts.append(f"It was {low}{unit} on {long_day(latest.first)}.")
    else:
        when = f"{_shown(item, latest.value)} on {long_day(latest.first)}"
        ranged = (
            f"{low}{unit} on every day shown" if low == high else f"Between {low} and {high}{unit}, {when}"
        )
        parts.append(sentence(ranged))
    parts.append(no_entry(len(series.blanks), weekly=series.weekly))
    return " ".join(part for part in parts if part)


def no_entry(number: int, *, weekly: bool = False) -> str:
    """Five days have no entry. Empty for none."""
    if not number:
        return ""
    what = counted(number, "week" if weekly else "day")
    have = "has" if number == 1 else "have"
    return sentence(f"{what} {have} fewer than four entries" if weekly else f"{what} {have} no entry")


SOURCES = {"daylio": "Daylio"}


def source_name(source: str) -> str:
    """How an imported source is called on screen."""
    return SOURCES.get(source, source)


def two_weeks(series: Trend) -> str:
    """Mood over the last two weeks in one sentence."""
    values = [point.value for point in series.points]
    low, high = amount(min(values)), amount(max(values))
    ranged = low if low == high else f"between {low} and {high}"
    latest = series.points[-1]
    when = "today" if latest.first == series.last else f"on {long_day(latest.first)}"
    return (
        f"Mood over the last two weeks: {ranged} on the days you checked in, {amount(latest.value)} {when}."
    )


def two_weeks_note(series: Trend) -> str:
    """What the saved page says beneath the two weeks about days without an entry; empty without any."""
    number = len(series.blanks)
    if not number:
        return ""
    return sentence(f"{counted(number, 'day')} had no entry") + " That’s fine: the picture still holds."


def spark(name: str, values: Sequence[float], *, logged: int) -> str:
    """A caseload row's sparkline: from the first number to the last, and how many of 28 days have a check-in."""
    mood = f"from {amount(values[0])} to {amount(values[-1])}" if len(values) > 1 else amount(values[0])
    return f"{name} mood over 28 days: {mood}, {logged} of 28 days entered".strip()


# The figures above a provider's page -------------------------------------------------------------------------


Stat = tuple[str, str, str]
"""Name, figure, and what it was before, from how many days: a tile of ``components/stat.html``."""


def stats_of(since: SinceLastVisit) -> list[Stat]:
    """The six figures since the last visit, each with what it was before and from how many days."""
    before = since.check_ins_before
    return [
        _stat("Mood, average", since.mood),
        _stat("Sleep", since.sleep_hours),
        _stat("Activity", since.activity_min),
        _stat("Anxiety", since.anxiety),
        _stat("Energy", since.energy),
        (
            "Check-ins",
            of_days(since.check_ins),
            f"was {of_days(before)}" if before.eligible else "nothing before",
        ),
    ]


def since_words(since: SinceLastVisit) -> str:
    """3 to 30 March, against the 28 days before."""
    length = (since.last - since.first).days + 1
    before = "the day before" if length == 1 else f"the {length} days before"
    return f"{span(since.first, since.last)}, against {before}"


def of_days(covered: Coverage) -> str:
    """23 of 28."""
    return f"{covered.logged} of {covered.eligible}"


def period_title(first: date, last: date) -> str:
    """Twelve weeks, four weeks, or the dates."""
    weeks, rest = divmod((last - first).days + 1, 7)
    if rest == 0 and 1 < weeks < len(COUNTS) + 2:
        word = COUNTS[weeks] if weeks < len(COUNTS) else ("eleven", "twelve")[weeks - len(COUNTS)]
        return f"{word.capitalize()} weeks"
    return span(first, last)


def week_row(monday: date) -> str:
    """The dates of a week as a row's name: 2 to 8 Mar 2026."""
    sunday = monday + timedelta(days=6)
    start = str(monday.day) if monday.month == sunday.month else short_day(monday)
    return f"{start} to {short_day(sunday, year=True)}"


# Details -----------------------------------------------------------------------------------------------------


def _shown(item: Item, value: float) -> str:
    return str(int(value + 0.5)) if item is Item.ACTIVITY_MIN else amount(value)


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _session_name(day: date, treatments: Iterable[Marker]) -> str:
    for marker in treatments:
        if marker.local_date == day:
            return f"session {marker.label.removeprefix('S')}"
    return "the session"


def _around_title(found: Takeaway, treatment: str) -> str:
    if found.finding is Finding.HELD:
        return f"Mood rose after {treatment} and is holding"
    if found.finding is Finding.SAME:
        return f"Mood is about the same before and after {treatment}"
    verb = "rose" if found.finding is Finding.ROSE else "fell"
    came_down = found.finding is Finding.ROSE and found.recent is not None
    return f"Mood {verb} after {treatment}" + (" and has come down since" if came_down else "")


def _level_title(found: Takeaway) -> str:
    if found.item is Item.SLEEP_HOURS:
        days = found.n_before + found.n_after
        mean = (found.before * found.n_before + found.after * found.n_after) / days
        return f"Sleep is close to {amount(round(mean * 2) / 2)} hours"
    return f"{NAMES[found.item]} is about the same"


def _stat(name: str, change: Change) -> Stat:
    now, before = change.now, change.before
    unit = {Item.SLEEP_HOURS: " h", Item.ACTIVITY_MIN: " min"}.get(change.item, "")
    was = "nothing before" if before.value is None else f"was {_figure(change.item, before.value)}{unit}"
    verdict = _verdict(change)
    days = f"{now.n} of {now.of} days" + (f", before {before.n} of {before.of}" if before.n else "")
    return (
        name,
        "–" if now.value is None else f"{_figure(change.item, now.value)}{unit}",
        (f"{was}, {verdict}" if verdict else was) + f" · {days}",
    )


def _verdict(change: Change) -> str:
    if change.finding is None:
        return ""
    if change.finding is Finding.SAME:
        return "about the same"
    rose = change.finding is Finding.ROSE
    if change.item in NO_DIRECTION:
        return "longer" if rose else "shorter"
    if rose is not (change.item in LOWER_IS_BETTER):
        return "better"
    return "higher" if rose else "lower"


def _figure(item: Item, value: float) -> str:
    return _shown(item, value) if item is Item.ACTIVITY_MIN else decimal(value)
