"""A tablet that a provider hands over, in a real browser: the code, the questions, and then nothing of them."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from journal.domain.assessment_records import Via
from journal.storage import assessments, safety_flags
from journal.web.routes import ROUTES, Audience
from tests.cast import PASSWORD, Cast, assemble
from tests.flagging import let_review
from tests.journeys.conftest import LAPTOP, LiveSite
from tests.journeys.test_every_page import violations

pytestmark = pytest.mark.browser

TABLET = {"width": 820, "height": 1180}
with_and_without = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])


@pytest.fixture
def cast(live: LiveSite) -> Cast:
    with live.database.unit_of_work() as db:
        people = assemble(db, now=live.clock())
        let_review(db, people, at=live.clock())
    return people


def bob(live: LiveSite, browser: Browser, cast: Cast, *, scripts: bool) -> Page:
    """Bob's laptop, on the page where he hands over."""
    page = live.open(browser, size=LAPTOP, scripts=scripts)
    page.goto("/sign-in/password")
    page.get_by_label("Email").fill(cast.bob.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto(f"/patients/{cast.alice.public_id}")
    page.get_by_role("link", name="Hand over a tablet").click()
    page.get_by_label("PHQ-9").check(force=True)
    return page


def answer(page: Page, *, ninth: str) -> None:
    for number in range(1, 9):
        page.locator(f"input[name=q{number}][value='1']").check(force=True)
    page.locator(f"input[name=q9][value='{ninth}']").check(force=True)
    page.get_by_role("button", name="Save answers").click()


def shows_nothing(page: Page) -> None:
    assert "Little interest" not in page.content()
    assert "Several days" not in page.content()


@with_and_without
def test_a_provider_hands_a_tablet_over_and_nothing_is_left_on_it(
    live: LiveSite, browser: Browser, whole_browser: Browser, cast: Cast, scripts: bool
) -> None:
    laptop = bob(live, browser, cast, scripts=scripts)
    laptop.get_by_role("button", name="Get a code for another device").click()
    code = laptop.locator(".paper-code").inner_text()
    there = laptop.get_by_text(re.compile(r"/kiosk/\w{6}$")).inner_text()
    tablet = live.open(whole_browser, size=TABLET, scripts=scripts)
    tablet.goto(there)
    assert not scripts or violations(tablet) == []  # axe is a script
    tablet.get_by_label("Four digits").fill("12")
    tablet.get_by_role("button", name="Open").click()
    expect(tablet.get_by_role("alert")).to_contain_text("That code doesn’t work here")
    tablet.get_by_label("Four digits").fill(code)
    tablet.get_by_role("button", name="Open").click()
    tablet.wait_for_url("**/kiosk")
    assert not scripts or violations(tablet) == []
    assert "Alice" not in tablet.content()
    for elsewhere in ("/today", "/caseload", "/sign-in", "/sw.js", f"/patients/{cast.alice.public_id}"):
        assert tablet.request.get(elsewhere).status == 404
    answer(tablet, ninth="0")
    expect(tablet.get_by_role("heading", name="Saved. Thank you.")).to_be_visible()
    assert not scripts or violations(tablet) == []
    tablet.evaluate("setTimeout(() => history.back())") if scripts else tablet.go_back()
    tablet.wait_for_timeout(400)
    shows_nothing(tablet)
    tablet.goto("/kiosk")
    expect(tablet.get_by_role("heading", name="This is closed")).to_be_visible()
    assert {cookie["name"] for cookie in tablet.context.cookies()} <= {"journal"}
    if scripts:
        assert tablet.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
        assert tablet.evaluate("indexedDB.databases().then(all => all.length)") == 0
        assert tablet.evaluate("localStorage.length + sessionStorage.length") == 0
    laptop.reload()
    expect(laptop.get_by_text("The answers are saved.")).to_be_visible()
    with live.database.look() as db:
        (kept,) = [one for one in assessments.assessments_of(db, cast.alice.patient_id) if one.saved_at]
    assert (kept.total, kept.via) == (8, Via.KIOSK)


@with_and_without
def test_a_provider_hands_this_very_browser_over_and_help_comes_first(
    live: LiveSite, whole_browser: Browser, cast: Cast, scripts: bool
) -> None:
    page = bob(live, whole_browser, cast, scripts=scripts)
    page.get_by_role("button", name="Hand over this device").click()
    page.wait_for_url("**/kiosk")
    page.go_back()
    assert "Alice" not in page.content()
    page.goto("/kiosk")
    answer(page, ninth="2")
    expect(page.get_by_role("heading", name="Thank you for telling us.")).to_be_visible()
    assert not scripts or violations(page) == []
    page.get_by_role("button", name="Yes", exact=True).click()
    expect(page.get_by_role("heading", name="Please call someone now")).to_be_visible()
    assert not scripts or violations(page) == []
    with live.database.look() as db:
        (seen,) = safety_flags.flags_seen(db, cast.bob.provider_id, now=live.clock())
    assert seen.flag.concern.is_acute
    page.get_by_role("button", name="Close this page").click()
    expect(page.get_by_role("heading", name="Saved. Thank you.")).to_be_visible()
    page.goto("/caseload")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_every_page_of_the_device_was_walked() -> None:
    """What ``test_every_page`` leaves to this file, because a device that was handed over can open nothing else."""
    pages = {route.rule for route in ROUTES if route.audience is Audience.KIOSK and "GET" in route.methods}
    assert pages == {"/kiosk", "/kiosk/care", "/kiosk/still-here"}
