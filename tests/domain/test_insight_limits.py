"""The figures of the analysis: each has a unit, a grade and a source."""

from __future__ import annotations

import pytest

from journal.domain import insight_limits
from journal.domain.clinical_limits import Limit


def every_limit() -> dict[str, Limit]:
    found = {}
    for name, value in vars(insight_limits).items():
        for one in value.values() if isinstance(value, dict) else (value,):
            if isinstance(one, Limit):
                found[name] = one
    return found


def test_each_has_a_unit_and_a_citation_and_a_grade_that_may_be_shown() -> None:
    limits = every_limit()
    assert len(limits) > 20
    for name, limit in limits.items():
        assert limit.unit, name
        assert limit.citation, name
        assert limit.grade in {"R", "R2", "D", "C"}, name


def test_what_was_read_somewhere_says_when() -> None:
    for name, limit in every_limit().items():
        assert (limit.verified_on is not None) == limit.grade.startswith("R"), name


@pytest.mark.parametrize(
    ("name", "value", "unit"),
    [
        ("BASELINE_DAYS", "14", "days"),
        ("BASELINE_NEEDS", "5", "logged days"),
        ("BASELINE_NEAR", "5", "days"),
        ("ALREADY_LOW_UNDER", "2", "burden"),
        ("RESPONSE_FROM", "50", "% better than before treatment"),
        ("RESPONSE_WITHIN", "7", "days"),
        ("EVALUABLE_NEEDS", "3", "logged days"),
        ("LOSS_UNDER", "25", "% better than before treatment"),
        ("FADE_UNDER", "50", "% better than before treatment"),
        ("LOSS_GAP", "2", "days"),
        ("LONGEST_GAP", "5", "days"),
        ("BOUNDS_NEAR", "3", "days"),
        ("BOUNDS_DIFFER", "3", "days"),
        ("CHANGE_DAYS", "3", "days"),
        ("CHANGE_NEEDS", "2", "logged days"),
        ("SURVIVAL_SESSIONS", "5", "responder sessions"),
        ("SURVIVAL_EVENTS", "3", "losses"),
        ("SURVIVAL_UNTIL", "28", "days"),
        ("TREND_SESSIONS", "6", "responder sessions"),
        ("PHQ9_BASELINE_DAYS", "30", "days"),
        ("PHQ9_BASELINE_FROM", "10", "PHQ-9 total"),
        ("PHQ9_REMISSION_UNDER", "5", "PHQ-9 total"),
        ("WEEK_NEEDS", "4", "logged days of 7"),
        ("Z_95", "1.96", "standard errors"),
    ],
)
def test_each_is_what_the_specification_says(name: str, value: str, unit: str) -> None:
    limit = every_limit()[name]

    assert (str(limit.value), limit.unit) == (value, unit)
