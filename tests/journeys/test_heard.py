"""Names, roles and values, as a screen reader is told of them through the browser's accessibility tree."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page

from journal.web.routes import Audience
from tests.journeys.demo_clinic import Clinic, sign_in
from tests.journeys.fitting import unfold
from tests.journeys.hearing import Heard, listen, radios

pytestmark = pytest.mark.browser

NUMBER = re.compile(r"\d+(?:\.\d+)?")
CIRCLE = re.compile(r"M(-?[\d.]+) (-?[\d.]+)a([\d.]+)")
LEVEL = re.compile(r"M-?[\d.]+ (-?[\d.]+)")


@pytest.fixture
def patient(clinic: Clinic, browser: Browser) -> Page:
    page = clinic.site.open(browser)
    sign_in(clinic, page, Audience.PATIENT)
    return page


# The mood -------------------------------------------------------------------------------------------------------


def test_the_mood_is_twelve_radio_buttons_with_their_words_and_places(patient: Page) -> None:
    patient.goto("/check-in")
    patient.locator("input[name=mood][value='6']").focus()
    patient.keyboard.press("Space")

    group = listen(patient).the("group", "How is your mood right now?")
    assert radios(group) == [
        "0, as low as it gets, radio button, not checked, 1 of 12",
        "1, very low, radio button, not checked, 2 of 12",
        "2, low, radio button, not checked, 3 of 12",
        "3, rather low, radio button, not checked, 4 of 12",
        "4, a bit low, radio button, not checked, 5 of 12",
        "5, in between, radio button, not checked, 6 of 12",
        "6, okay, radio button, checked, 7 of 12",
        "7, fairly good, radio button, not checked, 8 of 12",
        "8, good, radio button, not checked, 9 of 12",
        "9, very good, radio button, not checked, 10 of 12",
        "10, as good as it gets, radio button, not checked, 11 of 12",
        "Not sure, radio button, not checked, 12 of 12",
    ]


def test_the_word_beneath_the_mood_is_not_said_twice(patient: Page) -> None:
    patient.goto("/check-in")
    patient.locator("input[name=mood][value='6']").focus()
    patient.keyboard.press("Space")
    group = listen(patient).the("group", "How is your mood right now?")
    assert "Okay" not in group.said()


def test_a_mood_without_its_word_is_noticed(patient: Page) -> None:
    patient.goto("/check-in")
    patient.evaluate("document.querySelectorAll('.tide__c .vh').forEach(one => one.remove())")
    assert "6, okay" not in " ".join(radios(listen(patient).the("group", "How is your mood right now?")))


# What is to be put right ---------------------------------------------------------------------------------------


def test_a_refused_form_is_announced_and_said_at_its_question(patient: Page) -> None:
    patient.goto("/check-in")
    patient.get_by_role("button", name="Save check-in").click()
    patient.get_by_role("alert").wait_for()  # the old page is listened to no longer
    patient.wait_for_load_state()

    heard = listen(patient)
    assert heard.name == "To fix: Check in · Tideline"
    alert = heard.the("alert", "One small thing to fix")
    assert alert.states["focused"]
    assert [one.name for one in alert.all("link")] == ["Your mood: choose a number, or “Not sure”"]
    question = heard.the("group", "How is your mood right now?")
    assert question.description == "Choose a number, or “Not sure”"


def test_a_refused_line_is_invalid_and_says_why(clinic: Clinic, browser: Browser) -> None:
    page = clinic.site.open(browser)
    page.goto("/sign-in")
    page.get_by_label("Email").fill("not an address")
    page.get_by_role("button", name="Send me a link").click()
    page.locator("#email-error").wait_for()

    line = listen(page).the("textbox", "Email")
    assert line.states["invalid"] == "true"
    assert line.description == page.locator("#email-error").inner_text().strip()
    assert line.states["value"] == "not an address"


# Switches, tiles, days -----------------------------------------------------------------------------------------


def test_a_switch_says_that_it_is_one_and_whether_it_is_on(patient: Page) -> None:
    patient.goto("/reminders")
    heard = listen(patient)
    assert heard.the("switch", "Email").states["checked"] == "true"
    once_more = "One more, two hours later If I haven’t checked in. Never more than one."
    assert heard.the("switch", once_more).states["checked"] == "false"


def test_activities_are_checkboxes_of_one_question(patient: Page) -> None:
    patient.goto("/check-in")
    patient.get_by_role("checkbox", name="Walk").check(force=True)
    group = listen(patient).the("group", "What was it? Optional")
    told = {one.name: one.states["checked"] for one in group.all("checkbox")}
    assert told["Walk"] == "true"
    assert told["Stretching"] == "false"


def test_a_disclosure_says_whether_it_is_open(patient: Page) -> None:
    patient.goto("/check-in")
    summary = "More about that night"
    assert listen(patient).the("DisclosureTriangle", summary).states["expanded"] is False
    patient.get_by_text(summary).click()
    assert listen(patient).the("DisclosureTriangle", summary).states["expanded"] is True


def test_a_day_of_the_calendar_says_its_mood_and_its_date(patient: Page) -> None:
    patient.goto("/history")
    calendar = listen(patient).the("table", "March 2026. Each day shows your mood number.")
    days = [one.name for one in calendar.all("link")]
    assert days[0] == "6, okay, 1 March"
    assert "23 March, no entry" in days
    assert [day for day in days if re.search(r", session \d+", day)] != []
    assert [one.name for one in calendar.all("Abbr")][:2] == ["Sunday", "Monday"]


# Charts --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Drawn:
    """One chart: what is said of it, and every value that its dots stand at, from the first day to the last."""

    sentence: str
    values: list[float]
    table: list[float]


def drawn(figure: Locator, highest: float) -> Drawn:
    """Read the numbers back out of a drawing, and those of its table (newest day first, as it stands there)."""
    picture = figure.locator("svg.chart")
    paths = picture.locator("path").evaluate_all(
        "all => all.map(one => [one.getAttribute('class'), one.getAttribute('d')])"
    )
    levels = [float(y) for classes, d in paths if classes == "c-grid" for y in LEVEL.findall(d)]
    bottom, top = max(levels), min(levels)
    dots = {
        (round(float(x) + float(r), 1), float(y))
        for classes, d in paths
        if set(classes.split()) & {"c-mood-d", "c-anx-d", "c-later"}
        for x, y, r in CIRCLE.findall(d)
    }
    cells = figure.locator("tbody tr td:nth-of-type(1)").all_inner_texts()
    return Drawn(
        sentence=picture.get_attribute("aria-label") or "",
        values=[round((bottom - y) / (bottom - top) * highest, 1) for _, y in sorted(dots)],
        table=[float(found[0]) for cell in reversed(cells) if (found := NUMBER.findall(cell))],
    )


@pytest.mark.parametrize(("name", "highest"), [("Mood", 10), ("Anxiety", 4), ("Energy", 4)])
def test_a_chart_is_a_sentence_and_a_table_with_every_number_of_it(
    patient: Page, name: str, highest: float
) -> None:
    patient.goto("/trends")
    unfold(patient)
    chart = drawn(
        patient.locator("figure.fig", has=patient.locator(f"svg[aria-label^='{name} from']")), highest
    )

    assert re.fullmatch(rf"{name} from 4 to 31 March, 0 to {highest}, \w+ is better\. .+\.", chart.sentence)
    assert len(chart.values) >= 20
    assert chart.values == pytest.approx(chart.table, abs=0.06)


def test_a_number_that_the_table_lacks_is_noticed(patient: Page) -> None:
    patient.goto("/trends")
    unfold(patient)
    mood = patient.locator("figure.fig", has=patient.locator("svg[aria-label^='Mood from']"))
    mood.locator("tbody tr", has_text="30 Mar").evaluate("row => row.remove()")
    chart = drawn(mood, 10)
    assert len(chart.values) == len(chart.table) + 1


@pytest.mark.parametrize(
    ("audience", "path"),
    [
        (Audience.PATIENT, "/today"),
        (Audience.PATIENT, "/trends"),
        (Audience.PATIENT, "/check-ins/<check_in_id>/saved"),
        (Audience.PROVIDER, "/caseload"),
        (Audience.PROVIDER, "/patients/<patient_id>"),
    ],
)
def test_every_picture_says_what_it_shows(
    clinic: Clinic, browser: Browser, audience: Audience, path: str
) -> None:
    page = clinic.site.open(browser)
    sign_in(clinic, page, audience)
    for name, value in clinic.ids.items():
        path = path.replace(f"<{name}>", value)
    page.goto(path)
    pictures = list(listen(page).all("image"))
    assert pictures != []
    assert [one.name for one in pictures if not is_sentence(one)] == []


def is_sentence(picture: Heard) -> bool:
    return len(picture.name.split()) >= 5 and re.search(r"\d", picture.name) is not None
