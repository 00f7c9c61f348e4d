"""What somebody says of a course when it begins or is put right, and what cannot be said.

Schedules, dates and phases stand in ``journal.domain.courses``.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from journal.domain.courses import PRESETS, SESSIONS_MOST, Preset
from journal.domain.errors import Refused, RefusedFields
from journal.domain.treatments import (
    BASELINE_WINDOW,
    BASELINE_WINDOW_LEAST,
    BASELINE_WINDOW_MOST,
    NOTE_LENGTH,
    REACHES_AHEAD,
    REACHES_BACK,
    Drug,
    Phase,
    PresetId,
    Route,
)

INDICATION_LENGTH = 120


@dataclass(frozen=True, slots=True)
class CourseBody:
    """What somebody says of a course. What is left open (None) is as its schedule says, where it has one."""

    preset_id: PresetId | None = None
    drug: Drug | None = None
    route: Route | None = None
    indication: str = ""
    notes: str = ""
    start_date: date | None = None
    planned_sessions: int | None = None
    baseline_window_days: int = BASELINE_WINDOW


def filled_in(body: CourseBody) -> CourseBody:
    """The body with what its schedule says in the places that were left open."""
    preset = PRESETS.get(body.preset_id) if body.preset_id else None
    if preset is None:
        return body
    return replace(
        body,
        drug=body.drug or preset.drug,
        route=body.route or preset.route,
        planned_sessions=body.planned_sessions or induction_length(preset),
    )


def induction_length(preset: Preset) -> int | None:
    """How many sessions the induction of a schedule has; None where nothing is published."""
    return sum(one.count for one in preset.stretches if one.phase is Phase.INDUCTION) or None


def check_course(body: CourseBody, *, today: date) -> Drug:
    """What is given in it. Refuses all at once that a course cannot say: ``drug_missing``, ``out_of_range``, …"""
    problems = []
    if body.drug is None:
        problems.append(Refused("drug_missing", field="drug"))
    if len(body.indication) > INDICATION_LENGTH:
        problems.append(Refused("text_too_long", field="indication", most=INDICATION_LENGTH))
    if len(body.notes) > NOTE_LENGTH:
        problems.append(Refused("note_too_long", field="notes", over=len(body.notes) - NOTE_LENGTH))
    if body.planned_sessions is not None and not 1 <= body.planned_sessions <= SESSIONS_MOST:
        problems.append(Refused("out_of_range", field="planned_sessions", low=1, high=SESSIONS_MOST))
    low, high = BASELINE_WINDOW_LEAST, BASELINE_WINDOW_MOST
    if not low <= body.baseline_window_days <= high:
        problems.append(Refused("out_of_range", field="baseline_window_days", low=low, high=high))
    starts = body.start_date
    if starts is not None and not today - REACHES_BACK <= starts <= today + REACHES_AHEAD:
        problems.append(Refused("day_out_of_reach", field="start_date", year=starts.year))
    if problems or body.drug is None:
        raise RefusedFields(problems)
    return body.drug
