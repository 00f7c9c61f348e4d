"""What somebody says by answering a text message: a number, one of the words that carriers know, or anything else.

What is done about it, and what is answered, is not here.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum


class Reply(StrEnum):
    """What a text is understood as."""

    MOOD = "mood"
    STOP = "stop"
    START = "start"
    HELP = "help"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Understood:
    """A text as it was understood. ``mood`` is 0–10 where it is one, else None."""

    reply: Reply
    mood: int | None = None


STOPS = frozenset(
    {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
) | frozenset({"ALTO", "PARAR", "BAJA", "ΣΤΟΠ"})
"""Carriers ask that the first six end all messages, in any case of letters; so do the words of our languages."""
STARTS = frozenset({"START", "YES", "UNSTOP"})
HELPS = frozenset({"HELP", "INFO", "AYUDA", "ΒΟΗΘΕΙΑ"})

# A zero before another digit is how some write a number; two zeros, signs and parts of a number are a guess.
_MOOD = re.compile(r"(?:0?[1-9]|0|10)[.!]?")
_WORD = re.compile(r"(\w+)[.!]*")


def understood(text: str) -> Understood:
    """What ``text`` says. Any text may be asked about; a number counts only when it stands alone.

    "7", " 7 ", "7." and "07" are a mood of 7. "7/10", "-7", "7.5", "00", "11", "seven" and "7 but tired" are none:
    nothing is recorded that has to be guessed.
    """
    said = text.strip()
    if _MOOD.fullmatch(said):
        return Understood(Reply.MOOD, int(said.rstrip(".!")))
    word = _WORD.fullmatch(said)
    return Understood(_of_word(word[1].upper()) if word else Reply.OTHER)


def _of_word(word: str) -> Reply:
    apart = unicodedata.normalize("NFD", word)
    word = "".join(sign for sign in apart if not unicodedata.combining(sign))
    for words, reply in ((STOPS, Reply.STOP), (STARTS, Reply.START), (HELPS, Reply.HELP)):
        if word in words:
            return reply
    return Reply.OTHER
