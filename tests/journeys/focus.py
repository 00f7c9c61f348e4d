"""Where the keyboard is: what has the focus, whether that is seen, and whether a bar hides it (WCAG 2.4.7, 2.4.11)."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

_LOOK = """
() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body) return null;
  // A tile, a row with an explanation and a switch show the focus and take the press in place of their input.
  const shown = focused.closest(".tide__c, .tile, .choice") || focused;
  const box = shown.getBoundingClientRect();
  const style = getComputedStyle(shown);
  const wrong = [];
  if (style.outlineStyle === "none" || parseFloat(style.outlineWidth) < 2) wrong.push("has no ring");
  const tall = box.height > innerHeight - 160;
  // In a long answer it is the line being written that the browser brings into sight.
  const mayHide = focused.localName === "textarea" ? box.height * 0.6 : 1;
  if (box.width < 1 || box.height < 1) wrong.push("has no size");
  if (!tall && (box.top < -1 || box.bottom > innerHeight + 1)) wrong.push("is off the screen");
  for (const bar of document.querySelectorAll("body *")) {
    const { position } = getComputedStyle(bar);
    if (position !== "fixed" && position !== "sticky") continue;
    if (bar.contains(focused) || !bar.checkVisibility()) continue;
    const edge = bar.getBoundingClientRect();
    const down = Math.min(box.bottom, edge.bottom) - Math.max(box.top, edge.top);
    const across = Math.min(box.right, edge.right) - Math.max(box.left, edge.left);
    if (!tall && down > mayHide && across > 1) wrong.push(`lies under .${bar.className} by ${Math.round(down)} px`);
  }
  const words = (focused.labels?.[0] || focused).cloneNode(true);
  for (const unheard of words.querySelectorAll("[aria-hidden]")) unheard.remove();
  const label = focused.getAttribute("aria-label") || words.textContent;
  return { name: label.trim().replace(/\\s+/g, " "), tag: focused.localName, type: focused.type || "", wrong };
}
"""


def focused(page: Page) -> dict[str, Any] | None:
    """What has the focus: its ``name``, ``tag`` and ``type``, and whatever is ``wrong`` with how it shows."""
    found: dict[str, Any] | None = page.evaluate(_LOOK)
    return found


def walk(page: Page, key: str = "Tab") -> tuple[list[str], list[str]]:
    """Press ``key`` from the top (or bottom) of the page to its end: the names in their order, and what is wrong."""
    names: list[str] = []
    wrong: list[str] = []
    page.evaluate("document.activeElement.blur()")
    for _ in range(400):
        page.keyboard.press(key)
        here = focused(page)
        if here is None:
            break
        names.append(here["name"])
        wrong += [f"{here['name'][:40] or here['tag']} {one}" for one in here["wrong"]]
    return names, wrong


def tab_to(page: Page, name: str, *, tag: str = "") -> None:
    """Press Tab until something whose name begins with ``name`` has the focus; its ring is seen all the way."""
    passed = []
    for _ in range(150):
        page.keyboard.press("Tab")
        here = focused(page)
        if here is None:
            passed.append("the browser itself")
            continue
        assert here["wrong"] == [], (here["name"], here["wrong"])
        if here["name"].startswith(name) and (not tag or here["tag"] == tag):
            return
        passed.append(here["name"][:30])
    raise AssertionError(f"Tab never comes to {name!r}, only to {passed}")
