"""Ketamine treatment sessions: their states and routes, how they are numbered, and days counted from them.

Calendars of courses, the rest of the record, doses and side effects have modules of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from journal.domain.days import local_day, resolve_wall_time
from journal.domain.errors import Refused, RefusedFields
from journal.domain.insight_limits import BASELINE_DAYS

NOTE_LENGTH = 4_000
REACHES_BACK = timedelta(days=3653)
REACHES_AHEAD = timedelta(days=731)
"""A session lies within these of today; anything beyond is a slip of the finger in the year."""

BASELINE_WINDOW = int(BASELINE_DAYS.value)
BASELINE_WINDOW_LEAST, BASELINE_WINDOW_MOST = 7, 28
"""Days before the first session that a course is held against, where nobody chose otherwise, and what can be chosen."""


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


class Drug(StrEnum):
    """What is given in a course."""

    KETAMINE_RACEMIC = "ketamine_racemic"
    ESKETAMINE = "esketamine"
    ARKETAMINE = "arketamine"
    OTHER = "other"


class Phase(StrEnum):
    """Where a course stands; a provider changes it, never a rule."""

    PLANNED = "planned"
    INDUCTION = "induction"
    MAINTENANCE = "maintenance"
    PAUSED = "paused"
    ENDED = "ended"


class PresetId(StrEnum):
    """The name under which a schedule is kept with a course."""

    IV_6X_2WK = "iv_6x_2wk"
    IV_6X_2WK_PLUS_WEEKLY4 = "iv_6x_2wk_plus_weekly4"
    IV_6X_3WK = "iv_6x_3wk"
    IV_6X_21D = "iv_6x_21d"
    IV_4X_2WK = "iv_4x_2wk"
    IV_8X_4WK = "iv_8x_4wk"
    IV_CUSTOM = "iv_custom"
    ESK_TRD = "esk_trd"
    ESK_MDD_SI = "esk_mdd_si"
    SL_HOME_4WK = "sl_home_4wk"
    ORAL_CUSTOM = "oral_custom"
    IM_CUSTOM = "im_custom"


class Source(StrEnum):
    """Who recorded it; always shown beside it."""

    PATIENT = "patient_reported"
    CLINICIAN = "clinician_recorded"


@dataclass(frozen=True, slots=True)
class Course:
    """A series of treatment sessions. ``planned_sessions`` is the induction's length, if one was agreed.

    ``baseline_window_days``: how many days before the first session what follows is held against.
    """

    public_id: str
    phase: Phase
    indication: str
    default_route: Route | None
    planned_sessions: int | None
    start_date: date | None
    end_date: date | None
    drug: Drug = Drug.KETAMINE_RACEMIC
    preset_id: PresetId | None = None
    notes: str = ""
    baseline_window_days: int = BASELINE_WINDOW


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

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether a clinician recorded it who is nobody here: in a journal that was put back from a copy."""
        return self.source is Source.CLINICIAN and self.by_provider_id is None

    def is_kept_by(self, side: Collection[int] | None) -> bool:
        """Whether those who keep a course may move it: ``side`` are the providers of a clinic, None a patient alone.

        What was planned elsewhere would be nobody's, and stay planned for ever: it is whose the course is now.
        """
        return side is None or self.by_provider_id in side or self.is_from_elsewhere


@dataclass(frozen=True, slots=True)
class TreatmentBody:
    """What somebody says about one session. ``at`` is the wall time of its start where the writer is, if known."""

    local_date: date
    status: Status
    at: time | None = None
    route: Route | None = None
    note: str = ""
    note_shared: bool = False


@dataclass(frozen=True, slots=True)
class Placed:
    """When a session starts: the date where the patient lives, and the instant if its time is known."""

    local_date: date
    started_at: datetime | None


def place(body: TreatmentBody, *, zone: str, home: str) -> Placed:
    """Read the body's date and time in ``zone`` (the writer's) and say which date that is at the patient's ``home``.

    Without a time the date stands as written: nobody can say on which side of midnight it was elsewhere.
    """
    if body.at is None:
        return Placed(local_date=body.local_date, started_at=None)
    started_at = resolve_wall_time(body.local_date, body.at, zone)
    return Placed(local_date=local_day(started_at, home), started_at=started_at)


def check(body: TreatmentBody, *, zone: str, home: str, now: datetime) -> Placed:
    """Where the session lies in time; refuse (everything at once, as :class:`RefusedFields`) what cannot be so.

    A planned session is today or later; one that took place, was stopped or was missed is not still ahead.
    """
    problems = []
    if len(body.note) > NOTE_LENGTH:
        problems.append(Refused("note_too_long", field="note", over=len(body.note) - NOTE_LENGTH))
    today = local_day(now, home)
    if not today - REACHES_BACK <= body.local_date <= today + REACHES_AHEAD:
        problems.append(Refused("day_out_of_reach", field="local_date", year=body.local_date.year))
        raise RefusedFields(problems)
    placed = place(body, zone=zone, home=home)
    ahead = placed.local_date > today or (placed.started_at is not None and placed.started_at > now)
    if body.status is Status.PLANNED and placed.local_date < today:
        problems.append(Refused("planned_day_past", field="local_date"))
    elif body.status in GIVEN | {Status.MISSED} and ahead:
        problems.append(Refused("session_still_ahead", field="local_date"))
    if problems:
        raise RefusedFields(problems)
    return placed


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


def days_between(given: Sequence[Marker]) -> list[int]:
    """Whole days from each given session to the next, in date order; empty before the second one."""
    return [(after.local_date - before.local_date).days for before, after in pairwise(given)]


def next_planned(treatments: Iterable[TreatmentSession], today: date) -> TreatmentSession | None:
    """The nearest planned session from ``today`` on."""
    ahead = [t for t in treatments if t.status is Status.PLANNED and t.local_date >= today]
    return min(ahead, key=lambda t: t.local_date, default=None)


def recorded_twice(treatments: Iterable[TreatmentSession]) -> frozenset[date]:
    """The dates that both the patient and a clinician have a record of. Both stay; on charts they count once."""
    sources: dict[date, set[Source]] = {}
    for treatment in treatments:
        if treatment.status is not Status.CANCELLED:
            sources.setdefault(treatment.local_date, set()).add(treatment.source)
    return frozenset(day for day, found in sources.items() if len(found) > 1)


def given_in_course(given_on: Iterable[date], course: Course) -> int | None:
    """How many of ``given_on`` belong to ``course``; None where nobody has said when it began."""
    if course.start_date is None:
        return None
    return sum(1 for day in set(given_on) if day >= course.start_date)


def first_of_course(given_on: Iterable[date], course: Course | None) -> date | None:
    """The first session of the present course, which what came before it is held against; of all, without dates."""
    begins = course.start_date if course is not None else None
    return min((day for day in given_on if begins is None or day >= begins), default=None)
