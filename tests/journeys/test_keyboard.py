"""The journal with the keyboard alone: every task is finished, and what has the focus is always in sight."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from journal.web.routes import Audience
from tests.journeys.demo_clinic import PASSWORD, SIGN_INS, Clinic, sign_in
from tests.journeys.fitting import unfold, wear
from tests.journeys.focus import focused, tab_to, walk

pytestmark = pytest.mark.browser

COMMON_PHONE = {"width": 360, "height": 640}
LONG_PAGES = [
    (Audience.PATIENT, "/today"),
    (Audience.PATIENT, "/check-in"),
    (Audience.PATIENT, "/history"),
    (Audience.PATIENT, "/you/settings"),
    (Audience.PATIENT, "/reminders"),
    (Audience.PROVIDER, "/caseload"),
]


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def go(page: Page, name: str, *, tag: str = "") -> None:
    """Come to a link or a button, and press it."""
    tab_to(page, name, tag=tag)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def chosen(page: Page, name: str) -> str | None:
    """The value of the radio that is chosen among those of ``name``."""
    found: str | None = page.evaluate("name => document.querySelector(`[name=${name}]:checked`)?.value", name)
    return found


@pytest.fixture
def patient(clinic: Clinic, browser: Browser) -> Page:
    """Jordan, who signed in with the keyboard."""
    page = clinic.site.open(browser, size=COMMON_PHONE)
    page.goto("/sign-in/password")
    tab_to(page, "Email")
    page.keyboard.type(SIGN_INS[Audience.PATIENT])
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    tab_to(page, "Remember this phone")
    page.keyboard.press("Space")
    go(page, "Sign in", tag="button")
    expect(page).to_have_url(re.compile("/today$"))
    return page


def test_the_first_tab_offers_to_skip_to_the_content(patient: Page) -> None:
    patient.goto("/history")
    patient.keyboard.press("Tab")
    here = focused(patient)
    assert here is not None
    assert (here["name"], here["wrong"]) == ("Skip to content", [])

    patient.keyboard.press("Enter")
    patient.keyboard.press("Tab")
    assert patient.evaluate("document.activeElement.closest('main') !== null")


def test_arrow_keys_choose_the_mood_and_say_its_word(patient: Page) -> None:
    tab_to(patient, "0", tag="input")
    assert chosen(patient, "mood") is None

    press(patient, *["ArrowRight"] * 7)
    assert chosen(patient, "mood") == "7"
    expect(patient.locator(".tide__w .w7")).to_be_visible()

    press(patient, "ArrowLeft")
    assert chosen(patient, "mood") == "6"
    # From the first number back to the last answer: the radios are one ring.
    press(patient, *["ArrowLeft"] * 7)
    assert chosen(patient, "mood") == "not_sure"

    # One stop for the whole question: the next Tab has left it.
    patient.keyboard.press("Tab")
    assert patient.evaluate("document.activeElement.name") != "mood"


def test_check_in_edit_share_and_sign_out(patient: Page) -> None:
    go(patient, "Add sleep, energy or a note")
    tab_to(patient, "0", tag="input")
    press(patient, *["ArrowRight"] * 6)
    tab_to(patient, "Drained", tag="input")
    press(patient, "ArrowRight", "ArrowRight")
    assert chosen(patient, "energy") == "2"
    tab_to(patient, "More about that night")
    patient.keyboard.press("Enter")
    tab_to(patient, "Times awake")
    patient.keyboard.type("2")
    tab_to(patient, "Walk")
    patient.keyboard.press("Space")
    tab_to(patient, "A note")
    patient.keyboard.type("By the keyboard.")
    tab_to(patient, "Private")
    assert chosen(patient, "note_shared") == "0"
    tab_to(patient, "Bring this to my next appointment")
    patient.keyboard.press("Space")
    go(patient, "Save check-in")
    expect(patient.get_by_role("heading", name="Saved")).to_be_visible()

    go(patient, "Edit")
    tab_to(patient, "6, okay")
    patient.keyboard.press("ArrowRight")
    tab_to(patient, "A note")
    press(patient, "Control+End")
    patient.keyboard.type(" And shared.")
    tab_to(patient, "Private")
    patient.keyboard.press("ArrowDown")
    assert chosen(patient, "note_shared") == "1"
    go(patient, "Save", tag="button")
    expect(patient.get_by_role("heading", name="Saved")).to_be_visible()

    go(patient, "Done")
    go(patient, "Mood 7", tag="a")
    shown = patient.get_by_role("main")
    expect(shown).to_contain_text("By the keyboard. And shared.")
    expect(shown).to_contain_text("Shared")
    expect(shown).to_contain_text("Fairly good")

    go(patient, "You")
    go(patient, "Sign out")
    expect(patient).to_have_url(re.compile("/sign-in"))


@pytest.mark.parametrize(("audience", "path"), LONG_PAGES)
@pytest.mark.timeout(180)
def test_what_has_the_focus_is_never_hidden(
    clinic: Clinic, browser: Browser, audience: Audience, path: str
) -> None:
    page = clinic.site.open(browser, size=COMMON_PHONE)
    sign_in(clinic, page, audience)
    page.goto(path)
    unfold(page)
    forward, wrong = walk(page)
    assert wrong == []
    backward, wrong = walk(page, "Shift+Tab")
    assert wrong == []
    assert len(backward) >= 10
    assert len(forward) >= 10


@pytest.mark.parametrize(
    ("fault", "noticed"),
    [
        ("html { scroll-padding: 0 }", "lies under .tabs"),
        (":focus-visible { outline: none !important }", "has no ring"),
        ("a { position: absolute; inset-block-start: -400px }", "is off the screen"),
    ],
)
def test_a_focus_that_nobody_sees_is_noticed(
    clinic: Clinic, browser: Browser, fault: str, noticed: str
) -> None:
    page = clinic.site.open(browser, size=COMMON_PHONE)
    sign_in(clinic, page, Audience.PATIENT)
    page.goto("/history")
    wear(page, fault)
    assert noticed in "; ".join(walk(page)[1])
