"""Tideline's own document: what it holds, that it comes back, and what is refused."""

import copy
import json

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.domain.checkins import NUMBERS, CheckInBody
from journal.domain.errors import Refused
from journal.interop.tideline import SECTIONS, document_of, fields_of, read_document, schema, write_document
from tests.interop.documents import check_in, journal, submission

checker = jsonschema.Draft202012Validator(schema(), format_checker=jsonschema.FormatChecker())


def written(**changes: object) -> dict:
    return json.loads(write_document({**journal(), **changes}))


def refusal(content: bytes) -> Refused:
    with pytest.raises(Refused) as caught:
        read_document(content)
    return caught.value


def damaged(*path: object, value: object) -> bytes:
    document = written()
    place = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return json.dumps(document).encode()


def descriptions(part: object, path: str = "$"):
    """Every field of a schema with its description, references followed by nobody: they carry their own."""
    if not isinstance(part, dict):
        return
    if "$ref" not in part and path != "$":
        yield path, part.get("description", "")
    for name, field in part.get("properties", {}).items():
        yield from descriptions(field, f"{path}.{name}")
    if "items" in part:
        yield from descriptions(part["items"], f"{path}[]")


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(schema())


def test_every_field_of_the_schema_is_described():
    found = dict(descriptions(schema()))
    assert len(found) > 100
    assert [path for path, description in found.items() if not description.strip().endswith(".")] == []


def test_every_field_is_required_and_no_other_is_let_in():
    def objects(part: object, path: str):
        if isinstance(part, dict):
            if "properties" in part:
                yield path, part
            for name, inner in part.items():
                yield from objects(inner, f"{path}/{name}")

    for path, part in objects(schema(), "#"):
        assert part["required"] == list(part["properties"]), path
        assert part["additionalProperties"] is False, path


def test_a_check_in_has_the_names_of_the_form_and_the_columns():
    names = list(CheckInBody.__dataclass_fields__)
    assert set(names) <= set(fields_of("check_ins"))
    body = fields_of("check_ins")["versions"]["items"]["properties"]["body"]
    assert list(body["properties"]) == names


def test_numbers_have_the_ranges_of_the_daily_log():
    fields = fields_of("check_ins")
    assert {name: (fields[name]["minimum"], fields[name]["maximum"]) for name in NUMBERS} == NUMBERS


def test_a_written_document_fits_the_schema_by_both_checkers():
    content = write_document(journal())
    assert list(checker.iter_errors(json.loads(content))) == []
    assert read_document(content) == json.loads(content)


def test_what_was_read_writes_the_same_bytes():
    content = write_document(journal())
    assert write_document(read_document(content)) == content


def test_other_database_ids_and_another_row_order_give_the_same_bytes():
    other = json.loads(
        json.dumps(document_of(journal())).replace("chip-1", "zzz").replace("course-1", "other")
    )
    for section in SECTIONS:
        other[section].reverse()
    assert write_document(other) == write_document(journal())


def test_ids_are_numbers_within_the_document_and_a_vanished_chip_is_left_out():
    document = written()
    assert [(chip["id"], chip["preset"]) for chip in document["activity_chips"]] == [
        ("chip-1", "walk"),
        ("chip-2", None),
    ]
    late = document["check_ins"][1]
    assert late["activity_type"] == ["chip-1", "chip-2"]
    assert late["versions"][0]["body"]["activity_type"] == ["chip-2"]
    assert document["treatment_sessions"][0]["course"] == document["courses"][0]["id"] == "course-1"


def test_writing_changes_nothing_of_what_it_was_given():
    data = journal()
    before = copy.deepcopy(data)
    write_document(data)
    assert data == before


def test_instants_are_utc_and_clock_times_have_two_parts():
    document = written()
    assert document["check_ins"][0]["recorded_at"] == "2026-03-02T18:00:00Z"
    assert document["reminders"][0]["times"][0]["wall"] == "20:00"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \n", "file_empty"),
        (b"full_date,mood\n", "document_not_json"),
        (b"\xff\xfe\x00", "document_not_json"),
        (b'{"format": "tideline", "format": "tideline"}', "document_not_json"),
        (b'{"format": NaN}', "document_not_json"),
        (b"[" * 100_000, "document_not_json"),
        (b"[]", "document_other_format"),
        (b'{"version": 15, "customMoods": []}', "document_other_format"),
        (b'{"format": "tideline", "version": 6}', "document_version"),
        (b'{"format": "tideline", "version": 0}', "document_version"),
        (b'{"format": "tideline", "version": true}', "document_version"),
        (b'{"format": "tideline", "version": 5}', "document_invalid"),
        (b'{"format": "tideline", "version": 4}', "document_invalid"),
        (b'{"format": "tideline", "version": 3}', "document_invalid"),
        (b'{"format": "tideline", "version": 2}', "document_invalid"),
        (b'{"format": "tideline", "version": 1}', "document_invalid"),
        (b" " * (10 * 1024 * 1024 + 1), "file_too_large"),
    ],
)
def test_what_is_no_tideline_document_is_refused(content, code):
    assert refusal(content).code == code


