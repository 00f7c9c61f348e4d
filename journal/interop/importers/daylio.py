"""Daylio's CSV export, in every form seen since about 2018, into entries on Daylio's own scale of five.

Here: which file is one, what each column means, which rows cannot be read. Not here: bytes into cells
(``journal.interop.tables``), dates in words (``day_names``), levels of moods (``mood_names``), and keeping anything.

Columns are found by name, not by place; only a file without a header row is read by place. ``full_date`` is the
date; ``date`` and ``weekday`` are localised and looked at only in the oldest files, which have ``year`` instead.
Daylio writes no time zone: wall times are the patient's own. Its backup (``.daylio``) is another format and refused.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from itertools import chain
from pathlib import PurePath

from journal.domain.errors import Refused
from journal.domain.transfers import ImportedEntry
from journal.interop.importers.day_names import language_candidates, read_day
from journal.interop.importers.mood_names import (
    HIGHEST,
    LOWEST,
    levels_by_key,
    mood_key,
    mood_name,
    sounds_like_self_harm,
)
from journal.interop.records import (
    DuplicateRow,
    ImportPreview,
    NamedCount,
    RowProblem,
    fingerprint,
)
from journal.interop.tables import (
    Row,
    check_file,
    clean_cell,
    column_key,
    decode_text,
    one_line,
    read_rows,
    sniff_delimiter,
)

SOURCE = "daylio"
NAME_LENGTH = 200
"""Longer moods and scale names are no names; a quotation mark in the wrong place makes such cells."""

_READ = ("full_date", "time", "mood", "sub_mood", "activities", "scales", "note_title", "note")
_TEXTS = ("scales", "note_title", "note")
_LOCALISED = ("year", "date", "weekday")
_GENERATIONS = {
    "2018": ("year", "date", "weekday", "time", "mood", "activities", "note"),
    "2019": ("full_date", "date", "weekday", "time", "mood", "activities", "note"),
    "2021": ("full_date", "date", "weekday", "time", "mood", "activities", "note_title", "note"),
    "2026": ("full_date", "date", "weekday", "time", "mood", "activities", "scales", "note_title", "note"),
}
_WITHOUT_WEEKDAY = ("year", "date", "time", "mood", "activities", "note")
_EDITED = "edited"
_HEADERLESS = "headerless"

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})(?:[:.]\d{2})?(am|pm|πμ|μμ)?", re.ASCII)
_AFTERNOON = ("pm", "μμ")
_SCALE = re.compile(r"[^:]+:\s*(?P<value>\d+(?:[.,]\d+)?)\s*/\s*(?P<most>\d+(?:[.,]\d+)?)(?:\s+[^\d/]+)?")
_BREAK = re.compile(r"<\s*br\s*/?\s*>|</\s*(?:p|div|li|h[1-6])\s*>", re.IGNORECASE)
_TAG = re.compile(
    r"</?\s*(?:p|div|span|b|strong|i|em|u|s|strike|font|ul|ol|li|h[1-6]|a)(?:\s[^<>]*)?/?>", re.IGNORECASE
)
_SHOWN = 60
"""As much of an offending cell as a preview shows."""


def read_daylio(
    content: bytes,
    *,
    filename: str,
    mood_levels: Mapping[str, int | None] | None = None,
    zone: str,
    today: date,
) -> ImportPreview:
    """What a Daylio file holds, for a preview; nothing is decided here about keeping it.

    ``mood_levels`` gives moods a level from 1 to 5 (5 best; None keeps the word without a level) and goes before the
    default names. ``today`` is the date in ``zone``, the patient's; a later date is a row error.

    The preview is ``ready`` only if no row has a problem and no mood name is unknown: all of a file, or nothing. Rows
    that say exactly the same are listed and give one entry. A value of ``scales`` becomes an entry of kind ``scale``
    where it is written ``n/m``; its scale then runs from 0 to m, as Daylio names only the upper end. Any other form is
    listed as not imported. Where the owner kept ``sub_mood`` beside ``mood``, the level is that of ``mood`` and the
    word shown is ``sub_mood``. Entries are in order of date, time and fingerprint, whatever the order of the file.

    Refused whole: everything that ``tables`` refuses, ``daylio_backup``, ``daylio_not_recognised``,
    ``daylio_columns_missing``, ``daylio_columns_twice``, ``daylio_no_rows``, and the ``map_…`` codes of ``mood_names``.
    """
    levels = levels_by_key(mood_levels)
    _refuse_backup(content, filename)
    check_file(content, filename=filename)
    text = decode_text(content)
    records = read_rows(text, sniff_delimiter(text))
    first = _first(records)
    layout = _layout_of(first)
    rows = [first, *records] if layout.headerless else list(records)
    if not rows:
        raise Refused("daylio_no_rows", field="file")
    return _Reader(layout, levels=levels, languages=_languages_of(rows, layout), today=today).read(
        rows, zone=zone
    )


@dataclass(frozen=True, slots=True)
class _Layout:
    """Where each column stands, and what the file calls those that are not read."""

    generation: str
    width: int
    columns: Mapping[str, int]
    unknown: tuple[tuple[str, int], ...] = ()
    headerless: bool = False

    def cell(self, row: Row, column: str) -> str:
        index = self.columns.get(column)
        return "" if index is None else clean_cell(row.cells[index])


@dataclass(frozen=True, slots=True)
class _Mood:
    """A mood's cell, read once however many rows have it."""

    name: str
    key: str
    worrying: bool


