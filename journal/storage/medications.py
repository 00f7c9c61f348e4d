"""The list of a patient's medicines: its table, and every question asked of it. Names, doses and notes are sealed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.consents import Scope, Sight
from journal.domain.medications import Medication as Taken
from journal.domain.treatments import Source
from journal.storage.base import Base, Identified, one_of
from journal.storage.sealing import patient_sealer


class Medication(Identified, Base):
    """One medicine in one dose. ``ended_source`` is the side that said that it ended."""

    __tablename__ = "medication"
    __table_args__ = (
        one_of("source", Source),
        one_of("ended_source", Source),
        sa.CheckConstraint("ended_on >= started_on", name="ends_after_start"),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), index=True)
    name: Mapped[bytes]
    dose: Mapped[bytes | None]
    note: Mapped[bytes | None]
    psychiatric: Mapped[bool]
    started_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    source: Mapped[str] = mapped_column(sa.String(24))
    by_provider_id: Mapped[int | None] = mapped_column(sa.ForeignKey("provider.id"))
    ended_source: Mapped[str | None] = mapped_column(sa.String(24))
    version: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class KeptMedication:
    """A medicine as it is kept, and who said which part of it.

    ``began_earlier``: it began before the days that are open to its reader, who is not told when.
    """

    taken: Taken
    by_provider_id: int | None = None
    ended_source: Source | None = None
    version: int = 1
    began_earlier: bool = False


_TABLE: sa.Table = Medication.__table__  # type: ignore[assignment,explicit-any]
_OF_PATIENT = (
    sa.select(_TABLE)
    .where(_TABLE.c.patient_id == sa.bindparam("patient_id"))
    .order_by(_TABLE.c.started_on.desc().nulls_last(), _TABLE.c.id.desc())
)
_WORDS = ("name", "dose", "note")


def medications_of(db: Session, patient_id: int) -> list[KeptMedication]:
    """Every medicine of a patient, for the patient alone; what began last first."""
    return [_as_kept(db, row) for row in db.execute(_OF_PATIENT, {"patient_id": patient_id})]


def medications_seen(db: Session, patient_id: int, sight: Sight) -> list[KeptMedication]:
    """The medicines of the days that are open to a reader, what began last first; none without ``sessions``.

    One that was over before those days is not among them; of one that began before them the beginning is not told.
    """
    if not sight.opens(Scope.SESSIONS):
        return []
    return [
        as_seen(one, sight)
        for one in medications_of(db, patient_id)
        if one.taken.ended_on is None or sight.reaches(one.taken.ended_on)
    ]


def as_seen(kept: KeptMedication, sight: Sight) -> KeptMedication:
    """A medicine of which a reader may know, without the beginning if that lies before the days open to them."""
    if kept.taken.started_on is None or sight.reaches(kept.taken.started_on):
        return kept
    return replace(kept, taken=replace(kept.taken, started_on=None), began_earlier=True)


def medication_of(db: Session, patient_id: int, public_id: str) -> KeptMedication | None:
    """One medicine of a patient."""
    asked = _OF_PATIENT.where(_TABLE.c.public_id == public_id)
    row = db.execute(asked, {"patient_id": patient_id}).one_or_none()
    return None if row is None else _as_kept(db, row)


def add_medication(db: Session, patient_id: int, kept: KeptMedication, *, now: datetime) -> None:
    """Add a medicine under its public id."""
    db.execute(
        sa.insert(_TABLE).values(
            public_id=kept.taken.public_id,
            patient_id=patient_id,
            source=kept.taken.source.value,
            by_provider_id=kept.by_provider_id,
            version=kept.version,
            recorded_at=now,
            **_written(db, patient_id, kept),
        )
    )


def change_medication(db: Session, patient_id: int, kept: KeptMedication, *, seen_version: int) -> bool:
    """Replace what is said of a medicine if it still has the version that the writer saw; whether it did."""
    changed = db.execute(
        sa.update(_TABLE)
        .where(
            _TABLE.c.patient_id == patient_id,
            _TABLE.c.public_id == kept.taken.public_id,
            _TABLE.c.version == seen_version,
        )
        .values(version=seen_version + 1, **_written(db, patient_id, kept))
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def remove_medication(db: Session, patient_id: int, public_id: str) -> bool:
    """Remove a medicine that was never taken; whether it was there."""
    removed = db.execute(
        sa.delete(_TABLE).where(_TABLE.c.patient_id == patient_id, _TABLE.c.public_id == public_id)
    )
    return bool(removed.rowcount)  # type: ignore[attr-defined]


def _written(db: Session, patient_id: int, kept: KeptMedication) -> dict[str, object]:
    sealer = patient_sealer(db, patient_id)
    words = {
        name: sealer.seal_if_any(
            getattr(kept.taken, name), column=f"medication.{name}", row=kept.taken.public_id
        )
        for name in _WORDS
    }
    return {
        **words,
        "psychiatric": kept.taken.psychiatric,
        "started_on": kept.taken.started_on,
        "ended_on": kept.taken.ended_on,
        "ended_source": kept.ended_source.value if kept.ended_source else None,
    }


def _as_kept(db: Session, row: sa.Row[tuple[object, ...]]) -> KeptMedication:
    sealer = patient_sealer(db, row.patient_id)
    words = {
        name: sealer.open(getattr(row, name), column=f"medication.{name}", row=row.public_id)
        for name in _WORDS
    }
    return KeptMedication(
        taken=Taken(
            public_id=row.public_id,
            name=words["name"],
            dose=words["dose"],
            psychiatric=row.psychiatric,
            started_on=row.started_on,
            ended_on=row.ended_on,
            source=Source(row.source),
            note=words["note"],
        ),
        by_provider_id=row.by_provider_id,
        ended_source=Source(row.ended_source) if row.ended_source else None,
        version=row.version,
    )
