"""What became of a session's form, and what can be chosen in it."""

from __future__ import annotations

from decimal import Decimal

from journal.domain.doses import USUAL, DoseUnit
from journal.domain.errors import Refused, RefusedFields
from journal.domain.treatment_records import Doubt
from journal.services.treatment_records import Doubted
from journal.web.treatment_forms import Outcome, attempt, choices

DOUBT = Doubt("dose_unusual", "dose_value", (Decimal(5000),), USUAL[DoseUnit.MG])


def failing(fault: Exception) -> Outcome:
    def write() -> None:
        raise fault

    outcome = attempt(write)
    assert outcome is not None
    return outcome


def test_what_was_done_leaves_nothing_to_say() -> None:
    assert attempt(lambda: None) is None


def test_a_refusal_is_said_at_the_field_that_the_form_has() -> None:
    outcome = failing(RefusedFields([Refused("end_before_start", field="ended_at")]))
    assert outcome.errors == {"ended": "Choose a time after the start"}
    assert (outcome.status, outcome.was_faster) == (422, False)


def test_somebody_who_was_faster_is_told_apart() -> None:
    assert failing(Refused("changed_meanwhile", field="local_date")).was_faster


def test_a_doubt_is_no_error_and_yet_nothing_was_kept() -> None:
    outcome = failing(Doubted([DOUBT]))
    assert (outcome.errors, outcome.doubts, outcome.status) == ({}, (DOUBT,), 422)


def test_every_list_can_be_left_unsaid_but_the_time_of_a_measurement() -> None:
    offered = choices()
    assert [name for name, options in offered.items() if options[0][0]] == ["measured", "medicines"]
