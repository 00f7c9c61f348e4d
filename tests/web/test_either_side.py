"""Pages that both sides have in the same shape: who may read them, and what becomes of a form."""

from __future__ import annotations

import flask_login
import pytest
from werkzeug.exceptions import NotFound

from journal.domain.consents import Scope
from journal.domain.errors import Refused
from journal.services.writers import Writer
from journal.web import current
from journal.web.either_side import Here, Outcome, attempt, names_of_readers, reading
from tests import builders
from tests.cast import Person, web_session
from tests.conftest import Site


def signed_in(site: Site, person: Person) -> None:
    with site.database.unit_of_work() as db:
        token = web_session(db, person, now=site.clock())
    visitor = current.load_visitor(token)
    assert visitor is not None
    flask_login.login_user(visitor)


def test_a_patient_reads_and_writes_as_themselves(site: Site) -> None:
    with site.app.test_request_context():
        signed_in(site, site.cast.alice)
        with reading(None) as here:
            assert here.patient.id == site.cast.alice.patient_id
            assert here.writer == Writer(site.cast.alice.account_id)


def test_a_provider_reads_with_their_sight(site: Site) -> None:
    with site.app.test_request_context():
        signed_in(site, site.cast.bob)
        with reading(site.cast.alice.public_id) as here:
            assert here.writer.provider_id == site.cast.bob.provider_id
            assert here.writer.sight.scopes == frozenset(Scope)


def test_without_sessions_a_provider_neither_reads_nor_writes(site: Site) -> None:
    def write(_here: Here) -> None:
        raise AssertionError("nothing may be written")

    with site.app.test_request_context():
        signed_in(site, site.cast.frank)  # the scores alone
        with pytest.raises(NotFound), reading(site.cast.alice.public_id):
            pass
        with pytest.raises(NotFound):
            attempt(site.cast.alice.public_id, write)


def test_a_refusal_is_told_by_its_field_and_whether_somebody_was_faster(site: Site) -> None:
    def refuse(code: str) -> Outcome | None:
        def write(_here: Here) -> None:
            raise Refused(code, field="name")

        return attempt(None, write)

    with site.app.test_request_context():
        signed_in(site, site.cast.alice)
        assert refuse("medicine_name_missing") == Outcome({"name": "Write the name of the medicine"})
        faster = refuse("changed_meanwhile")
        assert faster is not None
        assert faster.was_faster
        assert attempt(None, lambda here: None) is None


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
