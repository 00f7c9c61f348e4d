"""Daylio files: what is read, what is listed, what is refused."""

from contextlib import suppress
from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.domain.errors import Refused
from journal.interop.importers.daylio import read_daylio
from journal.interop.records import DuplicateRow, ImportPreview, NamedCount, RowProblem

FIXTURES = Path(__file__).parents[1] / "fixtures"
TODAY = date(2026, 11, 21)
HEADER = "full_date,date,weekday,time,mood,activities,note_title,note\n"


def read(content: bytes | str, *, filename: str = "daylio_export.csv", moods=None) -> ImportPreview:
    raw = content.encode() if isinstance(content, str) else content
    return read_daylio(raw, filename=filename, mood_levels=moods, zone="Europe/Athens", today=TODAY)


def fixture(name: str, moods=None) -> ImportPreview:
    return read((FIXTURES / name).read_bytes(), filename=name, moods=moods)


def refusal(content: bytes | str, *, filename: str = "daylio_export.csv") -> Refused:
    with pytest.raises(Refused) as caught:
        read(content, filename=filename)
    return caught.value


def row(text: str) -> RowProblem:
    preview = read(HEADER + text)
    assert not preview.ready
    (problem,) = preview.problems
    return problem


def moods(preview: ImportPreview) -> list[tuple[date, time | None, float | None, str]]:
    return [(e.local_date, e.at, e.value, e.label) for e in preview.entries if e.kind == "mood"]


# every generation


def test_a_2026_file_gives_moods_on_five_levels():
    preview = fixture("daylio_2026.csv")
    assert preview.generation == "2026"
    assert moods(preview) == [
        (date(2026, 9, 25), time(0, 10), 5, "rad"),
        (date(2026, 9, 26), time(8, 5), 4, "good"),
        (date(2026, 9, 26), time(21, 35), 3, "meh"),
    ]
    assert {(e.scale_min, e.scale_max) for e in preview.entries if e.kind == "mood"} == {(1, 5)}
    assert (preview.first_date, preview.last_date, preview.rows) == (date(2026, 9, 25), date(2026, 9, 26), 3)
    assert preview.ready


def test_a_scale_that_names_its_upper_end_becomes_an_entry_of_its_own():
    scales = [e for e in fixture("daylio_2026.csv").entries if e.kind == "scale"]
    assert sorted((e.label, e.value, e.scale_min, e.scale_max, e.file_row) for e in scales) == [
        ("Energy", 4, 0, 5, 2),
        ("Sleep Quality", 8, 0, 10, 2),
    ]


def test_a_scale_in_any_other_form_is_listed_as_not_imported():
    assert fixture("daylio_2026.csv").ignored_scales == (NamedCount("Sleep Time", 1), NamedCount("Stress", 1))


def test_a_note_title_is_the_first_line_of_the_note_and_markup_becomes_text():
    notes = {e.note for e in fixture("daylio_2026.csv").entries if e.kind == "mood"}
    assert notes == {"A title\nFirst line\nsecond & third", "", "plain <3 & a < b"}


def test_a_2021_file_is_read_with_twelve_hour_times_and_trailing_blanks():
    preview = fixture("daylio_2021.csv", {"Can't  tell": 2})
    assert preview.generation == "2021"
    assert moods(preview) == [
        (date(2021, 3, 13), time(0, 15), 2, "can’t tell"),
        (date(2021, 3, 13), time(13, 5), 3, "meh"),
        (date(2021, 3, 14), time(22, 0), 4, "good"),
    ]
    assert preview.entries[2].activities == ("rest", "tea", "early night")


def test_a_2019_file_in_german_is_read_by_its_iso_dates():
    preview = fixture("daylio_2019.csv")
    assert preview.generation == "2019"
    assert [(e.local_date, e.value, e.note) for e in preview.entries] == [
        (date(2019, 11, 1), 1, ""),
        (date(2019, 11, 2), 4, 'sagte "gut", meinte es auch'),
    ]


def test_a_2018_file_takes_its_dates_from_year_and_words():
    preview = fixture("daylio_2018.csv")
    assert preview.generation == "2018"
    assert [e.local_date for e in preview.entries] == [date(2018, 3, 28), date(2018, 3, 29)]


