"""A clinician writes down a session with an unusual dose, without a script; the patient sees it with its source."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.cast import assemble
from tests.journeys.conftest import LAPTOP, LiveSite

pytestmark = pytest.mark.browser


def test_an_unusual_session_is_asked_about_kept_and_seen_with_its_source(
    live: LiveSite, browser: Browser
) -> None:
    with live.database.unit_of_work() as db:
        cast = assemble(db, now=live.clock())
    clinic = live.open(browser, size=LAPTOP, scripts=False)
    live.sign_in(clinic.context, cast.bob)
    clinic.goto(f"/patients/{cast.alice.public_id}/sessions/new")
    clinic.get_by_label("How it was taken").select_option("iv")
    clinic.get_by_label("Dose").fill("5")
    clinic.get_by_label("Unit").select_option("mg/kg")
    clinic.get_by_text("Blood pressure, pulse, oxygen").click()
    clinic.get_by_role("button", name="Add a measurement").click()
    fourth = clinic.get_by_role("group", name="Measurement 4")
    fourth.get_by_label("Minutes from the start").fill("40")
    fourth.get_by_label("Systolic").fill("150")
    fourth.get_by_label("Diastolic").fill("95")
    clinic.get_by_label("Dose").press("Enter")

    expect(clinic.get_by_role("alert")).to_contain_text("Nothing has been saved yet.")
    expect(clinic.get_by_role("alert")).to_contain_text("5\N{NO-BREAK SPACE}mg/kg is outside")
    clinic.get_by_role("button", name="Save anyway").click()
    expect(clinic).to_have_url(re.compile(f"/patients/{cast.alice.public_id}$"))

    phone = live.open(browser, scripts=False)
    live.sign_in(phone.context, cast.alice)
    phone.goto("/sessions")
    phone.get_by_role("link", name="Session 1,").click()
    expect(phone.get_by_text("Recorded by Bob, for your clinic.")).to_be_visible()
    expect(phone.get_by_text("5\N{NO-BREAK SPACE}mg/kg", exact=True)).to_be_visible()
    expect(phone.get_by_role("row", name="About 40 minutes in, or later, 40 min 150/95")).to_be_visible()
    expect(phone.get_by_text("Unusual, looked at once more, and kept:")).to_be_visible()
