"""What phones carry: bytes and requests of a first visit, held to the budget. Never how long anything takes.

In the whole browser, which asks for the icon too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from journal.places import STATIC
from journal.storage import accounts, patients
from journal.web.assets import BUNDLES, Assets
from journal.web.routes import Audience
from tests.builders import check_in
from tests.cast import Person
from tests.journeys.conftest import LAPTOP, PHONE
from tests.journeys.demo_clinic import SIGN_INS, Clinic, sign_in, sign_in_by_hand
from tests.journeys.weighing import Visit, first_visit, second_visit, worker_size

pytestmark = pytest.mark.browser

KB = 1000
SCRIPTS = 12 * KB
"""What all scripts of a page may weigh, the worker that answers without a network among them."""


@dataclass(frozen=True)
class Budget:
    """One page: whose it is, and the most it may weigh and ask for, as a browser with nothing in it counts.

    ``shows``: what has to be on it, so that it is weighed at its heaviest.
    """

    address: str
    size: int
    requests: int
    audience: Audience = Audience.PATIENT
    shows: str = "body"


BUDGETS = (
    Budget("/sign-in", 40 * KB, 6, Audience.ANYONE),
    Budget("/help", 40 * KB, 6, Audience.ANYONE),
    Budget("/today", 40 * KB, 10, shows=".home-screen"),
    Budget("/check-in", 40 * KB, 10),
    Budget("/history", 40 * KB, 7),
    Budget("/trends", 60 * KB, 7),
    Budget("/patients/<patient_id>", 120 * KB, 6, Audience.PROVIDER),
    Budget("/patients/<patient_id>?range=all", 120 * KB, 6, Audience.PROVIDER),
)


Newcomer = Callable[[Audience], Page]


@pytest.fixture(scope="module")
def cookies(clinic: Clinic, whole_browser: Browser) -> Callable[[Audience], list[Any]]:
    """What a browser has after signing in, and nothing else of it; asked for once."""

    @cache
    def signed_in(audience: Audience) -> list[Any]:
        page = clinic.site.open(whole_browser)
        sign_in(clinic, page, audience)
        kept = page.context.cookies()
        page.context.close()
        return kept

    return signed_in


@pytest.fixture(scope="module")
def done_for_today(clinic: Clinic) -> None:
    """The patient has checked in, so that their Today shows that, and offers to be kept on the home screen."""
    with clinic.site.database.unit_of_work() as db:
        account = accounts.account_by_email(db, SIGN_INS[Audience.PATIENT])
        assert account is not None
        patient = patients.patient_of_account(db, account.id)
        assert patient is not None
        person = Person("Jordan", account.email, account.id, patient_id=patient.id)
        check_in(db, person, 6, at=clinic.site.clock())


@pytest.fixture
def newcomer(
    clinic: Clinic, whole_browser: Browser, cookies: Callable[[Audience], list[Any]], done_for_today: None
) -> Newcomer:
    """An empty browser in which one of an audience is signed in, so that their next page is a first visit."""

    def opened(audience: Audience) -> Page:
        page = clinic.site.open(whole_browser, size=LAPTOP if audience is Audience.PROVIDER else PHONE)
        if audience in SIGN_INS:
            page.context.add_cookies(cookies(audience))
        return page

    return opened


def over(found: Visit, *, size: int, requests: int) -> list[str]:
    """What of a visit is more than it may be."""
    wrong = []
    if found.size > size:
        wrong.append(f"{found.size} bytes, and {size} are enough: {found}")
    if found.requests > requests:
        wrong.append(f"{found.requests} requests, and {requests} are enough: {found}")
    if found.script_size > SCRIPTS:
        wrong.append(f"{found.script_size} bytes of scripts, and {SCRIPTS} are enough: {found}")
    return wrong


@pytest.mark.parametrize("budget", BUDGETS, ids=lambda budget: budget.address)
def test_a_first_visit_keeps_to_its_budget(clinic: Clinic, newcomer: Newcomer, budget: Budget) -> None:
    page = newcomer(budget.audience)
    found = first_visit(page, budget.address.replace("<patient_id>", clinic.ids["patient_id"]))
    assert found.requests >= 4  # the page, its style sheet, the font and the icon, or nothing was counted
    assert page.locator(budget.shows).is_visible()
    assert over(found, size=budget.size, requests=budget.requests) == []


@pytest.mark.parametrize("address", ["/today", "/check-in"])
def test_all_scripts_of_a_form_and_the_worker_behind_it_keep_to_their_budget(
    newcomer: Newcomer, address: str
) -> None:
    """What comes with every form. The offer to be kept on the home screen is made once, and its script left out."""
    page = newcomer(Audience.PATIENT)
    found = first_visit(page, address)
    once = sum(file.body for file in found.files if "/install." in file.url)
    assert found.script_size - once + worker_size(page) <= SCRIPTS


def test_a_second_visit_fetches_no_file_again(newcomer: Newcomer) -> None:
    page = newcomer(Audience.PATIENT)
    first_visit(page, "/history")
    again = second_visit(page, "/history")
    assert [file.url for file in again.fetched if "/static/" in file.url] == []


def test_a_second_visit_to_the_form_waits_for_no_request(newcomer: Newcomer) -> None:
    page = newcomer(Audience.PATIENT)
    assert first_visit(page, "/check-in").waited_for > 1
    page.evaluate("navigator.serviceWorker.ready.then(() => {})")
    assert second_visit(page.context.new_page(), "/check-in").waited_for == 0


def test_files_kept_before_signing_in_are_good_afterwards(clinic: Clinic, whole_browser: Browser) -> None:
    page = clinic.site.open(whole_browser)
    page.goto("/sign-in")
    sign_in_by_hand(page, Audience.PATIENT)
    again = second_visit(page, "/help")
    assert [file.url for file in again.fetched if "/static/" in file.url] == []


def test_a_heavy_picture_is_caught(newcomer: Newcomer) -> None:
    page = newcomer(Audience.ANYONE)
    page.route("**/heavy.png", lambda route: route.fulfill(body=b"0" * 40_000, content_type="image/png"))
    page.add_init_script("new Image().src = '/heavy.png'")
    found = first_visit(page, "/sign-in")
    wrong = over(found, size=40 * KB, requests=6)
    assert len(wrong) == 1
    assert wrong[0].startswith(f"{found.size} bytes, and 40000 are enough: sign-in")


def test_a_crowd_of_small_files_is_caught(newcomer: Newcomer) -> None:
    page = newcomer(Audience.ANYONE)
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => { for (let n = 4; n--; ) new Image().src = '/livez?' + n })"
    )
    wrong = over(first_visit(page, "/sign-in"), size=40 * KB, requests=6)
    assert len(wrong) == 1
    assert " requests, and 6 are enough" in wrong[0]


def test_a_heavy_script_is_caught(newcomer: Newcomer) -> None:
    page = newcomer(Audience.PATIENT)
    page.route(
        "**/static/js/*",
        lambda route: route.fulfill(body="//" + "0" * 13_000, content_type="text/javascript"),
    )
    wrong = over(first_visit(page, "/check-in"), size=1000 * KB, requests=20)
    assert len(wrong) == 1
    assert " bytes of scripts, and 12000 are enough" in wrong[0]


@pytest.mark.parametrize(("bundle", "cascade"), BUNDLES.items())
def test_a_sheet_says_to_a_browser_what_it_says_in_its_files(
    clinic: Clinic, browser: Browser, bundle: str, cascade: tuple[str, ...]
) -> None:
    """Nothing but comments and white space may get lost on the way."""
    page = clinic.site.open(browser)
    page.goto("/sign-in")
    written = "\n".join(
        sheet.read_text(encoding="utf-8")
        for entry in cascade
        for sheet in (sorted((STATIC / entry).glob("*.css")) if entry.endswith("/") else [STATIC / entry])
    )
    # The browser keeps a property of one's own as it was written, so a comma is compared without what follows it.
    rules = """text => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(text);
        const plain = rule => rule.cssText.replace(/url\\([^)]*\\)/g, 'url()').replace(/,\\s+/g, ',');
        return [...sheet.cssRules].map(plain);
    }"""
    assets = Assets(STATIC)
    found = assets.read(assets.url(bundle).removeprefix("/static/"))
    assert found is not None
    sent = found.content.decode()
    assert len(sent) < len(written) * 0.9
    assert page.evaluate(rules, sent) == page.evaluate(rules, written)
