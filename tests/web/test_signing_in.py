"""The cookie: what it is marked with, when it is another one, and when it is gone."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from werkzeug.test import TestResponse

from journal.app import create_app
from journal.config import Config
from journal.domain.access_limits import STAFF_SESSION_IDLES
from journal.languages import Language
from journal.storage.accounts import set_language
from tests.cast import PASSWORD, Person
from tests.conftest import Site
from tests.letterbox import html, letters, words


def cookies(answer: TestResponse) -> list[str]:
    return answer.headers.getlist("Set-Cookie")


def signed_in(site: Site, person: Person) -> TestResponse:
    return site.stranger().post("/sign-in/password", data={"email": person.email, "password": PASSWORD})


def test_over_https_the_cookie_is_for_this_host_and_no_script(site: Site, config: Config) -> None:
    browser = create_app(config, database=site.database, now=site.clock).test_client()
    (cookie,) = cookies(browser.get("/sign-in", base_url="https://journal.example.org"))
    name, *marks = cookie.split("; ")
    assert name.startswith("__Host-journal=")
    assert set(marks) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_a_cookie_stays_small(site: Site) -> None:
    (cookie,) = cookies(signed_in(site, site.cast.alice))
    assert len(cookie) < 600


def test_whoever_is_signed_in_may_sign_in_again(site: Site) -> None:
    browser = site.stranger()
    for person, home in ((site.cast.alice, "/today"), (site.cast.bob, "/caseload")):
        answer = browser.post("/sign-in/password", data={"email": person.email, "password": PASSWORD})
        assert (answer.status_code, answer.location) == (303, home)
        assert browser.get(home).status_code == 200


def test_signing_out_twice_is_signing_out(site: Site) -> None:
    """The second tab, or a web session that ended by itself: nobody is told that there is nothing here."""
    browser = site.as_(site.cast.alice)
    for _ in range(2):
        answer = browser.post("/sign-out")
        assert (answer.status_code, answer.location) == (303, "/sign-in")
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_web_session_that_ended_by_itself_takes_its_cookie_along(site: Site) -> None:
    """Browsers give kept pages back at the back button until the cookie changes."""
    browser = site.as_(site.cast.bob)
    site.clock.moment += STAFF_SESSION_IDLES + timedelta(seconds=1)
    answer = browser.get("/caseload")
    assert answer.location == "/sign-in"
    assert len(cookies(answer)) == 1
    with browser.session_transaction() as kept:
        assert "_user_id" not in kept


def test_after_too_many_mails_the_page_for_the_code_still_opens(site: Site) -> None:
    browser = site.stranger()
    for number in range(31):
        answer = site.stranger().post(
            "/sign-in",
            data={"email": "alice@example.org", "way": "mail"},
            environ_base={"REMOTE_ADDR": f"127.0.1.{number}"},
        )
    answer = browser.post(
        "/sign-in",
        data={"email": "alice@example.org", "way": "mail"},
        environ_base={"REMOTE_ADDR": "127.0.2.1"},
    )
    assert answer.location == "/sign-in/code"
    assert browser.get("/sign-in/code").status_code == 200


def asked_for(site: Site, person: Person, *, speaking: str) -> EmailMessage:
    """The letter that comes when a browser of a language asks for a link for ``person``."""
    form = {"email": person.email, "way": "mail"}
    site.stranger().post("/sign-in", data=form, headers={"Accept-Language": speaking})
    return letters(site.app, person.email)[-1]


def test_the_mail_is_in_the_language_of_the_account_and_not_of_who_asks(site: Site) -> None:
    with site.database.unit_of_work() as db:
        set_language(db, site.cast.alice.account_id, Language.GREEK)
    letter = asked_for(site, site.cast.alice, speaking="en")
    assert letter["Subject"] == "Ο σύνδεσμος για τη σύνδεσή σου"
    assert "Ή γράψε αυτόν τον κωδικό στη σελίδα όπου τον ζήτησες:" in words(letter)
    assert "Here is the link" not in words(letter)
    assert '<html lang="el">' in html(letter)
    assert asked_for(site, site.cast.dan, speaking="el")["Subject"] == "Your sign-in link"


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "X-Forwarded-Server", "Forwarded"])
def test_a_forged_host_does_not_reach_the_mail(site: Site, name: str) -> None:
    client = site.stranger()
    client.post(
        "/sign-in",
        data={"email": "alice@example.org", "way": "mail"},
        headers={name: "host=evil.example" if name == "Forwarded" else "evil.example"},
    )
    (letter,) = letters(site.app)
    assert "https://journal.example.org/sign-in/link/" in words(letter)
    assert "evil" not in letter.as_string()
