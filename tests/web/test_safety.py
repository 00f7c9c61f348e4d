"""The help page: whom it names first, that its lines are checked, and that it needs nothing to open."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from importlib import resources

import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from journal.config import Config
from journal.domain.home_screen import AppName
from journal.languages import Language, speaking
from journal.services import patients
from journal.storage.audit import AuditEvent
from journal.web import safety
from journal.web.safety import (
    Country,
    Line,
    Open,
    by_name,
    countries,
    may_be_shown,
    nearest_line,
    read_countries,
    shown,
)
from tests.cast import NOW
from tests.conftest import Site

CHECKED = date(2026, 11, 21)
HERE = Country("SE", "110", (Line("Somebody", "5501", "5502", Open.ALWAYS),), CHECKED)
THERE = Country("NO", "120", (Line("Somebody", "6601", None, Open.ALWAYS),), CHECKED)


def opened(browser: FlaskClient, region: str | None = None) -> str:
    """The page in a browser that remembers a region."""
    with browser.session_transaction() as kept:
        if region is not None:
            kept["region"] = region
    answer = browser.get("/help")
    assert answer.status_code == 200
    return answer.text


def open_details(page: str) -> list[str]:
    return re.findall(r"<details open><summary>([^<]+)", page)


def every_details(page: str) -> list[str]:
    return re.findall(r"<details(?: open)?><summary>([^<]+)", page)


def before_the_first(page: str, mark: str) -> str:
    return page[: page.index(mark)]


# The lines -----------------------------------------------------------------------------------------------------


def stale(known: tuple[Country, ...], today: date) -> list[str]:
    """Countries that were checked once, and too long ago."""
    return [one.name for one in known if one.verified_on and not may_be_shown(one, today)]


def test_no_shipped_line_is_stale() -> None:
    """When this fails, somebody calls up the sources again, checks every number and writes the day down."""
    assert stale(countries(), datetime.now(UTC).date()) == []


def test_a_stale_line_is_noticed() -> None:
    old = replace(HERE, verified_on=CHECKED - timedelta(days=181))
    assert stale((old, THERE), CHECKED) == ["Sweden"]


def test_a_line_is_shown_for_180_days_after_it_was_checked() -> None:
    assert may_be_shown(HERE, CHECKED + timedelta(days=180))
    assert not may_be_shown(HERE, CHECKED + timedelta(days=181))


def test_an_unverified_line_is_never_shown() -> None:
    unverified = replace(HERE, verified_on=None)
    assert shown([unverified, THERE], today=CHECKED, region="SE") == (None, [THERE])


def test_the_unverified_lines_that_are_shipped_stay_off_the_page(site: Site) -> None:
    assert [one.name for one in countries() if one.verified_on is None] == ["United Kingdom", "Ireland"]
    for region in ("GB", "IE", None):
        page = opened(site.stranger(), region)
        assert "116123" not in page
        assert "United Kingdom" not in page
        assert "Ireland" not in page


def test_a_stale_line_is_off_the_page(site: Site) -> None:
    site.clock.moment = datetime(2027, 6, 1, tzinfo=UTC)
    page = opened(site.stranger(), "US")
    assert "988" not in page
    assert "Call your local emergency number" in page


def test_every_number_can_be_dialled() -> None:
    for country in countries():
        dialled = [country.emergency]
        for line in country.lines:
            dialled += [line.call, *([line.text] if line.text else [])]
        assert [number for number in dialled if not re.fullmatch(r"[0-9]{3,12}", number)] == []


def test_whatever_was_checked_names_its_source() -> None:
    text = resources.files("journal").joinpath("instruments/crisis_lines.json").read_text(encoding="utf-8")
    assert [
        one["region"] for one in json.loads(text)["regions"] if one["verified_on"] and not one["source"]
    ] == []


def test_the_file_is_read_as_it_is_written() -> None:
    text = """{"regions": [{"region": "SE", "emergency": "110", "verified_on": "2026-11-21",
      "lines": [{"name": "Somebody", "call": "5501", "text": "5502", "open": "always"}]}]}"""
    assert read_countries(text) == (HERE,)


def test_the_lines_of_one_country_are_those_that_the_specification_names() -> None:
    greece = next(one for one in countries() if one.region == "GR")
    assert (greece.emergency, [line.call for line in greece.lines]) == ("112", ["1018", "10306"])


def test_a_line_is_called_by_its_own_name_where_that_language_is_spoken() -> None:
    greece = next(one for one in countries() if one.region == "GR")
    assert [line.name for line in greece.lines] == [
        "Suicide intervention line 1018, Klimaka",
        "Psychosocial support line 10306",
    ]
    with speaking(Language.GREEK):
        assert [line.name for line in greece.lines] == [
            "Γραμμή Παρέμβασης για την Αυτοκτονία 1018, Κλίμακα",
            "Γραμμή Ψυχοκοινωνικής Υποστήριξης 10306",
        ]


# In which language ---------------------------------------------------------------------------------------------


def test_every_country_has_a_name_and_every_line_its_hours_in_every_language() -> None:
    for language in Language:
        with speaking(language):
            assert all(one.name and one.name != one.region for one in countries())
            assert all(line.hours for one in countries() for line in one.lines)


def test_a_country_is_named_in_the_language_being_read() -> None:
    with speaking(Language.GREEK):
        assert (HERE.name, HERE.lines[0].hours) == ("Σουηδία", "24 ώρες, κάθε μέρα")
    with speaking(Language.SPANISH):
        assert HERE.name == "Suecia"


def test_countries_are_listed_as_the_language_lists_them_whatever_their_accents() -> None:
    egypt, albania, angola = (replace(HERE, region=region) for region in ("EG", "AL", "AO"))
    with speaking(Language.GREEK):
        listed = [one.name for one in by_name([egypt, albania, angola])]
    assert listed == ["Αγκόλα", "Αίγυπτος", "Αλβανία"]


@pytest.mark.parametrize("language", Language)
def test_the_lines_follow_the_region_and_never_the_language(site: Site, language: Language) -> None:
    browser = site.stranger()
    browser.post("/language", data={"language": language})
    numbers = re.findall(r'href="tel:(\d+)"', before_the_first(opened(browser, "US"), "</details>"))
    assert numbers == ["911", "988"]
    assert re.findall(r"<html lang=\"(\w+)\"", opened(browser, "US")) == [language]


@pytest.mark.parametrize("language", Language)
def test_a_language_is_no_country(site: Site, language: Language) -> None:
    browser = site.stranger()
    browser.post("/language", data={"language": language})
    assert open_details(opened(browser)) == []


# Where somebody is ---------------------------------------------------------------------------------------------


def test_the_callers_country_comes_first_and_open(site: Site) -> None:
    page = opened(site.stranger(), "GR")
    assert every_details(page) == ["Greece", "Canada", "Spain", "United States"]
    assert open_details(page) == ["Greece"]
    assert before_the_first(page, "</details>").count("tel:") == 3
    assert "In an emergency call 112." in page


@pytest.mark.parametrize("region", [None, "", "GB", "ZZ"])
def test_where_nobody_knows_the_country_no_number_is_guessed(site: Site, region: str | None) -> None:
    page = opened(site.stranger(), region)
    assert open_details(page) == []
    assert every_details(page) == ["Canada", "Greece", "Spain", "United States"]
    first = before_the_first(page, "<details")
    assert "Call your local emergency number" in first
    assert 'href="https://findahelpline.com" rel="noreferrer"' in first
    assert re.findall(r"(?:tel|sms):", first) == []
    assert "In an emergency call your local emergency number." in page


def test_the_directory_stands_beside_a_known_country_too(site: Site) -> None:
    assert 'href="https://findahelpline.com" rel="noreferrer"' in opened(site.stranger(), "US")


def test_signing_in_lets_the_page_begin_where_the_person_lives(site: Site) -> None:
    with site.database.unit_of_work() as db:
        db.execute(sa.text("UPDATE patient SET region = 'ES'"))
    browser = site.stranger()
    form = {"email": "alice@example.org", "password": "a quiet river at night"}
    assert browser.post("/sign-in/password", data=form).status_code == 303
    assert open_details(opened(browser)) == ["Spain"]


def test_another_country_in_the_settings_is_the_pages_country_at_once(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    form = {"display_name": "Alice", "zone": "Europe/Athens", "region": "GR"}
    assert browser.post("/you/settings", data=form).status_code == 303
    assert open_details(opened(browser)) == ["Greece"]


def test_signing_out_leaves_nothing_of_it_behind(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    with browser.session_transaction() as kept:
        kept["region"] = "GR"
    browser.post("/sign-out")
    assert open_details(opened(browser)) == []


def test_the_nearest_line_is_the_first_of_the_persons_own_country() -> None:
    found = nearest_line("GR", CHECKED)
    assert found is not None
    assert found.call == "1018"
    assert nearest_line("", CHECKED) is None
    assert nearest_line("GB", CHECKED) is None
    assert nearest_line("GR", CHECKED + timedelta(days=181)) is None


# What it needs and what it does --------------------------------------------------------------------------------


def test_it_says_what_this_journal_is_not(site: Site) -> None:
    page = opened(site.stranger())
    assert "This journal is not monitored in real time. It does not replace your care team." in page
    assert "Nobody is told that you opened this page." in page
    assert "Say today’s date out loud. You are here." in page


def test_it_needs_no_script(site: Site) -> None:
    """One stands on it, for the plan that a phone keeps; every number is there without."""
    page = opened(site.stranger(), "US")
    assert re.findall(r"<script[^>]*js/(\w+)\.", page) == ["own_plan"]
    without = re.sub(r"<(script|template).*?</\1>", "", page, flags=re.DOTALL)
    assert without.count('href="tel:') == page.count('href="tel:')


def test_it_opens_while_the_database_is_locked(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    with site.database.unit_of_work() as db:
        db.execute(sa.text("UPDATE patient SET region = 'US'"))  # and holds on to it
        assert "tel:988" in opened(browser, "US")


def test_it_writes_nothing_and_leaves_no_trace(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    asked: list[str] = []
    sa.event.listen(
        site.database.engine, "before_cursor_execute", lambda *details: asked.append(str(details[2]))
    )
    opened(browser)
    assert {one.split()[0] for one in asked} <= {"SELECT", "BEGIN"}
    with site.database.look() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == 0


def test_what_a_person_chose_is_kept_as_their_region(site: Site) -> None:
    with site.database.unit_of_work() as db:
        patients.change_settings(
            db,
            site.cast.alice.account_id,
            display_name="Alice",
            zone="Europe/Berlin",
            region="GR",
            share_notes=False,
            items_on=[],
            app_name=AppName.TIDELINE,
            language=Language.ENGLISH,
            now=NOW,
        )
    browser = site.as_(site.cast.alice)
    assert '<option value="GR" selected>' in browser.get("/you/settings").text


def test_a_region_is_kept_in_the_cookie(config: Config) -> None:
    app = flask.Flask("planted")
    app.secret_key = config.secret_key
    with app.test_request_context():
        safety.remember_region("GR")
        assert flask.session["region"] == "GR"
