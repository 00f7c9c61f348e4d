"""What a page's charts say when they are read back from the picture: lines, gaps, sessions, the n under each day.

Only the drawing that can be seen is read: each chart has one for wide screens and one for narrow ones. What it has to
say is taken from the table beneath it, which a browser gets in the same page. Nothing of the program is asked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

_READ = """
() => [...document.querySelectorAll("figure.fig")].filter(one => one.checkVisibility()).map(figure => {
  const drawing = [...figure.querySelectorAll("svg.chart")].find(one => one.checkVisibility());
  const cells = row => [...row.cells].map(cell => cell.textContent.trim());
  return {
    title: figure.querySelector("figcaption b").textContent.trim(),
    shown: [...figure.querySelectorAll("svg.chart")].filter(one => one.checkVisibility()).length,
    width: drawing.getBoundingClientRect().width,
    room: figure.clientWidth,
    ground: getComputedStyle(figure).backgroundColor,
    paths: [...drawing.querySelectorAll("path")].map(path => {
      const style = getComputedStyle(path);
      return [path.getAttribute("class"), path.getAttribute("d"), style.stroke, style.fill];
    }),
    texts: [...drawing.querySelectorAll("text")].map(text =>
      [text.getAttribute("class"), Number(text.getAttribute("x")), Number(text.getAttribute("y")), text.textContent]),
    head: cells(figure.querySelector("thead tr")),
    rows: [...figure.querySelectorAll("tbody tr")].map(cells),
  };
})
"""
_STEP = re.compile(r"([Mlh])([-\d. ]+)")
_NUMBER = re.compile(r"-?\d*\.?\d+")
_AROUND_SESSION = 36
"""Days of the curves: from seven before to 28 after."""


@dataclass(frozen=True)
class Picture:
    """One chart as it can be seen."""

    title: str
    found: dict[str, Any]

    def paths(self, name: str) -> list[str]:
        """The data of every path that has the class ``name``."""
        return [d for classes, d, _stroke, _fill in self.found["paths"] if name in classes.split()]

    def color(self, name: str, *, fill: bool = False) -> str:
        """How the first path of the class is drawn."""
        return next(str(one[3 if fill else 2]) for one in self.found["paths"] if name in one[0].split())

    @property
    def edges(self) -> tuple[float, float]:
        """Where the plot begins and ends: its grid does."""
        begins, ends = re.match(r"M([\d.]+) [\d.]+H([\d.]+)", self.paths("c-grid")[0]).groups()  # type: ignore[union-attr]
        return float(begins), float(ends)

    @property
    def sessions(self) -> list[float]:
        """Where sessions are: their rules."""
        found = [float(x) for d in self.paths("c-sess") for x in re.findall(r"M([\d.]+) [\d.]+V", d)]
        return sorted(set(found))


def pictures(page: Page) -> dict[str, Picture]:
    """Every chart of a page by its title."""
    return {one["title"]: Picture(one["title"], one) for one in page.evaluate(_READ)}


def runs(d: str) -> list[list[tuple[float, float]]]:
    """The points of a path of lines, run by run."""
    found: list[list[tuple[float, float]]] = []
    for letter, numbers in _STEP.findall(d):
        values = [float(one) for one in _NUMBER.findall(numbers)]
        if letter == "M":
            found.append([(values[0], values[1])])
        elif letter == "l":
            x, y = found[-1][-1]
            found[-1].append((x + values[0], y + values[1]))
    return found


def wrong_in_days(picture: Picture, *, days: int) -> list[str]:
    """What is wrong with the lines of a picture of ``days`` days: a line over a day without an entry, or a session
    without its rule or diamond in some panel."""
    left, right = picture.edges
    step = (right - left) / days
    wrong = [
        f"a line of {(b - a) / step:.1f} days"
        for d in picture.paths("c-line")
        for run in runs(d)
        for (a, _), (b, _) in zip(run, run[1:], strict=False)
        if (b - a) > step * 1.2
    ]
    named = [row for row in picture.found["rows"] if re.search(r"\bS\d", " ".join(row))]
    if len(picture.sessions) != len(named):
        wrong.append(f"{len(picture.sessions)} rules for {len(named)} sessions")
    if sum(d.count("z") for d in picture.paths("c-sess-mark")) != len(named):
        wrong.append("not a diamond for each session")
    if not picture.paths("c-gap"):
        wrong.append("no mark for days without an entry")
    return wrong


def wrong_around_sessions(picture: Picture) -> list[str]:
    """What is wrong with curves around their session: one that crosses it, or a missing day; a day without its n."""
    left, right = picture.edges
    step, zero = (right - left) / _AROUND_SESSION, picture.sessions[0]
    wrong = []
    for d in picture.paths("c-line"):
        for run in runs(d):
            xs = [x for x, _y in run]
            if min(xs) < zero - 0.1 and max(xs) > zero + 0.1:
                wrong.append(f"a curve from {min(xs)} to {max(xs)} crosses the session at {zero}")
            wrong += [
                f"a curve skips {(b - a) / step:.1f} days"
                for a, b in zip(xs, xs[1:], strict=False)
                if b - a > step * 1.2
            ]
    counts = {
        round((x - zero) / step): text
        for classes, x, _y, text in picture.found["texts"]
        if "c-sub" in classes
    }
    said = {int(row[0].replace("−", "-")): row[1] for row in picture.found["rows"]}
    if counts != said:
        wrong.append(f"n under the days is {counts}, and the table has {said}")
    return wrong


def wrong_in_ink(picture: Picture) -> list[str]:
    """What does not stand out from the card that it is drawn on: by less than 3 to 1 (WCAG 1.4.11)."""
    ground = _light(picture.found["ground"])
    inks = [("c-mood", False), ("c-sess", False), ("c-sess-mark", True)]
    return [
        f"{name} is {picture.color(name, fill=fill)} on {picture.found['ground']}"
        for name, fill in inks
        if picture.paths(name) and _contrast(_light(picture.color(name, fill=fill)), ground) < 3
    ]


def _light(color: str) -> float:
    red, green, blue = (int(part) / 255 for part in re.findall(r"\d+", color)[:3])
    parts = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in (red, green, blue)]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)
