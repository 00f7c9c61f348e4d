"""The JSON side over HTTP: a phone is told what it needs, and what it kept is recorded exactly once."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from journal.app import create_app
from journal.config import Config
from journal.domain.checkins import CheckIn, Via
from journal.domain.consents import Scope
from journal.services import activities as activity_acts
from journal.services.checkins import delete_check_in
from journal.storage import activities, check_in_versions, checkins, patients
from journal.storage.accounts import Account
from tests import cast as people
from tests.builders import the_patient
from tests.cast import NOW, Person
from tests.conftest import Site

HERE = "https://journal.example.org"
ZULU = "%Y-%m-%dT%H:%M:%SZ"


def account_of(site: Site, person: Person) -> str:
    return site.look(lambda db: db.get_one(Account, person.account_id).public_id)


def document(site: Site, **members: object) -> dict[str, Any]:
    """What Alice's phone would send now for a check-in of a minute ago."""
    return {
        "account": account_of(site, site.cast.alice),
        "client_key": str(uuid.uuid4()),
        "recorded_at": (site.clock() - timedelta(minutes=1)).strftime(ZULU),
        "sent_at": site.clock().strftime(ZULU),
        "zone": "Europe/Berlin",
        "utc_offset_min": 120,
        "mood": 6,
        "unsure": False,
        **members,
    }


def send(client: FlaskClient, said: object) -> TestResponse:
    return client.post("/api/check-ins", json=said)


def kept(site: Site, person: Person | None = None) -> list[CheckIn]:
    """Everything that was recorded of somebody, whatever day it is about."""
    who = (person or site.cast.alice).patient_id
    return site.look(checkins.check_ins_between, who, date(2000, 1, 1), date(2100, 1, 1))


# What a phone asks for


def test_a_phone_is_told_whose_it_is_and_how_their_form_looks(site: Site) -> None:
    answer = site.as_(site.cast.alice).get("/api/phone")
    said = answer.json
    assert answer.headers["Cache-Control"] == "no-store"
    assert said.pop("csrf")
    assert [chip["label"] for chip in said["form"].pop("chips")][:2] == ["Walk", "Stretching"]
    assert said == {
        "account": account_of(site, site.cast.alice),
        "language": "en",
        "zone": "Europe/Berlin",
        "checked_in_today": False,
        "form": {
            "items_on": [],
            "note_readers": ["Bob, my therapist"],
            "score_readers": ["Bob, my therapist", "Frank, my prescriber"],
            "shares_notes": False,
        },
    }


def test_the_form_is_the_persons_own(site: Site) -> None:
    with site.database.unit_of_work() as db:
        alice = the_patient(db, site.cast.alice)
        activity_acts.add_activity(db, alice, label="Sea swimming", shared=False)
        walk = activities.chips_for(db, alice.id)[0]
        activity_acts.change_activity(
            db, alice, chip_id=walk.public_id, label=walk.label, shared=False, hidden=True, now=NOW
        )
        alice.preferences = {
            **alice.preferences,
            "items_on": ["pain", "connection", "odd"],
            "share_notes": True,
        }
    form = site.as_(site.cast.alice).get("/api/phone").json["form"]
    labels = [chip["label"] for chip in form["chips"]]
    assert "Walk" not in labels
    assert labels[-1] == "Sea swimming"
    assert (form["items_on"], form["shares_notes"]) == (["connection", "pain"], True)


