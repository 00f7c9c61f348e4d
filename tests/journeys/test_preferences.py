"""What a system says of its owner is followed: forced colours, less motion, more contrast."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Locator, Page

from journal.web.routes import Audience
from tests.journeys.conftest import LAPTOP, PHONE
from tests.journeys.demo_clinic import SIGN_INS, Clinic, sign_in
from tests.journeys.fitting import unfold, wear
from tests.journeys.test_every_page import address, pages_of

pytestmark = pytest.mark.browser

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")

_LOOKS = """
(all, [properties, part]) => all.map(one => {
  const style = getComputedStyle(one, part);
  return properties.map(property => style[property]);
})
"""
_SYSTEM_COLOURS = """
names => {
  const probe = document.createElement("i");
  probe.style.forcedColorAdjust = "none";
  document.body.append(probe);
  const found = names.map(name => {
    probe.style.color = name;
    return [name, getComputedStyle(probe).color];
  });
  probe.remove();
  return Object.fromEntries(found);
}
"""
_MOVING = """
() => {
  const found = [];
  const longest = text => Math.max(...text.split(",").map(parseFloat));
  for (const element of document.querySelectorAll("*")) {
    for (const part of [null, "::before", "::after"]) {
      const { transitionDuration, animationName, animationDuration, animationIterationCount } =
        getComputedStyle(element, part);
      if (longest(transitionDuration) > 0) found.push([longest(transitionDuration), "1"]);
      if (animationName !== "none") found.push([longest(animationDuration), animationIterationCount]);
    }
  }
  return found;
}
"""
_PAINTED = """
grounds => [...document.querySelectorAll("svg :is(path, text, tspan, circle, rect, line)")]
  .filter(one => !one.matches(grounds))
  .filter(one => one.checkVisibility())
  .map(one => {
    const { fill, stroke, color } = getComputedStyle(one);
    return [one.getAttribute("class") ?? one.parentNode.getAttribute("class"), fill, stroke, color];
  })
"""
GROUNDS = ".c-area, .c-band, .c-since, .c-b0, .c-b1, .c-b2, .c-b3, .c-b4, .tickmark circle, .sea *"
"""What lies behind a drawing and carries no number, and the one picture that carries nothing."""

CLEAR = "rgba(0, 0, 0, 0)"


def opened(clinic: Clinic, browser: Browser, audience: Audience, size: dict[str, int]) -> Page:
    page = clinic.site.open(browser, size=size, workers=False)
    sign_in(clinic, page, audience)
    return page


@pytest.fixture(scope="module")
def patient(clinic: Clinic, browser: Browser) -> Page:
    """The patient's phone, the same for all tests, each of which says what the system asks for."""
    return opened(clinic, browser, Audience.PATIENT, PHONE)


def system(
    page: Page, *, forced: bool = False, scheme: Scheme = "light", still: bool = True, contrast: bool = False
) -> None:
    """What the system says of its owner from now on; the page need not be opened anew."""
    page.emulate_media(
        forced_colors="active" if forced else "none",
        color_scheme=scheme,
        reduced_motion="reduce" if still else "no-preference",
        contrast="more" if contrast else "no-preference",
    )


def palettes(page: Page) -> Iterator[dict[str, str]]:
    """A palette of the person's own, light and then dark: its colours by the names that CSS has for them."""
    for scheme in SCHEMES:
        system(page, forced=True, scheme=scheme)
        names = [
            "Canvas",
            "CanvasText",
            "Highlight",
            "HighlightText",
            "ButtonText",
            "ButtonFace",
            "GrayText",
            "LinkText",
        ]
        yield page.evaluate(_SYSTEM_COLOURS, names)


def looks(elements: Locator, *properties: str, part: str | None = None) -> list[list[str]]:
    found: list[list[str]] = elements.evaluate_all(_LOOKS, [list(properties), part])
    return found


def look(element: Locator, *properties: str, part: str | None = None) -> list[str]:
    (found,) = looks(element, *properties, part=part)
    return found


# Forced colours -------------------------------------------------------------------------------------------------


def stands_out(colours: dict[str, str], chosen: Locator, other: Locator) -> bool:
    """The chosen one is in the system's own colours for that, and the other is not."""
    return look(chosen, "backgroundColor", "color") == [
        colours["Highlight"],
        colours["HighlightText"],
    ] and look(other, "backgroundColor") != [colours["Highlight"]]


def edgeless(page: Page, pressed: str, colours: dict[str, str]) -> list[list[str]]:
    """The edges of what can be pressed that are not there to be seen."""
    return [
        edge
        for edge in looks(page.locator(pressed), "borderTopStyle", "borderTopWidth", "borderTopColor")
        if edge[0] not in {"solid", "dashed"}
        or float(edge[1].removesuffix("px")) < 1
        or edge[2] in {colours["Canvas"], CLEAR}
    ]


