"""Reading an invitation and what is switched on."""

from __future__ import annotations

from datetime import date

import pytest

from journal.domain.consents import Scope
from journal.domain.errors import RefusedFields
from journal.domain.treatments import Phase
from journal.storage.consents import Draft
from journal.web.forms.consents import InviteForm, ScopesForm
from tests.conftest import Site

SAID = {"way": "mail", "email": "New@example.org", "course": "induction", "understood": True}


def test_an_invitation_is_read_with_its_course(site: Site) -> None:
    with site.app.test_request_context():
        form = InviteForm(
            **SAID, label=" J. M. ", indication=" low mood ", planned_sessions="6", first_session="2026-04-06"
        )
        said = form.said()
    assert said == ("new@example.org", Draft("J. M.", Phase.INDUCTION, "low mood", 6, date(2026, 4, 6)))


def test_a_course_for_later_leaves_its_questions_unread(site: Site) -> None:
    with site.app.test_request_context():
        form = InviteForm(**{**SAID, "course": "later"}, indication="low mood", planned_sessions="six")
        assert form.said()[1] == Draft()


def test_on_paper_no_address_is_kept(site: Site) -> None:
    with site.app.test_request_context():
        assert InviteForm(**{**SAID, "way": "paper"}).said()[0] == ""


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"way": "pigeon"}, "not_a_choice"),
        ({"email": ""}, "email_wrong"),
        ({"course": "magic"}, "not_a_choice"),
        ({"planned_sessions": "six"}, "not_a_number"),
        ({"planned_sessions": "²"}, "not_a_number"),
        ({"planned_sessions": "1000"}, "not_a_number"),
        ({"first_session": "soon"}, "not_a_day"),
        ({"understood": False}, "not_understood"),
    ],
)
def test_what_cannot_be_read_is_named(site: Site, more: dict[str, object], code: str) -> None:
    with site.app.test_request_context(), pytest.raises(RefusedFields) as fault:
        InviteForm(**{**SAID, **more}).said()
    assert [problem.code for problem in fault.value.problems] == [code]


def test_a_scope_that_does_not_exist_is_left_out(site: Site) -> None:
    with site.app.test_request_context(method="POST", data={"scopes": ["scores", "everything", "notes"]}):
        assert ScopesForm().chosen() == {Scope.SCORES, Scope.NOTES}


def test_a_form_without_ticks_says_that_nothing_is_on(site: Site) -> None:
    with site.app.test_request_context(method="POST", data={"since": "all"}):
        assert ScopesForm(scopes=["scores"]).chosen() == frozenset()
