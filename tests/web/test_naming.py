"""The name of the journal in a browser: chosen by its owner, remembered there, and gone with nobody's choice."""

from __future__ import annotations

import re

import flask
import pytest
from flask.testing import FlaskClient

from journal.domain.home_screen import AppName
from journal.languages import Language, speaking
from journal.web import naming
from journal.web.naming import App
from tests.cast import PASSWORD
from tests.conftest import Site

SETTINGS = {"display_name": "Alice", "zone": "Europe/Berlin", "region": "", "language": "en"}
FROM_OUTSIDE = re.compile(
    r"<title>[^<]*</title>|<link[^>]*icon[^>]*>|<meta name=\"apple[^>]*>|<header.*?</header>", re.S
)


def choose(browser: FlaskClient, name: str) -> None:
    answer = browser.post("/you/settings", data={**SETTINGS, "app_name": name})
    assert answer.location == "/you/settings"


def title(page: str) -> str:
    found = re.search(r"<title>([^<]*)</title>", page)
    assert found is not None
    return found[1]


def seen_from_outside(page: str) -> str:
    """What shows what this is to somebody who reads no sentence of the page: title, icons, name and bar."""
    return "".join(FROM_OUTSIDE.findall(page))


def test_every_page_is_named_as_its_owner_chose(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    assert title(alice.get("/today").text) == "Today · Tideline"
    choose(alice, "daybook")
    for page in ("/today", "/history", "/you", "/check-in", "/help", "/offline", "/nowhere"):
        seen = seen_from_outside(alice.get(page).text)
        assert title(seen).endswith(" · Daybook"), page
        assert "tideline" not in seen.lower(), page
        assert 'class="logo__mark"' not in seen, page
    choose(alice, "tideline")
    assert title(alice.get("/today").text) == "Today · Tideline"


def test_a_page_that_blanks_itself_keeps_the_name(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    choose(alice, "daybook")
    assert 'data-title="Locked · Daybook"' in alice.get("/history").text


def test_another_phone_of_the_same_person_follows(site: Site) -> None:
    alice, other = site.as_(site.cast.alice), site.as_(site.cast.alice)
    other.get("/today")
    choose(alice, "daybook")
    assert title(other.get("/today").text) == "Today · Daybook"


def test_the_name_outlives_signing_out(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    choose(alice, "daybook")
    alice.post("/sign-out")
    cookie = alice.get_cookie("journal")
    assert cookie is not None
    assert cookie.expires is not None  # and the end of the browser
    with alice.session_transaction() as kept:
        assert set(kept) == {"app_name", "_permanent"}
    assert "Tideline" not in seen_from_outside(alice.get("/sign-in").text)


def test_who_signs_in_next_brings_their_own_name(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    choose(browser, "daybook")
    browser.post("/sign-out")
    browser.post("/sign-in/password", data={"email": "dan@example.org", "password": PASSWORD})
    assert title(browser.get("/today").text) == "Today · Tideline"


def test_staff_know_it_by_its_own_name(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    choose(browser, "daybook")
    browser.post("/sign-out")
    browser.post("/sign-in/password", data={"email": "bob@example.org", "password": PASSWORD})
    page = browser.get("/caseload").text
    assert title(page) == "Caseload · Tideline"
    assert 'rel="manifest"' not in page


def test_a_cookie_with_another_name_means_the_journals_own(site: Site) -> None:
    browser = site.stranger()
    with browser.session_transaction() as planted:
        planted["app_name"] = ["<b>"]
    assert title(browser.get("/sign-in").text).endswith(" · Tideline")


def test_a_name_that_is_not_ours_is_not_kept(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    choose(alice, "Bank")
    assert title(alice.get("/today").text) == "Today · Tideline"


def test_an_old_settings_page_changes_no_name(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    choose(alice, "daybook")
    alice.post("/you/settings", data=SETTINGS)
    assert title(alice.get("/today").text) == "Today · Daybook"


def test_what_one_phone_is_called_is_not_what_another_keeps_for_later(site: Site) -> None:
    alice, dan = site.as_(site.cast.alice), site.as_(site.cast.dan)
    choose(alice, "daybook")
    assert title(alice.get("/offline").text) == "Check in · Daybook"
    assert title(dan.get("/offline").text) == "Check in · Tideline"
    assert alice.get("/sw.js").data != dan.get("/sw.js").data


@pytest.mark.parametrize("name", list(AppName))
def test_every_icon_of_a_name_is_there(site: Site, name: AppName) -> None:
    app = App(name)
    for icon in (app.favicon, app.touch_icon):
        url = site.app.extensions["assets"].url(icon)
        assert site.stranger().get(url).status_code == 200


def test_the_journals_own_name_is_the_same_in_every_language() -> None:
    with speaking(Language.GREEK):
        assert App(AppName.TIDELINE).name == "Tideline"


def test_the_name_stands_in_the_cookie_only_where_it_is_not_the_journals_own(site: Site) -> None:
    with site.app.test_request_context():
        naming.remember(AppName.TIDELINE)
        assert dict(flask.session) == {}
        naming.remember(AppName.DAYBOOK)
        assert dict(flask.session) == {"app_name": "daybook"}
        naming.remember(AppName.TIDELINE)
        assert dict(flask.session) == {}
