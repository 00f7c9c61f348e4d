"""The page that is one tap away from everywhere: people to call, now. Signed out, without script, database down."""

from __future__ import annotations

import functools
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from importlib import resources

import flask

from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.languages import locale, spoken
from journal.web import current, plan_at_hand
from journal.web.labels import plan_steps
from journal.web.plan_at_hand import AtHand

STALE_AFTER = timedelta(days=180)
"""A crisis line that nobody has checked for so long is no longer shown."""

_REGION = "region"


class Open(StrEnum):
    """When a line answers."""

    ALWAYS = "always"


HOURS = {Open.ALWAYS: translatable("24 hours, every day")}


@dataclass(frozen=True, slots=True)
class Line:
    """People who answer. ``call`` and ``text`` are numbers as they are dialled; ``text`` may be missing.

    ``known_as`` is what they are called where nothing else is said; ``names`` what they call themselves, by language.
    """

    known_as: str
    call: str
    text: str | None
    open: Open
    names: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """What they call themselves in the language being spoken, if the file says it."""
        return dict(self.names).get(spoken().value, self.known_as)

    @property
    def hours(self) -> str:
        """When they answer, in the language being spoken."""
        return _(HOURS[self.open])


@dataclass(frozen=True, slots=True)
class Country:
    """Whom to call in one country of ISO 3166. ``verified_on``: when somebody last checked it, None if nobody did."""

    region: str
    emergency: str
    lines: tuple[Line, ...]
    verified_on: date | None

    @property
    def name(self) -> str:
        """What the country is called in the language being spoken, as CLDR has it."""
        return str(locale().territories[self.region])


@functools.cache
def countries() -> tuple[Country, ...]:
    """Every country as shipped, whether it may be shown or not."""
    text = resources.files("journal").joinpath("instruments/crisis_lines.json").read_text(encoding="utf-8")
    return read_countries(text)


def read_countries(text: str) -> tuple[Country, ...]:
    """The countries of a crisis line file (JSON), as they stand there."""
    return tuple(
        Country(
            region=one["region"],
            emergency=one["emergency"],
            lines=tuple(
                Line(
                    known_as=line["name"],
                    call=line["call"],
                    text=line["text"],
                    open=Open(line["open"]),
                    names=tuple(line.get("names", {}).items()),
                )
                for line in one["lines"]
            ),
            verified_on=date.fromisoformat(one["verified_on"]) if one["verified_on"] else None,
        )
        for one in json.loads(text)["regions"]
    )


def by_name(known: Iterable[Country]) -> list[Country]:
    """Countries in the order in which the language being spoken lists their names."""
    return sorted(known, key=lambda one: _without_accents(one.name))


def _without_accents(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def may_be_shown(country: Country, today: date) -> bool:
    """Whether somebody has checked its lines, and not too long ago."""
    return country.verified_on is not None and today - country.verified_on <= STALE_AFTER


def shown(known: Iterable[Country], *, today: date, region: str) -> tuple[Country | None, list[Country]]:
    """The country of ``region``, if it may be shown, and every other that may, by name. Never by the language.

    Nobody's country is guessed: a wrong number is worse than the directory and the words "local emergency number".
    """
    fit = by_name(one for one in known if may_be_shown(one, today))
    here = next((one for one in fit if one.region == region), None)
    return here, [one for one in fit if one is not here]


def nearest_line(region: str, today: date) -> Line | None:
    """The first crisis line of a person's region, if there is one that may be shown on ``today``."""
    here, _elsewhere = shown(countries(), today=today, region=region)
    return here.lines[0] if here and here.lines else None


def remember_region(region: str) -> None:
    """Keep in this browser's cookie where its owner lives, so that the page needs no database to begin there."""
    flask.session[_REGION] = region


def remembered_region() -> str:
    """Where the owner of this browser lives, as far as its cookie knows; empty where it does not."""
    return str(flask.session.get(_REGION, ""))


def support() -> str:
    """The page, with the person's own plan first where it is open. It raises nothing, writes nothing and logs nothing.

    A phone keeps the page as it is without anybody's plan: ``/help?bare=1``.
    """
    return page(None if "bare" in flask.request.args else plan_at_hand.of_this_browser())


def page(at_hand: AtHand | None) -> str:
    """The page with what is at hand; with None it is the same for everybody, and asks the database nothing."""
    here, elsewhere = shown(countries(), today=current.now().date(), region=remembered_region())
    return flask.render_template(
        "safety/support.html", here=here, elsewhere=elsewhere, at_hand=at_hand, steps=plan_steps()
    )
