"""A check-in as JSON: the same names and rules as the form, the types of JSON, and nothing guessed."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from journal.domain.checkins import CheckInBody, Via
from journal.web.forms import checkins as web_form
from journal.web.forms.json_checkins import MEMBERS, Queued, parse, read
from tests.builders import body
from tests.cast import NOW

WRITTEN = {
    "account": "an-account",
    "client_key": "5f0c1b9e-0000-4000-8000-000000000001",
    "recorded_at": "2026-03-30T18:00:00Z",
    "sent_at": "2026-03-30T18:00:00Z",
    "zone": "Europe/Berlin",
}
EVERYTHING = body(
    6,
    interest=3,
    anxiety=1,
    energy=2,
    sleep_quality=4,
    sleep_min=420,
    bed_time=time(22, 30),
    wake_time=time(6, 15),
    awakenings=2,
    sol_min=20,
    waso_min=15,
    activity_min=33,
    activity_type=("walk", "reading"),
    steps=5000,
    social=2,
    meaningful=True,
    connection=3,
    pain=0,
    meals=False,
    alcohol=1,
    cannabis=False,
    other_substances="coffee",
    substances_shared=True,
    meds_taken="partly",
    note="Two\nlines",
    note_shared=True,
    starred=True,
    tags=("work", "rain"),
    detached=10,
    elevated=0,
)


def queued(**members: object) -> Queued:
    return read({**WRITTEN, "mood": 6, **members}, zone="Europe/Madrid", now=NOW)


def shape(found: Queued) -> list[tuple[str | None, str]]:
    return [(problem.field, problem.code) for problem in found.misshapen]


def problems(found: Queued) -> list[tuple[str | None, str]]:
    return [(problem.field, problem.code) for problem in (*found.unread_day, *found.sent.problems)]


def test_every_answer_is_read_as_it_was_given() -> None:
    found = read({**WRITTEN, **EVERYTHING.as_json()}, zone="Europe/Berlin", now=NOW)
    assert (shape(found), problems(found)) == ([], [])
    assert found.sent.body == EVERYTHING


def test_the_form_and_the_json_of_one_check_in_say_the_same() -> None:
    form = web_form.fields_of(EVERYTHING)
    sent = web_form.read_body(MultiDict(form), local_date=EVERYTHING.local_date)
    assert read({**WRITTEN, **EVERYTHING.as_json()}, zone="Europe/Berlin", now=NOW).sent.body == sent.body


def test_each_answer_of_a_check_in_has_its_member() -> None:
    assert {field.name for field in fields(CheckInBody)} <= MEMBERS


def test_null_says_the_same_as_leaving_out() -> None:
    nothing = dict.fromkeys((MEMBERS - WRITTEN.keys()) - {"mood"})
    assert queued(**nothing) == queued()


def test_how_it_was_written_is_taken_as_claimed() -> None:
    written = queued(
        recorded_at="2026-03-28T10:00:00+02:00", sent_at="2026-03-30T18:00:03Z", device_id="phone-1a"
    ).written
    assert written.recorded_at == datetime(2026, 3, 28, 8, tzinfo=UTC)
    assert written.sent_at == datetime(2026, 3, 30, 18, 0, 3, tzinfo=UTC)
    assert (written.via, written.zone, written.device) == (Via.OFFLINE, "Europe/Berlin", "phone-1a")


def test_a_zone_that_nobody_knows_is_the_patients_own() -> None:
    assert queued(zone="Mars/Olympus_Mons").written.zone == "Europe/Madrid"


def test_a_day_is_chosen_only_if_it_is_named() -> None:
    assert not queued().written.day_chosen
    assert queued(local_date="2026-03-28").written.day_chosen
    assert queued(local_date="2026-03-28").sent.body.local_date == date(2026, 3, 28)


def test_without_a_day_it_is_the_day_of_writing() -> None:
    found = queued(recorded_at="2026-03-29T23:30:00Z")  # 01:30 on Monday in Berlin: still Sunday's evening
    assert found.sent.body.local_date == date(2026, 3, 29)


@pytest.mark.parametrize("year", ["0001", "1969", "2201", "9999"])
@pytest.mark.parametrize("offset", ["Z", "-23:59", "+23:59"])
def test_no_clock_is_too_wrong_to_be_read(year: str, offset: str) -> None:
    for end in ("01-01T00:00:00", "12-31T23:59:59"):
        found = queued(recorded_at=f"{year}-{end}{offset}")
        assert (shape(found), problems(found)) == ([], [])


def test_tags_are_those_that_an_edit_would_find_again() -> None:
    assert queued(tags=[" work ", "rain, wind", "", "work"]).sent.body.tags == ("work", "rain", "wind")


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("mood", True, "not_a_number"),
        ("mood", "7", "not_a_number"),
        ("mood", 7.5, "not_a_number"),
        ("mood", [7], "not_a_number"),
        ("utc_offset_min", "120", "not_a_number"),
        ("unsure", 0, "not_yes_or_no"),
        ("meaningful", "yes", "not_yes_or_no"),
        ("note_shared", 1, "not_yes_or_no"),
        ("note", 5, "not_a_text"),
        ("note", {"text": "x"}, "not_a_text"),
        ("meds_taken", False, "not_a_text"),
        ("bed_time", 2230, "not_a_text"),
        ("local_date", 20260330, "not_a_text"),
        ("recorded_at", 1774893600, "not_a_text"),
        ("client_key", 1, "not_a_text"),
        ("device_id", {}, "not_a_text"),
        ("account", 1, "not_a_text"),
        ("zone", [], "not_a_text"),
        ("tags", "work, rain", "not_a_list"),
        ("tags", ["work", 1], "not_a_text"),
        ("tags", [["work"]], "not_a_text"),
        ("activity_type", {"walk": True}, "not_a_list"),
        ("activity_exact", 33, "member_unknown"),
        ("via", "web", "member_unknown"),
        ("Mood", 6, "member_unknown"),
    ],
)
def test_another_type_or_name_is_never_guessed_at(name: str, value: object, code: str) -> None:
    assert shape(queued(**{name: value})) == [(name, code)]


@pytest.mark.parametrize("name", ["account", "client_key", "recorded_at", "sent_at", "zone"])
def test_what_every_sending_needs_is_asked_for(name: str) -> None:
    for document in ({**WRITTEN, name: None}, {key: value for key, value in WRITTEN.items() if key != name}):
        assert shape(read(document, zone="Europe/Berlin", now=NOW)) == [(name, "member_missing")]


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("bed_time", "24:00", "not_a_time"),
        ("bed_time", "7:30", "not_a_time"),
        ("wake_time", "07:30:00", "not_a_time"),
        ("wake_time", "", "not_a_time"),
        ("local_date", "20260330", "not_a_day"),
        ("local_date", "2026-W14-1", "not_a_day"),
        ("local_date", "2026-02-30", "not_a_day"),
        ("local_date", "", "not_a_day"),
        ("recorded_at", "yesterday", "not_a_moment"),
        ("recorded_at", "2026-03-30T18:00:00", "not_a_moment"),
        ("sent_at", "", "not_a_moment"),
        ("client_key", "short", "not_a_key"),
        ("client_key", "x" * 65, "not_a_key"),
        ("client_key", "0f8fad5b\n", "not_a_key"),
        ("device_id", "my phone", "not_a_key"),
    ],
)
def test_a_text_that_says_no_such_thing_is_a_problem_at_its_field(name: str, value: str, code: str) -> None:
    found = queued(**{name: value})
    assert (shape(found), problems(found)) == ([], [(name, code)])


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert shape(queued(mood="6", sleep="long", tags="work")) == [
        ("sleep", "member_unknown"),
        ("mood", "not_a_number"),
        ("tags", "not_a_list"),
    ]


def test_a_flood_of_unknown_names_is_not_given_back() -> None:
    flood: dict[str, Any] = {f"{number}" + "x" * 500: 1 for number in range(1000)}
    named = shape(queued(**flood))
    assert len(named) == 20
    assert {len(name or "") for name, _ in named} == {64}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"null",
        b"[]",
        b"6",
        b'"text"',
        b"{",
        b'{"mood": NaN}',
        b'{"mood": Infinity}',
        b'{"mood": -Infinity}',
        b'{"mood": 06}',
        b'{"mood": 6,}',
        b"{'mood': 6}",
        b'{"mood": 6} {}',
        b'{"mood": 6, "mood": 7}',
        b'{"mood": ' + b"9" * 5000 + b"}",
        b'{"note": "\xff"}',
        b'{"note": "\xed\xa0\x80"}',
        b'\xef\xbb\xbf{"mood": 6}',
        '{"mood": 6}'.encode("utf-16"),
        b"[" * 100_000,
        b'{"mood":' * 20_000 + b"6" + b"}" * 20_000,
    ],
    ids=lambda data: data[:20].decode("latin-1"),
)
def test_what_is_not_one_json_object_is_not_read(data: bytes) -> None:
    assert parse(data) is None


def test_a_number_is_a_number_however_it_is_written() -> None:
    assert parse(b'{"mood": 7.0, "steps": 1e3, "pain": 0.5, "alcohol": 1e999}') == {
        "mood": 7,
        "steps": 1000,
        "pain": 0.5,
        "alcohol": float("inf"),
    }
    document = parse(b'{"mood": 7.0}') or {}
    assert type(document["mood"]) is int


def test_json_is_read_as_it_is_written() -> None:
    assert parse(json.dumps({"note": "ü\u2028 \U0001f30a"}).encode()) == {"note": "ü\u2028 \U0001f30a"}
