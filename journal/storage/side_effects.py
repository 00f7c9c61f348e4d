"""Side effects of treatment sessions: their table, and every question asked of them.

``…_of`` answers the patient, ``…_seen`` a provider through what the patient opened to them.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain import side_effects as values
from journal.domain.consents import Scope, Sight
from journal.domain.side_effects import NEUTRAL, Severity, SideEffectCode
from journal.domain.treatments import Source
from journal.storage.base import Base, Identified, between, new_public_id, one_of
from journal.storage.treatments import TreatmentSession


class SideEffect(Identified, Base):
    """Something that came with a session; ``onset`` is the date where the patient lives."""

    __tablename__ = "side_effect"
    __table_args__ = (one_of("code", SideEffectCode), one_of("source", Source), between("severity", 0, 3))

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), index=True)
    treatment_session_id: Mapped[int] = mapped_column(
        sa.ForeignKey("treatment_session.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str] = mapped_column(sa.String(32))
    severity: Mapped[int | None]
    onset: Mapped[date]
    resolved_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(sa.String(24))
    by_provider_id: Mapped[int | None] = mapped_column(sa.ForeignKey("provider.id"))
    recorded_at: Mapped[datetime]


def side_effects_of(db: Session, patient_id: int, *, treatment: str | None = None) -> list[values.SideEffect]:
    """Every side effect of a patient, or of one session, in the order in which they began."""
    return _found(db, patient_id, since=date.min, treatment=treatment)


def side_effects_seen(
    db: Session, patient_id: int, sight: Sight, *, treatment: str | None = None
) -> list[values.SideEffect]:
    """The side effects of the sessions that a reader may know of."""
    if not sight.opens(Scope.SESSIONS):
        return []
    return _found(db, patient_id, since=sight.visible_from or date.min, treatment=treatment)


def open_side_effects_of(db: Session, patient_id: int) -> list[values.SideEffect]:
    """Those that are there and were not closed, in the order in which they began."""
    return [one for one in side_effects_of(db, patient_id) if one.is_open]


def side_effect_of(db: Session, patient_id: int, public_id: str) -> values.SideEffect | None:
    """One side effect of a patient."""
    return next((one for one in side_effects_of(db, patient_id) if one.public_id == public_id), None)


def add_side_effect(
    db: Session,
    patient_id: int,
    effect: values.SideEffect,
    *,
    now: datetime,
    by_provider_id: int | None = None,
) -> str | None:
    """Add one to the patient's session that it names; its public id, None where there is no such session."""
    treatment_session_id = db.scalar(
        sa.select(TreatmentSession.id).where(
            TreatmentSession.patient_id == patient_id, TreatmentSession.public_id == effect.treatment
        )
    )
    if treatment_session_id is None:
        return None
    public_id = new_public_id()
    db.execute(
        sa.insert(SideEffect).values(
            public_id=public_id,
            patient_id=patient_id,
            treatment_session_id=treatment_session_id,
            source=effect.source.value,
            by_provider_id=by_provider_id,
            recorded_at=now,
            **_written(effect),
        )
    )
    return public_id


def change_side_effect(db: Session, patient_id: int, effect: values.SideEffect) -> bool:
    """Replace what one says, under its public id; whether there was one."""
    changed = db.execute(
        sa.update(SideEffect)
        .where(SideEffect.patient_id == patient_id, SideEffect.public_id == effect.public_id)
        .values(**_written(effect))
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def remove_side_effects(db: Session, patient_id: int, public_ids: Collection[str]) -> None:
    """Take these away for good."""
    db.execute(
        sa.delete(SideEffect).where(SideEffect.patient_id == patient_id, SideEffect.public_id.in_(public_ids))
    )


def move_side_effects(db: Session, patient_id: int, *, source: Source, from_: str, to: str) -> None:
    """Let what ``source`` recorded with the session ``from_`` belong to the patient's session ``to``."""

    def named(public_id: str) -> sa.ScalarSelect[int]:
        return (
            sa.select(TreatmentSession.id)
            .where(TreatmentSession.patient_id == patient_id, TreatmentSession.public_id == public_id)
            .scalar_subquery()
        )

    db.execute(
        sa.update(SideEffect)
        .where(SideEffect.treatment_session_id == named(from_), SideEffect.source == source.value)
        .values(treatment_session_id=named(to))
    )


def _written(effect: values.SideEffect) -> dict[str, object]:
    return {
        "code": effect.code.value,
        "severity": None if effect.code in NEUTRAL or effect.severity is None else effect.severity.value,
        "onset": effect.onset,
        "resolved_at": effect.resolved_at,
    }


def _found(db: Session, patient_id: int, *, since: date, treatment: str | None) -> list[values.SideEffect]:
    query = (
        sa.select(SideEffect, TreatmentSession.public_id)
        .join(TreatmentSession, TreatmentSession.id == SideEffect.treatment_session_id)
        .where(SideEffect.patient_id == patient_id, TreatmentSession.local_date >= since)
        .order_by(SideEffect.onset, SideEffect.id)
    )
    if treatment is not None:
        query = query.where(TreatmentSession.public_id == treatment)
    return [
        values.SideEffect(
            treatment=session_id,
            code=SideEffectCode(row.code),
            severity=None if row.severity is None else Severity(row.severity),
            onset=row.onset,
            resolved_at=row.resolved_at,
            source=Source(row.source),
            public_id=row.public_id,
        )
        for row, session_id in db.execute(query)
    ]
