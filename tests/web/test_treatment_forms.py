"""What became of a session's form, and what can be chosen in it."""

from __future__ import annotations

from decimal import Decimal

from journal.domain.doses import USUAL, DoseUnit
from journal.domain.errors import Refused, RefusedFields
from journal.domain.treatment_checks import Doubt
from journal.services.treatment_records import Doubted
from journal.web.treatment_forms import SessionAttempt, choices

DOUBT = Doubt("dose_unusual", "dose_value", (Decimal(5000),), USUAL[DoseUnit.MG])


def failing(fault: Exception) -> SessionAttempt:
    def fail() -> None:
        raise fault

    attempt = SessionAttempt()
    with attempt.trying():
        fail()
    return attempt


def test_a_refusal_is_said_at_the_field_that_the_form_has() -> None:
    attempt = failing(RefusedFields([Refused("end_before_start", field="ended_at")]))
    assert attempt.errors == {"ended": "Choose a time after the start"}
    assert (attempt.status, attempt.was_faster) == (422, False)


def test_a_doubt_is_no_error_and_yet_nothing_was_kept() -> None:
    attempt = failing(Doubted([DOUBT]))
    assert (attempt.errors, attempt.doubts, attempt.status, attempt.succeeded) == ({}, (DOUBT,), 422, False)


def test_every_list_can_be_left_unsaid_but_the_time_of_a_measurement() -> None:
    offered = choices()
    assert [name for name, options in offered.items() if options[0][0]] == ["measured", "medicines"]
