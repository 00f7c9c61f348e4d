"""Putting the web together: what every application of ours has switched on, and what it never holds on to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import flask
import pytest

from journal.app import create_app
from journal.config import BadSettings, Config
from journal.domain import instrument_files
from journal.services.installation import bring_up_to_date
from journal.storage.database import Database
from tests.conftest import Site

HOME = "https://journal.example.org"


def test_an_installation_opens_its_own_database(config: Config) -> None:
    bring_up_to_date(config)
    app = create_app(config)
    database = app.extensions["journal"].database
    assert str(database.engine.url) == config.database_url
    assert app.test_client().get("/sign-in").status_code == 200
    database.close()


def test_what_is_not_fit_to_serve_is_not_put_together(config: Config) -> None:
    with pytest.raises(BadSettings, match="no key"):
        create_app(config)


def test_two_applications_share_nothing(sqlite_database: Database, config: Config) -> None:
    first = create_app(config, database=sqlite_database)
    second = create_app(replace(config, demo=True), database=sqlite_database)
    assert first.extensions["journal"] is not second.extensions["journal"]
    assert (first.jinja_env.globals["demo"], second.jinja_env.globals["demo"]) == (False, True)


def test_nothing_that_helps_developers_is_on(site: Site) -> None:
    assert not site.app.debug
    assert not site.app.config["PROPAGATE_EXCEPTIONS"]
    assert not site.app.config["TEMPLATES_AUTO_RELOAD"]
    assert site.app.static_folder is None


def test_a_cookie_over_https_is_bound_to_the_host(sqlite_database: Database, config: Config) -> None:
    settings = create_app(config, database=sqlite_database).config
    assert settings["SESSION_COOKIE_NAME"] == "__Host-journal"
    assert (settings["SESSION_COOKIE_SECURE"], settings["SESSION_COOKIE_HTTPONLY"]) == (True, True)
    assert settings["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert settings["PERMANENT_SESSION_LIFETIME"] == timedelta(days=30)


def test_a_demo_without_https_has_a_cookie_that_works_there(
    sqlite_database: Database, config: Config
) -> None:
    demo = replace(config, base_url="http://127.0.0.1:8000", demo=True)
    settings = create_app(demo, database=sqlite_database).config
    assert (settings["SESSION_COOKIE_NAME"], settings["SESSION_COOKIE_SECURE"]) == ("journal", False)
    assert settings["SESSION_COOKIE_HTTPONLY"]


def test_a_body_that_is_too_large_is_refused(site: Site) -> None:
    answer = site.as_(site.cast.alice).post("/check-in", data={"note": "x" * (256 * 1024)})
    assert answer.status_code == 413
    assert "Make it smaller" in answer.text


def test_a_form_of_too_many_fields_is_refused(site: Site) -> None:
    body = "&".join(f"f{number}=1" for number in range(300))
    answer = site.as_(site.cast.alice).post(
        "/check-in", data=body, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in {413, 422}


def asked_through(proxies: int, database: Database, config: Config) -> dict[str, str | None]:
    """How the application sees a request that says it came through a proxy, over https, from somewhere else."""
    app = create_app(replace(config, trusted_proxies=proxies), database=database)
    seen: dict[str, str | None] = {}

    @app.after_request
    def look(response: flask.Response) -> flask.Response:
        asked = flask.request
        seen.update(scheme=asked.scheme, address=asked.remote_addr, host=asked.host)
        return response

    claims = {"For": "203.0.113.9", "Proto": "https", "Host": "elsewhere.example"}
    app.test_client().get("/livez", headers={f"X-Forwarded-{name}": claim for name, claim in claims.items()})
    return seen


def test_what_proxies_say_is_believed_only_where_one_is_trusted(
    sqlite_database: Database, config: Config
) -> None:
    assert asked_through(0, sqlite_database, config) == {
        "scheme": "http",
        "address": "127.0.0.1",
        "host": "localhost",
    }
    assert asked_through(1, sqlite_database, config) == {
        "scheme": "https",
        "address": "203.0.113.9",
        "host": "localhost",
    }


def test_strict_transport_is_asked_for_over_https_alone(sqlite_database: Database, config: Config) -> None:
    def header(base_url: str) -> str | None:
        app = create_app(replace(config, base_url=base_url), database=sqlite_database)
        return app.test_client().get("/livez").headers.get("Strict-Transport-Security")

    assert header(HOME) == "max-age=63072000; includeSubDomains"
    assert header("http://127.0.0.1:8000") is None


def test_a_questionnaire_that_may_not_be_asked_stops_the_start(
    sqlite_database: Database, config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instrument_files, "SHIPPED", (*instrument_files.SHIPPED, "demo_words"))
    with pytest.raises(FileNotFoundError, match=r"demo_words\.json"):
        create_app(config, database=sqlite_database)
