"""A questionnaire on a phone: half of it answered and left, gone on with later, and the help that an answer brings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from journal.services.assessment_dates import arrange
from journal.services.flag_reviews import Said, change
from journal.storage.clinics import Clinic
from tests.builders import the_patient
from tests.cast import Cast, assemble
from tests.journeys.conftest import SMALL_PHONE, LiveSite

pytestmark = pytest.mark.browser


@pytest.fixture
def cast(live: LiveSite) -> Cast:
    """Alice's clinic has said that Bob looks at flags every weekday, so that she is asked nine questions."""
    with live.database.unit_of_work() as db:
        people = assemble(db, now=live.clock())
        clinic = db.get_one(Clinic, people.clinic_id)
        change(
            db,
            clinic,
            Said(reviewer=people.bob.public_id),
            actor_account_id=people.erin.account_id,
            now=live.clock(),
        )
        arrange(db, the_patient(db, people.alice), now=live.clock())
    return people


def answers(page: Page, number: int, words: str) -> None:
    page.locator(f"label.tile:has(input[name=q{number}])", has_text=words).click()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_it_is_begun_left_gone_on_with_and_completed(
    live: LiveSite, browser: Browser, cast: Cast, *, scripts: bool
) -> None:
    page = live.open(browser, size=SMALL_PHONE, scripts=scripts)
    live.sign_in(page.context, cast.alice)
    page.goto("/today")
    page.get_by_role("link", name="Open the questionnaire").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Two-week questions")
    for number in range(1, 6):
        answers(page, number, "Several days")
    page.get_by_role("button", name="Save answers").click()
    expect(page.get_by_text("4 questions are still open.")).to_be_visible()
    page.get_by_role("button", name="Save answers").click()
    expect(page.get_by_role("heading", name="5 of 9 answered")).to_be_visible()

    live.clock.moment += timedelta(days=2)
    live.sign_in(page.context, cast.alice)
    page.goto("/today")
    page.get_by_role("link", name="Go on with it").click()
    expect(page.locator("input[name=q5][value='1']")).to_be_checked()
    for number in range(6, 9):
        answers(page, number, "Nearly every day")
    answers(page, 9, "Not at all")
    page.get_by_role("button", name="Save answers").click()
    expect(page.get_by_role("heading", name="PHQ-9: 14 of 27")).to_be_visible()
    expect(page.get_by_text("call this range “moderate”")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_the_word_of_care_comes_at_the_answer_and_the_panel_after_saving(
    live: LiveSite, browser: Browser, cast: Cast, *, scripts: bool
) -> None:
    page = live.open(browser, scripts=scripts)
    live.sign_in(page.context, cast.alice)
    page.goto("/questionnaires")
    page.get_by_role("link", name="PHQ-9").click()
    care = page.locator(".reveal")
    expect(care).to_be_hidden()
    answers(page, 9, "Not at all")
    expect(care).to_be_hidden()
    answers(page, 9, "Several days")
    expect(care).to_be_visible()
    page.get_by_role("button", name="Save answers").click()
    expect(page.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    expect(page.get_by_text("nobody may see this today")).to_be_visible()
