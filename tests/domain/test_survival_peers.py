"""Kaplan–Meier against lifelines, on 500 random sets of durations."""

from __future__ import annotations

import random
import warnings
from statistics import NormalDist
from typing import TYPE_CHECKING

import pytest

from journal.domain.survival import Duration, kaplan_meier

if TYPE_CHECKING:
    import pandas as pd

ALPHA = 2 * (1 - NormalDist().cdf(1.96))
"""lifelines takes the quantile from alpha; with this one it is our 1.96."""


def durations(chance: random.Random) -> list[Duration]:
    longest = chance.choice([6, 15, 40, 90])
    return [(chance.randint(1, longest), chance.random() < 0.7) for _ in range(chance.randint(2, 14))]


@pytest.mark.parametrize(
    "block", [0, *(pytest.param(block, marks=pytest.mark.night) for block in range(1, 5))]
)
def test_curve_error_interval_median_and_restricted_mean_are_those_of_lifelines(
    block: int,
) -> None:
    from lifelines import KaplanMeierFitter
    from lifelines.utils import restricted_mean_survival_time

    chance = random.Random(block)
    for _ in range(100):
        sample = durations(chance)
        ours = kaplan_meier(sample)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = KaplanMeierFitter(alpha=ALPHA).fit(
                [days for days, _ in sample], [lost for _, lost in sample]
            )
        s = theirs.survival_function_["KM_estimate"]
        interval = theirs.confidence_interval_survival_function_
        table = theirs.event_table
        assert [step.t for step in ours.table] == [t for t in table.index if table.loc[t, "observed"] > 0]
        for step in ours.table:
            assert step.at_risk == table.loc[step.t, "at_risk"]
            assert step.events == table.loc[step.t, "observed"]
            assert step.s == pytest.approx(s.loc[step.t], abs=1e-12)
            if step.se is not None:
                # Greenwood's sum, which lifelines keeps for log S
                greenwood = float(theirs._cumulative_sq_.loc[step.t])
                assert step.se == pytest.approx(step.s * greenwood**0.5, abs=1e-12)
                low, high = interval.loc[step.t]
                assert (step.ci_low, step.ci_high) == pytest.approx((low, high), abs=1e-9)
        # Theirs compare floats exactly, where 1/2 can come out a hair above; and where S is 0 they give an interval.
        low, high = (interval[name][s > 1e-12] for name in interval.columns)
        assert ours.median == first_at_half(s)
        assert (ours.ci_low, ours.ci_high) == (first_at_half(low), first_at_half(high))
        assert ours.rmst_28 == pytest.approx(restricted_mean_survival_time(theirs, t=28), abs=1e-9)


def first_at_half(curve: pd.Series) -> float | None:
    reached = curve.index[curve <= 0.5 + 1e-9]
    return None if reached.empty else reached[0]
