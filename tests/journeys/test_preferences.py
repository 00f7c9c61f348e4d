"""What a system says of its owner is followed: forced colours, less motion, more contrast."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page

from journal.web.routes import Audience
from tests.journeys.demo_clinic import SIGN_INS, Clinic, sign_in
from tests.journeys.fitting import unfold, wear

pytestmark = pytest.mark.browser

_STYLE = """
(element, [properties, pseudo]) => {
  const style = getComputedStyle(element, pseudo);
  return Object.fromEntries(properties.map(one => [one, style[one]]));
}
"""
_SYSTEM_COLOURS = """
names => {
  const probe = document.createElement("i");
  probe.style.forcedColorAdjust = "none";
  document.body.append(probe);
  const found = {};
  for (const name of names) { probe.style.color = name; found[name] = getComputedStyle(probe).color; }
  probe.remove();
  return found;
}
"""
_MOVING = """
() => {
  const found = [];
  for (const element of document.querySelectorAll("*")) {
    for (const part of [null, "::before", "::after"]) {
      const { transitionDuration, animationName, animationDuration, animationIterationCount } =
        getComputedStyle(element, part);
      const longest = text => Math.max(...text.split(",").map(parseFloat));
      const name = element.localName + "." + (element.className.baseVal ?? element.className) + (part ?? "");
      if (longest(transitionDuration) > 0) found.push([name, longest(transitionDuration), "1"]);
      if (animationName !== "none") found.push([name, longest(animationDuration), animationIterationCount]);
    }
  }
  return found;
}
"""
_PAINTED = """
() => [...document.querySelectorAll(
    "svg.chart :is(path, text, tspan, circle, rect, line), svg.spark :is(path, circle)")]
  .filter(one => one.checkVisibility())
  .map(one => {
    const { fill, stroke } = getComputedStyle(one);
    return [one.getAttribute("class") ?? one.localName, fill, stroke];
  })
"""
GROUNDS = {"c-area", "c-band", "c-since"}
"""What lies behind a drawing and carries no number; forced colours leave it out."""


@pytest.fixture
def patient(clinic: Clinic, browser: Browser) -> Page:
    page = clinic.site.open(browser)
    sign_in(page, SIGN_INS[Audience.PATIENT])
    return page


def style(element: Locator, *properties: str, pseudo: str | None = None) -> dict[str, str]:
    found: dict[str, str] = element.evaluate(_STYLE, [list(properties), pseudo])
    return found


# Forced colours -------------------------------------------------------------------------------------------------


@pytest.fixture(params=["light", "dark"])
def forced(request: pytest.FixtureRequest, patient: Page) -> Page:
    """The patient's browser with a palette of its own, light or dark."""
    patient.emulate_media(forced_colors="active", color_scheme=request.param)
    patient.goto("/check-in")
    return patient


def system_colours(page: Page) -> dict[str, str]:
    names = ["Canvas", "CanvasText", "Highlight", "HighlightText", "ButtonText", "GrayText", "LinkText"]
    found: dict[str, str] = page.evaluate(_SYSTEM_COLOURS, names)
    return found


def stands_out(page: Page, chosen: Locator, other: Locator) -> bool:
    """The chosen one is in the system's own colours for that, and the other is not."""
    colours = system_colours(page)
    look = style(chosen, "backgroundColor", "color")
    return (
        look == {"backgroundColor": colours["Highlight"], "color": colours["HighlightText"]}
        and style(other, "backgroundColor")["backgroundColor"] != colours["Highlight"]
    )


def test_the_chosen_mood_stands_out_in_forced_colours(forced: Page) -> None:
    forced.locator("input[name=mood][value='6']").check(force=True)
    assert stands_out(forced, forced.locator(".tide__c.m6"), forced.locator(".tide__c.m5"))

    forced.locator("input[name=mood][value='not_sure']").check(force=True)
    assert stands_out(forced, forced.locator(".tide__c--ns"), forced.locator(".tide__c.m6"))


def test_chosen_tiles_stand_out_in_forced_colours(forced: Page) -> None:
    forced.get_by_role("radio", name="Drained").check(force=True)
    forced.get_by_role("checkbox", name="Walk").check(force=True)
    tile = forced.locator(".tile")
    assert stands_out(forced, tile.filter(has_text="Drained"), tile.filter(has_text="Lots"))
    walk, housework = tile.filter(has_text="Walk"), tile.filter(has_text="Housework")
    assert stands_out(forced, walk, housework)
    # Not by colour alone: a tick as well.
    assert style(walk.locator(".tick"), "display", pseudo="::after") == {"display": "block"}
    assert style(housework.locator(".tick"), "display", pseudo="::after") == {"display": "none"}


def test_a_switch_stands_out_in_forced_colours(forced: Page) -> None:
    forced.goto("/reminders")
    colours = system_colours(forced)
    on = forced.get_by_role("switch", name="Email")
    off = forced.get_by_role("switch", name="Stop all reminders")
    assert style(on, "backgroundColor") == {"backgroundColor": colours["Highlight"]}
    assert style(off, "backgroundColor")["backgroundColor"] != colours["Highlight"]
    # Its knob stands elsewhere, and is seen on its own ground.
    places = [
        float(style(one, "insetInlineStart", pseudo="::after")["insetInlineStart"][:-2]) for one in (on, off)
    ]
    assert places[0] - places[1] > 10
    for one in (on, off):
        knob = style(one, "backgroundColor", pseudo="::after")["backgroundColor"]
        assert knob != style(one, "backgroundColor")["backgroundColor"]


