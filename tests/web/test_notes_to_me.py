"""The provider's page of the mails that they are sent."""

from __future__ import annotations

import re

from werkzeug.test import TestResponse

from tests.conftest import Site
from tests.reminding import queue, utc


def save(site: Site, **typed: str) -> TestResponse:
    return site.as_(site.cast.bob).post("/notes-to-me", data=typed)


def is_on(page: str, name: str) -> bool:
    found = re.search(rf'<input[^>]* name="{name}"[^>]*>', page)
    assert found
    return " checked" in found[0]


def test_what_is_wanted_stands_in_the_form_again(site: Site) -> None:
    assert save(site, weekly="1", at="07:30").location == "/notes-to-me"
    page = site.as_(site.cast.bob).get("/notes-to-me").text
    assert is_on(page, "weekly")
    assert not is_on(page, "before_visits")
    assert 'value="07:30"' in page
    assert [due for _, _, due in queue(site.database)] == [utc("2026-04-06 05:30")]


def test_both_can_be_switched_off_and_on_again(site: Site) -> None:
    save(site)
    page = site.as_(site.cast.bob).get("/notes-to-me").text
    assert not is_on(page, "weekly")
    assert not is_on(page, "before_visits")
    assert queue(site.database) == []
    save(site, weekly="1", at="08:00", before_visits="1")
    page = site.as_(site.cast.bob).get("/notes-to-me").text
    assert is_on(page, "weekly")
    assert is_on(page, "before_visits")


def test_the_page_says_all_that_the_mails_say(site: Site) -> None:
    page = site.as_(site.cast.bob).get("/notes-to-me").text
    assert "bob@example.org" in page
    assert "There is something to read." in page
    assert "On the clock of your clinic (Europe/Berlin)." in page


def test_a_weekly_note_needs_a_time(site: Site) -> None:
    refused = save(site, weekly="1", at="", before_visits="1")
    assert refused.status_code == 422
    assert '<a href="#at">' in refused.text
    assert is_on(refused.text, "before_visits")
    assert queue(site.database) == []


def test_without_the_weekly_note_its_time_does_not_matter(site: Site) -> None:
    assert save(site, at="early", before_visits="1").status_code == 303


def test_every_provider_page_leads_here(site: Site) -> None:
    assert 'href="/notes-to-me"' in site.as_(site.cast.bob).get("/caseload").text
