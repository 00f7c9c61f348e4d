"""The help panel: its words, whom it names, that a "yes" is never met by another page, and that nothing is needed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from journal.domain.access_limits import UNLOCKED_IDLES
from journal.domain.safety_flags import STAYS_AT_HAND, RightNow, Stage
from journal.domain.support import CopingPlan
from journal.services.support import save_plan
from journal.storage import clinics, consents, help_panels, safety_flags
from journal.storage.audit import AuditEvent
from journal.storage.support import plan_of
from journal.web import help_panels as view
from tests.builders import the_patient
from tests.cast import NOW
from tests.conftest import Site
from tests.flagging import EIGHT, answer, let_review, saved

PROMISE = (
    "<b>This app is not watched in real time and nobody may see this today.</b>"
    " If you might act on these thoughts, call now."
)
QUESTION = "Are you having thoughts of killing yourself right now?"
NIMH = "Ask Suicide-Screening Questions (ASQ), National Institute of Mental Health (NIMH)"
PLAN = CopingPlan(alone="The rain recording", person_name="Dana", person_phone="+1 555 0100122")
NEVER = ("risk", "score", "alert", "diagnos", "severe")


@pytest.fixture
def address(site: Site) -> str:
    """Where the panel of a PHQ-9 of Alice's stands, whose ninth item she answered with “several days”."""
    with site.database.unit_of_work() as db:
        record, _stage = answer(db, site.cast.alice, EIGHT | {"9": 1})
    return f"/questionnaires/{record.public_id}/help"


@pytest.fixture
def alice(site: Site) -> FlaskClient:
    """Alice's browser, unlocked, in the United States."""
    browser = site.as_(site.cast.alice)
    with browser.session_transaction() as kept:
        kept["region"] = "US"
    return browser


def write_plan(site: Site) -> None:
    with site.database.unit_of_work() as db:
        patient = the_patient(db, site.cast.alice)
        seen = plan_of(db, patient.id).version
        save_plan(db, patient, PLAN, seen_version=seen, actor_account_id=None, now=NOW)


def shown_at(page: str, *marks: str) -> list[str]:
    """``marks`` in the order in which they stand on the page."""
    found = {mark: page.index(mark) for mark in marks}
    return sorted(found, key=found.__getitem__)


def said(site: Site) -> list[tuple[bool, RightNow | None]]:
    with site.database.look() as db:
        seen = safety_flags.flags_seen(db, site.cast.bob.provider_id, now=site.clock())
        return [(one.flag.concern.is_acute, one.right_now) for one in seen]


def text_of(page: str) -> str:
    main = page[page.index("<main") : page.index("</main>")]
    return re.sub(r"\s+", " ", re.sub(r"<template.*?</template>|<[^>]+>", " ", main, flags=re.DOTALL))


# The words ------------------------------------------------------------------------------------------------------------


def test_it_says_the_fixed_words(alice: FlaskClient, address: str) -> None:
    page = alice.get(address).text
    assert "<h1>Thank you for telling us.</h1>" in page
    assert PROMISE in page


def test_it_asks_in_the_words_of_the_asq_and_says_whose_they_are(alice: FlaskClient, address: str) -> None:
    page = alice.get(address).text
    assert f'<legend class="q" lang="en">{QUESTION}</legend>' in page
    assert NIMH in page
    assert re.findall(r'name="right_now" value="(\w+)"', page) == ["yes", "no", "declined"]


@pytest.mark.parametrize("right_now", [None, "yes", "no", "declined"])
def test_no_stage_of_it_judges_or_promises(alice: FlaskClient, address: str, right_now: str | None) -> None:
    page = (alice.post(address, data={"right_now": right_now}) if right_now else alice.get(address)).text
    assert [word for word in NEVER if word in text_of(page).lower()] == []
    assert PROMISE in page


def test_it_needs_no_script_to_be_answered(alice: FlaskClient, address: str) -> None:
    page = alice.get(address).text
    form = page[page.index("<form") : page.index("</form>")]
    assert f'method="post" action="{address}"' in form
    assert "data-behaviour" not in form


# Whom it names --------------------------------------------------------------------------------------------------------


def test_the_ways_stand_in_their_order(site: Site, alice: FlaskClient, address: str) -> None:
    write_plan(site)
    with site.database.unit_of_work() as db:
        db.execute(sa.update(clinics.Clinic).values(phone="+1 555 0100147"))
    page = alice.get(address).text
    ways = (
        'href="tel:988"',
        'href="tel:911"',
        'href="tel:+15550100122"',
        'href="#own-plan"',
        'href="tel:+15550100147"',
    )
    assert shown_at(page, *ways) == list(ways)
    assert "Call Dana" in page
    assert "Call Riverside Clinic" in page


def test_where_nobody_knows_the_country_no_number_is_guessed(site: Site, address: str) -> None:
    page = site.as_(site.cast.alice).get(address).text
    assert "https://findahelpline.com" in page
    assert "Call the emergency number of the country you’re in" in page
    assert re.findall(r'href="tel:[^"]*"', page) == []


