"""The figures of the analysis: each has a unit, a grade and a source."""

from __future__ import annotations

from journal.domain import insight_limits
from journal.domain.clinical_limits import Limit


def every_limit() -> dict[str, Limit]:
    found = {}
    for name, value in vars(insight_limits).items():
        for one in value if isinstance(value, tuple) else (value,):
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
