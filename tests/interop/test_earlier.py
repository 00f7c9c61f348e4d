"""A document of an earlier version is read, with nothing in it that nobody said."""

from __future__ import annotations

import json

import pytest

from journal.interop.tideline import SECTIONS, read_document, write_document
from tests.interop.documents import journal

SINCE_4 = {"medications", "key_moments", "long_term_checks", "assessments", "assessment_plans"}
SINCE_5 = {"topics", "reminder_pauses"}
RECORD = (
    "local_date", "started_at", "status", "route", "note", "note_shared", "source", "recorded_by", "version",
    "recorded_at", "course",
)  # fmt: skip
COURSE = (
    "id", "phase", "indication", "default_route", "planned_sessions", "start_date", "end_date", "created_at",
)  # fmt: skip


def only(row: dict, *names: str) -> dict:
    return {name: row[name] for name in names}


def of_version_3(**course: object) -> dict:
    """The small whole journal as it was written before there were questionnaires."""
    document = json.loads(write_document(journal()))
    for name in SINCE_4 | SINCE_5:
        del document[name]
    for one in document["check_ins"]:
        for body in (one, *(version["body"] for version in one["versions"])):
            del body["detached"], body["elevated"]
    document["courses"] = [{**only(one, *COURSE), **course} for one in document["courses"]]
    document["treatment_sessions"] = [only(one, *RECORD) for one in document["treatment_sessions"]]
    return {**document, "version": 3}


def read(document: dict) -> dict:
    return read_document(json.dumps(document).encode())


def test_before_there_were_questionnaires_nothing_was_asked_and_no_record_was_full() -> None:
    before = of_version_3()
    document = read(before)
    assert document["version"] == 5
    assert {name: document[name] for name in SINCE_4} == {name: [] for name in SINCE_4}
    late = document["check_ins"][1]
    assert (late["detached"], late["versions"][0]["body"]["elevated"]) == (None, None)
    (treatment,) = document["treatment_sessions"]
    assert only(treatment, *RECORD) == before["treatment_sessions"][0]
    assert only(treatment, "dose_value", "intention", "vitals", "escort", "dose_unknown", "side_effects") == {
        "dose_value": None,
        "intention": "",
        "vitals": [],
        "escort": None,
        "dose_unknown": False,
        "side_effects": [],
    }


@pytest.mark.parametrize(
    ("course", "drug", "since"),
    [
        ({}, "ketamine_racemic", "2026-03-01"),
        ({"default_route": "in_esketamine"}, "esketamine", "2026-03-01"),
        ({"phase": "ended", "end_date": "2026-03-20"}, "ketamine_racemic", "2026-03-20"),
        ({"start_date": None, "created_at": "2026-02-27T18:00:00Z"}, "ketamine_racemic", "2026-02-27"),
    ],
)
def test_a_course_of_before_stands_in_its_phase_since_its_date(course: dict, drug: str, since: str) -> None:
    (found,) = read(of_version_3(**course))["courses"]
    assert (found["drug"], found["preset_id"], found["notes"], found["baseline_window_days"]) == (
        drug,
        None,
        "",
        14,
    )
    (phase,) = found["phases"]
    assert (phase["local_date"], phase["phase"], phase["own"]) == (since, found["phase"], False)


def test_what_is_written_of_it_now_is_of_the_newest_version_and_whole() -> None:
    document = read(of_version_3())
    again = read_document(write_document(document))
    assert again == document
    assert set(again) == {"format", "version", "patient", *SECTIONS}


def test_before_there_were_topics_and_pauses_there_are_none_and_the_rest_is_as_it_was() -> None:
    now = json.loads(write_document(journal()))
    before = {name: rows for name, rows in now.items() if name not in SINCE_5}
    assert read({**before, "version": 4}) == {**now, **{name: [] for name in SINCE_5}}


def test_a_document_from_before_there_were_plans_is_still_read() -> None:
    document = of_version_3()
    del document["coping_plan"]
    assert read({**document, "version": 1})["coping_plan"] == []


def test_a_reminder_from_before_there_were_quiet_hours_has_none() -> None:
    document = of_version_3()
    plain = only(document["reminders"][0], "kind", "times", "channels", "zone", "stopped_at", "changed_at")
    (reminder,) = read({**document, "version": 2, "reminders": [plain]})["reminders"]
    assert reminder == {
        **plain,
        "quiet_from": None,
        "quiet_until": None,
        "paused_until": None,
        "follow_up": False,
        "both_times": False,
        "softer": True,
    }
