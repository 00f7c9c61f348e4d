"""A value that another app kept, as it travels from a file to the database and out again."""

from __future__ import annotations

from datetime import date, time
from typing import NamedTuple


class ImportedEntry(NamedTuple):
    """One value as the other app had it. It never becomes a check-in.

    ``kind`` is ``mood`` or ``scale``. ``value`` lies between ``scale_min`` and ``scale_max``, or is None where a word
    was given no level. ``label`` is the person's own word for it. ``at`` is wall time, None where the file has none.
    ``file_row`` is the 1-based line of the file on which its row begins; it takes no part in ``fingerprint``.
    """

    local_date: date
    at: time | None
    kind: str
    value: float | None
    scale_min: float
    scale_max: float
    label: str
    activities: tuple[str, ...]
    note: str
    file_row: int
    fingerprint: str
