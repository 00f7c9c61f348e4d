"""Appointments over HTTP: both sides write on their own clock, and each finds only what is theirs."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from journal.storage import appointments
from journal.storage.appointments import AppointmentStatus, Visit
from tests import builders
from tests.cast import Person
from tests.conftest import Site

FORM = {"day": "2026-04-02", "at": "14:00", "kind": "therapy"}


def kept(site: Site) -> list[Visit]:
    found: list[Visit] = site.look(appointments.appointments_of, site.cast.alice.patient_id)
    return found


def of_alice(site: Site, rest: str) -> str:
    return f"/patients/{site.cast.alice.public_id}/appointments/{rest}"


def made(site: Site, *, with_: Person | None, clinic: bool = False) -> Visit:
    with site.database.unit_of_work() as db:
        return builders.appointment(
            db,
            site.cast.alice,
            date(2026, 4, 2),
            with_=with_,
            clinic_id=site.cast.clinic_id if clinic else None,
        )


def test_a_patient_writes_down_a_visit_on_their_own_clock(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.the_patient(db, site.cast.alice).zone = "America/New_York"
    answer = site.as_(site.cast.alice).post(
        "/appointments/new", data=FORM | {"with_whom": site.cast.bob.public_id}
    )
    assert (answer.status_code, answer.location) == (303, "/sessions")
    (visit,) = kept(site)
    assert visit.starts_at == datetime(2026, 4, 2, 18, 0, tzinfo=UTC)
    assert visit.provider_id == site.cast.bob.provider_id
    assert "2 Apr, 2:00 pm" in site.as_(site.cast.alice).get("/sessions").text


def test_a_visit_can_be_with_nobody_on_tideline(site: Site) -> None:
    site.as_(site.cast.alice).post("/appointments/new", data=FORM | {"with_whom": "nobody"})
    assert kept(site)[0].provider_id is None


def test_the_choice_is_those_who_read_her_and_no_others(site: Site) -> None:
    page = site.as_(site.cast.alice).get("/appointments/new").text
    assert "Bob" in page
    assert "Frank" in page
    assert "Carol" not in page
    answer = site.as_(site.cast.alice).post(
        "/appointments/new", data=FORM | {"with_whom": site.cast.carol.public_id}
    )
    assert answer.status_code == 422
    assert kept(site) == []


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("day", "", "Choose a day"),
        ("day", "1026-04-02", "Check the year: 1026 is too far away"),
        ("at", "", "Choose a time"),
        ("kind", "", "Choose what kind of visit it is"),
        ("kind", "party", "Choose one of the answers shown"),
        ("with_whom", "", "Choose who the visit is with"),
    ],
)
def test_what_cannot_be_read_is_said_at_its_field(site: Site, field: str, value: str, sentence: str) -> None:
    data = FORM | {"with_whom": "nobody"} | {field: value}
    answer = site.as_(site.cast.alice).post("/appointments/new", data=data)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert sentence in answer.text


def test_an_empty_form_names_each_question_once_in_the_order_of_the_page(site: Site) -> None:
    page = site.as_(site.cast.alice).post("/appointments/new", data={}).text
    summary = page[page.index("error-summary-title") :]
    told = [
        "Choose a day",
        "Choose a time",
        "Choose who the visit is with",
        "Choose what kind of visit it is",
    ]
    places = [summary.index(sentence) for sentence in told]
    assert places == sorted(places)


def test_a_patient_moves_and_cancels_their_own(site: Site) -> None:
    path = f"/appointments/{made(site, with_=site.cast.bob).public_id}/edit"
    alice = site.as_(site.cast.alice)
    assert 'value="14:00"' in alice.get(path).text
    alice.post(path, data=FORM | {"at": "15:30", "with_whom": site.cast.bob.public_id})
    assert kept(site)[0].starts_at == datetime(2026, 4, 2, 13, 30, tzinfo=UTC)
    assert alice.post(path, data={"cancel": "1"}).status_code == 303
    assert kept(site)[0].status is AppointmentStatus.CANCELLED


def test_a_clinics_appointment_is_shown_to_the_patient_and_not_changed_there(site: Site) -> None:
    visit = made(site, with_=site.cast.bob, clinic=True)
    alice = site.as_(site.cast.alice)
    assert "Talk therapy with Bob, made by your clinic" in alice.get("/sessions").text
    assert alice.get(f"/appointments/{visit.public_id}/edit").status_code == 404
    assert alice.post(f"/appointments/{visit.public_id}/edit", data={"cancel": "1"}).status_code == 404
    assert kept(site)[0].status is AppointmentStatus.PLANNED


def test_a_provider_makes_an_appointment_on_the_clinics_clock(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.the_patient(db, site.cast.alice).zone = "America/New_York"
    answer = site.as_(site.cast.bob).post(of_alice(site, "new"), data=FORM)
    assert (answer.status_code, answer.location) == (303, f"/patients/{site.cast.alice.public_id}")
    (visit,) = kept(site)
    assert visit.starts_at == datetime(2026, 4, 2, 12, 0, tzinfo=UTC)
    assert (visit.provider_id, visit.clinic_id) == (site.cast.bob.provider_id, site.cast.clinic_id)


def test_a_provider_moves_and_cancels_a_visit_with_themselves(site: Site) -> None:
    path = of_alice(site, f"{made(site, with_=site.cast.bob).public_id}/edit")
    bob = site.as_(site.cast.bob)
    bob.post(path, data=FORM | {"kind": "follow_up"})
    assert kept(site)[0].kind == "follow_up"
    bob.post(path, data={"cancel": "1"})
    assert kept(site)[0].status is AppointmentStatus.CANCELLED


def test_a_provider_does_not_find_visits_with_another(site: Site) -> None:
    visit = made(site, with_=site.cast.bob)
    path = of_alice(site, f"{visit.public_id}/edit")
    assert site.as_(site.cast.frank).get(path).status_code == 404
    assert site.as_(site.cast.frank).post(path, data={"cancel": "1"}).status_code == 404
    assert "2 Apr" not in site.as_(site.cast.frank).get(f"/patients/{site.cast.alice.public_id}").text


def test_a_provider_without_consent_makes_no_appointment(site: Site) -> None:
    assert site.as_(site.cast.carol).get(of_alice(site, "new")).status_code == 404
    assert site.as_(site.cast.carol).post(of_alice(site, "new"), data=FORM).status_code == 404
    assert kept(site) == []
