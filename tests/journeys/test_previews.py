"""Before a visit: a patient looks at the therapist's page, leaves a line out and brings a topic of their own."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.builders import appointment, check_in
from tests.cast import assemble
from tests.journeys.conftest import LiveSite

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 640}
DESK = {"width": 1280, "height": 900}


def test_what_is_left_out_and_what_is_brought_reaches_the_therapist_without_a_script(
    live: LiveSite, browser: Browser
) -> None:
    now = live.clock()
    with live.database.unit_of_work() as db:
        cast = assemble(db, now=now)
        check_in(db, cast.alice, 5, at=now, note="about my sister", note_shared=True, starred=True)
        tomorrow = now.date() + timedelta(days=1)
        appointment(db, cast.alice, tomorrow, with_=cast.bob, at=time(9, 0), now=now)

    patient = live.open(browser, size=PHONE, scripts=False)
    live.sign_in(patient.context, cast.alice)
    patient.goto("/today")
    expect(patient.get_by_role("heading", name="Tomorrow you see Bob")).to_be_visible()
    patient.get_by_role("link", name="Have a look").click()
    patient.get_by_label("Something to talk about").fill("How I sleep since the move")
    patient.get_by_role("button", name="Add", exact=True).click()
    expect(patient.get_by_role("button", name="Remove: How I sleep since the move")).to_be_visible()
    patient.get_by_role("button", name="Hide: 1 starred note").click()
    expect(patient.get_by_role("button", name="Show again: 1 starred note")).to_be_visible()

    therapist = live.open(browser, size=DESK, scripts=False)
    live.sign_in(therapist.context, cast.bob)
    therapist.goto(f"/patients/{cast.alice.public_id}")
    expect(therapist.get_by_text("How I sleep since the move")).to_be_visible()
    expect(therapist.get_by_text("1 starred note")).to_have_count(0)
