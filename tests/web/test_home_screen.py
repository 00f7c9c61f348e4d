"""The manifest under both names, its icons, and the card that offers a place on the home screen once."""

from __future__ import annotations

import json
import re
import struct
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from journal.places import STATIC
from tests.builders import check_in
from tests.conftest import Site

OFFER = "Keep this on your home screen"
SMALL = 4 * 1024
"""Bytes that one icon may have."""
TELLING = re.compile(
    r"tideline|mood|ketamine|therap|clinic|health|medic|patient|depress|crisis|ánimo|salud|διάθεση|υγεία",
    re.I,
)


def manifest(browser: FlaskClient, name: str = "", language: str = "") -> dict[str, object]:
    asked = {key: value for key, value in {"name": name, "language": language}.items() if value}
    answer = browser.get("/manifest.webmanifest", query_string=asked)
    assert (answer.status_code, answer.mimetype) == (200, "application/manifest+json")
    found: dict[str, object] = json.loads(answer.text)
    return found


def said(found: dict[str, object]) -> list[str]:
    """What a launcher shows, and the files behind it."""
    icons, shortcuts = found["icons"], found["shortcuts"]
    assert isinstance(icons, list)
    assert isinstance(shortcuts, list)
    return [
        str(found["name"]),
        str(found["short_name"]),
        str(found["id"]),
        *(shortcut["name"] for shortcut in shortcuts),
        *(icon["src"] for icon in icons),
    ]


def test_the_manifest_says_what_phones_need(site: Site) -> None:
    found = manifest(site.stranger(), "tideline", "en")
    icons = found.pop("icons")
    assert isinstance(icons, list)
    assert [(icon["sizes"], icon["purpose"]) for icon in icons] == [
        ("192x192", "any"), ("512x512", "any"), ("192x192", "maskable"), ("512x512", "maskable"),
    ]  # fmt: skip
    assert found == {
        "id": "/tideline",
        "name": "Tideline",
        "short_name": "Tideline",
        "lang": "en",
        "start_url": "/today",
        "scope": "/",
        "display": "standalone",
        "background_color": "#F1F5F4",
        "theme_color": "#F1F5F4",
        "color_scheme_dark": {"background_color": "#0B1517", "theme_color": "#0B1517"},
        "shortcuts": [
            {"name": "Check in", "url": "/check-in"},
            {"name": "Get help now", "url": "/help"},
        ],
    }


