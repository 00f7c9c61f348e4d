"""Whatever comes to the JSON side: no fault, no status and no shape that the contract does not name."""

from __future__ import annotations

import flask
import pytest
from flask.typing import ResponseReturnValue

from journal.app import create_app
from journal.config import Config
from tests import cast as people
from tests.conftest import Site
from tests.faults.odd_requests import Browser, Found, invent
from tests.thorough import ODD_REQUESTS


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
    check(invent(alice(site, guarded), examples=ODD_REQUESTS.now), at_least=200)


@pytest.mark.night
@pytest.mark.timeout(2400)
def test_no_request_of_a_whole_night_does_either(site: Site, guarded: flask.Flask) -> None:
    check(invent(alice(site, guarded), examples=20_000), at_least=20_000)


def test_each_planted_fault_is_found(site: Site, guarded: flask.Flask) -> None:
    """A fault, and answers of a status, a shape and a kind that are not in the contract: one walk meets them all."""
    right = guarded.view_functions["api.check_ins"]

    def planted() -> ResponseReturnValue:
        said = flask.request.get_json(silent=True)
        match said:
            case {"steps": 100_000}:
                raise ZeroDivisionError
            case {"mood": 10}:
                return {"code": "teapot"}, 418
            case {"mood": 0}:
                return {"code": "refused"}, 422
            case {"steps": 0}:
                return "<p>No</p>", 404
        return right()

    guarded.view_functions["api.check_ins"] = planted
    found = invent(alice(site, guarded), examples=1)
    assert any(fault.startswith("not_a_server_error: POST /api/check-ins") for fault in found.faults)
    assert any(
        fault.startswith("status_code_conformance: POST /api/check-ins: Received: 418")
        for fault in found.faults
    )
    assert any(fault.startswith("response_schema_conformance: POST /api/check-ins") for fault in found.faults)
    assert any(fault.startswith("content_type_conformance: POST /api/check-ins") for fault in found.faults)
