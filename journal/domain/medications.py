"""The list of medicines a person takes, and where it changed: a mark on the timeline for each change.

A dose here is the person's own words for a regular medicine ("50 mg in the morning"); the drug of a treatment session
never stands in this list.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from journal.domain.checkins import NOT_TEXT
from journal.domain.errors import Refused, RefusedFields
from journal.domain.treatments import REACHES_AHEAD, Source

NAME_LENGTH = 120
DOSE_LENGTH = 120
NOTE_LENGTH = 300
REACHES_BACK = timedelta(days=36_525)
"""Some medicines are taken for half a life; before a century it is a slip of the finger in the year."""

_DAY = timedelta(days=1)


class Change(StrEnum):
    """What happened to a medicine."""

    STARTED = "started"
    CHANGED = "changed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Medication:
    """One medicine in one dose. Another dose of the same name is another row that begins where this one ends.

    ``started_on`` is None for what was taken before anybody wrote it down, ``ended_on`` (the last day with it) for what
    is still taken. ``psychiatric`` is what a provider may let end the counting of a session's benefit.
    """

    public_id: str
    name: str
    dose: str
    psychiatric: bool
    started_on: date | None
    ended_on: date | None
    source: Source
    note: str = ""


@dataclass(frozen=True, slots=True)
class MedicationChange:
    """A mark on the timeline. ``medication`` is the row that begins here, or for a stop the one that ended."""

    local_date: date
    change: Change
    medication: Medication


def check(medication: Medication, *, today: date) -> None:
    """Refuse, all at once as :class:`RefusedFields`, a name that is missing, texts too long, and impossible dates."""
    problems = []
    if not medication.name.strip():
        problems.append(Refused("medicine_name_missing", field="name"))
    for name, text, most in (
        ("name", medication.name, NAME_LENGTH),
        ("dose", medication.dose, DOSE_LENGTH),
        ("note", medication.note, NOTE_LENGTH),
    ):
        if len(text) > most:
            problems.append(Refused("text_too_long", field=name, most=most))
        elif NOT_TEXT.search(text):
            problems.append(Refused("text_unreadable", field=name))
    for name, day in (("started_on", medication.started_on), ("ended_on", medication.ended_on)):
        if day is not None and not today - REACHES_BACK <= day <= today + REACHES_AHEAD:
            problems.append(Refused("day_out_of_reach", field=name, year=day.year))
    if medication.started_on and medication.ended_on and medication.ended_on < medication.started_on:
        problems.append(Refused("last_day_before_first", field="ended_on"))
    if problems:
        raise RefusedFields(problems)


def changes(medications: Iterable[Medication]) -> list[MedicationChange]:
    """Every change of the list, in date order.

    A row that begins on the last day of another of the same name, or on the day after it, changes the dose; any other
    begins the medicine. A stop is on the day after the last one with it.
    """
    by_name: dict[str, list[Medication]] = {}
    for medication in medications:
        by_name.setdefault(medication.name.strip().casefold(), []).append(medication)
    found = [change for rows in by_name.values() for change in _of_one_name(rows)]
    return sorted(found, key=lambda change: (change.local_date, change.medication.name, change.change))


def _of_one_name(rows: list[Medication]) -> list[MedicationChange]:
    rows = sorted(rows, key=lambda row: (row.started_on or date.min, row.ended_on or date.max))
    found = []
    for before, after in pairwise([None, *rows]):
        if after is None or after.started_on is None:
            continue
        follows = before is not None and _continues(before, after.started_on)
        found.append(MedicationChange(after.started_on, Change.CHANGED if follows else Change.STARTED, after))
    for row, after in pairwise([*rows, None]):
        if row is None or row.ended_on is None:
            continue
        if after is None or after.started_on is None or not _continues(row, after.started_on):
            found.append(MedicationChange(row.ended_on + _DAY, Change.STOPPED, row))
    return found


def _continues(before: Medication, starts: date) -> bool:
    return before.ended_on is None or starts <= before.ended_on + _DAY
