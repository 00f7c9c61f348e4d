"""Adding the journal to a home screen, as Chromium sees it: what it would install, and what it is told to ask."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests import cast as people
from tests.builders import check_in
from tests.journeys import conftest
from tests.journeys.conftest import SMALL_PHONE, LiveSite
from tests.journeys.test_every_page import violations

pytestmark = pytest.mark.browser

CANNOT_BE_MET = {"in-incognito"}
"""Each test has a browser profile of its own that leaves nothing behind, and nothing is installed into one."""

ANSWERS = """outcome => {
    const event = new Event('beforeinstallprompt', { cancelable: true });
    event.prompt = () => { window.asked = (window.asked ?? 0) + 1; };
    event.userChoice = Promise.resolve({ outcome });
    dispatchEvent(event);
    return event.defaultPrevented;
}"""
"""The browser offers to install; when it asks, the person answers this."""

OPENED_FROM_THERE = """() => {
    const rules = [...document.styleSheets].flatMap(sheet => [...sheet.cssRules]);
    const only = rules.filter(rule => rule.media?.mediaText === '(display-mode: standalone)');
    for (const rule of only) rule.media.mediaText = 'all';
    return only.length;
}"""
"""Let the rules for an installed app hold: no protocol makes Chromium believe that it is one."""


def phone_of_alice(live: LiveSite, browser: Browser, *, scripts: bool = True) -> tuple[Page, CDPSession]:
    """A small phone in which Alice, who has checked in once, is signed in."""
    live.clock.moment = people.NOW
    with live.database.unit_of_work() as db:
        alice = people.assemble(db).alice
        check_in(db, alice, 6)
    page = live.open(browser, size=SMALL_PHONE, scripts=scripts)
    live.sign_in(page.context, alice)
    return page, page.context.new_cdp_session(page)


def name_it(page: Page, name: str) -> None:
    page.goto("/you/settings")
    page.get_by_role("radio", name=name).check(force=True)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved.")).to_be_visible()


def errors(found: list[dict[str, object]]) -> set[str]:
    return {str(one["errorId"]) for one in found}


def test_chromium_finds_nothing_wrong_with_the_manifest(live: LiveSite, whole_browser: Browser) -> None:
    page, chromium = phone_of_alice(live, whole_browser)
    page.goto("/today")
    read = chromium.send("Page.getAppManifest")
    assert read["errors"] == []
    assert read["url"].endswith("/manifest.webmanifest?name=tideline&language=en")
    assert json.loads(read["data"])["name"] == "Tideline"
    assert chromium.send("Page.getAppId")["appId"] == f"{live.base_url}/tideline"
    wrong = errors(chromium.send("Page.getInstallabilityErrors")["installabilityErrors"])
    assert wrong <= CANNOT_BE_MET


def test_a_manifest_that_cannot_be_installed_is_noticed(live: LiveSite, whole_browser: Browser) -> None:
    page, chromium = phone_of_alice(live, whole_browser)
    page.route("**/manifest.webmanifest*", lambda route: route.fulfill(body='{"name": "No icon"'))
    page.goto("/today")
    read = chromium.send("Page.getAppManifest")
    wrong = errors(chromium.send("Page.getInstallabilityErrors")["installabilityErrors"])
    assert read["errors"] != []
    assert wrong - CANNOT_BE_MET != set()
    page.context.close()
    assert any(fault.startswith("Manifest:") for fault in conftest.faults)
    conftest.faults.clear()


def test_a_person_who_chose_the_neutral_name_is_shown_no_other(
    live: LiveSite, whole_browser: Browser
) -> None:
    page, chromium = phone_of_alice(live, whole_browser)
    name_it(page, "Daybook")
    page.goto("/today")
    assert page.title() == "Today · Daybook"
    assert page.locator("header .logo").inner_text() == "Daybook"
    read = chromium.send("Page.getAppManifest")
    assert read["errors"] == []
    assert "Tideline" not in read["data"]
    assert chromium.send("Page.getAppId")["appId"] == f"{live.base_url}/daybook"
    assert violations(page) == []
    name_it(page, "Tideline")
    assert page.title() == "Settings · Tideline"


def test_the_browsers_own_question_takes_the_place_of_the_steps(live: LiveSite, browser: Browser) -> None:
    page, _chromium = phone_of_alice(live, browser)
    page.goto("/today")
    card = page.get_by_role("region", name="Keep this on your home screen")
    button = card.get_by_role("button", name="Add to the home screen")
    expect(button).to_be_hidden()
    expect(card.get_by_text("How on an iPhone")).to_be_visible()
    expect(card.get_by_text("How on another phone")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate(ANSWERS, "dismissed") is True
    expect(card.get_by_text("How on an iPhone")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert violations(page) == []
    button.click()
    expect(button).to_be_hidden()
    expect(card.get_by_text("How on an iPhone")).to_be_visible()
    assert page.evaluate("window.asked") == 1


def test_in_safari_on_ios_only_its_own_steps_are_shown(live: LiveSite, browser: Browser) -> None:
    page, _chromium = phone_of_alice(live, browser)
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'standalone', { get: () => false })")
    page.goto("/today")
    expect(page.get_by_text("How on another phone")).to_be_hidden()
    page.get_by_text("How on an iPhone").click()
    expect(page.get_by_text("Sign in there once with a code")).to_be_visible()


def test_opened_from_the_home_screen_nothing_is_offered_there_or_anywhere(
    live: LiveSite, browser: Browser
) -> None:
    page, _chromium = phone_of_alice(live, browser)
    page.goto("/today")
    expect(page.locator(".home-screen")).to_be_visible()
    assert page.evaluate(OPENED_FROM_THERE) == 1
    expect(page.locator(".home-screen")).to_be_hidden()
    page.add_init_script(
        "const real = matchMedia.bind(window);"
        "window.matchMedia = query => query === '(display-mode: standalone)' ? { matches: true } : real(query)"
    )
    with page.expect_response("**/home-screen/not-now"):
        page.goto("/today")
    page.goto("/today")
    assert page.locator(".home-screen").count() == 0


def test_not_now_needs_no_script(live: LiveSite, browser: Browser) -> None:
    page, _chromium = phone_of_alice(live, browser, scripts=False)
    page.goto("/today")
    page.get_by_text("How on an iPhone").click()
    expect(page.get_by_text("Choose “Add to Home Screen”")).to_be_visible()
    page.get_by_role("button", name="Not now").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.get_by_text("Keep this on your home screen").count() == 0
    page.goto("/you/settings")
    expect(page.get_by_text("Keep this on your home screen")).to_be_visible()


def test_whoever_has_added_it_is_not_offered_it_again(live: LiveSite, browser: Browser) -> None:
    page, _chromium = phone_of_alice(live, browser)
    page.goto("/today")
    with page.expect_response("**/home-screen/not-now"):
        page.evaluate("dispatchEvent(new Event('appinstalled'))")
    expect(page.get_by_text("It’s on your home screen now.")).to_be_visible()
    expect(page.get_by_role("button", name="Not now")).to_be_hidden()
    page.goto("/today")
    assert page.get_by_text("Keep this on your home screen").count() == 0
