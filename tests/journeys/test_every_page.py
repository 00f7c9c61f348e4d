"""Every page of the demo clinic, as its people see it: no accessibility violation at any width, light or dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from journal import demo
from journal.storage.accounts import Account
from journal.storage.appointments import Appointment
from journal.storage.checkins import CheckIn
from journal.storage.clinics import Provider
from journal.storage.consents import Consent
from journal.storage.database import Database
from journal.storage.patients import Patient
from journal.storage.treatments import TreatmentSession
from journal.web.routes import API, ROUTES, Audience, Route
from tests.conftest import MASTER_KEYS
from tests.journeys.conftest import LAPTOP, PHONE, SMALL_PHONE, LiveSite

pytestmark = pytest.mark.browser

PASSWORD = "quiet-river-at-night-123"
NOW = datetime(2026, 3, 31, 13, 0, tzinfo=UTC)
WIDTHS = (SMALL_PHONE, PHONE, LAPTOP)
AXE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # A patient's page has one column and no landmark for every sentence; the region rule is advice, not WCAG.
    "rules": {"region": {"enabled": False}},
}
SIGN_INS = {
    Audience.PATIENT: "jordan@example.org",
    Audience.PROVIDER: "lena@example.org",
    Audience.ADMIN: "admin@example.org",
}
DOWNLOADS = {"transfers.as_json", "transfers.as_csv"}


@dataclass(frozen=True)
class Clinic:
    """The demo clinic, served, with a real id for every kind of id in an address."""

    site: LiveSite
    ids: dict[str, str]


@pytest.fixture(scope="module")
def clinic(
    migrated_sqlite: Path,
    tmp_path_factory: pytest.TempPathFactory,
    serve_live: Callable[[Path, Database, datetime], LiveSite],
) -> Iterator[Clinic]:
    import shutil

    folder = tmp_path_factory.mktemp("clinic")
    shutil.copy(migrated_sqlite, folder / "journal.db")
    database = Database(f"sqlite:///{folder / 'journal.db'}", MASTER_KEYS)
    demo.fill(database, password=PASSWORD, now=NOW)
    site = serve_live(folder, database, NOW)
    yield Clinic(site, real_ids(database))
    site.close()
    database.close()


def real_ids(database: Database) -> dict[str, str]:
    with database.look() as db:
        jordan = db.scalars(
            sa.select(Patient).join(Account).where(Account.email == SIGN_INS[Audience.PATIENT])
        ).one()
        lena = db.scalars(
            sa.select(Provider).join(Account).where(Account.email == SIGN_INS[Audience.PROVIDER])
        ).one()

        def newest(table: type, *which: sa.ColumnElement[bool]) -> str:
            return str(
                db.scalars(sa.select(table.public_id).where(*which).order_by(table.id.desc()).limit(1)).one()
            )

        return {
            "patient_id": jordan.public_id,
            "provider_id": lena.public_id,
            "check_in_id": newest(CheckIn, CheckIn.patient_id == jordan.id, CheckIn.note.is_not(None)),
            "treatment_id": newest(TreatmentSession, TreatmentSession.patient_id == jordan.id),
            "appointment_id": newest(
                Appointment, Appointment.patient_id == jordan.id, Appointment.provider_id == lena.id
            ),
            "consent_id": newest(
                Consent,
                Consent.patient_id == jordan.id,
                Consent.provider_id == lena.id,
                Consent.ended_at.is_(None),
            ),
            "name": "none",
            "token": "a-link-that-has-run-out",
        }


def sign_in(page: Page, email: str) -> None:
    page.goto("/sign-in/password")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def pages_of(audience: Audience) -> list[Route]:
    return [
        route
        for route in ROUTES
        if route.audience is audience
        and "GET" in route.methods
        and route.endpoint not in DOWNLOADS
        and not route.rule.startswith(("/static", "/livez", API))
    ]


def address(route: Route, ids: dict[str, str]) -> str:
    path = route.rule
    for name, value in ids.items():
        path = path.replace(f"<{name}>", value)
    return path


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it stands, with everything unfolded."""
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    found = Axe().run(page, options=AXE).response["violations"]
    return [
        f"{one['id']}: {node['html'][:160]} ({node['failureSummary'][:200]})"
        for one in found
        for node in one["nodes"]
    ]


def inspect(page: Page, path: str) -> list[str]:
    """Everything that is wrong with one page at every width, in light and dark."""
    wrong = []
    for size in WIDTHS:
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(path)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            wrong.append(f"{path} at {size['width']}: {wide} px too wide")
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            wrong += [f"{path} at {size['width']} {scheme}: {one}" for one in violations(page)]
    heads = page.locator("h1").count()
    if heads != 1:
        wrong.append(f"{path}: {heads} h1")
    if "Tideline" not in page.title():
        wrong.append(f"{path}: title {page.title()!r}")
    return wrong


@pytest.mark.parametrize("audience", [Audience.PATIENT, Audience.PROVIDER, Audience.ADMIN, Audience.ANYONE])
@pytest.mark.timeout(420)
def test_axe_finds_nothing_on_any_page(clinic: Clinic, browser: Browser, audience: Audience) -> None:
    page = clinic.site.open(browser)
    if audience in SIGN_INS:
        sign_in(page, SIGN_INS[audience])
    ids = dict(clinic.ids)
    if audience is Audience.PROVIDER:
        page.goto("/invite")
        page.get_by_label("Their email").fill("new@example.org")
        page.get_by_label("I’ve told them").check(force=True)
        page.get_by_role("button", name="Invite").click()
        ids["invitation_id"] = page.url.rsplit("/", 1)[-1].split("?")[0]
    wrong = [one for route in pages_of(audience) for one in inspect(page, address(route, ids))]
    assert wrong == []


@pytest.mark.timeout(240)
def test_axe_finds_nothing_behind_a_link_or_on_a_page_of_the_demo(clinic: Clinic, browser: Browser) -> None:
    page = clinic.site.open(browser)
    routes = [*pages_of(Audience.LINK_HOLDER), *pages_of(Audience.DEMO)]
    wrong = [one for route in routes for one in inspect(page, address(route, clinic.ids))]
    assert wrong == []


def test_axe_finds_a_fault_that_is_planted(clinic: Clinic, browser: Browser) -> None:
    page = clinic.site.open(browser)
    page.goto("/sign-in")
    page.evaluate("document.querySelector('label').remove()")
    assert any(one.startswith("label:") for one in violations(page))


def test_a_request_to_somebody_else_is_noticed(clinic: Clinic, browser: Browser) -> None:
    from tests.journeys import conftest

    page = clinic.site.open(browser)
    page.goto("/sign-in")
    page.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://127.0.0.1:9/pixel.png'}))")
    page.wait_for_timeout(200)
    assert conftest.faults != []
    conftest.faults.clear()
