"""What a view may ask of its request, and that whoever is not in the audience gets no further."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

import flask
import flask_login
import pytest
import sqlalchemy as sa
from sqlalchemy import event
from werkzeug.exceptions import NotFound

from journal.storage import consents
from journal.storage.accounts import WebSession
from journal.storage.audit import Act, AuditEvent
from journal.storage.clinics import Clinic
from journal.storage.patients import Patient
from journal.web import current
from journal.web.routes import BY_ENDPOINT
from tests import cast as people
from tests.cast import NOW, Person
from tests.conftest import Site

CLINICS = sa.select(sa.func.count()).select_from(Clinic)


@contextmanager
def request_of(site: Site, person: Person | None, path: str = "/you", method: str = "GET") -> Iterator[None]:
    """The inside of a request by ``person``, or by a stranger."""
    with site.app.test_request_context(path, method=method):
        if person is not None:
            with site.database.unit_of_work() as db:
                token = people.web_session(db, person, now=site.clock())
            flask_login.login_user(current.load_visitor(token))
        yield
        current.close_look()


def clinic(site: Site) -> Clinic:
    return Clinic(public_id="x" * 22, name="Harbour", zone="UTC", created_at=NOW)


# The moment and the database -------------------------------------------------------------------------------------


def test_the_moment_of_a_request_stands_still(site: Site) -> None:
    with request_of(site, None):
        first = current.now()
        site.clock.moment += timedelta(seconds=5)
        assert current.now() == first == NOW


def test_a_request_looks_at_the_database_once(site: Site) -> None:
    with request_of(site, None):
        assert current.db() is current.db()


def test_what_a_unit_of_work_wrote_is_seen_by_the_next_look(site: Site) -> None:
    with request_of(site, None):
        before = current.db().scalar(CLINICS)
        with current.unit_of_work() as db:
            db.add(clinic(site))
        assert current.db().scalar(CLINICS) == (before or 0) + 1


def test_a_unit_of_work_that_fails_leaves_nothing_behind(site: Site) -> None:
    with request_of(site, None):
        before = current.db().scalar(CLINICS)
        with pytest.raises(ZeroDivisionError), current.unit_of_work() as db:
            db.add(clinic(site))
            db.flush()
            raise ZeroDivisionError
        assert current.db().scalar(CLINICS) == before


def test_every_connection_is_back_after_a_request(site: Site) -> None:
    held: list[int] = []
    event.listen(site.database.engine, "checkout", lambda *_details: held.append(1))
    event.listen(site.database.engine, "checkin", lambda *_details: held.pop())
    browser = site.as_(site.cast.alice)
    for path in ("/today", "/check-ins/nowhere", "/help", "/nowhere"):
        browser.get(path)
        assert held == []


# Who is asking ---------------------------------------------------------------------------------------------------


def test_a_stranger_is_nobody(site: Site) -> None:
    with request_of(site, None):
        assert (current.someone(), current.token()) == (None, None)
        for ask in (current.account, current.patient, current.provider_id, current.today):
            with pytest.raises(NotFound):
                ask()


def test_a_patient_is_a_patient_and_no_provider(site: Site) -> None:
    with request_of(site, site.cast.alice):
        assert current.account().email == "alice@example.org"
        assert current.patient().public_id == site.cast.alice.public_id
        with pytest.raises(NotFound):
            current.provider_id()


def test_a_provider_is_a_provider_and_no_patient(site: Site) -> None:
    with request_of(site, site.cast.bob):
        assert current.provider_id() == site.cast.bob.provider_id
        with pytest.raises(NotFound):
            current.patient()


def test_an_administrator_is_neither(site: Site) -> None:
    with request_of(site, site.cast.erin):
        assert current.account().role.value == "admin"
        for ask in (current.patient, current.provider_id):
            with pytest.raises(NotFound):
                ask()


def test_today_is_the_day_where_the_patient_lives(site: Site) -> None:
    with site.database.unit_of_work() as db:
        db.execute(sa.update(Patient).values(zone="Pacific/Auckland"))
    with request_of(site, site.cast.alice):
        assert current.today() == date(2026, 3, 31)


def test_a_page_for_anybody_greets_nobody(site: Site) -> None:
    with request_of(site, site.cast.alice, "/help"):
        assert current.reader() is None
    with request_of(site, site.cast.alice, "/today"):
        assert current.reader() is not None


# Whom they may see -----------------------------------------------------------------------------------------------


def test_a_patient_is_found_through_a_consent(site: Site) -> None:
    with request_of(site, site.cast.bob):
        found, sight = current.patient_or_404(current.db(), site.cast.alice.public_id)
        assert found.id == site.cast.alice.patient_id
        assert sight.scopes == people.EVERY_SCOPE


@pytest.mark.parametrize("reader", ["carol", "dan", "alice", "erin"])
def test_without_a_consent_a_patient_is_not_there(site: Site, reader: str) -> None:
    with request_of(site, getattr(site.cast, reader)), pytest.raises(NotFound):
        current.patient_or_404(current.db(), site.cast.alice.public_id)


def test_what_is_not_there_and_what_is_not_open_look_alike(site: Site) -> None:
    answers = [
        site.as_(site.cast.carol).get(f"/patients/{public_id}")
        for public_id in (site.cast.alice.public_id, "nobody-has-this-id")
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert answers[0].text == answers[1].text


def test_a_consent_that_has_ended_closes_the_page_at_the_next_request(site: Site) -> None:
    browser = site.as_(site.cast.bob)
    address = f"/patients/{site.cast.alice.public_id}"
    assert browser.get(address).status_code == 200
    with site.database.unit_of_work() as db:
        consents.end_consent(
            db, patient_id=site.cast.alice.patient_id, provider_id=site.cast.bob.provider_id, now=NOW
        )
    assert browser.get(address).status_code == 404


def looks(site: Site) -> int:
    with site.database.look() as db:
        seen = sa.select(sa.func.count()).where(AuditEvent.act == Act.VIEWED_PATIENT.value)
        return db.scalar(seen) or 0


def test_a_look_is_written_down_with_what_was_read(site: Site) -> None:
    with request_of(site, site.cast.bob), current.look_at(site.cast.alice.public_id) as (_db, person, _sight):
        assert person.id == site.cast.alice.patient_id
    assert looks(site) == 1


def test_a_look_that_cannot_be_written_down_shows_nothing(site: Site) -> None:
    with request_of(site, site.cast.bob):
        with site.database.unit_of_work() as db:
            db.execute(sa.text("DROP TABLE audit_event"))
        with pytest.raises(sa.exc.OperationalError), current.look_at(site.cast.alice.public_id):
            pytest.fail("the page was read")


def test_somebody_elses_patient_leaves_no_look(site: Site) -> None:
    with request_of(site, site.cast.carol), pytest.raises(NotFound):
        current.write_down_look(site.cast.alice.public_id)
    assert looks(site) == 0


# Default deny ----------------------------------------------------------------------------------------------------


def test_a_view_that_the_map_does_not_know_is_closed_to_everybody(site: Site) -> None:
    site.app.add_url_rule("/planted", endpoint="planted.view", view_func=lambda: "open")
    assert "planted.view" not in BY_ENDPOINT
    for person in (site.cast.alice, site.cast.bob, site.cast.erin):
        assert site.as_(person).get("/planted").status_code == 404


def test_the_demos_pages_are_not_there_without_a_demo(site: Site) -> None:
    assert site.stranger().get("/demo/mail").status_code == 404


def test_a_token_that_is_nobodys_is_a_strangers(site: Site) -> None:
    browser = site.stranger()
    with browser.session_transaction() as kept:
        kept["_user_id"] = "made up"
    assert browser.get("/today").location == "/sign-in"


# The last use ----------------------------------------------------------------------------------------------------


def last_use(site: Site) -> object:
    with site.database.look() as db:
        return db.scalar(sa.select(WebSession.seen_at))


@pytest.mark.parametrize(
    ("person", "page", "seconds", "is_written"),
    [
        ("alice", "/today", 0, False),
        ("alice", "/today", 1, True),
        ("bob", "/caseload", 0, False),
        ("bob", "/caseload", 1, True),
    ],
)
def test_the_last_use_is_written_down_now_and_then(
    site: Site, person: str, page: str, seconds: int, is_written: bool
) -> None:
    browser = site.as_(getattr(site.cast, person))
    site.clock.moment += timedelta(seconds=seconds)
    assert browser.get(page).status_code == 200
    assert (last_use(site) == site.clock.moment) is (is_written or seconds == 0)


@pytest.mark.parametrize(("seconds", "is_written"), [(60, False), (61, True)])
def test_the_last_use_of_a_locked_phone_is_written_down_each_minute(
    site: Site, seconds: int, is_written: bool
) -> None:
    browser = site.as_(site.cast.alice)
    site.clock.moment += timedelta(hours=1)
    browser.get("/today")
    site.clock.moment += timedelta(seconds=seconds)
    assert browser.get("/today").status_code == 200
    assert (last_use(site) == site.clock.moment) is is_written


def test_only_a_patient_is_ever_locked(site: Site) -> None:
    for person, locked in ((site.cast.alice, True), (site.cast.bob, False), (site.cast.erin, False)):
        with request_of(site, person):
            flask.g.now = site.clock.moment + timedelta(minutes=10)
            assert current.is_locked() is locked
    with request_of(site, None):
        assert not current.is_locked()


def test_whoever_has_just_signed_in_has_shown_who_they_are(site: Site) -> None:
    with request_of(site, site.cast.alice):
        assert current.is_proved()
        flask.g.now = site.clock.moment + timedelta(minutes=5, seconds=1)
        assert not current.is_proved()


def test_a_stranger_writes_nothing(site: Site) -> None:
    written: list[str] = []
    event.listen(
        site.database.engine,
        "begin",
        lambda connection: written.append(
            "read" if connection.get_execution_options().get("only_reads") else "write"
        ),
    )
    site.stranger().get("/today")
    site.stranger().get("/help")
    assert "write" not in written


def test_the_installation_is_what_the_application_was_made_with(site: Site) -> None:
    with site.app.app_context():
        assert current.journal().database is site.database
        assert flask.current_app.extensions["journal"] is current.journal()