class _Problem(Exception):
    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code = code
        self.text = text


@dataclass(slots=True)
class _Reader:
    """One pass over the rows, gathering what the preview lists."""

    layout: _Layout
    levels: Mapping[str, int | None]
    languages: tuple[str, ...]
    today: date
    entries: list[ImportedEntry] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    duplicates: list[DuplicateRow] = field(default_factory=list)
    first_rows: dict[str, int] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)
    worrying: Counter[str] = field(default_factory=Counter)
    unread_scales: Counter[str] = field(default_factory=Counter)
    times: dict[str, time | None] = field(default_factory=dict)
    moods: dict[str, _Mood] = field(default_factory=dict)

    def read(self, rows: list[Row], *, zone: str) -> ImportPreview:
        for row in rows:
            try:
                self._read_row(row)
            except _Problem as problem:
                self.problems.append(
                    RowProblem(file_row=row.line, code=problem.code, text=_shown(problem.text))
                )
        self.entries.sort(key=lambda entry: (entry.local_date, entry.at or time.min, entry.fingerprint))
        return ImportPreview(
            source=SOURCE,
            generation=self.layout.generation,
            zone=zone,
            rows=len(rows),
            entries=tuple(self.entries),
            problems=tuple(self.problems),
            duplicates=tuple(self.duplicates),
            unknown_moods=_counted(self.unknown),
            worrying_moods=_counted(self.worrying),
            ignored_columns=tuple(name for name, _ in self.layout.unknown),
            ignored_scales=_counted(self.unread_scales),
            first_date=self.entries[0].local_date if self.entries else None,
            last_date=self.entries[-1].local_date if self.entries else None,
        )

    def _read_row(self, row: Row) -> None:
        layout = self.layout
        if len(row.cells) != layout.width:
            code = "row_too_short" if len(row.cells) < layout.width else "row_too_long"
            raise _Problem(code, f"{len(row.cells)} / {layout.width}")
        local_date = self._date(row)
        at = self._time(layout.cell(row, "time"))
        mood = self._mood(layout.cell(row, "mood"))
        if not mood.name:
            raise _Problem("row_mood_missing", "")
        if len(mood.name) > NAME_LENGTH:
            raise _Problem("row_mood_too_long", mood.name)
        sub_mood = self._mood(layout.cell(row, "sub_mood"))
        shown_mood = sub_mood.name[:NAME_LENGTH]
        activities = tuple(name for name in map(one_line, layout.cell(row, "activities").split("|")) if name)
        scales, title, note = (_plain_text(layout.cell(row, name)) for name in _TEXTS)
        parts = [
            ("local_date", local_date.isoformat()),
            ("time", "" if at is None else at.isoformat("minutes")),
            ("mood", mood.name),
            ("sub_mood", shown_mood),
            ("activities", " | ".join(activities)),
            *zip(_TEXTS, map(one_line, (scales, title, note)), strict=True),
            *((column_key(name), one_line(clean_cell(row.cells[index]))) for name, index in layout.unknown),
        ]
        whole = fingerprint(parts)
        if whole in self.first_rows:
            self.duplicates.append(DuplicateRow(file_row=row.line, first_row=self.first_rows[whole]))
            return
        self.first_rows[whole] = row.line
        self.entries.append(
            ImportedEntry(
                local_date=local_date,
                at=at,
                kind="mood",
                value=self._level(mood, sub_mood),
                scale_min=LOWEST,
                scale_max=HIGHEST,
                label=shown_mood or mood.name,
                activities=activities,
                note="\n".join(part for part in (one_line(title), note) if part),
                file_row=row.line,
                fingerprint=whole,
            )
        )
        if scales:
            self._read_scales(layout.cell(row, "scales"), of=self.entries[-1], parts=parts)

    def _date(self, row: Row) -> date:
        found = (
            _iso_date(row, self.layout) if "full_date" in self.layout.columns else self._date_in_words(row)
        )
        if found > self.today:
            raise _Problem("row_date_in_future", found.isoformat())
        return found

    def _date_in_words(self, row: Row) -> date:
        year, words = self.layout.cell(row, "year"), self.layout.cell(row, "date")
        found = read_day(words, year=int(year), languages=self.languages) if _YEAR.fullmatch(year) else None
        if found is None:
            raise _Problem("row_date_unreadable", f"{year} {words}")
        return found

    def _time(self, cell: str) -> time | None:
        if cell not in self.times:
            self.times[cell] = _time(cell)
        return self.times[cell]

    def _mood(self, cell: str) -> _Mood:
        if cell not in self.moods:
            name = mood_name(cell)
            self.moods[cell] = _Mood(name, mood_key(name), worrying=sounds_like_self_harm(name))
        return self.moods[cell]

    def _level(self, mood: _Mood, sub_mood: _Mood) -> int | None:
        for name in {one.name for one in (mood, sub_mood) if one.worrying}:
            self.worrying[name] += 1
        if mood.key not in self.levels:
            self.unknown[mood.name] += 1
        return self.levels.get(mood.key)

    def _read_scales(self, cell: str, *, of: ImportedEntry, parts: list[tuple[str, str]]) -> None:
        for place, scale in enumerate(map(one_line, cell.split("|"))):
            if not scale:
                continue
            match = _SCALE.fullmatch(scale)
            value, most = (_number(match["value"]), _number(match["most"])) if match else (0.0, 0.0)
            name = scale.partition(":")[0].strip()
            if match is None or most <= 0 or value > most or len(name) > NAME_LENGTH:
                self.unread_scales[_shown(name)] += 1
                continue
            self.entries.append(
                ImportedEntry(
                    local_date=of.local_date,
                    at=of.at,
                    kind="scale",
                    value=value,
                    scale_min=0,
                    scale_max=most,
                    label=name,
                    activities=(),
                    note="",
                    file_row=of.file_row,
                    fingerprint=fingerprint([*parts, ("entry", f"scale {place} {name}")]),
                )
            )


