"""The page that is one tap away from everywhere: people to call, now. Signed out, without script, database down."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from importlib import resources

import flask

from journal.web import current

STALE_AFTER = timedelta(days=180)
"""A crisis line that nobody has checked for so long is no longer shown."""

_REGION = "region"


@dataclass(frozen=True, slots=True)
class Line:
    """People who answer. ``call`` and ``text`` are numbers as they are dialled; ``text`` may be missing."""

    name: str
    call: str
    text: str | None
    hours: str


@dataclass(frozen=True, slots=True)
class Country:
    """Whom to call in one country. ``verified_on``: when somebody last checked it, None if nobody ever did."""

    region: str
    name: str
    emergency: str
    lines: tuple[Line, ...]
    verified_on: date | None


@functools.cache
def countries() -> tuple[Country, ...]:
    """Every country as shipped, in the order of the names, whether it may be shown or not."""
    text = resources.files("journal").joinpath("instruments/crisis_lines.json").read_text(encoding="utf-8")
    return read_countries(text)


def read_countries(text: str) -> tuple[Country, ...]:
    """The countries of a crisis line file (JSON), in the order of the names."""
    found = (
        Country(
            region=one["region"],
            name=one["name"],
            emergency=one["emergency"],
            lines=tuple(
                Line(name=line["name"], call=line["call"], text=line["text"], hours=line["hours"])
                for line in one["lines"]
            ),
            verified_on=date.fromisoformat(one["verified_on"]) if one["verified_on"] else None,
        )
        for one in json.loads(text)["regions"]
    )
    return tuple(sorted(found, key=lambda one: one.name))


def may_be_shown(country: Country, today: date) -> bool:
    """Whether somebody has checked its lines, and not too long ago."""
    return country.verified_on is not None and today - country.verified_on <= STALE_AFTER


def shown(known: Iterable[Country], *, today: date, region: str) -> tuple[Country | None, list[Country]]:
    """The country of ``region``, if it may be shown, and every other that may.

    Nobody's country is guessed: a wrong number is worse than the directory and the words "local emergency number".
    """
    fit = [one for one in known if may_be_shown(one, today)]
    here = next((one for one in fit if one.region == region), None)
    return here, [one for one in fit if one is not here]


def nearest_line(region: str, today: date) -> Line | None:
    """The first crisis line of a person's region, if there is one that may be shown on ``today``."""
    here, _elsewhere = shown(countries(), today=today, region=region)
    return here.lines[0] if here and here.lines else None


def remember_region(region: str) -> None:
    """Keep in this browser's cookie where its owner lives, so that the page needs no database to begin there."""
    flask.session[_REGION] = region


def support() -> str:
    """The page. It asks the database nothing, raises nothing and logs nothing."""
    here, elsewhere = shown(
        countries(), today=current.now().date(), region=str(flask.session.get(_REGION, ""))
    )
    return flask.render_template("safety/support.html", here=here, elsewhere=elsewhere)
