"""What a clinic turns on in one patient's check-in."""

from __future__ import annotations

import pytest

from journal.storage import clinic_items
from journal.storage.clinic_items import TurnedOn
from tests.conftest import Site


def address(site: Site) -> str:
    return f"/patients/{site.cast.alice.public_id}/check-in"


def test_an_item_is_asked_once_a_provider_turned_it_on(site: Site) -> None:
    assert site.as_(site.cast.bob).post(address(site), data={"elevated": "1"}).status_code == 303
    page = site.as_(site.cast.alice).get("/check-in").text
    assert 'name="elevated"' in page
    assert 'name="detached"' not in page
    assert "Bob changed what your check-in asks" in site.as_(site.cast.alice).get("/access-log").text


def test_both_are_off_where_nobody_turned_them_on(site: Site) -> None:
    page = site.as_(site.cast.alice).get("/check-in").text
    assert 'name="elevated"' not in page
    assert 'name="detached"' not in page


def test_an_answer_is_kept_and_shown(site: Site) -> None:
    site.as_(site.cast.bob).post(address(site), data={"elevated": "1", "detached": "1"})
    alice = site.as_(site.cast.alice)
    saved = alice.post("/check-in", data={"mood": "6", "elevated": "3", "detached": "7"})
    page = alice.get(saved.location.removesuffix("/saved")).text
    assert "A lot" in page
    assert "7 of 10" in page


def test_a_locked_phone_does_not_ask(site: Site) -> None:
    site.as_(site.cast.bob).post(address(site), data={"elevated": "1"})
    alice = site.as_(site.cast.alice)
    site.clock.moment = site.clock.moment.replace(hour=21)
    assert 'name="elevated"' not in alice.get("/check-in").text


def test_frank_to_whom_the_numbers_are_open_may_and_carol_may_not(site: Site) -> None:
    assert site.as_(site.cast.frank).get(address(site)).status_code == 200
    assert site.as_(site.cast.carol).get(address(site)).status_code == 404
    assert site.as_(site.cast.carol).post(address(site), data={"elevated": "1"}).status_code == 404
    on = site.look(clinic_items.items_of_clinic, site.cast.alice.patient_id, site.cast.clinic_id)
    assert on == TurnedOn()


@pytest.mark.parametrize("who", ["alice", "erin"])
def test_nobody_but_a_provider_finds_the_page(site: Site, who: str) -> None:
    assert site.as_(getattr(site.cast, who)).get(address(site)).status_code == 404
