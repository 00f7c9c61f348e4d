"""The two names, and that adding the journal to a home screen is offered once."""

from __future__ import annotations

import pytest

from journal.domain.home_screen import AppName, app_name, is_offered


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("daybook", AppName.DAYBOOK),
        ("tideline", AppName.TIDELINE),
        ("something else", AppName.TIDELINE),
        ("", AppName.TIDELINE),
        (None, AppName.TIDELINE),
        (["daybook"], AppName.TIDELINE),
    ],
)
def test_what_is_no_name_of_ours_is_the_journals_own(code: object, name: AppName) -> None:
    assert app_name(code) is name


def test_it_is_offered_to_somebody_who_has_checked_in_today() -> None:
    assert is_offered({}, has_checked_in_today=True)


def test_it_is_not_offered_before_the_days_check_in() -> None:
    assert not is_offered({}, has_checked_in_today=False)


def test_it_is_not_offered_again_after_an_answer() -> None:
    assert not is_offered({"home_screen_settled": True}, has_checked_in_today=True)
