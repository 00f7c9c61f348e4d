"""What was brought in from other apps: never among the check-ins, in no mean and in no summary."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

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
