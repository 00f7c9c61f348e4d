"""How days, times and numbers are written on pages. Times are shown where the reader lives, never in UTC."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import flask

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def long_day(day: date) -> str:
    """Monday 30 March."""
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}"


def short_day(day: date) -> str:
    """30 Mar."""
    return f"{day.day} {_MONTHS[day.month - 1][:3]}"


def day_and_year(day: date) -> str:
    """30 March 2026."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def month_and_year(day: date) -> str:
    """March 2026."""
    return f"{_MONTHS[day.month - 1]} {day.year}"


def clock(moment: datetime, zone: str) -> str:
    """7:42 pm, on the wall in ``zone``."""
    local = moment.astimezone(ZoneInfo(zone))
    return f"{local.hour % 12 or 12}:{local.minute:02d} {'am' if local.hour < 12 else 'pm'}"


def day_and_clock(moment: datetime, zone: str) -> str:
    """30 Mar, 7:42 pm, on the wall in ``zone``."""
    return f"{short_day(moment.astimezone(ZoneInfo(zone)).date())}, {clock(moment, zone)}"


def written(moment: datetime, zone: str, day: date) -> str:
    """When something about ``day`` was written: 7:42 pm on that day itself, else “written 31 Mar, 1:13 am”.

    Beside the name of the day a bare time would be read as a time of that day.
    """
    own_day = moment.astimezone(ZoneInfo(zone)).date() == day
    return clock(moment, zone) if own_day else f"written {day_and_clock(moment, zone)}"


def one_decimal(value: float | None) -> str:
    """5.7; an en dash where there is nothing, because nothing is not zero."""
    return "–" if value is None else f"{value:.1f}"


def plural(count: int, one: str, many: str) -> str:
    """“1 day”, “3 days”."""
    return f"{count:,} {one if count == 1 else many}"


def register(app: flask.Flask) -> None:
    """Make them available in every template."""
    for filter_ in (
        long_day,
        short_day,
        day_and_year,
        month_and_year,
        clock,
        day_and_clock,
        written,
        one_decimal,
        plural,
    ):
        app.add_template_filter(filter_)
