"""How sessions are named in lists."""

from __future__ import annotations

from datetime import date

from journal.domain.treatments import Route, Source, Status, TreatmentSession
from journal.web.treatment_lines import TreatmentLine, lines_of


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


def test_two_records_of_a_day_are_both_marked() -> None:
    assert [one.twice for one in lines(line(13), line(13, by=7), line(1))] == [True, True, False]
