"""The pages of the coping plan: kind, nothing required, nothing lost, and nobody else's."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from journal.domain.support import STEPS
from tests.builders import check_in
from tests.conftest import Site

CANARY = "the heron waits by the weir"
FORM = {
    "version": "0",
    "signs": f"{CANARY}\r\nand <b>sleeps</b>",
    "person_name": "Dana",
    "person_phone": "+1 (555) 0100",
}

EMPTY = {"version": "1", **dict.fromkeys([*STEPS, "person_name", "person_phone"], "")}


@pytest.fixture
def alice(site: Site) -> FlaskClient:
    browser = site.as_(site.cast.alice)
    assert browser.post("/plan/edit", data=FORM).location == "/plan"
    return browser


def test_without_a_plan_the_page_says_how_little_is_enough(site: Site) -> None:
    page = site.as_(site.cast.alice).get("/plan").text
    assert "One line is enough to begin" in page
    assert "Begin my plan" in page
    assert "Keep my plan on this phone" not in page


def test_a_plan_is_shown_as_it_was_written(alice: FlaskClient) -> None:
    page = alice.get("/plan").text
    assert f"<p>{CANARY}\nand &lt;b&gt;sleeps&lt;/b&gt;</p>" in page
    assert 'href="tel:+15550100"' in page
    assert "Last changed 30 March 2026." in page


def test_saving_is_said_once(alice: FlaskClient) -> None:
    assert "Saved." in alice.get("/plan").text
    assert "Saved." not in alice.get("/plan").text


def test_the_form_comes_with_what_stands_in_the_plan(alice: FlaskClient) -> None:
    page = alice.get("/plan/edit").text
    assert f"{CANARY}\nand &lt;b&gt;sleeps" in page
    assert 'value="Dana"' in page
    assert 'name="version" value="1"' in page


def test_the_six_steps_are_asked_in_their_order(site: Site) -> None:
    page = site.as_(site.cast.alice).get("/plan/edit").text
    assert re.findall(r'<textarea class="input" id="(\w+)"', page) == list(STEPS)
    assert re.findall(r'<label class="q" for="\w+">([^<]+?)</label>', page) == [
        "Signs it’s getting bad",
        "Things I can do on my own",
        "People and places that take my mind off it",
        "People I can tell",
        "Professionals",
        "Making it safer around me",
    ]


def test_what_has_to_be_fixed_is_said_at_its_field_and_nothing_is_lost(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    typed = {**FORM, "alone": "x" * 2_001, "person_phone": "ask Theo"}
    answer = browser.post("/plan/edit", data=typed)
    assert answer.status_code == 422
    assert "Shorten this to 2000 characters" in answer.text
    assert answer.text.count("Write the number in digits") == 2
    assert CANARY in answer.text
    assert "x" * 2_001 in answer.text
    assert 'value="ask Theo"' in answer.text
    assert "<title>Two things to fix: Write my plan" in answer.text
    assert "One line is enough to begin" in browser.get("/plan").text


def test_what_another_phone_wrote_meanwhile_is_shown_and_not_lost(site: Site, alice: FlaskClient) -> None:
    answer = alice.post("/plan/edit", data={**FORM, "signs": "something else"})
    assert answer.status_code == 422
    assert "This was changed after you opened it" in answer.text
    assert CANARY in answer.text
    assert "something else" in answer.text
    assert 'name="version" value="1"' in answer.text
    assert (
        alice.post("/plan/edit", data={**FORM, "signs": "something else", "version": "1"}).status_code == 303
    )
    assert "something else" in alice.get("/plan").text


def test_a_form_without_its_version_overwrites_nothing(alice: FlaskClient) -> None:
    assert alice.post("/plan/edit", data={"signs": "mine", "version": "²"}).status_code == 422
    assert CANARY in alice.get("/plan").text


def test_an_emptied_plan_is_gone(alice: FlaskClient) -> None:
    assert alice.post("/plan/edit", data=EMPTY).status_code == 303
    assert "One line is enough to begin" in alice.get("/plan").text


def test_a_locked_phone_is_asked_to_unlock_and_what_was_typed_is_kept(site: Site, alice: FlaskClient) -> None:
    site.clock.moment += timedelta(minutes=11)
    assert alice.get("/plan").location == "/unlock?next=/plan"
    assert alice.get("/plan/edit").location == "/unlock?next=/plan/edit"
    answer = alice.post("/plan/edit", data={"version": "1", "signs": "typed while it locked"})
    assert answer.status_code == 403
    assert 'name="kept.signs" value="typed while it locked"' in answer.text
    assert CANARY not in answer.text


def test_no_page_of_anybody_else_holds_a_word_of_it(site: Site, alice: FlaskClient) -> None:
    cast, found = site.cast, []
    pages = {
        cast.bob: [f"/patients/{cast.alice.public_id}", "/caseload", "/help"],
        cast.frank: [f"/patients/{cast.alice.public_id}", "/caseload"],
        cast.dan: ["/plan", "/plan/edit", "/help", "/export/journal.json", "/access-log"],
        cast.erin: ["/admin", "/help"],
    }
    for person, paths in pages.items():
        browser = site.as_(person)
        for path in paths:
            answer = browser.get(path)
            assert answer.status_code == 200, path
            found += [path] if CANARY in answer.text or "Dana" in answer.text else []
    assert found == []


def test_no_line_of_the_log_and_no_mail_holds_a_word_of_it(
    site: Site, alice: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    alice.post("/plan/edit", data={**FORM, "version": "1", "person_phone": CANARY})
    alice.get("/plan")
    assert CANARY not in "".join(capfd.readouterr())
    assert [
        path for path in site.app.extensions["journal"].config.outbox.glob("*") if CANARY in path.read_text()
    ] == []


def test_the_copy_of_everything_holds_it(alice: FlaskClient) -> None:
    (plan,) = alice.get("/export/journal.json").get_json(force=True)["coping_plan"]
    assert (plan["signs"], plan["person_phone"]) == (f"{CANARY}\nand <b>sleeps</b>", "+1 (555) 0100")


def test_the_log_says_that_it_was_changed(alice: FlaskClient) -> None:
    alice.post("/plan/edit", data=EMPTY)
    page = alice.get("/access-log?show=everything").text
    assert page.index("You emptied your coping plan") < page.index("You changed your coping plan")


def test_ways_lead_to_it(alice: FlaskClient) -> None:
    assert 'href="/plan"' in alice.get("/you").text
    assert 'href="/plan"' in alice.get("/help").text or 'href="/plan/edit"' in alice.get("/help").text


def test_after_a_low_number_it_is_one_tap_away(site: Site, alice: FlaskClient) -> None:
    def confirmation(mood: int) -> str:
        with site.database.unit_of_work() as db:
            written = check_in(db, site.cast.alice, mood)
        return alice.get(f"/check-ins/{written.public_id}/saved").text

    assert 'href="/plan"' in confirmation(2)
    assert 'href="/plan"' not in confirmation(3)
    alice.post("/plan/edit", data=EMPTY)
    assert 'href="/plan"' not in confirmation(2)


def test_whose_site_is_linked_is_not_told_where_from(alice: FlaskClient) -> None:
    assert '<a href="https://suicidesafetyplan.com" rel="noreferrer">' in alice.get("/plan").text
