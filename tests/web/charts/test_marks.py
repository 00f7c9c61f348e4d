"""Marks of medicines and key moments: what they say, where they stand, and which are named."""

from __future__ import annotations

from datetime import date, timedelta

from journal.domain.key_moments import KeyMoment
from journal.domain.medications import Medication
from journal.domain.treatments import Source
from journal.storage.key_moments import KeptMoment
from journal.storage.medications import KeptMedication
from journal.web.charts.geometry import Frame
from journal.web.charts.marks import Kind, Mark, marks_of, named, on_day, sentence, shapes
from tests.web.chart_cast import march


def medicine(dose: str, since: date | None, until: date | None = None) -> KeptMedication:
    return KeptMedication(Medication("m", "Sertraline", dose, True, since, until, Source.PATIENT))


def moment(day: int, label: str = "New job") -> KeptMoment:
    return KeptMoment(KeyMoment("k", march(day), label, False, Source.PATIENT))


def many(number: int) -> list[Mark]:
    return [Mark(march(day), Kind.MOMENT, f"Moment {day}") for day in range(1, number + 1)]


def test_a_list_and_moments_become_marks_in_date_order() -> None:
    medicines = [medicine("100 mg", march(10), march(20)), medicine("50 mg", march(2), march(9))]
    assert marks_of(medicines, [moment(5)]) == [
        Mark(march(2), Kind.MEDICINE, "Sertraline, 50 mg, from this day on"),
        Mark(march(5), Kind.MOMENT, "New job"),
        Mark(march(10), Kind.MEDICINE, "Sertraline changed to 100 mg"),
        Mark(march(21), Kind.MEDICINE, "Sertraline: first day without it"),
    ]


def test_what_nobody_dated_has_no_mark() -> None:
    assert marks_of([medicine("50 mg", None)], []) == []


def test_squares_and_triangles_stand_beneath_the_drawing() -> None:
    frame = Frame(0, 310, 0, 100, 0, 10, march(1), march(31))
    marks = [Mark(march(1), Kind.MEDICINE, "a"), Mark(march(2), Kind.MOMENT, "b")]
    assert [(shape.classes, shape.d) for shape in shapes(marks, frame)] == [
        ("c-med", "M2.2 102.7H7.8V108.3H2.2z"),
        ("c-moment", "M15 102.3L18.2 108.3h-6.4z"),
    ]


def test_a_triangle_steps_aside_for_a_square_of_its_day() -> None:
    frame = Frame(0, 310, 0, 100, 0, 10, march(1), march(31))
    marks = [Mark(march(2), Kind.MEDICINE, "a"), Mark(march(2), Kind.MOMENT, "b")]
    _square, triangle = shapes(marks, frame)
    assert triangle.d.startswith("M22 102.3")


def test_the_latest_eight_are_named_beneath() -> None:
    assert [words for _mark, words in named(many(10))] == [f"{day} Mar: Moment {day}" for day in range(3, 11)]
    across = [Mark(date(2025, 12, 30), Kind.MOMENT, "a"), Mark(march(1), Kind.MEDICINE, "b")]
    assert named(across) == (("moment", "30 Dec 2025: a"), ("medicine", "1 Mar 2026: b"))


def test_four_are_spoken_and_more_are_counted() -> None:
    assert sentence([]) == ""
    assert sentence(many(2)) == "Marked: 1 March: Moment 1; 2 March: Moment 2."
    assert sentence(many(5)) == "5 changes are marked; the table names them."


def test_a_row_of_a_table_names_what_changed_in_it() -> None:
    assert on_day(many(3), march(2), march(2)) == "Moment 2"
    assert on_day(many(3), march(1), march(2)) == "Moment 1; Moment 2"
    assert on_day(many(3), march(3) + timedelta(days=1), march(9)) == ""
