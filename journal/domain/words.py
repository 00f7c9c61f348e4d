"""Marking English text that people will read, where it is written down before it is known who reads it."""

from __future__ import annotations


def translatable(text: str) -> str:
    """``text`` itself. The catalogues take in what stands in this call; ``journal.languages.gettext`` says it."""
    return text


def translatable_in(context: str, text: str) -> str:
    """``text`` itself, for a word that other languages say differently of something else: ``languages.pgettext``."""
    return text
