"""What an importer hands over: entries on their own scale, and everything a preview shows before anything is kept.

These are values of files from other apps. They never become check-ins; how they are stored is for the floors above.
No sentence lives here: problems carry a code, the edge has the words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from json.encoder import encode_basestring

from journal.domain.transfers import ImportedEntry


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that cannot be read: its line, a code for ``journal.messages``, and the short text that is at fault.

    ``text`` is the person's own: for the preview on their screen, never for a log.
    """

    file_row: int
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class DuplicateRow:
    """A row that says exactly what the row on line ``first_row`` says. It is listed and not stored a second time."""

    file_row: int
    first_row: int


@dataclass(frozen=True, slots=True)
class NamedCount:
    """A name found in the file, and on how many rows."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class ImportPreview:
    """Everything a person sees of a file before it is imported.

    Import is all or nothing: ``ready`` is true only if every row could be read and every mood name has a level.
    ``unknown_moods`` need a mapping; their entries are present, without a value. ``worrying_moods`` sound like
    self-harm: they are listed for the person's attention, mapped or not, and raise nothing. ``ignored_columns`` and
    ``ignored_scales`` are in the file and not imported. ``zone`` is the zone in which wall times were understood.
    """

    source: str
    generation: str
    zone: str
    rows: int
    entries: tuple[ImportedEntry, ...]
    problems: tuple[RowProblem, ...] = ()
    duplicates: tuple[DuplicateRow, ...] = ()
    unknown_moods: tuple[NamedCount, ...] = ()
    worrying_moods: tuple[NamedCount, ...] = ()
    ignored_columns: tuple[str, ...] = ()
    ignored_scales: tuple[NamedCount, ...] = ()
    first_date: date | None = None
    last_date: date | None = None

    @property
    def ready(self) -> bool:
        """Whether the whole file can be imported as it stands."""
        return bool(self.entries) and not self.problems and not self.unknown_moods


def fingerprint(parts: Iterable[tuple[str, str]]) -> str:
    """SHA-256 (hex) of a row's normalised cells, given as (column, value): of a JSON list of such pairs, sorted.

    Empty values do not count and the order of columns does not matter, so that a later generation of the same app's
    file, with columns added or moved, still gives the same rows.
    """
    listed = (
        f"[{encode_basestring(name)},{encode_basestring(value)}]" for name, value in sorted(parts) if value
    )
    canonical = f"[{','.join(listed)}]"
    return hashlib.sha256(canonical.encode()).hexdigest()
