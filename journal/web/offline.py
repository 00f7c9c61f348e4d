"""What a phone needs to be useful without a network: the worker that answers there, and the empty form it shows.

Nothing here asks the database and nothing is about anybody: every phone of one language keeps the same. What makes the
form a person's own, and what they wrote in it, comes and goes by the JSON side (``api``).
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass

import flask
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from journal.domain.access_limits import PATIENT_SESSION_LASTS, UNLOCKED_IDLES
from journal.domain.checkins import CLOCK, NOTE_LENGTH, NUMBERS, YES_NO
from journal.domain.moods import LOW_MOOD
from journal.languages import gettext as _
from journal.languages import spoken
from journal.places import STATIC
from journal.storage.accounts import Role
from journal.web import check_in_words as words
from journal.web import current, naming, safety
from journal.web.assets import minified_script
from journal.web.forms import checkins as reading
from journal.web.labels import MOOD_NOW, QUESTIONS

PARTS = (
    "vendor/idb/idb.js",
    *(f"js/offline/{part}.js" for part in ("drawer", "queue", "sending", "notices", "pages", "worker")),
)
"""The worker's own text, in the order in which it is read; each part may lean on those before it."""
NAMES = "{names}"
"""Stands in the empty form where a script writes who could read what is shared."""

_STATIC_FILE = re.compile(r'"(/static/[^"]+)"')


@dataclass(frozen=True, slots=True)
class Kept:
    """What phones of one language keep: the page for the offline form, and the worker that knows it and its files."""

    shell: str
    worker: bytes


@dataclass(frozen=True, slots=True)
class Here:
    """What a page tells the phone: whose it is (None for nobody's), and for how many idle seconds it stays unlocked."""

    account: str | None
    open_for_s: int
    region: str


def shell() -> Response:
    """Today's form as it looks before anybody has written in it, and what is said where there is no network."""
    response = Response(_kept().shell, content_type="text/html; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


def worker() -> Response:
    """The service worker, in one piece: browsers ask for it at every visit and are told that it is still the same."""
    response = Response(_kept().worker, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    return response.make_conditional(flask.request)


def here() -> Here:
    """For whom a page was made, for the worker: asked by the templates that put it in place."""
    person = current.reader()
    if person is None or person.role is not Role.PATIENT:
        return Here(None, 0, safety.remembered_region())
    lasts = PATIENT_SESSION_LASTS if person.lock.stays_open else UNLOCKED_IDLES
    open_for_s = 0 if current.is_locked() else int(lasts.total_seconds())
    return Here(person.account_public_id, open_for_s, safety.remembered_region())


def _kept() -> Kept:
    """Made once for each language and name, and kept as long as the process lives: no file or template changes."""
    known: dict[tuple[str, str], Kept] = flask.current_app.extensions.setdefault("offline", {})
    of = spoken(), naming.here().code
    if of not in known:
        page = _render_shell()
        known[of] = Kept(page, _worker_for(page))
    return known[of]


def _render_shell() -> str:
    return flask.render_template(
        "offline/shell.html",
        is_empty_form=True,
        values=MultiDict(),
        errors={},
        mood_question=_(MOOD_NOW),
        asked={name: _(today) for name, (today, _then) in QUESTIONS.items()},
        options=words.options(sleep_tiles=reading.SLEEP_TILES, activity_tiles=reading.ACTIVITY_TILES),
        asks_sleep=True,
        chips=[("", "")],
        is_locked=True,
        items_on=reading.ONLY_IF_ON,
        note_readers=[NAMES],
        score_readers=[NAMES],
        shares_notes=False,
        note_length=NOTE_LENGTH,
        low_mood=LOW_MOOD,
    )


def _worker_for(page: str) -> bytes:
    pages = {"shell": flask.url_for("offline.shell"), "help": flask.url_for("safety.support")}
    files = sorted({*_STATIC_FILE.findall(page), *_STATIC_FILE.findall(safety.page(None)), *pages.values()})
    text = "".join(minified_script(STATIC.joinpath(part).read_text(encoding="utf-8")) for part in PARTS)
    app = naming.here()
    version = hashlib.sha256("\n".join([page, text, *files]).encode()).hexdigest()[:12]
    site = pages | {
        "shelf": f"tideline {spoken()} {version}",
        "files": files,
        "forms": [flask.url_for(start) for start in ("accounts.home", "checkins.today", "checkins.new")],
        "new_check_in": flask.url_for("checkins.new"),
        "check_in": flask.url_for("checkins.show", check_in_id="*"),
        "saved": flask.url_for("checkins.saved", check_in_id="*"),
        "bare_help": flask.url_for("safety.support", bare=1),
        "sign_in": flask.url_for("accounts.sign_in"),
        "sign_out": flask.url_for("accounts.sign_out"),
        "phone": flask.url_for("api.phone"),
        "push": flask.url_for("push.subscribe"),
        "notice": {
            "title": app.name,
            "body": _("You have a reminder."),
            "url": flask.url_for("checkins.today"),
            "tag": "reminder",
            "icon": flask.current_app.extensions["assets"].url(f"icons/{app.code}-192.png"),
        },
        "check_ins": flask.url_for("api.check_ins"),
        "fields": {
            "numbers": [*NUMBERS],
            "yes_no": YES_NO,
            "clock": CLOCK,
            "switches": reading.SWITCHES,
            "texts": reading.TEXTS,
        },
    }
    return f"const SITE = {json.dumps(site)};\n{text}".encode()
