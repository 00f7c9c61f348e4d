"""Tideline's own JSON document: everything of one patient, written and read back.

The format is the schema beside this file, ``tideline.schema.json``; this module knows nothing of it that is not there,
except what a schema cannot say: the order of lists and the ids within a document. Which fields must agree is said in
``agreement``, and what documents of before lacked in ``earlier``.
Gathering a patient's rows, and putting them back, is for the floors above.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources

from journal.domain.errors import Refused
from journal.interop.agreement import disagreements
from journal.interop.earlier import as_newest
from journal.interop.plain import a_list, an_object, plain, rows_in
from journal.interop.schema import Fault, first_fault
from journal.interop.tables import MAX_BYTES

FORMAT = "tideline"
VERSION = 5
"""What is written. Earlier versions are still read: ``journal.interop.earlier``."""
MAX_DEPTH = 20

SECTIONS = (
    "activity_chips",
    "check_ins",
    "submissions",
    "courses",
    "treatment_sessions",
    "medications",
    "key_moments",
    "long_term_checks",
    "assessments",
    "assessment_plans",
    "appointments",
    "topics",
    "coping_plan",
    "reminders",
    "reminder_pauses",
    "consents",
    "access_log",
    "imports",
)
"""The lists of a document. ``patient`` is the one part that is not a list."""

Rows = list[dict[str, object]]

_ORDER: dict[str, tuple[str, ...]] = {
    "activity_chips": ("position", "preset", "label"),
    "check_ins": ("local_date", "recorded_at", "client_key"),
    "submissions": ("received_at", "client_key"),
    "courses": ("start_date", "created_at"),
    "treatment_sessions": ("local_date", "started_at", "recorded_at"),
    "medications": ("started_on", "recorded_at"),
    "key_moments": ("local_date", "recorded_at"),
    "long_term_checks": ("local_date",),
    "assessments": ("due_on", "instrument", "opened_at"),
    "assessment_plans": ("instrument",),
    "appointments": ("starts_at", "made_at"),
    "topics": ("written_at", "position"),
    "coping_plan": ("updated_at",),
    "reminders": ("kind",),
    "reminder_pauses": ("first_on",),
    "consents": ("granted_at", "provider"),
    "access_log": ("at", "actor", "act"),
    "imports": ("imported_at", "source", "file_name"),
    "versions": ("replaced_at", "version", "why"),
    "entries": ("local_date", "at", "kind", "fingerprint"),
    "side_effects": ("onset", "code", "recorded_at"),
}
"""By what each list is sorted. Phases, measurements, answers and chosen times keep the order that they have."""
_SURROGATE = re.compile("[\ud800-\udfff\x00]")
_EXACT = 2**53
"""Whole numbers beyond this are not the same in every program; larger ones are no part of a journal."""


def write_document(data: Mapping[str, object]) -> bytes:
    """The document of one patient as :func:`document_of` makes it: UTF-8 JSON, indented, names sorted."""
    text = json.dumps(document_of(data), indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def document_of(data: Mapping[str, object]) -> dict[str, object]:
    """The document of one patient, with lists in a fixed order.

    ``data`` has ``patient`` and every name of ``SECTIONS``, with the field names of the schema; instants are aware
    datetimes, and ids of chips and courses are whatever the database uses. The document gives them ids of its own,
    numbered in order, so that the same journal gives the same bytes wherever its rows lie. Chips that a check-in names
    and that no longer exist are left out.
    """
    document = an_object(plain({"format": FORMAT, "version": VERSION, **data}))
    _put_in_order(document)
    return document


def read_document(content: bytes, *, max_bytes: int | None = MAX_BYTES) -> dict[str, object]:
    """The document in ``content``, held against the schema; texts stay texts, ids are those of the document.

    Refused: ``file_too_large``, ``file_empty``, ``document_not_json``, ``document_other_format``,
    ``document_version`` (with the newest version ``known``), ``document_invalid`` with the JSON ``path`` and the
    ``rule`` it breaks.
    """
    if max_bytes is not None and len(content) > max_bytes:
        raise Refused("file_too_large", field="file", most_mib=max_bytes // 1024 // 1024)
    if not content.strip():
        raise Refused("file_empty", field="file")
    document = _parsed(content)
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Refused("document_other_format", field="file")
    document = as_newest(document, newest=VERSION)
    if document.get("version") != VERSION:
        raise Refused("document_version", field="file", known=VERSION)
    fault = (
        _unfit_for_keeping(document) or first_fault(document, schema()) or next(disagreements(document), None)
    )
    if fault is not None:
        raise Refused("document_invalid", field="file", path=fault.path, rule=fault.rule)
    return document


def schema_text() -> str:
    """The JSON Schema of the document, as it ships with the package."""
    return resources.files("journal.interop").joinpath("tideline.schema.json").read_text(encoding="utf-8")


@cache
def schema() -> dict[str, object]:
    """The JSON Schema of the document."""
    loaded: dict[str, object] = json.loads(schema_text())
    return loaded


def fields_of(section: str) -> dict[str, dict[str, object]]:
    """The fields of ``patient``, or of one row of a section, by name in the schema's order."""
    found = an_object(an_object(schema()["properties"])[section])
    fields = an_object(an_object(found.get("items", found))["properties"])
    return {name: an_object(field) for name, field in fields.items()}


