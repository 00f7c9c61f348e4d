"""Trying a clinic's rules on the past of one provider's own patients, some at a time, each through their consent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

from sqlalchemy.orm import Session

from journal.domain.attention import Kind, Shown
from journal.domain.attention_replays import replay
from journal.domain.consents import Sight
from journal.domain.days import local_day, resolve_wall_time
from journal.domain.long_term_flags import LongTermFlag
from journal.domain.side_effects import SideEffect
from journal.services import long_term_flags
from journal.services.insights import read_history
from journal.services.long_term_flags import Facts
from journal.storage import caseloads, clinics, side_effects
from journal.storage.patients import Patient

AT_ONCE = 20
"""People looked at for one page: each is read whole, and looked at once for every day."""


@dataclass(frozen=True, slots=True)
class WouldHave:
    """One person who would have been listed: on which dates by which rule, and on how many dates by any."""

    patient_id: int
    public_id: str
    name: str
    dates: Mapping[Kind, tuple[date, ...]]
    days: int


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it. ``looked_at`` people from the ``start``-th (1 for the first) of ``people``."""

    listed: tuple[WouldHave, ...]
    start: int
    looked_at: int
    people: int

    @property
    def has_more(self) -> bool:
        """Whether there are people beyond these."""
        return self.start - 1 + self.looked_at < self.people


def try_on_the_past(
    db: Session, provider_id: int, shown: Shown, *, days: int, page: int, now: datetime
) -> Tried:
    """Which of a provider's patients, by name, ``shown`` would have listed over the last ``days`` dates up to today."""
    clinic_id = clinics.workplace_of(db, provider_id).clinic_id
    people = caseloads.readable_by(db, provider_id, now=now, limit=AT_ONCE, offset=(page - 1) * AT_ONCE)
    found = []
    for patient, sight in people:
        dates = _of(db, patient, sight, shown, clinic_id=clinic_id, days=days, now=now)
        if dates:
            found.append(
                WouldHave(
                    patient.id,
                    patient.public_id,
                    patient.display_name,
                    {kind: tuple(those) for kind, those in dates.items()},
                    len({day for those in dates.values() for day in those}),
                )
            )
    found.sort(key=lambda one: -one.days)
    return Tried(
        listed=tuple(found),
        start=(page - 1) * AT_ONCE + 1,
        looked_at=len(people),
        people=caseloads.count_readable_by(db, provider_id, now=now),
    )


def _of(
    db: Session,
    patient: Patient,
    sight: Sight,
    shown: Shown,
    *,
    clinic_id: int,
    days: int,
    now: datetime,
) -> dict[Kind, list[date]]:
    today = local_day(now, patient.zone)
    first = today - timedelta(days=days - 1)
    history = read_history(db, patient, sight, until=today)
    facts = None
    if shown.shows(Kind.WATCHED):
        facts = long_term_flags.facts_seen(
            db, patient, sight, clinic_id=clinic_id, now=now, days=history.days, since=first
        )
    return replay(
        history,
        side_effects.side_effects_seen(db, patient.id, sight),
        shown,
        first=first,
        resolved_on=partial(_resolved_on, zone=patient.zone),
        reported_on=partial(_reported_on, facts, zone=patient.zone, now=now),
    )


def _resolved_on(effect: SideEffect, *, zone: str) -> date | None:
    return None if effect.resolved_at is None else local_day(effect.resolved_at, zone)


def _reported_on(facts: Facts | None, on: date, *, zone: str, now: datetime) -> list[LongTermFlag]:
    """As a day that is over looked at its end, and today as it is."""
    if facts is None:
        return []
    ends = resolve_wall_time(on + timedelta(days=1), time(0), zone) - timedelta(microseconds=1)
    return [
        one.flag for one in long_term_flags.flags_of(long_term_flags.facts_on(facts, on, now=min(ends, now)))
    ]
