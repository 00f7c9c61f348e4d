"""The form of a key moment: what was typed becomes values, or says what cannot be read."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from journal.domain.errors import RefusedFields
from journal.web.forms.moments import MomentForm
from tests.conftest import Site


def test_what_was_typed_becomes_a_moment(site: Site) -> None:
    typed = {"label": " New   job ", "local_date": "2026-03-10", "shared": "1", "version": "2"}
    with site.app.test_request_context(method="POST"):
        form = MomentForm(MultiDict(typed))
        said, version = form.moment(), form.seen_version()
    assert (said.label, said.local_date, said.shared, version) == ("New job", date(2026, 3, 10), True, 2)


def test_a_moment_needs_a_day(site: Site) -> None:
    with site.app.test_request_context(method="POST"), pytest.raises(RefusedFields) as refused:
        MomentForm(MultiDict({"label": "New job"})).moment()
    assert [problem.code for problem in refused.value.problems] == ["day_missing"]
