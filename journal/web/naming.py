"""What this browser calls the journal: by its own name, or by the neutral one that its owner chose.

Like the language it is remembered in the cookie, so that titles, icons and the manifest need no database.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import flask

from journal.domain.home_screen import APP_NAME, AppName, app_name
from journal.wording import NEUTRAL_NAMES, name_of_app


@dataclass(frozen=True, slots=True)
class App:
    """How the journal looks from outside under one of its names. Icons are names of static files."""

    code: AppName

    @property
    def is_neutral(self) -> bool:
        """Whether neither name nor icon say what it is."""
        return self.code in NEUTRAL_NAMES

    @property
    def name(self) -> str:
        """As people read it, the neutral one in the language being spoken."""
        return name_of_app(self.code)

    @property
    def favicon(self) -> str:
        """For the tab of a browser."""
        return f"icons/{self.code}.svg" if self.is_neutral else "icons/favicon.svg"

    @property
    def touch_icon(self) -> str:
        """For the home screen of iOS: 180 px, to the edges, which iOS rounds itself."""
        return f"icons/{self.code}-180.png"


def here() -> App:
    """The journal as this browser knows it."""
    return App(app_name(flask.session.get(APP_NAME)))


def follow(preferences: Mapping[str, object]) -> None:
    """Go on under the name that somebody signed in has chosen, and remember it for the pages that ask nobody."""
    remember(app_name(preferences.get(APP_NAME)))


def remember(name: AppName) -> None:
    """Keep the name in this browser's cookie, where it is not the journal's own."""
    if name is here().code:
        return
    if name is AppName.TIDELINE:
        flask.session.pop(APP_NAME, None)
    else:
        flask.session[APP_NAME] = name.value


def outlive_signing_out(app: App) -> None:
    """A neutral name stays when all else in the cookie has gone: the sign-in page of that phone says no other."""
    remember(app.code)
    if app.is_neutral:
        flask.session.permanent = True
