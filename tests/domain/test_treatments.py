"""What a treatment session may say, and the days counted from it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from journal.domain.errors import RefusedFields
from journal.domain.treatments import (
    NOTE_LENGTH,
    Course,
    Phase,
    Source,
    Status,
    TreatmentBody,
    TreatmentSession,
    check,
    days_between,
    days_since_last,
    first_of_course,
    given_in_course,
    markers,
    next_planned,
    place,
    recorded_twice,
)

NOW = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)  # 20:00 in Berlin
HOME = "Europe/Berlin"


def treatment(
    on: date, status: Status = Status.COMPLETED, source: Source = Source.PATIENT
) -> TreatmentSession:
    return TreatmentSession(
        public_id=f"{on}-{source}",
        local_date=on,
        started_at=None,
        status=status,
        route=None,
        source=source,
    )


def refused(body: TreatmentBody) -> list[tuple[str, str | None]]:
    with pytest.raises(RefusedFields) as caught:
        check(body, zone=HOME, home=HOME, now=NOW)
    return [(problem.code, problem.field) for problem in caught.value.problems]


def course(starts: date | None) -> Course:
    return Course("c", Phase.INDUCTION, "", None, 6, starts, None)


def test_a_planned_session_may_be_today() -> None:
    placed = check(TreatmentBody(date(2026, 3, 30), Status.PLANNED), zone=HOME, home=HOME, now=NOW)
    assert placed.local_date == date(2026, 3, 30)
    assert placed.started_at is None


def test_a_planned_session_is_not_in_the_past() -> None:
    assert refused(TreatmentBody(date(2026, 3, 29), Status.PLANNED)) == [("planned_day_past", "local_date")]


@pytest.mark.parametrize("status", [Status.COMPLETED, Status.STOPPED_EARLY, Status.MISSED])
def test_what_has_been_is_not_still_ahead(status: Status) -> None:
    assert refused(TreatmentBody(date(2026, 3, 31), status)) == [("session_still_ahead", "local_date")]


def test_a_session_of_later_today_has_not_taken_place() -> None:
    body = TreatmentBody(date(2026, 3, 30), Status.COMPLETED, at=time(21, 0))
    assert refused(body) == [("session_still_ahead", "local_date")]


def test_a_cancelled_session_may_be_ahead_or_past() -> None:
    for day in (date(2026, 3, 1), date(2026, 4, 9)):
        assert check(TreatmentBody(day, Status.CANCELLED), zone=HOME, home=HOME, now=NOW).local_date == day


@pytest.mark.parametrize("year", [1, 1926, 2062, 9999])
def test_a_year_that_cannot_be_meant_is_asked_about(year: int) -> None:
    body = TreatmentBody(date(year, 3, 30), Status.COMPLETED, at=time(0, 0))
    assert refused(body) == [("day_out_of_reach", "local_date")]


def test_a_note_says_by_how_much_it_is_too_long() -> None:
    body = TreatmentBody(date(2026, 3, 30), Status.COMPLETED, note="x" * (NOTE_LENGTH + 7))
    with pytest.raises(RefusedFields) as caught:
        check(body, zone=HOME, home=HOME, now=NOW)
    assert [(one.code, one.details) for one in caught.value.problems] == [("note_too_long", {"over": 7})]


def test_everything_to_fix_is_said_at_once() -> None:
    body = TreatmentBody(date(2026, 3, 29), Status.PLANNED, note="x" * (NOTE_LENGTH + 1))
    assert [field for _, field in refused(body)] == ["note", "local_date"]


def test_a_session_belongs_to_the_date_where_the_patient_lives() -> None:
    """Late in the evening at a clinic in Lisbon it is already tomorrow at the patient's home in Helsinki."""
    body = TreatmentBody(date(2026, 3, 12), Status.COMPLETED, at=time(22, 30))
    placed = place(body, zone="Europe/Lisbon", home="Europe/Helsinki")
    assert placed.local_date == date(2026, 3, 13)
    assert placed.started_at == datetime(2026, 3, 12, 22, 30, tzinfo=UTC)


def test_markers_number_the_given_sessions_and_count_a_date_once() -> None:
    found = markers(
        [
            treatment(date(2026, 3, 13)),
            treatment(date(2026, 3, 13), source=Source.CLINICIAN),
            treatment(date(2026, 1, 12), Status.STOPPED_EARLY),
            treatment(date(2026, 2, 2), Status.CANCELLED),
            treatment(date(2026, 2, 3), Status.MISSED),
            treatment(date(2026, 4, 9), Status.PLANNED),
        ]
    )
    assert [(one.local_date, one.label) for one in found] == [
        (date(2026, 1, 12), "S1"),
        (date(2026, 3, 13), "S2"),
    ]


def test_days_since_the_last_session_count_given_ones_only() -> None:
    found = [treatment(date(2026, 3, 13)), treatment(date(2026, 3, 20), Status.MISSED)]
    assert days_since_last(found, date(2026, 3, 30)) == 17
    assert days_since_last([], date(2026, 3, 30)) is None


def test_days_between_sessions_are_counted_from_date_to_date() -> None:
    found = [treatment(date(2026, 3, day)) for day in (13, 2, 2, 6)]
    assert days_between(markers(found)) == [4, 7]
    assert days_between(markers(found[:1])) == []


def test_the_next_session_is_the_nearest_planned_one() -> None:
    found = [
        treatment(date(2026, 4, 20), Status.PLANNED),
        treatment(date(2026, 4, 9), Status.PLANNED),
        treatment(date(2026, 4, 1), Status.CANCELLED),
        treatment(date(2026, 3, 1), Status.PLANNED),
    ]
    coming = next_planned(found, date(2026, 3, 30))
    assert coming is not None
    assert coming.local_date == date(2026, 4, 9)


def test_a_date_recorded_by_both_sides_is_named() -> None:
    both = date(2026, 3, 13)
    found = [
        treatment(both),
        treatment(both, source=Source.CLINICIAN),
        treatment(date(2026, 3, 1)),
        treatment(date(2026, 2, 1)),
        treatment(date(2026, 2, 1), Status.CANCELLED, Source.CLINICIAN),
    ]
    assert recorded_twice(found) == {both}


def test_sessions_of_a_course_are_counted_from_its_start() -> None:
    days = [date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 15)]
    assert given_in_course(days, course(date(2026, 1, 12))) == 2
    assert given_in_course(days, course(None)) is None


def test_the_first_session_is_that_of_the_present_course() -> None:
    days = [date(2025, 5, 1), date(2026, 1, 15), date(2026, 1, 12)]
    assert first_of_course(days, course(date(2026, 1, 12))) == date(2026, 1, 12)
    assert first_of_course(days, None) == date(2025, 5, 1)
    assert first_of_course([], None) is None
