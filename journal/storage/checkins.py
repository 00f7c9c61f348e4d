"""Check-ins, their earlier and losing versions, the submissions that make them exactly-once, and activity chips."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.checkins import MEDS_TAKEN, NUMBERS, Recall, Via
from journal.storage.base import Base, Identified, between, new_public_id, one_of


class CheckIn(Identified, Base):
    """One mood entry. Several a day are fine; its words are sealed; its ranges stand in the database too."""

    __tablename__ = "check_in"
    __table_args__ = (
        *(between(name, low, high) for name, (low, high) in NUMBERS.items()),
        sa.CheckConstraint("(mood IS NULL) = unsure", name="mood_or_unsure"),
        sa.CheckConstraint(f"meds_taken IN {MEDS_TAKEN!r}", name="meds_taken_known"),
        one_of("recall", Recall),
        one_of("via", Via),
        sa.Index("ix_check_in_patient_day", "patient_id", "local_date"),
        sa.UniqueConstraint("patient_id", "client_key"),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    client_key: Mapped[str] = mapped_column(sa.String(64))
    version: Mapped[int] = mapped_column(default=1)
    local_date: Mapped[date]
    recall: Mapped[str] = mapped_column(sa.String(8))
    felt_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    received_at: Mapped[datetime]
    clock_skew_s: Mapped[int | None]
    zone: Mapped[str] = mapped_column(sa.String(64))
    utc_offset_min: Mapped[int]
    via: Mapped[str] = mapped_column(sa.String(8))
    mood: Mapped[int | None]
    unsure: Mapped[bool]
    interest: Mapped[int | None]
    anxiety: Mapped[int | None]
    energy: Mapped[int | None]
    sleep_quality: Mapped[int | None]
    sleep_min: Mapped[int | None]
    bed_time: Mapped[str | None] = mapped_column(sa.String(5))
    wake_time: Mapped[str | None] = mapped_column(sa.String(5))
    awakenings: Mapped[int | None]
    sol_min: Mapped[int | None]
    waso_min: Mapped[int | None]
    activity_min: Mapped[int | None]
    activity_type: Mapped[list[object]] = mapped_column(sa.JSON, default=list)
    steps: Mapped[int | None]
    social: Mapped[int | None]
    meaningful: Mapped[bool | None]
    connection: Mapped[int | None]
    pain: Mapped[int | None]
    meals: Mapped[bool | None]
    alcohol: Mapped[int | None]
    cannabis: Mapped[bool | None]
    other_substances: Mapped[bytes | None]
    substances_shared: Mapped[bool] = mapped_column(default=False)
    meds_taken: Mapped[str | None] = mapped_column(sa.String(8))
    note: Mapped[bytes | None]
    note_shared: Mapped[bool] = mapped_column(default=False)
    starred: Mapped[bool] = mapped_column(default=False)
    tags: Mapped[bytes | None]
    edited_at: Mapped[datetime | None]


class CheckInVersion(Base):
    """An earlier body (``edit``) or the losing one of two (``conflict``): for the patient alone, sealed whole."""

    __tablename__ = "check_in_version"
    __table_args__ = (sa.CheckConstraint("why IN ('edit', 'conflict')", name="why_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    check_in_id: Mapped[int] = mapped_column(sa.ForeignKey("check_in.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    body: Mapped[bytes]
    body_hash: Mapped[str] = mapped_column(sa.String(64))
    why: Mapped[str] = mapped_column(sa.String(8))
    device: Mapped[str] = mapped_column(sa.String(64), default="")
    recorded_at: Mapped[datetime]
    received_at: Mapped[datetime]
    replaced_at: Mapped[datetime]


class Submission(Base):
    """The key of one sending, kept for ever, so that a late replay can never add, change or revive anything."""

    __tablename__ = "submission"
    __table_args__ = (sa.UniqueConstraint("patient_id", "client_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    client_key: Mapped[str] = mapped_column(sa.String(64))
    body_hash: Mapped[str] = mapped_column(sa.String(64))
    check_in_public_id: Mapped[str] = mapped_column(sa.String(32))
    received_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class ActivityChip(Identified, Base):
    """A kind of activity to tap. ``label`` is sealed and set only where the patient typed one."""

    __tablename__ = "activity_chip"
    __table_args__ = (sa.UniqueConstraint("patient_id", "preset"),)

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), index=True)
    preset: Mapped[str | None] = mapped_column(sa.String(24))
    label: Mapped[bytes | None]
    shared: Mapped[bool] = mapped_column(default=False)
    hidden_at: Mapped[datetime | None]
    position: Mapped[int]


def add_preset_chips(db: Session, patient_id: int, *, presets: tuple[str, ...]) -> None:
    """Give a new patient the activity chips everybody starts with, in this order."""
    db.execute(
        sa.insert(ActivityChip),
        [
            {"public_id": new_public_id(), "patient_id": patient_id, "preset": preset, "position": position}
            for position, preset in enumerate(presets)
        ],
    )