def faint(page: Page, colours: dict[str, str]) -> list[str]:
    """The marks of the page's drawings that would be left unseen, or in a colour that is not the system's."""
    seen = {*colours.values()} - {colours["Canvas"]}
    found = set()
    for classes, fill, stroke, color in page.evaluate(_PAINTED, GROUNDS):
        paints = {fill, stroke} - {"none", CLEAR}
        if not paints <= {*colours.values()}:
            found.add(f"{classes} has a colour of its own")
        # An icon is of the colour of the words beside it, on their ground.
        elif not paints & {*seen, color}:
            found.add(f"{classes} is not seen")
    return sorted(found)


def test_a_chosen_answer_stands_out_in_forced_colours(patient: Page) -> None:
    patient.goto("/check-in")
    moods, tiles = patient.locator(".tide__c"), patient.locator(".tile")
    drained, lots = tiles.filter(has_text="Drained"), tiles.filter(has_text="Lots")
    walk, housework = tiles.filter(has_text="Walk"), tiles.filter(has_text="Housework")
    patient.get_by_role("radio", name="Drained").check(force=True)
    patient.get_by_role("checkbox", name="Walk").check(force=True)
    for colours in palettes(patient):
        patient.locator("input[name=mood][value='6']").check(force=True)
        assert stands_out(colours, moods.nth(6), moods.nth(5))
        patient.locator("input[name=mood][value='not_sure']").check(force=True)
        assert stands_out(colours, moods.nth(11), moods.nth(6))
        assert stands_out(colours, drained, lots)
        assert stands_out(colours, walk, housework)
        # Not by colour alone: a tick as well.
        assert look(walk.locator(".tick"), "display", part="::after") == ["block"]
        assert look(housework.locator(".tick"), "display", part="::after") == ["none"]


def test_a_switch_stands_out_in_forced_colours(patient: Page) -> None:
    patient.goto("/reminders")
    on = patient.get_by_role("switch", name="Email")
    off = patient.get_by_role("switch", name="One more, two hours later")
    for colours in palettes(patient):
        assert look(on, "backgroundColor") == [colours["Highlight"]]
        assert look(on, "backgroundColor", part="::after") == [colours["HighlightText"]]
        assert look(off, "backgroundColor") == [colours["Canvas"]]
        assert look(off, "backgroundColor", part="::after") == [colours["ButtonText"]]
        # Not by colour alone: its knob stands elsewhere.
        assert look(on, "insetInlineStart", part="::after") == ["23.2px"]
        assert look(off, "insetInlineStart", part="::after") == ["4px"]


def test_the_next_thing_to_do_stands_out_in_forced_colours(patient: Page) -> None:
    patient.goto("/today")
    for colours in palettes(patient):
        buttons = patient.locator(".btn")
        save, more = buttons.filter(has_text="Save"), buttons.filter(has_text="Add sleep")
        assert look(save, "backgroundColor", "color") == [colours["ButtonText"], colours["ButtonFace"]]
        assert look(more, "backgroundColor") != [colours["ButtonText"]]


def test_the_current_tab_and_range_stand_out_in_forced_colours(patient: Page) -> None:
    patient.goto("/trends")
    for colours in palettes(patient):
        tab = patient.locator(".tabs a[aria-current]")
        edge = look(tab, "borderTopWidth", "borderTopStyle", "borderTopColor", part="::before")
        assert edge == ["3px", "solid", colours["LinkText"]]
        assert stands_out(colours, patient.locator(".seg a[aria-current]"), patient.locator(".seg a").last)


@pytest.mark.parametrize(
    ("path", "pressed"),
    [
        ("/check-in", ".btn:not(.btn--quiet):visible, .tide__c, .tile, .choice, .input:visible, .help"),
        ("/history", ".chip, .drop, a.day, .card"),
        ("/reminders", ".switch input, .tile, .card"),
    ],
    ids=["check-in", "history", "reminders"],
)
def test_what_can_be_pressed_has_an_edge_in_forced_colours(patient: Page, path: str, pressed: str) -> None:
    patient.goto(path)
    unfold(patient)
    assert patient.locator(pressed).count() > 10
    for colours in palettes(patient):
        assert edgeless(patient, pressed, colours) == []


