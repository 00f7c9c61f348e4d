"""The pages beside the caseload: setting aside, a clinic's rules, and trying them; each for whom it is for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from journal.domain.attention import Kind, Shown
from journal.domain.consents import Scope
from journal.storage import attention
from journal.storage.audit import Act, AuditEvent
from journal.web import attention as attention_pages
from tests import builders, flagging
from tests.cast import NOW
from tests.conftest import Site

TODAY = date(2026, 3, 30)
CHOICE = {"watched": "1", "fading": "1", "silence": "1", "silence_days": "5", "version": "0"}


def silent(site: Site) -> str:
    """Alice has been silent for 12 days; the address of setting that aside."""
    with site.database.unit_of_work() as db:
        builders.check_in(db, site.cast.alice, 5, at=NOW - timedelta(days=12))
    return f"/patients/{site.cast.alice.public_id}/set-aside"


def aside(site: Site) -> dict[Kind, date]:
    with site.database.look() as db:
        found = attention.set_aside_by(db, site.cast.bob.provider_id, today=TODAY)
    return found.get(site.cast.alice.patient_id, {})


def test_what_is_set_aside_leaves_the_top_and_can_be_taken_back(site: Site) -> None:
    address, bob = silent(site), site.as_(site.cast.bob)
    caseload = bob.get("/caseload").text
    assert "1 to look at first" in caseload
    assert "(19\N{NO-BREAK SPACE}Mar to 30\N{NO-BREAK SPACE}Mar)" in caseload  # no line ends within a date
    page = bob.get(address).text
    assert "No check-in for 12 days (19 Mar to 30 Mar)" in page
    assert 'value="2026-04-13"' in page
    answer = bob.post(address, data={"kind": "silence", "until": "2026-04-10"})
    assert (answer.status_code, aside(site)) == (303, {Kind.SILENCE: date(2026, 4, 10)})
    assert "0 to look at first" in bob.get("/caseload").text
    assert "Comes back on 10 April 2026." in bob.get("/caseload/set-aside").text
    assert "Set aside until 10 April 2026." in bob.get(address).text
    assert bob.post(address, data={"do": "back", "kind": "silence"}).status_code == 303
    assert aside(site) == {}


def test_what_cannot_be_set_aside_is_refused_and_what_was_typed_stays(site: Site) -> None:
    address, bob = silent(site), site.as_(site.cast.bob)
    answer = bob.post(address, data={"kind": "silence", "until": "2026-03-30"})
    assert (answer.status_code, aside(site)) == (422, {})
    assert "Choose today or a later day" in answer.text
    assert 'value="2026-03-30"' in answer.text
    for kind in ("flag", "signal", "mood", ""):
        assert bob.post(address, data={"kind": kind, "until": "2026-04-10"}).status_code == 422
    assert aside(site) == {}


def test_a_flag_leads_to_its_own_page_and_is_no_choice(site: Site) -> None:
    with site.database.unit_of_work() as db:
        flagging.let_review(db, site.cast)
        flagging.answer(db, site.cast.alice, {**flagging.EIGHT, "9": 1})
    bob = site.as_(site.cast.bob)
    assert "1 open flag (30\N{NO-BREAK SPACE}Mar)" in bob.get("/caseload").text
    page = bob.get(f"/patients/{site.cast.alice.public_id}/set-aside").text
    assert "Flags are acknowledged on their own page." in page
    assert 'name="until"' not in page


def test_a_stranger_finds_no_page_to_set_aside_on(site: Site) -> None:
    address, carol = silent(site), site.as_(site.cast.carol)
    assert carol.get(address).status_code == 404
    assert carol.post(address, data={"kind": "silence", "until": "2026-04-10"}).status_code == 404
    assert carol.post(address, data={"do": "back", "kind": "silence"}).status_code == 404


def test_a_reason_that_is_not_shared_is_not_named(site: Site) -> None:
    address = silent(site)
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, Scope.SESSIONS)
    assert "No check-in" not in site.as_(site.cast.bob).get(address).text


def test_a_clinic_chooses_its_rules_and_every_list_goes_by_them(site: Site) -> None:
    silent(site)
    bob = site.as_(site.cast.bob)
    page = bob.get("/clinic/attention").text
    assert page.count("checked") == 4
    assert 'value="10"' in page
    answer = bob.post("/clinic/attention", data={**CHOICE, "silence_days": "13"})
    assert answer.status_code == 303
    assert (
        "Saved. Everybody’s list at your clinic goes by it from now on." in bob.get("/clinic/attention").text
    )
    with site.database.look() as db:
        kept = attention.shown_at(db, site.cast.clinic_id)
    assert kept.shown == Shown(signal=False, silence_days=13)
    assert "0 to look at first" in bob.get("/caseload").text


def test_rules_that_cannot_be_are_refused_and_what_was_typed_stays(site: Site) -> None:
    bob = site.as_(site.cast.bob)
    for days, says in (("2", "Choose a value from 3 to 30"), ("many", "Write this as a number")):
        answer = bob.post("/clinic/attention", data={**CHOICE, "silence_days": days})
        assert answer.status_code == 422
        assert says in answer.text
        assert f'value="{days}"' in answer.text
    bob.post("/clinic/attention", data=CHOICE)
    old = bob.post("/clinic/attention", data={**CHOICE, "silence_days": "7"})
    assert old.status_code == 422
    assert "This was changed after you opened it." in old.text


def test_rules_are_tried_on_the_past_without_being_kept(site: Site) -> None:
    silent(site)
    bob = site.as_(site.cast.bob)
    answer = bob.post("/clinic/attention", data={**CHOICE, "do": "try"})
    assert answer.status_code == 303
    page = bob.get(answer.headers["Location"]).text
    assert "1 of the 1 person looked at would have been listed." in page
    assert "No check-ins: 8 days (23 Mar to 30 Mar)" in page
    assert "No check-in for 5 days or more" in page
    assert "Mood below its own steady level" not in page
    with site.database.look() as db:
        assert attention.shown_at(db, site.cast.clinic_id).version == 0
    carol = site.as_(site.cast.carol)
    assert "Alice" not in carol.get(answer.headers["Location"]).text
    assert "There is nobody to look at" in carol.get(answer.headers["Location"]).text


def test_whoever_is_shown_by_name_finds_it_in_their_log(site: Site) -> None:
    silent(site)
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.dan, site.cast.bob, Scope.ASSESSMENTS)
    site.as_(site.cast.bob).get("/clinic/attention/try?silence=1&silence_days=5")
    with site.database.look() as db:
        told = db.execute(sa.select(AuditEvent.patient_id).where(AuditEvent.act == Act.REPLAYED.value))
        assert list(told.scalars()) == [None, site.cast.alice.patient_id]
    log = site.as_(site.cast.alice).get("/access-log").text
    assert "Bob looked up on which past days their list would have shown you first" in log
    assert "on which past days" not in site.as_(site.cast.dan).get("/access-log").text


def test_the_past_is_read_so_often_and_no_more(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attention_pages, "RUNS_MOST", ("2 per hour",))
    bob, address = site.as_(site.cast.bob), "/clinic/attention/try?silence_days=5"
    assert [bob.get(address).status_code for _ in range(3)] == [200, 200, 429]
    assert site.as_(site.cast.carol).get(address).status_code == 200


def test_what_was_tried_comes_back_into_the_form(site: Site) -> None:
    page = site.as_(site.cast.bob).get("/clinic/attention?silence=1&silence_days=7").text
    assert page.count("checked") == 1
    assert 'value="7"' in page


def test_an_address_that_says_no_rules_is_not_found(site: Site) -> None:
    bob = site.as_(site.cast.bob)
    assert bob.get("/clinic/attention/try?silence_days=99").status_code == 404
    assert bob.get("/clinic/attention/try?silence_days=x").status_code == 404
    assert "No rule is switched on" in bob.get("/clinic/attention/try?silence_days=5&page=x").text
