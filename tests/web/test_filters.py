"""Templates call the wording of days and numbers by its own names."""

from __future__ import annotations

from datetime import date

import flask

from journal.languages import Language, speaking
from journal.web import filters


def test_templates_know_them_by_their_names() -> None:
    app = flask.Flask("planted")
    filters.register(app)
    written = app.jinja_env.from_string("{{ day|short_day }}, {{ mood|one_decimal }}")
    assert written.render(day=date(2026, 3, 4), mood=5.66) == "4 Mar, 5.7"
    with speaking(Language.GREEK):
        assert written.render(day=date(2026, 3, 4), mood=5.66) == "4 Μαρ, 5,7"
