"""What the command says of a file that was brought in: in words for a person, or as one JSON document for a program.

The page says the same in ``templates/transfers``. Sentences for what is refused are in ``journal.messages``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time

from journal.interop.records import ImportPreview, NamedCount
from journal.messages import SENTENCES
from journal.services.restoring import COUNTED, Restorable
from journal.services.transfers import Arrival, Changed

LISTED = 50
"""Lines of one kind in words; a JSON document has all of them."""

PARTS = {
    "check_ins": ("check-in", "check-ins"),
    "treatment_sessions": ("session", "sessions"),
    "courses": ("course", "courses"),
    "assessments": ("questionnaire", "questionnaires"),
    "medications": ("medicine", "medicines"),
    "key_moments": ("key moment", "key moments"),
    "appointments": ("appointment", "appointments"),
    "imports": ("imported file", "imported files"),
}


def arrival_document(arrival: Arrival, *, dry_run: bool, imported: bool) -> dict[str, object]:
    """Everything that a preview knows. ``imported`` is whether values were stored just now."""
    preview = arrival.preview
    return {
        "format": preview.source,
        "generation": preview.generation,
        "zone": preview.zone,
        "dry_run": dry_run,
        "ready": preview.ready,
        "imported": imported,
        "rows": preview.rows,
        "entries": len(preview.entries),
        "new": len(arrival.new),
        "already_here": arrival.known,
        "first_date": _iso(preview.first_date),
        "last_date": _iso(preview.last_date),
        "unknown_moods": _counts(preview.unknown_moods),
        "worrying_moods": _counts(preview.worrying_moods),
        "ignored_columns": list(preview.ignored_columns),
        "ignored_scales": _counts(preview.ignored_scales),
        "problems": [
            {"line": one.file_row, "code": one.code, "reason": SENTENCES[one.code], "text": one.text}
            for one in preview.problems
        ],
        "duplicates": [{"line": one.file_row, "same_as_line": one.first_row} for one in preview.duplicates],
        "changed": [_changed(one) for one in arrival.changed],
    }


def arrival_lines(arrival: Arrival) -> Iterator[str]:
    """The same in words, without what became of it."""
    preview = arrival.preview
    yield f"A {preview.source.capitalize()} file, read in {preview.zone}: {_count(preview.rows, 'row', 'rows')}."
    if preview.first_date is not None:
        entries = _count(len(preview.entries), "entry", "entries")
        span = f"{preview.first_date} to {preview.last_date}"
        yield f"{entries}, {span}: {len(arrival.new)} new, {arrival.known} here already."
    yield from _named(
        "These mood names have no level yet; --map names a file that gives them one:", preview.unknown_moods
    )
    yield from _named(
        "These mood names sound like somebody could be in danger. They are listed for attention; nobody is told:",
        preview.worrying_moods,
    )
    yield from _listed(
        "These rows cannot be read:",
        [
            f"line {one.file_row}: {SENTENCES[one.code]}{f': {one.text}' if one.text else ''}"
            for one in preview.problems
        ],
    )
    yield from _listed(
        "These rows say exactly what an earlier row says and count once:",
        [f"line {one.file_row}, as line {one.first_row}" for one in preview.duplicates],
    )
    yield from _listed(
        "These rows were changed since an earlier import; both stay:",
        [
            f"line {one.file_row}, {_when(one)}: {one.before_label} before, {one.label} now"
            for one in arrival.changed
        ],
    )
    yield from _left_out(preview)


def outcome(arrival: Arrival, *, dry_run: bool) -> str:
    """What became of a file that was ready."""
    if dry_run:
        return "Nothing was stored: this was a trial."
    if not arrival.new:
        return "Everything in this file is here already; nothing was added."
    return f"{_count(len(arrival.new), 'entry', 'entries')} stored. They are private until the patient shares them."


def restored_document(found: Restorable, *, dry_run: bool) -> dict[str, object]:
    """What a document of Tideline's own put back, or would put back."""
    return {
        "format": "tideline",
        "dry_run": dry_run,
        "ready": True,
        "imported": not dry_run,
        "first_date": _iso(found.first_date),
        "last_date": _iso(found.last_date),
        **found.counts,
    }


def restored_lines(found: Restorable, *, dry_run: bool) -> Iterator[str]:
    """The same in words."""
    counted = ", ".join(_count(found.counts[name], *PARTS[name]) for name in COUNTED)
    span = "" if found.first_date is None else f", check-ins from {found.first_date} to {found.last_date}"
    yield f"A Tideline export: {counted}{span}."
    yield (
        "Nothing was stored: this was a trial."
        if dry_run
        else "The journal is restored. Nobody can read it but the patient."
    )


def _left_out(preview: ImportPreview) -> Iterator[str]:
    if preview.ignored_columns:
        yield f"Not imported, columns: {', '.join(preview.ignored_columns)}."
    if preview.ignored_scales:
        yield f"Not imported, scales: {', '.join(one.name for one in preview.ignored_scales)}."


def _named(title: str, names: Sequence[NamedCount]) -> Iterator[str]:
    yield from _listed(title, [f"{one.name} ({_count(one.count, 'row', 'rows')})" for one in names])


def _listed(title: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield title
        yield from (f"  {line}" for line in lines[:LISTED])
    if len(lines) > LISTED:
        yield f"  and {len(lines) - LISTED} more"


def _counts(names: Iterable[NamedCount]) -> list[dict[str, object]]:
    return [{"name": one.name, "count": one.count} for one in names]


def _changed(one: Changed) -> dict[str, object]:
    return {
        "line": one.file_row,
        "local_date": _iso(one.local_date),
        "at": _wall(one.at),
        "before": {"label": one.before_label, "value": one.before_value},
        "now": {"label": one.label, "value": one.value},
    }


def _when(one: Changed) -> str:
    return f"{one.local_date} {_wall(one.at) or ''}".strip()


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _wall(at: time | None) -> str | None:
    return None if at is None else f"{at:%H:%M}"


def _count(number: int, one: str, many: str) -> str:
    return f"{number:,} {one if number == 1 else many}"
