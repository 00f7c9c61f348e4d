"""Default deny, walked: every address of the map is tried by everybody who must not use it."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import flask
import pytest
import sqlalchemy as sa
from sqlalchemy import event

from journal.app import create_app
from journal.config import Config
from journal.domain.treatments import Phase, Status, TreatmentBody
from journal.services import appointments, consents, provider_notes, treatments
from journal.services.assessment_dates import opened_now
from journal.services.assessments import save_answers
from journal.services.consents import Draft
from journal.services.reminders import EMAIL, try_channel
from journal.storage import clinics as clinic_rows
from journal.storage import consents as consent_rows
from journal.storage import courses, safety_flags
from journal.storage.appointments import AppointmentKind
from journal.storage.database import Database
from journal.storage.kiosk import KioskHandover
from journal.web import current, headers
from journal.web.routes import API, ROUTES, Audience, Route, refuse_undeclared
from tests.builders import check_in, medicine, moment, the_patient
from tests.cast import NOW, ZONE, Person
from tests.conftest import Site
from tests.flagging import answer
from tests.kiosks import handed, tablet
from tests.reminding import claim, remind

OPEN = {Audience.ANYONE, Audience.LINK_HOLDER, Audience.DEMO, Audience.GATEWAY, Audience.OPERATOR}
KIOSK = [route for route in ROUTES if route.audience is Audience.KIOSK]
CLOSED = [route for route in ROUTES if route.audience not in OPEN and route not in KIOSK]
OF_PLANNED = {"aftercare.before"}
"""Pages of a session that is still ahead."""
OWNED = [
    route for route in CLOSED if "<" in route.rule and route.audience in {Audience.PATIENT, Audience.PROVIDER}
]

KEPT: dict[Path, dict[str, str]] = {}
"""What ``ids`` wrote for the first test of this process: the file with it, and the ids."""


@pytest.fixture
def ids(site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """One real thing of Alice's (and one of Bob's) for every kind of id in an address.

    Written for one test and copied for the others: the same people are in the database of each.
    """
    here = site.database.engine.url.database
    assert here is not None
    if not KEPT:
        known = write_one_of_each(site)
        file = tmp_path_factory.mktemp("ids") / "one-of-each.db"
        with closing(sqlite3.connect(here)) as written:
            written.execute("VACUUM INTO ?", [str(file)])
        KEPT[file] = known
        return known
    ((file, known),) = KEPT.items()
    with closing(sqlite3.connect(file)) as written, closing(sqlite3.connect(here)) as empty:
        written.backup(empty)
    return known


def write_one_of_each(site: Site) -> dict[str, str]:
    cast = site.cast
    with site.database.unit_of_work() as db:
        alice = the_patient(db, cast.alice)
        courses.add_course(db, alice.id, phase=Phase.MAINTENANCE, now=NOW)
        written = check_in(db, cast.alice, 6, note="mine")
        treatment = treatments.record_treatment(
            db,
            alice,
            body=TreatmentBody(NOW.date(), Status.COMPLETED),
            zone=ZONE,
            actor_account_id=cast.alice.account_id,
            now=NOW,
        )
        planned = treatments.record_treatment(
            db,
            alice,
            body=TreatmentBody(NOW.date() + timedelta(days=7), Status.PLANNED),
            zone=ZONE,
            actor_account_id=cast.alice.account_id,
            now=NOW,
        )
        clinics = treatments.record_treatment(
            db,
            alice,
            body=TreatmentBody(NOW.date(), Status.COMPLETED),
            zone=ZONE,
            actor_account_id=cast.bob.account_id,
            now=NOW,
            by_provider_id=cast.bob.provider_id,
        )
        visit = appointments.make_appointment(
            db,
            alice,
            starts_at=NOW + timedelta(days=2),
            kind=AppointmentKind.THERAPY,
            provider_id=cast.bob.provider_id,
            actor_account_id=cast.alice.account_id,
            now=NOW,
        )
        issued = consents.invite(
            db,
            cast.bob.provider_id,
            email="new@example.org",
            draft=Draft(),
            actor_account_id=cast.bob.account_id,
            now=NOW,
        )
        circles = consent_rows.circles_of(db, alice.id)
        questionnaire = opened_now(db, alice, "gad7", now=NOW)
        begun = {"shown": "gad7", "actor_account_id": cast.alice.account_id, "now": NOW}
        save_answers(db, alice, questionnaire.public_id, {"1": 1}, **begun)
        hard, _stage = answer(db, cast.alice, {"9": 1})
        (flag,) = safety_flags.flags_about(db, hard.id)
        clinic = clinic_rows.clinics(db)[0]
        listed = {
            "medicine_id": medicine(db, cast.alice).taken.public_id,
            "clinics_medicine_id": medicine(db, cast.alice, by=cast.bob).taken.public_id,
            "moment_id": moment(db, cast.alice, NOW.date()).moment.public_id,
            "clinics_moment_id": moment(db, cast.alice, NOW.date(), by=cast.bob).moment.public_id,
            "note_id": provider_notes.write_note(
                db,
                alice,
                provider_notes.Said("a note"),
                provider_id=cast.bob.provider_id,
                actor_account_id=cast.bob.account_id,
                now=NOW,
            ).public_id,
        }
    handed(site)
    with site.database.look() as db:
        handover = db.scalars(sa.select(KioskHandover.public_id)).one()
    remind(site.database, cast.alice, "20:00", at=NOW)
    with site.database.unit_of_work() as db:
        trial = try_channel(db, cast.alice.account_id, EMAIL, now=NOW)
    claim(site.database, NOW)
    return listed | {
        "assessment_id": questionnaire.public_id,
        "flag_id": flag.public_id,
        "clinic_id": clinic.public_id,
        "handover_id": handover,
        "check_in_id": written.public_id,
        "treatment_id": treatment.public_id,
        "planned_treatment_id": planned.public_id,
        "clinics_treatment_id": clinics.public_id,
        "appointment_id": visit.public_id,
        "patient_id": cast.alice.public_id,
        "consent_id": circles[0].consent.public_id,
        "invitation_id": issued.public_id,
        "provider_id": cast.bob.public_id,
        "trial_id": trial.removeprefix("trial:"),
        "figure": "mood",
    }


def address(route: Route, ids: dict[str, str]) -> str:
    if route.audience is Audience.PROVIDER:  # each side changes the records of its own
        ids = ids | {name.removeprefix("clinics_"): ids[name] for name in ids if name.startswith("clinics_")}
    if route.endpoint in OF_PLANNED:
        ids = ids | {"treatment_id": ids["planned_treatment_id"]}
    return re.sub(r"<(\w+)>", lambda match: ids[match[1]], route.rule)


def methods(route: Route) -> list[str]:
    return [method for method in route.methods if method in {"GET", "POST"}]


def test_nobody_who_is_not_signed_in_gets_past_the_door(site: Site, ids: dict[str, str]) -> None:
    stranger = site.stranger()
    for route in CLOSED:
        for method in methods(route):
            answer = stranger.open(address(route, ids), method=method)
            if route.rule.startswith(API):  # a program is told, so that it can ask its person to sign in
                assert (answer.status_code, answer.json) == (401, {"code": "signed_out"}), route.rule
            elif method == "GET":
                assert (answer.status_code, answer.location) == (302, "/sign-in"), route.rule
            else:
                assert answer.status_code == 404, route.rule


def test_every_role_finds_nothing_at_the_addresses_of_another(site: Site, ids: dict[str, str]) -> None:
    everybody = {
        Audience.PATIENT: site.cast.alice,
        Audience.PROVIDER: site.cast.bob,
        Audience.ADMIN: site.cast.erin,
    }
    for audience, person in everybody.items():
        browser = site.as_(person)
        for route in CLOSED:
            if route.audience in {audience, Audience.SIGNED_IN}:
                continue
            for method in methods(route):
                answer = browser.open(address(route, ids), method=method)
                assert answer.status_code == 404, f"{person.name} {method} {route.rule}"


@pytest.mark.parametrize("route", OWNED, ids=lambda route: route.endpoint)
def test_a_stranger_of_the_same_role_gets_404(site: Site, ids: dict[str, str], route: Route) -> None:
    stranger: Person = site.cast.dan if route.audience is Audience.PATIENT else site.cast.carol
    browser = site.as_(stranger)
    for method in methods(route):
        assert browser.open(address(route, ids), method=method).status_code == 404


def test_the_questions_of_a_device_handed_over_are_there_for_that_device_alone(
    site: Site, ids: dict[str, str]
) -> None:
    """Who is signed in is told that there is nothing; whoever is not, that it is over, and no more."""
    here = tablet(site)
    assert {route.rule for route in KIOSK} == {"/kiosk", "/kiosk/care", "/kiosk/end", "/kiosk/still-here"}
    others = [site.as_(person) for person in (site.cast.alice, site.cast.bob, site.cast.erin)]
    for route in KIOSK:
        for method in methods(route):
            for browser in others:
                assert browser.open(route.rule, method=method).status_code == 404, route.rule
            answer = site.stranger().open(route.rule, method=method)
            if method == "GET":
                assert (answer.status_code, answer.location) == (303, "/kiosk/over"), route.rule
            else:
                assert answer.status_code == 404, route.rule
    assert here.get("/kiosk").status_code == 200


def test_a_guard_that_forgets_the_device_is_noticed(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: without the guard the device reaches what it must not, and strangers reach the questions."""
    here = tablet(site)
    assert here.get("/sign-in").status_code == 404
    monkeypatch.setattr(current, "_keep_to_the_kiosk", lambda _route: None)
    assert here.get("/sign-in").status_code == 200
    assert site.as_(site.cast.alice).get("/kiosk/still-here").status_code == 204


