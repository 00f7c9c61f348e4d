"""What became of a form: done and written, or refused and nothing written, and whoever is shown it again."""

from __future__ import annotations

import flask_login
import pytest
import sqlalchemy as sa
from werkzeug.exceptions import NotFound

from journal.domain.errors import Refused, RefusedFields
from journal.storage import clinics
from journal.storage.audit import Act, AuditEvent
from journal.storage.clinics import Clinic
from journal.web import current
from journal.web.attempts import Attempt
from tests.cast import NOW, Person, web_session
from tests.conftest import Site


def signed_in(site: Site, person: Person) -> None:
    with site.database.unit_of_work() as db:
        token = web_session(db, person, now=site.clock())
    flask_login.login_user(current.load_visitor(token))


def looks(site: Site) -> int:
    with site.database.look() as db:
        of_a_look = AuditEvent.act == Act.VIEWED_PATIENT
        return db.scalar(sa.select(sa.func.count()).select_from(AuditEvent).where(of_a_look)) or 0


def clinic(name: str) -> Clinic:
    return Clinic(public_id=name * 11, name=name, zone="UTC", created_at=NOW)


def refuse(code: str, *, field: str | None = None) -> None:
    raise Refused(code, field=field)


def test_what_was_not_tried_has_nothing_to_say() -> None:
    attempt = Attempt()
    assert (attempt.succeeded, attempt.errors, attempt.was_faster, attempt.status) == (False, {}, False, 200)


def test_what_is_done_is_written(site: Site) -> None:
    attempt = Attempt()
    with site.app.test_request_context():
        with attempt.writing() as db:
            db.add(clinic("by"))
        assert (attempt.succeeded, attempt.errors, attempt.status) == (True, {}, 200)
        assert "by" in [one.name for one in clinics.clinics(current.db())]
        current.close_look()


def test_what_is_refused_is_said_at_its_field_and_leaves_nothing_written(site: Site) -> None:
    attempt = Attempt()
    with site.app.test_request_context():
        with attempt.writing() as db:
            db.add(clinic("by"))
            db.flush()
            refuse("medicine_name_missing", field="name")
        assert (attempt.succeeded, attempt.status, attempt.was_faster) == (False, 422, False)
        assert attempt.errors == {"name": "Write the name of the medicine"}
        assert "by" not in [one.name for one in clinics.clinics(current.db())]
        current.close_look()


def test_everything_to_fix_is_said_at_once() -> None:
    def refuse_both() -> None:
        raise RefusedFields([Refused("day_missing", field="day"), Refused("time_missing", field="at")])

    attempt = Attempt()
    with attempt.trying():
        refuse_both()
    assert attempt.errors == {"day": "Choose a day", "at": "Choose a time"}


def test_somebody_who_was_faster_is_told_apart() -> None:
    attempt = Attempt()
    with attempt.trying():
        refuse("changed_meanwhile")
    assert attempt.was_faster


def test_a_fault_is_not_a_refusal() -> None:
    with pytest.raises(ZeroDivisionError), Attempt().trying():
        1 / 0  # noqa: B018


def test_a_refused_form_about_a_patient_is_a_look_at_them(site: Site) -> None:
    attempt = Attempt()
    with site.app.test_request_context(method="POST"):
        signed_in(site, site.cast.bob)
        with attempt.writing_about(site.cast.alice.public_id) as (_db, patient, _sight):
            assert patient.public_id == site.cast.alice.public_id
            refuse("day_missing", field="day")
        current.close_look()
    assert (attempt.status, looks(site)) == (422, 1)


def test_a_form_about_a_patient_that_is_kept_is_written_down_as_what_it_does(site: Site) -> None:
    attempt = Attempt()
    with site.app.test_request_context(method="POST"):
        signed_in(site, site.cast.bob)
        with attempt.writing_about(site.cast.alice.public_id):
            pass
        current.close_look()
    assert (attempt.succeeded, looks(site)) == (True, 0)


def test_nobody_writes_about_whom_they_may_not_see(site: Site) -> None:
    attempt = Attempt()
    with site.app.test_request_context(method="POST"):
        signed_in(site, site.cast.carol)
        with pytest.raises(NotFound), attempt.writing_about(site.cast.alice.public_id):
            pytest.fail("she may not see her")
        current.close_look()
    assert (attempt.succeeded, looks(site)) == (False, 0)
