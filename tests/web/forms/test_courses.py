"""What is typed about a course becomes values, or is said to be unreadable, everything at once."""

from __future__ import annotations

from datetime import date

import pytest

from journal.domain.course_bodies import CourseBody
from journal.domain.courses import Rhythm, Stretch
from journal.domain.errors import RefusedFields
from journal.domain.treatments import Course, Drug, Phase, PresetId, Route
from journal.web.forms.courses import Asked, CourseForm, MoveForm, PhaseForm, PlanForm
from tests.conftest import Site

COURSE = Course("c", Phase.MAINTENANCE, "", None, None, None, None, preset_id=PresetId.ESK_MDD_SI)


def problems(fault: RefusedFields) -> list[tuple[str, str | None]]:
    return [(one.code, one.field) for one in fault.problems]


def test_a_course_as_typed(site: Site) -> None:
    with site.app.test_request_context():
        form = CourseForm(
            preset_id="iv_custom",
            drug="other",
            route="im",
            indication=" low mood ",
            start_date="2026-03-02",
            planned_sessions="5",
            notes="a\r\nb ",
        )
        assert form.said() == CourseBody(
            PresetId.IV_CUSTOM, Drug.OTHER, Route.IM, "low mood", "a\nb", date(2026, 3, 2), 5, 14
        )


def test_everything_unreadable_in_a_course_is_named(site: Site) -> None:
    with site.app.test_request_context():
        form = CourseForm(
            preset_id="x",
            drug="x",
            route="x",
            start_date="x",
            planned_sessions="-1",
            baseline_window_days="1e3",
        )
        with pytest.raises(RefusedFields) as refused:
            form.said()
    assert problems(refused.value) == [
        ("not_a_choice", "preset_id"),
        ("not_a_choice", "drug"),
        ("not_a_choice", "route"),
        ("not_a_day", "start_date"),
        ("not_a_number", "planned_sessions"),
        ("not_a_number", "baseline_window_days"),
    ]


def test_a_rhythm_is_planned_for_the_phase_that_the_course_is_in(site: Site) -> None:
    with site.app.test_request_context():
        asked = PlanForm(how="every_two_weeks", count="3", first="2026-04-01").asked(COURSE)
    assert asked == Asked((Stretch(Phase.MAINTENANCE, Rhythm.EVERY_TWO_WEEKS, 3),), date(2026, 4, 1))


def test_the_whole_schedule_needs_no_number(site: Site) -> None:
    with site.app.test_request_context():
        asked = PlanForm(how="schedule", count="", first="2026-04-01").asked(COURSE)
    assert asked.stretches == (Stretch(Phase.INDUCTION, Rhythm.TWO_A_WEEK, 8),)


def test_dates_that_were_looked_at_are_read_or_none(site: Site) -> None:
    with site.app.test_request_context():
        assert PlanForm(seen="2026-04-01 2026-04-03").dates_seen() == [date(2026, 4, 1), date(2026, 4, 3)]
        assert PlanForm(seen="2026-04-01 soon").dates_seen() == []


def test_a_version_that_nobody_has_stands_for_one_that_was_removed(site: Site) -> None:
    with site.app.test_request_context():
        assert [MoveForm(version=text).seen_version() for text in ("3", "", "-1", "²")] == [3, -1, -1, -1]


def test_a_phase_is_asked_for_by_name(site: Site) -> None:
    with site.app.test_request_context():
        with pytest.raises(RefusedFields) as refused:
            PhaseForm(phase="", local_date="").said()
        assert PhaseForm(phase="paused", local_date="2026-03-30").said() == (Phase.PAUSED, date(2026, 3, 30))
    assert problems(refused.value) == [("phase_missing", "phase"), ("day_missing", "local_date")]
