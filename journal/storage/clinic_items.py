"""The items of the check-in that a clinic has turned on for one patient, and asked about nobody else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.consents import Scope
from journal.storage.base import Base
from journal.storage.clinics import Provider
from journal.storage.patients import readers_of


class ClinicItems(Base):
    """What one clinic asks of one patient beyond the usual: feeling detached every day, and more energy than usual."""

    __tablename__ = "clinic_items"
    __table_args__ = (sa.UniqueConstraint("patient_id", "clinic_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id"))
    detached: Mapped[bool]
    elevated: Mapped[bool]
    changed_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class TurnedOn:
    """Which items are on; the names are those of the check-in."""

    detached: bool = False
    elevated: bool = False


def items_of_clinic(db: Session, patient_id: int, clinic_id: int) -> TurnedOn:
    """What one clinic has turned on for a patient."""
    row = db.scalar(_one(patient_id, clinic_id))
    return TurnedOn() if row is None else TurnedOn(detached=row.detached, elevated=row.elevated)


def items_asked(db: Session, patient_id: int, *, now: datetime) -> TurnedOn:
    """What is asked of a patient because a clinic turned it on, as long as somebody there reads the answers."""
    rows = db.scalars(sa.select(ClinicItems).where(ClinicItems.patient_id == patient_id)).all()
    if not any(row.detached or row.elevated for row in rows):
        return TurnedOn()  # nearly everybody
    reading = [
        one.provider_id for one in readers_of(db, patient_id, now=now) if one.sight.opens(Scope.SCORES)
    ]
    clinics = set(db.scalars(sa.select(Provider.clinic_id).where(Provider.id.in_(reading))))
    asking = [row for row in rows if row.clinic_id in clinics]
    return TurnedOn(
        detached=any(row.detached for row in asking), elevated=any(row.elevated for row in asking)
    )


def put_items(db: Session, patient_id: int, clinic_id: int, items: TurnedOn, *, now: datetime) -> None:
    """Keep what a clinic turned on, in place of what it had turned on before."""
    row = db.scalar(_one(patient_id, clinic_id))
    if row is None:
        row = ClinicItems(patient_id=patient_id, clinic_id=clinic_id)
        db.add(row)
    row.detached, row.elevated, row.changed_at = items.detached, items.elevated, now
    db.flush()


def _one(patient_id: int, clinic_id: int) -> sa.Select[ClinicItems]:
    return sa.select(ClinicItems).where(
        ClinicItems.patient_id == patient_id, ClinicItems.clinic_id == clinic_id
    )