def _refuse_backup(content: bytes, filename: str) -> None:
    named = PurePath(filename).suffix.lower() == ".daylio"
    if content.startswith(b"PK\x03\x04") and (named or b"backup.daylio" in content[:128]):
        raise Refused("daylio_backup", field="file")


def _first(records: Iterator[Row]) -> Row:
    try:
        return next(records)
    except (Refused, StopIteration) as nothing:
        # prose and other formats often break the rules of a table at once; that they are no Daylio file says more
        raise Refused("daylio_not_recognised", field="file") from nothing


def _layout_of(first: Row) -> _Layout:
    keys = [column_key(cell) for cell in first.cells]
    known = {key for key in keys if key in _READ or key in _LOCALISED}
    if "mood" in known and ("full_date" in known or {"year", "date"} <= known):
        return _by_name(first, keys)
    if "full_date" in known or len(known) >= 3:
        missing = [name for name in ("full_date", "mood") if name not in known]
        raise Refused("daylio_columns_missing", field="file", columns=", ".join(missing))
    layout = _by_place(first)
    if layout is None:
        raise Refused("daylio_not_recognised", field="file")
    return layout


def _by_name(first: Row, keys: list[str]) -> _Layout:
    columns: dict[str, int] = {}
    unknown: list[tuple[str, int]] = []
    for index, key in enumerate(keys):
        if key not in _READ and key not in _LOCALISED:
            unknown.append((_shown(clean_cell(first.cells[index])) or f"#{index + 1}", index))
        elif key in columns:
            raise Refused("daylio_columns_twice", field="file", column=key)
        else:
            columns[key] = index
    generation = next((name for name, names in _GENERATIONS.items() if set(names) == set(keys)), _EDITED)
    return _Layout(generation=generation, width=len(keys), columns=columns, unknown=tuple(unknown))


