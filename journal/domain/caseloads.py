"""In which order a provider reads the people who share with them, and which of them a list shows.

Those to look at first by why, then those with a visit today, then everyone else; inside a group by the chosen order.
What the reasons are is ``journal.domain.attention``'s. Values are compared and never worded here.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from operator import itemgetter
from typing import NamedTuple

from journal.domain.attention import ACUTE_BIT, Kind, Shown


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


class Person(NamedTuple):
    """What sorts one person. Days and instants are whatever the database compares; None where there is, or is seen,
    nothing. ``kinds`` and ``silent_days`` are those of a caseload's line, which ``is_behind`` when it has to be worked
    out again."""

    consent_id: int
    patient_id: int
    name: str
    comes_today: bool
    next_visit: object
    kinds: int
    flag_since: object
    silent_days: int | None
    last_check_in_on: object
    last_session_on: object
    phq9_change: int | None
    is_behind: bool


class Placed(NamedTuple):
    """A person with the group they are in, and why first (0 and 1 for flags, 2 for a look again, then the rules)."""

    person: Person
    group: Group
    why: int


@dataclass(frozen=True, slots=True)
class Arranged:
    """Whom a page of the list shows, in order; how many the list shows, and how many there are whatever it shows."""

    placed: tuple[Placed, ...]
    matching: int
    people: int
    first: int
    today: int


LOOK_AGAIN = 2
_NOBODY = 99
_NEVER = 1_000_000
"""More days than anybody has been silent."""
_WITHOUT_PERSON = itemgetter(0, 1, 2, 3, 4)
_RULES = tuple((kind.bit, 3 + number) for number, kind in enumerate(list(Kind)[1:]))


def arrange(
    people: Sequence[Person],
    *,
    shown: Shown,
    aside: Mapping[int, Mapping[Kind, date]],
    look_again: Container[int],
    order: Order,
    only: Only = Only.EVERYONE,
    found: Callable[[str], bool] | None = None,
    start: int = 0,
    most: int | None = None,
) -> Arranged:
    """Everybody in order. ``aside`` and ``look_again`` are by patient id; ``found`` says whether a name is looked for.
    ``most`` people from the one at ``start`` (from 0) are a page; None is all of them.

    Acute flags first, then flags by age, then whoever is to be looked at again, then the rules in their order, silence
    by its length; the rest of it by name.
    """
    switched_on = Kind.FLAG.bit | ACUTE_BIT
    for kind in (Kind.WATCHED, Kind.SIGNAL, Kind.FADING):
        switched_on |= kind.bit * shown.shows(kind)
    silent_from = shown.silence_days if shown.silence else _NEVER
    silence = Kind.SILENCE.bit
    sorted_by = _KEYS[order]
    keyed = []
    first = today = 0
    for person in people:
        kinds = person.kinds & switched_on
        silent = person.silent_days
        if silent is not None and silent >= silent_from:
            kinds |= silence
        who = person.patient_id
        if kinds and who in aside:
            for kind in aside[who]:
                kinds &= ~kind.bit
        comes = person.comes_today
        today += comes
        if kinds or who in look_again:
            why = _why(kinds, who in look_again)
            group, inside = Group.FIRST, _inside(person, why)
            first += 1
        else:
            why = _NOBODY
            group = Group.TODAY if comes else Group.REST
            inside = sorted_by(person)
        if only is not Only.EVERYONE and not _is_shown(person, group, only, shown):
            continue
        if found is None or found(person.name):
            keyed.append((group, why, inside, person.name.lower(), who, person))
    keyed.sort(key=_WITHOUT_PERSON)
    page = keyed[start:] if most is None else keyed[start : start + most]
    return Arranged(
        placed=tuple(Placed(one[5], one[0], one[1]) for one in page),
        matching=len(keyed),
        people=len(people),
        first=first,
        today=today,
    )


def _why(kinds: int, looks_again: bool) -> int:
    if kinds & ACUTE_BIT:
        return 0
    if kinds & Kind.FLAG.bit:
        return 1
    if looks_again:
        return LOOK_AGAIN
    if kinds:
        for bit, why in _RULES:
            if kinds & bit:
                return why
    return _NOBODY


def _is_shown(person: Person, group: Group, only: Only, shown: Shown) -> bool:
    if only is Only.FIRST:
        return group is Group.FIRST
    if only is Only.TODAY:
        return person.comes_today
    if only is Only.SILENT:
        return person.silent_days is not None and person.silent_days >= shown.silence_days
    return True


def _inside(person: Person, why: int) -> tuple[object, ...]:
    if why in (0, 1):
        return _last(person.flag_since)
    if why == _RULES[-1][1]:
        return _last(-(person.silent_days or 0))
    return ()


def _last(value: object) -> tuple[object, ...]:
    """A key that sorts what is missing after everything else."""
    return (1,) if value is None else (0, value)


_KEYS: dict[Order, Callable[[Person], tuple[object, ...]]] = {
    Order.NEXT_VISIT: lambda one: _last(one.next_visit),
    Order.LAST_CHECK_IN: lambda one: _last(one.last_check_in_on),
    Order.LAST_SESSION: lambda one: _last(one.last_session_on),
    Order.PHQ9: lambda one: _last(None if one.phq9_change is None else -one.phq9_change),
    Order.NAME: lambda one: (),
}
