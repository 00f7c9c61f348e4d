"""Bytes into rows: encodings, delimiters, quoting, limits."""

import pytest

from journal.domain.errors import Refused
from journal.interop.tables import MAX_ROWS, check_file, column_key, decode_text, read_rows, sniff_delimiter


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_text_is_decoded_whatever_wrote_it(encoding):
    assert decode_text("date,note\n2020-01-01,it’s très bon\n".encode(encoding)) == (
        "date,note\n2020-01-01,it’s très bon\n"
    )


def test_utf_32_is_refused_by_name():
    with pytest.raises(Refused) as caught:
        decode_text("a,b".encode("utf-32"))
    assert caught.value.code == "file_encoding"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b,c\n1,2,3\n", ","),
        ("a\tb\tc\n1, one\t2, two\t3, three\n", "\t"),
        ("a;b;c\n1,5;2,5;3,5\n", ";"),
        ('a,b\n"x;y;z",1\n', ","),
        ("alone\n", ","),
    ],
)
def test_the_delimiter_is_found(text, delimiter):
    assert sniff_delimiter(text) == delimiter


def test_rows_keep_the_line_on_which_they_begin():
    rows = list(read_rows('a,b\r\n"1\r\n2",x\r\n\r\n , \r\n3,y\r\n', ","))
    assert [(row.line, row.cells) for row in rows] == [(1, ("a", "b")), (2, ("1\r\n2", "x")), (6, ("3", "y"))]


def test_a_table_has_an_end():
    with pytest.raises(Refused) as caught:
        list(read_rows("x\n" * (MAX_ROWS + 1), ","))
    assert caught.value.code == "table_too_long"


@pytest.mark.parametrize("name", ["export.csv", "EXPORT.CSV", "export.tsv", "export.txt", "export"])
def test_names_of_text_tables_pass(name):
    assert check_file(b"a,b\n", filename=name) is None


def test_a_column_is_known_in_any_spelling():
    assert column_key("\ufeff Note-Title ") == "note_title"
