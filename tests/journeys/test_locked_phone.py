"""A remembered phone on the table: it checks in, shows nothing of before, and unlocks, with scripts and without."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.builders import check_in
from tests.cast import PASSWORD, Cast, assemble
from tests.journeys.conftest import LiveSite
from tests.journeys.test_daily_loop import choose_mood, letter_to
from tests.journeys.test_every_page import inspect

pytestmark = pytest.mark.browser

TEN_MINUTES = timedelta(minutes=10)


@pytest.fixture
def cast(live: LiveSite) -> Cast:
    """The cast on the live site, with one check-in of Alice's."""
    with live.database.unit_of_work() as db:
        people = assemble(db, now=live.clock())
        check_in(db, people.alice, 6, at=live.clock(), note="canary of before")
    return people


def locked_phone(live: LiveSite, browser: Browser, cast: Cast, *, scripts: bool) -> Page:
    page = live.open(browser, scripts=scripts, workers=False)
    live.sign_in(page.context, cast.alice)
    live.clock.moment += TEN_MINUTES
    return page


@pytest.mark.parametrize("scripts", [True, False])
def test_a_locked_phone_writes_and_then_unlocks(
    live: LiveSite, browser: Browser, cast: Cast, scripts: bool
) -> None:
    page = locked_phone(live, browser, cast, scripts=scripts)
    page.goto("/today")
    expect(page.get_by_text("Today has a check-in.")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    choose_mood(page, 3)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name=re.compile("^Saved"))).to_be_visible()
    assert "Alice" not in page.content()
    page.get_by_role("link", name="Edit").click()
    expect(page.get_by_role("heading", name="Unlock")).to_be_visible()
    page.get_by_role("button", name="Send me a code by mail instead").click()
    code = re.search(r"\b\d{4} \d{4}\b", letter_to(live, "alice@example.org"))
    assert code
    page.get_by_label("Code from the message").fill(code[0])
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("heading", name="Change this check-in")).to_be_attached()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_form_that_was_open_when_the_lock_fell_is_sent_after_it(
    live: LiveSite, browser: Browser, cast: Cast, scripts: bool
) -> None:
    page = live.open(browser, scripts=scripts, workers=False)
    live.sign_in(page.context, cast.alice)
    page.goto("/activities")
    page.locator("#label-new").fill("Choir")
    live.clock.moment += TEN_MINUTES
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_text("What you sent is kept on this page.")).to_be_visible()
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Send it now").click()
    expect(page.get_by_text("Choir").first).to_be_visible()


def test_a_button_pressed_twice_unlocks_once(live: LiveSite, browser: Browser, cast: Cast) -> None:
    page = locked_phone(live, browser, cast, scripts=True)
    page.goto("/unlock?next=/history")
    page.get_by_label("Password").fill(PASSWORD)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.get_by_role("button", name="Unlock").dblclick(no_wait_after=True)
    page.wait_for_url(f"{live.base_url}/history")
    assert sent == [f"{live.base_url}/unlock"]


@pytest.mark.timeout(240)
def test_axe_finds_nothing_on_a_locked_phone(live: LiveSite, browser: Browser, cast: Cast) -> None:
    page = locked_phone(live, browser, cast, scripts=True)
    page.goto("/check-in")
    choose_mood(page, 1)
    page.get_by_role("button", name="Save check-in").click()
    page.wait_for_url("**/saved")
    saved = page.url.removeprefix(live.base_url)
    pages = ("/today", "/check-in", saved, "/unlock?next=/history", "/unlock?by=mail")
    assert [one for path in pages for one in inspect(page, path)] == []


def test_axe_finds_nothing_on_a_page_that_has_blanked_itself(
    live: LiveSite, browser: Browser, cast: Cast
) -> None:
    page = live.open(browser, workers=False)
    live.sign_in(page.context, cast.alice)
    page.add_init_script("addEventListener('load', () => dispatchEvent(new PageTransitionEvent('pagehide')))")
    assert [one for one in inspect(page, "/history") if not one.endswith(": 0 h1")] == []
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
