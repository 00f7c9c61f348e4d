"""The form of the coping plan: everything as typed, and which plan was open."""

from __future__ import annotations

import flask
import pytest
from werkzeug.datastructures import MultiDict

from journal.domain.support import CopingPlan
from journal.storage.support import WORDS
from journal.web.forms.support import PlanForm


@pytest.fixture(autouse=True)
def request_context() -> object:
    app = flask.Flask("planted")
    app.config.update(SECRET_KEY="s", WTF_CSRF_ENABLED=False)
    with app.test_request_context():
        yield


def test_everything_is_read_as_it_was_typed() -> None:
    typed = {name: f" {name}\r\n" for name in WORDS}
    assert PlanForm(MultiDict(typed)).plan() == CopingPlan(**typed)


def test_what_was_not_sent_is_empty() -> None:
    assert PlanForm(MultiDict()).plan() == CopingPlan()


@pytest.mark.parametrize(
    ("text", "seen"), [("0", 0), ("12", 12), ("", -1), ("-1", -1), ("²", -1), ("9" * 9, -1), ("one", -1)]
)
def test_a_version_that_no_page_gave_is_none(text: str, seen: int) -> None:
    assert PlanForm(MultiDict({"version": text})).seen_version() == seen
