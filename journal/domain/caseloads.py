"""In which order a provider reads the people who share with them, and which of them a list shows.

Those to look at first by why, then those with a visit today, then everyone else; inside a group by the chosen order,
and last by name. Where somebody stands is worked out with their line, by :func:`place_of`; a list only has to be put
in order. What the reasons are is ``journal.domain.attention``'s. Values are compared and never worded here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum, StrEnum
from typing import NamedTuple

from journal.domain.attention import Kind, Line


class Order(StrEnum):
    """What a provider sorts by. Whoever has nothing there, or does not share it, comes last."""

    NEXT_VISIT = "next_visit"
    LAST_CHECK_IN = "last_check_in"  # the longest ago first
    LAST_SESSION = "last_session"  # the longest ago first
    PHQ9 = "phq9"  # what rose the most first
    NAME = "name"


class Only(StrEnum):
    """Whom a list shows."""

    EVERYONE = "all"
    FIRST = "first"
    TODAY = "today"
    SILENT = "silent"


class Group(IntEnum):
    """Where on the page a person stands."""

    FIRST = 0
    TODAY = 1
    REST = 2


class Why(IntEnum):
    """Why somebody stands where they stand: the order in which a list is read."""

    ACUTE = 0
    FLAG = 1
    LOOK_AGAIN = 2
    WATCHED = 3
    SIGNAL = 4
    FADING = 5
    SILENCE = 6
    VISIT_TODAY = 7
    NOTHING = 8

    @property
    def group(self) -> Group:
        """Where on the page that is."""
        if self < Why.VISIT_TODAY:
            return Group.FIRST
        return Group.TODAY if self is Why.VISIT_TODAY else Group.REST


class Place(NamedTuple):
    """Where somebody stands on a list that is sorted by the next visit. ``key`` orders those with the same reason."""

    why: Why
    key: int


class Person(NamedTuple):
    """What sorts one person. ``by`` is what the list is sorted by, for those whom nothing else sorts: a value that the
    database compares with others of its kind, or None where there is, or is seen, nothing."""

    consent_id: int
    patient_id: int
    name: str
    why: int
    key: int
    by: object


@dataclass(frozen=True, slots=True)
class Numbers:
    """Of everybody who shares, whatever a list shows: how many there are, stand first and have a visit today, and how
    many lines are ``behind``: they have to be worked out again."""

    people: int
    first: int
    today: int
    behind: int


LATER = 1 << 62
"""The key of whoever has no visit ahead."""
_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_RULES = {Kind.WATCHED: Why.WATCHED, Kind.SIGNAL: Why.SIGNAL, Kind.FADING: Why.FADING}


def place_of(
    lines: Sequence[Line],
    *,
    flagged_at: datetime | None,
    looks_again: bool,
    next_visit_at: datetime | None,
    today_ends: datetime,
) -> Place:
    """Where the list has somebody of whom it says ``lines``, which are those that the reader is shown.

    ``flagged_at`` is since when their flags wait, ``next_visit_at`` their next visit with this reader from today on.
    Acute flags come first, then flags by age, then whoever is to be looked at again, then the rules in their order,
    silence by its length; then visits of today, and everyone else, by when they come.
    """
    kinds = {line.kind for line in lines}
    if Kind.FLAG in kinds:
        is_acute = any(line.kind is Kind.FLAG and line.what == "acute" for line in lines)
        return Place(Why.ACUTE if is_acute else Why.FLAG, _instant(flagged_at))
    if looks_again:
        return Place(Why.LOOK_AGAIN, 0)
    for kind, why in _RULES.items():
        if kind in kinds:
            return Place(why, 0)
    if Kind.SILENCE in kinds:
        return Place(Why.SILENCE, -max(line.number for line in lines if line.kind is Kind.SILENCE))
    comes_today = next_visit_at is not None and next_visit_at < today_ends
    return Place(Why.VISIT_TODAY if comes_today else Why.NOTHING, _instant(next_visit_at))


def arrange(people: Sequence[Person], *, found: Callable[[str], bool] | None = None) -> list[Person]:
    """``people`` in the order of a list; ``found`` says whether a name is looked for."""
    listed = people if found is None else [one for one in people if found(one.name)]
    return sorted(listed, key=_rank)


def _rank(one: Person) -> tuple[object, ...]:
    if one.why < Why.VISIT_TODAY:
        return (one.why, one.key, False, 0, one.name.lower(), one.patient_id)
    return (one.why, 0, one.by is None, one.by or 0, one.name.lower(), one.patient_id)


def _instant(at: datetime | None) -> int:
    return LATER if at is None else (at - _BEGINNING) // _MICROSECOND
