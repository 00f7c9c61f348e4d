"""Every page of the demo clinic, as its people see it: no accessibility violation at any width, light or dark, and
nothing of it lost at 400 % zoom.
"""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from journal.languages import Language
from journal.web.routes import API, ROUTES, Audience, Route
from tests.journeys import conftest
from tests.journeys.conftest import LAPTOP, PHONE, SMALL_PHONE
from tests.journeys.demo_clinic import SIGN_INS, Clinic, sign_in
from tests.journeys.fitting import ON_PAPER, ZOOMED, misfits, unfold
from tests.journeys.spoken import misspoken

pytestmark = pytest.mark.browser

Look = tuple[dict[str, int], str]
LOOKS: tuple[Look, ...] = ((SMALL_PHONE, "light"), (LAPTOP, "dark"))
"""How pages are looked at in every run, each in one of these in turn; the nights look at all of them in every way."""
EVERY_LOOK: tuple[Look, ...] = tuple(
    (size, scheme) for size in (SMALL_PHONE, PHONE, LAPTOP) for scheme in ("light", "dark")
)
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # A patient's page has one column and no landmark for every sentence; the region rule is advice, not WCAG.
    "rules": {"region": {"enabled": False}},
    "resultTypes": ["violations"],
}
WITHOUT_SIGN_IN = (Audience.LINK_HOLDER, Audience.DEMO)
FOR_MACHINES = (Audience.GATEWAY, Audience.OPERATOR)
HANDED_OVER = (Audience.KIOSK,)
"""Walked in ``test_kiosk``: a browser that was handed over opens nothing else."""
NO_PAGES = ("/static", "/livez", "/still-here", "/sw.js", "/manifest.webmanifest", API)
DOWNLOADS = {"transfers.as_json", "transfers.as_csv", "sheets.as_pdf"}


def pages_of(audience: Audience) -> list[Route]:
    """The pages of these people; those of everybody who is signed in are among the pages of each of them."""
    audiences = {audience, Audience.SIGNED_IN} if audience in SIGN_INS else {audience}
    return [
        route
        for route in ROUTES
        if route.audience in audiences
        and "GET" in route.methods
        and route.endpoint not in DOWNLOADS
        and not route.rule.startswith(NO_PAGES)
    ]


def address(route: Route, ids: dict[str, str]) -> str:
    """A real address of this page; a patient's is about what that patient wrote, and may change."""
    path = route.rule
    if route.audience is Audience.PATIENT:
        path = path.replace("<treatment_", "<own_treatment_").replace("<appointment_", "<own_appointment_")
    for name, value in ids.items():
        path = path.replace(f"<{name}>", value)
    return path


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, with everything unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    page.evaluate(Axe().axe_script)
    # What passed is counted and not described: to hear of every element took as long as to look at them.
    found = page.evaluate("options => axe.run(options).then(results => results.violations)", AXE)
    return [
        f"{one['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for one in found
        for node in one["nodes"]
    ]


def inspect(page: Page, path: str, looks: tuple[Look, ...] = LOOKS) -> list[str]:
    """Everything that is wrong with one page, looked at in these ways."""
    wrong = []
    for size, scheme in looks:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            wrong.append(f"{path} at {size['width']}: {wide} px too wide")
        wrong += [f"{path} at {size['width']} {scheme}: {one}" for one in violations(page)]
    heads = page.locator("h1").count()
    if heads != 1:
        wrong.append(f"{path}: {heads} h1")
    if "Tideline" not in page.title():
        wrong.append(f"{path}: title {page.title()!r}")
    return wrong


def lost_at_400_percent(page: Page, path: str) -> list[str]:
    """What of the English page, as it stands, is lost or wrongly said on a screen that was zoomed to 400 %."""
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    unfold(page)
    return [f"{path} at 400 %: {one}" for one in [*misspoken(page, Language.ENGLISH), *misfits(page)]]


def of_turn(looks: tuple[Look, ...], number: int) -> tuple[Look, ...]:
    """The ways in which the page of this number is looked at."""
    return (looks[number % len(looks)],) if looks == LOOKS else looks


every_look = pytest.mark.parametrize(
    "looks",
    [
        pytest.param(LOOKS, id="a look each"),
        pytest.param(EVERY_LOOK, id="every look", marks=pytest.mark.night),
    ],
)


@every_look
@pytest.mark.parametrize("audience", [*SIGN_INS, Audience.ANYONE])
@pytest.mark.timeout(420)
def test_axe_finds_nothing_on_any_page(
    clinic: Clinic, browser: Browser, audience: Audience, looks: tuple[Look, ...]
) -> None:
    page = clinic.site.open(browser)
    if audience in SIGN_INS:
        sign_in(clinic, page, audience)
    ids = dict(clinic.ids)
    if audience is Audience.PROVIDER:
        page.goto("/invite")
        page.get_by_label("Their email").fill("new@example.org")
        page.get_by_label("I’ve told them").check(force=True)
        page.get_by_role("button", name="Invite").click()
        ids["invitation_id"] = page.url.rsplit("/", 1)[-1].split("?")[0]
    wrong = []
    for number, route in enumerate(pages_of(audience)):
        path = address(route, ids)
        wrong += inspect(page, path, of_turn(looks, number))
        if route.endpoint not in ON_PAPER:
            wrong += lost_at_400_percent(page, path)
    assert wrong == []


@every_look
@pytest.mark.timeout(240)
def test_axe_finds_nothing_behind_a_link_or_on_a_page_of_the_demo(
    clinic: Clinic, browser: Browser, looks: tuple[Look, ...]
) -> None:
    page = clinic.site.open(browser)
    routes = [route for audience in WITHOUT_SIGN_IN for route in pages_of(audience)]
    # behind a link that has run out, and behind one that still works; and where nothing is
    paths = [*(address(route, clinic.ids) for route in routes), *clinic.links, "/nowhere"]
    wrong = []
    for number, path in enumerate(paths):
        wrong += inspect(page, path, of_turn(looks, number)) + lost_at_400_percent(page, path)
    assert wrong == []


def test_the_walk_leaves_nobodys_pages_out() -> None:
    walked = {*SIGN_INS, Audience.SIGNED_IN, Audience.ANYONE, *WITHOUT_SIGN_IN, *FOR_MACHINES, *HANDED_OVER}
    assert {route.audience for route in ROUTES} - walked == set()


def test_axe_finds_a_fault_that_is_planted(clinic: Clinic, browser: Browser) -> None:
    page = clinic.site.open(browser)
    page.goto("/sign-in")
    page.evaluate("document.querySelector('label').remove()")
    assert any(one.startswith("label:") for one in violations(page))


def test_a_picture_of_somebody_else_is_noticed(clinic: Clinic, browser: Browser) -> None:
    page = clinic.site.open(browser)
    page.goto("/sign-in")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/pixel.png'}))")
    page.wait_for_timeout(200)
    assert [fault for fault in conftest.faults if "pixel.png" in fault and "violates" in fault] != []
    conftest.faults.clear()


def test_a_request_to_somebody_else_is_noticed(clinic: Clinic, browser: Browser) -> None:
    """What the page's own policy would let through: leaving is not forbidden by it."""
    page = clinic.site.open(browser)
    page.goto("/sign-in")
    with page.expect_event("requestfailed", lambda request: "pixel.png" in request.url):
        page.evaluate("location.assign('http://127.0.0.1:9/pixel.png')")
    page.close()
    assert "a request left for http://127.0.0.1:9/pixel.png" in conftest.faults
    conftest.faults.clear()
