"""The page of a figure that is not shown still says its rule."""

from __future__ import annotations

from journal.domain.withheld import Reason, Withheld
from journal.web.brief.computed import withheld


def test_a_figure_that_is_withheld_says_why_and_how_it_would_be_computed() -> None:
    page = withheld("Waking time", Withheld(Reason.TOO_FEW, n=2, needs=4), formula=("It takes 4 mornings.",))
    assert (page.title, page.value, page.parts) == ("Waking time", "–", ())
    assert page.withheld == "Too few days with a number to say anything. It takes 2 more."
    assert page.formula == ("It takes 4 mornings.",)
