"""The whole record of treatment sessions: the table of vitals, and how a record is written and read.

Day, status, route and note are ``journal.storage.treatments``; what of a record somebody may read is asked of the
domain, here and nowhere above.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import date
from enum import StrEnum
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain import treatment_records as values
from journal.domain.consents import Scope, Sight
from journal.domain.doses import DoseUnit
from journal.domain.treatment_records import (
    VITALS,
    Measured,
    MedicineTaken,
    Setting,
    TreatmentRecord,
    as_seen,
)
from journal.storage.base import Base, between, one_of
from journal.storage.sealing import Sealer, patient_sealer
from journal.storage.treatments import TreatmentSession

SEALED = (
    "other_meds_today",
    "escort_name",
    "escort_phone",
    "intention",
    "integration_note",
    "small_step",
)
_NAMES = tuple(one.name for one in fields(TreatmentRecord))
_MEASURES = tuple(VITALS)


class Vitals(Base):
    """One measurement during a session. They are replaced together, and read in the order in which they came."""

    __tablename__ = "vitals"
    __table_args__ = (
        one_of("measured", Measured),
        *(between(name, low, high) for name, (low, high) in VITALS.items()),
        sa.CheckConstraint(
            "(sys IS NULL) = (dia IS NULL) AND (sys IS NULL OR dia < sys)", name="blood_pressure"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    treatment_session_id: Mapped[int] = mapped_column(
        sa.ForeignKey("treatment_session.id", ondelete="CASCADE"), index=True
    )
    measured: Mapped[str] = mapped_column(sa.String(16))
    t_min: Mapped[int | None]
    sys: Mapped[int | None]
    dia: Mapped[int | None]
    hr: Mapped[int | None]
    spo2: Mapped[int | None]


def record_of(db: Session, patient_id: int, public_id: str) -> TreatmentRecord | None:
    """The record of one session with everything in it, for the patient and for acts; None where there is none."""
    return _records(db, patient_id, TreatmentSession.public_id == public_id).get(public_id)


def record_seen(db: Session, patient_id: int, public_id: str, sight: Sight) -> TreatmentRecord | None:
    """The record of one session as a reader may see it; None without the scope, and before the first visible day."""
    return records_seen(db, patient_id, sight, among=[public_id]).get(public_id)


def records_of(db: Session, patient_id: int) -> dict[str, TreatmentRecord]:
    """Every record of a patient with everything in it, by the session's public id; the latest date first."""
    return _records(db, patient_id, sa.true())


def records_lately(db: Session, patient_id: int, *, since: date) -> dict[str, TreatmentRecord]:
    """The records of sessions from ``since`` on, and of earlier ones after which the detached feeling has not gone."""
    wanted = sa.or_(TreatmentSession.local_date >= since, TreatmentSession.dissociation_lasts)
    return _records(db, patient_id, wanted)


def records_seen(
    db: Session, patient_id: int, sight: Sight, *, among: Collection[str] | None = None
) -> dict[str, TreatmentRecord]:
    """The records that a reader may know of, as they may see them; ``among`` the sessions of these public ids only."""
    if not sight.opens(Scope.SESSIONS) or (among is not None and not among):
        return {}
    wanted = TreatmentSession.local_date >= (sight.visible_from or date.min)
    if among is not None:
        wanted &= TreatmentSession.public_id.in_(among)
    return {name: as_seen(record, sight) for name, record in _records(db, patient_id, wanted).items()}


def write_changes(
    db: Session, patient_id: int, public_id: str, *, before: TreatmentRecord, after: TreatmentRecord
) -> None:
    """Write what ``after`` says otherwise than ``before``, and nothing else.

    What the other side writes meanwhile, in fields of its own, therefore stays.
    """
    changed = {name: getattr(after, name) for name in _NAMES if getattr(after, name) != getattr(before, name)}
    vitals = cast("tuple[values.Vitals, ...] | None", changed.pop("vitals", None))
    of_this = (TreatmentSession.patient_id == patient_id, TreatmentSession.public_id == public_id)
    if changed:
        sealer = patient_sealer(db, patient_id)
        written = {name: _stored(sealer, public_id, name, value) for name, value in changed.items()}
        db.execute(sa.update(TreatmentSession).where(*of_this).values(**written))
    if vitals is not None:
        _replace_vitals(db, db.scalars(sa.select(TreatmentSession.id).where(*of_this)).one(), vitals)


def _replace_vitals(db: Session, treatment_session_id: int, vitals: Sequence[values.Vitals]) -> None:
    db.execute(sa.delete(Vitals).where(Vitals.treatment_session_id == treatment_session_id))
    rows = [
        {
            "treatment_session_id": treatment_session_id,
            "measured": one.measured.value,
            **{name: getattr(one, name) for name in _MEASURES},
        }
        for one in vitals
    ]
    if rows:
        db.execute(sa.insert(Vitals), rows)


def _stored(sealer: Sealer, public_id: str, name: str, value: object) -> object:
    if name in SEALED:
        return sealer.seal_if_any(str(value), column=f"treatment_session.{name}", row=public_id)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return list(value)
    return value.value if isinstance(value, StrEnum) else value


def _records(db: Session, patient_id: int, wanted: sa.ColumnElement[bool]) -> dict[str, TreatmentRecord]:
    found = db.execute(
        sa.select(TreatmentSession, Vitals)
        .outerjoin(Vitals, Vitals.treatment_session_id == TreatmentSession.id)
        .where(TreatmentSession.patient_id == patient_id, wanted)
        .order_by(TreatmentSession.local_date.desc(), TreatmentSession.id.desc(), Vitals.id)
    )
    measured: dict[TreatmentSession, list[values.Vitals]] = {}
    for row, one in found:
        of_row = measured.setdefault(row, [])
        if one is not None:
            of_row.append(_as_vitals(one))
    return {row.public_id: _as_record(db, row, vitals) for row, vitals in measured.items()}


def _as_vitals(row: Vitals) -> values.Vitals:
    return values.Vitals(
        measured=Measured(row.measured), t_min=row.t_min, sys=row.sys, dia=row.dia, hr=row.hr, spo2=row.spo2
    )


def _as_record(db: Session, row: TreatmentSession, vitals: Sequence[values.Vitals]) -> TreatmentRecord:
    plain = {name: getattr(row, name) for name in _NAMES if name not in {*SEALED, "vitals"}}
    sealed = {name: getattr(row, name) for name in SEALED}
    sealer = patient_sealer(db, row.patient_id) if any(sealed.values()) else None
    return TreatmentRecord(
        **plain
        | {
            "dose_unit": DoseUnit(row.dose_unit) if row.dose_unit else None,
            "setting": Setting(row.setting) if row.setting else None,
            "meds_today": frozenset(MedicineTaken(str(one)) for one in row.meds_today),
            "checklist": tuple(str(one) for one in row.checklist),
            "experience_words": tuple(str(one) for one in row.experience_words),
        }
        | {
            name: sealer.open(text, column=f"treatment_session.{name}", row=row.public_id) if sealer else ""
            for name, text in sealed.items()
        },
        vitals=tuple(vitals),
    )
