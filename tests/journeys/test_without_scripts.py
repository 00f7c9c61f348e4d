"""The journal where no script runs, on a small phone: every task is finished, and nothing is offered that needs one."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from journal.web.routes import Audience
from tests.builders import check_in
from tests.cast import PASSWORD, Cast, assemble
from tests.journeys import demo_clinic
from tests.journeys.conftest import LiveSite
from tests.journeys.demo_clinic import SIGN_INS, Clinic
from tests.journeys.test_daily_loop import letter_to, links
from tests.journeys.test_every_page import WITHOUT_SIGN_IN, address, pages_of

pytestmark = pytest.mark.browser

COMMON_PHONE = {"width": 360, "height": 640}
CANARY = "the heron waits by the weir"

_DEAD = """
() => {
  const seen = one => one.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  const found = [];
  const say = (one, what) => found.push(`${one.outerHTML.replace(/\\s+/g, " ").slice(0, 120)} ${what}`);
  for (const details of document.querySelectorAll("details")) details.open = true;
  for (const one of document.querySelectorAll("button, input, select, textarea, [role=button], [role=switch]")) {
    if (!seen(one) || one.readOnly) continue;
    if (!one.form) say(one, "belongs to no form");
    else if (one.type === "button") say(one, "sends nothing");
    else if (one.type !== "submit" && !one.name) say(one, "has no name to be sent with");
  }
  for (const form of document.querySelectorAll("form")) {
    const fields = [...form.elements].filter(seen);
    if (fields.length && !fields.some(one => one.type === "submit")) say(form, "cannot be sent");
  }
  for (const link of document.querySelectorAll("a")) {
    if (!seen(link)) continue;
    const to = link.getAttribute("href");
    if (!to || to === "#" || to.startsWith("javascript:")) say(link, "leads nowhere");
    else if (to.startsWith("#") && !document.getElementById(to.slice(1))) say(link, "leads to nothing on this page");
  }
  return found;
}
"""
"""What can be seen and pressed on the page, and would do nothing."""


@pytest.fixture
def cast(live: LiveSite) -> Cast:
    with live.database.unit_of_work() as db:
        people = assemble(db, now=live.clock())
        check_in(db, people.alice, 4, at=live.clock() - timedelta(days=2), note=CANARY)
    return people


def come_in(page: Page, email: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Use a password instead").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Remember this phone").check()
    page.get_by_role("button", name="Sign in").click()


@pytest.fixture
def alice(live: LiveSite, browser: Browser, cast: Cast) -> Page:
    """Alice's phone, signed in by its pages."""
    page = live.open(browser, size=COMMON_PHONE, scripts=False)
    come_in(page, cast.alice.email)
    expect(page).to_have_url(re.compile("/today$"))
    return page


def tap(page: Page, name: str, *values: str) -> None:
    """Touch the tiles of these answers, one after the other."""
    for value in values:
        page.locator(f"input[name={name}][value='{value}']").check()