@pytest.mark.parametrize(
    ("path", "selector"),
    [
        ("/check-in", ".btn"),
        ("/check-in", ".tide__c"),
        ("/check-in", ".tile"),
        ("/check-in", ".choice"),
        ("/check-in", ".input"),
        ("/history", ".chip"),
        ("/history", ".drop"),
        ("/history", "a.day"),
        ("/history", ".card"),
        ("/reminders", ".switch input"),
        ("/trends", ".seg"),
    ],
)
def test_what_can_be_pressed_has_an_edge_in_forced_colours(forced: Page, path: str, selector: str) -> None:
    forced.goto(path)
    unfold(forced)
    colours = system_colours(forced)
    quiet = ".btn--quiet"
    for one in forced.locator(f"{selector}:visible").all():
        look = style(one, "borderTopStyle", "borderTopWidth", "borderTopColor")
        assert look["borderTopStyle"] in {"solid", "dashed"}, one
        assert float(look["borderTopWidth"][:-2]) >= 1
        if not one.evaluate("(one, quiet) => one.matches(quiet)", quiet):
            assert look["borderTopColor"] != colours["Canvas"]


def test_the_current_tab_and_range_stand_out_in_forced_colours(forced: Page) -> None:
    forced.goto("/trends")
    current = forced.locator(".tabs a[aria-current]")
    assert style(current, "borderTopWidth", "borderTopStyle", pseudo="::before") == {
        "borderTopWidth": "3px",
        "borderTopStyle": "solid",
    }
    assert stands_out(forced, forced.locator(".seg a[aria-current]"), forced.locator(".seg a").last)


def faint(page: Page) -> list[str]:
    """The marks of the page's drawings that forced colours would leave unseen, or in a colour not the system's."""
    colours = system_colours(page)
    system = {*colours.values(), "none"}
    found = []
    for classes, fill, stroke in page.evaluate(_PAINTED):
        if set(classes.split()) & GROUNDS:
            continue
        if not {fill, stroke} <= system:
            found.append(f"{classes} is {fill} with {stroke}")
        if {fill, stroke} <= {"none", colours["Canvas"]}:
            found.append(f"{classes} is not seen")
    return sorted(set(found))


@pytest.mark.parametrize("path", ["/trends", "/today"])
def test_every_mark_of_a_chart_is_seen_in_forced_colours(forced: Page, path: str) -> None:
    forced.goto(path)
    assert faint(forced) == []


def test_every_mark_of_the_clinicians_charts_is_seen_in_forced_colours(
    clinic: Clinic, browser: Browser
) -> None:
    page = clinic.site.open(browser)
    sign_in(page, SIGN_INS[Audience.PROVIDER])
    page.emulate_media(forced_colors="active")
    for path in ("/caseload", f"/patients/{clinic.ids['patient_id']}"):
        page.goto(path)
        assert faint(page) == []


def test_a_choice_that_only_a_colour_shows_is_noticed(patient: Page) -> None:
    patient.emulate_media(forced_colors="active")
    patient.goto("/check-in")
    wear(patient, ".tide__c:has(:checked) { forced-color-adjust: auto !important }")
    patient.locator("input[name=mood][value='6']").check(force=True)
    assert not stands_out(patient, patient.locator(".tide__c.m6"), patient.locator(".tide__c.m5"))


def test_a_line_that_forced_colours_swallow_is_noticed(patient: Page) -> None:
    patient.emulate_media(forced_colors="active")
    patient.goto("/trends")
    wear(patient, ".c-mood { stroke: Canvas } .c-gap { stroke: rgb(1, 2, 3) }")
    assert [one.split(" is ")[0] for one in faint(patient)] == ["c-gap", "c-line c-mood"]


# Motion ---------------------------------------------------------------------------------------------------------


def moving(page: Page) -> list[Any]:
    """Every element that takes time to change: its name, how many seconds, how often."""
    found: list[Any] = page.evaluate(_MOVING)
    return found


def pages_with_motion(clinic: Clinic) -> list[str]:
    return ["/today", "/check-in", f"/check-ins/{clinic.ids['check_in_id']}/saved", "/reminders", "/history"]


def test_nothing_moves_where_less_motion_is_wished(clinic: Clinic, patient: Page) -> None:
    patient.emulate_media(reduced_motion="reduce")
    for path in pages_with_motion(clinic):
        patient.goto(path)
        assert moving(patient) == []


def test_what_moves_is_brief_and_ends(clinic: Clinic, patient: Page) -> None:
    patient.emulate_media(reduced_motion="no-preference")
    found = []
    for path in pages_with_motion(clinic):
        patient.goto(path)
        found += moving(patient)
    assert {(seconds, times) for _, seconds, times in found} == {(0.18, "1"), (0.5, "1")}


def test_motion_against_the_wish_is_noticed(patient: Page) -> None:
    patient.emulate_media(reduced_motion="reduce")
    patient.goto("/today")
    wear(patient, ".btn::after { transition: opacity 0.1s !important }")
    assert moving(patient) != []


# Contrast -------------------------------------------------------------------------------------------------------


def inks(page: Page) -> set[str]:
    """The colours of muted words and of the edges of what can be filled in."""
    muted = page.locator(".muted, .hint, .opt, .count").evaluate_all(
        "all => all.map(one => getComputedStyle(one).color)"
    )
    edges = page.locator(".input, .tile, .tide__c, .choice").evaluate_all(
        "all => all.filter(one => !one.querySelector(':checked')).map(one => getComputedStyle(one).borderTopColor)"
    )
    return {*muted, *edges}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_more_contrast_means_full_ink(patient: Page, scheme: Any) -> None:
    patient.emulate_media(contrast="more", color_scheme=scheme)
    patient.goto("/check-in")
    assert inks(patient) == {style(patient.locator("body"), "color")["color"]}


def test_muted_ink_is_noticed(patient: Page) -> None:
    patient.emulate_media(contrast="no-preference")
    patient.goto("/check-in")
    assert len(inks(patient)) > 1
