"""Each refusal has its sentence: all codes that are raised, all gaps filled, and a tone that blames nobody."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator

import pytest

from journal.domain.errors import Refused, RefusedFields
from journal.messages import SENTENCES, by_field, sentence
from tests.house.source import PACKAGE, Module, modules

BLAME = re.compile(r"\b(you (must|have to|failed|forgot)|invalid|illegal|error|wrong)\b|!", re.IGNORECASE)


def raised(module: Module) -> Iterator[tuple[str, set[str] | None]]:
    """Every refusal written out in a module: its code, and the names of its details (None where they are passed on)."""
    for node in module.nodes:
        match node:
            case ast.Call(
                func=ast.Name(id=name) | ast.Attribute(attr=name), args=[ast.Constant(value=code), *_]
            ) if name.endswith("Refused"):
                names = {word.arg for word in node.keywords if word.arg != "field"}
                yield str(code), None if None in names else {name for name in names if name}


RAISED = sorted({(code, *sorted(names or ())) for module in modules() for code, names in raised(module)})


def gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_code_that_is_raised_has_a_sentence() -> None:
    assert [code for code, *_ in RAISED if code not in SENTENCES] == []


def test_every_sentence_is_for_something() -> None:
    """Codes also travel as plain words: rules in a table, problems of a file's row."""
    source = "\n".join(module.text for module in modules() if module.name != "journal.messages")
    assert [code for code in SENTENCES if f'"{code}"' not in source] == []


def test_every_gap_of_a_sentence_is_filled_where_it_is_raised() -> None:
    unfilled = [
        (module.name, code)
        for module in modules()
        for code, names in raised(module)
        if names is not None and code in SENTENCES and not gaps(SENTENCES[code]) <= names
    ]
    assert unfilled == []


def test_a_gap_that_nobody_fills_is_noticed() -> None:
    planted = Module("journal.planted", PACKAGE, 'raise Refused("out_of_range", field="mood", low=0)')
    (found,) = raised(planted)
    code, names = found
    assert names is not None
    assert gaps(SENTENCES[code]) - names == {"high"}


@pytest.mark.parametrize("code", sorted(SENTENCES))
def test_a_sentence_is_one_line_that_begins_large_and_blames_nobody(code: str) -> None:
    text = SENTENCES[code]
    assert text[0].isupper() or text[0] == "{"
    assert "\n" not in text
    assert not text.endswith(".")
    assert not BLAME.search(text)


@pytest.mark.parametrize("text", ["Invalid input", "You must choose", "That is wrong", "Done!"])
def test_a_sentence_that_blames_is_noticed(text: str) -> None:
    assert BLAME.search(text)


def test_gaps_are_filled_with_the_details() -> None:
    refusal = Refused("out_of_range", field="mood", low=0, high=10)
    assert sentence(refusal) == "Choose a value from 0 to 10"


@pytest.mark.parametrize(
    ("over", "said"),
    [
        (1, "Your note is 1 character too long"),
        (2, "Your note is 2 characters too long"),
        (1200, "Your note is 1,200 characters too long"),
    ],
)
def test_one_reads_otherwise_than_many(over: int, said: str) -> None:
    assert sentence(Refused("note_too_long", field="note", over=over)) == said


def test_a_day_is_written_as_people_write_it() -> None:
    from datetime import date

    refusal = Refused("day_not_shared", first=date(2026, 3, 4))
    assert sentence(refusal).startswith("Choose 4 March 2026 or a later day")


def test_each_field_gets_its_own_sentence_in_the_order_of_the_problems() -> None:
    fault = RefusedFields(
        [Refused("zone_unknown", field="zone"), Refused("name_missing", field="display_name")]
    )
    assert list(by_field(fault).items()) == [
        ("zone", "Choose your time zone from the list"),
        ("display_name", "Write a name, or what you like to be called"),
    ]


def test_what_belongs_to_no_field_stands_under_no_name() -> None:
    assert by_field(Refused("no_such_account")) == {"": "Nobody here has this address"}