@pytest.mark.parametrize("path", ["/trends", "/today", "/history", "/check-ins/<check_in_id>/saved"])
def test_every_mark_of_a_drawing_is_seen_in_forced_colours(clinic: Clinic, patient: Page, path: str) -> None:
    patient.goto(path.replace("<check_in_id>", clinic.ids["check_in_id"]))
    for colours in palettes(patient):
        assert faint(patient, colours) == []


def test_a_clinicians_tab_and_drawings_are_seen_in_forced_colours(clinic: Clinic, browser: Browser) -> None:
    page = opened(clinic, browser, Audience.PROVIDER, LAPTOP)
    for path in ("/caseload", f"/patients/{clinic.ids['patient_id']}"):
        page.goto(path)
        for colours in palettes(page):
            assert faint(page, colours) == []
            edges = looks(page.locator(".pnav a"), "borderBottomColor")
            assert edges[0] != [colours["Canvas"]]
            assert edges[1:] == [[colours["Canvas"]]] * len(edges[1:])


@pytest.mark.night
@pytest.mark.parametrize("audience", SIGN_INS)
def test_every_page_can_be_used_in_forced_colours(
    clinic: Clinic, browser: Browser, audience: Audience
) -> None:
    page = opened(clinic, browser, audience, LAPTOP if audience is Audience.PROVIDER else PHONE)
    pressed = ":is(.btn:not(.btn--quiet), .input, .tile, .choice, .card, .chip, .drop, a.day):visible"
    wrong = []
    for route in pages_of(audience):
        page.goto(address(route, clinic.ids))
        unfold(page)
        for colours in palettes(page):
            wrong += [(route.rule, one) for one in [*edgeless(page, pressed, colours), *faint(page, colours)]]
    assert wrong == []


def test_what_forced_colours_swallow_is_noticed(patient: Page) -> None:
    patient.goto("/today")
    wear(
        patient,
        """.tide__c:has(:checked) { forced-color-adjust: auto !important; background: var(--brand) !important }
           .btn { border: 0 !important }
           .c-mood { stroke: Canvas !important } .c-gap { stroke: rgb(1, 2, 3) !important }""",
    )
    patient.locator("input[name=mood][value='6']").check(force=True)
    for colours in palettes(patient):
        moods = patient.locator(".tide__c")
        assert not stands_out(colours, moods.nth(6), moods.nth(5))
        assert (
            len(edgeless(patient, ".btn:visible, .tide__c", colours))
            == patient.locator(".btn:visible").count()
        )
        assert faint(patient, colours) == [
            "c-gap has a colour of its own",
            "c-line c-mood is not seen",
        ]


# Motion ---------------------------------------------------------------------------------------------------------


def moving(page: Page) -> set[tuple[float, str]]:
    """What takes time to change on the page: how many seconds, and how often."""
    return {(seconds, times) for seconds, times in page.evaluate(_MOVING)}


def test_what_moves_is_brief_and_stands_still_where_that_is_wished(clinic: Clinic, patient: Page) -> None:
    found = {}
    for path in ("/check-in", f"/check-ins/{clinic.ids['check_in_id']}/saved", "/reminders"):
        patient.goto(path)
        system(patient, still=False)
        found[path.rsplit("/", 1)[-1]] = moving(patient)
        system(patient, still=True)
        assert moving(patient) == set()
    assert found == {
        "check-in": {(0.18, "1")},
        "saved": {(0.18, "1"), (0.5, "1")},
        "reminders": {(0.18, "1")},
    }


def test_motion_against_the_wish_is_noticed(patient: Page) -> None:
    patient.goto("/today")
    system(patient, still=True)
    wear(patient, ".btn::after { transition: opacity 0.1s !important }")
    assert moving(patient) == {(0.1, "1")}


# Contrast -------------------------------------------------------------------------------------------------------


def inks(page: Page) -> set[str]:
    """The colours of muted words and of the edges of what can be filled in."""
    words = looks(page.locator(".muted, .hint, .opt, .count"), "color")
    edges = looks(page.locator(":is(.input, .tile, .tide__c, .choice):not(:has(:checked))"), "borderTopColor")
    assert words
    assert edges
    return {colour for (colour,) in words + edges}


def test_more_contrast_means_full_ink(patient: Page) -> None:
    patient.goto("/check-in")
    found: dict[Any, set[str]] = {}
    for scheme in SCHEMES:
        system(patient, scheme=scheme, contrast=True)
        found[scheme] = inks(patient)
    assert found == {"light": {"rgb(16, 37, 42)"}, "dark": {"rgb(233, 241, 240)"}}


def test_muted_ink_is_noticed(patient: Page) -> None:
    patient.goto("/check-in")
    system(patient)
    assert inks(patient) == {"rgb(61, 83, 89)", "rgb(107, 128, 134)"}
