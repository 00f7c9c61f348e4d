"""A session from the eve to a week on, in a real browser with a moved clock, with scripts and without."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from playwright.sync_api import Browser, Page, expect

from journal.domain.treatments import Status, TreatmentBody
from journal.services.treatments import change_treatment
from journal.storage import side_effects, treatment_records
from tests.builders import the_patient, treatment
from tests.cast import Cast, Person, assemble
from tests.journeys.conftest import LiveSite

pytestmark = pytest.mark.browser

DAY = date(2026, 4, 2)
EVE = datetime(2026, 4, 1, 17, 0, tzinfo=UTC)
EVENING = datetime(2026, 4, 2, 17, 0, tzinfo=UTC)  # 19:00 where Alice lives
DAY_AFTER = datetime(2026, 4, 3, 7, 0, tzinfo=UTC)
DAY_7 = datetime(2026, 4, 9, 7, 0, tzinfo=UTC)


@pytest.fixture
def cast(live: LiveSite) -> Cast:
    with live.database.unit_of_work() as db:
        return assemble(db, now=live.clock())


def came(site: LiveSite, page: Page, alice: Person, at: datetime) -> None:
    """Alice takes her phone, signed in, at this moment."""
    site.clock.moment = at
    site.sign_in(page.context, alice)
    page.goto("/today")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_session_from_the_eve_to_a_week_on(
    live: LiveSite, browser: Browser, cast: Cast, scripts: bool
) -> None:
    live.clock.moment = EVE
    with live.database.unit_of_work() as db:
        one = treatment(db, cast.alice, DAY, status=Status.PLANNED, at=time(10), now=EVE).public_id
    page = live.open(browser, scripts=scripts)

    # The eve: getting ready.
    came(live, page, cast.alice, EVE)
    page.get_by_role("link", name="Get ready for it").click()
    page.get_by_label("Someone will take me home").check(force=True)
    page.get_by_label("Music, blanket, eye mask").check(force=True)
    page.get_by_label("Name").fill("Dana")
    page.get_by_label("Their phone").fill("+49 30 123456")
    page.get_by_label("An intention, if you’d like one").fill("Rest")
    save(page)
    expect(page.get_by_text("2 of 5 done")).to_be_visible()
    expect(page.get_by_role("link", name="Call Dana")).to_have_attribute("href", "tel:+4930123456")

    # The evening of it: the card, looking back, and one side effect.
    with live.database.unit_of_work() as db:
        change_treatment(
            db,
            the_patient(db, cast.alice),
            one,
            body=TreatmentBody(local_date=DAY, status=Status.COMPLETED, at=time(10)),
            seen_version=1,
            zone="Europe/Berlin",
            actor_account_id=cast.alice.account_id,
            now=EVENING,
        )
    came(live, page, cast.alice, EVENING)
    expect(page.get_by_text("Don’t drive, ride or use machinery until tomorrow")).to_be_visible()
    page.get_by_role("link", name="How was the session?").click()
    page.get_by_label("Moved").check(force=True)
    page.locator("input[name=after_peak][value='8']").check(force=True)
    page.locator("input[name=after_gone][value=not_yet]").check(force=True)
    page.get_by_text("Choose what fits").click()
    page.locator("input[name=after_nausea][value='1']").check(force=True)
    page.get_by_label("One small thing you might carry into the week").fill("Call my sister")
    save(page)
    expect(page.get_by_text("Saved. Thank you.")).to_be_visible()

    # The day after: what is there is asked about with the check-in, and closed there.
    came(live, page, cast.alice, DAY_AFTER)
    expect(page.get_by_role("heading", name="Take today slowly")).to_be_visible()
    page.get_by_role("link", name="Add sleep, energy or a note").click()
    page.locator("input[name=mood][value='6']").check(force=True)
    expect(page.get_by_role("group", name="Nausea, since 2 Apr: still there?")).to_be_visible()
    page.locator("input[name=after_nausea][value='0']").check(force=True)
    page.locator("input[name=after_gone][value=yes]").check(force=True)
    page.get_by_role("button", name="Save check-in").click()
    expect(page.get_by_role("heading", name="Saved. Thank you.")).to_be_visible()
    with live.database.look() as db:
        [nausea] = side_effects.side_effects_of(db, cast.alice.patient_id)
        record = treatment_records.record_of(db, cast.alice.patient_id, one)
    assert record is not None
    assert (nausea.resolved_at, nausea.severity) == (DAY_AFTER, 1)
    assert (record.dissociation_peak, record.dissociation_lasts, record.escort_phone) == (
        8,
        False,
        "+49 30 123456",
    )

    # A week on: the small step, and nothing that asks.
    came(live, page, cast.alice, DAY_7)
    expect(page.get_by_text("Call my sister")).to_be_visible()
    expect(page.get_by_role("link", name="How was the session?")).to_have_count(0)
    page.goto("/check-in")
    assert page.locator("[name^=after_]").count() == 0
