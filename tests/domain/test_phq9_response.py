"""Response and remission on the PHQ-9."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from journal.domain.phq9_response import Phq9Response, phq9_response
from journal.domain.withheld import Reason, Withheld

FIRST = date(2026, 3, 2)


def on(day: int, total: int) -> tuple[date, int]:
    return FIRST + timedelta(days=day), total


def test_the_latest_total_is_held_against_the_latest_one_before() -> None:
    found = phq9_response([on(-28, 24), on(-2, 20), on(14, 15), on(28, 10)], FIRST)

    assert found == Phq9Response(
        baseline_total=20,
        baseline_date=FIRST - timedelta(days=2),
        last_total=10,
        last_date=FIRST + timedelta(days=28),
        improvement=50.0,
        response=True,
        remission=False,
    )


@pytest.mark.parametrize(
    ("last", "response", "remission"), [(11, False, False), (5, True, False), (4, True, True)]
)
def test_half_of_it_is_a_response_and_under_five_is_remission(
    last: int, response: bool, remission: bool
) -> None:
    found = phq9_response([on(-1, 20), on(20, last)], FIRST)

    assert isinstance(found, Phq9Response)
    assert (found.response, found.remission) == (response, remission)


@pytest.mark.parametrize(("day", "counts"), [(-31, False), (-30, True), (0, True), (1, False)])
def test_before_is_the_thirty_days_up_to_the_first_session(day: int, counts: bool) -> None:
    found = phq9_response([on(day, 20), on(20, 10)], FIRST)

    assert (found == Withheld(Reason.NO_BASELINE, n=0, needs=1)) is not counts


def test_a_total_under_ten_leaves_too_little_to_halve() -> None:
    assert phq9_response([on(-1, 9), on(20, 2)], FIRST) == Withheld(Reason.BASELINE_ALREADY_LOW)
    assert isinstance(phq9_response([on(-1, 10), on(20, 2)], FIRST), Phq9Response)


def test_nothing_after_the_first_session_is_nothing_to_say() -> None:
    assert phq9_response([on(-1, 20)], FIRST) == Withheld(Reason.TOO_FEW, n=0, needs=1)
    assert phq9_response([on(-1, 20)], None) == Withheld(Reason.NO_SESSION)
