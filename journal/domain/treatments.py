"""Ketamine treatment sessions: their states and routes, how they are numbered, and days counted from them.

Doses, vitals, side effects and course calendars are not here yet; nothing may ever pool or convert doses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

NOTE_LENGTH = 4_000
LABEL_LENGTH = 120


class Status(StrEnum):
    """Where a treatment session stands."""

    PLANNED = "planned"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    MISSED = "missed"
    STOPPED_EARLY = "stopped_early"


GIVEN = frozenset({Status.COMPLETED, Status.STOPPED_EARLY})
"""The drug was given: these, and only these, are markers on charts and day 0 of anything."""


class Route(StrEnum):
    """How the drug was taken. Doses by different routes are never pooled or converted."""

    IV = "iv"
    IM = "im"
    SC = "sc"
    IN_ESKETAMINE = "in_esketamine"
    IN_RACEMIC = "in_racemic"
    ORAL = "oral"
    SUBLINGUAL = "sublingual"
    BUCCAL = "buccal"
    OTHER = "other"


class Phase(StrEnum):
    """Where a course stands; a provider changes it, never a rule."""

    PLANNED = "planned"
    INDUCTION = "induction"
    MAINTENANCE = "maintenance"
    PAUSED = "paused"
    ENDED = "ended"


class Source(StrEnum):
    """Who recorded it; always shown beside it."""

    PATIENT = "patient_reported"
    CLINICIAN = "clinician_recorded"


@dataclass(frozen=True, slots=True)
class Course:
    """A series of treatment sessions. ``planned_sessions`` is the induction's length, if one was agreed."""

    public_id: str
    phase: Phase
    indication: str
    default_route: Route | None
    planned_sessions: int | None
    start_date: date | None
    end_date: date | None


@dataclass(frozen=True, slots=True)
class TreatmentSession:
    """One ketamine appointment. ``started_at`` is None where only its date is known."""

    public_id: str
    local_date: date
    started_at: datetime | None
    status: Status
    route: Route | None
    source: Source
    note: str = ""
    note_shared: bool = False
    by_provider_id: int | None = None
    version: int = 1


@dataclass(frozen=True, slots=True)
class Marker:
    """A session as charts draw it: its day and its short label, S1, S2, …"""

    local_date: date
    label: str


def markers(treatments: Iterable[TreatmentSession]) -> list[Marker]:
    """The sessions that were given, in date order, numbered from 1; two records of one date count as one."""
    days = sorted({treatment.local_date for treatment in treatments if treatment.status in GIVEN})
    return [Marker(local_date=day, label=f"S{number}") for number, day in enumerate(days, start=1)]


def days_since_last(treatments: Iterable[TreatmentSession], today: date) -> int | None:
    """Whole days from the latest given session up to ``today``; None before the first one."""
    given = [t.local_date for t in treatments if t.status in GIVEN and t.local_date <= today]
    return (today - max(given)).days if given else None


def next_planned(treatments: Iterable[TreatmentSession], today: date) -> TreatmentSession | None:
    """The nearest planned session from ``today`` on."""
    ahead = [t for t in treatments if t.status is Status.PLANNED and t.local_date >= today]
    return min(ahead, key=lambda t: t.local_date, default=None)
