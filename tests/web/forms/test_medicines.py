"""The forms of a medicine: what was typed becomes values, or says what cannot be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from journal.domain.errors import RefusedFields
from journal.web.forms.medicines import DoseForm, MedicineForm, StopForm
from tests.conftest import Site


def filled(site: Site, form: type[FlaskForm], act: Callable[[FlaskForm], object], **typed: str) -> object:
    with site.app.test_request_context(method="POST"):
        return act(form(MultiDict(typed)))


def codes(site: Site, form: type[FlaskForm], act: Callable[[FlaskForm], object], **typed: str) -> list[str]:
    with pytest.raises(RefusedFields) as refused:
        filled(site, form, act, **typed)
    return [problem.code for problem in refused.value.problems]


def test_blanks_around_words_are_taken_away(site: Site) -> None:
    said = filled(
        site, MedicineForm, MedicineForm.medicine, name="  Vitamin   D ", dose=" 1 a day", note=" a\r\nb "
    )
    assert (said.name, said.dose, said.note) == ("Vitamin D", "1 a day", "a\nb")  # type: ignore[attr-defined]


def test_days_may_be_left_out_and_must_be_readable(site: Site) -> None:
    said = filled(site, MedicineForm, MedicineForm.medicine, name="x", started_on="2026-03-10", ended_on="")
    assert (said.started_on, said.ended_on) == (date(2026, 3, 10), None)  # type: ignore[attr-defined]
    assert codes(site, MedicineForm, MedicineForm.medicine, name="x", ended_on="soon") == ["not_a_day"]


def test_a_new_dose_needs_words_and_a_day(site: Site) -> None:
    assert filled(site, DoseForm, DoseForm.said, dose=" 75 mg ", started_on="2026-03-10") == (
        "75 mg",
        date(2026, 3, 10),
    )
    assert codes(site, DoseForm, DoseForm.said, dose=" ") == ["dose_words_missing", "day_missing"]


def test_a_stop_needs_a_day(site: Site) -> None:
    assert filled(site, StopForm, StopForm.last_day, ended_on="2026-03-10") == date(2026, 3, 10)
    assert codes(site, StopForm, StopForm.last_day) == ["day_missing"]
