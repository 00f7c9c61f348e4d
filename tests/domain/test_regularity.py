"""How far waking times lie apart."""

from __future__ import annotations

from datetime import date, time

import pytest

from journal.domain.regularity import Waking, spread_of, waking_of
from journal.domain.withheld import Reason, Withheld


def test_the_same_time_every_morning_is_no_spread() -> None:
    assert spread_of([420, 420, 420]) == pytest.approx(0)


def test_the_spread_is_the_sd_of_minutes() -> None:
    assert spread_of([400, 420, 440]) == pytest.approx(20)


def test_around_midnight_the_day_is_a_circle() -> None:
    assert spread_of([1430, 10]) == pytest.approx(14.142, abs=0.001)


def test_fewer_than_four_mornings_are_too_few() -> None:
    mornings = [(date(2026, 3, day), time(7, 10 * day)) for day in range(1, 5)]
    assert waking_of(mornings[:3]) == Withheld(Reason.TOO_FEW, n=3, needs=4)
    found = waking_of(mornings)
    assert isinstance(found, Waking)
    assert (found.n, round(found.spread, 2)) == (4, 12.91)
    assert found.rows == tuple(mornings)
