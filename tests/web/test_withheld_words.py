"""Every reason has its sentence."""

from __future__ import annotations

import pytest

from journal.domain.withheld import Reason, Withheld
from journal.web.withheld_words import why


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_has_a_sentence_of_its_own(reason: Reason) -> None:
    assert why(Withheld(reason)).endswith(".")
    others = {why(Withheld(other)) for other in Reason if other is not reason}
    assert why(Withheld(reason)) not in others


def test_where_it_is_a_matter_of_number_it_says_how_many_more() -> None:
    assert why(Withheld(Reason.TOO_FEW, n=10, needs=14)) == (
        "Too few days with a number to say anything. It takes 4 more."
    )
    assert "more" not in why(Withheld(Reason.NOT_SHARED, n=1, needs=3))
