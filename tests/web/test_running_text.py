"""How wide running text is: never less than our font makes it, and hardly more."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from fontTools.varLib.models import normalizeLocation, piecewiseLinearMap
from fontTools.varLib.varStore import VarStoreInstancer

from journal.web.running_text import line_count, text_width

FONT = Path(__file__).parents[2] / "static" / "fonts" / "figtree-var-latin.woff2"
SENTENCE = "The heavy feeling came back around four but it did not stay. “Ánimo”, 95 % of 28 days: 6–7 h."


def advances(weight: int) -> dict[str, float]:
    font = TTFont(FONT)
    place = normalizeLocation({"wght": weight}, {"wght": (300, 300, 700)})
    place = {axis: piecewiseLinearMap(at, font["avar"].segments[axis]) for axis, at in place.items()}
    table = font["HVAR"].table
    store = VarStoreInstancer(table.VarStore, font["fvar"].axes, place)

    def wider(glyph: str) -> float:
        number = font.getGlyphID(glyph)
        return float(store[table.AdvWidthMap.mapping[glyph] if table.AdvWidthMap else number])

    return {
        chr(code): (font["hmtx"][glyph][0] + wider(glyph)) / 1000
        for code, glyph in font.getBestCmap().items()
    }


@pytest.mark.parametrize(("weight", "most"), [(400, 1.04), (700, 1.1)])
def test_it_is_as_wide_as_in_the_font(weight: int, most: float) -> None:
    drawn = sum(advances(weight)[letter] for letter in SENTENCE)
    assert drawn <= text_width(SENTENCE, px=1, bold=weight == 700) <= most * drawn


def test_no_letter_of_the_font_is_counted_narrower() -> None:
    widths = advances(400)
    assert [letter for letter, width in widths.items() if text_width(letter, px=1) < width - 0.001] == []


def test_a_letter_that_it_lacks_is_counted_as_a_wide_one() -> None:
    assert text_width("αβγ δε", px=10) == pytest.approx(5 * 6.2 + 3.2)


@pytest.mark.parametrize(
    ("text", "lines"), [("", 1), ("aaa aaa", 1), ("aaa aaa aaaaa", 2), ("a" * 25, 3), ("aaa " + "a" * 25, 4)]
)
def test_lines_break_between_words_and_a_longer_word_breaks_where_it_must(text: str, lines: int) -> None:
    assert line_count(text, 10 * 0.52 * 12) == lines
