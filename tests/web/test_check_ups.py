"""The two-weekly questions over HTTP: asking, keeping, and what an answer leads to."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from journal.domain.side_effects import Severity, SideEffectCode
from journal.storage.long_term_checks import checks_of
from tests import builders
from tests.cast import NOW
from tests.conftest import Site

TODAY = date(2026, 3, 30)
URGENT = "Contact your clinic or the emergency services now"
TELL = "Tell your clinic about this."
OFFER = "Six questions about the last two weeks"


def send(site: Site, **answers: str) -> str:
    answer = site.as_(site.cast.alice).post("/check-up", data=answers)
    assert (answer.status_code, answer.location) == (303, "/check-up/answered")
    return site.as_(site.cast.alice).get("/check-up/answered").text


def test_answers_are_kept_and_what_was_left_out_is_said_to_be(site: Site) -> None:
    page = send(site, memory_trouble="1", blood_in_urine="0", pain_on_urination="")
    (kept,) = site.look(checks_of, site.cast.alice.patient_id)
    assert (kept.local_date, dict(kept.answers)) == (
        TODAY,
        {SideEffectCode.BLOOD_IN_URINE: Severity.NOT_PRESENT, SideEffectCode.MEMORY_TROUBLE: Severity.MILD},
    )
    assert "<dt>Trouble remembering</dt><dd>Mild</dd>" in page
    assert "<dt>Pain when passing urine</dt><dd>Not answered</dd>" in page
    assert URGENT not in page
    assert TELL not in page


def test_todays_answers_stand_in_the_form_again(site: Site) -> None:
    send(site, craving_or_extra_use="1")
    page = site.as_(site.cast.alice).get("/check-up").text
    assert 'name="craving_or_extra_use" value="1" id="craving_or_extra_use-1" checked' in page


def test_a_form_without_any_answer_is_asked_for_one(site: Site) -> None:
    answer = site.as_(site.cast.alice).post("/check-up", data={})
    assert answer.status_code == 422
    assert "Answer at least one of these" in answer.text


@pytest.mark.parametrize("value", ["4", "-1", "yes", "²"])
def test_what_no_question_offers_is_refused(site: Site, value: str) -> None:
    answer = site.as_(site.cast.alice).post("/check-up", data={"memory_trouble": value})
    assert answer.status_code == 422
    assert "Choose one of the answers shown" in answer.text
    assert site.look(checks_of, site.cast.alice.patient_id) == []


def test_blood_leads_to_the_clinic_or_the_emergency_services_at_once(site: Site) -> None:
    page = send(site, blood_in_urine="1")
    assert URGENT in page
    assert 'href="/help"' in page
    assert page.index(URGENT) < page.index("<h1>")
    assert "Nobody is told by this page" in page


def test_the_panel_is_gone_on_another_day(site: Site) -> None:
    send(site, blood_in_urine="1")
    site.clock.moment = NOW + timedelta(days=1)
    assert URGENT not in site.as_(site.cast.alice).get("/check-up/answered").text


def test_urinary_trouble_at_two_checks_says_tell_your_clinic(site: Site) -> None:
    assert TELL not in send(site, pain_on_urination="2")
    with site.database.unit_of_work() as db:
        builders.long_term_check(db, site.cast.alice, date(2026, 3, 16), urinary_urgency_frequency=2)
    page = site.as_(site.cast.alice).get("/check-up/answered").text
    assert TELL in page
    assert URGENT not in page


def test_who_can_see_the_answers_is_said_before_they_are_given(site: Site) -> None:
    assert "Bob can see these answers." in site.as_(site.cast.alice).get("/check-up").text
    assert "Nobody but you can see these answers." in site.as_(site.cast.dan).get("/check-up").text


def test_today_offers_them_when_they_are_due_and_not_after(site: Site) -> None:
    client = site.as_(site.cast.alice)
    assert OFFER not in client.get("/today").text
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, date(2026, 3, 16))
    assert OFFER in client.get("/today").text
    send(site, memory_trouble="0")
    assert OFFER not in client.get("/today").text
    site.clock.moment = NOW + timedelta(days=14)
    assert OFFER in site.as_(site.cast.alice).get("/today").text


def test_a_locked_phone_offers_and_shows_nothing_of_them(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, date(2026, 3, 16))
    client = site.as_(site.cast.alice)
    site.clock.moment = NOW + timedelta(minutes=11)
    assert OFFER not in client.get("/today").text
    assert client.get("/check-up/answered").location.startswith("/unlock")
