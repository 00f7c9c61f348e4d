"""One's own plan on a phone: written, kept there by choice, at hand when it is locked or offline, and gone for good."""

from __future__ import annotations

import contextlib
import json

import pytest
from playwright.sync_api import Browser, Locator, expect
from playwright.sync_api import TimeoutError as TooLate

from journal.domain.support import CopingPlan
from journal.services.support import save_plan
from tests.builders import the_patient
from tests.cast import Cast
from tests.journeys.conftest import PHONE, SMALL_PHONE, LiveSite
from tests.journeys.test_every_page import violations
from tests.journeys.test_offline import Phone, cast, dump, phone, sign_out

__all__ = ["cast", "phone"]  # fixtures

pytestmark = pytest.mark.browser

CANARY = "the heron waits by the weir"
ROUND_TRIP = """async () => {
  const worker = (await navigator.serviceWorker.ready).active;
  const { port1, port2 } = new MessageChannel();
  const answer = new Promise((done) => (port1.onmessage = ({ data }) => done(data)));
  worker.postMessage({ ask: "kept", name: "plan" }, [port2]);
  return answer;
}"""


def write(phone: Phone, cast: Cast, *, seen: int = 0, **words: str) -> None:
    """Let Alice have written a plan, on another phone."""
    plan = CopingPlan(**(words or {"signs": CANARY, "person_name": "Dana", "person_phone": "+1 555 0100"}))
    with phone.site.database.unit_of_work() as db:
        alice = the_patient(db, cast.alice)
        save_plan(db, alice, plan, seen_version=seen, actor_account_id=None, now=phone.site.clock())


def switch(phone: Phone) -> Locator:
    return phone.page.get_by_role("switch", name="Keep my plan on this phone")


def keep(phone: Phone, *, on: bool = True) -> None:
    phone.page.goto("/plan")
    expect(switch(phone)).to_be_visible()
    switch(phone).set_checked(on)
    said = "Your plan is kept on this phone." if on else "Your plan is not on this phone any more."
    expect(phone.page.get_by_role("status").filter(has_text=said)).to_be_visible()


def shows_it(phone: Phone) -> None:
    """The help page shows the plan, once. A slow answer is replaced by the page that the phone keeps: ask again."""
    plans = phone.page.locator("[data-own]")
    for _ in range(3):
        phone.page.goto("/help")
        phone.says("Help, right now")
        with contextlib.suppress(TooLate):
            plans.first.wait_for(timeout=3000)
            break
    expect(plans).to_have_count(1)
    expect(plans).to_contain_text(CANARY)


def hides_it(phone: Phone) -> None:
    """The help page does not show the plan, also when its script has had its turn."""
    phone.page.goto("/help")
    phone.says("Help, right now")
    phone.page.evaluate(ROUND_TRIP)
    phone.page.wait_for_timeout(100)
    expect(phone.page.locator("[data-own]")).to_have_count(0)
    assert CANARY not in phone.page.content()


def test_a_plan_is_written_and_stands_first_where_help_is(phone: Phone) -> None:
    phone.page.goto("/you")
    phone.page.get_by_role("link", name="My coping plan").click()
    phone.page.get_by_role("link", name="Begin my plan").click()
    phone.page.get_by_label("Signs it’s getting bad").fill(f"{CANARY}\nand sleeps")
    phone.page.get_by_label("Name").fill("Dana")
    phone.page.get_by_label("Phone number").fill("+1 (555) 0100")
    phone.page.get_by_role("button", name="Save").click()
    phone.says("My coping plan")
    expect(phone.page.get_by_text("Saved.")).to_be_visible()
    phone.page.get_by_role("link", name="Get help now").click()
    phone.says("Help, right now")
    expect(phone.page.locator("main a[href^='tel:']").first).to_have_attribute("href", "tel:+15550100")
    assert phone.page.locator("[data-own] li p").inner_text() == f"{CANARY}\nand sleeps"


def test_kept_by_choice_it_is_at_hand_locked_and_without_a_signal(phone: Phone, cast: Cast) -> None:
    write(phone, cast)
    keep(phone)
    shows_it(phone)
    phone.lock()
    shows_it(phone)
    phone.offline()
    shows_it(phone)
    call = phone.page.get_by_role("link", name="Call Dana")
    expect(call).to_have_attribute("href", "tel:+15550100")
    expect(call).to_contain_text("+1 555 0100")
    expect(phone.page.locator("[data-own] li")).to_have_count(1)
    expect(phone.page.get_by_text("Opens when you unlock")).to_be_hidden()


def test_what_was_not_kept_is_not_there(phone: Phone, cast: Cast) -> None:
    write(phone, cast)
    shows_it(phone)
    phone.offline()
    hides_it(phone)
    phone.offline(False)
    phone.lock()
    hides_it(phone)
    expect(phone.page.get_by_text("Opens when you unlock")).to_be_visible()


def test_signing_out_takes_it_off_the_phone(phone: Phone, cast: Cast) -> None:
    write(phone, cast)
    keep(phone)
    sign_out(phone)
    phone.says("Sign in")
    hides_it(phone)
    phone.offline()
    hides_it(phone)
    assert dump(phone)["database"]["kept"] == []


