"""The bytes of a delimited text file, made into rows of cells. Shared by everything that reads a CSV file.

Here: size, extension, what the first bytes say, character encoding, delimiter, quoting. Not here: what any column
means. The type that a browser or phone declares for a file is never asked; extension and content decide.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath

from journal.domain.errors import Refused

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 50_000
"""Five entries a day for 27 years. More is not a mood journal, and would not fit in the memory kept for one import."""
MAX_LINE = 1_000_000
"""Characters. A line of ten million commas is no row, and would be ten million cells."""
EXTENSIONS = frozenset({".csv", ".tsv", ".txt", ""})

_DELIMITERS = (",", "\t", ";")
_LOOKED_AT = 20
_LOOKED_AT_CHARACTERS = 65_536
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF32_LE, None),
    (codecs.BOM_UTF32_BE, None),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")
_NOT_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"SQLite format 3")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CONTROL_SHARE = 0.005


@dataclass(frozen=True, slots=True)
class Row:
    """One record: the 1-based line of the file on which it begins, and its cells exactly as written."""

    line: int
    cells: tuple[str, ...]

    @property
    def is_blank(self) -> bool:
        """Nothing but white space in any cell."""
        return not any(cell.strip() for cell in self.cells)


def check_file(content: bytes, *, filename: str, extensions: frozenset[str] = EXTENSIONS) -> None:
    """Refuse what cannot be a text table, before anything is decoded.

    Refused: ``file_too_large`` (over 10 MiB), ``file_empty``, ``file_extension``, ``file_is_archive``,
    ``file_not_text``.
    """
    if len(content) > MAX_BYTES:
        raise Refused("file_too_large", field="file", most_mib=MAX_BYTES // 1024 // 1024)
    if not content:
        raise Refused("file_empty", field="file")
    if PurePath(filename).suffix.lower() not in extensions:
        raise Refused("file_extension", field="file", expected=", ".join(sorted(extensions - {""})))
    if content.startswith(_ARCHIVES):
        raise Refused("file_is_archive", field="file")
    if content.startswith(_NOT_TEXT):
        raise Refused("file_not_text", field="file")


def decode_text(content: bytes) -> str:
    """The text of a file in UTF-8, UTF-16 (with a byte-order mark or without) or Latin-1, the mark taken off.

    A file that is not UTF-8 and has no zero bytes is read as Windows-1252, which is what apps that say Latin-1 write.
    Refused: ``file_encoding``, ``file_not_text`` (zero bytes, or more control characters than text has),
    ``file_empty`` (only white space).
    """
    text = _decoded(content)
    controls = len(_CONTROL.findall(text))
    if "\x00" in text or controls > len(text) * _CONTROL_SHARE:
        raise Refused("file_not_text", field="file")
    if not text.strip():
        raise Refused("file_empty", field="file")
    return text


def sniff_delimiter(text: str) -> str:
    """Comma, tab or semicolon: the one that cuts the file's first records into equally many cells, and most of them."""
    start = text[:_LOOKED_AT_CHARACTERS]
    return max(_DELIMITERS, key=lambda delimiter: _evenness(start, delimiter))


def read_rows(text: str, delimiter: str) -> Iterator[Row]:
    """The records of a table in file order, blank ones left out.

    Refused: ``table_broken`` with its line, where a quotation mark is left open, text follows a closed one, or a
    line is longer than a row can be; ``table_too_long`` after 50,000 records.
    """
    reader = csv.reader(_lines(text), delimiter=delimiter, strict=True)
    begins = 1
    found = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Refused("table_broken", field="file", line=begins) from error
        row = Row(line=begins, cells=tuple(cells))
        begins = reader.line_num + 1
        if row.is_blank:
            continue
        found += 1
        if found > MAX_ROWS:
            raise Refused("table_too_long", field="file", most=MAX_ROWS)
        yield row


def clean_cell(cell: str) -> str:
    """A cell's text in Unicode's composed form, without control characters and without blanks around it."""
    if cell.isascii() and cell.isprintable():  # most cells of most files have nothing to clean
        return cell.strip()
    return _CONTROL.sub("", unicodedata.normalize("NFC", cell)).replace("\ufeff", "").strip()


def one_line(text: str) -> str:
    """Text with every run of white space, line breaks and no-break spaces included, made one blank."""
    return " ".join(text.split())


def column_key(name: str) -> str:
    """A header cell as it is compared: lower case, one underscore between words."""
    return "_".join(re.split(r"[\s_-]+", clean_cell(name).casefold()))


def _decoded(content: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            if encoding is None:
                raise Refused("file_encoding", field="file")
            return _strictly(content[len(mark) :], encoding)
    if b"\x00" in content:
        return _strictly(content, _utf16_without_mark(content))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _strictly(content, "cp1252")


def _strictly(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refused("file_encoding", field="file") from error


def _utf16_without_mark(content: bytes) -> str:
    # The letters, digits, commas and line ends of a table each leave one zero byte, always on the same side.
    start = content[:4096]
    left, right = start[0::2].count(0), start[1::2].count(0)
    most, least = max(left, right), min(left, right)
    if most * 4 < len(start) // 2 or least * 10 > most:
        raise Refused("file_not_text", field="file")
    return "utf-16-be" if left > right else "utf-16-le"


def _lines(text: str) -> Iterator[str]:
    for line in io.StringIO(text, newline=""):
        if len(line) > MAX_LINE:
            raise csv.Error("line too long")
        yield line


def _evenness(text: str, delimiter: str) -> tuple[float, int]:
    widths: Counter[int] = Counter()
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for cells in reader:
            if cells:
                widths[len(cells)] += 1
            if widths.total() == _LOOKED_AT:
                break
    except csv.Error:
        pass  # what is wrong with the file is said, with its line, when it is read for good
    if not widths:
        return 0.0, 1
    width, count = widths.most_common(1)[0]
    return (count / widths.total() if width > 1 else 0.0), width
