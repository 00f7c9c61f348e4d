"""Talk-therapy and follow-up visits: the table, and every question asked of it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.storage.base import Base, Identified, one_of
from journal.storage.clinics import Provider


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


@dataclass(frozen=True, slots=True)
class Visit:
    """One appointment. ``clinic_id`` is set where a provider made it: then it is the clinic's to change."""

    public_id: str
    patient_id: int
    provider_id: int | None
    provider_name: str
    clinic_id: int | None
    starts_at: datetime
    kind: AppointmentKind
    status: AppointmentStatus


_VISITS = sa.select(Appointment, Provider.display_name).outerjoin(
    Provider, Provider.id == Appointment.provider_id
)


def appointments_of(db: Session, patient_id: int) -> list[Visit]:
    """Every appointment of a patient, the latest first."""
    rows = db.execute(
        _VISITS.where(Appointment.patient_id == patient_id).order_by(Appointment.starts_at.desc())
    )
    return [_as_visit(row, name) for row, name in rows]


def appointments_with(db: Session, patient_id: int, provider_id: int) -> list[Visit]:
    """The appointments of a patient with one provider, the latest first; other providers' are not theirs to see."""
    rows = db.execute(
        _VISITS.where(Appointment.patient_id == patient_id, Appointment.provider_id == provider_id).order_by(
            Appointment.starts_at.desc()
        )
    )
    return [_as_visit(row, name) for row, name in rows]


def appointment_of(db: Session, patient_id: int, public_id: str) -> Visit | None:
    """One appointment of a patient."""
    row = db.execute(
        _VISITS.where(Appointment.patient_id == patient_id, Appointment.public_id == public_id)
    ).one_or_none()
    return None if row is None else _as_visit(*row)


def planned_between(db: Session, patient_id: int, first: datetime, last: datetime) -> list[Visit]:
    """What a patient has planned with somebody, beginning from ``first`` to ``last``, the next one first."""
    rows = db.execute(
        _VISITS.where(
            Appointment.patient_id == patient_id,
            Appointment.starts_at.between(first, last),
            Appointment.status == AppointmentStatus.PLANNED,
            Appointment.provider_id.is_not(None),
        ).order_by(Appointment.starts_at)
    )
    return [_as_visit(row, name) for row, name in rows]


def last_visits(
    db: Session, provider_id: int, patient_ids: Collection[int], *, before: datetime
) -> dict[int, datetime]:
    """When each of these patients was last with the provider ``before`` an instant, cancelled visits aside."""
    rows = db.execute(
        sa.select(Appointment.patient_id, sa.func.max(Appointment.starts_at))
        .where(
            Appointment.provider_id == provider_id,
            Appointment.patient_id.in_(patient_ids),
            Appointment.starts_at < before,
            Appointment.status != AppointmentStatus.CANCELLED,
        )
        .group_by(Appointment.patient_id)
    )
    return dict(rows.all())


def next_visits(
    db: Session, provider_id: int, patient_ids: Collection[int], *, since: datetime
) -> dict[int, datetime]:
    """When each of these patients is planned to be with the provider next, ``since`` an instant."""
    rows = db.execute(
        sa.select(Appointment.patient_id, sa.func.min(Appointment.starts_at))
        .where(
            Appointment.provider_id == provider_id,
            Appointment.patient_id.in_(patient_ids),
            Appointment.starts_at >= since,
            Appointment.status == AppointmentStatus.PLANNED,
        )
        .group_by(Appointment.patient_id)
    )
    return dict(rows.all())


def add_appointment(db: Session, visit: Visit, *, now: datetime) -> None:
    """Add an appointment under its public id."""
    db.execute(
        sa.insert(Appointment).values(
            public_id=visit.public_id,
            patient_id=visit.patient_id,
            clinic_id=visit.clinic_id,
            made_at=now,
            **_written(visit),
        )
    )


def change_appointment(db: Session, visit: Visit) -> None:
    """Replace when, with whom, what and where it stands; whose it is stays."""
    db.execute(
        sa.update(Appointment)
        .where(Appointment.patient_id == visit.patient_id, Appointment.public_id == visit.public_id)
        .values(**_written(visit))
    )


def _written(visit: Visit) -> dict[str, object]:
    return {
        "provider_id": visit.provider_id,
        "starts_at": visit.starts_at,
        "kind": visit.kind.value,
        "status": visit.status.value,
    }


def _as_visit(row: Appointment, provider_name: str | None) -> Visit:
    return Visit(
        public_id=row.public_id,
        patient_id=row.patient_id,
        provider_id=row.provider_id,
        provider_name=provider_name or "",
        clinic_id=row.clinic_id,
        starts_at=row.starts_at,
        kind=AppointmentKind(row.kind),
        status=AppointmentStatus(row.status),
    )
