from datetime import timedelta

from journal.domain.assessment_limits import (
    AFTER_SESSION,
    EVERY,
    NEAR_SESSION,
    NEVER_LATER,
    OPEN_FOR,
    REMINDED_AFTER,
    WEEKLY,
    WEEKLY_FOR,
)
from journal.domain.instrument_files import instrument


def test_the_figures_are_those_of_the_calendar() -> None:
    assert (EVERY, AFTER_SESSION, NEVER_LATER) == (timedelta(14), timedelta(14), timedelta(28))
    assert (WEEKLY, WEEKLY_FOR, NEAR_SESSION) == (timedelta(7), timedelta(28), timedelta(2))
    assert (OPEN_FOR, REMINDED_AFTER) == (timedelta(4), timedelta(2))


def test_the_usual_rhythm_never_asks_twice_about_one_day() -> None:
    assert timedelta(days=instrument("phq9").recall_days or 0) == EVERY == AFTER_SESSION


def test_one_is_reminded_of_while_it_is_open() -> None:
    assert REMINDED_AFTER < OPEN_FOR


def test_one_has_closed_before_the_next_can_open() -> None:
    assert min(WEEKLY, EVERY) - NEAR_SESSION - timedelta(days=1) >= OPEN_FOR
