"""Previews and fingerprints."""

from journal.interop.records import ImportPreview, NamedCount, RowProblem, fingerprint


def preview(**changes) -> ImportPreview:
    return ImportPreview(source="daylio", generation="2026", zone="UTC", rows=1, entries=("one",), **changes)


def test_a_file_without_problems_and_unknown_moods_is_ready():
    assert preview().ready


def test_a_problem_or_an_unknown_mood_keeps_it_from_being_ready():
    assert not preview(problems=(RowProblem(2, "row_mood_missing", ""),)).ready
    assert not preview(unknown_moods=(NamedCount("odd", 1),)).ready


def test_neither_the_order_of_columns_nor_empty_ones_change_a_fingerprint():
    one = fingerprint([("mood", "good"), ("local_date", "2021-03-14")])
    assert one == fingerprint([("local_date", "2021-03-14"), ("note", ""), ("mood", "good")])


def test_the_same_words_in_another_column_are_another_row():
    assert fingerprint([("note", "tea")]) != fingerprint([("activities", "tea")])
