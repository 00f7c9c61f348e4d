"""A locked phone: what it may use is listed here, and nothing else of a patient's answers with anything."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from journal.domain.support import CopingPlan
from journal.services.activities import add_activity, change_activity
from journal.services.support import save_plan
from journal.services.topics import add_topic
from journal.storage.activities import chips_for
from journal.storage.clinics import Clinic, Provider
from journal.storage.patients import Patient
from journal.web.routes import ROUTES, Audience, Route
from tests.builders import check_in, the_patient
from tests.cast import NOW
from tests.conftest import Site
from tests.house.test_routes import address, ids, methods

__all__ = ["ids"]  # a fixture

MAY_BE_USED_LOCKED = {
    "/today",  # today's card
    "/check-in",  # the form, and where it is sent
    "/check-ins/<check_in_id>/saved",  # the confirmation, of what this browser has just sent
    "/api/phone",  # what a phone keeps to be ready without a network
    "/api/check-ins",  # and what it kept for later
    "/push",  # a browser that says where it can be reached now
    "/unlock",
}
"""Beside what is for anyone: the support page, signing out, the worker, the shell and the assets (SS-06)."""

MAY_BE_SENT_LOCKED = {"/questionnaires/<assessment_id>"}
"""Where what was written is stored, and is followed by help if there is need of it; its page asks for an unlock."""

CANARIES = (
    "Zephyrine",
    "Quillon",
    "Harrowgate",
    "canary-note",
    "canary-tag",
    "canary-chip",
    "canary-name",
    "canary-other",
    "canary-plan",
    "canary-person",
    "canary-topic",
)


@pytest.fixture
def locked(site: Site, ids: dict[str, str]) -> FlaskClient:
    """Alice's phone, ten minutes after its last use; names and words of hers are in everything that could show them."""
    with site.database.unit_of_work() as db:
        db.execute(
            sa.update(Patient)
            .where(Patient.id == site.cast.alice.patient_id)
            .values(display_name="Zephyrine")
        )
        db.execute(sa.update(Provider).values(display_name="Quillon"))
        db.execute(sa.update(Clinic).values(name="Harrowgate"))
        alice = the_patient(db, site.cast.alice)
        add_activity(db, alice, label="canary-chip", shared=True)
        preset = chips_for(db, alice.id)[0]
        change_activity(
            db, alice, chip_id=preset.public_id, label="canary-name", shared=True, hidden=False, now=NOW
        )
        plan = CopingPlan(alone="canary-plan", person_name="canary-person", person_phone="1234")
        save_plan(db, alice, plan, seen_version=0, actor_account_id=None, now=NOW)
        add_topic(db, alice, site.cast.bob.provider_id, "canary-topic", now=NOW)
        check_in(
            db, site.cast.alice, 3, note="canary-note", tags=("canary-tag",), note_shared=True,
            other_substances="canary-other", starred=True,
        )  # fmt: skip
    browser = site.as_(site.cast.alice)
    site.clock.moment += timedelta(minutes=10)
    return browser


def canaries_in(text: str) -> list[str]:
    return [canary for canary in CANARIES if canary in text]


def patients(route: Route) -> bool:
    return route.audience in {Audience.PATIENT, Audience.SIGNED_IN}


def test_the_map_lets_a_locked_phone_use_exactly_these() -> None:
    assert {route.rule for route in ROUTES if route.while_locked} == MAY_BE_USED_LOCKED
    assert [
        route.rule for route in ROUTES if route.while_locked and route.audience is not Audience.PATIENT
    ] == []


def test_every_other_page_of_a_patient_asks_for_an_unlock(
    site: Site, locked: FlaskClient, ids: dict[str, str]
) -> None:
    closed = [route for route in ROUTES if patients(route) and not route.while_locked]
    assert len(closed) > 25
    assert {route.rule for route in ROUTES if route.sends_while_locked} == MAY_BE_SENT_LOCKED
    for route in closed:
        for method in methods(route):
            if method == "POST" and route.sends_while_locked:
                continue
            answer = locked.open(
                address(route, ids), method=method, data={"a": "b"} if method == "POST" else None
            )
            if method == "GET":
                assert answer.status_code == 302, route.rule
                assert re.fullmatch(r"/unlock(\?next=%2F.*|\?next=/.*)?", answer.location), route.rule
            else:
                assert answer.status_code == 403, route.rule
                assert 'action="/unlock"' in answer.text, route.rule
            assert canaries_in(answer.text) == [], f"{method} {route.rule}"


def test_nothing_that_a_locked_phone_may_use_shows_what_was_before(
    site: Site, locked: FlaskClient, ids: dict[str, str]
) -> None:
    sent = locked.post("/check-in", data={"mood": "5", "client_key": "k" * 22, "note": "just now"})
    assert sent.status_code == 303
    pages = {
        "today": locked.get("/today"),
        "form": locked.get("/check-in"),
        "another day": locked.get("/check-in?pick=1"),
        "refused form": locked.post("/check-in", data={"note": "just now"}),
        "conflict": locked.post("/check-in", data={"mood": "7", "client_key": "k" * 22}),
        "confirmation": locked.get(sent.location),
        "another's confirmation": locked.get(f"/check-ins/{ids['check_in_id']}/saved"),
        "phone": locked.get("/api/phone"),
        "unlock": locked.get("/unlock?next=/history"),
        "wrong password": locked.post("/unlock", data={"way": "password", "password": "no"}),
        "wrong code": locked.post("/unlock", data={"way": "code", "code": "1"}),
        "mailed": locked.post("/unlock", data={"way": "mail"}, follow_redirects=True),
        "help": locked.get("/help"),
        "nothing here": locked.get("/nowhere"),
    }
    statuses = {name: page.status_code for name, page in pages.items()}
    assert statuses == {
        "today": 200, "form": 200, "another day": 200, "refused form": 422, "conflict": 409, "confirmation": 200,
        "another's confirmation": 302, "phone": 200, "unlock": 200, "wrong password": 422, "wrong code": 422,
        "mailed": 200, "help": 200, "nothing here": 404,
    }  # fmt: skip
    assert {name: canaries_in(page.text) for name, page in pages.items() if canaries_in(page.text)} == {}
    for name in ("today", "form", "confirmation", "unlock"):
        assert "alice@example.org" not in pages[name].text
        assert 'class="tabs"' not in pages[name].text
        assert '<svg class="chart' not in pages[name].text


def test_unlocked_the_same_phone_shows_it_all(site: Site, locked: FlaskClient) -> None:
    """Or the tests above would pass with words that are nowhere."""
    browser = site.as_(site.cast.alice)
    seen = "".join(
        browser.get(page).text
        for page in ("/today", "/check-in", "/history", "/sharing", "/api/phone", "/help")
    )
    shown = browser.get(re.findall(r'href="(/check-ins/[^"/]+)"', browser.get("/today").text)[0]).text
    preview = re.findall(r'href="(/sharing/[^"/]+/summary)"', seen)[0]
    assert set(canaries_in(seen + shown + browser.get(preview).text)) == set(CANARIES)


def test_staff_and_strangers_have_no_lock(site: Site, locked: FlaskClient) -> None:
    for person, page in ((site.cast.bob, "/caseload"), (site.cast.erin, "/admin")):
        browser = site.as_(person)
        site.clock.moment += timedelta(minutes=14)
        assert browser.get(page).status_code == 200
    assert site.stranger().get("/history").location == "/sign-in"
