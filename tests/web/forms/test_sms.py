from __future__ import annotations

import flask

from journal.web.forms.sms import NumberForm


def test_a_number_is_kept_as_it_was_typed() -> None:
    app = flask.Flask("forms")
    app.config.update(SECRET_KEY="s", WTF_CSRF_ENABLED=False)
    with app.test_request_context("/reminders/number", method="POST", data={"number": " 0176/123 "}):
        assert NumberForm().number.data == " 0176/123 "
