"""Whatever comes to the JSON side: no fault, no status and no shape that the contract does not name."""

from __future__ import annotations

from collections.abc import Callable

import flask
import pytest
from flask.typing import ResponseReturnValue

from journal.app import create_app
from journal.config import Config
from tests import cast as people
from tests.conftest import Site
from tests.faults.odd_requests import Browser, Found, invent


@pytest.fixture
def guarded(site: Site, config: Config) -> flask.Flask:
    """The application with everything switched on that people have."""
    return create_app(config, database=site.database, now=site.clock)


def alice(site: Site, app: flask.Flask) -> Browser:
    with site.database.unit_of_work() as db:
        token = people.web_session(db, site.cast.alice, now=site.clock())
    return Browser(app, token)


def check(found: Found, *, at_least: int) -> None:
    """Nothing was wrong, and the requests did reach what they were meant for."""
    print(f"{found.statuses.total()} odd requests: {dict(sorted(found.statuses.items()))}")
    assert found.faults == []
    assert {200, 201, 400, 409, 415, 422} <= found.statuses.keys()
    assert found.statuses.total() >= at_least


def test_no_request_finds_a_fault_or_an_answer_that_is_not_in_the_contract(
    site: Site, guarded: flask.Flask
) -> None:
    check(invent(alice(site, guarded), examples=120), at_least=400)


@pytest.mark.night
@pytest.mark.timeout(2400)
def test_no_request_of_a_whole_night_does_either(site: Site, guarded: flask.Flask) -> None:
    check(invent(alice(site, guarded), examples=20_000), at_least=20_000)


def break_when(app: flask.Flask, answer: Callable[[dict[str, object]], ResponseReturnValue | None]) -> None:
    """Plant a fault: whatever ``answer`` gives for a body is answered in place of what is right."""
    right = app.view_functions["api.check_ins"]

    def planted() -> ResponseReturnValue:
        document = flask.request.get_json(silent=True)
        wrong = answer(document) if isinstance(document, dict) else None
        return right() if wrong is None else wrong

    app.view_functions["api.check_ins"] = planted


def test_a_planted_fault_is_found(site: Site, guarded: flask.Flask) -> None:
    break_when(guarded, lambda document: 1 // 0 if document.get("steps") == 100_000 else None)  # type: ignore[return-value]
    found = invent(alice(site, guarded), examples=1)
    assert any(fault.startswith("not_a_server_error: POST /api/check-ins") for fault in found.faults)


@pytest.mark.parametrize(
    ("wrong", "check_name"),
    [
        (({"code": "teapot"}, 418), "status_code_conformance"),
        (({"code": "refused"}, 422), "response_schema_conformance"),
        (("<p>No</p>", 404), "content_type_conformance"),
    ],
)
def test_a_planted_answer_that_is_not_in_the_contract_is_found(
    site: Site, guarded: flask.Flask, wrong: ResponseReturnValue, check_name: str
) -> None:
    break_when(guarded, lambda document: wrong if document.get("mood") == 10 else None)
    found = invent(alice(site, guarded), examples=1)
    assert any(fault.startswith(f"{check_name}: POST /api/check-ins") for fault in found.faults)
