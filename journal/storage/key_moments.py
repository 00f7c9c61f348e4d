"""Key moments: their table, and every question asked of it. What happened is sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.consents import Scope, Sight
from journal.domain.key_moments import KeyMoment as Moment
from journal.domain.treatments import Source
from journal.storage.base import Base, Identified, one_of
from journal.storage.sealing import patient_sealer


class KeyMoment(Identified, Base):
    """A date and a few words, by the patient or a provider."""

    __tablename__ = "key_moment"
    __table_args__ = (
        one_of("source", Source),
        sa.Index("ix_key_moment_patient_day", "patient_id", "local_date"),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    local_date: Mapped[date]
    label: Mapped[bytes]
    shared: Mapped[bool]
    source: Mapped[str] = mapped_column(sa.String(24))
    by_provider_id: Mapped[int | None] = mapped_column(sa.ForeignKey("provider.id"))
    version: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class KeptMoment:
    """A key moment as it is kept, and which provider wrote it."""

    moment: Moment
    by_provider_id: int | None = None
    version: int = 1


_TABLE: sa.Table = KeyMoment.__table__  # type: ignore[assignment,explicit-any]
_OF_PATIENT = (
    sa.select(_TABLE)
    .where(
        _TABLE.c.patient_id == sa.bindparam("patient_id"),
        _TABLE.c.local_date >= sa.bindparam("first", type_=sa.Date()),
    )
    .order_by(_TABLE.c.local_date.desc(), _TABLE.c.id.desc())
)


def moments_of(db: Session, patient_id: int) -> list[KeptMoment]:
    """Every moment of a patient, those that a provider wrote too, for the patient alone; the latest date first."""
    rows = db.execute(_OF_PATIENT, {"patient_id": patient_id, "first": date.min})
    return [_as_kept(db, row) for row in rows]


def moments_seen(db: Session, patient_id: int, sight: Sight) -> list[KeptMoment]:
    """The moments that a reader may know of, the latest date first.

    A provider's own belong to the record: with ``sessions``. The patient's are read as a note is: shared, and with
    ``notes``. A private one leaves no trace.
    """
    opened = [
        *([_TABLE.c.source == Source.CLINICIAN.value] if sight.opens(Scope.SESSIONS) else []),
        *(
            [sa.and_(_TABLE.c.source == Source.PATIENT.value, _TABLE.c.shared)]
            if sight.opens(Scope.NOTES)
            else []
        ),
    ]
    if not opened:
        return []
    asked = _OF_PATIENT.where(sa.or_(*opened))
    rows = db.execute(asked, {"patient_id": patient_id, "first": sight.visible_from or date.min})
    return [_as_kept(db, row) for row in rows]


def moment_of(db: Session, patient_id: int, public_id: str) -> KeptMoment | None:
    """One moment of a patient."""
    asked = _OF_PATIENT.where(_TABLE.c.public_id == public_id)
    row = db.execute(asked, {"patient_id": patient_id, "first": date.min}).one_or_none()
    return None if row is None else _as_kept(db, row)


def add_moment(db: Session, patient_id: int, kept: KeptMoment, *, now: datetime) -> None:
    """Add a moment under its public id."""
    db.execute(
        sa.insert(_TABLE).values(
            public_id=kept.moment.public_id,
            patient_id=patient_id,
            source=kept.moment.source.value,
            by_provider_id=kept.by_provider_id,
            version=kept.version,
            recorded_at=now,
            **_written(db, patient_id, kept.moment),
        )
    )


def change_moment(db: Session, patient_id: int, moment: Moment, *, seen_version: int) -> bool:
    """Replace what a moment says if it still has the version that the writer saw; whether it did."""
    changed = db.execute(
        sa.update(_TABLE)
        .where(
            _TABLE.c.patient_id == patient_id,
            _TABLE.c.public_id == moment.public_id,
            _TABLE.c.version == seen_version,
        )
        .values(version=seen_version + 1, **_written(db, patient_id, moment))
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def remove_moment(db: Session, patient_id: int, public_id: str) -> bool:
    """Remove a moment; whether it was there."""
    removed = db.execute(
        sa.delete(_TABLE).where(_TABLE.c.patient_id == patient_id, _TABLE.c.public_id == public_id)
    )
    return bool(removed.rowcount)  # type: ignore[attr-defined]


def _written(db: Session, patient_id: int, moment: Moment) -> dict[str, object]:
    sealer = patient_sealer(db, patient_id)
    return {
        "local_date": moment.local_date,
        "label": sealer.seal(moment.label, column="key_moment.label", row=moment.public_id),
        "shared": moment.shared,
    }


def _as_kept(db: Session, row: sa.Row[tuple[object, ...]]) -> KeptMoment:
    sealer = patient_sealer(db, row.patient_id)
    return KeptMoment(
        moment=Moment(
            public_id=row.public_id,
            local_date=row.local_date,
            label=sealer.open(row.label, column="key_moment.label", row=row.public_id),
            shared=row.shared,
            source=Source(row.source),
        ),
        by_provider_id=row.by_provider_id,
        version=row.version,
    )