def test_a_2018_file_in_polish_is_read_in_polish():
    preview = fixture("daylio_2018_polish.csv")
    assert [e.local_date for e in preview.entries] == [date(2017, 9, 7), date(2017, 11, 3)]


def test_a_file_without_a_header_row_is_read_by_place():
    preview = fixture("daylio_headerless.csv")
    assert preview.generation == "2018-headerless"
    assert [(e.local_date, e.at, e.file_row) for e in preview.entries] == [
        (date(2016, 10, 15), time(23, 40), 2),
        (date(2016, 10, 16), time(9, 3), 1),
    ]


def test_a_date_cell_that_swallowed_the_weekday_column_is_read_too():
    preview = read('2016,"16 de octubre, sábado",9:03,good,leer,nota\n')
    assert [(e.local_date, e.at, e.note) for e in preview.entries] == [
        (date(2016, 10, 16), time(9, 3), "nota")
    ]


def test_tab_separated_copies_are_read():
    preview = fixture("daylio_tabs.tsv")
    assert preview.generation == "edited"
    assert moods(preview) == [
        (date(2020, 2, 29), time(7, 15), 4, "good"),
        (date(2020, 3, 1), time(7, 20), 3, "ok"),
    ]


def test_a_semicolon_file_from_a_spreadsheet_is_read():
    assert len(read("full_date;weekday;mood\n2020-02-29;Saturday;good\n").entries) == 1


def test_a_sub_mood_is_the_word_shown_and_mood_gives_the_level():
    preview = fixture("daylio_sub_mood.csv")
    assert [(e.label, e.value) for e in preview.entries] == [("quietly hopeful", 4), ("meh", 3)]


def test_a_file_without_a_time_column_has_no_times():
    assert [e.at for e in fixture("daylio_no_time.csv").entries] == [None, None]


