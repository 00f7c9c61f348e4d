"""Marking English text that people will read, where it is written down before it is known who reads it."""

from __future__ import annotations


def translatable(text: str) -> str:
    """``text`` itself. The catalogues take in what stands in this call; ``journal.languages.gettext`` says it."""
    return text


class Counted(str):
    """A text with a number in it, as it reads for many; ``one`` is how it reads where ``counts``, a gap of it, is 1."""

    one: str
    counts: str


def translatable_count(one: str, many: str, counts: str) -> Counted:
    """``many``, which knows how it reads for one. The catalogues take in both, as ``journal.languages.ngettext``."""
    text = Counted(many)
    text.one, text.counts = one, counts
    return text


def translatable_in(context: str, text: str) -> str:
    """``text`` itself, for a word that other languages say differently of something else: ``languages.pgettext``."""
    return text
