"""What a therapist opens before the hour: a line of what to talk about with its rows, and a note to look at again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests import cast as people
from tests import talking
from tests.builders import appointment
from tests.cast import NOW
from tests.journeys.conftest import LAPTOP, LiveSite

pytestmark = pytest.mark.browser

TEXT = "Ask what came of the bridge"


def test_a_line_opens_its_rows_and_a_note_comes_back_on_its_day(live: LiveSite, browser: Browser) -> None:
    with live.database.unit_of_work() as db:
        cast = people.assemble(db, now=NOW - timedelta(days=80))
        talking.keep(db, cast.alice)
        appointment(db, cast.alice, talking.VISIT, with_=cast.bob)
    page = live.open(browser, scripts=False, size=LAPTOP)
    live.sign_in(page.context, cast.bob)

    page.goto(f"/patients/{cast.alice.public_id}")
    talk = page.get_by_role("region", name="To talk about", exact=True)
    expect(talk.get_by_text(talking.WORDS)).to_be_visible()
    line = talk.get_by_text("Mood was 3 on 25 Mar")
    rows = talk.get_by_role("row", name="25 Mar")
    expect(rows).to_be_hidden()
    line.click()
    expect(rows).to_be_visible()

    card = page.get_by_role("region", name="Follow-up notes")
    card.get_by_label("A note", exact=True).fill(TEXT)
    card.get_by_label("Look again on").fill("2026-04-02")
    card.get_by_role("button", name="Save note").click()
    expect(card.get_by_text(TEXT)).to_be_visible()
    expect(page.get_by_role("region", name="To look at again")).to_have_count(0)

    live.clock.moment = NOW + timedelta(days=3)
    live.sign_in(page.context, cast.bob)
    page.goto(f"/patients/{cast.alice.public_id}")
    due = page.get_by_role("region", name="To look at again")
    expect(due.get_by_text(TEXT)).to_be_visible()
    due.get_by_role("button", name="Looked at it").click()
    expect(due).to_have_count(0)
    expect(card.get_by_text("done 2 Apr 2026 by you")).to_be_visible()
