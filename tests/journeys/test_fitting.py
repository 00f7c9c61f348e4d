"""Every page at 400 % zoom, with text twice as large, and in every language: nothing is lost, and none of it is left
in English.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright

from journal.languages import Language
from journal.storage import accounts
from journal.web.routes import Audience
from tests.conftest import HEADLESS_SHELL
from tests.journeys.conftest import FLAGS, LAPTOP, PHONE
from tests.journeys.demo_clinic import SIGN_INS, Clinic, sign_in
from tests.journeys.fitting import ON_PAPER, ZOOMED, misfits, unfold, wear
from tests.journeys.spoken import misspoken
from tests.journeys.test_every_page import WITHOUT_SIGN_IN, address, pages_of

pytestmark = pytest.mark.browser

COMMON_PHONE = {"width": 360, "height": 640}
AUDIENCES = [*SIGN_INS, Audience.ANYONE, *WITHOUT_SIGN_IN]
TWICE = 32
"""CSS pixels of a browser's ordinary text when its owner asked for text twice as large."""


@pytest.fixture(scope="module")
def large_text(clinic: Clinic, playwright: Playwright, chromium: str) -> Iterator[BrowserContext]:
    """A Chromium whose owner asked for text twice as large: what its settings hand to every page."""
    running = playwright.chromium.launch(
        executable_path=HEADLESS_SHELL or chromium, args=[*FLAGS, f"--blink-settings=defaultFontSize={TWICE}"]
    )
    yield running.new_context(
        base_url=clinic.site.base_url, locale="en-GB", reduced_motion="reduce", service_workers="block"
    )
    running.close()


def read_in(clinic: Clinic, page: Page, audience: Audience, language: Language) -> None:
    """Sign one of ``audience`` in, and let them read everything in ``language``."""
    if audience not in SIGN_INS:
        page.goto("/sign-in")
        with page.expect_navigation():
            page.locator(f"button[name=language][value={language}]").click()
        return
    sign_in(clinic, page, audience)
    with clinic.site.database.unit_of_work() as db:
        account = accounts.account_by_email(db, SIGN_INS[audience])
        assert account is not None
        accounts.set_language(db, account.id, language)


def paths(clinic: Clinic, audience: Audience) -> list[str]:
    """The pages of ``audience``, a page that is not there, and what stands behind a link that still works."""
    found = [address(route, clinic.ids) for route in pages_of(audience) if route.endpoint not in ON_PAPER]
    more = {Audience.ANYONE: ["/nowhere"], Audience.LINK_HOLDER: clinic.links}
    return [*found, *more.get(audience, [])]


def walk(
    clinic: Clinic, page: Page, audience: Audience, language: Language, *sizes: dict[str, int]
) -> list[str]:
    """What is not said in ``language`` on a page of ``audience``, and what does not fit on screens of these sizes.

    Each page is asked for once, and everything on it unfolded.
    """
    found = []
    for path in paths(clinic, audience):
        page.goto(path)
        unfold(page)
        found += [f"{path}: {one}" for one in misspoken(page, language)]
        for size in sizes:
            page.set_viewport_size(size)  # type: ignore[arg-type]
            found += [f"{path} at {size['width']}: {one}" for one in misfits(page)]
    return found


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize(
    "language",
    [
        Language.GREEK,
        pytest.param(Language.ENGLISH, marks=pytest.mark.night),
        pytest.param(Language.SPANISH, marks=pytest.mark.night),
    ],
)
@pytest.mark.timeout(240)
def test_nothing_is_lost_at_400_percent(
    clinic: Clinic, browser: Browser, language: Language, audience: Audience
) -> None:
    """By day in Greek, whose words are the longest; ``test_every_page`` zooms English pages when it has them open."""
    page = clinic.site.open(browser, size=ZOOMED, workers=False)
    read_in(clinic, page, audience, language)
    assert walk(clinic, page, audience, language, ZOOMED) == []


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.timeout(240)
def test_nothing_is_lost_in_text_twice_as_large(
    clinic: Clinic, large_text: BrowserContext, audience: Audience
) -> None:
    """In Greek, whose words are the longest."""
    large_text.clear_cookies()
    page = large_text.new_page()
    read_in(clinic, page, audience, Language.GREEK)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == f"{TWICE}px"
    assert walk(clinic, page, audience, Language.GREEK, PHONE) == []
    page.close()


