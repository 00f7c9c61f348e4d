"""A patient's journal as CSV files for a spreadsheet, and check-ins read back from one.

RFC 4180 with a byte-order mark, so that spreadsheets find the encoding. A cell that a spreadsheet could take for a
formula gets an apostrophe in front; reading takes it off again. What the fields are is said in one place, the schema
of the JSON document, in ``journal.interop.tideline``: columns bear the same names.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterable, Mapping, Sequence

from journal.domain.errors import Refused
from journal.interop.plain import a_list, an_object, plain
from journal.interop.tideline import SECTIONS, document_of, fields_of

_TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n")
_SEPARATOR = " | "
_OWNERS = {
    "check_ins": ("client_key", "client_key"),
    "courses": ("course", "id"),
    "treatment_sessions": ("session", ""),
    "assessments": ("assessment", ""),
    "reminders": ("kind", "kind"),
    "imports": ("batch", ""),
}
"""For each section with lists inside it: the column that says whose a row is, and the field it is taken from, or "" for
the owner's place in its own file."""
_BYTE_ORDER_MARK = "\ufeff"
_NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest that an archive can say; a real time would make two copies of one journal differ."""


def write_check_ins(check_ins: Iterable[Mapping[str, object]]) -> bytes:
    """Check-ins, one a row, with the columns of the document's ``check_ins`` except their earlier versions.

    Empty means not answered; yes and no are ``true`` and ``false``; lists are joined by `` | ``, a bar inside an item
    written ``\\|``.
    """
    return write_table(_check_in_columns(), check_ins)


def read_check_ins(content: bytes) -> list[dict[str, object]]:
    """The check-ins of a file made by :func:`write_check_ins`, with the types and names of the JSON document.

    Refused: what :func:`read_table` refuses, ``table_columns_missing``, ``table_cell`` (line and column of a cell that
    is not of its type).
    """
    columns = _check_in_columns()
    rows = read_table(content)
    if rows and not set(columns) <= rows[0].keys():
        raise Refused("table_columns_missing", field="file", columns=", ".join(set(columns) - rows[0].keys()))
    fields = fields_of("check_ins")
    return [
        {column: _typed(row[column], fields[column], row=number, column=column) for column in columns}
        for number, row in enumerate(rows, start=2)
    ]


def write_everything(data: Mapping[str, object]) -> dict[str, bytes]:
    """Every section of a Tideline document as one CSV file each, by file name; ``data`` as for the JSON export.

    Lists inside a section become files of their own, each row with the ``client_key`` of its check-in, its ``course``,
    the ``kind`` of its reminder, or the place from 1 of its ``session``, its ``assessment`` or its ``batch`` of
    imported values in their own file. A section without rows is a file with its header alone.
    """
    sections = document_of(data)
    files = {"patient.csv": write_table(list(fields_of("patient")), [an_object(sections["patient"])])}
    for name in SECTIONS:
        nested = [field for field, schema in fields_of(name).items() if _holds_rows(schema)]
        columns = [field for field in fields_of(name) if field not in nested]
        rows = [an_object(row) for row in a_list(sections[name])]
        files[f"{name}.csv"] = write_table(columns, rows)
        for field in nested:
            files[f"{name}_{field}.csv"] = _nested_table(name, field, rows)
    return files


def write_archive(data: Mapping[str, object]) -> bytes:
    """The files of :func:`write_everything` in one ZIP archive: the same journal always gives the same bytes."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as files:
        for name, content in write_everything(data).items():
            member = zipfile.ZipInfo(name, date_time=_NO_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            files.writestr(member, content)
    return archive.getvalue()


def write_table(columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> bytes:
    """A CSV file with these columns in this order; names that are not columns are left out."""
    text = io.StringIO(newline="")
    text.write(_BYTE_ORDER_MARK)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guarded(_cell(row.get(column))) for column in columns])
    return text.getvalue().encode()


def read_table(content: bytes) -> list[dict[str, str]]:
    """The rows of a file made by :func:`write_table`, by column name, without the apostrophes put in front.

    Refused: ``file_encoding``, ``table_broken`` with its line (quotation marks, or a row that is not as wide as the
    header).
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused("file_encoding", field="file") from error
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows = []
    try:
        columns = next(reader, [])
        for cells in reader:
            if len(cells) != len(columns):
                raise Refused("table_broken", field="file", line=reader.line_num)
            rows.append({column: unguarded(cell) for column, cell in zip(columns, cells, strict=True)})
    except csv.Error as error:
        raise Refused("table_broken", field="file", line=reader.line_num) from error
    return rows


def guarded(cell: str) -> str:
    """The cell with an apostrophe in front if a spreadsheet could take it for a formula.

    That is: it starts with ``= + - @``, a full-width or other compatible form of these, a tab or a line break. A cell
    that already has apostrophes before such a character gets one more, so that :func:`unguarded` is the exact inverse.
    """
    return f"'{cell}" if _is_risky(cell.lstrip("'")) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before :func:`guarded`."""
    return cell[1:] if cell.startswith("'") and _is_risky(cell.lstrip("'")) else cell


def _is_risky(cell: str) -> bool:
    return cell.startswith(_TRIGGERS) or unicodedata.normalize("NFKC", cell[:1]).startswith(_TRIGGERS)


def _check_in_columns() -> list[str]:
    return [field for field, schema in fields_of("check_ins").items() if not _holds_rows(schema)]


def _holds_rows(schema: Mapping[str, object]) -> bool:
    items = schema.get("items")
    return isinstance(items, dict) and "properties" in items


def _nested_table(section: str, field: str, rows: Sequence[Mapping[str, object]]) -> bytes:
    owner, named_by = _OWNERS[section]
    inner = [
        {owner: row.get(named_by, number), **an_object(one)}
        for number, row in enumerate(rows, start=1)
        for one in a_list(row[field])
    ]
    items = an_object(fields_of(section)[field]["items"])
    return write_table([owner, *an_object(items["properties"])], inner)


def _cell(value: object) -> str:
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return _SEPARATOR.join(re.sub(r"[\\|]", r"\\\g<0>", item) for item in value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, sort_keys=True, ensure_ascii=False)
    return str(value)


def _typed(cell: str, schema: Mapping[str, object], *, row: int, column: str) -> object:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if cell == "" and "null" in kinds:
        return None
    if "array" in kinds:
        return [re.sub(r"\\(.)", r"\1", item) for item in cell.split(_SEPARATOR)] if cell else []
    if "boolean" in kinds and cell in ("true", "false"):
        return cell == "true"
    if "integer" in kinds and re.fullmatch(r"-?[0-9]{1,18}", cell):
        return int(cell)
    if "string" in kinds:
        return cell
    raise Refused("table_cell", field="file", line=row, column=column)
