"""Documents of earlier versions, as the newest version would say them. What the newest holds is ``tideline``.

Nothing is made up: what nobody was asked when a document was written is empty in it, or not so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict

from journal.domain.treatment_records import TreatmentRecord
from journal.domain.treatments import BASELINE_WINDOW, Drug, Route
from journal.interop.plain import an_object, plain

EARLIER = frozenset({1, 2, 3, 4})

_SECTIONS_SINCE: Mapping[int, tuple[str, ...]] = {
    2: ("coping_plan",),
    4: ("medications", "key_moments", "long_term_checks", "assessments", "assessment_plans"),
    5: ("topics", "reminder_pauses"),
}
"""Sections that there were not before a version."""
_REMINDER: dict[str, object] = {
    "quiet_from": None,
    "quiet_until": None,
    "paused_until": None,
    "follow_up": False,
    "both_times": False,
    "softer": True,
}
_ITEMS: dict[str, object] = {"detached": None, "elevated": None}


def as_newest(document: Mapping[str, object], *, newest: int) -> dict[str, object]:
    """``document`` as version ``newest`` says it; one whose version is not an earlier one stays as it is.

    What does not even look like its section is left alone, for the schema to refuse.
    """
    version = document.get("version")
    if type(version) is not int or version not in EARLIER:
        return dict(document)
    empty: dict[str, object] = {
        name: [] for since, names in _SECTIONS_SINCE.items() if version < since for name in names
    }
    said = {**empty, **document, "version": newest}
    if version < 3:
        _each(said, "reminders", lambda row: {**_REMINDER, **row})
    _each(said, "check_ins", _check_in)
    _each(said, "courses", _course)
    _each(said, "treatment_sessions", _treatment)
    return said


def _check_in(row: dict[str, object]) -> dict[str, object]:
    said = {**_ITEMS, **row}
    _each(said, "versions", _with_items_inside)
    return said


def _with_items_inside(version: dict[str, object]) -> dict[str, object]:
    body = version.get("body")
    return {**version, "body": {**_ITEMS, **body}} if isinstance(body, dict) else version


def _course(row: dict[str, object]) -> dict[str, object]:
    """A course that is in its phase since it began, or ended: earlier phases nobody wrote down."""
    created_at, ended_on = row.get("created_at"), row.get("end_date") if row.get("phase") == "ended" else None
    is_esketamine = row.get("default_route") == Route.IN_ESKETAMINE
    phase = {
        "local_date": ended_on or row.get("start_date") or str(created_at)[:10],
        "phase": row.get("phase"),
        "own": False,
        "recorded_by": None,
        "recorded_at": created_at,
    }
    return {
        "drug": (Drug.ESKETAMINE if is_esketamine else Drug.KETAMINE_RACEMIC).value,
        "preset_id": None,
        "notes": "",
        "baseline_window_days": BASELINE_WINDOW,
        "phases": [phase],
        **row,
    }


def _treatment(row: dict[str, object]) -> dict[str, object]:
    return {**an_object(plain(asdict(TreatmentRecord()))), "side_effects": [], **row}


def _each(
    owner: dict[str, object], name: str, change: Callable[[dict[str, object]], dict[str, object]]
) -> None:
    rows = owner.get(name)
    if isinstance(rows, list):
        owner[name] = [change(row) if isinstance(row, dict) else row for row in rows]
