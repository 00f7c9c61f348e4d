"""Talk-therapy and follow-up visits."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from journal.storage.base import Base, Identified, one_of


class AppointmentKind(StrEnum):
    """What the visit is."""

    THERAPY = "therapy"
    FOLLOW_UP = "follow_up"
    OTHER = "other"


class AppointmentStatus(StrEnum):
    """Where the visit stands."""

    PLANNED = "planned"
    KEPT = "kept"
    CANCELLED = "cancelled"


class Appointment(Identified, Base):
    """A visit, made by either side. Without a provider it is the patient's own note of one."""

    __tablename__ = "appointment"
    __table_args__ = (
        one_of("kind", AppointmentKind),
        one_of("status", AppointmentStatus),
        sa.Index("ix_appointment_provider_time", "provider_id", "starts_at"),
        sa.Index("ix_appointment_patient_time", "patient_id", "starts_at"),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    provider_id: Mapped[int | None] = mapped_column(sa.ForeignKey("provider.id"))
    clinic_id: Mapped[int | None] = mapped_column(sa.ForeignKey("clinic.id"))
    starts_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(sa.String(16))
    status: Mapped[str] = mapped_column(sa.String(16))
    made_at: Mapped[datetime]
