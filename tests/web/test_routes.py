"""The map of the site: complete, without doubles, counted where somebody could guess. It is walked in tests/house."""

from __future__ import annotations

import importlib
import re

import flask
import pytest
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from journal.web import routes
from journal.web.routes import BY_ENDPOINT, ROUTES, Audience, Route
from tests.conftest import Site

GUESSED_AT = [
    route
    for route in ROUTES
    if "POST" in route.methods
    and route.audience in {Audience.ANYONE, Audience.LINK_HOLDER}
    and route.endpoint != "accounts.sign_out"  # takes nothing that could be guessed
]


def test_no_address_and_no_name_stands_on_the_map_twice() -> None:
    assert len({route.rule for route in ROUTES}) == len(ROUTES)
    assert len(BY_ENDPOINT) == len(ROUTES)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.endpoint)
def test_a_view_has_the_name_of_its_file_and_function(route: Route) -> None:
    module, _, name = route.endpoint.partition(".")
    assert callable(getattr(importlib.import_module(f"journal.web.{module}"), name))


@pytest.mark.parametrize("route", GUESSED_AT, ids=lambda route: route.endpoint)
def test_whatever_a_stranger_may_send_is_counted(route: Route) -> None:
    others: dict[str, tuple[str, ...]] = {
        # A mail program that stops a mail for its reader asks from one address for many of them.
        "stopping.stop": ("600 per hour",),
        # Nobody who says "yes" is told to come back later, nor when the database that counts is gone.
        "help_panels.show": (),
    }
    assert route.limits == others.get(route.endpoint, ("30 per 15 minutes", "200 per day"))


def test_an_address_for_whoever_holds_a_link_carries_the_secret() -> None:
    holders = [route for route in ROUTES if route.audience is Audience.LINK_HOLDER]
    open_to_a_code = "/kiosk/<place>"  # its secret is typed, and tried five times at the most
    without = [route.rule for route in holders if "POST" in route.methods and "<token>" not in route.rule]
    assert without == [open_to_a_code]
    assert [route.rule for route in ROUTES if "<token>" in route.rule and route not in holders] == []


def test_an_address_names_nobody_by_a_number() -> None:
    """Ids in addresses are the random public ones: text, not counted."""
    assert [route.rule for route in ROUTES if re.search(r"<int:", route.rule)] == []


def test_only_the_page_that_takes_files_may_be_sent_more() -> None:
    assert {route.endpoint: route.max_body for route in ROUTES if route.max_body is not None} == {
        "transfers.bring_in": 10 * 1024 * 1024 + 64 * 1024
    }


def test_nothing_that_changes_something_answers_to_a_link() -> None:
    verbs = re.compile(r"/(stop|delete|sign-out|zone)$")
    assert [route.rule for route in ROUTES if verbs.search(route.rule) and "POST" not in route.methods] == []
    assert BY_ENDPOINT["accounts.sign_out"].methods == ("POST",)


def test_guessing_is_stopped_and_reading_is_not(site: Site) -> None:
    stranger = site.stranger()
    address = "/sign-in/link/made-up"
    sent = [stranger.post(address).status_code for _ in range(31)]
    assert sent == [404] * 30 + [429]
    assert stranger.get(address).status_code == 404
    assert site.as_(site.cast.alice).get("/today").status_code == 200


def test_another_address_may_still_try(site: Site) -> None:
    for _ in range(31):
        site.stranger().post("/sign-in/link/made-up")
    elsewhere = {"REMOTE_ADDR": "127.0.0.2"}
    assert site.stranger().post("/sign-in/link/made-up", environ_overrides=elsewhere).status_code == 404


def test_the_map_is_hung_in_whole() -> None:
    app = flask.Flask("planted", static_folder=None)
    routes.register(app, Limiter(get_remote_address, app=app, storage_uri="memory://"))
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(BY_ENDPOINT)
    routes.refuse_undeclared(app)
