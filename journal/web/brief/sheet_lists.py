"""How much of what there is to talk about the one-page summary holds: in lines, on the safe side, in one column or two.

What is open and what the patient brings along is never cut. Then come starred notes, shortened with an ellipsis, then
counted; the patient's own words stand before ours. What rules found is shown whole or counted. No web framework inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from journal.web.running_text import line_count

NOTE_LINES = 3
"""Lines of one note across the sheet; what is longer ends with an ellipsis."""
NOTES_FIRST = 3
"""So many notes, the latest, have a line each before anything that a rule found."""

_BULLET, _BETWEEN = 16.0, 22.4


@dataclass(frozen=True, slots=True)
class Words:
    """Something to talk about: what somebody wrote (``by`` says who or when), or a line that a rule found.

    With ``is_open`` it stands above that list and not in it: a patient may have left its line out of the list.
    """

    text: str
    by: str = ""
    is_quote: bool = False
    is_open: bool = False

    @property
    def said(self) -> str:
        """As it stands on the sheet."""
        return f"“{self.text}” {self.by}" if self.is_quote else self.text


@dataclass(frozen=True, slots=True)
class Said:
    """What there is to talk about: ``first`` is never cut, ``found`` is whole or not there, ``quotes`` get shorter."""

    first: Sequence[Words]
    found: Sequence[Words]
    quotes: Sequence[Words]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many of each had no room."""

    notes: int = 0
    lines: int = 0
    drawings: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """What stands on the sheet, what is open first. ``second_from`` is where of the list, which does not have what is
    open, the second column begins; 0 for one column. ``has_room``: what is never cut had room.
    """

    words: list[Words]
    second_from: int
    left_out: LeftOut
    has_room: bool


def half(width: float) -> float:
    """One of two columns of a paper this wide."""
    return (width - _BETWEEN) / 2


def fitted(said: Said, room: int, *, width: float) -> Listed:
    """As much as ``room`` lines of a paper this wide (in CSS pixels) hold, in two columns where that is more.

    What comes first stays whole, whatever the room. Then a line for each of the latest notes, and what rules found, as
    much as there is room for; notes take what is left, and each is shortened before one is left out.
    """

    def shows(one: Listed) -> tuple[bool, int, int]:
        left_out = one.left_out.notes + one.left_out.lines
        return one.has_room, -left_out, sum(len(words.text) for words in one.words)

    return max((_listed(said, room, columns=columns, paper=width) for columns in (1, 2)), key=shows)


def shortened(words: Words, *, lines: int, width: float) -> str:
    """The text in one paragraph, cut at a word with an ellipsis where it would take more than ``lines`` lines."""
    parts = words.text.split()
    if line_count(replace(words, text=" ".join(parts)).said, width) <= lines:
        return " ".join(parts)
    least, most = 0, len(parts)
    while least < most:
        middle = (least + most + 1) // 2
        if line_count(replace(words, text=f"{' '.join(parts[:middle])} …").said, width) <= lines:
            least = middle
        else:
            most = middle - 1
    return f"{' '.join(parts[:least])} …".strip()


def _listed(said: Said, room: int, *, columns: int, paper: float) -> Listed:
    width = (paper if columns == 1 else half(paper)) - _BULLET
    still_open = [one for one in said.first if one.is_open]
    brought = [one for one in said.first if not one.is_open]
    free = room - sum(line_count(one.said, paper) for one in still_open)
    notes: list[Words] = []
    found: list[Words] = []

    def fits(notes: Sequence[Words], found: Sequence[Words]) -> bool:
        return _height([*brought, *notes, *found], width, columns=columns)[0] <= free

    def cut(one: Words, lines: int) -> Words:
        return replace(one, text=shortened(one, lines=lines, width=width))

    def take_notes(most: int) -> None:
        for one in said.quotes[len(notes) : most]:
            if not fits([*notes, short := cut(one, columns)], found):
                return
            notes.append(short)

    take_notes(NOTES_FIRST)
    for one in said.found:
        # Whole: half of a finding may say something else. In order: what matters less takes no greater one's room.
        if not fits(notes, [*found, one]):
            break
        found.append(one)
    take_notes(len(said.quotes))
    for place, one in enumerate(said.quotes[: len(notes)]):
        for lines in range(NOTE_LINES * columns, columns, -1):
            longer = [*notes[:place], cut(one, lines), *notes[place + 1 :]]
            if fits(longer, found):
                notes = longer
                break
    listed = [*brought, *notes, *found]
    return Listed(
        words=[*still_open, *listed],
        second_from=_height(listed, width, columns=columns)[1],
        left_out=LeftOut(notes=len(said.quotes) - len(notes), lines=len(said.found) - len(found)),
        has_room=_height(brought, width, columns=columns)[0] <= free,
    )


def _height(words: Sequence[Words], width: float, *, columns: int) -> tuple[int, int]:
    """How many lines a list is high, and where its second column begins: the first is the longer one."""
    heights = [line_count(one.said, width) for one in words]
    if columns == 1 or len(words) < 2:
        return sum(heights), 0
    splits = range(1, len(words))
    return min((max(sum(heights[:at]), sum(heights[at:])), at) for at in splits)
