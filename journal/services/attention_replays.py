"""Trying a clinic's rules on the past of one provider's own patients, some at a time, each through their consent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from journal.domain.attention import Kind, Shown
from journal.domain.attention_replays import replay
from journal.domain.consents import Sight
from journal.domain.days import local_day
from journal.domain.side_effects import SideEffect
from journal.services.insights import read_history
from journal.storage import caseloads, side_effects
from journal.storage.patients import Patient

AT_ONCE = 20
"""People looked at for one page: each is read whole, and looked at once for every day."""


@dataclass(frozen=True, slots=True)
class WouldHave:
    """One person who would have been listed: on which dates by which rule, and on how many dates by any."""

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
    people = caseloads.readable_by(db, provider_id, now=now, limit=AT_ONCE, offset=(page - 1) * AT_ONCE)
    found = []
    for patient, sight in people:
        dates = _of(db, patient, sight, shown, days=days, now=now)
        if dates:
            found.append(
                WouldHave(
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
    db: Session, patient: Patient, sight: Sight, shown: Shown, *, days: int, now: datetime
) -> dict[Kind, list[date]]:
    today = local_day(now, patient.zone)
    return replay(
        read_history(db, patient, sight, until=today),
        side_effects.side_effects_seen(db, patient.id, sight),
        shown,
        first=today - timedelta(days=days - 1),
        resolved_on=partial(_resolved_on, zone=patient.zone),
    )


def _resolved_on(effect: SideEffect, *, zone: str) -> date | None:
    return None if effect.resolved_at is None else local_day(effect.resolved_at, zone)
