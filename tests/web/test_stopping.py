"""The way out that comes with every message, as its reader and their mail program use it."""

from __future__ import annotations

import pytest

from journal.services import digests
from journal.services.reminders import CHECK_IN, NOTES
from journal.storage import reminders
from journal.web.routes import ROUTES
from tests.builders import check_in
from tests.cast import NOW, Person
from tests.conftest import Site
from tests.reminding import begin, claim, queue, remind, utc

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def stop(site: Site) -> str:
    """The address that came with a mail of Alice's."""
    remind(site.database, site.cast.alice, "20:30", at=NOW)
    return sent_at(site, "2026-03-30 18:30")


def sent_at(site: Site, text: str) -> str:
    (key,) = claim(site.database, utc(text)).to_send
    outgoing = begin(site.database, key, utc(text))
    assert outgoing is not None
    return f"/stop/{outgoing.stop_token}"


def channels(site: Site, person: Person, kind: str = CHECK_IN) -> list[object]:
    with site.database.look() as db:
        row = reminders.reminder_of(db, person.account_id, kind=kind)
        assert row is not None
        return row.channels


def test_opening_it_stops_nothing_and_names_nobody(site: Site, stop: str) -> None:
    page = site.stranger().get(stop)
    assert page.status_code == 200
    assert "Stop these mails?" in page.text
    assert "lice" not in page.text
    assert channels(site, site.cast.alice) == ["email"]


def test_its_button_stops_that_channel(site: Site, stop: str) -> None:
    page = site.stranger().post(stop)
    assert page.status_code == 200
    assert "No more of these mails will come." in page.text
    assert 'href="/reminders"' in page.text
    assert channels(site, site.cast.alice) == []
    assert queue(site.database) == []


def test_its_reader_finds_out_on_their_page_that_nothing_comes(site: Site, stop: str) -> None:
    site.stranger().post(stop)
    page = site.as_(site.cast.alice).get("/reminders").text
    assert "No way to reach you is switched on, so nothing comes." in page


def test_twice_is_once(site: Site, stop: str) -> None:
    first, second = site.stranger().post(stop), site.stranger().post(stop)
    assert (first.status_code, second.status_code) == (200, 200)
    assert "No more of these mails will come." in second.text


def test_a_mail_program_stops_it_without_a_cookie_or_a_form(site: Site, stop: str) -> None:
    site.app.config["WTF_CSRF_ENABLED"] = True
    assert site.stranger().post(stop, data=ONE_CLICK).status_code == 200
    assert channels(site, site.cast.alice) == []


def test_no_other_form_does_without_its_token(site: Site, stop: str) -> None:
    site.app.config["WTF_CSRF_ENABLED"] = True
    link = "/c/" + stop.removeprefix("/stop/")
    assert site.stranger().post(link, data=ONE_CLICK).status_code == 400
    assert site.as_(site.cast.alice).post("/reminders", data=ONE_CLICK).status_code == 400


def test_only_what_proves_itself_is_exempt() -> None:
    assert [route.rule for route in ROUTES if route.own_proof] == ["/stop/<token>", "/hooks/sms"]


def test_a_secret_that_nobody_was_sent_leads_nowhere(site: Site, stop: str) -> None:
    assert site.stranger().get(stop + "x").status_code == 404
    assert site.stranger().post(stop + "x", data=ONE_CLICK).status_code == 404
    assert channels(site, site.cast.alice) == ["email"]


def test_a_providers_notes_stop_the_same_way(site: Site) -> None:
    with site.database.unit_of_work() as db:
        digests.begin_notes(db, site.cast.bob.account_id, now=NOW)
        check_in(db, site.cast.alice)
    address = sent_at(site, "2026-04-06 06:00")
    assert 'href="/notes-to-me"' in site.stranger().post(address).text
    assert channels(site, site.cast.bob, NOTES) == []
