"""What a program is told under /api/ when something is not as asked: JSON, whatever it is, and no other address."""

from __future__ import annotations

import flask
import pytest
import sqlalchemy as sa
from sqlalchemy import event
from werkzeug.exceptions import TooManyRequests
from werkzeug.test import TestResponse

from journal.app import create_app
from journal.config import Config
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.web import json_errors
from tests.conftest import Site

PRIVATE = "the heavy feeling came back"


def said(answer: TestResponse) -> tuple[int, object]:
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.location is None
    return answer.status_code, answer.json


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/nothing", "/api/phone/", "/api//phone", "/api/check-ins/1", "/api/\x00"]
)
def test_an_address_that_is_not_there_is_not_found_and_leads_nowhere(site: Site, path: str) -> None:
    for browser in (site.stranger(), site.as_(site.cast.alice)):
        assert said(browser.get(path)) == (404, {"code": "not_found"})


@pytest.mark.parametrize("path", ["/apiary", "/today/api/"])
def test_other_addresses_go_on_with_pages(site: Site, path: str) -> None:
    assert site.stranger().get(path).mimetype == "text/html"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_a_method_that_is_not_there_is_told_which_are(site: Site, method: str) -> None:
    answer = site.as_(site.cast.alice).open("/api/phone", method=method)
    assert said(answer) == (405, {"code": "method_not_allowed"})
    assert set(answer.allow) == {"GET", "HEAD"}


def test_a_head_of_an_answer_has_no_body(site: Site) -> None:
    answer = site.as_(site.cast.alice).head("/api/phone")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "application/json", b"")


def planted(site: Site, config: Config, fault: Exception) -> TestResponse:
    app = create_app(config, database=site.database, now=site.clock)

    def view() -> flask.Response:
        raise fault

    app.view_functions["api.description"] = view
    return app.test_client().get("/api/openapi.json")


def test_a_fault_says_nothing_of_itself(site: Site, config: Config) -> None:
    assert said(planted(site, config, RuntimeError(PRIVATE))) == (500, {"code": "fault"})


def test_a_fault_of_the_storage_says_when_to_come_back(site: Site, config: Config) -> None:
    answer = planted(site, config, sa.exc.OperationalError(PRIVATE, {}, Exception("disk I/O error")))
    assert said(answer) == (503, {"code": "unavailable"})
    assert answer.headers["Retry-After"] == "5"


def test_too_many_are_told_when_to_come_back(site: Site, config: Config) -> None:
    answer = planted(site, config, TooManyRequests())
    assert said(answer) == (429, {"code": "too_many"})
    assert answer.headers["Retry-After"] == "60"


def test_what_is_not_there_low_down_is_not_found(site: Site, config: Config) -> None:
    assert said(planted(site, config, NotFound())) == (404, {"code": "not_found"})


def test_a_refusal_names_each_problem_with_its_sentence(site: Site, config: Config) -> None:
    several = RefusedFields([Refused("mood_missing", field="mood"), Refused("not_a_time", field="bed_time")])
    assert said(planted(site, config, several)) == (
        422,
        {
            "code": "refused",
            "problems": [
                {"field": "mood", "code": "mood_missing", "sentence": "Choose a number, or “Not sure”"},
                {"field": "bed_time", "code": "not_a_time", "sentence": "Write the time like 22:30"},
            ],
        },
    )
    assert said(planted(site, config, Refused("zone_unknown")))[0] == 422


def test_a_database_that_is_gone_is_an_answer_too(site: Site) -> None:
    alice = site.as_(site.cast.alice)

    def refuse(*_details: object) -> None:
        raise sa.exc.OperationalError("connect", {}, Exception("the disk is gone"))

    site.database.engine.dispose()
    event.listen(site.database.engine, "do_connect", refuse)
    assert said(alice.get("/api/phone")) == (503, {"code": "unavailable"})


def test_each_status_has_one_code() -> None:
    assert len(set(json_errors.CODES.values())) == len(json_errors.CODES)
