"""Sessions over HTTP: the patient's list, both sides' forms, and who finds nothing there."""

from __future__ import annotations

from datetime import date

import pytest
from werkzeug.test import TestResponse

from journal.domain.consents import Scope
from journal.domain.treatments import Route, Source, Status, TreatmentSession
from journal.storage import treatments
from tests import builders
from tests.cast import Person
from tests.conftest import Site

DAY = date(2026, 3, 13)
FORM = {
    "local_date": "2026-03-13",
    "at": "10:00",
    "status": "completed",
    "route": "iv",
    "note": "Slow music.",
}


def kept(site: Site, person: Person | None = None) -> list[TreatmentSession]:
    found: list[TreatmentSession] = site.look(
        treatments.treatments_of, (person or site.cast.alice).patient_id
    )
    return found


def recorded(site: Site, *, by: Person | None = None, **more: object) -> TreatmentSession:
    with site.database.unit_of_work() as db:
        return builders.treatment(db, site.cast.alice, DAY, by=by, **more)  # type: ignore[arg-type]


def of_alice(site: Site, rest: str) -> str:
    return f"/patients/{site.cast.alice.public_id}/sessions/{rest}"


def send(site: Site, person: Person, path: str, **form: str) -> TestResponse:
    return site.as_(person).post(path, data=form)


def test_a_patient_writes_down_a_session(site: Site) -> None:
    answer = send(site, site.cast.alice, "/sessions/new", **FORM)
    assert (answer.status_code, answer.location) == (303, "/sessions")
    (first,) = kept(site)
    assert (first.local_date, first.route, first.status) == (
        DAY,
        Route.IV,
        Status.COMPLETED,
    )
    assert first.note == "Slow music."
    assert not first.note_shared


def test_a_note_is_shared_only_where_the_switch_is_on(site: Site) -> None:
    send(site, site.cast.alice, "/sessions/new", **FORM, note_shared="1")
    assert kept(site)[0].note_shared


def test_the_switch_names_who_would_read_it(site: Site) -> None:
    """Frank reads scores alone: a shared session note would not reach him."""
    page = site.as_(site.cast.alice).get("/sessions/new").text
    assert "Share this note with Bob" in page
    assert "Frank" not in page


def test_a_refused_form_keeps_everything_and_says_what_to_do(site: Site) -> None:
    answer = send(site, site.cast.alice, "/sessions/new", **FORM | {"local_date": "2026-04-09"})
    assert answer.status_code == 422
    assert "One thing to fix: Add a session" in answer.text
    assert "This is still ahead. Choose “It is planned”, or an earlier day or time" in answer.text
    assert 'value="2026-04-09"' in answer.text
    assert "Slow music." in answer.text
    assert kept(site) == []


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("local_date", "the other day", "Write the day like 2026-03-30"),
        ("at", "ten", "Write the time like 22:30"),
        ("status", "splendid", "Choose one of the answers shown"),
        ("route", "by post", "Choose one of the answers shown"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(site: Site, field: str, value: str, sentence: str) -> None:
    answer = send(site, site.cast.alice, "/sessions/new", **FORM | {field: value})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert sentence in answer.text


def test_a_field_that_is_not_in_the_form_changes_nothing(site: Site) -> None:
    send(site, site.cast.alice, "/sessions/new", **FORM, source="clinician_recorded", by_provider_id="1")
    assert kept(site)[0].source is Source.PATIENT
    assert kept(site)[0].by_provider_id is None


def test_a_patient_changes_their_own_session(site: Site) -> None:
    before = recorded(site, note="Slow music.")
    path = f"/sessions/{before.public_id}/edit"
    assert "Slow music." in site.as_(site.cast.alice).get(path).text
    send(site, site.cast.alice, path, **FORM | {"note": "Faster music."}, version="1")
    assert [(one.note, one.version) for one in kept(site)] == [("Faster music.", 2)]


def test_a_stale_edit_keeps_what_was_typed_and_shows_what_is_there(site: Site) -> None:
    path = f"/sessions/{recorded(site).public_id}/edit"
    send(site, site.cast.alice, path, **FORM | {"note": "First."}, version="1")
    answer = send(site, site.cast.alice, path, **FORM | {"note": "Second."}, version="1")
    assert answer.status_code == 422
    assert "This was changed after you opened it" in answer.text
    assert "Note: First." in answer.text
    assert "Second." in answer.text
    assert kept(site)[0].note == "First."
    assert 'name="version" value="2"' in answer.text
    send(site, site.cast.alice, path, **FORM | {"note": "Second."}, version="2")
    assert kept(site)[0].note == "Second."


def test_another_mistake_does_not_hide_that_somebody_was_faster(site: Site) -> None:
    path = f"/sessions/{recorded(site).public_id}/edit"
    send(site, site.cast.alice, path, **FORM | {"note": "First."}, version="1")
    answer = send(site, site.cast.alice, path, **FORM | {"at": "ten"}, version="1")
    assert 'name="version" value="1"' in answer.text


def test_a_patient_sees_the_clinics_record_and_cannot_change_it(site: Site) -> None:
    theirs = recorded(site, by=site.cast.bob, note="Well tolerated.")
    page = site.as_(site.cast.alice).get("/sessions").text
    assert "recorded by Bob" in page
    assert "Well tolerated." in page
    assert f'href="/sessions/{theirs.public_id}"' in page
    assert "Change this session" not in site.as_(site.cast.alice).get(f"/sessions/{theirs.public_id}").text
    assert site.as_(site.cast.alice).get(f"/sessions/{theirs.public_id}/edit").status_code == 404


def test_two_records_of_one_day_are_shown_as_two_and_said(site: Site) -> None:
    recorded(site)
    recorded(site, by=site.cast.bob)
    page = site.as_(site.cast.alice).get("/sessions").text
    assert "Two records of 13 March 2026: yours and your clinic’s." in page
    assert page.count("Session 1, 13 March 2026") == 2


def test_the_next_session_is_counted_down(site: Site) -> None:
    recorded(site)
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, date(2026, 4, 9), status=Status.PLANNED)
    assert "Session 2, in 10 days" in site.as_(site.cast.alice).get("/sessions").text


