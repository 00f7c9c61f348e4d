"""A coping plan: what it may hold, and the number in it as a phone dials it."""

from __future__ import annotations

import pytest

from journal.domain.errors import RefusedFields
from journal.domain.support import STEPS, CopingPlan, check, tidied


def refused(plan: CopingPlan) -> dict[str | None, str]:
    with pytest.raises(RefusedFields) as caught:
        check(plan)
    return {problem.field: problem.code for problem in caught.value.problems}


def test_nothing_is_required() -> None:
    check(CopingPlan())
    assert CopingPlan().is_empty


@pytest.mark.parametrize("name", [*STEPS, "person_name", "person_phone"])
def test_a_plan_with_anything_in_it_is_not_empty(name: str) -> None:
    assert not CopingPlan(**{name: "1"}).is_empty


def test_each_step_holds_two_thousand_characters() -> None:
    check(CopingPlan(**dict.fromkeys(STEPS, "ü" * 2_000)))
    assert refused(CopingPlan(**dict.fromkeys(STEPS, "ü" * 2_001))) == dict.fromkeys(STEPS, "text_too_long")


def test_everything_to_fix_is_named_at_once() -> None:
    plan = CopingPlan(signs="a\x00b", safer="x" * 2_001, person_name="D" * 81, person_phone="ask Theo")
    assert refused(plan) == {
        "signs": "text_unreadable",
        "safer": "text_too_long",
        "person_name": "text_too_long",
        "person_phone": "phone_unreadable",
    }


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("", ""),
        ("112", "112"),
        ("0151 234-567", "0151234567"),
        ("+1 (555) 010.0122", "+15550100122"),
        ("+49 (0)30 123456", "+4930123456"),
        ("(030) 12 34 56", "030123456"),
    ],
)
def test_a_number_is_dialled_as_it_is_written(written: str, dialled: str) -> None:
    check(CopingPlan(person_phone=written))
    assert CopingPlan(person_phone=written).dial == dialled


@pytest.mark.parametrize(
    "written", ["12", "+-()", "*100#", "tel:123", "555-HELP", "123+456", "١٢٣٤", "1" * 41]
)
def test_what_no_phone_could_dial_is_refused(written: str) -> None:
    assert set(refused(CopingPlan(person_phone=written))) == {"person_phone"}


def test_what_nobody_typed_on_purpose_is_taken_away() -> None:
    typed = CopingPlan(
        signs=" one\r\ntwo \r\n",
        person_name="  Dana \u00a0 K. ",
        person_phone="\u202a+49\u00a030\u2011123\u202c ",
    )
    assert tidied(typed) == CopingPlan(signs="one\ntwo", person_name="Dana K.", person_phone="+49 30-123")