def test_a_line_that_nobody_has_checked_is_not_shown(site: Site, address: str) -> None:
    browser = site.as_(site.cast.alice)
    with browser.session_transaction() as kept:
        kept["region"] = "GB"
    page = browser.get(address).text
    assert "116123" not in page
    assert "https://findahelpline.com" in page


def test_a_clinic_is_named_only_while_somebody_there_may_read(
    site: Site, alice: FlaskClient, address: str
) -> None:
    cast = site.cast
    with site.database.unit_of_work() as db:
        db.execute(sa.update(clinics.Clinic).values(phone="+1 555 0100147"))
        for reader in (cast.bob, cast.frank):
            consents.end_consent(
                db, patient_id=cast.alice.patient_id, provider_id=reader.provider_id, now=NOW
            )
    assert "+15550100147" not in alice.get(address).text


def test_on_a_locked_phone_the_plan_stays_shut_and_everything_else_is_there(
    site: Site, alice: FlaskClient, address: str
) -> None:
    write_plan(site)
    site.clock.moment = NOW + UNLOCKED_IDLES * 2
    page = alice.get(address).text
    assert "Dana" not in page
    assert "The rain recording" not in page
    assert "Opens when you unlock" in page
    assert 'href="tel:988"' in page
    assert alice.post(address, data={"right_now": "yes"}).status_code == 200
    assert said(site) == [(True, RightNow.YES)]


# Who can see the answer -----------------------------------------------------------------------------------------------


def test_where_nobody_else_can_see_it_the_page_says_so(site: Site) -> None:
    with site.database.unit_of_work() as db:
        record, _stage = answer(db, site.cast.dan, EIGHT | {"9": 3})
    page = site.as_(site.cast.dan).get(f"/questionnaires/{record.public_id}/help").text
    assert "Nobody else can see this answer." in page


def test_that_answers_are_looked_at_is_said_only_where_a_clinic_has_said_it(
    site: Site, alice: FlaskClient, address: str
) -> None:
    assert "Bob can see this answer the next time they open your journal." in alice.get(address).text
    with site.database.unit_of_work() as db:
        let_review(db, site.cast)
    page = alice.get(address).text
    assert "Bob can see this answer. Answers like this are looked at on weekdays, not in real time." in page


# Its stages -----------------------------------------------------------------------------------------------------------


def test_a_yes_is_answered_by_the_emergency_panel_at_once_and_it_stays(
    site: Site, alice: FlaskClient, address: str
) -> None:
    answered = alice.post(address, data={"right_now": "yes"})
    assert answered.status_code == 200  # no other page on the way
    assert "<h1>Please call someone now</h1>" in answered.text
    assert "This page stays until you close it." in answered.text
    assert QUESTION not in answered.text
    assert shown_at(answered.text, 'href="tel:911"', 'href="tel:988"') == ['href="tel:911"', 'href="tel:988"']
    assert "Please call someone now" in alice.get(address).text
    assert said(site) == [(True, RightNow.YES)]


@pytest.mark.parametrize("right_now", [RightNow.NO, RightNow.DECLINED])
def test_any_other_answer_leads_to_the_plan(
    site: Site, alice: FlaskClient, address: str, right_now: RightNow
) -> None:
    write_plan(site)
    page = alice.post(address, data={"right_now": right_now.value}).text
    assert QUESTION not in page
    assert shown_at(page, "The rain recording", 'href="tel:988"') == ["The rain recording", 'href="tel:988"']
    assert QUESTION not in alice.get(address).text
    assert said(site) == [(False, right_now)]


def test_it_closes_only_when_its_reader_closes_it(site: Site, alice: FlaskClient, address: str) -> None:
    alice.post(address, data={"right_now": "yes"})
    closed = alice.post(address, data={"close": "1"})
    assert closed.location == address.replace("/help", "/saved")
    with site.database.look() as db:
        assert db.scalar(sa.select(help_panels.HelpPanel.dismissed_at)) == NOW


def test_an_unknown_answer_is_none(site: Site, alice: FlaskClient, address: str) -> None:
    assert QUESTION in alice.post(address, data={"right_now": "perhaps"}).text
    assert said(site) == [(False, None)]


def test_a_questionnaire_without_such_an_answer_has_no_panel(site: Site, alice: FlaskClient) -> None:
    with site.database.unit_of_work() as db:
        record = saved(db, site.cast.alice, EIGHT | {"9": 0})
    assert alice.get(f"/questionnaires/{record.public_id}/help").status_code == 404


def test_a_yes_is_answered_by_the_emergency_panel_even_where_none_was_opened(
    site: Site, alice: FlaskClient
) -> None:
    with site.database.unit_of_work() as db:
        record = saved(db, site.cast.alice, EIGHT | {"9": 0})
    answered = alice.post(f"/questionnaires/{record.public_id}/help", data={"right_now": "yes"})
    assert answered.status_code == 200
    assert "Please call someone now" in answered.text