def test_switched_off_it_is_off_the_phone(phone: Phone, cast: Cast) -> None:
    write(phone, cast)
    keep(phone)
    keep(phone, on=False)
    phone.offline()
    hides_it(phone)


def test_what_is_changed_is_changed_on_the_phone(phone: Phone, cast: Cast) -> None:
    write(phone, cast, alone="a walk")
    keep(phone)
    phone.page.get_by_role("link", name="Change my plan").click()
    phone.page.get_by_label("Things I can do on my own").fill(CANARY)
    phone.page.get_by_role("button", name="Save").click()
    expect(switch(phone)).to_be_checked()
    phone.offline()
    shows_it(phone)


def test_what_was_changed_elsewhere_comes_with_the_next_look(phone: Phone, cast: Cast) -> None:
    write(phone, cast, alone="a walk")
    keep(phone)
    write(phone, cast, seen=1, alone=CANARY)
    shows_it(phone)
    phone.offline()
    shows_it(phone)


def test_what_was_emptied_elsewhere_goes_with_the_next_look(phone: Phone, cast: Cast) -> None:
    write(phone, cast)
    keep(phone)
    write(phone, cast, seen=1, alone="")
    hides_it(phone)
    phone.offline()
    hides_it(phone)


def test_nobody_else_who_signs_in_on_the_phone_is_shown_it(phone: Phone, cast: Cast) -> None:
    write(phone, cast)
    keep(phone)
    phone.context.clear_cookies()
    phone.site.sign_in(phone.context, cast.dan)
    phone.page.goto("/today")
    phone.until("phone.ask('kept', { name: 'plan' }).then((plan) => !plan)")
    hides_it(phone)
    phone.offline()
    hides_it(phone)


def test_a_page_of_somebody_gone_keeps_nothing_among_anothers_things(phone: Phone, cast: Cast) -> None:
    kept = "phone.ask('keep', { name: 'plan', value: {}, of: 'somebody else' })"
    assert phone.page.evaluate(kept) is False
    assert phone.page.evaluate("phone.kept('plan')") is None


def test_no_word_of_it_can_be_read_on_the_phone(phone: Phone, cast: Cast) -> None:
    def readable() -> str:
        return json.dumps(dump(phone), ensure_ascii=False)

    write(phone, cast)
    shows_it(phone)  # shown by the server, and never put by
    assert "/help" in dump(phone)["shelves"]
    assert CANARY not in readable()
    keep(phone)
    phone.page.goto("/plan/edit")
    shows_it(phone)
    phone.offline()
    shows_it(phone)
    for private in (CANARY, "Dana"):
        assert private not in readable()
    assert len(dump(phone)["database"]["kept"]) == 2  # the form's settings, and the plan


def test_lying_there_too_long_it_is_put_away(phone: Phone, cast: Cast) -> None:
    write(phone, cast)
    phone.page.clock.install()
    phone.page.goto("/help")
    expect(phone.page.get_by_text(CANARY)).to_be_visible()
    phone.page.wait_for_timeout(300)
    phone.page.clock.fast_forward("09:00")
    expect(phone.page.get_by_text(CANARY)).to_be_visible()
    phone.page.clock.fast_forward("02:00")
    expect(phone.page.get_by_text(CANARY)).to_have_count(0)
    expect(phone.page.get_by_text("Opens when you unlock")).to_be_visible()


def test_where_nothing_can_be_kept_nothing_is_offered(live: LiveSite, cast: Cast, browser: Browser) -> None:
    phone = Phone(live, live.open(browser, scripts=False))
    live.sign_in(phone.context, cast.alice)
    write(phone, cast)
    phone.page.goto("/plan")
    expect(phone.page.get_by_text(CANARY)).to_be_visible()
    expect(switch(phone)).to_have_count(0)
    phone.page.goto("/help")
    expect(phone.page.get_by_text(CANARY)).to_be_visible()


def test_axe_finds_nothing_on_the_pages_with_a_plan(phone: Phone, cast: Cast) -> None:
    words = {"signs": CANARY * 20, "safer": "x" * 90, "person_name": "D" * 60, "person_phone": "+1 555 0100"}
    write(phone, cast, **words)
    keep(phone)
    pages = {"open": "/help", "plan": "/plan", "form": "/plan/edit"}
    wrong = []
    for is_locked in (False, True):
        for path in pages.values() if not is_locked else ["/help"]:
            for size in (SMALL_PHONE, PHONE):
                phone.page.set_viewport_size(size)  # type: ignore[arg-type]
                phone.page.goto(path)
                phone.page.wait_for_timeout(300)
                wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                wrong += [f"{path} too wide"] if phone.page.evaluate(wide) > 0 else []
                for scheme in ("light", "dark"):
                    phone.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
                    wrong += [f"{path} {size['width']} {scheme}: {one}" for one in violations(phone.page)]
        phone.lock()
    assert wrong == []
