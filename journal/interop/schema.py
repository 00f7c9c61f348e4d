"""The part of JSON Schema (draft 2020-12) that Tideline's own document needs, checked without a library.

Keywords understood: ``$ref`` into the same schema, ``type``, ``const``, ``enum``, ``minimum``, ``maximum``,
``minLength``, ``maxLength``, ``pattern``, ``format`` (date, date-time), ``items``, ``maxItems``, ``uniqueItems``,
``properties``, ``required``, ``additionalProperties`` (false). Where the standard is lenient this is strict: ``4.0`` is
no integer, and a pattern never matches a line break at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from journal.interop.plain import a_list, an_object

Schema = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Fault:
    """Where a document does not fit: a JSON path such as ``$.check_ins[3].mood``, and the rule that is broken."""

    path: str
    rule: str


def first_fault(value: object, schema: Schema) -> Fault | None:
    """The first place at which ``value`` does not fit ``schema``, in document order; None if it fits."""
    return next(_faults(value, schema, schema, "$"), None)


def follow(schema: Schema, root: Schema) -> Schema:
    """``schema`` itself, or what its ``$ref`` points at within ``root``."""
    reference = schema.get("$ref")
    if not isinstance(reference, str):
        return schema
    found: object = root
    for step in reference.removeprefix("#/").split("/"):
        found = an_object(found)[step]
    return follow(an_object(found), root)


def _faults(value: object, schema: Schema, root: Schema, path: str) -> Iterator[Fault]:
    schema = follow(schema, root)
    kinds = schema.get("type", [])
    allowed = kinds if isinstance(kinds, list) else [kinds]
    if allowed and not any(_is_kind(value, str(kind)) for kind in allowed):
        yield Fault(path, "type")
        return
    if "const" in schema and value != schema["const"]:
        yield Fault(path, "const")
    choices = schema.get("enum")
    if isinstance(choices, list) and value not in choices:
        yield Fault(path, "enum")
    if isinstance(value, str):
        yield from (Fault(path, rule) for rule in _broken_by_text(value, schema))
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from (Fault(path, rule) for rule in _broken_by_number(value, schema))
    elif isinstance(value, list):
        yield from _faults_of_list(value, schema, root, path)
    elif isinstance(value, dict):
        yield from _faults_of_object(value, schema, root, path)


def _is_kind(value: object, kind: str) -> bool:
    match kind:
        case "null":
            return value is None
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return isinstance(value, int) and not isinstance(value, bool)
        case "number":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, list)
        case _:
            return kind == "object" and isinstance(value, dict)


def _broken_by_text(value: str, schema: Schema) -> Iterator[str]:
    if len(value) < _limit(schema, "minLength", 0):
        yield "minLength"
    if len(value) > _limit(schema, "maxLength", float("inf")):
        yield "maxLength"
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and re.fullmatch(pattern, value) is None:
        yield "pattern"
    elif schema.get("format") in ("date", "date-time") and not _exists(value, str(schema["format"])):
        yield "format"


def _exists(value: str, form: str) -> bool:
    try:
        date.fromisoformat(value) if form == "date" else datetime.fromisoformat(value)
    except ValueError:
        return False
    return True


def _broken_by_number(value: float, schema: Schema) -> Iterator[str]:
    if value < _limit(schema, "minimum", float("-inf")):
        yield "minimum"
    if value > _limit(schema, "maximum", float("inf")):
        yield "maximum"


def _limit(schema: Schema, name: str, without: float) -> float:
    limit = schema.get(name)
    return limit if isinstance(limit, (int, float)) else without


def _faults_of_list(value: list[object], schema: Schema, root: Schema, path: str) -> Iterator[Fault]:
    if len(value) > _limit(schema, "maxItems", float("inf")):
        yield Fault(path, "maxItems")
        return
    if schema.get("uniqueItems") and any(item in value[:index] for index, item in enumerate(value)):
        yield Fault(path, "uniqueItems")
    items = schema.get("items")
    if isinstance(items, dict):
        for index, item in enumerate(value):
            yield from _faults(item, items, root, f"{path}[{index}]")


def _faults_of_object(value: dict[str, object], schema: Schema, root: Schema, path: str) -> Iterator[Fault]:
    properties = an_object(schema.get("properties", {}))
    for name in a_list(schema.get("required", [])):
        if name not in value:
            yield Fault(f"{path}.{name}", "required")
    for name, item in value.items():
        if name in properties:
            yield from _faults(item, an_object(properties[name]), root, f"{path}.{name}")
        elif schema.get("additionalProperties") is False:
            yield Fault(path, "additionalProperties")
