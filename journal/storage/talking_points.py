"""What the list of things to talk about asks of check-ins, and nothing else does. No word is opened for it."""

from __future__ import annotations

from datetime import date, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain.consents import Scope, Sight
from journal.domain.talking_points import DayDetail, StarredNote
from journal.storage.checkins import AskedLater, CheckIn
from journal.storage.prepared import Question

_DAY_ANSWERS = Question(
    sa.select(CheckIn.local_date, CheckIn.wake_time, CheckIn.social, CheckIn.detached, CheckIn.elevated)
    .where(
        CheckIn.patient_id == sa.bindparam("patient_id"),
        CheckIn.local_date.between(
            sa.bindparam("first", type_=sa.Date()), sa.bindparam("last", type_=sa.Date())
        ),
        sa.or_(
            CheckIn.wake_time.is_not(None),
            CheckIn.social.is_not(None),
            sa.and_(
                CheckIn.local_date >= sa.bindparam("asked_from", type_=sa.Date()),
                sa.or_(CheckIn.detached.is_not(None), CheckIn.elevated.is_not(None)),
            ),
        ),
    )
    .order_by(CheckIn.local_date, CheckIn.recorded_at, CheckIn.id)
)


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
    return day_answers_seen(db, patient_id, first=first, last=last, asked_from=date.max, sight=sight)[0]


def day_answers_seen(
    db: Session, patient_id: int, *, first: date, last: date, asked_from: date, sight: Sight
) -> tuple[list[DayDetail], list[AskedLater]]:
    """The same, and from ``asked_from`` on what ``checkins.asked_later_for`` says, in one statement."""
    if not sight.opens(Scope.SCORES):
        return [], []
    asked = {"patient_id": patient_id, "first": _from(first, sight), "last": last, "asked_from": asked_from}
    details: dict[date, DayDetail] = {}
    later: dict[date, AskedLater] = {}
    for local_date, wake_time, social, detached, elevated in _DAY_ANSWERS.rows(db, asked):
        if wake_time is not None or social is not None:
            before = details.get(local_date)
            woke = None if wake_time is None else time.fromisoformat(wake_time)
            if before is not None:
                woke = before.wake_time if woke is None else woke
                social = before.social if social is None else social
            details[local_date] = DayDetail(local_date, woke, social)
        if local_date >= asked_from and (detached is not None or elevated is not None):
            known = later.get(local_date, AskedLater(local_date, None, None))
            later[local_date] = AskedLater(
                local_date, _higher(known.detached, detached), _higher(known.elevated, elevated)
            )
    return list(details.values()), list(later.values())


def _higher(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else max(one, other)


def _from(first: date, sight: Sight) -> date:
    return first if sight.visible_from is None else max(first, sight.visible_from)
