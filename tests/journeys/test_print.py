"""The one-page summary as a printer gets it from a browser: one page of either paper, in light ink."""

from __future__ import annotations

import io

import pypdf
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser

from journal.storage.consents import Consent
from journal.storage.patients import Patient
from journal.web.routes import Audience
from tests.journeys.conftest import LAPTOP
from tests.journeys.demo_clinic import Clinic, sign_in

pytestmark = pytest.mark.browser

LIGHT = {
    "background": "rgb(255, 255, 255)",
    "ink": "rgb(16, 37, 42)",
}


def patients_of_lena(clinic: Clinic) -> list[str]:
    with clinic.site.database.look() as db:
        mine = sa.select(Patient.public_id).join(Consent, Consent.patient_id == Patient.id)
        return sorted(set(db.scalars(mine)))


@pytest.mark.timeout(300)
def test_every_patient_of_the_demo_fits_one_page_of_either_paper(clinic: Clinic, browser: Browser) -> None:
    page = clinic.site.open(browser, size=LAPTOP, dark=True)
    sign_in(clinic, page, Audience.PROVIDER)
    printed = {}
    for patient in patients_of_lena(clinic):
        if page.request.get(f"/patients/{patient}/summary").status != 200:
            continue  # shares with somebody else
        page.goto(f"/patients/{patient}/summary")
        for paper in ("A4", "Letter"):
            read = pypdf.PdfReader(io.BytesIO(page.pdf(format=paper, prefer_css_page_size=False)))
            printed[patient, paper] = len(read.pages)

    assert len(printed) > 8
    assert set(printed.values()) == {1}

    # What is dark on the screen is light on paper, and what cannot be pressed there is not printed.
    page.emulate_media(media="print", color_scheme="dark")
    seen = page.locator(".sheet").evaluate(
        "sheet => ({background: getComputedStyle(sheet).backgroundColor, ink: getComputedStyle(sheet).color})"
    )
    assert seen == LIGHT
    assert page.get_by_role("link", name="PDF, A4").count() == 0
    assert page.get_by_role("heading", level=1).is_visible()


def test_the_button_on_the_page_before_a_visit_leads_to_it_and_its_pdf_is_the_same_period(
    clinic: Clinic, browser: Browser
) -> None:
    page = clinic.site.open(browser, size=LAPTOP)
    sign_in(clinic, page, Audience.PROVIDER)
    page.goto(f"/patients/{clinic.ids['patient_id']}?range=12w")

    page.get_by_role("link", name="One-page summary").click()
    page.wait_for_url("**/summary?range=12w")
    title = page.locator(".sheet h2").first.inner_text()
    address = page.get_by_role("link", name="PDF, A4").get_attribute("href")
    assert address is not None
    # Not by a click: the first PDF begins a process, and a busy machine takes its time for that.
    saved = page.request.get(address, timeout=60_000)

    text = pypdf.PdfReader(io.BytesIO(saved.body())).pages[0].extract_text()
    assert "The last twelve weeks" in title
    assert "The last twelve weeks" in text
