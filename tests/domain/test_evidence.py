"""How well a figure is known: one list of grades for questionnaires, schedules and limits."""

from __future__ import annotations

from journal.domain import clinical_limits, insight_limits
from journal.domain.clinical_limits import Limit
from journal.domain.courses import PRESETS
from journal.domain.evidence import Grade


def test_what_was_computed_or_decided_has_no_source() -> None:
    assert [grade for grade in Grade if grade.is_of_a_source] == ["R", "R2", "M"]


def test_every_limit_and_every_schedule_has_one_of_them() -> None:
    found = [
        value.grade
        for module in (clinical_limits, insight_limits)
        for value in vars(module).values()
        if isinstance(value, Limit)
    ] + [preset.grade for preset in PRESETS.values()]

    assert len(found) > 80
    assert {type(grade) for grade in found} == {Grade}
