"""A change of medicine and a key moment, written on a phone without scripts, and found again on both sides' charts."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests import builders
from tests import cast as people
from tests.journeys.conftest import LAPTOP, LiveSite

pytestmark = pytest.mark.browser


def test_what_changed_is_in_the_tables_of_both_sides(live: LiveSite, browser: Browser) -> None:
    with live.database.unit_of_work() as db:
        cast = people.assemble(db, now=live.clock() - timedelta(days=60))
        builders.medicine(db, cast.alice, since=date(2026, 1, 5))
        builders.check_in(db, cast.alice, 5, at=live.clock())
    page = live.open(browser, scripts=False)
    live.sign_in(page.context, cast.alice)

    page.goto("/medicines")
    page.get_by_role("link", name="Change the dose").click()
    page.get_by_label("The new dose, and when it is taken").fill("100 mg")
    page.get_by_label("From which day on?").fill("2026-03-20")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("since 20 March 2026")).to_be_visible()

    page.goto("/trends")
    page.get_by_role("link", name="Key moments").click()
    page.get_by_role("link", name="Add a key moment").click()
    page.get_by_label("A few words").fill("New job")
    page.get_by_label("Day").fill("2026-03-24")
    page.get_by_label("Share this with Bob").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("24 March 2026")).to_be_visible()

    page.goto("/trends")
    mine = page.locator("table").first
    expect(mine.locator("tr", has_text="Fri 20 Mar")).to_contain_text("Sertraline changed to 100 mg")
    expect(mine.locator("tr", has_text="Tue 24 Mar")).to_contain_text("New job")

    page = live.open(browser, size=LAPTOP)
    live.sign_in(page.context, cast.bob)
    page.goto(f"/patients/{cast.alice.public_id}")
    theirs = page.locator("table").first
    expect(theirs.locator("tr", has_text="Fri 20 Mar")).to_contain_text("Sertraline changed to 100 mg")
    expect(theirs.locator("tr", has_text="Tue 24 Mar")).to_contain_text("New job")