def test_a_phone_is_told_nothing_that_was_written_before(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    send(alice, document(site, mood=1, note="private words", tags=["private tag"]))
    answer = alice.get("/api/phone")
    assert "private" not in answer.text
    assert answer.json["checked_in_today"] is True


def test_a_day_later_today_has_no_check_in(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    send(alice, document(site))
    site.clock.moment += timedelta(days=1)
    assert alice.get("/api/phone").json["checked_in_today"] is False


def test_the_token_of_the_phone_is_the_one_that_is_asked_for(site: Site, config: Config) -> None:
    guarded = create_app(config, database=site.database, now=site.clock).test_client()
    with site.database.unit_of_work() as db:
        token = people.web_session(db, site.cast.alice, now=site.clock())
    with guarded.session_transaction(base_url=HERE) as cookie:
        cookie["_user_id"] = token
    csrf = guarded.get("/api/phone", base_url=HERE).json["csrf"]
    statuses = [
        (answer.status_code, answer.json.get("code"))
        for answer in (
            guarded.post(
                "/api/check-ins",
                json=document(site),
                base_url=HERE,
                headers={"Referer": f"{HERE}/today", **headers},
            )
            for headers in (
                {},
                {"X-CSRFToken": "made up"},
                {"X-CSRFToken": csrf, "Sec-Fetch-Site": "cross-site"},
                {"X-CSRFToken": csrf},
            )
        )
    ]
    assert statuses == [(400, "csrf"), (400, "csrf"), (400, "bad_request"), (201, None)]
    assert len(kept(site)) == 1


# What it sends


def test_what_a_phone_kept_is_recorded_as_it_was_felt(site: Site) -> None:
    recorded_at = datetime(2026, 3, 28, 7, 30, tzinfo=UTC)
    said = document(
        site, recorded_at=recorded_at.strftime(ZULU), energy=3, tags=["work"], device_id="phone-1a"
    )
    answer = send(site.as_(site.cast.alice), said)
    [one] = kept(site)
    assert (answer.status_code, answer.mimetype) == (201, "application/json")
    assert answer.json == {
        "client_key": said["client_key"],
        "check_in": one.public_id,
        "version": 1,
        "outcome": "new",
    }
    assert (one.via, one.recorded_at, one.felt_at) == (Via.OFFLINE, recorded_at, recorded_at)
    assert (one.received_at, one.clock_skew_s, one.utc_offset_min) == (NOW, None, 60)
    assert (one.body.local_date, one.body.mood, one.body.energy, one.body.tags) == (
        date(2026, 3, 28),
        6,
        3,
        ("work",),
    )


def test_it_is_acknowledged_only_after_the_commit(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    said = document(site)

    def fail(_connection: object) -> None:
        raise sa.exc.OperationalError("commit", {}, Exception("disk I/O error"))

    event.listen(site.database.engine, "commit", fail)
    assert send(alice, said).status_code == 503
    event.remove(site.database.engine, "commit", fail)
    assert kept(site) == []
    assert send(alice, said).status_code == 201


def test_the_same_again_is_one_check_in_however_much_later_it_is_sent(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    said = document(site)
    first = send(alice, said).json
    for hours in (0, 1, 30):
        site.clock.moment = NOW + timedelta(hours=hours)
        answer = send(alice, said | {"sent_at": site.clock().strftime(ZULU)})
        assert (answer.status_code, answer.json) == (200, first | {"outcome": "again"})
    assert len(kept(site)) == 1


def test_another_body_under_one_key_is_kept_beside_the_first(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    said = document(site)
    first = send(alice, said).json
    answer = send(alice, said | {"mood": 2, "recorded_at": NOW.strftime(ZULU), "device_id": "phone-2b"})
    assert (answer.status_code, answer.json) == (409, first | {"outcome": "conflict", "version": 2})
    [one] = kept(site)
    assert one.body.mood == 2
    others = site.look(check_in_versions.versions_of, site.cast.alice.patient_id, one.public_id)
    assert [other.body.mood for other in others] == [6]
    again = send(alice, said | {"mood": 2, "recorded_at": NOW.strftime(ZULU)})
    assert (again.status_code, again.json) == (409, answer.json)


def test_a_form_and_a_phone_that_say_the_same_under_one_key_are_one(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    said = document(site, note="Two\nlines", recorded_at=NOW.strftime(ZULU))
    alice.post("/check-in", data={"client_key": said["client_key"], "mood": "6", "note": "Two\r\nlines"})
    assert send(alice, said).status_code == 200
    assert len(kept(site)) == 1


def test_what_was_deleted_is_not_brought_back(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    said = document(site)
    first = send(alice, said).json
    with site.database.unit_of_work() as db:
        delete_check_in(db, the_patient(db, site.cast.alice), check_in_id=first["check_in"], now=NOW)
    answer = send(alice, said)
    assert (answer.status_code, answer.json) == (410, first | {"outcome": "deleted", "version": 0})
    assert kept(site) == []


def test_what_belongs_to_another_account_is_never_stored(site: Site) -> None:
    answer = send(site.as_(site.cast.dan), document(site))
    assert (answer.status_code, answer.json) == (403, {"code": "other_account"})
    assert kept(site) == kept(site, site.cast.dan) == []


def test_the_same_key_of_two_people_is_two_check_ins(site: Site) -> None:
    key = str(uuid.uuid4())
    assert send(site.as_(site.cast.alice), document(site, client_key=key)).status_code == 201
    theirs = document(site, client_key=key, account=account_of(site, site.cast.dan))
    assert send(site.as_(site.cast.dan), theirs).status_code == 201


@pytest.mark.parametrize("who", ["bob", "carol", "erin"])
def test_who_is_no_patient_finds_nothing_here(site: Site, who: str) -> None:
    browser = site.as_(getattr(site.cast, who))
    for answer in (browser.get("/api/phone"), send(browser, document(site))):
        assert (answer.status_code, answer.json) == (404, {"code": "not_found"})
    assert kept(site) == []


def test_after_the_web_session_has_ended_the_phone_is_told_so(site: Site) -> None:
    alice = site.as_(site.cast.alice)
    site.clock.moment += timedelta(days=400)
    answer = send(alice, document(site))
    assert (answer.status_code, answer.json) == (401, {"code": "signed_out"})


# A wrong clock (each: what it claims, what is kept as the difference in days)


@pytest.mark.parametrize("days", [-3, -1, 1, 3])
def test_a_clock_that_is_days_off_is_put_right_and_kept(site: Site, days: int) -> None:
    off = timedelta(days=days)
    said = document(
        site, recorded_at=(NOW - timedelta(hours=2) + off).strftime(ZULU), sent_at=(NOW + off).strftime(ZULU)
    )
    assert send(site.as_(site.cast.alice), said).status_code == 201
    [one] = kept(site)
    assert (one.recorded_at, one.clock_skew_s) == (NOW - timedelta(hours=2), days * 86_400)
    assert one.body.local_date == date(2026, 3, 30)


@pytest.mark.parametrize(
    "claimed",
    ["0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2100-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"],
)
@pytest.mark.parametrize("chosen", [None, "1970-01-01", "2026-03-29"])
def test_a_clock_that_nobody_can_believe_costs_nobody_their_check_in(
    site: Site, claimed: str, chosen: str | None
) -> None:
    said = document(site, recorded_at=claimed, sent_at=claimed, local_date=chosen)
    assert send(site.as_(site.cast.alice), said).status_code == 201
    [one] = kept(site)
    assert one.recorded_at in {NOW, one.received_at}
    assert one.clock_skew_s
    assert one.body.local_date == date(2026, 3, 29 if chosen == "2026-03-29" else 30)


@pytest.mark.parametrize("offset", [-100_000, 0, 840, 10**30])
def test_an_offset_that_lies_changes_nothing(site: Site, offset: int) -> None:
    assert send(site.as_(site.cast.alice), document(site, utc_offset_min=offset)).status_code == 201
    [one] = kept(site)
    assert (one.utc_offset_min, one.body.local_date) == (120, date(2026, 3, 30))


def test_a_zone_that_the_server_does_not_know_is_the_patients(site: Site) -> None:
    assert send(site.as_(site.cast.alice), document(site, zone="Not/A_Zone")).status_code == 201
    assert kept(site)[0].zone == "Europe/Berlin"


# What cannot be recorded


def fault_of(answer: TestResponse) -> tuple[int, str, list[tuple[str, str]]]:
    said = answer.json
    return (
        answer.status_code,
        said["code"],
        [(problem["field"], problem["code"]) for problem in said.get("problems", [])],
    )


def test_everything_that_cannot_be_recorded_is_said_at_once(site: Site) -> None:
    said = document(
        site, mood=11, bed_time="25:00", note="x" * 4001, local_date="2026-03-31", activity_type=["flying"]
    )
    assert fault_of(send(site.as_(site.cast.alice), said)) == (
        422,
        "refused",
        [
            ("bed_time", "not_a_time"),
            ("mood", "out_of_range"),
            ("note", "note_too_long"),
            ("local_date", "day_in_future"),
        ],
    )
    assert kept(site) == []


@pytest.mark.parametrize(
    ("members", "field", "code"),
    [
        ({"mood": None}, "mood", "mood_missing"),
        ({"unsure": True}, "mood", "mood_missing"),
        ({"steps": 10**200}, "steps", "out_of_range"),
        ({"energy": -1}, "energy", "out_of_range"),
        ({"meds_taken": "maybe"}, "meds_taken", "not_a_choice"),
        ({"activity_type": ["\ud800"]}, "activity_type", "not_a_choice"),
        ({"local_date": "2026-02-20"}, "local_date", "day_too_old"),
        ({"note": "half \ud83d of a face"}, "note", "text_unreadable"),
        ({"note": "a \x00 in it"}, "note", "text_unreadable"),
        ({"tags": ["\udfff"]}, "tags", "text_unreadable"),
        ({"other_substances": "\x00"}, "other_substances", "text_unreadable"),
        ({"client_key": "\x00" * 20}, "client_key", "not_a_key"),
    ],
)
def test_what_cannot_be_recorded_is_refused_at_its_field(
    site: Site, members: dict[str, object], field: str, code: str
) -> None:
    answer = send(site.as_(site.cast.alice), document(site, **members))
    assert fault_of(answer) == (422, "refused", [(field, code)])
    assert kept(site) == []


def test_a_whole_face_is_kept(site: Site) -> None:
    assert send(site.as_(site.cast.alice), document(site, note="\U0001f30a")).status_code == 201
    assert kept(site)[0].body.note == "\U0001f30a"


def test_a_body_of_another_shape_is_refused_with_its_problems(site: Site) -> None:
    answer = send(site.as_(site.cast.alice), document(site, mood="6", slept=7))
    assert fault_of(answer) == (400, "bad_request", [("slept", "member_unknown"), ("mood", "not_a_number")])
    assert answer.json["problems"][1]["sentence"] == "Write this as a number"
    assert kept(site) == []


@pytest.mark.parametrize(
    "data", [b"", b"null", b"[]", b"7", b"{", b'{"mood": NaN}', b"[" * 200_000, b'"\xff"', b'{"\\ud800": 1}']
)
def test_a_body_that_is_no_check_in_at_all_is_a_bad_request(site: Site, data: bytes) -> None:
    answer = site.as_(site.cast.alice).post("/api/check-ins", data=data, content_type="application/json")
    assert (answer.status_code, answer.mimetype, answer.json["code"]) == (
        400,
        "application/json",
        "bad_request",
    )


def test_a_megabyte_is_too_large(site: Site) -> None:
    answer = send(site.as_(site.cast.alice), document(site, note="x" * 2**20))
    assert (answer.status_code, answer.json) == (413, {"code": "too_large"})


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""]
)
def test_a_body_that_does_not_say_it_is_json_is_not_read(site: Site, kind: str) -> None:
    answer = site.as_(site.cast.alice).post("/api/check-ins", data=b'{"mood": 6}', content_type=kind)
    assert (answer.status_code, answer.json) == (415, {"code": "not_json"})


def test_a_refusal_speaks_the_language_of_the_account(site: Site) -> None:
    with site.database.unit_of_work() as db:
        db.get_one(Account, site.cast.alice.account_id).locale = "es"
    assert site.as_(site.cast.alice).get("/api/phone").json["language"] == "es"


def test_a_reader_without_notes_is_not_named_for_them(site: Site) -> None:
    found = site.look(patients.readers_of, site.cast.alice.patient_id, now=NOW)
    assert [reader.name for reader in found if not reader.sight.opens(Scope.NOTES)] == ["Frank"]
    assert (
        "Frank, my prescriber" not in site.as_(site.cast.alice).get("/api/phone").json["form"]["note_readers"]
    )