def _parsed(content: bytes) -> object:
    try:
        text = content.decode("utf-8-sig")
        return json.loads(text, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused("document_not_json", field="file") from error


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice in one object")
    return found


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def _unfit_for_keeping(document: object) -> Fault | None:
    """A fault where nesting passes the limit, a text holds half a character or a zero, or a number no program keeps."""
    waiting: list[tuple[object, str, int]] = [(document, "$", 1)]
    while waiting:
        value, path, depth = waiting.pop()
        if isinstance(value, str) and _SURROGATE.search(value):
            return Fault(path, "text")
        if isinstance(value, (int, float)) and not abs(value) <= _EXACT:
            return Fault(path, "number")
        if not isinstance(value, (dict, list)):
            continue
        if depth > MAX_DEPTH:
            return Fault(path, "depth")
        if isinstance(value, dict):
            if any(_SURROGATE.search(name) for name in value):
                return Fault(path, "text")
            waiting.extend((item, f"{path}.{name}", depth + 1) for name, item in value.items())
        else:
            waiting.extend((item, f"{path}[{index}]", depth + 1) for index, item in enumerate(value))
    return None


def _put_in_order(document: dict[str, object]) -> None:
    chips = _numbered(rows_in(document, "activity_chips"), "chip")
    courses = _numbered(rows_in(document, "courses"), "course")
    for check_in in rows_in(document, "check_ins"):
        _rename_chips(check_in, chips)
        for version in rows_in(check_in, "versions"):
            _rename_chips(an_object(version["body"]), chips)
        check_in["versions"] = _sorted(rows_in(check_in, "versions"), "versions")
    for treatment in rows_in(document, "treatment_sessions"):
        treatment["course"] = courses.get(str(treatment["course"]))
        treatment["side_effects"] = _sorted(rows_in(treatment, "side_effects"), "side_effects")
        treatment["meds_today"] = sorted(a_list(treatment["meds_today"]), key=str)
    for batch in rows_in(document, "imports"):
        batch["entries"] = _sorted(rows_in(batch, "entries"), "entries")
    for section in SECTIONS:
        document[section] = _sorted(rows_in(document, section), section)


def _numbered(rows: Rows, name: str) -> dict[str, str]:
    section = "activity_chips" if name == "chip" else "courses"
    names: dict[str, str] = {}
    for number, row in enumerate(_sorted(rows, section), start=1):
        names[str(row["id"])] = row["id"] = f"{name}-{number}"
    return names


def _rename_chips(body: dict[str, object], chips: Mapping[str, str]) -> None:
    named = a_list(body["activity_type"])
    body["activity_type"] = [chips[str(one)] for one in named if str(one) in chips]


def _sorted(rows: Rows, name: str) -> Rows:
    def place(row: dict[str, object]) -> tuple[object, ...]:
        first = tuple(
            (row[field] is not None, 0 if row[field] is None else row[field]) for field in _ORDER[name]
        )
        # the whole row decides between equals, its id left out: ids differ from one database to the next
        return (*first, json.dumps({key: one for key, one in row.items() if key != "id"}, sort_keys=True))

    return sorted(rows, key=place)
