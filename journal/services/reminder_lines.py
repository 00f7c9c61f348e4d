"""All that a lock screen ever shows, and which of it a message says. Said in the language of its reader by whoever
sends it."""

from __future__ import annotations

import zlib

from journal.domain.reminder_decisions import Why, why
from journal.domain.words import translatable

LINES = (
    translatable("Got a minute?"),
    translatable("A quiet moment, if you’d like one."),
    translatable("Here when you’re ready."),
)
EVE_LINE = translatable("Tomorrow: a note is waiting for you.")
DAY_AFTER_LINE = translatable("Take today slowly. Nothing needed.")
NEWS_LINE = translatable("There is something to read.")
EVERY_LINE = (*LINES, EVE_LINE, DAY_AFTER_LINE, NEWS_LINE)
"""All that a lock screen ever shows."""


def line_of(slot: str, message_key: str) -> str:
    """The line of a message; several do for most, and one message keeps its own."""
    match why(slot):
        case Why.EVE_OF_SESSION:
            return EVE_LINE
        case Why.NEWS:
            return NEWS_LINE
        case Why.DAYS_AFTER_SESSION if slot.endswith(":d1"):
            return DAY_AFTER_LINE
        case _:
            return LINES[zlib.crc32(message_key.encode()) % len(LINES)]
