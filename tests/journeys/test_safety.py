"""An answer that must not be overlooked, from the patient's phone to the therapist's name under it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from journal.domain.support import CopingPlan
from journal.services.support import save_plan
from tests.builders import the_patient
from tests.cast import Cast
from tests.flagging import let_review
from tests.journeys.conftest import LAPTOP, PHONE, LiveSite
from tests.journeys.test_every_page import violations
from tests.journeys.test_offline import cast

__all__ = ["cast"]  # a fixture

pytestmark = pytest.mark.browser

PROMISE = "This app is not watched in real time and nobody may see this today."


def answer(page: Page, *, ninth: str) -> None:
    """A whole PHQ-9, as it is asked of Alice."""
    page.goto("/questionnaires")
    page.get_by_role("link", name="PHQ-9").first.click()
    for number in range(1, 9):
        page.locator(f"input[name=q{number}][value='0']").check(force=True)
    page.locator(f"input[name=q9][value='{ninth}']").check(force=True)
    page.get_by_role("button", name="Save answers").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_an_answer_above_zero_is_met_with_help_and_then_by_a_person(
    live: LiveSite, browser: Browser, cast: Cast, scripts: bool
) -> None:
    with live.database.unit_of_work() as db:
        let_review(db, cast, at=live.clock())
        save_plan(
            db,
            the_patient(db, cast.alice),
            CopingPlan(alone="The rain recording", person_name="Dana", person_phone="+1 555 0100122"),
            seen_version=0,
            actor_account_id=None,
            now=live.clock(),
        )
    phone = live.open(browser, size=PHONE, scripts=scripts, workers=False)
    live.sign_in(phone.context, cast.alice)

    answer(phone, ninth="1")
    expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you for telling us.")
    expect(phone.get_by_text(PROMISE)).to_be_visible()
    expect(phone.get_by_text("Bob can see this answer.")).to_be_visible()
    assert not scripts or violations(phone) == []  # axe is a script
    phone.get_by_role("button", name="Yes", exact=True).click()
    expect(phone.get_by_role("heading", level=1)).to_have_text("Please call someone now")
    expect(phone.get_by_role("link", name="Call Dana").first).to_have_attribute("href", "tel:+15550100122")
    phone.reload()  # it stays until it is closed
    expect(phone.get_by_role("heading", level=1)).to_have_text("Please call someone now")
    phone.get_by_role("button", name="Close this page").click()
    expect(phone.get_by_role("heading", level=1)).not_to_have_text("Please call someone now")

    laptop = live.open(browser, size=LAPTOP, scripts=scripts, workers=False)
    live.sign_in(laptop.context, cast.bob)
    laptop.goto("/caseload")
    expect(laptop.get_by_text("1 open flag")).to_be_visible()
    laptop.get_by_role("link", name="Flags (1)").click()
    assert not scripts or violations(laptop) == []
    laptop.get_by_role("link", name="Alice").click()
    expect(laptop.get_by_text("Several days")).to_be_visible()
    expect(laptop.get_by_text("Said yes about right now")).to_be_visible()
    assert not scripts or violations(laptop) == []
    laptop.get_by_label("What did you do?").fill("Called her. She is with her sister.")
    laptop.get_by_role("button", name="I have looked at this").click()
    expect(laptop.get_by_text("No flag waits for you")).to_be_visible()
    laptop.goto("/caseload")
    expect(laptop.get_by_text("1 open flag")).to_have_count(0)
