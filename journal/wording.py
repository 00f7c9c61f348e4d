"""How days, times, numbers and the journal's own name are written in the language being spoken. The patterns of days
and numbers are here, their words CLDR's.

Times are shown where the reader lives, never in UTC: whoever asks for a clock names the zone.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, get_day_names, get_month_names
from babel.numbers import format_decimal

from journal.domain.home_screen import AppName
from journal.domain.words import translatable_in
from journal.languages import Language, gettext, locale, pgettext, spoken

NEUTRAL_NAMES = {AppName.DAYBOOK: translatable_in("app", "Daybook")}
"""The journal's names that do not say what it is; its own is the same in every language."""

_SHORT_AFTER_NUMBER = re.compile(r"(?<=\d) (?=[^\W\d_]{1,3}\b)")
_LONG_DAY = {
    Language.ENGLISH: "EEEE d MMMM",
    Language.SPANISH: "EEEE, d 'de' MMMM",
    Language.GREEK: "EEEE d MMMM",
}
_SHORT_DAY = "d MMM"
_WEEKDAY_AND_DAY = {
    Language.ENGLISH: "EEE d MMM",
    Language.SPANISH: "EEE, d MMM",
    Language.GREEK: "EEE d MMM",
}
_SHORT_DAY_AND_YEAR = "d MMM y"
_WEEKDAY_DAY_AND_YEAR = {
    Language.ENGLISH: "EEE d MMM y",
    Language.SPANISH: "EEE, d MMM y",
    Language.GREEK: "EEE d MMM y",
}
_DAY = {Language.ENGLISH: "d MMMM", Language.SPANISH: "d 'de' MMMM", Language.GREEK: "d MMMM"}
_DAY_AND_YEAR = {
    Language.ENGLISH: "d MMMM y",
    Language.SPANISH: "d 'de' MMMM 'de' y",
    Language.GREEK: "d MMMM y",
}
_MONTH_AND_YEAR = {
    Language.ENGLISH: "LLLL y",
    Language.SPANISH: "LLLL 'de' y",
    Language.GREEK: "LLLL y",
}
# Twelve hours where people say so: 7:42 pm, 7:42 μ.μ.; Spanish clocks have twenty-four.
_CLOCK = {Language.ENGLISH: "h:mm a", Language.SPANISH: "H:mm", Language.GREEK: "h:mm a"}


def name_of_app(app: AppName) -> str:
    """The journal's name as people read it."""
    return pgettext("app", NEUTRAL_NAMES[app]) if app in NEUTRAL_NAMES else "Tideline"


def long_day(day: date) -> str:
    """Monday 30 March."""
    return _date(day, _LONG_DAY[spoken()])


def short_day(day: date) -> str:
    """30 Mar."""
    return _date(day, _SHORT_DAY)


def short_day_and_year(day: date) -> str:
    """30 Mar 2026."""
    return _date(day, _SHORT_DAY_AND_YEAR)


def day_of_year(day: date) -> str:
    """30 March."""
    return _date(day, _DAY[spoken()])


def day_and_year(day: date) -> str:
    """30 March 2026."""
    return _date(day, _DAY_AND_YEAR[spoken()])


def month_and_year(day: date) -> str:
    """March 2026."""
    return _date(day, _MONTH_AND_YEAR[spoken()])


def short_month(day: date) -> str:
    """Mar, standing alone."""
    return _date(day, "LLL")


def short_month_and_year(day: date) -> str:
    """Mar 2026."""
    return _date(day, "LLL y")


def weekday(day: date) -> str:
    """Monday."""
    return _date(day, "EEEE")


def weekday_and_day(day: date) -> str:
    """Mon 30 Mar."""
    return _date(day, _WEEKDAY_AND_DAY[spoken()])


def weekday_day_and_year(day: date) -> str:
    """Mon 30 Mar 2026."""
    return _date(day, _WEEKDAY_DAY_AND_YEAR[spoken()])


def weekdays() -> list[tuple[str, str]]:
    """(“Mo”, “Monday”) and on to Sunday: as short as a calendar's head needs, and in full."""
    short = get_day_names("short", context="stand-alone", locale=locale())
    full = get_day_names("wide", context="stand-alone", locale=locale())
    return [(short[day], full[day]) for day in range(7)]


