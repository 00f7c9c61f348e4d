"""What was brought in from other apps: never among the check-ins, in no mean and in no summary."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain import trends
from journal.storage.base import Base, Identified


class ImportBatch(Identified, Base):
    """One file brought in. Private until the patient shares it."""

    __tablename__ = "import_batch"

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(sa.String(24))
    file_name: Mapped[bytes | None]
    imported_at: Mapped[datetime]
    shared: Mapped[bool] = mapped_column(default=False)


class ImportedEntry(Identified, Base):
    """One value on its own scale, as the other app had it. ``label`` and ``note`` are the person's words: sealed."""

    __tablename__ = "imported_entry"
    __table_args__ = (
        sa.UniqueConstraint("patient_id", "source", "fingerprint"),
        sa.Index("ix_imported_entry_patient_day", "patient_id", "local_date"),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("import_batch.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(sa.String(24))
    local_date: Mapped[date]
    at: Mapped[str | None] = mapped_column(sa.String(5))
    kind: Mapped[str] = mapped_column(sa.String(24))
    value: Mapped[float | None]
    scale_min: Mapped[float]
    scale_max: Mapped[float]
    label: Mapped[bytes | None]
    activities: Mapped[bytes | None]
    note: Mapped[bytes | None]
    file_row: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(sa.String(64))


_MOODS = (
    sa.select(
        ImportedEntry.local_date,
        ImportedEntry.source,
        ImportedEntry.value,
        ImportedEntry.scale_min,
        ImportedEntry.scale_max,
    )
    .join(ImportBatch, ImportBatch.id == ImportedEntry.batch_id)
    .where(
        ImportedEntry.patient_id == sa.bindparam("patient_id"),
        ImportedEntry.local_date.between(
            sa.bindparam("first", type_=sa.Date()), sa.bindparam("last", type_=sa.Date())
        ),
        ImportedEntry.kind == "mood",
        ImportedEntry.value.is_not(None),
        sa.or_(ImportBatch.shared, sa.not_(sa.bindparam("shared_only", type_=sa.Boolean()))),
    )
)


def imported_days(
    db: Session, patient_id: int, first: date, last: date, *, shared_only: bool = False
) -> list[trends.ImportedDay]:
    """The moods brought in from other apps, a mean for each date, source and scale, none of their words.

    ``shared_only`` is for every reader but the patient: a file is private until its owner shares it.
    """
    rows = db.execute(
        _MOODS, {"patient_id": patient_id, "first": first, "last": last, "shared_only": shared_only}
    )
    return trends.imported_days(
        trends.ImportedReading(row.local_date, row.source, row.value, row.scale_min, row.scale_max)
        for row in rows
    )


def first_imported_day(db: Session, patient_id: int) -> date | None:
    """The first date with anything brought in; None where nothing was."""
    return db.scalar(
        sa.select(sa.func.min(ImportedEntry.local_date)).where(ImportedEntry.patient_id == patient_id)
    )
