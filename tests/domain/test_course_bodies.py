"""What can be said of a course."""

from __future__ import annotations

from datetime import date

import pytest

from journal.domain.course_bodies import CourseBody, check_course, filled_in, induction_length
from journal.domain.courses import PRESETS
from journal.domain.errors import RefusedFields
from journal.domain.treatments import Drug, PresetId, Route

TODAY = date(2026, 3, 30)


def test_a_schedule_says_what_was_left_open() -> None:
    assert filled_in(CourseBody(preset_id=PresetId.ESK_TRD)) == CourseBody(
        preset_id=PresetId.ESK_TRD,
        drug=Drug.ESKETAMINE,
        route=Route.IN_ESKETAMINE,
        planned_sessions=8,
    )


def test_what_somebody_said_stands_against_the_schedule() -> None:
    said = CourseBody(preset_id=PresetId.IV_6X_2WK, drug=Drug.ARKETAMINE, route=Route.IM, planned_sessions=5)
    assert filled_in(said) == said


def test_the_weekly_sessions_that_follow_are_not_part_of_the_induction() -> None:
    assert induction_length(PRESETS[PresetId.IV_6X_2WK_PLUS_WEEKLY4]) == 6


def test_a_schedule_without_a_published_number_says_none() -> None:
    assert induction_length(PRESETS[PresetId.SL_HOME_4WK]) is None


def test_a_course_of_ones_own_says_what_is_given() -> None:
    assert check_course(CourseBody(drug=Drug.OTHER), today=TODAY) is Drug.OTHER


@pytest.mark.parametrize(
    ("body", "problems"),
    [
        (CourseBody(), [("drug_missing", "drug")]),
        (CourseBody(drug=Drug.OTHER, indication="x" * 121), [("text_too_long", "indication")]),
        (CourseBody(drug=Drug.OTHER, notes="x" * 4001), [("note_too_long", "notes")]),
        (CourseBody(drug=Drug.OTHER, planned_sessions=61), [("out_of_range", "planned_sessions")]),
        (CourseBody(drug=Drug.OTHER, planned_sessions=0), [("out_of_range", "planned_sessions")]),
        (CourseBody(drug=Drug.OTHER, baseline_window_days=6), [("out_of_range", "baseline_window_days")]),
        (CourseBody(drug=Drug.OTHER, baseline_window_days=29), [("out_of_range", "baseline_window_days")]),
        (CourseBody(drug=Drug.OTHER, start_date=date(2036, 3, 30)), [("day_out_of_reach", "start_date")]),
        (
            CourseBody(start_date=date(206, 3, 30)),
            [("drug_missing", "drug"), ("day_out_of_reach", "start_date")],
        ),
    ],
)
def test_everything_that_cannot_be_said_is_refused_at_once(
    body: CourseBody, problems: list[tuple[str, str]]
) -> None:
    with pytest.raises(RefusedFields) as refused:
        check_course(body, today=TODAY)
    assert [(one.code, one.field) for one in refused.value.problems] == problems


def test_the_bounds_themselves_can_be_said() -> None:
    for body in (
        CourseBody(drug=Drug.OTHER, indication="x" * 120, planned_sessions=60, baseline_window_days=7),
        CourseBody(drug=Drug.OTHER, notes="x" * 4000, planned_sessions=1, baseline_window_days=28),
    ):
        assert check_course(body, today=TODAY) is Drug.OTHER