def test_its_colours_are_those_of_the_page(site: Site) -> None:
    found = manifest(site.stranger())
    tokens = (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")
    grounds = re.findall(r"--bg:\s*(#\w{6})", tokens)
    dark = found["color_scheme_dark"]
    assert isinstance(dark, dict)
    assert {found["background_color"], dark["background_color"]} == {ground.upper() for ground in grounds}


@pytest.mark.parametrize("language", ["en", "es", "el"])
def test_under_the_neutral_name_nothing_tells_what_it_is(site: Site, language: str) -> None:
    found = manifest(site.stranger(), "daybook", language)
    assert [text for text in said(found) if TELLING.search(text)] == []
    assert found["id"] == "/daybook"  # another app than the one that may be there already


def test_a_telling_word_would_be_noticed(site: Site) -> None:
    found = manifest(site.stranger(), "tideline", "en")
    assert len([text for text in said(found) if TELLING.search(text)]) == 7


def test_without_a_name_in_the_address_it_is_the_browsers(site: Site) -> None:
    browser = site.stranger()
    assert manifest(browser)["name"] == "Tideline"
    with browser.session_transaction() as kept:
        kept["app_name"] = "daybook"
    assert manifest(browser)["name"] == "Daybook"
    assert manifest(browser, "tideline")["name"] == "Tideline"


def test_the_manifest_speaks_the_language_of_its_address_and_else_the_browsers(site: Site) -> None:
    assert manifest(site.stranger(), "tideline", "el")["lang"] == "el"
    spanish = site.stranger().get("/manifest.webmanifest", headers={"Accept-Language": "es"})
    assert json.loads(spanish.text)["lang"] == "es"
    assert manifest(site.stranger(), "tideline", "xx")["lang"] == "en"


@pytest.mark.parametrize("page", ["/today", "/sign-in", "/you/settings", "/check-in"])
def test_a_page_names_the_manifest_of_its_name_and_language(site: Site, page: str) -> None:
    text = site.as_(site.cast.alice).get(page, follow_redirects=True).text
    assert '<link rel="manifest" href="/manifest.webmanifest?name=tideline&amp;language=en">' in text
    assert re.search(r'<link rel="apple-touch-icon" href="/static/icons/tideline-180\.\w+\.png">', text)
    assert '<meta name="apple-mobile-web-app-title" content="Tideline">' in text


@pytest.mark.parametrize("page", ["/help", "/offline"])
def test_a_page_that_phones_keep_asks_for_no_picture_of_a_home_screen(site: Site, page: str) -> None:
    assert "apple-touch-icon" not in site.stranger().get(page).text


def test_the_manifest_may_be_kept_for_an_hour_and_asks_the_database_nothing(site: Site) -> None:
    asked: list[str] = []
    sa.event.listen(
        site.database.engine, "before_cursor_execute", lambda *details: asked.append(str(details[2]))
    )
    answer = site.stranger().get("/manifest.webmanifest")
    assert answer.headers["Cache-Control"] == "private, max-age=3600"
    assert asked == []


@pytest.mark.parametrize("name", ["tideline", "daybook"])
def test_each_icon_is_there_small_and_as_large_as_it_says(site: Site, name: str) -> None:
    icons = manifest(site.stranger(), name)["icons"]
    assert isinstance(icons, list)
    for icon in icons:
        picture = site.stranger().get(icon["src"])
        assert (picture.status_code, picture.mimetype) == (200, "image/png")
        width, height = struct.unpack(">II", picture.data[16:24])
        assert f"{width}x{height}" == icon["sizes"]
        assert len(picture.data) < SMALL
    touch = (STATIC / "icons" / f"{name}-180.png").read_bytes()
    assert struct.unpack(">II", touch[16:24]) == (180, 180)
    assert len(touch) < SMALL


# The card ------------------------------------------------------------------------------------------------------------


def test_a_place_on_the_home_screen_is_offered_after_a_check_in(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    assert OFFER not in alice.get("/today").text
    with site.database.unit_of_work() as db:
        check_in(db, site.cast.alice, 6)
    page = alice.get("/today").text
    assert page.count(f">{OFFER}</h2>") == 1
    assert "It opens faster, and works without a signal." in page
    assert "How on an iPhone" in page


def test_it_never_stands_beside_the_question_of_a_new_day(site: Site) -> None:
    with site.database.unit_of_work() as db:
        check_in(db, site.cast.alice, 6)
    site.clock.moment += timedelta(days=1)
    assert OFFER not in site.as_(site.cast.alice).get("/today").text


def test_not_now_is_for_ever_and_the_settings_still_say_how(site: Site) -> None:
    with site.database.unit_of_work() as db:
        check_in(db, site.cast.alice, 6)
    alice = site.as_(site.cast.alice)
    assert 'action="/home-screen/not-now"' in alice.get("/today").text
    assert alice.post("/home-screen/not-now").location == "/today"
    assert OFFER not in alice.get("/today").text
    site.clock.moment += timedelta(days=20)
    later = site.as_(site.cast.alice)
    later.post("/check-in", data={"mood": "6"})
    page = later.get("/today").text
    assert "Already here today" in page
    assert OFFER not in page
    assert OFFER in later.get("/you/settings").text


def test_saving_the_settings_does_not_bring_the_offer_back(site: Site) -> None:
    with site.database.unit_of_work() as db:
        check_in(db, site.cast.alice, 6)
    alice = site.as_(site.cast.alice)
    alice.post("/home-screen/not-now")
    alice.post(
        "/you/settings", data={"display_name": "Alice", "zone": "Europe/Berlin", "app_name": "daybook"}
    )
    assert OFFER not in alice.get("/today").text


def test_a_locked_phone_is_offered_nothing(site: Site) -> None:
    with site.database.unit_of_work() as db:
        check_in(db, site.cast.alice, 6)
    alice = site.as_(site.cast.alice)
    site.clock.moment += timedelta(minutes=10)
    page = alice.get("/today").text
    assert "What you wrote before is locked on this phone." in page
    assert OFFER not in page


def test_settings_say_what_a_chosen_name_does_not_change(site: Site) -> None:
    page = site.as_(site.cast.alice).get("/you/settings").text
    assert "Name on this phone" in page
    assert "keeps its name until you remove it and add it again" in page
    assert re.search(r'value="tideline"[^>]* checked', page)
