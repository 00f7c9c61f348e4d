"""Who could read what a patient writes, as the patient is told."""

from __future__ import annotations

import flask_login

from journal.domain.consents import Scope
from journal.web import current
from journal.web.readers import names_of_readers, readers_in_words
from tests import builders
from tests.cast import Person, web_session
from tests.conftest import Site


def signed_in(site: Site, person: Person) -> None:
    with site.database.unit_of_work() as db:
        token = web_session(db, person, now=site.clock())
    flask_login.login_user(current.load_visitor(token))


def test_readers_are_named_by_what_is_open_to_them(site: Site) -> None:
    with site.app.test_request_context():
        signed_in(site, site.cast.alice)
        patient = current.patient()
        assert names_of_readers(patient, Scope.SCORES) == ["Bob", "Frank"]
        assert names_of_readers(patient, Scope.SESSIONS) == ["Bob"]
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, Scope.SCORES)
    with site.app.test_request_context():
        signed_in(site, site.cast.alice)
        assert names_of_readers(current.patient(), Scope.SESSIONS) == []


def test_each_is_called_what_they_are_to_the_patient_where_all_that_is_needed_is_open(site: Site) -> None:
    with site.app.test_request_context():
        signed_in(site, site.cast.alice)
        both, scores = readers_in_words(current.patient(), (Scope.SCORES, Scope.NOTES), (Scope.SCORES,))
        assert both == ["Bob, my therapist"]
        assert scores == ["Bob, my therapist", "Frank, my prescriber"]
        current.close_look()
