"""Which day it is for a person, and when a time on their wall clock comes.

A day is a calendar date of the person's own zone (an IANA name). Everything here turns instants (aware UTC) into such
dates and wall times into instants; what is *done* at those instants stands elsewhere. Clock changes are answered here
and nowhere else: a wall time that a change skips becomes the first minute that exists after it, a wall time that comes
twice means the first of the two, and a date that a zone left out (Samoa, 30 December 2011) simply does not exist.

Every function refuses a zone that is not known with ``zone_unknown``.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from journal.domain.errors import Refused

NIGHT_ENDS = time(4, 0)
"""Wall time. Before it the evening is not over for the person: the form asks *yesterday or today*, and a link that
came the day before still works."""

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)

_REMEMBERED = 8192
"""Answers kept: many people share a zone and a time, and a worker asks for the same few days over and over."""

_NOT_A_PLACE = frozenset({"localtime", "Factory"})
"""Names in every zone database that mean "this machine" and "not set up"; neither says where a person lives."""


def known_zone(name: str) -> bool:
    """Whether ``name`` is an IANA zone, spelled exactly. Any text may be asked about."""
    return name in _zone_names()


def local_day(now: datetime, zone: str) -> date:
    """The calendar date in ``zone`` at the instant ``now``."""
    return _on_the_wall(now, zone).date()


def wall_clock(now: datetime, zone: str) -> time:
    """What a clock on the wall in ``zone`` shows at the instant ``now``."""
    return _on_the_wall(now, zone).time()


def is_after_midnight(now: datetime, zone: str) -> bool:
    """Whether it is between 00:00 and 04:00 in ``zone`` (04:00 excluded), where *today* can mean two dates."""
    return _on_the_wall(now, zone).time() < NIGHT_ENDS


@lru_cache(_REMEMBERED)
def resolve_wall_time(local_date: date, wall: time, zone: str) -> datetime:
    """The instant (UTC) at which clocks in ``zone`` show ``wall`` on ``local_date``.

    Shown twice: the first time. Never shown: the first minute that exists after it, which is the end of the gap. Such
    a gap can reach over midnight (Greenland goes from 23:00 to 00:00) or swallow the date; the instant then lies
    on the next date that exists.
    """
    place = _place(zone)
    wanted = datetime.combine(local_date, wall.replace(fold=0), tzinfo=place)
    instant = wanted.astimezone(UTC)
    if instant.astimezone(place).replace(tzinfo=None) == wanted.replace(tzinfo=None):
        return instant
    return _end_of_gap(wanted)


@lru_cache(_REMEMBERED)
def day_exists(local_date: date, zone: str) -> bool:
    """Whether the calendar of ``zone`` has ``local_date``; false where the date line was moved across the zone."""
    return local_day(resolve_wall_time(local_date, time(0), zone), zone) == local_date


def end_of_link(local_date: date, zone: str) -> datetime:
    """When a link for ``local_date`` stops working: 04:00 on the next date that exists in ``zone``, as UTC."""
    following = local_date + _DAY
    while not day_exists(following, zone):
        following += _DAY
    return resolve_wall_time(following, NIGHT_ENDS, zone)


def _on_the_wall(now: datetime, zone: str) -> datetime:
    if now.tzinfo is None:
        raise ValueError("an instant must carry its zone; a naive time would be read in the machine's own")
    return now.astimezone(_place(zone))


def _place(zone: str) -> ZoneInfo:
    if not known_zone(zone):
        raise Refused("zone_unknown", field="zone")
    return ZoneInfo(zone)


@cache
def _zone_names() -> frozenset[str]:
    # Asked once per process: it opens every file of the zone database.
    return frozenset(available_timezones()) - _NOT_A_PLACE


def _end_of_gap(wanted: datetime) -> datetime:
    """The instant of the clock change that skips ``wanted``.

    Inside a gap PEP 495 reads fold=1 with the offset after the change, which gives an instant before it, and fold=0
    the other way round: the change lies between the two. zoneinfo does not say where, so halve until it is found.
    """
    before = wanted.replace(fold=1).astimezone(UTC)
    after = wanted.astimezone(UTC)
    while after - before > _SECOND:
        middle = before + (after - before) // _SECOND // 2 * _SECOND
        if middle.astimezone(wanted.tzinfo).replace(tzinfo=None) > wanted.replace(tzinfo=None):
            after = middle
        else:
            before = middle
    return after
