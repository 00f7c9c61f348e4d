"""The few ways to say no: what they carry, and that their text holds codes alone."""

from __future__ import annotations

import pytest

from journal.domain.errors import JournalError, NotFound, Refused, RefusedFields


def test_a_refusal_carries_its_code_its_field_and_its_details() -> None:
    refusal = Refused("out_of_range", field="mood", low=0, high=10)
    assert (refusal.code, refusal.field, refusal.details) == ("out_of_range", "mood", {"low": 0, "high": 10})


def test_a_refusal_of_no_field_belongs_to_none() -> None:
    refusal = Refused("no_such_account")
    assert (refusal.field, refusal.details) == (None, {})


def test_the_text_of_a_refusal_is_its_code_alone() -> None:
    assert str(Refused("note_too_long", field="note", over=12)) == "note_too_long"


def test_several_problems_are_named_together_and_in_order() -> None:
    both = RefusedFields([Refused("name_missing"), Refused("zone_unknown", field="zone")])
    assert str(both) == "name_missing, zone_unknown"
    assert [one.field for one in both.problems] == [None, "zone"]


@pytest.mark.parametrize("kind", [Refused, RefusedFields, NotFound])
def test_everything_refused_on_purpose_is_of_one_family(kind: type[Exception]) -> None:
    assert issubclass(kind, JournalError)


def test_several_problems_are_not_caught_as_one() -> None:
    """A form that catches a single refusal must not lose all but the first of several."""
    assert not issubclass(RefusedFields, Refused)
