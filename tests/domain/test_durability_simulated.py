"""Known durations, lived through day by day, and what the rules make of them.

Days of benefit are Weibull with shape 2 and a median of 14. Mood is 8 while benefit lasts and 2 after it, with some
noise; one day in ten has no entry. The bands are those of the specification (4,000 runs; 300 by day, with room).
"""

from __future__ import annotations

import math
import random
from datetime import date, timedelta

import pytest

from journal.domain.baselines import baseline_of
from journal.domain.benefits import GivenSession, benefits_of
from journal.domain.survival import kaplan_meier
from journal.domain.trends import DaySummary
from tests.domain.days_of_moods import day

FIRST = date(2026, 1, 1)
SCALE = 14 / math.sqrt(math.log(2))
NOT_REACHED = 10**6


def lived(
    chance: random.Random, sessions: int, *, between: tuple[int, int], early: float = 0.0
) -> tuple[list[DaySummary], list[GivenSession]]:
    """A course. With chance ``early`` a session is moved up to three days before benefit would be lost."""
    days = [day(FIRST + timedelta(days=n), 2 + chance.choice([-1, 0, 0, 1])) for n in range(14)]
    on, given, is_early = FIRST + timedelta(days=14), [], False
    for number in range(sessions):
        given.append(GivenSession(on, f"S{number + 1}", early_for_worsening=is_early))
        lasts = SCALE * math.sqrt(-math.log(1 - chance.random()))
        until_next = chance.randint(*between)
        is_early = chance.random() < early and math.ceil(lasts) - 3 > 3 and math.ceil(lasts) <= until_next
        if is_early:
            until_next = math.ceil(lasts) - chance.randint(0, 3)
        for number_of_day in range(until_next):
            if chance.random() < 0.9:
                mood = 8 if number_of_day < lasts else 2
                days.append(day(on + timedelta(days=number_of_day), mood + chance.choice([-1, 0, 0, 1])))
        on += timedelta(days=until_next)
    return days, given


def medians(
    runs: int, sessions: int, *, between: tuple[int, int], early: float = 0.0, as_censored: bool = False
) -> list[int]:
    """The estimated median of each run, in order; one that was not reached comes last."""
    chance = random.Random(sessions * 1000 + between[0])
    found = []
    for _ in range(runs):
        days, given = lived(chance, sessions, between=between, early=early)
        baseline = baseline_of(days, given[0].local_date)
        benefits = benefits_of(days, given, baseline, until=days[-1].local_date)
        held = [
            (one.observed_days, one.end_reason == "loss" if as_censored else not one.censored)
            for one in benefits
            if one.observed_days is not None
        ]
        found.append((kaplan_meier(held).median if held else None) or NOT_REACHED)
    return sorted(found)


def between_tenth_and_ninetieth(found: list[int]) -> tuple[int, int]:
    return found[len(found) // 10], found[len(found) * 9 // 10]


BANDS = {3: (8, 21), 4: (7, 18), 6: (9, 18), 8: (9, 18), 12: (10, 18)}
"""Tenth and ninetieth percentile of the estimated median by the number of sessions, 21 to 28 days apart."""


def assert_recovered(runs: int, sessions: int) -> None:
    """Two days of room: here a loss shows on whole days, and is seen on the second of two that were logged."""
    low, high = between_tenth_and_ninetieth(medians(runs, sessions, between=(21, 28)))
    stated_low, stated_high = BANDS[sessions]
    assert abs(low - stated_low) <= 2
    assert abs(high - stated_high) <= 2


def test_eight_sessions_recover_a_known_median_within_the_stated_band() -> None:
    assert_recovered(150, 8)


def test_a_session_brought_forward_counts_as_the_loss_it_prevented() -> None:
    """Six of ten sessions come up to three days before the loss: censored, half of them are never seen to end."""
    how = {"between": (21, 28), "early": 0.6}
    censored = medians(150, 8, as_censored=True, **how)  # type: ignore[arg-type]
    as_loss = medians(150, 8, **how)  # type: ignore[arg-type]

    assert 11 <= as_loss[75] <= 15
    assert sum(one == NOT_REACHED for one in as_loss) <= 8
    assert censored[75] >= 17
    assert sum(one == NOT_REACHED for one in censored) >= 35


@pytest.mark.night
@pytest.mark.parametrize("sessions", BANDS)
def test_every_number_of_sessions_recovers_it_in_four_thousand_runs(sessions: int) -> None:
    assert_recovered(4000, sessions)


@pytest.mark.night
def test_sessions_close_to_each_other_often_leave_the_median_open() -> None:
    """12 to 18 days apart and a median of 14: what the last two days before a session bring is not seen any more."""
    found = medians(1000, 12, between=(12, 18))

    assert 0.2 <= sum(one == NOT_REACHED for one in found) / len(found) <= 0.55
