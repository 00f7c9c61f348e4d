"""The form of a session as text and as values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal

import pytest

from journal.domain.doses import DoseUnit
from journal.domain.errors import RefusedFields
from journal.domain.treatments import Route, Status, TreatmentBody
from journal.services.treatment_records import NOTHING
from journal.web.forms.treatments import TreatmentForm
from tests.cast import ZONE
from tests.conftest import Site

FULL = {
    "local_date": "2026-03-13",
    "at": "10:00",
    "status": "completed",
    "route": "iv",
    "note": " One.\r\nTwo. ",
    "note_shared": "1",
}


def read(site: Site, form: dict[str, str]) -> TreatmentBody:
    with site.app.test_request_context(method="POST", data=form):
        return TreatmentForm().read(NOTHING, zone=ZONE)[0]


def test_text_becomes_values(site: Site) -> None:
    assert read(site, FULL) == TreatmentBody(
        local_date=date(2026, 3, 13),
        at=time(10, 0),
        status=Status.COMPLETED,
        route=Route.IV,
        note="One.\nTwo.",
        note_shared=True,
    )


def test_a_day_and_how_it_went_are_enough(site: Site) -> None:
    assert read(site, {"local_date": "2026-03-13", "status": "planned"}) == TreatmentBody(
        local_date=date(2026, 3, 13), status=Status.PLANNED
    )


def test_everything_that_cannot_be_read_is_said_at_once(site: Site) -> None:
    with pytest.raises(RefusedFields) as caught:
        read(site, {"local_date": "x", "at": "x", "status": "x", "route": "x"})
    assert [problem.field for problem in caught.value.problems] == ["local_date", "at", "status", "route"]


@pytest.mark.parametrize(
    ("form", "kept"),
    [
        ({"dose_value": "50", "dose_unit": "mg"}, (Decimal(50), DoseUnit.MG, False)),
        ({"dose_unit": "mg"}, (None, None, False)),
        ({"dose_unknown": "1"}, (None, None, True)),
        ({"dose_value": "50"}, (Decimal(50), None, False)),
    ],
)
def test_a_dose_is_read_and_never_guessed(site: Site, form: dict[str, str], kept: tuple[object, ...]) -> None:
    with site.app.test_request_context(method="POST", data=FULL | form):
        record = TreatmentForm().read(NOTHING, zone=ZONE)[1].record
    assert (record.dose_value, record.dose_unit, record.dose_unknown) == kept


def test_what_the_form_does_not_hold_stays(site: Site) -> None:
    before = replace(NOTHING, weight_kg=Decimal(70), intention="Rest.")
    with site.app.test_request_context(method="POST", data=FULL):
        assert TreatmentForm().read(before, zone=ZONE)[1].record == before


def test_a_year_that_nobody_means_is_left_to_the_session_to_refuse(site: Site) -> None:
    form = FULL | {"local_date": "9999-12-31", "at": "23:00", "ended": "01:00"}
    with site.app.test_request_context(method="POST", data=form):
        assert TreatmentForm().read(NOTHING, zone=ZONE)[1].record.ended_at is None
