"""Handing over, over HTTP: the code is shown once, and the device that is handed over holds nothing of its owner."""

from __future__ import annotations

import re

from flask.testing import FlaskClient

from journal.domain.consents import Scope
from journal.services.links import fingerprint
from journal.storage import accounts
from journal.storage.kiosk import KioskHandover
from tests.builders import share
from tests.cast import NOW
from tests.conftest import Site
from tests.kiosks import SCORED


def address(site: Site, rest: str = "") -> str:
    return f"/patients/{site.cast.alice.public_id}/questionnaires/hand-over{rest}"


def hand_over(site: Site, browser: FlaskClient, on: str = "tablet", instrument: str = "phq8") -> str:
    answer = browser.post(address(site), data={"instrument": instrument, "on": on})
    assert answer.status_code == 303
    assert answer.location is not None
    return answer.location


def test_the_code_and_its_address_are_shown_once(site: Site) -> None:
    browser = site.as_(site.cast.bob)
    there = hand_over(site, browser)
    page = browser.get(there).text
    (place,) = re.findall(r"https://journal\.example\.org/kiosk/(\w{6})", page)
    (code,) = re.findall(r'class="paper-code">(\d{4})<', page)
    again = browser.get(there).text
    assert place not in again
    assert "It waits for its code, until 8:10" in again
    assert site.stranger().post(f"/kiosk/{place}", data={"code": code}).location == "/kiosk"
    assert "It is open on a device, until 8:45" in browser.get(there).text


def test_the_provider_learns_that_it_was_saved(site: Site) -> None:
    browser = site.as_(site.cast.bob)
    there = hand_over(site, browser)
    page = browser.get(there).text
    tablet = site.stranger()
    place = re.findall(r"/kiosk/(\w{6})", page)[0]
    tablet.post(f"/kiosk/{place}", data={"code": re.findall(r'paper-code">(\d{4})', page)[0]})
    tablet.post("/kiosk", data=SCORED)
    assert "The answers are saved." in browser.get(there).text


def test_it_is_taken_back_with_one_button(site: Site) -> None:
    browser = site.as_(site.cast.bob)
    there = hand_over(site, browser)
    assert browser.post(there).location == there
    assert "It was closed, and nothing was saved." in browser.get(there).text


def test_this_very_browser_is_signed_out_first(site: Site) -> None:
    browser = site.as_(site.cast.bob)
    with browser.session_transaction() as cookie:
        token = cookie["_user_id"]
    answer = browser.post(address(site), data={"instrument": "gad7", "on": "here"})
    assert (answer.status_code, answer.location) == (303, "/kiosk")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert site.look(accounts.signed_in, fingerprint(token), now=NOW) is None
    with browser.session_transaction() as cookie:
        assert set(cookie) == {"kiosk", "language"}
    assert browser.get("/kiosk").status_code == 200
    assert browser.get("/caseload").status_code == 404


def test_a_questionnaire_that_is_not_asked_is_refused(site: Site) -> None:
    page = site.as_(site.cast.bob).post(address(site), data={"instrument": "asq", "on": "here"})
    assert page.status_code == 422
    assert "Choose one of the answers shown" in page.text
    assert site.look(lambda db: db.query(KioskHandover).count()) == 0


def test_only_whoever_may_see_questionnaires_hands_them_over(site: Site) -> None:
    assert site.as_(site.cast.frank).get(address(site)).status_code == 404  # he sees the scores alone
    assert site.as_(site.cast.carol).post(address(site), data={"instrument": "gad7"}).status_code == 404
    with site.database.unit_of_work() as db:
        share(db, site.cast.alice, site.cast.carol, Scope.ASSESSMENTS)
    assert site.as_(site.cast.carol).get(address(site)).status_code == 200


def test_one_handing_over_is_shown_to_its_maker_alone(site: Site) -> None:
    there = hand_over(site, site.as_(site.cast.bob))
    with site.database.unit_of_work() as db:
        share(db, site.cast.alice, site.cast.carol, Scope.ASSESSMENTS)
    assert site.as_(site.cast.carol).get(there).status_code == 404