@pytest.mark.parametrize(
    ("path", "value", "where", "rule"),
    [
        (("check_ins", 0, "mood"), 11, "$.check_ins[0].mood", "maximum"),
        (("check_ins", 0, "mood"), 6.5, "$.check_ins[0].mood", "type"),
        (("check_ins", 0, "mood"), True, "$.check_ins[0].mood", "type"),
        (("check_ins", 0, "mood"), None, "$.check_ins[0].mood", "unsure"),
        (("check_ins", 0, "client_key"), "key-2", "$.check_ins[1].client_key", "unique"),
        (("check_ins", 0, "activity_type"), ["chip-9"], "$.check_ins[0].activity_type[0]", "reference"),
        (("check_ins", 0, "recall"), "day", "$.check_ins[0].felt_at", "recall"),
        (("check_ins", 0, "recorded_at"), "2026-03-02T18:00:00", "$.check_ins[0].recorded_at", "pattern"),
        (("check_ins", 0, "local_date"), "2026-02-30", "$.check_ins[0].local_date", "format"),
        (("check_ins", 0, "note"), "x" * 4001, "$.check_ins[0].note", "maxLength"),
        (("check_ins", 0, "note"), "\ud800", "$.check_ins[0].note", "text"),
        (("check_ins", 0, "note"), "a\u0000b", "$.check_ins[0].note", "text"),
        (("check_ins", 0, "rating"), 3, "$.check_ins[0]", "additionalProperties"),
        (("patient", "zone"), "Europe/Atlantis", "$.patient.zone", "zone"),
        (("patient", "preferences"), [], "$.patient.preferences", "type"),
        (
            ("patient", "preferences", "deep"),
            json.loads("[" * 30 + "]" * 30),
            "$.patient.preferences.deep" + "[0]" * 17,
            "depth",
        ),
        (("treatment_sessions", 0, "course"), "course-2", "$.treatment_sessions[0].course", "reference"),
        (("coping_plan", 0, "signs"), "x" * 2001, "$.coping_plan[0].signs", "maxLength"),
        (("coping_plan", 0, "person_phone"), "*100#", "$.coping_plan[0].person_phone", "pattern"),
        (("submissions", 0, "deleted_at"), None, "$.submissions[0].client_key", "reference"),
        (("submissions", 1, "client_key"), "key-9", "$.submissions[1].client_key", "reference"),
        (("patient", "preferences", "far"), 10**400, "$.patient.preferences.far", "number"),
        (("patient", "preferences", "far"), 1e300, "$.patient.preferences.far", "number"),
        (("imports", 0, "entries", 0, "value"), 6, "$.imports[0].entries[0].value", "scale"),
        (("consents", 0, "scopes"), ["notes", "notes"], "$.consents[0].scopes", "uniqueItems"),
        (("treatment_sessions", 0, "dose_value"), 0, "$.treatment_sessions[0].dose_value", "minimum"),
        (("assessments", 0, "opened_at"), None, "$.assessments[0].opened_at", "type"),
        (("assessments", 0, "answers", 0, "answer"), "no", "$.assessments[0].answers[0].answer", "pattern"),
    ],
)
def test_a_damaged_document_is_refused_with_the_place(path, value, where, rule):
    refused = refusal(damaged(*path, value=value))
    assert refused.code == "document_invalid"
    assert refused.details == {"path": where, "rule": rule}


def test_a_field_that_is_missing_is_named():
    document = written()
    del document["check_ins"][0]["energy"]
    refused = refusal(json.dumps(document).encode())
    assert refused.details == {"path": "$.check_ins[0].energy", "rule": "required"}


def test_quiet_hours_have_a_beginning_and_an_end():
    document = written()
    document["reminders"][0]["quiet_until"] = None
    refused = refusal(json.dumps(document).encode())
    assert refused.details == {"path": "$.reminders[0].quiet_until", "rule": "required"}


def test_a_person_has_one_plan_with_something_in_it():
    plan = written()["coping_plan"][0]
    twice = refusal(json.dumps(written(coping_plan=[plan, plan])).encode())
    assert twice.details == {"path": "$.coping_plan", "rule": "maxItems"}
    empty = {name: "" for name in plan if name != "updated_at"}
    nothing = refusal(json.dumps(written(coping_plan=[{**plan, **empty}])).encode())
    assert nothing.details == {"path": "$.coping_plan[0]", "rule": "required"}


def test_a_larger_file_may_be_read_where_the_caller_says_so():
    content = write_document(journal()) + b" " * (10 * 1024 * 1024)
    assert read_document(content, max_bytes=None)["format"] == "tideline"


texts = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=40)


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            check_in,
            mood=st.integers(0, 10),
            note=texts,
            tags=st.lists(texts.filter(bool), max_size=3),
            steps=st.none() | st.integers(0, 100_000),
            clock_skew_s=st.none() | st.integers(-(10**6), 10**6),
        ),
        max_size=6,
    )
)
def test_any_check_ins_come_back_as_they_were(check_ins):
    numbered = [{**one, "client_key": f"key-{number}"} for number, one in enumerate(check_ins)]
    sent = [submission(str(one["client_key"])) for one in numbered]
    content = write_document({**journal(), "check_ins": numbered, "submissions": sent})
    document = read_document(content)
    assert list(checker.iter_errors(document)) == []
    assert write_document(document) == content
    kept = {one["client_key"]: (one["mood"], one["note"], one["tags"]) for one in document["check_ins"]}
    assert kept == {one["client_key"]: (one["mood"], one["note"], one["tags"]) for one in numbered}


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=200)
    | st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), st.lists).map(
        lambda value: json.dumps({"format": "tideline", "version": 1, "patient": value}).encode()
    )
)
def test_any_bytes_are_read_or_refused_and_nothing_else(content):
    with pytest.raises(Refused):
        read_document(content)
