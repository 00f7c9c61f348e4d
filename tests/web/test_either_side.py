"""Pages that both sides have in the same shape: who may read them, and what becomes of a form."""

from __future__ import annotations

import flask_login
import pytest
from werkzeug.exceptions import NotFound

from journal.domain.consents import Scope
from journal.domain.errors import Refused
from journal.services.writers import Writer
from journal.web import current
from journal.web.attempts import Attempt
from journal.web.either_side import asked, reading, writing
from journal.web.forms.moments import MomentForm
from tests.cast import Person, web_session
from tests.conftest import Site


def signed_in(site: Site, person: Person) -> None:
    with site.database.unit_of_work() as db:
        token = web_session(db, person, now=site.clock())
    visitor = current.load_visitor(token)
    assert visitor is not None
    flask_login.login_user(visitor)


def be_slower() -> None:
    raise Refused("changed_meanwhile")


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
    with site.app.test_request_context():
        signed_in(site, site.cast.frank)  # the scores alone
        with pytest.raises(NotFound), reading(site.cast.alice.public_id):
            pass
        with pytest.raises(NotFound), writing(Attempt(), site.cast.alice.public_id):
            pytest.fail("nothing may be written")


def test_both_sides_write_in_the_journal_of_the_patient(site: Site) -> None:
    for person, patient_id in ((site.cast.alice, None), (site.cast.bob, site.cast.alice.public_id)):
        with site.app.test_request_context():
            signed_in(site, person)
            attempt = Attempt()
            with writing(attempt, patient_id) as here:
                assert here.patient.id == site.cast.alice.patient_id
                assert here.writer.account_id == person.account_id
            assert attempt.succeeded


def test_somebody_who_was_not_the_fastest_decides_upon_what_is_there_now(site: Site) -> None:
    with site.app.test_request_context():
        signed_in(site, site.cast.alice)
        attempt, form = Attempt(), MomentForm(version="1")
        with writing(attempt, None):
            be_slower()
        with reading(None) as here:
            shown = asked(here, form, attempt, scope=Scope.NOTES, version=2)
        assert (shown["was_faster"], form.seen_version()) == (True, 2)
        assert shown["readers"] == ["Bob"]


def test_a_provider_is_not_told_who_else_reads(site: Site) -> None:
    with site.app.test_request_context():
        signed_in(site, site.cast.bob)
        with reading(site.cast.alice.public_id) as here:
            assert asked(here, MomentForm(), Attempt(), scope=Scope.NOTES)["readers"] == []
