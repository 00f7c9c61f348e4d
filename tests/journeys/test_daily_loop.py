"""The daily loop in a real browser, from an empty installation to the page before the appointment."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from journal.jobs.reminders import send_due
from journal.services.accounts import create_admin
from tests.journeys.conftest import LAPTOP, PHONE, LiveSite

pytestmark = pytest.mark.browser

PASSWORD = "a quiet river at night"
PRIVATE_WORDS = "The heavy feeling came back around four"
SHARED_WORDS = "Stopped avoiding the bridge. Went across twice."
LINK = re.compile(r"http://127\.0\.0\.1:\d+/\S+")


def links(letter: str) -> list[str]:
    return LINK.findall(letter)


def choose_mood(page: Page, number: int) -> None:
    page.locator(f"input[name=mood][value='{number}']").check(force=True)


def set_up(page: Page, link: str) -> None:
    """Open a one-time link and choose a password."""
    page.goto(link)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()


def sign_in_again(page: Page, email: str) -> None:
    """A web session of staff has ended over night: sign in with the password."""
    page.goto("/caseload")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Use a password instead").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def administrator_creates_a_therapist(live: LiveSite, browser: Browser) -> str:
    """The first administrator opens the link from the command line; the therapist's link comes back."""
    with live.database.unit_of_work() as db:
        link = f"{live.base_url}/welcome/{create_admin(db, 'erin@example.org', now=live.clock())}"
    page = live.open(browser, size=LAPTOP)
    set_up(page, link)
    page.get_by_role("link", name="Add a provider").click()
    page.get_by_label("Name", exact=True).fill("Lena Fischer")
    page.get_by_label("Email").fill("lena@example.org")
    page.get_by_role("radio", name="Therapist").check(force=True)
    page.get_by_label("Name of the new clinic").fill("Riverside Clinic")
    page.get_by_label("Its time zone").select_option("Europe/Berlin")
    page.get_by_role("button", name="Add and make a link").click()
    expect(page.get_by_role("heading", name="Lena Fischer")).to_be_visible()
    return page.get_by_label("Link for Lena Fischer").input_value()


def therapist_invites(live: LiveSite, browser: Browser, link: str) -> Page:
    """The therapist chooses a password and invites a patient by mail."""
    page = live.open(browser, size=LAPTOP)
    set_up(page, link)
    expect(page.get_by_role("heading", name="Caseload")).to_be_visible()
    page.get_by_role("link", name="Invite").first.click()
    page.get_by_label("Their email").fill("jordan@example.org")
    page.get_by_label("I’ve told them").check(force=True)
    page.get_by_role("button", name="Invite").click()
    expect(page.get_by_text("A link was sent to")).to_be_visible()
    return page


def patient_accepts(live: LiveSite, browser: Browser, link: str) -> Page:
    """The patient opens the invitation on a phone, sees who will read what, and begins."""
    page = live.open(browser, size=PHONE)
    page.goto(link)
    expect(page.get_by_text("Lena Fischer invites you")).to_be_visible()
    expect(page.get_by_role("switch", name="Mood, sleep and activity")).to_be_checked()
    expect(page.get_by_role("switch", name="Intentions and reflections")).not_to_be_checked()
    page.get_by_label("Your email").fill("jordan@example.org")
    page.get_by_label("Your name").fill("Jordan")
    page.get_by_label("I know this journal isn’t watched").check(force=True)
    page.get_by_label("Remember this phone").check(force=True)
    page.get_by_role("button", name="Begin and share this").click()
    return page


def letter_to(live: LiveSite, address: str) -> str:
    """The newest mail to somebody."""
    for _ in range(50):
        found = [letter for letter in live.letters() if letter.startswith(f"To: {address}")]
        if found:
            return found[-1]
        import time

        time.sleep(0.05)
    raise AssertionError(f"no mail for {address}")


