from __future__ import annotations

import pytest

from journal.domain.clinic_templates import (
    EXAMPLE_ITEMS,
    EXAMPLE_TEXTS,
    TEXTS,
    ChecklistItem,
    ClinicTemplate,
    check,
)
from journal.domain.errors import RefusedFields


def refused(template: ClinicTemplate) -> list[tuple[str, str | None]]:
    with pytest.raises(RefusedFields) as caught:
        check(template)
    return [(problem.code, problem.field) for problem in caught.value.problems]


def test_everything_that_was_not_written_is_an_example() -> None:
    assert ClinicTemplate().examples == {"checklist", *TEXTS}
    assert ClinicTemplate(checklist=(), aftercare="").examples == {
        "what_to_expect", "ask_first", "food_and_drink"
    }  # fmt: skip


def test_the_examples_fit_a_template() -> None:
    items = tuple(ChecklistItem(name, text) for name, text in EXAMPLE_ITEMS.items())
    check(ClinicTemplate(checklist=items, **EXAMPLE_TEXTS))


@pytest.mark.parametrize("text", EXAMPLE_TEXTS.values())
def test_no_example_says_how_long_or_how_much(text: str) -> None:
    assert not any(sign.isdigit() for sign in text)


def test_what_is_too_long_too_much_or_no_text_is_refused_at_its_place() -> None:
    many = tuple(ChecklistItem(f"i{number}", "x") for number in range(21))
    assert refused(ClinicTemplate(checklist=many)) == [("checklist_too_long", "checklist")]
    assert refused(ClinicTemplate(checklist=(ChecklistItem("a", "x" * 161),))) == [
        ("text_too_long", "item-a")
    ]
    assert refused(ClinicTemplate(aftercare="x" * 2001, ask_first="\x00")) == [
        ("text_unreadable", "ask_first"),
        ("text_too_long", "aftercare"),
    ]


def test_two_lines_of_one_id_and_an_id_that_is_none_are_refused() -> None:
    twice = (ChecklistItem("a", "x"), ChecklistItem("a", "y"))
    assert refused(ClinicTemplate(checklist=twice)) == [("not_a_choice", "checklist")]
    assert refused(ClinicTemplate(checklist=(ChecklistItem("<b>", "x"),))) == [("not_a_choice", "checklist")]
