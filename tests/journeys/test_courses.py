"""A course on the clinic's phone, where no script runs: begun, laid out, a session moved, and on to the next phase."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.cast import Cast, assemble
from tests.journeys.conftest import LiveSite

pytestmark = pytest.mark.browser


@pytest.fixture
def cast(live: LiveSite) -> Cast:
    with live.database.unit_of_work() as db:
        return assemble(db, now=live.clock())


def fits(page: Page) -> None:
    """Nothing on the page is wider than the phone."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide == 0


def test_a_provider_lays_a_course_out_moves_a_session_and_changes_the_phase(
    browser: Browser, live: LiveSite, cast: Cast
) -> None:
    today = live.clock().date()
    page = live.open(browser, scripts=False)
    live.sign_in(page.context, cast.bob)
    page.goto(f"/patients/{cast.alice.public_id}")
    page.get_by_role("link", name="Course", exact=True).click()
    page.get_by_role("link", name="Begin a course").click()
    page.get_by_role("radio", name="4 infusions over two weeks").check()
    page.get_by_role("button", name="Begin this course").click()

    page.get_by_role("button", name="Show the dates").click()
    expect(page.get_by_role("heading", name="4 sessions would be planned")).to_be_visible()
    fits(page)
    page.get_by_role("button", name="Plan 4 sessions").click()
    expect(page.get_by_text("Session 1 of 4 is next.")).to_be_visible()
    fits(page)

    page.get_by_role("link", name="Move the session of").first.click()
    page.get_by_label("Its new day").fill((today - timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Move session").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose today or a later day")
    page.get_by_label("Its new day").fill((today + timedelta(days=1)).isoformat())
    page.get_by_role("button", name="Move session").click()
    page.get_by_role("button", name="Cancel the session of").last.click()
    expect(page.get_by_role("status")).to_contain_text("Cancelled. The other sessions stay where they are.")
    expect(page.get_by_role("link", name="Move the session of")).to_have_count(3)

    page.get_by_role("link", name="Change the phase").click()
    page.get_by_role("radio", name="Maintenance").check()
    page.get_by_role("button", name="Save phase").click()
    expect(page.get_by_role("heading", name="Maintenance")).to_be_visible()

    own = live.open(browser, scripts=False)
    live.sign_in(own.context, cast.alice)
    own.goto("/sessions")
    own.get_by_role("link", name="Your course: Maintenance").click()
    expect(own.get_by_text("The part that follows: sessions are further apart.")).to_be_visible()
    expect(own.get_by_text("Bob keeps it with you.")).to_be_visible()
    expect(own.get_by_role("button")).to_have_count(0)
    fits(own)
