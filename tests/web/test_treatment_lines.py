"""How sessions are named in lists."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from journal.domain.treatments import Route, Source, Status, TreatmentSession
from journal.web.treatment_lines import TreatmentLine, days_since_words, lines_of


def line(
    day: int, *, status: Status = Status.COMPLETED, by: int | None = None, route: Route | None = None
) -> TreatmentSession:
    return TreatmentSession(
        public_id=f"{day}-{by}",
        local_date=date(2026, 3, day),
        started_at=None,
        status=status,
        route=route,
        source=Source.PATIENT if by is None else Source.CLINICIAN,
        by_provider_id=by,
    )


def lines(*found: TreatmentSession, may_edit: tuple[int | None, ...] = ()) -> list[TreatmentLine]:
    return lines_of(found, names={7: "Lena"}, may_edit=may_edit)


def test_only_a_given_session_has_a_number() -> None:
    found = lines(
        line(13, route=Route.IV), line(9, status=Status.CANCELLED), line(2, status=Status.STOPPED_EARLY)
    )
    assert [(one.name, one.status) for one in found] == [
        ("S2", "Took place"),
        ("", "Cancelled"),
        ("S1", "Stopped early"),
    ]
    assert found[0].route == "Drip into a vein (IV)"


def test_a_clinician_whose_name_is_not_known_stays_nameless() -> None:
    found = lines(line(13), line(12, by=7), line(11, by=8))
    assert [one.recorded_by for one in found] == ["", "Lena", "a clinician"]


def test_each_side_may_change_its_own() -> None:
    found = [line(13), line(12, by=7), line(11, by=8)]
    assert [one.may_edit for one in lines(*found, may_edit=(None,))] == [True, False, False]
    assert [one.may_edit for one in lines(*found, may_edit=(7,))] == [False, True, False]
    assert [one.may_edit for one in lines(*found)] == [False, False, False]


def test_what_came_from_elsewhere_has_its_name_and_is_nobodys_to_change() -> None:
    session = replace(line(11, by=8), by_provider_id=None)
    (found,) = lines_of([session], names={7: "Lena"}, may_edit=(None, 7), elsewhere={"11-8": "Mara"})
    assert (found.recorded_by, found.may_edit) == ("Mara", False)
    (unnamed,) = lines_of([session], names={7: "Lena"})
    assert unnamed.recorded_by == "a clinician"


def test_two_records_of_a_day_are_both_marked() -> None:
    assert [one.twice for one in lines(line(13), line(13, by=7), line(1))] == [True, True, False]


def since(*given: date, on: date = date(2026, 3, 30)) -> str:
    found = [replace(line(1), public_id=str(day), local_date=day) for day in given]
    return days_since_words([*found, line(28, status=Status.MISSED)], on)


def test_days_since_the_last_session_stand_beside_the_intervals_between_the_earlier_ones() -> None:
    first = date(2026, 1, 24)
    given = [first + timedelta(days=days) for days in (0, 3, 7, 10, 28, 53)]
    assert since(*given) == (
        "12 days since your last session. Between the earlier ones: 3, 4, 3, 18, 25 days."
    )


def test_the_first_days_and_the_first_sessions_are_said_in_whole_sentences() -> None:
    assert since() == ""
    assert since(date(2026, 3, 30)) == "Your last session was today."
    assert since(date(2026, 3, 29), date(2026, 3, 28)) == (
        "1 day since your last session. Between the earlier ones: 1 day."
    )


def test_of_many_intervals_the_latest_twelve_are_said() -> None:
    given = [date(2026, 1, 1) + timedelta(days=2 * number) for number in range(14)]
    assert since(*given, on=date(2026, 1, 30)).endswith(
        "Between the earlier ones: … " + ", ".join(["2"] * 12) + " days."
    )


def test_two_records_of_one_date_are_one_session() -> None:
    assert since(date(2026, 3, 20), date(2026, 3, 20)) == "10 days since your last session."
