"""The line of 28 days that a list shows of one person, as the paths of a small picture.

It changes with a day and with nothing else, so it is drawn when a caseload's line is worked out and kept with it.
What it says in words is ``journal.web.charts.words``'s. Coordinates are whole tenths of a unit inside, so that a path
written in relative steps ends exactly where its last dot is.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from journal.domain.trends import TAIL_DAYS

_LEFT, _STEP = 0.41, 145.18 / TAIL_DAYS
_TOP, _BOTTOM = 6, 37
_RULE = "2V37"
_DIAMOND = ".4l2.8 2.8l-2.8 2.8l-2.8 -2.8z"
"""From its top, 2.8 units to each side. Nothing but a session has one."""


class Spark(NamedTuple):
    """One path for the line and the place of its last dot, the sessions' rules and marks; the first mean and the last,
    how many means there are, and how many of the dates have a check-in."""

    line: str
    x: str
    y: str
    rules: str
    diamonds: str
    first: float
    last: float
    means: int
    logged: int


def drawn(days: Sequence[tuple[date, float | None]], today: date, *, given: Container[date]) -> Spark | None:
    """The 28 dates up to ``today``; a day on its own is a dot. None where no day has a number.

    ``days`` are the logged dates in order, each with its mean mood (0 to 10) or None; ``given`` the dates of sessions.
    """
    first = today - timedelta(days=TAIL_DAYS - 1)
    logged = [((day - first).days, mood) for day, mood in days if first <= day <= today]
    means = [(number, mood) for number, mood in logged if mood is not None]
    if not means:
        return None
    line: list[str] = []
    x = y = 0
    before = -2
    for number, mood in means:
        next_x, next_y = _x(number), _y(mood)
        if number == before + 1:
            line.append(f"l{tenths(next_x - x)} {tenths(next_y - y)}")
        else:
            line += ["h0"] if line and line[-1][0] == "M" else []
            line.append(f"M{tenths(next_x)} {tenths(next_y)}")
        x, y, before = next_x, next_y, number
    treated = [tenths(_x(number)) for number in range(TAIL_DAYS) if first + timedelta(days=number) in given]
    return Spark(
        line="".join(line) + ("h0" if line[-1][0] == "M" else ""),
        x=tenths(x),
        y=tenths(y),
        rules=_each(treated, _RULE),
        diamonds=_each(treated, _DIAMOND),
        first=means[0][1],
        last=means[-1][1],
        means=len(means),
        logged=len(logged),
    )


@lru_cache(maxsize=8192)
def tenths(value: int) -> str:
    """1234 → ``123.4``; 50 → ``5``; −5 → ``-.5``: as short as a path may write it."""
    whole, rest = divmod(abs(value), 10)
    text = f"{whole or (0 if not rest else '')}" + (f".{rest}" if rest else "")
    return f"-{text}" if value < 0 else text


def _each(places: Iterable[str], then: str) -> str:
    return "".join(f"M{x} {then}" for x in places)


def _x(number: int) -> int:
    """The middle of a date, counted from 0."""
    return round(10 * (_LEFT + (number + 0.5) * _STEP))


def _y(mood: float) -> int:
    return round(10 * (_BOTTOM - mood / 10 * (_BOTTOM - _TOP)))
