"""A patient sets everything about their reminders on the smallest phone, where no script runs, and reads what came."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from journal.jobs.reminders import send_due
from tests.cast import Cast, assemble
from tests.journeys.conftest import SMALL_PHONE, LiveSite
from tests.journeys.test_daily_loop import links

pytestmark = pytest.mark.browser


@pytest.fixture
def cast(live: LiveSite) -> Cast:
    with live.database.unit_of_work() as db:
        return assemble(db, now=live.clock())


def tap(page: Page, name: str, value: str) -> None:
    page.locator(f'label:has(input[name="{name}"][value="{value}"])').click()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save reminders").click()


def tick(live: LiveSite, *at: int) -> None:
    """The clock moves, and a worker does what is due."""
    live.clock.moment = datetime(*at, tzinfo=UTC)  # type: ignore[arg-type,misc]
    send_due(live.worker())


def test_everything_is_set_by_forms_alone_and_the_log_says_what_came(
    live: LiveSite, browser: Browser, cast: Cast
) -> None:
    alice = live.open(browser, size=SMALL_PHONE, scripts=False)
    live.sign_in(alice.context, cast.alice)
    alice.goto("/reminders")
    expect(alice.get_by_text("This is all anyone sees on your lock screen.")).to_be_visible()

    alice.locator("#first").fill("20:00")
    alice.locator("#second").fill("21:30")
    alice.get_by_text("Other times on some days").click()
    alice.locator("[id=first-6]").fill("23:00")
    alice.get_by_text("One more, two hours later").click()
    tap(alice, "pause", "date")
    save(alice)
    expect(alice.get_by_role("alert")).to_contain_text("Two small things to fix")
    alice.get_by_role("link", name="Choose a time outside your quiet hours").click()
    expect(alice.locator("[id=first-6]")).to_be_in_viewport()

    alice.locator("[id=first-6]").fill("10:00")
    tap(alice, "pause", "")
    save(alice)
    expect(
        alice.get_by_text("Saved. Next one: Monday 30 March at 8:00 pm. It’s a time you chose.")
    ).to_be_visible()
    assert alice.evaluate("document.documentElement.scrollWidth") == 320

    tick(live, 2026, 3, 30, 18, 0)
    mail = live.letters()[-1]
    assert "alice@example.org" in mail
    (link,) = [one for one in links(mail) if "/c/" in one]
    (stop,) = [one for one in links(mail) if "/stop/" in one]

    stranger = live.open(browser, size=SMALL_PHONE, scripts=False)
    stranger.goto(link)
    stranger.get_by_text("Not now").click()
    stranger.get_by_role("button", name="In an hour").click()
    expect(stranger.get_by_role("heading", name="See you at 9:00 pm.")).to_be_visible()
    tick(live, 2026, 3, 30, 19, 0)
    stranger.goto(link)
    tap(stranger, "mood", "6")
    stranger.get_by_role("button", name="Save check-in").click()
    expect(stranger.get_by_text("That’s all for today.")).to_be_visible()
    tick(live, 2026, 3, 30, 19, 30)

    live.sign_in(alice.context, cast.alice)  # the phone was locked by then
    alice.goto("/reminders")
    day = alice.locator("section:has(#sent)")
    expect(day.locator("h3")).to_have_text("Monday 30 March")
    assert day.locator("li").all_inner_texts() == [
        "Not sent: you had already checked in\n9:30 pm, by email",
        "Sent\n9:00 pm, by email",
        "Sent\n8:00 pm, by email",
    ]

    alice.get_by_role("button", name="By email").click()
    expect(alice.get_by_text(re.compile("Trying…"))).to_be_visible()
    send_due(live.worker())
    alice.get_by_role("link", name="Look again").click()
    expect(alice.locator("main").get_by_text("Sent", exact=True)).to_be_visible()

    stranger.goto(stop)
    stranger.get_by_role("button", name="Stop them").click()
    expect(stranger.get_by_text("No more of these mails will come.")).to_be_visible()
    alice.goto("/reminders")
    expect(alice.get_by_text("No way to reach you is switched on, so nothing comes.")).to_be_visible()
