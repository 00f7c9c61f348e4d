"""Activity chips: what a person can tap to say what they did, in their own order and their own words.

A label that the patient typed is sealed, and open to others only where that activity is shared.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.checkins import CHIP_PRESETS
from journal.domain.consents import WHOLE, Scope, Sight
from journal.storage.base import Base, Identified, new_public_id
from journal.storage.sealing import Sealer, patient_sealer


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


@dataclass(frozen=True, slots=True)
class Chip:
    """One activity to tap. ``code`` is what a check-in keeps; ``typed``: the label is the person's own words."""

    public_id: str
    code: str
    label: str
    typed: bool
    shared: bool
    hidden: bool
    position: int


_CHIPS = (
    sa.select(ActivityChip)
    .where(ActivityChip.patient_id == sa.bindparam("patient_id"))
    .order_by(ActivityChip.position, ActivityChip.id)
)


def chips_for(db: Session, patient_id: int) -> list[Chip]:
    """Every activity of a patient in their own order, hidden ones too: a past check-in may name them."""
    rows = db.scalars(_CHIPS, {"patient_id": patient_id}).all()
    return [_as_chip(row, patient_sealer(db, patient_id) if row.label else None) for row in rows]


def activity_codes(db: Session, patient_id: int) -> set[str]:
    """What a check-in of this patient may name: a preset by its key, an activity they added by its public id."""
    codes = sa.func.coalesce(ActivityChip.preset, ActivityChip.public_id)
    return set(db.scalars(sa.select(codes).where(ActivityChip.patient_id == patient_id)))


def activity_labels(db: Session, patient_id: int, *, sight: Sight = WHOLE) -> dict[str, str]:
    """What each activity that a check-in can name is called, as far as ``sight`` may know.

    The presets are open with ``scores``. A label that the patient typed, a renamed preset too, is their own words:
    others read it only where that activity is shared.
    """
    if not sight.opens(Scope.SCORES):
        return {}
    return {
        chip.code: chip.label
        for chip in chips_for(db, patient_id)
        if sight.own or not chip.typed or chip.shared
    }


def add_chip(db: Session, patient_id: int, *, label: str, shared: bool) -> str:
    """Add an activity of the patient's own after all the others; its public id."""
    public_id = new_public_id()
    last = db.scalar(
        sa.select(sa.func.max(ActivityChip.position)).where(ActivityChip.patient_id == patient_id)
    )
    db.execute(
        sa.insert(ActivityChip).values(
            public_id=public_id,
            patient_id=patient_id,
            label=patient_sealer(db, patient_id).seal(label, column="activity_chip.label", row=public_id),
            shared=shared,
            position=0 if last is None else last + 1,
        )
    )
    return public_id


def change_chip(
    db: Session, patient_id: int, public_id: str, *, label: str, shared: bool, hidden_at: datetime | None
) -> None:
    """Rename (an empty ``label`` gives a preset its first name back), share or hide an activity."""
    sealer = patient_sealer(db, patient_id)
    db.execute(
        sa.update(ActivityChip)
        .where(ActivityChip.patient_id == patient_id, ActivityChip.public_id == public_id)
        .values(
            label=sealer.seal_if_any(label, column="activity_chip.label", row=public_id),
            shared=shared,
            hidden_at=hidden_at,
        )
    )


def add_preset_chips(db: Session, patient_id: int, *, presets: tuple[str, ...]) -> None:
    """Give a new patient the activity chips everybody starts with, in this order."""
    db.execute(
        sa.insert(ActivityChip),
        [
            {"public_id": new_public_id(), "patient_id": patient_id, "preset": preset, "position": position}
            for position, preset in enumerate(presets)
        ],
    )


def _as_chip(row: ActivityChip, sealer: Sealer | None) -> Chip:
    label = ""
    if sealer is not None:
        label = sealer.open(row.label, column="activity_chip.label", row=row.public_id)
    return Chip(
        public_id=row.public_id,
        code=row.preset or row.public_id,
        label=label or CHIP_PRESETS.get(row.preset or "", ""),
        typed=bool(label),
        shared=row.shared,
        hidden=row.hidden_at is not None,
        position=row.position,
    )
