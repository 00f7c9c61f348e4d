"""What there is to talk about on the sheet, in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from journal.web.brief.page import brief_of
from journal.web.brief.sheet_lists import LeftOut
from journal.web.brief.sheet_words import more_words, said_of
from journal.web.brief.signs import Sign
from tests.conftest import Site
from tests.web.brief.test_figure_pages import filled


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


def test_a_drift_stands_before_all_else_that_rules_found(site: Site) -> None:
    rows = filled(site)
    brief = replace(
        brief_of(rows),
        signs=[Sign("waking", "Waking time", "Varies."), Sign("drift", "Below", "Since 2 Mar.")],
    )
    found = [one.text for one in said_of(rows, brief).found]

    assert brief.talk.lines
    assert found[0] == "Below: Since 2 Mar."
    assert found[-1] == "Waking time: Varies."
