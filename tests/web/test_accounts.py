"""Signing in and out as a browser sees it, and the patient's own settings."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from journal.app import create_app
from journal.config import Config
from journal.services import accounts as acts
from journal.storage import accounts, patients
from tests.cast import NOW, PASSWORD, ZONE
from tests.conftest import Site
from tests.letterbox import code, letters, link, words

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def ask(site: Site, client: FlaskClient, email: str, **more: str) -> None:
    answer = client.post("/sign-in", data={"email": email, "way": "mail", **more})
    assert (answer.status_code, answer.location) == (303, "/sign-in/code")


def with_password(
    client: FlaskClient, email: str, password: str = PASSWORD, **more: str
) -> tuple[int, str | None]:
    answer = client.post("/sign-in/password", data={"email": email, "password": password, **more})
    return answer.status_code, answer.location


def visible(page: str) -> str:
    """A page without what is random in it."""
    import re

    return re.sub(r'name="csrf_token" value="[^"]*"', "", page)


@pytest.mark.parametrize(("name", "home"), [("alice", "/today"), ("bob", "/caseload"), ("erin", "/admin")])
def test_each_role_begins_where_it_belongs(site: Site, name: str, home: str) -> None:
    person = getattr(site.cast, name)
    assert with_password(site.stranger(), person.email) == (303, home)
    assert site.as_(person).get("/").location == home
    assert site.as_(person).get("/sign-in").location == home


def test_a_stranger_begins_at_the_sign_in_page(site: Site) -> None:
    assert site.stranger().get("/").location == "/sign-in"


def test_a_mailed_link_needs_its_button(site: Site) -> None:
    client, elsewhere = site.stranger(), site.stranger()
    ask(site, client, " Alice@Example.org ")
    (letter,) = letters(site.app)
    for _ in range(3):
        assert elsewhere.get(link(letter)).status_code == 200
        assert elsewhere.get("/today").location == "/sign-in"
    assert elsewhere.post(link(letter)).location == "/today"
    assert elsewhere.get("/you").status_code == 200


def test_a_mailed_code_is_typed_where_it_was_asked_for(site: Site) -> None:
    client, elsewhere = site.stranger(), site.stranger()
    ask(site, client, "alice@example.org")
    typed = code(letters(site.app)[0])
    assert elsewhere.get("/sign-in/code").location == "/sign-in"
    ask(site, elsewhere, "nobody@example.org")
    assert elsewhere.post("/sign-in/code", data={"code": typed}).status_code == 422
    assert client.post("/sign-in/code", data={"code": typed}).location == "/today"


def test_after_fifteen_minutes_the_link_says_that_it_has_run_out(site: Site) -> None:
    client = site.stranger()
    ask(site, client, "alice@example.org")
    path = link(letters(site.app)[0])
    site.clock.moment += 15 * MINUTE
    answer = client.get(path)
    assert (answer.status_code, "That link has run out" in answer.text) == (404, True)
    assert client.post(path).status_code == 404


def test_a_link_that_was_used_or_never_was_answers_alike(site: Site) -> None:
    client = site.stranger()
    ask(site, client, "alice@example.org")
    path = link(letters(site.app)[0])
    client.post(path)
    used, never = site.stranger().get(path), site.stranger().get("/sign-in/link/never")
    assert (used.status_code, used.text) == (never.status_code, never.text)


def test_the_mail_names_nobody_and_nothing(site: Site) -> None:
    ask(site, site.stranger(), "alice@example.org")
    (letter,) = letters(site.app)
    text = f"{letter['Subject']} {words(letter)} {letter.as_string()}".lower()
    for private in ("tideline", "mood", "ketamine", "clinic", "riverside", "therap", "patient"):
        assert private not in text, private
    assert letter["Subject"] == "Your sign-in link"


@pytest.mark.parametrize("way", ["mail", "password"])
def test_nobody_learns_whether_an_address_is_known(site: Site, way: str) -> None:
    def answers(email: str) -> list[object]:
        client = site.stranger()
        client.get("/sign-in")
        if way == "password":
            said = client.post(
                "/sign-in/password", data={"email": email, "password": "a wrong one, of course"}
            )
        else:
            said = client.post("/sign-in", data={"email": email, "way": "mail"})
        wrong = (
            [client.post("/sign-in/code", data={"code": "1234567"}) for _ in range(7)]
            if way == "mail"
            else []
        )
        return [
            (one.status_code, one.location, sorted(one.headers.keys()), visible(one.text).replace(email, "…"))
            for one in (said, *wrong, client.get("/sign-in/code"))
        ]

    site.app.config["MAX_COOKIE_SIZE"] = 0
    assert answers("alice@example.org") == answers("nobod@example.org")
    assert answers("bob@example.org") == answers("nob@example.org")


def test_a_throttled_address_is_throttled_whether_it_exists_or_not(site: Site) -> None:
    for email in ("alice@example.org", "nobody@example.org"):
        statuses = [with_password(site.stranger(), email, "a wrong one, of course")[0] for _ in range(6)]
        assert statuses == [422, 422, 422, 422, 422, 429]


def test_a_throttled_password_leaves_the_mailed_link_open(site: Site) -> None:
    client = site.stranger()
    for _ in range(6):
        with_password(client, "alice@example.org", "a wrong one, of course")
    assert with_password(client, "alice@example.org")[0] == 429
    ask(site, client, "alice@example.org")
    assert client.post(link(letters(site.app)[0])).location == "/today"


def test_the_right_password_forgives_the_wrong_ones(site: Site) -> None:
    client = site.stranger()
    for _ in range(3):
        for _ in range(4):
            with_password(client, "alice@example.org", "a wrong one, of course")
        assert with_password(client, "alice@example.org")[0] == 303


def test_mail_to_one_address_has_a_limit_that_nobody_sees(site: Site) -> None:
    for number in range(32):
        client = site.stranger()
        client.environ_base["REMOTE_ADDR"] = f"10.0.0.{number}"
        ask(site, client, "alice@example.org")
    assert len(letters(site.app, "alice@example.org")) == 30


def test_the_address_typed_is_kept_when_a_password_is_chosen(site: Site) -> None:
    page = site.stranger().post("/sign-in", data={"email": "alice@example.org", "way": "password"})
    assert 'value="alice@example.org"' in page.text
    assert page.text.count("<h1>") == 1


def test_an_address_that_is_none_is_said_so(site: Site) -> None:
    page = site.stranger().post("/sign-in", data={"email": "alice", "way": "mail"})
    assert page.status_code == 422
    assert "Write an email address like name@example.org" in page.text
    assert 'value="alice"' in page.text


# Web sessions


def test_a_patient_who_is_not_remembered_is_out_after_a_day(site: Site) -> None:
    client = site.stranger()
    with_password(client, "alice@example.org")
    site.clock.moment = NOW + timedelta(hours=24) - SECOND
    assert client.get("/today").status_code == 200
    site.clock.moment = NOW + timedelta(hours=24)
    assert client.get("/today").location == "/sign-in"


def test_a_remembered_patient_stays_for_thirty_days(site: Site) -> None:
    client = site.stranger()
    with_password(client, "alice@example.org", remember="1")
    site.clock.moment = NOW + timedelta(days=30) - SECOND
    assert client.get("/today").status_code == 200
    site.clock.moment = NOW + timedelta(days=30)
    assert client.get("/today").location == "/sign-in"


@pytest.mark.parametrize(("name", "page"), [("bob", "/invite"), ("erin", "/admin")])
def test_staff_are_out_after_fifteen_idle_minutes_to_the_second(site: Site, name: str, page: str) -> None:
    client = site.stranger()
    with_password(client, getattr(site.cast, name).email)
    site.clock.moment = NOW + 50 * SECOND
    assert client.get(page).status_code == 200
    site.clock.moment += 15 * MINUTE
    assert client.get(page).status_code == 200
    site.clock.moment += 15 * MINUTE + SECOND
    assert client.get(page).location == "/sign-in"


def test_staff_are_out_after_twelve_hours_however_busy(site: Site) -> None:
    client = site.stranger()
    with_password(client, "bob@example.org")
    while site.clock.moment < NOW + timedelta(hours=12) - 10 * MINUTE:
        site.clock.moment += 10 * MINUTE
        assert client.get("/invite").status_code == 200
    site.clock.moment = NOW + timedelta(hours=12)
    assert client.get("/invite").location == "/sign-in"


def test_a_copied_cookie_is_worth_nothing_after_signing_out(site: Site) -> None:
    client, thief = site.stranger(), site.stranger()
    with_password(client, "alice@example.org")
    cookie = client.get_cookie("journal")
    assert cookie is not None
    thief.set_cookie("journal", cookie.value)
    assert thief.get("/you").status_code == 200
    answer = client.post("/sign-out")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert answer.location == "/sign-in"
    assert client.get_cookie("journal") is None
    assert thief.get("/you").location == "/sign-in"


def test_what_was_in_the_cookie_before_does_not_live_on(site: Site) -> None:
    client = site.stranger()
    with client.session_transaction() as planted:
        planted["browser"] = "known to somebody else"
        planted["anything"] = "planted"
    before = client.get_cookie("journal")
    with_password(client, "alice@example.org")
    after = client.get_cookie("journal")
    assert before is not None
    assert after is not None
    assert before.value != after.value
    with client.session_transaction() as kept:
        assert set(kept) <= {"_user_id", "_permanent", "region"}


def test_signing_in_over_another_person_ends_their_web_session(site: Site) -> None:
    client, copy = site.as_(site.cast.dan), site.stranger()
    cookie = client.get_cookie("journal")
    assert cookie is not None
    copy.set_cookie("journal", cookie.value)
    with_password(client, "alice@example.org")
    assert copy.get("/you").location == "/sign-in"


def test_a_closed_account_is_out_at_the_next_request(site: Site) -> None:
    client = site.as_(site.cast.bob)
    assert client.get("/invite").status_code == 200
    with site.database.unit_of_work() as db:
        acts.disable(db, site.cast.bob.account_id, actor_account_id=None, now=NOW)
    assert client.get("/invite").location == "/sign-in"
    assert client.post("/invite", data={}).status_code == 404


# The first time


def test_without_open_registration_there_is_no_page_to_start(site: Site) -> None:
    assert site.stranger().get("/start").status_code == 404
    assert "/start" not in site.stranger().get("/sign-in").text


@pytest.fixture
def open_site(site: Site, config: Config) -> Site:
    """The same site where anybody may begin."""
    app = create_app(dataclasses.replace(config, registration="open"), database=site.database, now=site.clock)
    app.config.update(WTF_CSRF_ENABLED=False, SESSION_COOKIE_SECURE=False, SESSION_COOKIE_NAME="journal")
    return Site(app, site.database, site.cast, site.clock)


def test_anybody_may_begin_where_registration_is_open(open_site: Site) -> None:
    client = open_site.stranger()
    said = {"email": "nova@example.org", "display_name": "Nova", "zone": "Asia/Tokyo", "zone_chosen": ""}
    assert client.post("/start", data=said).location == "/sign-in/code"
    typed = code(letters(open_site.app)[0])
    assert client.post("/sign-in/code", data={"code": typed}).location == "/today"
    with open_site.database.look() as db:
        account = accounts.account_by_email(db, "nova@example.org")
        assert account is not None
        patient = patients.patient_of_account(db, account.id)
    assert patient is not None
    assert (patient.display_name, patient.zone) == ("Nova", "Asia/Tokyo")


def test_a_chosen_zone_goes_before_the_phones(open_site: Site) -> None:
    said = {"email": "nova@example.org", "display_name": "Nova", "zone": "Asia/Tokyo", "zone_chosen": ZONE}
    open_site.stranger().post("/start", data=said)
    with open_site.database.look() as db:
        account = accounts.account_by_email(db, "nova@example.org")
        assert account is not None
        patient = patients.patient_of_account(db, account.id)
    assert patient is not None
    assert patient.zone == ZONE


def test_beginning_with_a_known_address_answers_alike(open_site: Site) -> None:
    def answers(email: str) -> tuple[object, ...]:
        client = open_site.stranger()
        one = client.post("/start", data={"email": email, "display_name": "M", "zone": ZONE})
        return one.status_code, one.location, visible(one.text), visible(client.get("/sign-in/code").text)

    assert answers("alice@example.org") == answers("nobod@example.org")
    assert letters(open_site.app, "alice@example.org")


def test_a_welcome_link_leads_to_a_password_and_in(site: Site) -> None:
    with site.database.unit_of_work() as db:
        token = acts.create_admin(db, "gale@example.org", now=NOW)
    client = site.stranger()
    assert "gale@example.org" in client.get(f"/welcome/{token}").text
    short = client.post(f"/welcome/{token}", data={"password": "short"})
    assert short.status_code == 422
    assert "Use at least 15 characters" in short.text
    assert client.post(f"/welcome/{token}", data={"password": "mauve kettle drifting"}).location == "/admin"
    assert site.stranger().get(f"/welcome/{token}").status_code == 404
    assert with_password(site.stranger(), "gale@example.org", "mauve kettle drifting") == (303, "/admin")


# Passwords


@pytest.mark.parametrize("name", ["alice", "bob", "erin"])
def test_everybody_can_change_their_password(site: Site, name: str) -> None:
    person = getattr(site.cast, name)
    client, elsewhere = site.as_(person), site.as_(person)
    wrong = client.post(
        "/you/password", data={"present": "not this one", "password": "mauve kettle drifting"}
    )
    assert (wrong.status_code, "That isn’t the password you have now" in wrong.text) == (422, True)
    done = client.post("/you/password", data={"present": PASSWORD, "password": "mauve kettle drifting"})
    assert done.location == "/you/password"
    assert "Saved." in client.get("/you/password").text
    assert elsewhere.get("/you/password").location == "/sign-in"
    assert with_password(site.stranger(), person.email, "mauve kettle drifting")[0] == 303


def test_guessing_the_present_password_is_throttled_like_signing_in(site: Site) -> None:
    client = site.as_(site.cast.alice)
    for _ in range(5):
        client.post("/you/password", data={"present": "not this one", "password": "mauve kettle drifting"})
    answer = client.post("/you/password", data={"present": PASSWORD, "password": "mauve kettle drifting"})
    assert "That was tried many times" in answer.text


def test_two_keyboards_that_write_a_letter_differently_give_one_password(site: Site) -> None:
    composed, apart = "brûlée kettle drifting", "brûlée kettle drifting"
    site.as_(site.cast.alice).post("/you/password", data={"present": PASSWORD, "password": composed})
    assert with_password(site.stranger(), "alice@example.org", apart)[0] == 303


# The patient's own


def test_settings_are_kept(site: Site) -> None:
    client = site.as_(site.cast.alice)
    said = {
        "display_name": " Alix ",
        "zone": "America/New_York",
        "region": "US",
        "share_notes": "1",
        "items_on": ["pain", "nothing of the kind"],
    }
    assert client.post("/you/settings", data=said).location == "/you/settings"
    with site.database.look() as db:
        patient = patients.patient_of_account(db, site.cast.alice.account_id)
    assert patient is not None
    assert (patient.display_name, patient.zone, patient.region) == ("Alix", "America/New_York", "US")
    assert patient.preferences == {
        "share_notes": True,
        "items_on": ["pain"],
        "app_name": "tideline",
    }
    assert "Saved." in client.get("/you/settings").text


def test_settings_that_cannot_be_are_all_named_and_nothing_is_lost(site: Site) -> None:
    page = site.as_(site.cast.alice).post(
        "/you/settings", data={"display_name": " ", "zone": "Moon", "region": "XX"}
    )
    assert page.status_code == 422
    assert "Two small things to fix" in page.text
    with site.database.look() as db:
        patient = patients.patient_of_account(db, site.cast.alice.account_id)
    assert patient is not None
    assert patient.zone == ZONE


def test_another_zone_is_one_press_away(site: Site) -> None:
    client = site.as_(site.cast.alice)
    assert client.post("/you/zone", data={"zone": "Asia/Tokyo"}).location == "/today"
    assert client.post("/you/zone", data={"zone": "Moon/Crater"}).status_code == 422
    with site.database.look() as db:
        patient = patients.patient_of_account(db, site.cast.alice.account_id)
    assert patient is not None
    assert patient.zone == "Asia/Tokyo"


def test_the_last_tab_leads_everywhere_else(site: Site) -> None:
    page = site.as_(site.cast.alice).get("/you").text
    for path in (
        "/sharing",
        "/access-log",
        "/reminders",
        "/activities",
        "/import",
        "/export",
        "/you/settings",
    ):
        assert f'href="{path}"' in page
    assert 'action="/sign-out"' in page
