"""A shared phone and its back button, with the browser's back-forward cache on: nothing private comes back (CA-02)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from journal.services import accounts
from journal.storage.activities import chips_for
from tests.builders import check_in
from tests.cast import PASSWORD, Cast, Person, assemble
from tests.journeys.conftest import LAPTOP, PHONE, LiveSite

pytestmark = pytest.mark.browser

CANARY = "canary-of-alice"
PATIENT, PROVIDER = "patient", "provider"


@pytest.fixture
def cast(live: LiveSite) -> Cast:
    """The cast on the live site; Alice wrote a note that Bob may read."""
    with live.database.unit_of_work() as db:
        people = assemble(db, now=live.clock())
        check_in(db, people.alice, 6, at=live.clock(), note=CANARY, note_shared=True, starred=True)
    return people


def sign_in(live: LiveSite, browser: Browser, person: Person) -> Page:
    page = live.open(browser, size=LAPTOP if person.provider_id else PHONE, workers=False)
    # A page that asked for something private itself is not kept by Chromium. Only what the others do is of use here.
    page.context.route("**/api/**", lambda route: route.abort())
    page.goto("/sign-in/password")
    page.get_by_label("Email").fill(person.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Remember this phone").check(force=True)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/caseload" if person.provider_id else "**/today")
    return page


def person_of(cast: Cast, role: str) -> Person:
    return cast.alice if role == PATIENT else cast.bob


def private_page(cast: Cast, role: str) -> str:
    return "/history" if role == PATIENT else f"/patients/{cast.alice.public_id}"


def open_private(live: LiveSite, browser: Browser, cast: Cast, role: str) -> Page:
    """Sign in and open the page with the canary on it; marked, so that it is known again if it comes back."""
    page = sign_in(live, browser, person_of(cast, role))
    page.goto(private_page(cast, role))
    assert CANARY in page.content()
    page.evaluate("window.isTheSame = true")
    return page


def go_back(page: Page, to: str) -> bool:
    """Press Back; whether the very page came back, out of the browser's memory."""
    # A page out of the browser's memory fires no "load": that it was gone to is all there is to wait for.
    with page.expect_event("framenavigated", lambda frame: frame == page.main_frame):
        page.evaluate("setTimeout(() => history.back())")
    page.wait_for_url(lambda url: to in url or "/sign-in" in url or "/unlock" in url, wait_until="commit")
    page.wait_for_timeout(400)
    return bool(page.evaluate("window.isTheSame === true"))


def signs_out(live: LiveSite, cast: Cast, role: str, page: Page) -> None:
    if role == PATIENT:
        page.goto("/you")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    if role == PATIENT:
        go_back(page, "/you")
        assert CANARY not in page.content()
        assert "Alice" not in page.content()


def idles(live: LiveSite, cast: Cast, role: str, page: Page) -> None:
    page.goto("/help")
    live.clock.moment += timedelta(minutes=10) if role == PATIENT else timedelta(minutes=15, seconds=1)


def is_disabled(live: LiveSite, cast: Cast, role: str, page: Page) -> None:
    page.goto("/help")
    with live.database.unit_of_work() as db:
        accounts.disable(db, person_of(cast, role).account_id, actor_account_id=None, now=live.clock())


@pytest.mark.parametrize("role", [PATIENT, PROVIDER])
@pytest.mark.parametrize("ends", [signs_out, idles, is_disabled])
def test_back_shows_nothing_private(
    live: LiveSite,
    whole_browser: Browser,
    cast: Cast,
    role: str,
    ends: Callable[[LiveSite, Cast, str, Page], None],
) -> None:
    page = open_private(live, whole_browser, cast, role)
    ends(live, cast, role, page)
    came_back = go_back(page, private_page(cast, role))
    assert CANARY not in page.content()
    assert "Alice" not in page.content()
    # Where no cookie changed the browser did bring the page back, and it had blanked itself.
    assert came_back is (ends is not signs_out)


@pytest.mark.parametrize("role", [PATIENT, PROVIDER])
def test_without_the_script_it_would_come_back(
    live: LiveSite, whole_browser: Browser, cast: Cast, role: str
) -> None:
    """The planted fault: a page that does not blank itself is kept, and shown to whoever presses Back."""
    page = sign_in(live, whole_browser, person_of(cast, role))
    page.route("**/blank.*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(private_page(cast, role))
    page.evaluate("window.isTheSame = true")
    idles(live, cast, role, page)
    assert go_back(page, private_page(cast, role))
    assert CANARY in page.content()


def test_who_may_still_see_the_page_gets_it_back_with_what_was_typed(
    live: LiveSite, whole_browser: Browser, cast: Cast
) -> None:
    page = sign_in(live, whole_browser, cast.alice)
    page.goto("/activities")
    page.evaluate("window.isTheSame = true")
    field = page.locator("#label-new")
    field.fill("half a word")
    page.goto("/help")
    live.clock.moment += timedelta(minutes=5)
    assert go_back(page, "/activities")
    expect(page.locator("#label-new")).to_have_value("half a word")


def test_a_page_left_open_blanks_itself_at_the_limit_and_keeps_what_was_typed(
    live: LiveSite, browser: Browser, cast: Cast
) -> None:
    page = sign_in(live, browser, cast.alice)
    page.clock.install()
    page.goto("/activities")
    page.locator("#label-new").fill("half a word")
    page.clock.fast_forward("09:50")
    expect(page.get_by_role("heading", name="Activities")).to_be_visible()
    page.clock.fast_forward("00:11")
    live.clock.moment += timedelta(minutes=10)
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    assert "half a word" not in page.content()
    page.get_by_role("button", name="Unlock and keep what I wrote").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_role("button", name="Send it now").click()
    page.wait_for_url("**/activities")
    with live.database.look() as db:
        assert "half a word" in [chip.label for chip in chips_for(db, cast.alice.patient_id)]


def test_a_providers_page_left_open_blanks_itself_after_fifteen_minutes(
    live: LiveSite, browser: Browser, cast: Cast
) -> None:
    page = sign_in(live, browser, cast.bob)
    page.clock.install()
    page.goto(private_page(cast, PROVIDER))
    page.clock.fast_forward("14:50")
    assert CANARY in page.content()
    page.clock.fast_forward("00:11")
    expect(page.get_by_role("heading", name="Signed out")).to_be_visible()
    assert CANARY not in page.content()
    assert "Alice" not in page.title()
