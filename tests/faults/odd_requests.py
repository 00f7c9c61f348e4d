"""Requests that no phone would send: schemathesis invents them from the contract and holds every answer against it.

Everything happens in this process: the application is called, not served.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import flask
import schemathesis
import werkzeug.test
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema

HERE = "https://journal.example.org"
SEED = 20260330
# What no contract can say in types, like a mood or "not sure" but not both, is refused with its problems.
WELL_FORMED = ["200", "201", "409", "410", "422"]


class Browser:
    """The application as a signed-in browser sees it: every request carries its cookie and the token of its pages."""

    def __init__(self, app: flask.Flask, token: str) -> None:
        self._app = app
        client = app.test_client()
        with client.session_transaction(base_url=HERE) as kept:
            kept["_user_id"] = token
        said = client.get("/api/phone", base_url=HERE).json
        name = app.config["SESSION_COOKIE_NAME"]
        cookie = client.get_cookie(name, domain="journal.example.org")
        assert cookie is not None
        self.account = said["account"]
        self._own = {
            "HTTP_COOKIE": f"{name}={cookie.value}",
            "HTTP_X_CSRFTOKEN": said["csrf"],
            "HTTP_REFERER": f"{HERE}/today",
            "HTTP_ACCEPT_ENCODING": "identity",  # called and not served, answers are read as they are
        }

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        return self._app(environ | self._own, start_response)

    def contract(self) -> dict[str, Any]:
        """The contract as it is published, for this account: with any other name nothing would be tried but that."""
        contract: dict[str, Any] = werkzeug.test.Client(self).get("/api/openapi.json", base_url=HERE).json
        contract["components"]["schemas"]["CheckIn"]["properties"]["account"] = {"const": self.account}
        return contract


@dataclass
class Found:
    """What came of the requests: the answers by their status, and whatever was not as the contract says."""

    statuses: Counter[int] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def invent(browser: Browser, *, examples: int) -> Found:
    """Send every edge of the contract, and up to ``examples`` more of each operation, in and out of its types."""
    schema = schemathesis.openapi.from_dict(browser.contract(), config=SchemathesisConfig(seed=SEED))
    schema.app = browser
    schema.config.update(base_url=HERE, continue_on_failure=True)
    schema.config.generation.update(with_security_parameters=False, max_examples=examples, no_shrink=True)
    # The browser above is always signed in; what a stranger is told is walked in tests/house.
    schema.config.checks.update(excluded_check_names=["ignored_auth"])
    schema.config.checks.positive_data_acceptance.expected_statuses = WELL_FORMED
    found = Found()
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            _take_in(event, found)
        elif isinstance(event, events.NonFatalError):
            found.faults.append(repr(event.value))
        elif isinstance(event, events.FatalError):
            found.faults.append(repr(event.exception))
    return found


def _take_in(event: events.ScenarioFinished, found: Found) -> None:
    recorder = event.recorder
    for interaction in recorder.interactions.values():
        if interaction.response is not None:
            found.statuses[interaction.response.status_code] += 1
    for case_id, checks in recorder.checks.items():
        for check in checks:
            if check.failure_info is not None:
                case = recorder.cases[case_id].value
                failure = check.failure_info.failure
                found.faults.append(
                    f"{check.name}: {case.method} {case.path}: {failure.message} {case.body!r:.500}"
                )
