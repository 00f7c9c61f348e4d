from __future__ import annotations

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.treatment_records import TreatmentRecord
from journal.services.aftercare import NOTHING_TOLD, Told
from journal.web.forms.aftercare import fields_of, read_told


def test_an_empty_form_tells_nothing() -> None:
    assert read_told({"mood": "6", "after_nausea": "", "after_peak": " "}).is_empty


def test_every_answer_is_read() -> None:
    form = {"after_nausea": "3", "after_headache": "0", "after_reflective": "here", "after_peak": "10"}
    sent = read_told({**form, "after_gone": "yes", "after_minutes": "10080"})
    effects = {
        SideEffectCode.NAUSEA: Severity.SEVERE,
        SideEffectCode.REFLECTIVE: None,
        SideEffectCode.HEADACHE: Severity.NOT_PRESENT,
    }
    assert (sent.told, sent.problems) == (Told(effects, peak=10, gone=True, minutes=10080), ())


@pytest.mark.parametrize(
    ("field", "wrong", "code"),
    [
        ("after_nausea", "here", "not_a_choice"),
        ("after_reflective", "2", "not_a_choice"),
        ("after_gone", "perhaps", "not_a_choice"),
        ("after_peak", "-1", "not_a_number"),
        ("after_peak", "11", "out_of_range"),
        ("after_minutes", "10081", "out_of_range"),
    ],
)
def test_what_no_page_offers_is_a_problem_of_its_field(field: str, wrong: str, code: str) -> None:
    sent = read_told({field: wrong})
    assert [(problem.code, problem.field) for problem in sent.problems] == [(code, field)]
    assert sent.told == NOTHING_TOLD


def test_what_is_asked_every_two_weeks_is_not_read_here() -> None:
    assert read_told({"after_blood_in_urine": "3"}).is_empty


@pytest.mark.parametrize(
    "told",
    [
        Told({SideEffectCode.NAUSEA: Severity.MILD}, peak=0, gone=False),
        Told({SideEffectCode.REFLECTIVE: None}, gone=True, minutes=0),
    ],
)
def test_the_fields_of_a_record_send_what_stands_in_it(told: Told) -> None:
    record = TreatmentRecord(
        dissociation_peak=told.peak,
        dissociation_lasts=told.gone is False,
        dissociation_resolved_min=told.minutes,
    )
    effects = [SideEffect("s", code, strength, date(2026, 4, 2)) for code, strength in told.effects.items()]
    assert read_told(MultiDict(fields_of(record, effects))).told == told
