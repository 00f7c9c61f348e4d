"""Questionnaires as values: their items, answers, ranges, bands and licence, and the files that hold them.

The words stand in ``journal/instruments``, verbatim and in English only: a questionnaire is never translated here, and
never shown without its attribution. ``instrument_files`` reads and refuses files; ``assessments`` scores answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from journal.domain.evidence import Grade


@dataclass(frozen=True, slots=True)
class Source:
    """Where a figure comes from. ``verified_on`` is None exactly where nobody has verified it; such a figure may be
    shown as a setting ("a rise of 6 or more"), never as a finding."""

    citation: str
    grade: Grade
    verified_on: date | None


@dataclass(frozen=True, slots=True)
class Licence:
    """On what terms the words may be shown. ``attribution`` goes with them, letter by letter."""

    terms: str
    holder: str
    source_url: str
    read_in: str
    grade: Grade
    verified_on: date
    attribution: str


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to choose: what it counts, what it says, and its LOINC answer code if it has one."""

    value: int
    text: str
    loinc: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """One question.

    ``is_extra``: asked, but no part of the score, and nothing waits for it. ``may_be_declined``: "prefer not to answer"
    is an answer. ``help_at``, ``acute_at``, ``mention_at``: the value from which the help panel opens, from which it is
    the emergency one, and from which a person is asked to tell their provider; None where no value does. Asked only
    after one of ``asked_after`` was answered above 0, where that is not empty.
    """

    key: str
    text: str
    options: tuple[Option, ...]
    loinc: str | None = None
    is_extra: bool = False
    may_be_declined: bool = False
    help_at: int | None = None
    acute_at: int | None = None
    mention_at: int | None = None
    asked_after: tuple[str, ...] = ()

    @property
    def values(self) -> frozenset[int]:
        """What an answer may count."""
        return frozenset(option.value for option in self.options)


@dataclass(frozen=True, slots=True)
class Range:
    """A total lies between these two, both included."""

    lowest: int
    highest: int


@dataclass(frozen=True, slots=True)
class Band:
    """A published range of totals with a name. ``code`` is no word for people."""

    code: str
    within: Range


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the items with a total of their own.

    With ``if_declined`` it takes the place of the whole total, under its own name, when that item was declined.
    """

    code: str
    items: tuple[str, ...]
    within: Range
    loinc: str | None = None
    if_declined: str | None = None


@dataclass(frozen=True, slots=True)
class ReliableFigures:
    """From how many points on a change is called reliable, and the SD and reliability ``r`` behind such a figure."""

    threshold: int
    sd: float | None
    r: float | None
    source: Source


@dataclass(frozen=True, slots=True)
class Instrument:
    """A questionnaire as published.

    ``recall_days`` is how far back it asks, the day of answering included; None where each item says it itself.
    ``within`` is None for one that has no total. Without ``bands`` none are published that are more than habit.
    ``needs_enabling``: offered to a patient only once a provider has turned it on.
    """

    code: str
    name: str
    version: int
    language: str
    needs_enabling: bool
    licence: Licence
    instruction: str | None
    stem: str | None
    recall_days: int | None
    items: tuple[Item, ...]
    within: Range | None
    bands: tuple[Band, ...]
    bands_source: Source | None
    parts: tuple[Part, ...]
    reliable: ReliableFigures | None
    loinc_panel: str | None
    loinc_total: str | None
    loinc_grade: Grade | None

    def item(self, key: str) -> Item:
        """The question of this key. A KeyError where there is none is a fault of the program."""
        for item in self.items:
            if item.key == key:
                return item
        raise KeyError(key)
