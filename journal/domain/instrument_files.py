"""Reading questionnaires from their files, and refusing a file that is not fit to be asked.

A file without its licence row is not loaded, nor is one in which anything does not add up: a wrong range or a code that
stands there twice would be a wrong score in somebody's record.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import NoReturn

from journal.domain.errors import NotFound
from journal.domain.evidence import Grade
from journal.domain.instruments import (
    Band,
    Instrument,
    Item,
    Licence,
    Option,
    Part,
    Range,
    ReliableFigures,
    Source,
)

SHIPPED = ("phq9", "phq8", "phq2", "gad7", "gad2", "pcl5", "asq")
"""Every questionnaire that travels with the package, by its code."""


class UnfitInstrument(ValueError):
    """A file that may not be loaded; says which and why. A fault of whoever wrote the file, never of a person."""


@cache
def instrument(code: str) -> Instrument:
    """The shipped questionnaire of this code. Refuses any other with NotFound, and a file that is not fit to load."""
    if code not in SHIPPED:
        raise NotFound
    text = resources.files("journal").joinpath(f"instruments/{code}.json").read_text(encoding="utf-8")
    return read_instrument(text)


def load_all() -> None:
    """Read every shipped questionnaire, so that a file that may not be asked stops the program before anybody comes."""
    for code in SHIPPED:
        instrument(code)


def read_instrument(text: str) -> Instrument:
    """The questionnaire of a file (JSON), or UnfitInstrument."""
    try:
        content: object = json.loads(text)
    except json.JSONDecodeError as fault:
        raise UnfitInstrument(f"not JSON: {fault}") from fault
    row = _Row(content, "the file")
    code = row.text("code")
    choices = row.row("options")
    options = {name: tuple(_option(one) for one in choices.rows(name)) for name in choices.names()}
    read = Instrument(
        code=code,
        name=row.text("name"),
        version=row.whole("version"),
        language=row.text("language"),
        needs_enabling=row.flag("needs_enabling"),
        licence=_licence(row),
        instruction=row.text_or_none("instruction"),
        stem=row.text_or_none("stem"),
        recall_days=row.whole_or_none("recall_days"),
        items=tuple(_item(one, options) for one in row.rows("items")),
        within=_within(one) if (one := row.row_or_none("range")) else None,
        bands=tuple(Band(code=one.text("code"), within=_within(one)) for one in row.rows("bands")),
        bands_source=_source(one) if (one := row.row_or_none("bands_source")) else None,
        parts=tuple(_part(one) for one in row.rows("parts")),
        reliable=_reliable(one) if (one := row.row_or_none("reliable_change")) else None,
        loinc_panel=row.text_or_none("loinc_panel"),
        loinc_total=row.text_or_none("loinc_total"),
        loinc_grade=_grade(row, "loinc_grade") if row.has("loinc_grade") else None,
    )
    row.nothing_is_left()
    faults = [*_faults_of_items(read), *_faults_of_totals(read), *_faults_of_sources(read)]
    if faults:
        raise UnfitInstrument(f"{code}: " + "; ".join(faults))
    return read


# What each row of a file becomes


def _licence(row: _Row) -> Licence:
    return Licence(
        terms=row.text("license"),
        holder=row.text("license_holder"),
        source_url=row.text("license_source_url"),
        read_in=row.text("license_read_in"),
        grade=_grade(row, "license_grade"),
        verified_on=row.day("verified_on"),
        attribution=row.text("attribution"),
    )


def _option(row: _Row) -> Option:
    return Option(value=row.whole("value"), text=row.text("text"), loinc=row.text_or_none("loinc"))


def _item(row: _Row, options: dict[str, tuple[Option, ...]]) -> Item:
    chosen = row.text("options")
    if chosen not in options:
        row.fault(f"options {chosen!r} are not in the file")
    return Item(
        key=row.text("key"),
        text=row.text("text"),
        options=options[chosen],
        loinc=row.text_or_none("loinc"),
        is_extra=row.flag("extra", default=False),
        may_be_declined=row.flag("may_decline", default=False),
        help_at=row.whole_or_none("help_at"),
        acute_at=row.whole_or_none("acute_at"),
        mention_at=row.whole_or_none("mention_at"),
        asked_after=row.texts("asked_after") if row.has("asked_after") else (),
    )


def _part(row: _Row) -> Part:
    return Part(
        code=row.text("code"),
        items=row.texts("items"),
        loinc=row.text_or_none("loinc"),
        if_declined=row.text_or_none("if_declined"),
        within=_within(row),
    )


def _within(row: _Row) -> Range:
    return Range(lowest=row.whole("lowest"), highest=row.whole("highest"))


def _reliable(row: _Row) -> ReliableFigures:
    return ReliableFigures(
        threshold=row.whole("threshold"),
        sd=row.number_or_none("sd"),
        r=row.number_or_none("r"),
        source=_source(row),
    )


def _source(row: _Row) -> Source:
    return Source(
        citation=row.text("citation"),
        grade=_grade(row, "grade"),
        verified_on=row.day("verified_on") if row.has("verified_on") else None,
    )


def _grade(row: _Row, key: str) -> Grade:
    given = row.text(key)
    if given not in set(Grade) or not Grade(given).is_of_a_source:
        row.fault(f"{key} is none of the grades")
    return Grade(given)


# What a file may say and still not be fit


def _faults_of_items(read: Instrument) -> Iterable[str]:
    if not read.items:
        yield "no items"
    yield from _twice("key", (item.key for item in read.items))
    yield from _twice("text", (item.text for item in read.items))
    yield from _twice("item code", (item.loinc for item in read.items))
    before: set[str] = set()
    for item in read.items:
        where = f"item {item.key}"
        if not item.options:
            yield f"{where}: no options"
        yield from _twice(f"{where}: value", (option.value for option in item.options))
        yield from _twice(f"{where}: answer", (option.text for option in item.options))
        yield from _twice(f"{where}: answer code", (option.loinc for option in item.options))
        marks = (item.help_at, item.acute_at, item.mention_at)
        if any(mark is not None and (mark not in item.values or mark <= 0) for mark in marks):
            yield f"{where}: a mark that is no answer above 0"
        if item.acute_at is not None and item.help_at is None:
            yield f"{where}: acute, and no help"
        if not set(item.asked_after) <= before:
            yield f"{where}: asked after a question that does not come before it"
        before.add(item.key)


def _faults_of_totals(read: Instrument) -> Iterable[str]:
    scored = {item.key: item for item in read.items if not item.is_extra}
    if read.within is None:
        if read.bands or read.parts or read.reliable or read.loinc_total:
            yield "bands, parts, a change or a code of a total that there is not"
        return
    if read.within != _range_of(scored.values()):
        yield "the range is not what the items add up to"
    if any(item.asked_after for item in scored.values()):
        yield "a total of questions that are not always asked"
    yield from _faults_of_bands(read.bands, read.within)
    yield from _twice("part", (part.code for part in read.parts))
    for part in read.parts:
        yield from _twice(f"part {part.code}: item", part.items)
        if not set(part.items) <= set(scored):
            yield f"part {part.code}: items that are not scored"
        elif part.within != _range_of(scored[key] for key in part.items):
            yield f"part {part.code}: the range is not what its items add up to"
    declinable = {key for key, item in scored.items() if item.may_be_declined}
    if declinable != {part.if_declined for part in read.parts if part.if_declined}:
        yield "what may be declined, and what is scored then, do not go together"
    if any(set(part.items) != set(scored) - {part.if_declined} for part in read.parts if part.if_declined):
        yield "what is scored without a declined item is not everything else"


def _faults_of_bands(bands: tuple[Band, ...], within: Range) -> Iterable[str]:
    if not bands:
        return
    yield from _twice("band", (band.code for band in bands))
    if bands[0].within.lowest != within.lowest or bands[-1].within.highest != within.highest:
        yield "the bands do not cover the range"
    if any(band.within.lowest > band.within.highest for band in bands):
        yield "a band that ends before it begins"
    if any(upper.within.lowest != lower.within.highest + 1 for lower, upper in pairwise(bands)):
        yield "a gap or an overlap between bands"


def _faults_of_sources(read: Instrument) -> Iterable[str]:
    if read.licence.grade is Grade.NOT_VERIFIED:
        yield "terms that nobody has verified"
    if not read.licence.source_url.startswith(("https://", "http://")):
        yield "the source of the licence is no address"
    if read.version < 1:
        yield "versions count from 1"
    if read.recall_days is not None and read.recall_days < 1:
        yield "a recall of less than a day"
    if bool(read.bands) != (read.bands_source is not None):
        yield "bands and their source do not go together"
    codes = [read.loinc_panel, read.loinc_total, *(item.loinc for item in read.items)]
    if any(codes) != (read.loinc_grade is not None):
        yield "codes and their grade do not go together"
    for source in (read.bands_source, read.reliable.source if read.reliable else None):
        if source and (source.grade is Grade.NOT_VERIFIED) != (source.verified_on is None):
            yield "a figure is verified on a day, or not verified"
    if read.reliable:
        sd, r = read.reliable.sd, read.reliable.r
        if read.reliable.threshold < 1 or (sd is None) != (r is None):
            yield "a change without its figures"
        if sd is not None and r is not None and not (sd > 0 and 0 <= r < 1):
            yield "an SD or a reliability that cannot be"


def _range_of(items: Iterable[Item]) -> Range | None:
    values = [item.values for item in items]
    if not values or not all(values):
        return None
    return Range(lowest=sum(map(min, values)), highest=sum(map(max, values)))


def _twice(what: str, found: Iterable[str | int | None]) -> Iterable[str]:
    for one, times in Counter(one for one in found if one is not None).items():
        if times > 1:
            yield f"{what} {one!r} stands there twice"


class _Row:
    """An object of a file, read key by key. What is missing, of another kind, or left over is a fault."""

    def __init__(self, content: object, where: str) -> None:
        self.where = where
        if not isinstance(content, dict):
            self.fault("is no object")
        self._left: dict[str, object] = {str(key): value for key, value in content.items()}
        self._below: list[_Row] = []

    def fault(self, what: str) -> NoReturn:
        raise UnfitInstrument(f"{self.where}: {what}")

    def has(self, key: str) -> bool:
        """Whether it is there and not null; a null is read with this."""
        if self._left.get(key, self) is None:
            del self._left[key]
        return key in self._left

    def names(self) -> list[str]:
        return list(self._left)

    def nothing_is_left(self) -> None:
        """Refuse what nobody has read, here and below: a slip in a key's name must not pass for something absent."""
        if self._left:
            self.fault(f"nobody reads {', '.join(sorted(self._left))}")
        for row in self._below:
            row.nothing_is_left()

    def text(self, key: str) -> str:
        value = self._take(key)
        if not isinstance(value, str) or not value.strip() or value != value.strip():
            self.fault(f"{key} is no text")
        return value

    def text_or_none(self, key: str) -> str | None:
        return self.text(key) if self.has(key) else None

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._take(key)
        if not isinstance(value, list) or not value:
            self.fault(f"{key} is no list of texts")
        texts = tuple(one for one in value if isinstance(one, str))
        if len(texts) != len(value):
            self.fault(f"{key} is no list of texts")
        return texts

    def whole(self, key: str) -> int:
        value = self._take(key)
        if not isinstance(value, int) or isinstance(value, bool):
            self.fault(f"{key} is no whole number")
        return value

    def whole_or_none(self, key: str) -> int | None:
        return self.whole(key) if self.has(key) else None

    def number_or_none(self, key: str) -> float | None:
        if not self.has(key):
            return None
        value = self._take(key)
        if not isinstance(value, int | float) or isinstance(value, bool):
            self.fault(f"{key} is no number")
        return float(value)

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        if default is not None and key not in self._left:
            return default
        value = self._take(key)
        if not isinstance(value, bool):
            self.fault(f"{key} is neither true nor false")
        return value

    def day(self, key: str) -> date:
        try:
            return date.fromisoformat(self.text(key))
        except ValueError as fault:
            raise UnfitInstrument(f"{self.where}: {key} is no day") from fault

    def row(self, key: str) -> _Row:
        return self._under(self._take(key), key)

    def row_or_none(self, key: str) -> _Row | None:
        return self.row(key) if self.has(key) else None

    def rows(self, key: str) -> list[_Row]:
        value = self._take(key)
        if not isinstance(value, list):
            self.fault(f"{key} is no list")
        return [self._under(one, f"{key} {number}") for number, one in enumerate(value, start=1)]

    def _under(self, content: object, name: str) -> _Row:
        row = _Row(content, f"{self.where}, {name}")
        self._below.append(row)
        return row

    def _take(self, key: str) -> object:
        if key not in self._left:
            self.fault(f"{key} is missing")
        return self._left.pop(key)
