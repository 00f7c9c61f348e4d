"""A number for text messages from a phone: written down, proven, taken away; the same where no script runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page

from journal.app import create_app
from journal.storage import sms
from tests import cast as people
from tests.cast import Person
from tests.journeys.conftest import SMALL_PHONE, LiveSite
from tests.journeys.test_every_page import violations
from tests.web_server import WebServer

pytestmark = pytest.mark.browser

NUMBER = "+4917612345678"


@pytest.fixture
def gateway(live: LiveSite) -> Iterator[WebServer]:
    """A gateway on loopback that ``live`` sends its text messages to."""
    with WebServer(None) as server:
        url = f"webhook+http://127.0.0.1:{server.port}/out"
        config = replace(live.config, sms_url=url, sms_secret="s" * 32)
        application = create_app(config, database=live.database, now=live.clock)
        live.network.application = application
        yield server
        application.extensions["journal"].texts.close()


def signed_in(live: LiveSite, browser: Browser, *, scripts: bool) -> tuple[Page, Person]:
    with live.database.unit_of_work() as db:
        cast = people.assemble(db, now=live.clock())
    page = live.open(browser, size=SMALL_PHONE, scripts=scripts)
    live.sign_in(page.context, cast.alice)
    return page, cast.alice


def let_code_be(live: LiveSite, person: Person, code: str) -> None:
    """The code that was just sent, whatever it was, is now this one."""
    now = live.clock()
    with live.database.unit_of_work() as db:
        ends_at = now + timedelta(minutes=10)
        sms.keep(db, person.account_id, number=NUMBER, code=code, code_ends_at=ends_at, now=now)


@pytest.mark.parametrize("scripts", [True, False])
def test_a_number_is_proven_and_taken_away(
    live: LiveSite, browser: Browser, gateway: WebServer, scripts: bool
) -> None:
    page, alice = signed_in(live, browser, scripts=scripts)
    page.goto("/reminders/number")
    page.get_by_label("Your phone number").fill("12")
    page.get_by_role("button", name="Send me a code").click()
    assert "Check this number." in page.get_by_role("alert").inner_text()
    assert page.get_by_label("Your phone number").input_value() == "12"
    page.get_by_label("Your phone number").fill("+49 176 12345678")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_text("the number that ends in 78").wait_for()
    let_code_be(live, alice, "123456")
    page.get_by_label("Code from the message").fill("654 321")
    page.get_by_role("button", name="This is my number").click()
    assert "You can ask for a new one" in page.get_by_role("alert").inner_text()
    page.get_by_label("Code from the message").fill("123 456")
    page.get_by_role("button", name="This is my number").click()
    page.get_by_text("It ends in 78.").wait_for()
    page.get_by_role("button", name="Remove this number").click()
    page.get_by_label("Your phone number").wait_for()
    with live.database.look() as db:
        assert sms.number_of(db, alice.account_id) is None


def test_each_step_is_in_reach_of_everybody(live: LiveSite, browser: Browser, gateway: WebServer) -> None:
    page, alice = signed_in(live, browser, scripts=True)
    found = []
    for step in ("number", "code", "proven", "stopped"):
        with live.database.unit_of_work() as db:
            if step == "proven":
                sms.verify(db, alice.account_id, code="123456", most=5, now=live.clock())
            if step == "stopped":
                sms.stop(db, sms.fingerprint_of(db, NUMBER), now=live.clock())
        if step == "code":
            let_code_be(live, alice, "123456")
        page.goto("/reminders/number")
        found += [f"{step}: {one}" for one in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > SMALL_PHONE["width"]:
            found.append(f"{step}: wider than the phone")
    assert found == []
