"""Choosing steady days, for a provider who sees both check-ins and sessions."""

from __future__ import annotations

from datetime import date, timedelta

from journal.domain.consents import Scope
from journal.domain.treatments import Phase
from journal.storage import courses, steady_days
from tests import builders
from tests.cast import NOW
from tests.conftest import Site

TODAY = date(2026, 3, 30)


def prepared(site: Site) -> str:
    with site.database.unit_of_work() as db:
        courses.add_course(db, site.cast.alice.patient_id, phase=Phase.MAINTENANCE, now=NOW)
        builders.mood_days(
            db, site.cast.alice, {TODAY - timedelta(days=back): 5 + back % 2 for back in range(40)}
        )
    return f"/patients/{site.cast.alice.public_id}/steady-days"


def chosen(site: Site) -> list[tuple[date, date]]:
    with site.database.look() as db:
        return list(steady_days.steady_days_of(db, site.cast.alice.patient_id).values())


def test_days_are_chosen_and_the_rule_chooses_again(site: Site) -> None:
    address, bob = prepared(site), site.as_(site.cast.bob)
    assert "Now: there are too few logged days for a comparison." in bob.get(address).text
    answer = bob.post(address, data={"first": "2026-03-01", "last": "2026-03-20"})
    assert (answer.status_code, chosen(site)) == (303, [(date(2026, 3, 1), date(2026, 3, 20))])
    page = bob.get(address).text
    assert "1 March 2026 to 20 March 2026, mean mood 5.5, 20 logged days." in page
    assert "Chosen by a provider." in page
    assert bob.post(address, data={"do": "rule"}).status_code == 303
    assert chosen(site) == []
    log = site.as_(site.cast.alice).get("/access-log").text
    assert "Bob chose the steady days that your mood is compared with" in log


def test_what_cannot_be_is_refused_and_what_was_typed_stays(site: Site) -> None:
    address, bob = prepared(site), site.as_(site.cast.bob)
    answer = bob.post(address, data={"first": "2026-03-19", "last": "2026-03-20"})
    assert (answer.status_code, chosen(site)) == (422, [])
    assert "Choose between 14 and 28 days" in answer.text
    assert 'value="2026-03-19"' in answer.text
    few = bob.post(address, data={"first": "2026-01-01", "last": "2026-01-20"})
    assert "Only 0 of these days have a mood; it takes 14" in few.text
    assert "Choose a day" in bob.post(address, data={"first": "", "last": ""}).text


def test_it_takes_both_scopes_and_a_course(site: Site) -> None:
    bob = site.as_(site.cast.bob)
    assert bob.get(f"/patients/{site.cast.alice.public_id}/steady-days").status_code == 404
    address = prepared(site)
    assert site.as_(site.cast.carol).get(address).status_code == 404
    assert site.as_(site.cast.frank).get(address).status_code == 404
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, Scope.SESSIONS, Scope.NOTES)
    assert bob.get(address).status_code == 404
    typed = {"first": "2026-03-01", "last": "2026-03-20"}
    assert (bob.post(address, data=typed).status_code, chosen(site)) == (404, [])


def test_days_that_another_provider_chose_from_what_is_not_shared_stay(site: Site) -> None:
    address, bob = prepared(site), site.as_(site.cast.bob)
    bob.post(address, data={"first": "2026-03-01", "last": "2026-03-20"})
    with site.database.unit_of_work() as db:
        builders.share(
            db, site.cast.alice, site.cast.frank, Scope.SCORES, Scope.SESSIONS, visible_from=date(2026, 3, 5)
        )
    frank = site.as_(site.cast.frank)
    page = frank.get(address).text
    assert "Another provider chose steady days that begin before what is shared with you." in page
    assert 'name="first"' not in page
    assert "2026-03-01" not in page
    answer = frank.post(address, data={"first": "2026-03-06", "last": "2026-03-24"})
    assert (answer.status_code, chosen(site)) == (422, [(date(2026, 3, 1), date(2026, 3, 20))])
    assert "Another provider chose days that are not shared with you. Those stay as they are" in answer.text
    assert 'value="2026-03-06"' in answer.text
