"""The way out that comes with every message: one button, no sign-in, and nothing to read.

Mail programs press it too (RFC 8058), without a cookie and without a form's token: the secret in the address is the
proof, and all that it opens is this.
"""

from __future__ import annotations

import flask
from flask.typing import ResponseReturnValue

from journal.services.links import fingerprint
from journal.services.reminders import NOTES, stop_by_message
from journal.storage import deliveries
from journal.web import current


def stop(token: str) -> ResponseReturnValue:
    """Say what would be stopped; stop it when it is asked for. Again is as good as once."""
    stop_hash = fingerprint(token)
    found = deliveries.stopped_by(current.db(), stop_hash)
    if found is None:
        flask.abort(404)
    _account_id, kind, channel = found
    is_stopped = flask.request.method == "POST"
    if is_stopped:
        with current.unit_of_work() as db:
            stop_by_message(db, stop_hash, now=current.now())
    return flask.render_template(
        "stopping/stop.html", channel=channel, is_stopped=is_stopped, settings=_SETTINGS[kind == NOTES]
    )


_SETTINGS = {False: "reminders.mine", True: "notes_to_me.mine"}
"""Where it is started again: a patient's reminders, a provider's notes."""