def test_columns_that_are_not_read_are_named():
    assert fixture("daylio_sub_mood.csv").ignored_columns == ("weather",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_the_same_file_in_any_encoding_gives_the_same_entries(encoding):
    text = HEADER + "2021-03-14,14 March,Sunday,22:00,good,Mäßig | naïve café,,it’s fine\n"
    assert read(text.encode(encoding)).entries == read(text).entries


# moods


def test_a_mood_without_a_known_level_asks_for_a_mapping():
    preview = fixture("daylio_2021.csv")
    assert preview.unknown_moods == (NamedCount("can’t tell", 1),)
    assert [e.value for e in preview.entries if e.label == "can’t tell"] == [None]
    assert not preview.ready


def test_a_mapping_goes_before_the_default_names():
    preview = read(HEADER + "2021-03-14,,,22:00,good,,,\n", moods={"Good": 2})
    assert preview.entries[0].value == 2


def test_a_mood_mapped_to_nothing_stays_a_word():
    preview = read(HEADER + "2021-03-14,,,22:00,Numb,,,\n", moods={"numb": None})
    assert (preview.entries[0].value, preview.entries[0].label, preview.ready) == (None, "Numb", True)


def test_a_mood_that_sounds_like_self_harm_is_listed_even_when_it_is_mapped():
    preview = read(
        HEADER + "2021-03-14,,,22:00,suicidal,,,\n2021-03-15,,,22:00,good,,,\n", moods={"Suicidal": 1}
    )
    assert preview.worrying_moods == (NamedCount("suicidal", 1),)
    assert preview.ready


def test_a_mood_that_sounds_like_self_harm_has_no_level_of_its_own():
    preview = read(HEADER + "2021-03-14,,,22:00,suicidal,,,\n")
    assert preview.unknown_moods == (NamedCount("suicidal", 1),)


def test_an_activity_with_the_name_of_a_mood_stays_an_activity():
    preview = read(HEADER + "2021-03-14,,,22:00,good,bad | bad,,\n")
    assert [(e.label, e.activities) for e in preview.entries] == [("good", ("bad", "bad"))]


# rows


def test_exact_duplicates_are_listed_and_stored_once():
    line = "2021-03-14,14 March,Sunday,22:00,good,tea,,\n"
    preview = read(HEADER + line + "2021-03-13,,,8:00,meh,,,\n" + line.replace("22:00", "10:00 pm"))
    assert len(preview.entries) == 2
    assert preview.duplicates == (DuplicateRow(file_row=4, first_row=2),)
    assert preview.ready


def test_two_entries_at_one_time_that_differ_are_both_kept():
    preview = read(HEADER + "2021-03-14,,,22:00,good,,,\n2021-03-14,,,22:00,bad,,,\n")
    assert sorted(e.label for e in preview.entries) == ["bad", "good"]


def test_a_row_is_known_by_the_line_on_which_it_begins():
    preview = read(HEADER + '2021-03-14,,,22:00,good,,,"one\ntwo"\n\n2021-03-13,,,8:00,meh,,,\n')
    assert sorted(e.file_row for e in preview.entries) == [2, 5]


@pytest.mark.parametrize(
    ("text", "code", "shown"),
    [
        ("2026-11-22,,,22:00,good,,,\n", "row_date_in_future", "2026-11-22"),
        ("2021-02-30,,,22:00,good,,,\n", "row_date_unreadable", "2021-02-30"),
        ("14.03.2021,,,22:00,good,,,\n", "row_date_unreadable", "14.03.2021"),
        ("2021-03-14,,,25:00,good,,,\n", "row_time_unreadable", "25:00"),
        ("2021-03-14,,,13:00 pm,good,,,\n", "row_time_unreadable", "13:00 pm"),
        ("2021-03-14,,,22:00, ,,,\n", "row_mood_missing", ""),
        ("2021-03-14,,,22:00," + "x" * 201 + ",,,\n", "row_mood_too_long", "x" * 59 + "…"),
        ("2021-03-14,,,22:00,good,,\n", "row_too_short", "7 / 8"),
        ("2021-03-14,,,,22:00,good,,,\n", "row_too_long", "9 / 8"),
    ],
)
def test_a_row_that_cannot_be_read_is_listed_with_its_line(text, code, shown):
    assert row(text) == RowProblem(file_row=2, code=code, text=shown)


def test_one_bad_row_keeps_the_whole_file_out_and_the_others_are_still_shown():
    preview = read(HEADER + "2021-03-14,,,22:00,good,,,\n2021-03-13,,,x,good,,,\n")
    assert (len(preview.entries), len(preview.problems), preview.ready) == (1, 1, False)


def test_a_date_in_words_that_could_be_two_months_is_not_guessed():
    text = "year,date,weekday,time,mood,activities,note\n2017,3 listopada,,21:00,good,,\n"
    assert [problem.code for problem in read(text).problems] == ["row_date_unreadable"]


def test_a_long_cell_is_shown_shortened():
    assert len(row("2021-03-14,,," + "x" * 500 + ",good,,,\n").text) == 60


# whole files


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n\t \n", "file_empty"),
        ("\ufeff  \n".encode("utf-16-le"), "file_empty"),
        (bytes(range(256)) * 8, "file_not_text"),
        (b"\x00" * 100, "file_not_text"),
        (b"%PDF-1.7\n", "file_not_text"),
        (b"PK\x03\x04\x14\x00rest", "file_is_archive"),
        (b"PK\x03\x04" + b"\x00" * 26 + b"backup.daylio", "daylio_backup"),
        (b"\xff\xfea", "file_encoding"),
        (b"caf\x81, na\xefve\n", "file_encoding"),
        (b"x" * (10 * 1024 * 1024 + 1), "file_too_large"),
        (b"Dear diary, today was fine.\nIt rained, too.\n", "daylio_not_recognised"),
        (b'"Dear diary," she wrote, "today" was fine', "daylio_not_recognised"),
        (b'{"version": 15, "customMoods": []}', "daylio_not_recognised"),
        (b"date,weekday,time of day,category,rating/amount,detail,notes\n", "daylio_not_recognised"),
        (b"createdAt,mood\n2021-01-01T00:00:00Z,7\n", "daylio_not_recognised"),
        (b"full_date,date,weekday,time,activities\n", "daylio_columns_missing"),
        (b"full_date,mood,Mood\n2021-03-14,good,good\n", "daylio_columns_twice"),
        (b",,,,\n;\n", "daylio_not_recognised"),
        (HEADER.encode(), "daylio_no_rows"),
        (HEADER.encode() + b"," * 1_000_001, "table_broken"),
        (HEADER.encode() + b'2021-03-14,,,22:00,good,"never closed,,\n', "table_broken"),
        (HEADER.encode() + b'2021-03-14,,,22:00,"go"od,,,\n', "table_broken"),
    ],
)
def test_what_is_no_daylio_file_is_refused_with_one_code(content, code):
    assert refusal(content).code == code


