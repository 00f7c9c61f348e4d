"""The form of the two-weekly questions: one answer each, any of them left out."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from journal.domain.errors import RefusedFields
from journal.domain.side_effects import Severity, SideEffectCode
from journal.web.forms.check_ups import CheckUpForm
from tests.conftest import Site


def test_what_was_left_out_is_not_among_the_answers(site: Site) -> None:
    with site.app.test_request_context(method="POST"):
        form = CheckUpForm(MultiDict({"memory_trouble": "2", "blood_in_urine": ""}))
        assert form.answers() == {SideEffectCode.MEMORY_TROUBLE: Severity.MODERATE}


@pytest.mark.parametrize("value", ["4", "a", "1.0"])
def test_what_is_no_answer_is_refused_at_its_question(site: Site, value: str) -> None:
    with site.app.test_request_context(method="POST"), pytest.raises(RefusedFields) as refused:
        CheckUpForm(MultiDict({"memory_trouble": value})).answers()
    assert [(one.code, one.field) for one in refused.value.problems] == [("not_a_choice", "memory_trouble")]
