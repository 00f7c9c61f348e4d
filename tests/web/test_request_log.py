"""One line for each request, with the route and without anybody."""

from __future__ import annotations

import json

import pytest
import structlog
from flask.testing import FlaskClient

from journal import logs
from journal.app import create_app
from journal.config import Config
from tests import cast as people
from tests.conftest import Site

CANARY = "c4n4ry"


@pytest.fixture
def browser(site: Site, config: Config, capfd: pytest.CaptureFixture[str]) -> FlaskClient:
    """Alice's browser on a site that writes a line for each request."""
    structlog.reset_defaults()
    logs.configure(process="web")
    app = create_app(config, database=site.database, now=site.clock, logs_requests=True)
    app.config.update(
        WTF_CSRF_ENABLED=False, SESSION_COOKIE_SECURE=False, SESSION_COOKIE_NAME="journal", TESTING=False
    )
    with site.database.unit_of_work() as db:
        token = people.web_session(db, site.cast.alice)
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["_user_id"] = token
    return client


def lines(capfd: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_a_request_is_one_line_with_its_route(
    browser: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    browser.get("/today")
    (line,) = lines(capfd)
    assert isinstance(line.pop("ms"), int)
    assert str(line.pop("at")).endswith("Z")
    assert line == {
        "event": "request",
        "level": "info",
        "method": "GET",
        "process": "web",
        "route": "/today",
        "status": 200,
    }


def test_nothing_that_was_sent_or_asked_for_is_in_it(
    site: Site, browser: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    form = {"client_key": "0f8fad5b-d9cb-469f-a165-70867728950e", "mood": "6", "note": CANARY}
    saved = browser.post("/check-in", data=form)
    assert saved.status_code == 303
    browser.get(f"{saved.location}?{CANARY}={CANARY}")
    browser.get(f"/c/{CANARY}")
    browser.get(f"/{CANARY}/nowhere")
    browser.get("/sign-in", headers={"User-Agent": CANARY, "Referer": f"https://{CANARY}.example"})
    browser.post("/sign-in", data={"email": f"{CANARY}@example.org", "way": "link"})
    browser.open("/today", method=CANARY.upper())
    written = capfd.readouterr().err
    told = [json.loads(line) for line in written.splitlines()]
    assert [(one["route"], one["method"], one["status"]) for one in told] == [
        ("/check-in", "POST", 303),
        ("/check-ins/<check_in_id>/saved", "GET", 200),
        ("/c/<token>", "GET", 404),
        (None, "GET", 404),
        ("/sign-in", "GET", 303),
        ("/sign-in", "POST", 303),
        (None, "other", 405),
    ]
    who = (CANARY, CANARY.upper(), "127.0.0.1", "alice", site.cast.alice.public_id, saved.location)
    assert [word for word in who if word in written] == []


def test_the_search_for_private_words_finds_one_that_is_planted(
    browser: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    logs.log.info("request", reason=CANARY)
    assert CANARY in capfd.readouterr().err


def test_what_ends_badly_has_its_line_too(browser: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> str:
        raise ValueError(CANARY)

    browser.application.view_functions["accounts.you"] = fail
    browser.get("/you")
    fault, request = lines(capfd)
    assert (fault["event"], fault["fault"]) == ("fault", "ValueError")
    assert (request["route"], request["status"]) == ("/you", 500)


def test_who_asks_whether_it_lives_leaves_no_line(
    browser: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    browser.get("/livez")
    browser.get(browser.application.extensions["assets"].url("css/app.css"))
    assert lines(capfd) == []


def test_a_file_that_is_not_there_is_told_of(browser: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    browser.get("/static/css/old.css")
    assert [(one["route"], one["status"]) for one in lines(capfd)] == [("/static/<path:name>", 404)]


def test_tests_and_other_programs_get_no_lines_unless_they_ask(
    site: Site, capfd: pytest.CaptureFixture[str]
) -> None:
    site.stranger().get("/sign-in")
    assert '"request"' not in capfd.readouterr().err