def test_the_extension_decides_together_with_the_content():
    assert refusal(HEADER + "2021-03-14,,,22:00,good,,,\n", filename="daylio.html").code == "file_extension"


def test_a_broken_row_is_named_by_its_line():
    refused = refusal(HEADER + '2021-03-14,,,22:00,good,,,\n2021-03-13,,,22:00,"x"y,,,\n')
    assert refused.details == {"line": 3}


def test_a_level_outside_the_scale_is_refused():
    with pytest.raises(Refused) as caught:
        read(HEADER + "2021-03-14,,,22:00,good,,,\n", moods={"good": 6})
    assert caught.value.code == "map_level"


# fingerprints


def test_a_fingerprint_is_the_same_in_every_run():
    (entry,) = read("full_date,mood\n2021-03-14,good\n").entries
    assert entry.fingerprint == "b74644a82bcfae1b9b60d3ea477b57535dc119450c47ae774efe95bc0ca32f2e"


def test_a_mapping_does_not_change_what_a_row_is():
    text = HEADER + "2021-03-14,,,22:00,odd,,,\n"
    assert read(text).entries[0].fingerprint == read(text, moods={"odd": 1}).entries[0].fingerprint


def test_a_later_generation_with_empty_new_columns_gives_the_same_fingerprints():
    old = (
        "full_date,date,weekday,time,mood,activities,note\n2021-03-14,14 March,Sunday,10:00 pm,good,tea,hi\n"
    )
    new = (
        "full_date,date,weekday,time,mood,activities,scales,note_title,note\n"
        "2021-03-14,March 14,Sun,22:00,good ,tea,,,hi\n"
    )
    assert read(old).entries[0].fingerprint == read(new).entries[0].fingerprint


def test_a_changed_note_is_a_new_row():
    one, other = (read(HEADER + f"2021-03-14,,,22:00,good,,,{note}\n") for note in ("a", "b"))
    assert one.entries[0].fingerprint != other.entries[0].fingerprint


words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
daylio_rows = st.lists(
    st.tuples(
        st.dates(date(1990, 1, 1), TODAY).map(date.isoformat),
        st.times().map(lambda at: f"{at:%H:%M}"),
        st.sampled_from(["rad", "good", "meh", "bad", "awful", "numb"]),
        st.lists(words, max_size=3).map(" | ".join),
        words,
    ),
    min_size=1,
    max_size=12,
)


def file_of(rows) -> str:
    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    return "full_date,time,mood,activities,note\n" + "".join(",".join(map(cell, row)) + "\n" for row in rows)


def without_lines(preview: ImportPreview) -> list[tuple[object, ...]]:
    return [
        (e.local_date, e.at, e.kind, e.value, e.label, e.activities, e.note, e.fingerprint)
        for e in preview.entries
    ]


@settings(deadline=None)
@given(daylio_rows, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows, random):
    shuffled = list(rows)
    random.shuffle(shuffled)
    kept = {fingerprint for *_, fingerprint in without_lines(read(file_of(rows)))}
    assert {fingerprint for *_, fingerprint in without_lines(read(file_of(shuffled)))} == kept


@settings(deadline=None)
@given(daylio_rows)
def test_every_row_is_an_entry_a_duplicate_or_a_problem(rows):
    preview = read(file_of(rows))
    assert len(preview.entries) + len(preview.duplicates) + len(preview.problems) == preview.rows == len(rows)


@settings(deadline=None)
@given(daylio_rows)
def test_no_two_entries_share_a_fingerprint_and_a_file_twice_over_adds_none(rows):
    once = read(file_of(rows))
    twice = read(file_of([*rows, *rows]))
    assert len({e.fingerprint for e in once.entries}) == len(once.entries)
    assert without_lines(twice) == without_lines(once)


@settings(deadline=None, max_examples=80)
@given(
    st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "surrogatepass"))
)
def test_any_bytes_are_read_or_refused_and_nothing_else(content):
    with suppress(Refused):
        read(content)


@settings(deadline=None, max_examples=80)
@given(st.text(max_size=200))
def test_any_text_under_a_daylio_header_is_read_or_refused(text):
    with suppress(Refused):
        read((HEADER + text).encode("utf-8", "surrogatepass"))
