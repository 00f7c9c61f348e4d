"""Schedules on the calendar, what remains of them, and the phases of a course."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest

from journal.domain.courses import (
    PRESETS,
    SESSIONS_MOST,
    PhaseChange,
    PlannedDay,
    Progress,
    Rhythm,
    Stretch,
    change_phase,
    check_phase_date,
    further_dates,
    lay_out,
    moved,
    number_in_course,
    phase_on,
    progress,
)
from journal.domain.errors import Refused
from journal.domain.treatments import (
    Course,
    Drug,
    Phase,
    PresetId,
    Route,
    Source,
    Status,
    TreatmentSession,
)

MONDAY = date(2026, 3, 2)
TODAY = date(2026, 3, 2)


def days(preset: PresetId, start: date) -> list[str]:
    return [f"{one.local_date:%a %d %b}" for one in lay_out(PRESETS[preset].stretches, start)]


def phases(preset: PresetId) -> list[tuple[int, str]]:
    return [(one.number, one.phase.value) for one in lay_out(PRESETS[preset].stretches, MONDAY)]


def treatment(on: date, status: Status, source: Source = Source.PATIENT) -> TreatmentSession:
    return TreatmentSession(
        public_id=f"{on}", local_date=on, started_at=None, status=status, route=None, source=source
    )


def course(phase: Phase, start: date | None = None) -> Course:
    return Course("c", phase, "", None, None, start, None)


# --- presets ----------------------------------------------------------------------------------------------------------


def test_there_are_the_twelve_published_schedules() -> None:
    assert [preset.value for preset in PRESETS] == [
        "iv_6x_2wk",
        "iv_6x_2wk_plus_weekly4",
        "iv_6x_3wk",
        "iv_6x_21d",
        "iv_4x_2wk",
        "iv_8x_4wk",
        "iv_custom",
        "esk_trd",
        "esk_mdd_si",
        "sl_home_4wk",
        "oral_custom",
        "im_custom",
    ]


@pytest.mark.parametrize(
    ("preset", "drug", "route", "grade"),
    [
        (PresetId.IV_6X_2WK, Drug.KETAMINE_RACEMIC, Route.IV, "R"),
        (PresetId.IV_6X_2WK_PLUS_WEEKLY4, Drug.KETAMINE_RACEMIC, Route.IV, "R"),
        (PresetId.IV_6X_3WK, Drug.KETAMINE_RACEMIC, Route.IV, "R2"),
        (PresetId.IV_6X_21D, Drug.KETAMINE_RACEMIC, Route.IV, "R2"),
        (PresetId.IV_4X_2WK, Drug.KETAMINE_RACEMIC, Route.IV, "R"),
        (PresetId.IV_8X_4WK, Drug.KETAMINE_RACEMIC, Route.IV, "R"),
        (PresetId.IV_CUSTOM, Drug.KETAMINE_RACEMIC, Route.IV, "R"),
        (PresetId.ESK_TRD, Drug.ESKETAMINE, Route.IN_ESKETAMINE, "R2"),
        (PresetId.ESK_MDD_SI, Drug.ESKETAMINE, Route.IN_ESKETAMINE, "R2"),
        (PresetId.SL_HOME_4WK, Drug.KETAMINE_RACEMIC, Route.SUBLINGUAL, "R2"),
        (PresetId.ORAL_CUSTOM, Drug.KETAMINE_RACEMIC, Route.ORAL, "R"),
        (PresetId.IM_CUSTOM, Drug.KETAMINE_RACEMIC, Route.IM, "R"),
    ],
)
def test_a_preset_names_its_drug_its_route_and_how_well_it_is_known(
    preset: PresetId, drug: Drug, route: Route, grade: str
) -> None:
    found = PRESETS[preset]
    assert (found.drug, found.route, found.grade) == (drug, route, grade)


def test_six_infusions_in_two_weeks_are_monday_wednesday_friday_over_twelve_days() -> None:
    assert days(PresetId.IV_6X_2WK, MONDAY) == [
        "Mon 02 Mar",
        "Wed 04 Mar",
        "Fri 06 Mar",
        "Mon 09 Mar",
        "Wed 11 Mar",
        "Fri 13 Mar",
    ]


def test_four_weekly_ones_follow_the_six_as_maintenance() -> None:
    assert days(PresetId.IV_6X_2WK_PLUS_WEEKLY4, MONDAY)[5:] == [
        "Fri 13 Mar",
        "Fri 20 Mar",
        "Fri 27 Mar",
        "Fri 03 Apr",
        "Fri 10 Apr",
    ]
    assert phases(PresetId.IV_6X_2WK_PLUS_WEEKLY4) == [
        (1, "induction"),
        (2, "induction"),
        (3, "induction"),
        (4, "induction"),
        (5, "induction"),
        (6, "induction"),
        (7, "maintenance"),
        (8, "maintenance"),
        (9, "maintenance"),
        (10, "maintenance"),
    ]


@pytest.mark.parametrize("preset", [PresetId.IV_6X_3WK, PresetId.IV_6X_21D])
def test_six_infusions_in_three_weeks_are_two_a_week(preset: PresetId) -> None:
    assert days(preset, MONDAY) == [
        "Mon 02 Mar",
        "Thu 05 Mar",
        "Mon 09 Mar",
        "Thu 12 Mar",
        "Mon 16 Mar",
        "Thu 19 Mar",
    ]


def test_four_infusions_in_two_weeks_are_two_a_week() -> None:
    assert days(PresetId.IV_4X_2WK, MONDAY) == ["Mon 02 Mar", "Thu 05 Mar", "Mon 09 Mar", "Thu 12 Mar"]


@pytest.mark.parametrize("preset", [PresetId.IV_8X_4WK, PresetId.ESK_MDD_SI])
def test_eight_in_four_weeks_are_two_a_week(preset: PresetId) -> None:
    assert days(preset, date(2026, 3, 3)) == [
        "Tue 03 Mar",
        "Fri 06 Mar",
        "Tue 10 Mar",
        "Fri 13 Mar",
        "Tue 17 Mar",
        "Fri 20 Mar",
        "Tue 24 Mar",
        "Fri 27 Mar",
    ]


def test_esketamine_is_twice_a_week_for_four_weeks_then_weekly_for_four() -> None:
    assert days(PresetId.ESK_TRD, MONDAY)[6:] == [
        "Mon 23 Mar",
        "Thu 26 Mar",
        "Thu 02 Apr",
        "Thu 09 Apr",
        "Thu 16 Apr",
        "Thu 23 Apr",
    ]
    assert phases(PresetId.ESK_TRD)[7:9] == [(8, "induction"), (9, "maintenance")]


def test_esketamine_goes_on_weekly_or_every_two_weeks_as_somebody_chooses() -> None:
    assert PRESETS[PresetId.ESK_TRD].afterwards == (Rhythm.WEEKLY, Rhythm.EVERY_TWO_WEEKS)
    last = date(2026, 4, 23)
    assert further_dates(last, Rhythm.WEEKLY, count=2) == [date(2026, 4, 30), date(2026, 5, 7)]
    assert further_dates(last, Rhythm.EVERY_TWO_WEEKS, count=2) == [date(2026, 5, 7), date(2026, 5, 21)]


@pytest.mark.parametrize(
    "preset", [PresetId.IV_CUSTOM, PresetId.SL_HOME_4WK, PresetId.ORAL_CUSTOM, PresetId.IM_CUSTOM]
)
def test_where_no_number_of_sessions_is_verified_nothing_is_laid_out(preset: PresetId) -> None:
    assert PRESETS[preset].stretches == ()


# --- on the calendar --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (date(2026, 3, 3), ["Tue 03", "Fri 06", "Mon 09", "Wed 11", "Fri 13", "Mon 16"]),
        (date(2026, 3, 4), ["Wed 04", "Fri 06", "Mon 09", "Wed 11", "Fri 13", "Mon 16"]),
        (date(2026, 3, 5), ["Thu 05", "Mon 09", "Wed 11", "Fri 13", "Mon 16", "Wed 18"]),
        (date(2026, 3, 6), ["Fri 06", "Mon 09", "Wed 11", "Fri 13", "Mon 16", "Wed 18"]),
        (date(2026, 3, 7), ["Sat 07", "Mon 09", "Wed 11", "Fri 13", "Mon 16", "Wed 18"]),
        (date(2026, 3, 8), ["Sun 08", "Wed 11", "Fri 13", "Mon 16", "Wed 18", "Fri 20"]),
    ],
)
def test_three_a_week_join_the_published_weekdays_with_a_day_between(
    start: date, expected: list[str]
) -> None:
    found = lay_out(PRESETS[PresetId.IV_6X_2WK].stretches, start)
    assert [f"{one.local_date:%a %d}" for one in found] == expected


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        (date(2026, 3, 4), ["Wed 04", "Fri 06", "Wed 11", "Fri 13"]),
        (date(2026, 3, 5), ["Thu 05", "Mon 09", "Thu 12", "Mon 16"]),
        (date(2026, 3, 6), ["Fri 06", "Tue 10", "Fri 13", "Tue 17"]),
        (date(2026, 3, 7), ["Sat 07", "Tue 10", "Sat 14", "Tue 17"]),
        (date(2026, 3, 8), ["Sun 08", "Wed 11", "Sun 15", "Wed 18"]),
    ],
)
def test_two_a_week_keep_the_weekday_of_the_first(start: date, expected: list[str]) -> None:
    found = lay_out(PRESETS[PresetId.IV_4X_2WK].stretches, start)
    assert [f"{one.local_date:%a %d}" for one in found] == expected


@pytest.mark.parametrize("preset", [one for one in PRESETS if PRESETS[one].stretches])
@pytest.mark.parametrize("offset", range(5))
def test_who_begins_on_a_working_day_never_meets_on_a_weekend_or_on_two_days_running(
    preset: PresetId, offset: int
) -> None:
    found = [one.local_date for one in lay_out(PRESETS[preset].stretches, MONDAY + timedelta(days=offset))]
    assert all(day.weekday() < 5 for day in found)
    assert all((later - earlier).days >= 2 for earlier, later in pairwise(found))


@pytest.mark.parametrize("offset", range(7))
def test_six_within_21_days_fit_from_every_weekday(offset: int) -> None:
    found = lay_out(PRESETS[PresetId.IV_6X_21D].stretches, MONDAY + timedelta(days=offset))
    assert (found[-1].local_date - found[0].local_date).days < 21


def test_a_schedule_of_ones_own_is_laid_out_stretch_by_stretch() -> None:
    own = (
        Stretch(Phase.INDUCTION, Rhythm.TWO_A_WEEK, 2),
        Stretch(Phase.INDUCTION, Rhythm.WEEKLY, 1),
        Stretch(Phase.MAINTENANCE, Rhythm.EVERY_TWO_WEEKS, 1),
    )
    assert lay_out(own, MONDAY) == (
        PlannedDay(1, date(2026, 3, 2), Phase.INDUCTION),
        PlannedDay(2, date(2026, 3, 5), Phase.INDUCTION),
        PlannedDay(3, date(2026, 3, 12), Phase.INDUCTION),
        PlannedDay(4, date(2026, 3, 26), Phase.MAINTENANCE),
    )


@pytest.mark.parametrize("counts", [(), (0,), (6, 0), (61,), (60, 1), (6, -1)])
def test_a_schedule_has_one_to_sixty_sessions(counts: tuple[int, ...]) -> None:
    own = [Stretch(Phase.INDUCTION, Rhythm.WEEKLY, count) for count in counts]
    with pytest.raises(Refused) as caught:
        lay_out(own, MONDAY)
    assert (caught.value.code, caught.value.field, caught.value.details) == (
        "out_of_range",
        "count",
        {"low": 1, "high": 60},
    )


def test_a_schedule_ends_within_two_years() -> None:
    with pytest.raises(Refused) as caught:
        lay_out([Stretch(Phase.MAINTENANCE, Rhythm.EVERY_TWO_WEEKS, SESSIONS_MOST)], MONDAY)
    assert (caught.value.code, caught.value.details) == ("day_out_of_reach", {"year": 2028})


def test_a_moved_session_leaves_the_others_where_they_are() -> None:
    planned = lay_out(PRESETS[PresetId.IV_4X_2WK].stretches, MONDAY)
    found = moved(planned, 2, to=date(2026, 3, 6), today=TODAY)
    assert [(one.number, one.local_date) for one in found] == [
        (1, date(2026, 3, 2)),
        (2, date(2026, 3, 6)),
        (3, date(2026, 3, 9)),
        (4, date(2026, 3, 12)),
    ]


def test_a_session_moved_past_others_is_numbered_by_its_date() -> None:
    planned = lay_out(
        (Stretch(Phase.INDUCTION, Rhythm.TWO_A_WEEK, 2), Stretch(Phase.MAINTENANCE, Rhythm.WEEKLY, 1)), MONDAY
    )
    assert moved(planned, 1, to=date(2026, 3, 20), today=TODAY) == (
        PlannedDay(1, date(2026, 3, 5), Phase.INDUCTION),
        PlannedDay(2, date(2026, 3, 12), Phase.INDUCTION),
        PlannedDay(3, date(2026, 3, 20), Phase.MAINTENANCE),
    )


@pytest.mark.parametrize(
    ("to", "code"),
    [
        (date(2026, 3, 1), "day_past"),
        (date(2026, 3, 9), "session_on_that_day"),
        (date(2028, 3, 3), "day_out_of_reach"),
    ],
)
def test_a_session_moves_to_a_free_day_that_is_near_enough(to: date, code: str) -> None:
    planned = lay_out(PRESETS[PresetId.IV_4X_2WK].stretches, MONDAY)
    with pytest.raises(Refused) as caught:
        moved(planned, 2, to=to, today=TODAY)
    assert (caught.value.code, caught.value.field) == (code, "local_date")


def test_a_session_may_stay_where_it_is() -> None:
    planned = lay_out(PRESETS[PresetId.IV_4X_2WK].stretches, MONDAY)
    assert moved(planned, 2, to=date(2026, 3, 5), today=TODAY) == planned


# --- what remains -----------------------------------------------------------------------------------------------------


def test_what_remains_is_what_is_planned_and_has_not_been() -> None:
    found = progress(
        [
            treatment(date(2026, 2, 2), Status.COMPLETED),
            treatment(date(2026, 3, 2), Status.COMPLETED),
            treatment(date(2026, 3, 5), Status.STOPPED_EARLY),
            treatment(date(2026, 3, 9), Status.MISSED),
            treatment(date(2026, 3, 12), Status.PLANNED),
            treatment(date(2026, 3, 16), Status.PLANNED),
            treatment(date(2026, 3, 19), Status.PLANNED),
            treatment(date(2026, 3, 23), Status.CANCELLED),
        ],
        begins=date(2026, 3, 2),
        today=date(2026, 3, 16),
    )
    assert found == Progress(
        given=2, ahead=(date(2026, 3, 16), date(2026, 3, 19)), unsaid=(date(2026, 3, 12),)
    )


def test_a_planned_date_that_the_other_side_recorded_no_longer_remains() -> None:
    found = progress(
        [
            treatment(date(2026, 3, 2), Status.PLANNED, Source.CLINICIAN),
            treatment(date(2026, 3, 2), Status.COMPLETED),
        ],
        begins=None,
        today=date(2026, 3, 2),
    )
    assert found == Progress(given=1, ahead=(), unsaid=())


@pytest.mark.parametrize(
    ("day", "begins", "number"),
    [
        (date(2026, 3, 5), date(2026, 3, 2), 2),
        (date(2026, 3, 2), date(2026, 3, 2), 1),
        (date(2026, 2, 2), date(2026, 3, 2), None),
        (date(2026, 3, 5), None, 3),
    ],
)
def test_a_session_has_its_number_in_its_course(day: date, begins: date | None, number: int | None) -> None:
    given = [date(2026, 2, 2), date(2026, 3, 2), date(2026, 3, 2), date(2026, 3, 5)]
    assert number_in_course(given, day, begins=begins) == number


# --- phases -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("before", Phase)
@pytest.mark.parametrize("to", Phase)
def test_a_course_goes_only_where_a_course_can_go(before: Phase, to: Phase) -> None:
    allowed = {
        ("planned", "induction"),
        ("induction", "maintenance"),
        ("induction", "paused"),
        ("induction", "ended"),
        ("maintenance", "paused"),
        ("maintenance", "ended"),
        ("paused", "induction"),
        ("paused", "maintenance"),
        ("paused", "ended"),
    }
    if (before.value, to.value) in allowed:
        assert change_phase(course(before), to, on=TODAY).phase is to
    else:
        with pytest.raises(Refused) as caught:
            change_phase(course(before), to, on=TODAY)
        assert (caught.value.code, caught.value.field) == ("phase_not_next", "phase")


def test_induction_begins_a_course_that_had_no_beginning() -> None:
    assert change_phase(course(Phase.PLANNED), Phase.INDUCTION, on=TODAY).start_date == TODAY


def test_a_beginning_that_was_set_stays() -> None:
    begun = course(Phase.PLANNED, start=date(2026, 2, 27))
    assert change_phase(begun, Phase.INDUCTION, on=TODAY).start_date == date(2026, 2, 27)


def test_the_end_of_a_course_is_its_last_phase_and_its_date() -> None:
    ended = change_phase(course(Phase.PAUSED, start=date(2026, 2, 27)), Phase.ENDED, on=TODAY)
    assert (ended.start_date, ended.end_date) == (date(2026, 2, 27), TODAY)


def test_a_session_belongs_to_the_phase_of_its_day() -> None:
    changes = [
        PhaseChange(date(2026, 3, 2), Phase.INDUCTION),
        PhaseChange(date(2026, 3, 20), Phase.MAINTENANCE),
        PhaseChange(date(2026, 4, 1), Phase.PAUSED),
    ]
    days_ = [date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 19), date(2026, 3, 20), date(2026, 5, 1)]
    assert [phase_on(changes, day).value for day in days_] == [
        "planned",
        "induction",
        "induction",
        "maintenance",
        "paused",
    ]


def test_of_two_changes_on_one_day_the_one_made_last_counts() -> None:
    changes = [PhaseChange(TODAY, Phase.PAUSED), PhaseChange(TODAY, Phase.INDUCTION)]
    assert phase_on(changes, TODAY) is Phase.INDUCTION


@pytest.mark.parametrize(
    ("on", "since", "code"),
    [
        (date(2026, 3, 19), date(2026, 3, 20), "phase_before_last"),
        (date(2026, 3, 31), date(2026, 3, 20), "day_in_future"),
        (date(2026, 4, 8), date(2026, 4, 7), "day_in_future"),
    ],
)
def test_a_phase_does_not_change_before_it_began_nor_ahead(on: date, since: date, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_phase_date(on, since=since, today=date(2026, 3, 30))
    assert refused.value.code == code


def test_a_course_that_has_not_begun_can_be_called_off() -> None:
    check_phase_date(date(2026, 4, 7), since=date(2026, 4, 7), today=date(2026, 3, 30))
