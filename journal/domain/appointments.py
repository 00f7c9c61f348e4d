"""When an appointment may be. What it is and who made it is a matter of the row, not of a rule."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from journal.domain.days import local_day, resolve_wall_time
from journal.domain.errors import Refused

REACHES_BACK = timedelta(days=3653)
REACHES_AHEAD = timedelta(days=731)
"""An appointment lies within these of today; anything beyond is a slip of the finger in the year."""


def starts_at(day: date, at: time, *, zone: str, now: datetime) -> datetime:
    """The instant at which clocks in ``zone`` show ``at`` on ``day``.

    A visit that has been may be written down too: the last one is where a summary begins. Refuses
    ``day_out_of_reach``.
    """
    today = local_day(now, zone)
    if not today - REACHES_BACK <= day <= today + REACHES_AHEAD:
        raise Refused("day_out_of_reach", field="day", year=day.year)
    return resolve_wall_time(day, at, zone)
