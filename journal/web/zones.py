"""The time zones a person can choose from, as a list for a <select>. Their names are IANA's in every language."""

from __future__ import annotations

import functools
from zoneinfo import available_timezones

from journal.languages import gettext as _

_REGIONS = (
    "Africa",
    "America",
    "Antarctica",
    "Arctic",
    "Asia",
    "Atlantic",
    "Australia",
    "Europe",
    "Indian",
    "Pacific",
)


@functools.cache
def choices() -> tuple[tuple[str, str], ...]:
    """Every zone that is named after a place, and UTC: its name and how it reads, in the order of the names."""
    named = sorted(name for name in available_timezones() if name.split("/")[0] in _REGIONS and "/" in name)
    return (*((name, name.replace("_", " ").replace("/", " / ")) for name in named), ("UTC", "UTC"))


def choices_or_the_phones() -> tuple[tuple[str, str], ...]:
    """The same list after an empty choice: the zone that the browser itself names."""
    return (("", _("As on this phone")), *choices())


def choices_with(zone: str) -> tuple[tuple[str, str], ...]:
    """The same list, with ``zone`` in it even if it is one of the rarer names that are not offered."""
    return choices() if any(name == zone for name, _ in choices()) or not zone else ((zone, zone), *choices())
