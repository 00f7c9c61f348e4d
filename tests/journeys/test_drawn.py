"""The page before a visit as it is seen on a phone, a tablet and paper, light and dark: charts keep their grammar."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page

from journal.storage.accounts import Account
from journal.storage.patients import Patient
from journal.web.routes import Audience
from tests.journeys.demo_clinic import Clinic, sign_in
from tests.journeys.drawn import pictures, wrong_around_sessions, wrong_in_days, wrong_in_ink

pytestmark = pytest.mark.browser

LOOKS = [(390, "light", "screen"), (390, "dark", "screen"), (832, "light", "screen"), (832, "dark", "screen")]
PAPER = (710, "dark", "print")
"""What A4 has between its margins, for somebody whose screen is dark."""
PAPER_WHITE = "rgb(255, 255, 255)"
WITHHELD = (
    "No session is written down yet.",
    "Mood from day to day: Too early: 12 of the 42 days it takes.",
    "Sleep and mood: Too early: 10 of the 28 pairs of days it takes.",
    "Activity and mood: Too early: 8 of the 42 pairs of days it takes.",
)


def before_visit(clinic: Clinic, page: Page, email: str) -> None:
    """The page before the visit of the demo patient with this address."""
    with clinic.site.database.look() as db:
        who = db.scalars(sa.select(Patient.public_id).join(Account).where(Account.email == email)).one()
    sign_in(clinic, page, Audience.PROVIDER)
    page.goto(f"/patients/{who}?range=12w")


def look(page: Page, width: int, scheme: str, media: str) -> None:
    page.set_viewport_size({"width": width, "height": 1000})
    page.emulate_media(color_scheme=scheme, media=media)  # type: ignore[arg-type]


def test_no_line_crosses_a_gap_or_a_session_and_every_day_has_its_n(clinic: Clinic, browser: Browser) -> None:
    page = clinic.site.open(browser)
    before_visit(clinic, page, "jordan@example.org")
    wrong = []
    for width, scheme, media in [*LOOKS, PAPER]:
        look(page, width, scheme, media)
        shown = pictures(page)
        around = shown["Mood around each session"]
        found = [*wrong_in_days(shown["Twelve weeks"], days=84), *wrong_around_sessions(around)]
        for one in shown.values():
            found += wrong_in_ink(one)
            found += [f"{one.found['shown']} drawings of {one.title}"] * (one.found["shown"] != 1)
            found += [f"{one.title} is wider than its card"] * (one.found["width"] > one.found["room"] + 1)
        if media == "print":
            found += [
                f"{one.title} on dark paper" for one in shown.values() if one.found["ground"] != PAPER_WHITE
            ]
        wrong += [f"{width} {scheme} {media}: {one}" for one in found]
    assert wrong == []


def test_what_is_withheld_is_said_in_words_at_every_width(clinic: Clinic, browser: Browser) -> None:
    page = clinic.site.open(browser)
    before_visit(clinic, page, "maya@example.org")
    unsaid = []
    for width, scheme, media in [*LOOKS, PAPER]:
        look(page, width, scheme, media)
        said = page.locator("main").inner_text()
        unsaid += [f"{width} {scheme} {media}: {one}" for one in WITHHELD if one not in said]
        assert "Mood around each session" not in pictures(page)
    assert unsaid == []


def test_on_paper_every_line_to_talk_about_is_there_and_nothing_to_press(
    clinic: Clinic, browser: Browser
) -> None:
    page = clinic.site.open(browser)
    before_visit(clinic, page, "jordan@example.org")
    page.emulate_media(media="print")
    lines = page.locator(".talk > summary")
    assert lines.count() > 1
    assert [line.inner_text() for line in lines.all() if not line.is_visible()] == []
    assert [
        one.inner_text() for one in page.locator("main :is(.btn, .seg, form)").all() if one.is_visible()
    ] == []


FAULTS = {
    "path('c-line c-mood').setAttribute('d', 'M50 60l40 5')": "a line of",
    "path('c-sess-mark').remove()": "not a diamond for each session",
    "path('c-sess').remove()": "0 rules for 8 sessions",
    "paths('c-gap').forEach(one => one.remove())": "no mark for days without an entry",
    "curve('c-bold').setAttribute('d', 'M50 60l60 5')": "crosses the session",
    "curve('c-dash').setAttribute('d', 'M110 60l16 5')": "a curve skips",
    "curve('c-sub').remove()": "n under the days",
}
_PLANT = """fault => {
  const seen = [...document.querySelectorAll("svg.chart")].filter(one => one.checkVisibility());
  const paths = name => [...seen[0].getElementsByClassName(name)];
  const path = name => paths(name)[0], curve = name => seen[1].getElementsByClassName(name)[0];
  window.whole = seen.map(one => [one, one.innerHTML]);
  ({ FAULTS })[fault]();
}"""


def test_every_fault_that_is_planted_is_found(clinic: Clinic, browser: Browser) -> None:
    page = clinic.site.open(browser)
    before_visit(clinic, page, "jordan@example.org")
    look(page, 390, "light", "screen")
    faults = ", ".join(f"{json.dumps(fault)}: () => {fault}" for fault in FAULTS)
    unfound = []
    for fault, says in FAULTS.items():
        page.evaluate(_PLANT.replace("FAULTS", faults), fault)
        shown = pictures(page)
        wrong = [
            *wrong_in_days(shown["Twelve weeks"], days=84),
            *wrong_around_sessions(shown["Mood around each session"]),
        ]
        unfound += [] if any(says in one for one in wrong) else [fault]
        page.evaluate("window.whole.forEach(([one, html]) => { one.innerHTML = html })")
    assert unfound == []
