"""Pages speak the language of who reads them: the account's, else the one chosen here, else the browser's."""

from __future__ import annotations

import dataclasses

from journal.app import create_app
from journal.config import Config
from journal.languages import Language
from journal.storage.accounts import account_by_email, set_language
from tests.conftest import Site

SPANISH = {"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"}


def language_of(page: str) -> str:
    return page.split('<html lang="')[1].split('"')[0]


def test_before_signing_in_the_browser_decides(site: Site) -> None:
    assert language_of(site.stranger().get("/sign-in", headers=SPANISH).text) == "es"
    assert language_of(site.stranger().get("/sign-in", headers={"Accept-Language": "de"}).text) == "en"


def test_a_language_chosen_before_signing_in_is_remembered_here(site: Site) -> None:
    browser = site.stranger()
    browser.post("/language", data={"language": "el"})
    assert language_of(browser.get("/sign-in", headers=SPANISH).text) == "el"
    assert language_of(browser.get("/help", headers=SPANISH).text) == "el"


def test_a_language_that_is_not_spoken_changes_nothing(site: Site) -> None:
    browser = site.stranger()
    assert browser.post("/language", data={"language": "tlh"}).status_code == 303
    assert language_of(browser.get("/sign-in", headers=SPANISH).text) == "es"


def test_an_account_is_spoken_to_in_its_own_language_on_every_browser(site: Site) -> None:
    with site.database.unit_of_work() as db:
        set_language(db, site.cast.alice.account_id, Language.GREEK)
    alice = site.as_(site.cast.alice)
    assert language_of(alice.get("/today", headers=SPANISH).text) == "el"
    assert language_of(alice.get("/help", headers=SPANISH).text) == "el"


def test_the_buttons_change_the_account_too(site: Site) -> None:
    site.as_(site.cast.alice).post("/language", data={"language": "es"})
    assert language_of(site.as_(site.cast.alice).get("/today").text) == "es"


def test_settings_change_the_language_with_everything_else(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    sent = {"display_name": "Alice", "zone": "Europe/Berlin", "region": "", "language": "el"}
    assert alice.post("/you/settings", data=sent).status_code == 303
    assert language_of(alice.get("/you/settings").text) == "el"


def test_a_journal_goes_on_in_the_language_it_was_begun_in(site: Site, config: Config) -> None:
    app = create_app(dataclasses.replace(config, registration="open"), database=site.database, now=site.clock)
    app.config.update(WTF_CSRF_ENABLED=False, SESSION_COOKIE_SECURE=False, SESSION_COOKIE_NAME="journal")
    browser = Site(app, site.database, site.cast, site.clock).stranger()
    begun = {"email": "nueva@example.net", "display_name": "Nueva", "zone": "Europe/Madrid"}
    browser.post("/start", data=begun, headers=SPANISH)
    with site.database.look() as db:
        kept = account_by_email(db, "nueva@example.net")
        assert kept is not None
        assert kept.locale == "es"
