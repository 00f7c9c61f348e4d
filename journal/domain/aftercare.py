"""Before and after a treatment session: which of its pages and questions are open on which day.

When aftercare ends, and when messages come, is said in ``journal.domain.reminder_prompts``; the words of the pages come
from the clinic's template.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from journal.domain.clinical_limits import DISSOCIATION_LASTS, REFLECTION_DAYS
from journal.domain.reminder_prompts import SessionDay, aftercare_ends
from journal.domain.side_effects import latest_asking
from journal.domain.treatment_records import TreatmentRecord
from journal.domain.treatments import GIVEN, Status, TreatmentSession

SMALL_STEP_SHOWN_AFTER = (3, 7, 14)
"""Days after a session on which its small step is shown again."""

_DAY = timedelta(days=1)


# Before ---------------------------------------------------------------------------------------------------------------


def before_is_open(treatment: TreatmentSession, today: date) -> bool:
    """Whether the page before a session can be filled in: from when it is planned, its own day included."""
    return treatment.status is Status.PLANNED and treatment.local_date >= today


@dataclass(frozen=True, slots=True)
class Ticked:
    """“2 of 5 done”."""

    done: int
    of: int


def ticked(template: Sequence[str], record: TreatmentRecord) -> Ticked:
    """How many items of the clinic's present template (their ids) are ticked; what it no longer asks does not count."""
    return Ticked(done=len(set(template) & set(record.checklist)), of=len(set(template)))


# After ----------------------------------------------------------------------------------------------------------------


class Card(StrEnum):
    """What stands first on the page of a day."""

    SESSION_DAY = "session_day"
    DAY_AFTER = "day_after"


def card_on(given: Iterable[SessionDay], local_date: date) -> Card | None:
    """The aftercare card: on the day of a session, and on the next, when driving waits for a night's sleep."""
    days = {(local_date - one.local_date).days for one in given}
    if 0 in days:
        return Card.SESSION_DAY
    return Card.DAY_AFTER if 1 in days else None


def reflection_is_open(
    treatment: TreatmentSession, day: SessionDay, *, zone: str, today: date, now: datetime
) -> bool:
    """Whether the page after a given session can be filled in: from the end of aftercare, for a week after its day."""
    return (
        treatment.status in GIVEN
        and now >= aftercare_ends(day, zone)
        and today <= day.local_date + int(REFLECTION_DAYS.value) * _DAY
    )


@dataclass(frozen=True, slots=True)
class SmallStep:
    """A step somebody wanted to take, and how many days ago its session was."""

    treatment: str
    text: str
    days_on: int


def small_steps_on(steps: Iterable[tuple[SessionDay, str]], today: date) -> list[SmallStep]:
    """The steps that are shown again ``today``, that of the latest session first; empty ones are no steps."""
    found = [
        SmallStep(day.id, text, (today - day.local_date).days)
        for day, text in steps
        if text.strip() and (today - day.local_date).days in SMALL_STEP_SHOWN_AFTER
    ]
    return sorted(found, key=lambda step: (step.days_on, step.treatment))


# Dissociation ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class DissociationAsked:
    """What a check-in asks about feeling detached.

    ``peak_of``: the session whose strongest moment, and whether it has gone, is asked about; ``lasting``: sessions
    of which it had not gone when last asked; ``daily``: whether the day's own item is on the form.
    """

    peak_of: str | None
    lasting: tuple[str, ...]
    daily: bool


def dissociation_asked_on(
    local_date: date,
    given: Sequence[tuple[SessionDay, TreatmentRecord]],
    *,
    always_daily: bool,
    zone: str,
    now: datetime,
) -> DissociationAsked:
    """What a check-in about ``local_date`` asks, after the sessions that were ``given``.

    The strongest moment once, at the first check-in after the session, up to two days on. While the feeling has not
    gone it is asked about again from the day after on, with the day's own item; a provider can turn that on for good.
    """
    latest = latest_asking(local_date, (day for day, _record in given), zone=zone, now=now)
    open_peaks = {day.id for day, record in given if record.dissociation_peak is None}
    lasting = tuple(
        day.id for day, record in given if record.dissociation_lasts and day.local_date < local_date
    )
    return DissociationAsked(
        peak_of=latest.id if latest is not None and latest.id in open_peaks else None,
        lasting=lasting,
        daily=always_daily or bool(lasting),
    )


def dissociation_lasted(day: SessionDay, record: TreatmentRecord, *, zone: str, now: datetime) -> bool:
    """Whether it lasted longer than 24 hours, or has not gone that long after the session: then the clinic is told.

    Where the session's end is not known, the hours count from the end that aftercare takes for it.
    """
    if record.dissociation_resolved_min is not None:
        return record.dissociation_resolved_min > DISSOCIATION_LASTS.value
    begin = day.ended_at or aftercare_ends(day, zone)
    return record.dissociation_lasts and now - begin > timedelta(minutes=int(DISSOCIATION_LASTS.value))