def unlock_by_mail(live: LiveSite, page: Page, address: str) -> None:
    """Unlock a phone with the code from its owner's mail."""
    page.goto("/unlock")
    before = letter_to(live, address)
    page.get_by_role("button", name="Send me a code by mail").click()
    while letter_to(live, address) == before:
        page.wait_for_timeout(50)
    code = re.search(r"\b\d{4} \d{4}\b", letter_to(live, address))
    assert code
    page.get_by_label("Code from the message").fill(code[0])
    page.get_by_role("button", name="Unlock").click()
    page.wait_for_url("**/today")


def test_a_patient_checks_in_and_the_therapist_reads_what_was_shared(
    live: LiveSite, browser: Browser
) -> None:
    therapist = therapist_invites(live, browser, administrator_creates_a_therapist(live, browser))
    patient = patient_accepts(live, browser, links(letter_to(live, "jordan@example.org"))[0])

    # A session this morning, then a reminder for every evening at eight.
    patient.goto("/sessions/new")
    patient.get_by_label("Day").fill("2026-03-30")
    patient.get_by_role("radio", name="It took place").check(force=True)
    patient.get_by_role("button", name="Save session").click()
    patient.goto("/reminders")
    patient.locator("#first").fill("20:00")
    patient.get_by_role("button", name=re.compile("Save")).click()
    expect(patient.get_by_text("Next one: Monday 30 March at 8:00 pm.")).to_be_visible()

    # Today: one tap and Save, with a note that stays private.
    patient.goto("/check-in")
    choose_mood(patient, 3)
    patient.get_by_label("A note").fill(PRIVATE_WORDS)
    patient.get_by_role("button", name="Save check-in").click()
    expect(patient.get_by_role("heading", name=re.compile("^Saved"))).to_be_visible()

    # The next evening the reminder comes; its link opens a check-in that can only write.
    live.clock.moment = datetime(2026, 3, 31, 18, 1, tzinfo=UTC)
    send_due(live.worker())
    reminder = letter_to(live, "jordan@example.org")
    assert "Lena" not in reminder
    assert "Jordan" not in reminder
    by_link = live.open(browser, size=PHONE)
    by_link.goto(next(link for link in links(reminder) if "/c/" in link))
    expect(by_link.get_by_text("Jordan")).to_have_count(0)
    expect(by_link.get_by_role("navigation")).to_have_count(0)
    choose_mood(by_link, 7)
    by_link.get_by_role("button", name=re.compile("Save")).click()
    expect(by_link.get_by_role("heading", name=re.compile("^Saved"))).to_be_visible()
    assert PRIVATE_WORDS not in by_link.content()

    # A second link of the same day is not sent: today has a check-in.
    before = len(live.letters())
    live.clock.moment += timedelta(minutes=30)
    send_due(live.worker())
    assert len(live.letters()) == before

    # The phone is locked by now. The patient, who has no password, unlocks it, and shares a note on purpose.
    unlock_by_mail(live, patient, "jordan@example.org")
    patient.goto("/check-in")
    choose_mood(patient, 8)
    patient.get_by_label("A note").fill(SHARED_WORDS)
    patient.get_by_role("radio", name=re.compile("Share with Lena Fischer")).check(force=True)
    patient.get_by_role("button", name="Save check-in").click()

    # The therapist sees both days with the session between them, the shared note, and not the private one.
    sign_in_again(therapist, "lena@example.org")
    therapist.get_by_role("link", name="Jordan").click()
    expect(therapist.get_by_text(SHARED_WORDS)).to_be_visible()
    assert PRIVATE_WORDS not in therapist.content()
    therapist.get_by_text("Show as a table").first.click()
    table = therapist.get_by_role("table").first
    expect(table).to_contain_text("30 Mar")
    expect(table).to_contain_text("31 Mar")
    expect(therapist.get_by_text("S1").first).to_be_visible()

    # The patient sees who looked, and stops sharing: the therapist's next request finds nothing.
    patient.goto("/access-log")
    expect(patient.get_by_text("Lena Fischer").first).to_be_visible()
    page_of_jordan = therapist.url
    patient.goto("/sharing")
    patient.get_by_role("link", name="Stop sharing").click()
    patient.get_by_role("button", name=re.compile("Stop")).click()
    answer = therapist.goto(page_of_jordan)
    assert answer is not None
    assert answer.status == 404
