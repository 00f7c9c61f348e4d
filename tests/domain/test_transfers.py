"""A value of another app is a plain value: equal to its like, and never changed."""

from __future__ import annotations

from datetime import date, time

import pytest

from journal.domain.transfers import ImportedEntry

ENTRY = ImportedEntry(date(2025, 1, 1), time(9), "mood", 4, 1, 5, "good", ("tea",), "", 2, "f" * 64)


def test_two_readings_of_one_row_are_equal() -> None:
    assert ENTRY == ENTRY._replace()
    assert ENTRY != ENTRY._replace(label="better")


def test_an_entry_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        ENTRY.value = 5  # type: ignore[misc]