@pytest.mark.night
@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("language", Language)
@pytest.mark.timeout(600)
def test_every_language_fits_every_screen(
    clinic: Clinic, browser: Browser, language: Language, audience: Audience
) -> None:
    page = clinic.site.open(browser, workers=False)
    read_in(clinic, page, audience, language)
    assert walk(clinic, page, audience, language, LAPTOP, PHONE, COMMON_PHONE) == []


@pytest.mark.night
@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("language", Language)
@pytest.mark.timeout(600)
def test_every_language_fits_every_screen_in_text_twice_as_large(
    clinic: Clinic, large_text: BrowserContext, language: Language, audience: Audience
) -> None:
    large_text.clear_cookies()
    page = large_text.new_page()
    read_in(clinic, page, audience, language)
    assert walk(clinic, page, audience, language, LAPTOP, PHONE) == []
    page.close()


@pytest.mark.parametrize(
    ("fault", "noticed"),
    [
        ("h1 { inline-size: 400px }", "px too wide"),
        ("h1 { white-space: nowrap; inline-size: 3rem }", '"Sign in" leaves its box'),
        ("h1 { white-space: nowrap; inline-size: 3rem; overflow: hidden }", '"Sign in" is cut off'),
        ("h1 { block-size: 1rem; overflow: hidden }", '"Sign in" is cut off'),
        ("h1 { margin-block-end: -3rem }", "lie over each other"),
        (".foot { font-size: 11px }", "is 11.0 px"),
        (".bar { position: sticky; block-size: 100px }", "bars cover 100 of 256 px"),
    ],
)
def test_a_misfit_is_noticed(clinic: Clinic, browser: Browser, fault: str, noticed: str) -> None:
    page = clinic.site.open(browser, size=ZOOMED)
    page.goto("/sign-in")
    assert misfits(page) == []
    wear(page, fault)
    assert noticed in "; ".join(misfits(page))


def test_a_drawing_with_small_labels_is_noticed(clinic: Clinic, browser: Browser) -> None:
    page = clinic.site.open(browser)
    read_in(clinic, page, Audience.PATIENT, Language.ENGLISH)
    page.goto("/trends")
    wear(page, ".chart { inline-size: 240px }")
    assert '"31 Mar" is 8.8 px' in misfits(page)


IN_ENGLISH = {
    "document.documentElement.lang = 'en'": "calls itself 'en'",
    "document.querySelector('h1').hidden = true": "0 h1",
    "main.append(document.createElement('h1'))": "2 h1",
    "main.append('Sign in')": "'Sign in' is English",
    "main.append('Good to see you, Jordan')": "'Good to see you, Jordan' is English",
    "main.append('024. Nothing is lost. Ναι.')": "'024. Nothing is lost. Ναι.' is English",
    "main.setAttribute('aria-label', 'Get help now')": "'Get help now' is English",
    "main.innerHTML += '<template><p>Sent. Thank you.</p></template>'": "'Sent. Thank you.' is English",
    "main.innerHTML += '<details><p>Try now</p></details>'": "'Try now' is English",
}


def test_what_is_left_in_english_is_noticed(clinic: Clinic, browser: Browser) -> None:
    page = clinic.site.open(browser, workers=False)
    read_in(clinic, page, Audience.ANYONE, Language.GREEK)
    unnoticed = []
    for fault, said in IN_ENGLISH.items():
        page.goto("/sign-in")
        assert misspoken(page, Language.GREEK) == []
        page.evaluate(f"const main = document.querySelector('main'); {fault}")
        unnoticed += [] if misspoken(page, Language.GREEK) == [said] else [fault]
    assert unnoticed == []


def test_what_people_wrote_and_what_names_its_language_may_be_english(
    clinic: Clinic, browser: Browser
) -> None:
    page = clinic.site.open(browser, workers=False)
    read_in(clinic, page, Audience.ANYONE, Language.GREEK)
    theirs = '<p class="words">Sign in</p><p lang="en">Get help now</p>'
    page.evaluate("html => document.querySelector('main').insertAdjacentHTML('beforeend', html)", theirs)
    assert misspoken(page, Language.GREEK) == []
