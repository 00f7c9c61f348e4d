"""CSV out and back: nothing lost, nothing a spreadsheet would run."""

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.domain.errors import Refused
from journal.interop.csv_export import (
    guarded,
    read_check_ins,
    read_table,
    unguarded,
    write_check_ins,
    write_everything,
    write_table,
)
from journal.interop.tideline import document_of
from tests.interop.documents import journal

DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
cells = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12) | st.builds(
    str.__add__, st.sampled_from([*DANGEROUS, "'", "'=", "''-"]), st.text("=+-@'\t\r\n,\"a", max_size=6)
)


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


@pytest.mark.parametrize("start", DANGEROUS)
def test_a_cell_that_could_be_a_formula_gets_an_apostrophe(start):
    assert guarded(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("cell", ["", "calm", "'tis fine", "1 + 1", "a=b"])
def test_other_cells_stay_as_they_are(cell):
    assert guarded(cell) == cell


def test_a_cell_that_already_begins_with_an_apostrophe_keeps_it():
    assert (guarded("'=x"), unguarded("''=x"), unguarded("'tis")) == ("''=x", "'=x", "'tis")


def test_the_file_has_a_mark_rfc_4180_quotes_and_line_ends():
    content = write_table(["a", "b"], [{"a": 'say "hi", twice', "b": "one\ntwo"}, {"a": None, "b": True}])
    assert content == b'\xef\xbb\xbfa,b\r\n"say ""hi"", twice","one\ntwo"\r\n,true\r\n'


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(cells, min_size=5, max_size=5), max_size=12))
def test_any_cells_come_back_and_none_could_be_a_formula(rows):
    columns = ["a", "b", "c", "d", "e"]
    content = write_table(columns, [dict(zip(columns, row, strict=True)) for row in rows])
    assert not any(cell.startswith(DANGEROUS) for row in rows_of(content) for cell in row)
    assert [list(row.values()) for row in read_table(content)] == rows


def test_check_ins_come_back_with_their_types():
    document = document_of(journal())
    check_ins = json.loads(json.dumps(document["check_ins"]))
    assert read_check_ins(write_check_ins(check_ins)) == [
        {name: value for name, value in one.items() if name != "versions"} for one in check_ins
    ]


@settings(deadline=None)
@given(st.lists(cells.filter(bool), max_size=4), cells, st.none() | st.integers(-(10**9), 10**9))
def test_any_words_and_numbers_of_a_check_in_come_back(tags, note, skew):
    (first, *_) = document_of(journal())["check_ins"]
    given_one = {**first, "tags": tags, "note": note, "clock_skew_s": skew}
    (back,) = read_check_ins(write_check_ins([given_one]))
    assert (back["tags"], back["note"], back["clock_skew_s"]) == (tags, note, skew)


def test_a_file_of_other_columns_is_refused():
    with pytest.raises(Refused) as caught:
        read_check_ins(write_table(["mood"], [{"mood": 3}]))
    assert caught.value.code == "table_columns_missing"


def test_a_cell_of_another_type_is_refused_with_its_place():
    content = write_check_ins(document_of(journal())["check_ins"]).replace(b",6,false,", b",six,false,")
    with pytest.raises(Refused) as caught:
        read_check_ins(content)
    assert (caught.value.code, caught.value.details) == ("table_cell", {"line": 2, "column": "mood"})


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"\xff\xfe", "file_encoding"), (b'a,b\r\n"1', "table_broken"), (b"a,b\r\n1\r\n", "table_broken")],
)
def test_a_broken_table_is_refused(content, code):
    with pytest.raises(Refused) as caught:
        read_table(content)
    assert caught.value.code == code


def test_everything_has_a_file_for_each_part_of_the_journal():
    files = write_everything(journal())
    assert sorted(files) == [
        "access_log.csv",
        "activity_chips.csv",
        "appointments.csv",
        "assessment_plans.csv",
        "assessments.csv",
        "assessments_answers.csv",
        "check_ins.csv",
        "check_ins_versions.csv",
        "consents.csv",
        "coping_plan.csv",
        "courses.csv",
        "courses_phases.csv",
        "imports.csv",
        "imports_entries.csv",
        "key_moments.csv",
        "long_term_checks.csv",
        "medications.csv",
        "patient.csv",
        "reminder_pauses.csv",
        "reminders.csv",
        "reminders_times.csv",
        "submissions.csv",
        "topics.csv",
        "treatment_sessions.csv",
        "treatment_sessions_side_effects.csv",
        "treatment_sessions_vitals.csv",
    ]
    assert rows_of(files["assessments_answers.csv"])[1:] == [
        ["1", "1", "2"],
        ["1", "2", "declined"],
        ["1", "10", "1"],
    ]
    assert rows_of(files["courses_phases.csv"])[1][:3] == ["course-1", "2026-03-01", "planned"]


def test_rows_of_an_inner_list_name_the_row_they_belong_to():
    files = write_everything(journal())
    (version,) = read_table(files["check_ins_versions.csv"])
    assert (version["client_key"], version["why"], json.loads(version["body"])["mood"]) == (
        "key-2",
        "edit",
        2,
    )
    (entry,) = read_table(files["imports_entries.csv"])
    assert (entry["batch"], entry["label"], entry["value"]) == ("1", "good", "4.0")
    (reminder,) = read_table(files["reminders_times.csv"])
    assert (reminder["kind"], reminder["wall"]) == ("check_in", "20:00")
