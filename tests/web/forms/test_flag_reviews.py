"""The form of who looks at flags: what it says of what was chosen, and what it shows of what stands."""

from __future__ import annotations

import flask

from journal.services.flag_reviews import Said
from journal.storage.flag_reviews import Review
from journal.web.forms.flag_reviews import ReviewForm, filled
from tests.cast import NOW


def said(**typed: str) -> Said:
    app = flask.Flask("forms")
    app.config.update(SECRET_KEY="s", WTF_CSRF_ENABLED=False)
    with app.test_request_context(method="POST", data=typed):
        return ReviewForm().said()


def test_days_of_nobody_are_left_out() -> None:
    typed = {"phone": " 1  2 3 ", "reviewer": "b", "day_1": "b", "day_2": "", "sends_notes": "1"}
    assert said(**typed) == Said(phone="1 2 3", reviewer="b", rota={1: "b"}, sends_notes=True)


def test_the_form_shows_what_stands() -> None:
    review = Review(1, 7, "Bob", None, NOW, wants_notes=True, rota={1: 7, 3: 8})
    assert filled(review, phone="123", public_ids={7: "b", 8: "c"}) == {
        "phone": "123", "reviewer": "b", "sends_notes": True, "day_1": "b", "day_3": "c",
    }  # fmt: skip
    assert filled(None, phone="", public_ids={}) == {"phone": ""}
