"""Marking text for the catalogues changes nothing about it."""

from __future__ import annotations

from journal.domain.words import translatable, translatable_in


def test_a_marked_text_is_the_text() -> None:
    assert translatable("Nothing is lost") == "Nothing is lost"
    assert translatable_in("energy", "Good") == "Good"
