"""Rules as a form and an address write them."""

from __future__ import annotations

import pytest

from journal.domain.attention import Shown
from journal.domain.errors import Refused
from journal.web.forms.attention import read_shown


def test_a_switch_that_is_off_sends_nothing() -> None:
    assert read_shown({"watched": "1", "silence_days": " 7 "}) == Shown(
        watched=True, signal=False, fading=False, silence=False, silence_days=7
    )


def test_without_a_number_the_usual_one_counts() -> None:
    assert read_shown({}).silence_days == 10


@pytest.mark.parametrize("typed", ["x", "-3", "3.5", "99999", "٣"])
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Refused, match="not_a_number"):
        read_shown({"silence_days": typed})
