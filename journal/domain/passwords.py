"""Which passwords may be chosen: long enough, and not among the first that somebody would try.

There is no rule about kinds of characters. What is refused as too easily guessed is found offline: a modest list of
words and phrases that people reach for, alone, repeated or strung together, with the usual letter swaps and with
numbers around them; the person's own address; the name of this program. It is not a list of breached passwords and
does not claim to be one. How passwords are kept is no business of this module.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from journal.domain.access_limits import PASSWORD_LONGEST, PASSWORD_SHORTEST
from journal.domain.errors import Refused

_SWAPS = str.maketrans(
    {"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "@": "a", "$": "s", "!": "i"}
)
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn",
    "azertyuiop",
    "qsdfghjklm",
    "qwertzuiop",
)
_SHORTEST_RUN = 3
"""Characters in a row on a keyboard or in the alphabet that count as one step, not as so many letters."""
_LONGEST_PATTERN = 7
"""A password that only repeats something of at most this many characters is as easy as that something."""
_LEAST_OWN = 6
"""So many letters and digits (and different marks) must be left when everything easily guessed is taken out."""
_YEARS = re.compile(r"(?:19|20)[0-9]{2}")
_ADDED_DIGITS = re.compile(r"^[0-9]{1,4}(?![0-9])|(?<![0-9])[0-9]{1,4}$")
"""What people put before or after a word when asked for something longer."""


def check_password(password: str, *, email: str) -> None:
    """Refuse what may not be a password of the account with the address ``email``.

    Refuses ``password_short``, ``password_long`` (characters, as a person counts them) and ``password_guessable``.
    """
    if len(password) < PASSWORD_SHORTEST:
        raise Refused("password_short", field="password", least=PASSWORD_SHORTEST)
    if len(password) > PASSWORD_LONGEST:
        raise Refused("password_long", field="password", most=PASSWORD_LONGEST)
    if _is_guessable(password, email=email):
        raise Refused("password_guessable", field="password")


def _is_guessable(password: str, *, email: str) -> bool:
    folded = password.casefold()
    if len(set(folded)) <= 3 or _repeats(folded):
        return True
    undated = _YEARS.sub("", folded)
    plain, swapped = _letters(undated), _letters(undated.translate(_SWAPS))
    phrases = _phrases()
    if plain in phrases or swapped in phrases or plain.strip("0123456789") in phrases:
        return True
    own = frozenset(part for part in re.split(r"[^a-z0-9]+", email.casefold()) if len(part) >= 3)
    marks = len({mark for mark in folded if not mark.isalnum() and not mark.isspace()})
    return any(_left(text, own) + marks < _LEAST_OWN for text in (plain, swapped))


def _repeats(text: str) -> bool:
    """Whether the text is one short piece over and over, the last time perhaps cut off."""
    return any(
        text == (text[:length] * (len(text) // length + 1))[: len(text)]
        for length in range(1, _LONGEST_PATTERN + 1)
    )


def _left(text: str, own: frozenset[str]) -> int:
    """How many characters stay when easy words, runs, added digits and the person's own address are taken out.

    From left to right, the longest piece first.
    """
    text = _ADDED_DIGITS.sub("", text)
    pieces = _words() | own
    longest = max(map(len, pieces))
    place = left = 0
    while place < len(text):
        step = max(_run(text, place), _piece(text, place, pieces, longest))
        if step:
            place += step
        else:
            left += 1
            place += 1
    return left


def _piece(text: str, place: int, pieces: frozenset[str], longest: int) -> int:
    for length in range(min(longest, len(text) - place), 2, -1):
        if text[place : place + length] in pieces:
            return length
    return 0


def _run(text: str, place: int) -> int:
    best = 0
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        start = row.find(text[place])
        if start < 0:
            continue
        length = 0
        while text[place + length : place + length + 1] == row[start + length : start + length + 1] != "":
            length += 1
        best = max(best, length)
    same = len(text[place:]) - len(text[place:].lstrip(text[place]))
    best = max(best, same)
    return best if best >= _SHORTEST_RUN else 0


def _letters(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


@cache
def _lines() -> tuple[str, ...]:
    text = resources.files("journal").joinpath("instruments/easy_passwords.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def _phrases() -> frozenset[str]:
    return frozenset(_letters(line) for line in _lines() if " " in line)


@cache
def _words() -> frozenset[str]:
    return frozenset(line for line in _lines() if " " not in line)
