"""What makes the form of a check-in one person's own, and that everything to fix is said at once."""

from __future__ import annotations

from dataclasses import replace

import flask_login
import pytest
from werkzeug.datastructures import MultiDict

from journal.domain.checkins import CheckInBody
from journal.domain.errors import Refused, RefusedFields
from journal.services.activities import add_activity
from journal.web import current
from journal.web.check_in_forms import own_form, refuse_all_at_once
from journal.web.forms.checkins import read_body
from tests.builders import body, the_patient
from tests.cast import Person, web_session
from tests.conftest import Site


def signed_in(site: Site, person: Person) -> None:
    with site.database.unit_of_work() as db:
        token = web_session(db, person, now=site.clock())
    flask_login.login_user(current.load_visitor(token))


def test_the_form_has_ones_own_activities_and_says_who_could_read_it(site: Site) -> None:
    with site.database.unit_of_work() as db:
        add_activity(db, the_patient(db, site.cast.alice), label="Choir", shared=False)
    with site.app.test_request_context():
        signed_in(site, site.cast.alice)
        own = own_form(current.patient())
        assert "Choir" in [label for _code, label in own.chips]
        assert own.note_readers == ["Bob, my therapist"]
        assert own.items_on == set()
        current.close_look()


def test_what_a_kept_check_in_answers_is_asked_although_it_is_off(site: Site) -> None:
    with site.app.test_request_context():
        signed_in(site, site.cast.alice)
        assert own_form(current.patient(), replace(body(), pain=3)).items_on == {"pain"}
        current.close_look()


def test_what_cannot_be_read_and_what_may_not_be_are_refused_together(site: Site) -> None:
    sent = read_body(MultiDict({"mood": "6", "sleep_awakenings": "x"}), local_date=body().local_date)
    sent = replace(sent, body=replace(sent.body, mood=11))
    assert isinstance(sent.body, CheckInBody)
    with site.app.test_request_context():
        signed_in(site, site.cast.alice)
        with pytest.raises(RefusedFields) as refused:
            refuse_all_at_once(current.patient(), sent, None, [Refused("not_a_day", field="day")])
        current.close_look()
    assert {one.field for one in refused.value.problems} >= {"day", "mood"}
