"""Tideline's own JSON document: everything of one patient, written and read back.

The format is the schema beside this file, ``tideline.schema.json``; this module knows nothing of it that is not there,
except what a schema cannot say: the order of lists, the ids within a document, and which fields must agree.
Gathering a patient's rows, and putting them back, is for the floors above.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib import resources

from journal.domain.days import known_zone
from journal.domain.errors import Refused
from journal.interop.plain import a_list, an_object, plain
from journal.interop.schema import Fault, first_fault
from journal.interop.tables import MAX_BYTES

FORMAT = "tideline"
VERSION = 3
"""What is written. Version 1, which had no coping plan, is still read; so is 2, whose reminders had no more than times
and channels."""
MAX_DEPTH = 20

SECTIONS = (
    "activity_chips",
    "check_ins",
    "submissions",
    "courses",
    "treatment_sessions",
    "appointments",
    "coping_plan",
    "reminders",
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
    "appointments": ("starts_at", "made_at"),
    "coping_plan": ("updated_at",),
    "reminders": ("kind",),
    "consents": ("granted_at", "provider"),
    "access_log": ("at", "actor", "act"),
    "imports": ("imported_at", "source", "file_name"),
    "versions": ("replaced_at", "version", "why"),
    "entries": ("local_date", "at", "kind", "fingerprint"),
}
_SURROGATE = re.compile("[\ud800-\udfff\x00]")
_EARLIER = frozenset({1, 2})
_PLAIN_REMINDER: dict[str, object] = {
    "quiet_from": None,
    "quiet_until": None,
    "paused_until": None,
    "follow_up": False,
    "both_times": False,
    "softer": True,
}
"""What a reminder of an earlier version has become here."""
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
    document = _as_newest(document)
    if document.get("version") != VERSION:
        raise Refused("document_version", field="file", known=VERSION)
    fault = (
        _unfit_for_keeping(document)
        or first_fault(document, schema())
        or next(_disagreements(document), None)
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


def _as_newest(document: dict[str, object]) -> dict[str, object]:
    """A document of an earlier version as the newest would say it; any other as it is."""
    version = document.get("version")
    if type(version) is not int or version not in _EARLIER:
        return document
    newest = {**({"coping_plan": []} if version == 1 else {}), **document, "version": VERSION}
    reminders = newest.get("reminders")
    if isinstance(reminders, list):
        newest["reminders"] = [
            {**_PLAIN_REMINDER, **row} if isinstance(row, dict) else row for row in reminders
        ]
    return newest


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
    chips = _numbered(_rows(document, "activity_chips"), "chip")
    courses = _numbered(_rows(document, "courses"), "course")
    for check_in in _rows(document, "check_ins"):
        _rename_chips(check_in, chips)
        for version in _rows(check_in, "versions"):
            _rename_chips(an_object(version["body"]), chips)
        check_in["versions"] = _sorted(_rows(check_in, "versions"), "versions")
    for treatment in _rows(document, "treatment_sessions"):
        treatment["course"] = courses.get(str(treatment["course"]))
    for batch in _rows(document, "imports"):
        batch["entries"] = _sorted(_rows(batch, "entries"), "entries")
    for section in SECTIONS:
        document[section] = _sorted(_rows(document, section), section)


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


def _rows(owner: Mapping[str, object], name: str) -> Rows:
    return [an_object(row) for row in a_list(owner[name])]


def _disagreements(document: Mapping[str, object]) -> Iterator[Fault]:
    """What a schema cannot say: which fields must agree with which."""
    if not known_zone(str(an_object(document["patient"])["zone"])):
        yield Fault("$.patient.zone", "zone")
    chips = _rows(document, "activity_chips")
    yield from _twice(chips, "$.activity_chips", "id", lambda row: row["id"])
    yield from _twice(chips, "$.activity_chips", "preset", lambda row: row["preset"])
    for index, chip in enumerate(chips):
        if chip["preset"] is None and chip["label"] is None:
            yield Fault(f"$.activity_chips[{index}].label", "required")
    yield from _check_in_disagreements(_rows(document, "check_ins"), {str(chip["id"]) for chip in chips})
    yield from _submission_disagreements(document)
    yield from _course_disagreements(document)
    for index, plan in enumerate(_rows(document, "coping_plan")):
        if not any(value for name, value in plan.items() if name != "updated_at"):
            yield Fault(f"$.coping_plan[{index}]", "required")
    yield from _twice(_rows(document, "reminders"), "$.reminders", "kind", lambda row: row["kind"])
    for index, reminder in enumerate(_rows(document, "reminders")):
        if not known_zone(str(reminder["zone"])):
            yield Fault(f"$.reminders[{index}].zone", "zone")
        if (reminder["quiet_from"] is None) != (reminder["quiet_until"] is None):
            yield Fault(f"$.reminders[{index}].quiet_until", "required")
    yield from _import_disagreements(_rows(document, "imports"))


def _check_in_disagreements(check_ins: Rows, chips: set[str]) -> Iterator[Fault]:
    yield from _twice(check_ins, "$.check_ins", "client_key", lambda row: row["client_key"])
    for index, check_in in enumerate(check_ins):
        path = f"$.check_ins[{index}]"
        yield from _body_disagreements(check_in, chips, path)
        if check_in["recall"] == "day" and check_in["felt_at"] is not None:
            yield Fault(f"{path}.felt_at", "recall")
        if not known_zone(str(check_in["zone"])):
            yield Fault(f"{path}.zone", "zone")
        for number, version in enumerate(_rows(check_in, "versions")):
            yield from _body_disagreements(
                an_object(version["body"]), chips, f"{path}.versions[{number}].body"
            )


def _body_disagreements(body: Mapping[str, object], chips: set[str], path: str) -> Iterator[Fault]:
    if (body["mood"] is None) != body["unsure"]:
        yield Fault(f"{path}.mood", "unsure")
    for number, one in enumerate(a_list(body["activity_type"])):
        if one not in chips:
            yield Fault(f"{path}.activity_type[{number}]", "reference")


def _submission_disagreements(document: Mapping[str, object]) -> Iterator[Fault]:
    """Each check-in has the sending that made it, and each sending its check-in unless that was deleted."""
    submissions = _rows(document, "submissions")
    yield from _twice(submissions, "$.submissions", "client_key", lambda row: row["client_key"])
    check_ins = {row["client_key"] for row in _rows(document, "check_ins")}
    for index, row in enumerate(submissions):
        if (row["deleted_at"] is None) != (row["client_key"] in check_ins):
            yield Fault(f"$.submissions[{index}].client_key", "reference")
    sent = {row["client_key"] for row in submissions}
    for index, row in enumerate(_rows(document, "check_ins")):
        if row["client_key"] not in sent:
            yield Fault(f"$.check_ins[{index}].client_key", "reference")


def _course_disagreements(document: Mapping[str, object]) -> Iterator[Fault]:
    courses = _rows(document, "courses")
    yield from _twice(courses, "$.courses", "id", lambda row: row["id"])
    known = {course["id"] for course in courses} | {None}
    for index, treatment in enumerate(_rows(document, "treatment_sessions")):
        if treatment["course"] not in known:
            yield Fault(f"$.treatment_sessions[{index}].course", "reference")


def _import_disagreements(imports: Rows) -> Iterator[Fault]:
    seen: set[tuple[object, object]] = set()
    for index, batch in enumerate(imports):
        for number, entry in enumerate(_rows(batch, "entries")):
            path = f"$.imports[{index}].entries[{number}]"
            low, high, value = (_number(entry[name]) for name in ("scale_min", "scale_max", "value"))
            if low is None or high is None or low >= high or (value is not None and not low <= value <= high):
                yield Fault(f"{path}.value", "scale")
            if (batch["source"], entry["fingerprint"]) in seen:
                yield Fault(f"{path}.fingerprint", "unique")
            seen.add((batch["source"], entry["fingerprint"]))


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, (int, float)) else None


def _twice(
    rows: Iterable[dict[str, object]], path: str, field: str, key: Callable[[dict[str, object]], object]
) -> Iterator[Fault]:
    seen: set[object] = set()
    for index, row in enumerate(rows):
        one = key(row)
        if one is not None and one in seen:
            yield Fault(f"{path}[{index}].{field}", "unique")
        seen.add(one)
