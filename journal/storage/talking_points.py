"""What the list of things to talk about asks of check-ins, and nothing else does. No word is opened for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain.consents import Scope, Sight
from journal.domain.talking_points import DayDetail, StarredNote
from journal.storage.checkins import CheckIn


def starred_notes_seen(db: Session, patient_id: int, *, sight: Sight, since: date) -> list[StarredNote]:
    """The notes of days from ``since`` on that are starred and shared; nothing without ``notes``.

    A private one leaves no trace, to whomever: starred or not, it is no row of this.
    """
    if not sight.opens(Scope.NOTES):
        return []
    rows = db.execute(
        sa.select(CheckIn.public_id, CheckIn.local_date)
        .where(
            CheckIn.patient_id == patient_id,
            CheckIn.local_date >= _from(since, sight),
            CheckIn.starred,
            CheckIn.note_shared,
            CheckIn.note.is_not(None),
        )
        .order_by(CheckIn.local_date, CheckIn.id)
    )
    return [StarredNote(check_in_id, local_date) for check_in_id, local_date in rows]


def day_details_seen(
    db: Session, patient_id: int, *, first: date, last: date, sight: Sight
) -> list[DayDetail]:
    """When each day of ``first`` to ``last`` began, and how much company it had; nothing without ``scores``.

    Each is the one in the latest check-in of the day that has it; days that say neither are left out.
    """
    if not sight.opens(Scope.SCORES):
        return []
    rows = db.execute(
        sa.select(CheckIn.local_date, CheckIn.wake_time, CheckIn.social)
        .where(
            CheckIn.patient_id == patient_id,
            CheckIn.local_date.between(_from(first, sight), last),
            sa.or_(CheckIn.wake_time.is_not(None), CheckIn.social.is_not(None)),
        )
        .order_by(CheckIn.local_date, CheckIn.recorded_at, CheckIn.id)
    )
    days: dict[date, DayDetail] = {}
    for local_date, wake_time, social in rows:
        day = days.get(local_date, DayDetail(local_date))
        if wake_time is not None:
            day = replace(day, wake_time=time.fromisoformat(wake_time))
        if social is not None:
            day = replace(day, social=social)
        days[local_date] = day
    return list(days.values())


def _from(first: date, sight: Sight) -> date:
    return first if sight.visible_from is None else max(first, sight.visible_from)