def switch(page: Page, name: str) -> None:
    page.get_by_role("switch", name=name).click()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def follow(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()


def headed(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(name))


def test_a_patient_checks_in_looks_back_mends_and_deletes(alice: Page) -> None:
    # An activity of one's own, then every tile of the form.
    alice.goto("/activities")
    alice.get_by_label("Name").first.fill("Choir")
    press(alice, "Add")
    alice.goto("/today")
    follow(alice, "Add sleep, energy or a note")
    tap(alice, "mood", "2", "7")
    for name, value in (("energy", "3"), ("anxiety", "1"), ("interest", "2"), ("sleep_quality", "4")):
        tap(alice, name, value)
    tap(alice, "sleep_min", "450")
    alice.get_by_text("More about that night").click()
    alice.get_by_label("To bed").fill("23:30")
    alice.get_by_label("Awake", exact=False).first.fill("07:00")
    alice.get_by_label("Times awake").fill("2")
    tap(alice, "activity_min", "30")
    alice.get_by_role("checkbox", name="Choir").check()
    tap(alice, "activity_type", "walk")
    alice.get_by_text("Exact minutes, steps").click()
    alice.get_by_label("Steps").fill("4200")
    tap(alice, "social", "1")
    tap(alice, "meaningful", "yes")
    tap(alice, "meds_taken", "partly")
    alice.get_by_text("Alcohol, cannabis").click()
    alice.get_by_label("Drinks of alcohol").fill("1")
    tap(alice, "cannabis", "no")
    alice.get_by_label("A note").fill("Without a script.")
    tap(alice, "note_shared", "1")
    tap(alice, "starred", "1")
    press(alice, "Save check-in")
    headed(alice, "Saved")

    # Edited: answers are changed, taken back, and made private.
    follow(alice, "Edit")
    tap(alice, "mood", "6")
    tap(alice, "energy", "")
    alice.get_by_label("A note").fill("Without a script, and mended.")
    tap(alice, "note_shared", "0")
    press(alice, "Save check-in")
    headed(alice, "Saved")
    follow(alice, "Done")
    alice.get_by_role("link", name=re.compile("Okay")).click()
    shown = alice.get_by_role("region", name="Okay")
    for said in (
        "Okay",
        "7.5 h",
        "Walk, Choir",
        "4,200",
        "A little",
        "Partly",
        "and mended.",
        "Next appointment",
    ):
        expect(shown).to_contain_text(said)
    expect(shown).not_to_contain_text("Energy")
    alice.get_by_text("Before you changed it").click()
    expect(alice.get_by_text("Without a script.", exact=True)).to_be_visible()

    # For another day: the form asks which.
    alice.goto("/check-in")
    follow(alice, "Log another day")
    alice.get_by_label("Which day is this about?").fill("2026-03-26")
    press(alice, "Go to that day")
    tap(alice, "mood", "not_sure")
    press(alice, "Save check-in")
    expect(alice.get_by_text("It stands on Thursday 26 March.")).to_be_visible()

    # History by month, from a day to its entry; trends in every range, with their numbers.
    follow(alice, "History")
    alice.get_by_role("link", name=re.compile("26 March")).click()
    expect(alice.locator("#d-2026-03-26")).to_be_visible()
    follow(alice, "Show older entries")
    expect(alice.get_by_role("heading", name="February 2026", exact=True)).to_be_visible()
    follow(alice, "Trends")
    for span in ("Everything", "3 months", "4 weeks"):
        follow(alice, span)
        alice.get_by_text("Show as a table").first.click()
        expect(alice.get_by_role("table").first).to_contain_text("30 Mar")

    # And gone, after being asked.
    follow(alice, "History")
    alice.get_by_role("link", name=re.compile("28 March")).last.click()
    expect(alice.get_by_text(CANARY)).to_be_visible()
    alice.locator("#d-2026-03-28 a").click()
    follow(alice, "Delete")
    press(alice, "Delete it")
    expect(alice.get_by_text("Deleted. It is gone for good.")).to_be_visible()
    expect(alice.get_by_text(CANARY)).to_have_count(0)


def test_a_patient_keeps_sessions_reminders_a_plan_and_settings(alice: Page) -> None:
    alice.goto("/sessions")
    follow(alice, "Add a session")
    alice.get_by_label("Day").fill("2026-04-02")
    tap(alice, "status", "planned")
    press(alice, "Save session")
    alice.get_by_role("link", name=re.compile("2 April")).click()
    follow(alice, "Change this session")
    alice.get_by_label("Day").fill("2026-03-29")
    tap(alice, "status", "completed")
    alice.get_by_label("How it was taken").select_option("im")
    press(alice, "Save session")
    expect(alice.get_by_role("link", name=re.compile("Session 1, 29 Mar"))).to_be_visible()

    follow(alice, "Add an appointment")
    alice.get_by_label("Day").fill("2026-04-07")
    alice.get_by_label("Time").fill("14:00")
    alice.get_by_role("radio", name="Bob").check()
    tap(alice, "kind", "therapy")
    press(alice, "Save appointment")
    alice.get_by_role("link", name=re.compile("7 Apr")).click()
    press(alice, "Cancel this appointment")
    headed(alice, "Sessions")

    alice.goto("/reminders")
    alice.locator("#first").fill("20:00")
    tap(alice, "days", "6")
    press(alice, "Save reminders")
    expect(alice.get_by_text("Next one: Monday 30 March at 8:00 pm.")).to_be_visible()
    tap(alice, "pause", "stop")
    press(alice, "Save reminders")
    expect(alice.get_by_text("Reminders are off.")).to_be_visible()

    alice.goto("/plan")
    follow(alice, "Begin my plan")
    alice.get_by_label("Name").fill("Dana")
    alice.get_by_label("Phone number").fill("+1 555 0100")
    alice.get_by_label("Things I can do on my own").fill(CANARY)
    press(alice, "Save")
    expect(alice.get_by_text("Saved.")).to_be_visible()
    follow(alice, "Get help now")
    expect(alice.get_by_text(CANARY)).to_be_visible()
    expect(alice.get_by_role("link", name=re.compile("Call Dana"))).to_have_attribute("href", "tel:+15550100")

    alice.goto("/you/settings")
    alice.get_by_label("Language").select_option("el")
    switch(alice, "Pain")
    press(alice, "Save")
    expect(alice.locator("html")).to_have_attribute("lang", "el")
    expect(alice.get_by_text("Αποθηκεύτηκε.")).to_be_visible()
    alice.goto("/check-in")
    assert alice.locator("input[name=pain]").count() == 11
    alice.goto("/you/settings")
    alice.locator("select[name=language]").select_option("en")
    alice.locator("form:has(select[name=language]) .btn").click()
    expect(alice.locator("html")).to_have_attribute("lang", "en")

    alice.goto("/you")
    follow(alice, "Download everything")
    with alice.expect_download() as document:
        follow(alice, "Download JSON")
    assert json.loads(document.value.path().read_text())["coping_plan"][0]["alone"] == CANARY
    with alice.expect_download() as tables:
        follow(alice, "Download CSV")
    assert "check_ins.csv" in zipfile.ZipFile(io.BytesIO(tables.value.path().read_bytes())).namelist()

    follow(alice, "You")
    press(alice, "Sign out")
    headed(alice, "Sign in")
    alice.goto("/history")
    headed(alice, "Sign in")


def test_a_clinician_invites_plans_and_reads_until_sharing_ends(
    live: LiveSite, browser: Browser, cast: Cast, alice: Page
) -> None:
    bob = live.open(browser, size=COMMON_PHONE, scripts=False)
    come_in(bob, cast.bob.email)
    headed(bob, "Caseload")
    bob.get_by_label("Find a patient").fill("ali")
    press(bob, "Find")
    follow(bob, "Alice")
    bob.get_by_text("Show as a table").first.click()
    expect(bob.get_by_role("table").first).to_contain_text("28 Mar")
    patient_page = bob.url
    bob.get_by_role("link", name="Add an appointment").click()
    bob.get_by_label("Day").fill("2026-04-01")
    bob.get_by_label("Time").fill("10:00")
    tap(bob, "kind", "therapy")
    press(bob, "Save appointment")
    expect(bob.get_by_role("heading", name="Appointments with you")).to_be_visible()
    expect(bob.get_by_text(re.compile("^1 Apr")).first).to_be_visible()
    bob.get_by_role("link", name="Add a session").click()
    bob.get_by_label("Day").fill("2026-03-27")
    tap(bob, "status", "completed")
    press(bob, "Save session")
    expect(bob.get_by_role("link", name=re.compile("^S1, 27 March"))).to_be_visible()
    follow(bob, "Invite")
    bob.get_by_label("Their email").fill("new@example.org")
    bob.get_by_label("I’ve told them").check()
    press(bob, "Invite")
    expect(bob.get_by_text("A link was sent to")).to_be_visible()

    # Somebody new opens that link and begins; Bob's list holds them.
    new = live.open(browser, size=COMMON_PHONE, scripts=False)
    new.goto(links(letter_to(live, "new@example.org"))[0])
    new.get_by_label("Your email").fill("new@example.org")
    new.get_by_label("Your name").fill("Noor")
    new.get_by_label("time zone").select_option("Europe/Berlin")
    new.get_by_label("I know this journal isn’t watched").check()
    press(new, "Begin and share this")
    headed(new, "Welcome, Noor")
    bob.goto("/caseload")
    expect(bob.get_by_role("link", name="Noor")).to_be_visible()

    # Alice sees who looked, shares less, then nothing: the next look finds nothing. Then she shares again.
    alice.goto("/access-log")
    expect(alice.get_by_role("main")).to_contain_text("Bob")
    follow(alice, "Everything")
    alice.goto("/sharing")
    of_bob = alice.locator("form.card").filter(has_text="Bob")
    of_bob.get_by_role("switch", name="Mood, sleep and activity").uncheck()
    of_bob.get_by_role("button", name="Save changes").click()
    expect(alice.get_by_text("Saved. It counts from now on.")).to_be_visible()
    bob.goto(patient_page)
    expect(bob.get_by_text("Mood, sleep and activity are not shared with you.")).to_be_visible()
    of_bob.get_by_role("link", name="Stop sharing").click()
    press(alice, "Stop sharing")
    answer = bob.goto(patient_page)
    assert answer is not None
    assert answer.status == 404
    alice.goto("/sharing")
    alice.get_by_text("Share again", exact=True).click()
    press(alice, "Share again for 12 months")
    answer = bob.goto(patient_page)
    assert answer is not None
    assert answer.status == 200

    # The phone locks by itself: it still checks in, and the history opens with the password.
    live.clock.moment += timedelta(minutes=11)
    alice.goto("/history")
    headed(alice, "Unlock")
    alice.get_by_label("Password").fill(PASSWORD)
    press(alice, "Unlock")
    headed(alice, "History")
    press(bob, "Sign out")
    headed(bob, "Sign in")


@pytest.mark.timeout(120)
def test_nothing_is_offered_that_needs_a_script(clinic: Clinic, browser: Browser) -> None:
    page = clinic.site.open(browser, size=COMMON_PHONE, scripts=False)
    found = []
    for audience in (Audience.ANYONE, *WITHOUT_SIGN_IN, *SIGN_INS):
        page.context.clear_cookies()
        if audience in SIGN_INS:
            demo_clinic.sign_in(clinic, page, audience)
        for route in pages_of(audience):
            page.goto(address(route, clinic.ids))
            found += [f"{route.rule}: {one}" for one in page.evaluate(_DEAD)]
    assert found == []


PLANTED = {
    '<button type="button">Print</button>': "belongs to no form",
    '<form><button type="button">Keep it</button></form>': "sends nothing",
    '<form><input name="zone"></form>': "cannot be sent",
    "<form><input><button>Save</button></form>": "has no name to be sent with",
    '<a href="#">More</a>': "leads nowhere",
    '<a href="#gone">More</a>': "leads to nothing on this page",
}


def test_an_offer_that_does_nothing_is_noticed(clinic: Clinic, browser: Browser) -> None:
    page = clinic.site.open(browser, size=COMMON_PHONE, scripts=False)
    page.goto("/sign-in")
    assert page.evaluate(_DEAD) == []
    noticed = {}
    for html in PLANTED:
        page.evaluate("html => { document.querySelector('main').innerHTML = html }", html)
        noticed[html] = "; ".join(page.evaluate(_DEAD))
    assert [html for html, said in PLANTED.items() if said not in noticed[html]] == []
