"""The help panel of one questionnaire: whether it was answered and closed. What was answered is sealed.

When it was shown is in ``audit``, without what it was about. Nobody but its owner's acts is kept here: the page with
the crisis lines, which anybody can open at any time, writes nothing at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.safety_flags import RightNow
from journal.storage.assessments import Assessment
from journal.storage.base import Base, Identified, new_public_id
from journal.storage.sealing import patient_sealer

_COLUMN = "help_panel.right_now"


class HelpPanel(Identified, Base):
    """One a questionnaire, from the first answer that opened it. ``right_now`` holds what was answered, if anything."""

    __tablename__ = "help_panel"
    __table_args__ = (
        sa.CheckConstraint("(right_now IS NULL) = (answered_at IS NULL)", name="answered_at_a_time"),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), index=True)
    assessment_id: Mapped[int] = mapped_column(
        sa.ForeignKey("assessment.id", ondelete="CASCADE"), unique=True
    )
    opened_at: Mapped[datetime]
    right_now: Mapped[bytes | None]
    answered_at: Mapped[datetime | None]
    dismissed_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class KeptPanel:
    """A panel as it is kept."""

    public_id: str
    patient_id: int
    right_now: RightNow | None
    answered_at: datetime | None
    is_closed: bool


def panel_of(db: Session, assessment_id: int) -> KeptPanel | None:
    """The panel of a questionnaire, if it was ever opened."""
    row = _row(db, assessment_id)
    if row is None:
        return None
    return KeptPanel(
        public_id=row.public_id,
        patient_id=row.patient_id,
        right_now=said_on(db, row),
        answered_at=row.answered_at,
        is_closed=row.dismissed_at is not None,
    )


def said_on(db: Session, row: HelpPanel) -> RightNow | None:
    """What was answered on a panel."""
    if row.right_now is None:
        return None
    sealer = patient_sealer(db, row.patient_id)
    return RightNow(sealer.open(row.right_now, column=_COLUMN, row=row.public_id))


def open_panel(db: Session, patient_id: int, assessment_id: int, *, now: datetime) -> None:
    """Open a questionnaire's panel, or open it again."""
    again = db.execute(
        sa.update(HelpPanel).where(HelpPanel.assessment_id == assessment_id).values(dismissed_at=None)
    )
    if not again.rowcount:  # type: ignore[attr-defined]
        db.execute(
            sa.insert(HelpPanel).values(
                public_id=new_public_id(), patient_id=patient_id, assessment_id=assessment_id, opened_at=now
            )
        )


def put_answer(
    db: Session, panel: KeptPanel, *, assessment_id: int, right_now: RightNow, now: datetime
) -> None:
    """Keep what was answered, and leave the panel open."""
    sealed = patient_sealer(db, panel.patient_id).seal(right_now.value, column=_COLUMN, row=panel.public_id)
    db.execute(
        sa.update(HelpPanel)
        .where(HelpPanel.assessment_id == assessment_id)
        .values(right_now=sealed, answered_at=now, dismissed_at=None)
    )


def close_panel(db: Session, assessment_id: int, *, now: datetime) -> None:
    """Its reader closed it."""
    db.execute(sa.update(HelpPanel).where(HelpPanel.assessment_id == assessment_id).values(dismissed_at=now))


def answered_since(db: Session, patient_id: int, *, since: datetime) -> RightNow | None:
    """What a patient answered last on any panel since an instant."""
    row = db.scalar(
        sa.select(HelpPanel)
        .where(HelpPanel.patient_id == patient_id, HelpPanel.answered_at >= since)
        .order_by(HelpPanel.answered_at.desc(), HelpPanel.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )
    return None if row is None else said_on(db, row)


def left_open(db: Session, patient_id: int, *, since: datetime) -> str | None:
    """The public id of the questionnaire whose panel was opened or answered last since an instant, and never closed."""
    used_at = sa.func.coalesce(HelpPanel.answered_at, HelpPanel.opened_at)
    return db.scalar(
        sa.select(Assessment.public_id)
        .join(HelpPanel, HelpPanel.assessment_id == Assessment.id)
        .where(
            HelpPanel.patient_id == patient_id,
            HelpPanel.dismissed_at.is_(None),
            sa.or_(HelpPanel.answered_at >= since, HelpPanel.opened_at >= since),
        )
        .order_by(used_at.desc(), HelpPanel.id.desc())
        .limit(1)
    )


def _row(db: Session, assessment_id: int) -> HelpPanel | None:
    return db.scalar(
        sa.select(HelpPanel)
        .where(HelpPanel.assessment_id == assessment_id)
        .execution_options(populate_existing=True)
    )
