"""The page that is one tap away from everywhere: people to call, now. Signed out, without script, database down."""

from __future__ import annotations

import functools
import json
from datetime import date, timedelta
from importlib import resources
from typing import Any

import flask

from journal.web import current

STALE_AFTER = timedelta(days=180)
"""A crisis line that nobody has checked for so long is no longer shown."""


@functools.cache
def lines() -> list[dict[str, Any]]:
    """Every region's lines, as shipped: name, numbers, source, the day each was checked."""
    text = resources.files("journal").joinpath("instruments/crisis_lines.json").read_text(encoding="utf-8")
    regions: list[dict[str, Any]] = json.loads(text)["regions"]
    return regions


def shown(today: date) -> list[dict[str, Any]]:
    """The regions that may be shown on ``today``: verified, and not too long ago."""
    return [
        region
        for region in lines()
        if region["verified_on"] and today - date.fromisoformat(region["verified_on"]) <= STALE_AFTER
    ]


def nearest_line(region: str, today: date) -> dict[str, str] | None:
    """The first crisis line of a person's region, if there is one that may be shown on ``today``."""
    found = [line for place in shown(today) if place["region"] == region for line in place["lines"]]
    return found[0] if found else None


def support() -> str:
    """The page. It asks the database nothing, raises nothing and logs nothing."""
    return flask.render_template("safety/support.html", regions=shown(current.now().date()))