def _by_place(first: Row) -> _Layout | None:
    starts_with = "year" if _YEAR.fullmatch(clean_cell(first.cells[0])) else "full_date"
    if starts_with == "full_date" and not _ISO.fullmatch(clean_cell(first.cells[0])):
        return None
    for generation, names in (*_GENERATIONS.items(), ("2018", _WITHOUT_WEEKDAY)):
        if names[0] != starts_with or len(names) != len(first.cells):
            continue
        columns = {name: index for index, name in enumerate(names)}
        if _CLOCK.fullmatch(_clock_text(clean_cell(first.cells[columns["time"]]))):
            return _Layout(
                generation=f"{generation}-{_HEADERLESS}", width=len(names), columns=columns, headerless=True
            )
    return None


def _languages_of(rows: Iterable[Row], layout: _Layout) -> tuple[str, ...]:
    if "full_date" in layout.columns:
        return ()
    whole = (row for row in rows if len(row.cells) == layout.width)
    return language_candidates(
        chain.from_iterable((layout.cell(row, "date"), layout.cell(row, "weekday")) for row in whole)
    )


def _iso_date(row: Row, layout: _Layout) -> date:
    text = layout.cell(row, "full_date")
    match = _ISO.fullmatch(text)
    try:
        if match:
            return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        pass  # a day that its month does not have is as unreadable as a word
    raise _Problem("row_date_unreadable", text)


def _clock_text(cell: str) -> str:
    # "10:00 p. m." with any kind of blank, and "9.03" as some languages write it
    return re.sub(r"\s|(?<=\D)\.", "", cell.casefold())


def _time(cell: str) -> time | None:
    if not cell:
        return None
    match = _CLOCK.fullmatch(_clock_text(cell))
    if match is None:
        raise _Problem("row_time_unreadable", cell)
    hour, minute, half = int(match[1]), int(match[2]), match[3]
    if half and hour > 12:
        raise _Problem("row_time_unreadable", cell)
    if half:
        hour = hour % 12 + (12 if half in _AFTERNOON else 0)
    if hour > 23 or minute > 59:
        raise _Problem("row_time_unreadable", cell)
    return time(hour, minute)


def _plain_text(cell: str) -> str:
    """A note without markup: breaks become lines, entities their characters; ``<3`` and ``a < b`` stay."""
    if "<" not in cell and "&" not in cell and len(cell.splitlines()) < 2:
        return one_line(cell)
    text = html.unescape(_TAG.sub("", _BREAK.sub("\n", cell)))
    lines = [" ".join(line.split()) for line in clean_cell(text).splitlines()]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _shown(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _counted(names: Counter[str]) -> tuple[NamedCount, ...]:
    return tuple(
        NamedCount(name, count) for name, count in sorted(names.items(), key=lambda one: (-one[1], one[0]))
    )
