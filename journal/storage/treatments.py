"""Courses and treatment sessions."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from journal.domain.treatments import Phase, Route, Source, Status
from journal.storage.base import Base, Identified, one_of


class Course(Identified, Base):
    """A series of treatment sessions. What it treats is sealed."""

    __tablename__ = "course"
    __table_args__ = (one_of("phase", Phase), one_of("default_route", Route))

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), index=True)
    phase: Mapped[str] = mapped_column(sa.String(16))
    indication: Mapped[bytes | None]
    default_route: Mapped[str | None] = mapped_column(sa.String(16))
    planned_sessions: Mapped[int | None]
    start_date: Mapped[date | None]
    end_date: Mapped[date | None]
    created_at: Mapped[datetime]


class TreatmentSession(Identified, Base):
    """One ketamine appointment; ``local_date`` is the date of its start where the patient lives."""

    __tablename__ = "treatment_session"
    __table_args__ = (
        one_of("status", Status),
        one_of("route", Route),
        one_of("source", Source),
        sa.Index("ix_treatment_session_patient_day", "patient_id", "local_date"),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id", ondelete="SET NULL"))
    local_date: Mapped[date]
    started_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(sa.String(16))
    route: Mapped[str | None] = mapped_column(sa.String(16))
    note: Mapped[bytes | None]
    note_shared: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(sa.String(24))
    by_provider_id: Mapped[int | None] = mapped_column(sa.ForeignKey("provider.id"))
    version: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[datetime]