def test_one_patient_finds_nothing_of_another(site: Site) -> None:
    mine = recorded(site, note="kingfisher")
    assert "kingfisher" not in site.as_(site.cast.dan).get("/sessions").text
    assert site.as_(site.cast.dan).get(f"/sessions/{mine.public_id}/edit").status_code == 404
    assert send(site, site.cast.dan, f"/sessions/{mine.public_id}/edit", **FORM).status_code == 404


def test_a_provider_writes_down_a_session_for_the_clinic(site: Site) -> None:
    answer = send(site, site.cast.bob, of_alice(site, "new"), **FORM, note_shared="1")
    assert (answer.status_code, answer.location) == (303, f"/patients/{site.cast.alice.public_id}")
    (theirs,) = kept(site)
    assert (theirs.source, theirs.by_provider_id) == (Source.CLINICIAN, site.cast.bob.provider_id)


def test_a_provider_changes_the_clinics_record_and_not_the_patients(site: Site) -> None:
    own, clinics = recorded(site), recorded(site, by=site.cast.bob)
    bob = site.as_(site.cast.bob)
    assert bob.get(of_alice(site, f"{own.public_id}/edit")).status_code == 404
    assert bob.get(of_alice(site, f"{clinics.public_id}/edit")).status_code == 200
    bob.post(of_alice(site, f"{clinics.public_id}/edit"), data=FORM | {"route": "im", "version": "1"})
    assert {one.route for one in kept(site) if one.source is Source.CLINICIAN} == {Route.IM}


def test_a_day_that_is_not_open_is_refused_with_the_first_that_is(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, Scope.SESSIONS, visible_from=date(2026, 3, 20))
    answer = send(site, site.cast.bob, of_alice(site, "new"), **FORM)
    assert answer.status_code == 422
    assert "Choose 20 March 2026 or a later day: earlier ones are not shared with you" in answer.text


@pytest.mark.parametrize("name", ["carol", "frank"])
def test_without_the_sessions_scope_there_is_no_form(site: Site, name: str) -> None:
    theirs = recorded(site, by=site.cast.bob)
    reader: Person = getattr(site.cast, name)
    for path in (of_alice(site, "new"), of_alice(site, f"{theirs.public_id}/edit")):
        assert site.as_(reader).get(path).status_code == 404
        assert send(site, reader, path, **FORM, version="1").status_code == 404
    assert [one.version for one in kept(site)] == [1]


def test_the_clinics_clock_gives_the_date_where_the_patient_lives(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.the_patient(db, site.cast.alice).zone = "Pacific/Auckland"
    send(site, site.cast.bob, of_alice(site, "new"), **FORM | {"at": "20:00"})
    assert kept(site)[0].local_date == date(2026, 3, 14)
    page = site.as_(site.cast.bob).get(of_alice(site, f"{kept(site)[0].public_id}/edit")).text
    assert 'value="2026-03-13"' in page
    assert 'value="20:00"' in page