def test_somebody_elses_is_not_there_and_cannot_be_answered(site: Site, address: str) -> None:
    dan = site.as_(site.cast.dan)
    assert dan.get(address).status_code == 404
    assert dan.post(address, data={"right_now": "yes"}).status_code == 404
    assert said(site) == [(False, None)]


def test_its_showing_is_written_down_without_what_it_was_about(
    site: Site, alice: FlaskClient, address: str
) -> None:
    alice.get(address)
    with site.database.look() as db:
        event = db.scalars(sa.select(AuditEvent).where(AuditEvent.act == "help_panel_shown")).one()
    assert (event.at, event.patient_id, event.subject) == (NOW, site.cast.alice.patient_id, None)


def test_the_page_with_the_lines_names_the_clinic_to_whoever_has_unlocked(
    site: Site, alice: FlaskClient
) -> None:
    with site.database.unit_of_work() as db:
        db.execute(sa.update(clinics.Clinic).values(phone="+1 555 0100147"))
    assert 'href="tel:+15550100147"' in alice.get("/help").text
    assert "0100147" not in alice.get("/help?bare=1").text
    site.clock.moment = NOW + UNLOCKED_IDLES * 2
    assert "0100147" not in alice.get("/help").text


def test_the_page_with_the_lines_asks_nothing_raises_nothing_and_logs_nothing(
    site: Site, alice: FlaskClient
) -> None:
    def left() -> list[int | None]:
        with site.database.look() as db:
            return [
                db.scalar(sa.select(sa.func.count()).select_from(table))
                for table in (AuditEvent, safety_flags.SafetyFlag, help_panels.HelpPanel)
            ]

    before = left()
    page = alice.get("/help").text
    assert left() == before
    assert QUESTION not in page


# Whatever becomes of it -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("right_now", "says"),
    [("yes", "Please call someone now"), ("no", "Thank you for telling us."), (None, QUESTION)],
)
def test_with_the_database_gone_it_opens_and_answers_all_the_same(
    site: Site, alice: FlaskClient, address: str, right_now: str | None, says: str
) -> None:
    def refuse(*_details: object) -> None:
        raise OSError("the disk is gone")

    site.database.engine.dispose()
    sa.event.listen(site.database.engine, "do_connect", refuse)
    page = alice.post(address, data={"right_now": right_now}) if right_now else alice.get(address)
    assert page.status_code == 200
    assert says in page.text
    assert 'href="tel:988"' in page.text


def test_a_yes_that_cannot_be_kept_is_answered_all_the_same(
    site: Site, alice: FlaskClient, address: str
) -> None:
    with site.database.unit_of_work() as db:
        db.execute(sa.text("DROP TABLE safety_flag"))
    assert "Please call someone now" in alice.post(address, data={"right_now": "yes"}).text


def test_whoever_was_signed_out_meanwhile_is_sent_to_no_other_page(site: Site, address: str) -> None:
    page = site.stranger().post(address, data={"right_now": "yes"})
    assert page.status_code == 200
    assert "Please call someone now" in page.text
    assert said(site) == [(False, None)]


def test_a_stage_of_its_own_is_drawn_where_nothing_more_is_known(site: Site, address: str) -> None:
    with site.app.test_request_context(address):
        panel = view.panel(Stage.PLAN, None, answer_to=address, region="ES")
    assert (panel.here and panel.here.emergency, panel.is_plan, panel.plan) == ("112", True, None)


@pytest.mark.parametrize(("ninth", "status"), [("1", 200), ("3", 200), ("0", 404), ("", 404), ("9", 404)])
def test_an_answer_from_a_page_whose_web_session_has_ended_finds_help(
    site: Site, address: str, ninth: str, status: int
) -> None:
    sent = {"shown": "phq9", "q1": "1", "q9": ninth}
    answered = site.stranger().post(address.removesuffix("/help"), data=sent)
    assert answered.status_code == status
    assert (PROMISE in answered.text) is (status == 200)
    assert ("what you answered was not kept" in answered.text) is (status == 200)


# Left without closing it  -------------------------------------------------------------------------------------------


def test_one_that_was_left_open_stands_first_on_today(alice: FlaskClient, address: str) -> None:
    today = alice.get("/today").text
    assert f'href="{address}"' in today
    assert today.index("The page with people to call is still open for you.") < today.index("<form")
    alice.post(address, data={"right_now": "yes"})
    assert f'href="{address}"' in alice.get("/today").text
    alice.post(address, data={"close": ""})
    assert f'href="{address}"' not in alice.get("/today").text


def test_a_locked_phone_does_not_tell_of_one(site: Site, alice: FlaskClient, address: str) -> None:
    site.clock.moment += UNLOCKED_IDLES
    assert address not in alice.get("/today").text


def test_after_a_day_it_stands_there_no_more(site: Site, address: str) -> None:
    site.clock.moment += STAYS_AT_HAND + timedelta(minutes=1)
    assert address not in site.as_(site.cast.alice).get("/today").text
