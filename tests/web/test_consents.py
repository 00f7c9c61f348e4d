"""Sharing over HTTP: what saving a card opens, and what it never opens by mistake."""

from __future__ import annotations

from journal.domain.consents import Scope, Sight
from journal.storage import consents, patients
from tests.cast import EVERY_SCOPE, NOW
from tests.conftest import Site


def card(site: Site) -> str:
    """The id of the consent that Alice gave Bob."""
    circles = site.look(consents.circles_of, site.cast.alice.patient_id)
    found: str = next(
        one.consent.public_id for one in circles if one.provider_id == site.cast.bob.provider_id
    )
    return found


def bobs_sight(site: Site) -> Sight | None:
    found = site.look(
        patients.patient_visible_to, site.cast.bob.provider_id, site.cast.alice.public_id, now=NOW
    )
    return None if found is None else found[1]


def test_saving_a_card_opens_exactly_what_is_switched_on(site: Site) -> None:
    answer = site.as_(site.cast.alice).post(
        f"/sharing/{card(site)}", data={"scopes": ["scores"], "since": "today"}
    )
    assert (answer.status_code, answer.location) == (303, "/sharing")
    assert bobs_sight(site) == Sight(frozenset({Scope.SCORES}), NOW.date())


def test_a_card_that_does_not_say_from_which_day_opens_no_more_days(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    alice.post(f"/sharing/{card(site)}", data={"scopes": ["scores"], "since": "today"})
    for said in ({}, {"since": "whenever"}):
        answer = alice.post(f"/sharing/{card(site)}", data={"scopes": ["scores", "notes"], **said})
        assert answer.status_code == 422
    assert bobs_sight(site) == Sight(frozenset({Scope.SCORES}), NOW.date())


def test_an_old_page_says_so_and_shows_what_counts(site: Site) -> None:
    alice, old = site.as_(site.cast.alice), card(site)
    alice.post(f"/sharing/{old}/stop")
    answer = alice.post(f"/sharing/{old}", data={"scopes": sorted(EVERY_SCOPE), "since": "all"})
    assert answer.status_code == 422
    assert "This was changed after you opened the page" in answer.text
    assert bobs_sight(site) is None


def test_sharing_again_is_asked_for_by_its_own_form(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    alice.post(f"/sharing/{card(site)}/stop")
    assert 'name="again" value="1"' in alice.get("/sharing").text
    alice.post(f"/sharing/{card(site)}", data={"scopes": ["scores"], "since": "all", "again": "1"})
    assert bobs_sight(site) == Sight(frozenset({Scope.SCORES}), None)
