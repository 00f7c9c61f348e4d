"""What there is to talk about on the sheet, in words."""

from __future__ import annotations

import pytest

from journal.web.brief.sheet_lists import LeftOut
from journal.web.brief.sheet_words import more_words


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (LeftOut(), ""),
        (LeftOut(notes=2, lines=1), "On the page before the visit: 2 more starred notes, 1 more line."),
        (LeftOut(drawings=1), "On the page before the visit: 1 more drawing."),
    ],
)
def test_what_was_left_out_says_of_what_it_is(more: LeftOut, words: str) -> None:
    assert more_words(more) == words
