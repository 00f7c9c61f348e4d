"""The coping plan: one row a patient, every word of it sealed. No consent opens it, so nobody else ever asks for it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain import support as values
from journal.storage.base import Base, Identified, new_public_id
from journal.storage.sealing import patient_sealer

WORDS = tuple(field.name for field in fields(values.CopingPlan))


class CopingPlan(Identified, Base):
    """A patient's plan. A plan that was emptied keeps its row and loses its words: its ``version`` goes on."""

    __tablename__ = "coping_plan"

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), unique=True)
    signs: Mapped[bytes | None]
    alone: Mapped[bytes | None]
    distraction: Mapped[bytes | None]
    people: Mapped[bytes | None]
    professionals: Mapped[bytes | None]
    safer: Mapped[bytes | None]
    person_name: Mapped[bytes | None]
    person_phone: Mapped[bytes | None]
    version: Mapped[int]
    updated_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """A plan as it is kept. ``version`` counts its changes; it is 0, and there is no time, where none was written."""

    plan: values.CopingPlan
    version: int
    updated_at: datetime | None


_TABLE: sa.Table = CopingPlan.__table__  # type: ignore[assignment,explicit-any]
_OF_PATIENT = sa.select(_TABLE).where(_TABLE.c.patient_id == sa.bindparam("patient_id"))


def plan_of(db: Session, patient_id: int) -> KeptPlan:
    """A patient's plan with its words opened; an empty one where nothing is written."""
    row = db.execute(_OF_PATIENT, {"patient_id": patient_id}).one_or_none()
    if row is None:
        return KeptPlan(values.CopingPlan(), version=0, updated_at=None)
    sealer = patient_sealer(db, patient_id)
    words = {
        name: sealer.open(getattr(row, name), column=f"coping_plan.{name}", row=row.public_id)
        for name in WORDS
    }
    return KeptPlan(values.CopingPlan(**words), version=row.version, updated_at=row.updated_at)


def has_plan(db: Session, patient_id: int) -> bool:
    """Whether anything is written in a patient's plan."""
    written = sa.or_(*(_TABLE.c[name].is_not(None) for name in WORDS))
    return bool(db.scalar(sa.select(sa.exists().where(_TABLE.c.patient_id == patient_id, written))))


def put_plan(
    db: Session, patient_id: int, plan: values.CopingPlan, *, version: int, updated_at: datetime
) -> None:
    """Keep ``plan`` as the patient's, in place of the one that was."""
    here = db.scalar(sa.select(_TABLE.c.public_id).where(_TABLE.c.patient_id == patient_id))
    public_id = here or new_public_id()
    sealer = patient_sealer(db, patient_id)
    row = {
        name: sealer.seal_if_any(getattr(plan, name), column=f"coping_plan.{name}", row=public_id)
        for name in WORDS
    } | {"version": version, "updated_at": updated_at}
    if here:
        db.execute(sa.update(_TABLE).where(_TABLE.c.patient_id == patient_id).values(**row))
    else:
        db.execute(sa.insert(_TABLE).values(public_id=public_id, patient_id=patient_id, **row))
