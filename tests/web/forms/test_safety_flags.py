"""The line under a flag comes as it was typed; what it has to be is tried with the domain."""

from __future__ import annotations

import flask

from journal.web.forms.safety_flags import LookForm


def test_the_note_is_as_typed() -> None:
    app = flask.Flask("forms")
    app.config.update(SECRET_KEY="s", WTF_CSRF_ENABLED=False)
    with app.test_request_context(method="POST", data={"note": " Called \r\n her "}):
        assert LookForm().note.data == " Called \r\n her "
