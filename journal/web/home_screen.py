"""The journal on the home screen of a phone: the manifest that phones read, and the answer “not now”.

What it is called stands in ``naming``; what answers there without a network in ``offline``.
"""

from __future__ import annotations

import json

import flask
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from journal import languages
from journal.domain.home_screen import app_name
from journal.languages import gettext as _
from journal.languages import pgettext
from journal.services import patients as journals
from journal.web import current, naming
from journal.web.naming import App

_KEPT = "private, max-age=3600"
_LIGHT, _DARK = "#F1F5F4", "#0B1517"  # --bg of tokens.css
_SIZES = (192, 512)


def manifest() -> Response:
    """The manifest of the name and in the language that its address gives; else of this browser's.

    They stand in the address because browsers ask for it without the cookie, and keep it for an hour.
    """
    asked = flask.request.args
    languages.speak(languages.known(asked.get("language")) or languages.spoken())
    app = App(app_name(asked["name"])) if "name" in asked else naming.here()
    response = Response(
        json.dumps(_manifest(app), ensure_ascii=False), content_type="application/manifest+json"
    )
    response.headers["Cache-Control"] = _KEPT
    return response


def not_now() -> ResponseReturnValue:
    """Adding it is not offered again; how to do it stays in the settings."""
    with current.unit_of_work() as db:
        journals.settle_home_screen(db, current.account().account_id)
    return flask.redirect(flask.url_for("checkins.today"), 303)


def _manifest(app: App) -> dict[str, object]:
    return {
        # Each name is an app of its own: the one on the home screen is not renamed by what is chosen, or ends, later.
        "id": f"/{app.code}",
        "name": app.name,
        "short_name": app.name,
        "lang": languages.spoken().value,
        "start_url": flask.url_for("checkins.today"),
        "scope": "/",
        "display": "standalone",
        "background_color": _LIGHT,
        "theme_color": _LIGHT,
        "color_scheme_dark": {"background_color": _DARK, "theme_color": _DARK},
        "icons": [
            *(_icon(f"{app.code}-{size}", size, "any") for size in _SIZES),
            *(_icon(f"{app.code}-maskable-{size}", size, "maskable") for size in _SIZES),
        ],
        "shortcuts": [
            {"name": _("Check in"), "url": flask.url_for("checkins.new")},
            {
                "name": pgettext("shortcut", "Help") if app.is_neutral else _("Get help now"),
                "url": flask.url_for("safety.support"),
            },
        ],
    }


def _icon(name: str, size: int, purpose: str) -> dict[str, str]:
    return {
        "src": flask.current_app.extensions["assets"].url(f"icons/{name}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }
