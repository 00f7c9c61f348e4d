"""The form of an appointment as text and as values."""

from __future__ import annotations

from datetime import date, time

import pytest

from journal.domain.errors import RefusedFields
from journal.storage.appointments import AppointmentKind
from journal.web.forms.appointments import NOBODY, AppointmentForm, AppointmentSaid
from tests.conftest import Site

FULL = {"day": "2026-04-02", "at": "14:00", "kind": "therapy", "with_whom": NOBODY}


def read(site: Site, form: dict[str, str], *, asks_whom: bool = True) -> AppointmentSaid:
    with site.app.test_request_context(method="POST", data=form):
        return AppointmentForm().said(asks_whom=asks_whom)


def test_text_becomes_values(site: Site) -> None:
    assert read(site, FULL) == AppointmentSaid(date(2026, 4, 2), time(14, 0), AppointmentKind.THERAPY, NOBODY)


def test_a_clinicians_form_does_not_ask_with_whom(site: Site) -> None:
    assert read(site, FULL | {"with_whom": ""}, asks_whom=False).with_whom == ""


def test_everything_that_is_missing_is_said_at_once(site: Site) -> None:
    with pytest.raises(RefusedFields) as caught:
        read(site, {})
    assert [problem.field for problem in caught.value.problems] == ["day", "at", "with_whom", "kind"]
