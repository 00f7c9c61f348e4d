"""The list of medicines, and the marks its changes leave on the timeline."""

from __future__ import annotations

from datetime import date

import pytest

from journal.domain.errors import RefusedFields
from journal.domain.medications import Medication, changes, check
from journal.domain.treatments import Source

TODAY = date(2026, 3, 30)


def medicine(
    dose: str, started: date | None, ended: date | None = None, name: str = "Sertraline"
) -> Medication:
    return Medication("m", name, dose, True, started, ended, Source.PATIENT)


def marks(*rows: Medication) -> list[tuple[str, str, str]]:
    return [(str(one.local_date), one.change.value, one.medication.dose) for one in changes(rows)]


def refused(found: Medication) -> list[tuple[str, str | None]]:
    with pytest.raises(RefusedFields) as caught:
        check(found, today=TODAY)
    return [(problem.code, problem.field) for problem in caught.value.problems]


def test_a_medicine_that_was_always_taken_leaves_no_mark() -> None:
    assert marks(medicine("50 mg", None)) == []


def test_a_beginning_and_an_end_are_marks() -> None:
    assert marks(medicine("50 mg", date(2026, 3, 2), date(2026, 3, 19))) == [
        ("2026-03-02", "started", "50 mg"),
        ("2026-03-20", "stopped", "50 mg"),
    ]


@pytest.mark.parametrize("started", [date(2026, 3, 19), date(2026, 3, 20)])
def test_another_dose_that_follows_at_once_is_one_change(started: date) -> None:
    found = marks(medicine("100 mg", started, name=" sertraline"), medicine("50 mg", None, date(2026, 3, 19)))
    assert found == [(str(started), "changed", "100 mg")]


def test_a_day_without_it_is_a_stop_and_a_start() -> None:
    found = marks(medicine("50 mg", None, date(2026, 3, 19)), medicine("50 mg", date(2026, 3, 22)))
    assert found == [("2026-03-20", "stopped", "50 mg"), ("2026-03-22", "started", "50 mg")]


def test_two_medicines_change_each_for_itself_and_in_order() -> None:
    found = changes(
        [
            medicine("50 mg", date(2026, 3, 9)),
            medicine("20 mg", date(2026, 3, 2), date(2026, 3, 8), name="Fluoxetine"),
        ]
    )
    assert [(one.local_date.day, one.change.value, one.medication.name) for one in found] == [
        (2, "started", "Fluoxetine"),
        (9, "stopped", "Fluoxetine"),
        (9, "started", "Sertraline"),
    ]


def test_a_medicine_has_a_name_and_ends_after_it_began() -> None:
    check(medicine("", date(1986, 3, 2), date(1986, 3, 2)), today=TODAY)
    assert refused(medicine("50 mg", date(2026, 3, 2), date(2026, 3, 1), name=" ")) == [
        ("medicine_name_missing", "name"),
        ("last_day_before_first", "ended_on"),
    ]


def test_its_texts_are_short_and_its_years_near() -> None:
    assert refused(medicine("a" * 121, date(1926, 3, 2), name="\ud800")) == [
        ("text_unreadable", "name"),
        ("text_too_long", "dose"),
        ("day_out_of_reach", "started_on"),
    ]
