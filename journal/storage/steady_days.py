"""The steady days that a provider chose for a course: what its mood is held against from then on."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.storage.base import Base
from journal.storage.courses import Course


class SteadyDays(Base):
    """From ``first`` to ``last``, both included. Without a row the rule chooses (``journal.domain.control_charts``)."""

    __tablename__ = "steady_days"
    __table_args__ = (sa.CheckConstraint("last >= first", name="ends_after_start"),)

    course_id: Mapped[int] = mapped_column(
        sa.ForeignKey("course.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    first: Mapped[date]
    last: Mapped[date]
    by_provider_id: Mapped[int | None] = mapped_column(sa.ForeignKey("provider.id", ondelete="SET NULL"))
    chosen_at: Mapped[datetime]


def steady_days_of(db: Session, patient_id: int) -> dict[str, tuple[date, date]]:
    """The chosen days of each of a patient's courses that has some, by the course's public id."""
    rows = db.execute(
        sa.select(Course.public_id, SteadyDays.first, SteadyDays.last)
        .join(SteadyDays, SteadyDays.course_id == Course.id)
        .where(Course.patient_id == patient_id)
    )
    return {course: (first, last) for course, first, last in rows}


def put_steady_days(
    db: Session,
    patient_id: int,
    course_public_id: str,
    days: tuple[date, date] | None,
    *,
    by_provider_id: int,
    now: datetime,
) -> None:
    """Let these be the steady days of a course; None lets the rule choose again."""
    course_id = db.scalars(
        sa.select(Course.id).where(Course.patient_id == patient_id, Course.public_id == course_public_id)
    ).one()
    db.execute(sa.delete(SteadyDays).where(SteadyDays.course_id == course_id))
    if days is not None:
        first, last = days
        db.execute(
            sa.insert(SteadyDays).values(
                course_id=course_id, first=first, last=last, by_provider_id=by_provider_id, chosen_at=now
            )
        )
