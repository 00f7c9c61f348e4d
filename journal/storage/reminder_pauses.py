"""When a patient's reminders were paused: dates beside the rule, which itself knows only of the present pause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.pauses import Pause
from journal.storage.base import Base, Identified, new_public_id
from journal.storage.prepared import Among


class ReminderPause(Identified, Base):
    """One pause, both dates included and paused. ``last_on`` lies ahead while it goes on."""

    __tablename__ = "reminder_pause"
    __table_args__ = (
        sa.UniqueConstraint("patient_id", "first_on"),
        sa.CheckConstraint("first_on <= last_on", name="first_before_last"),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    first_on: Mapped[date]
    last_on: Mapped[date]


_TABLE: sa.Table = ReminderPause.__table__  # type: ignore[assignment,explicit-any]
_OF_PATIENTS = Among(
    _TABLE.c.patient_id,
    lambda is_one_of_them: (
        sa.select(_TABLE.c.patient_id, _TABLE.c.first_on, _TABLE.c.last_on)
        .where(is_one_of_them, _TABLE.c.last_on >= sa.bindparam("since", type_=sa.Date()))
        .order_by(_TABLE.c.patient_id, _TABLE.c.first_on)
    ),
)


def pauses_of(db: Session, patient_id: int, *, since: date = date.min) -> tuple[Pause, ...]:
    """The pauses of a patient that were not over before ``since``, in order; the present one may end ahead."""
    return pauses_of_all(db, [patient_id], since=since).get(patient_id, ())


def pauses_of_all(
    db: Session, patient_ids: Collection[int], *, since: date = date.min
) -> dict[int, tuple[Pause, ...]]:
    """The same for many patients at once; who never paused is not in it."""
    found: dict[int, list[Pause]] = defaultdict(list)
    for patient_id, first_on, last_on in _OF_PATIENTS.rows(db, patient_ids, {"since": since}):
        found[patient_id].append(Pause(first=first_on, last=last_on))
    return {patient_id: tuple(pauses) for patient_id, pauses in found.items()}


def open_pause_of(db: Session, patient_id: int, *, today: date) -> Pause | None:
    """The pause that the patient is in on ``today``."""
    return next(iter(pauses_of(db, patient_id, since=today)), None)


def replace_pause(db: Session, patient_id: int, before: Pause | None, after: Pause | None) -> None:
    """Put ``after`` in the place of ``before``: None for a pause that was not there yet, or that is no more."""
    if before is not None:
        is_this = (_TABLE.c.patient_id == patient_id, _TABLE.c.first_on == before.first)
        if after is None:
            db.execute(sa.delete(_TABLE).where(*is_this))
        else:
            db.execute(sa.update(_TABLE).where(*is_this).values(first_on=after.first, last_on=after.last))
    elif after is not None:
        keep_pauses(db, patient_id, [after])


def replace_pauses(db: Session, patient_id: int, pauses: Collection[Pause]) -> None:
    """Put these in the place of all that there were."""
    db.execute(sa.delete(_TABLE).where(_TABLE.c.patient_id == patient_id))
    keep_pauses(db, patient_id, pauses)


def keep_pauses(db: Session, patient_id: int, pauses: Collection[Pause]) -> None:
    """Add pauses that were not there."""
    db.add_all(
        ReminderPause(
            public_id=new_public_id(), patient_id=patient_id, first_on=pause.first, last_on=pause.last
        )
        for pause in pauses
    )
    db.flush()