@functools.cache
def week_begins(region: str) -> int:
    """The first day of the week in a region of ISO 3166, 0 for Monday to 6 for Sunday, as CLDR knows it.

    It goes by the region alone, whatever is spoken there. Where none is known, the world's: Monday.
    """
    try:
        return Locale.parse(f"und_{region or '001'}").first_week_day
    except (UnknownLocaleError, ValueError):
        return 0


def weekday_letters() -> list[str]:
    """M for Monday and on to Sunday, where there is room for no more."""
    names = get_day_names("narrow", context="stand-alone", locale=locale())
    return [names[day] for day in range(7)]


def months() -> list[str]:
    """January to December."""
    names = get_month_names("wide", context="stand-alone", locale=locale())
    return [names[month] for month in range(1, 13)]


def on_the_clock(wall: time) -> str:
    """7:42 pm."""
    return _timed(wall.replace(second=0, microsecond=0), spoken())


def on_a_phone(wall: time) -> str:
    """7:42, as large as the clock of a locked phone shows it: without am or pm."""
    return format_time(wall, _CLOCK[spoken()].removesuffix(" a"), locale=locale())


def clock(moment: datetime, zone: str) -> str:
    """7:42 pm, on the wall in ``zone``."""
    return on_the_clock(moment.astimezone(ZoneInfo(zone)).time())


def day_and_clock(moment: datetime, zone: str) -> str:
    """30 Mar, 7:42 pm, on the wall in ``zone``."""
    return f"{short_day(moment.astimezone(ZoneInfo(zone)).date())}, {clock(moment, zone)}"


def written(moment: datetime, zone: str, day: date) -> str:
    """When something about ``day`` was written: 7:42 pm on that day itself, else “written 31 Mar, 1:13 am”.

    Beside the name of the day a bare time would be read as a time of that day.
    """
    own_day = moment.astimezone(ZoneInfo(zone)).date() == day
    if own_day:
        return clock(moment, zone)
    return gettext("written %(when)s", when=day_and_clock(moment, zone))


def one_decimal(value: float | None) -> str:
    """5.7; an en dash where there is nothing, because nothing is not zero."""
    return "–" if value is None else decimal(value, 1)


def decimal(value: float, places: int) -> str:
    """5.70 with exactly so many ``places``, rounded half to even as Python does; 5,70 in Spanish and Greek."""
    # Rounded first: Babel rounds the decimal digits one by one and would turn 0.25 at one place into another number.
    return _decimal(round(value, places), places, spoken())


def whole(value: int) -> str:
    """1,220 with the language's own separator of thousands."""
    return format_decimal(value, format="#,##0", locale=locale())


def listed(words: Sequence[str]) -> str:
    """Several words in a sentence: "a, b and c"; empty for none."""
    if len(words) < 2:
        return "".join(words)
    return gettext("%(first)s and %(last)s", first=", ".join(words[:-1]), last=words[-1])


def unbroken(said: str) -> str:
    """The same words, without a line end between a number and the short word behind it: 5.6 h, 2 Mar."""
    return _SHORT_AFTER_NUMBER.sub("\N{NO-BREAK SPACE}", said)


def exact(value: Decimal) -> str:
    """1250.5, with every digit that counts. Without a separator of thousands: a dose is read in one way only."""
    return format_decimal(value, format="0.######", locale=locale(), decimal_quantization=False)


@functools.lru_cache(maxsize=1024)
def _decimal(value: float, places: int, _language: Language) -> str:
    """Remembered by language: charts write the same few numbers over and over."""
    return format_decimal(value, format=f"#,##0.{'0' * places}" if places else "#,##0", locale=locale())


@functools.lru_cache(maxsize=4096)
def _timed(wall: time, language: Language) -> str:
    """Remembered by language: a day has few minutes, and a list says fifty of them."""
    said = format_time(wall, _CLOCK[language], locale=locale())
    return said.lower() if language is Language.ENGLISH else said


def _date(day: date, pattern: str) -> str:
    return _dated(day, pattern, spoken())


@functools.lru_cache(maxsize=8192)
def _dated(day: date, pattern: str, _language: Language) -> str:
    """Remembered by language: the tables beneath a year's charts write each of its days several times."""
    return format_date(day, pattern, locale=locale())
