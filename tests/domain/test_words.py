"""Marking text for the catalogues changes nothing about it."""

from __future__ import annotations

from journal.domain.words import translatable, translatable_count, translatable_in


def test_a_marked_text_is_the_text() -> None:
    assert translatable("Nothing is lost") == "Nothing is lost"
    assert translatable_in("energy", "Good") == "Good"


def test_a_text_with_a_number_knows_how_it_reads_for_one() -> None:
    text = translatable_count("{n} day", "{n} days", "n")
    assert (text, text.one, text.counts) == ("{n} days", "{n} day", "n")