def test_each_of_these_addresses_opens_for_its_owner(site: Site, ids: dict[str, str]) -> None:
    """Or the test above would pass with a site that answers 404 to everybody."""
    alice, bob = site.as_(site.cast.alice), site.as_(site.cast.bob)
    for route in OWNED:
        if "GET" in route.methods:
            browser = alice if route.audience is Audience.PATIENT else bob
            assert browser.get(address(route, ids)).status_code == 200, route.rule


def test_an_address_that_is_not_on_the_map_stops_the_start(site: Site) -> None:
    app = flask.Flask("planted", static_folder=None)
    app.add_url_rule("/planted", endpoint="planted.view", view_func=lambda: "")
    with pytest.raises(RuntimeError, match="/planted"):
        refuse_undeclared(app)


def test_a_method_that_is_not_on_the_map_stops_the_start(site: Site) -> None:
    app = flask.Flask("planted", static_folder=None)
    app.add_url_rule("/help", endpoint="safety.support", view_func=lambda: "", methods=["GET", "DELETE"])
    with pytest.raises(RuntimeError, match="DELETE"):
        refuse_undeclared(app)


def test_a_method_that_is_not_declared_is_refused(site: Site) -> None:
    assert site.as_(site.cast.alice).delete("/today").status_code == 405


@pytest.mark.parametrize("path", ["/help", "/nowhere", "/sign-in", "/livez", "/today"])
def test_every_answer_carries_the_headers(site: Site, path: str) -> None:
    answer = site.stranger().get(path)
    for name, value in headers.ALWAYS.items():
        assert answer.headers[name] == value
    assert answer.headers["Cache-Control"] == "no-store"
    assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]


def test_the_help_page_opens_with_the_database_gone(sqlite_database: Database, config: Config) -> None:
    app = create_app(config, database=sqlite_database)

    def refuse(*_details: object) -> None:
        raise OSError("the disk is gone")

    sqlite_database.engine.dispose()
    event.listen(sqlite_database.engine, "do_connect", refuse)
    browser = app.test_client()
    with browser.session_transaction() as kept:
        kept["_user_id"] = "somebody who was signed in"
    answer = browser.get("/help")
    assert answer.status_code == 200
    assert "988" in answer.text
