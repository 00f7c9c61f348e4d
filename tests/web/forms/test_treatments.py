"""The form of a session as text and as values."""

from __future__ import annotations

from datetime import date, time

import pytest

from journal.domain.errors import RefusedFields
from journal.domain.treatments import Route, Status, TreatmentBody
from journal.web.forms.treatments import TreatmentForm
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
        return TreatmentForm().body()


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


@pytest.mark.parametrize(("text", "version"), [("3", 3), ("", 0), ("x", 0), ("-1", 0), ("9" * 30, 0)])
def test_a_version_that_somebody_changed_is_none_that_exists(site: Site, text: str, version: int) -> None:
    with site.app.test_request_context(method="POST", data={"version": text}):
        assert TreatmentForm().seen_version() == version
