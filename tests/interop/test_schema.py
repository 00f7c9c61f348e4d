"""The small schema checker agrees with the standard's own."""

import copy
import json

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.interop.schema import Fault, first_fault, follow
from journal.interop.tideline import document_of, schema
from tests.interop.documents import journal

UNDERSTOOD = {
    "$ref", "$schema", "title", "description", "type", "const", "enum", "minimum", "maximum", "minLength", "maxLength",
    "pattern", "format", "items", "maxItems", "uniqueItems", "properties", "required", "additionalProperties",
}  # fmt: skip
checker = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker())
document = json.loads(json.dumps(document_of(journal())))


def keywords(part: object, *, names: bool = False):
    if isinstance(part, dict):
        for name, inner in part.items():
            if not names:
                yield name
            if name not in ("enum", "const", "required"):
                yield from keywords(inner, names=name == "properties" and not names)


def places(value: object, path: tuple[object, ...] = ()):
    yield path
    if isinstance(value, (dict, list)):
        for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(inner, (*path, name))


def test_the_document_uses_only_keywords_that_are_understood():
    assert set(keywords(schema())) <= UNDERSTOOD


def test_the_first_fault_names_path_and_rule():
    assert first_fault([1, "x"], {"type": "array", "items": {"type": "integer"}}) == Fault("$[1]", "type")


@pytest.mark.parametrize(
    ("value", "fits"), [(1, True), (1.0, False), (True, False), ("1", False), (None, False)]
)
def test_an_integer_is_written_as_one(value, fits):
    assert (first_fault(value, {"type": "integer"}) is None) is fits


def test_a_reference_leads_to_its_place():
    assert follow({"$ref": "#/properties/a"}, {"properties": {"a": {"type": "null"}}}) == {"type": "null"}


values = st.none() | st.booleans() | st.integers(-5, 5000) | st.text(max_size=5) | st.just([]) | st.just({})


@settings(deadline=None, max_examples=80)
@given(st.sampled_from([place for place in places(document) if place]), values)
def test_it_finds_a_fault_exactly_where_the_standard_does(place, value):
    changed = copy.deepcopy(document)
    inner = changed
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    assert (first_fault(changed, schema()) is None) == checker.is_valid(changed)
