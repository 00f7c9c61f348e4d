"""The bodies kept beside the one of a check-in that counts: earlier ones and the losers of two. For the patient alone.

Each is sealed whole, its times too. Which of two bodies counts is decided in ``journal.domain.checkins``; the check-in
itself lives in ``journal.storage.checkins``.
"""

from __future__ import annotations

import json
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.checkins import CheckInBody, KeptBody, Recall, Why
from journal.storage.base import Base
from journal.storage.checkins import CheckIn
from journal.storage.sealing import Sealer, patient_sealer


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


_CHECK_IN: sa.Table = CheckIn.__table__  # type: ignore[assignment,explicit-any]
_VERSION: sa.Table = CheckInVersion.__table__  # type: ignore[assignment,explicit-any]


def add_version(db: Session, patient_id: int, public_id: str, kept: KeptBody) -> None:
    """Keep a body beside the one that counts."""
    sealer = patient_sealer(db, patient_id)
    body_hash = sealer.fingerprint(kept.body.hash(), column="check_in_version.body_hash")
    document = kept.body.as_json() | {
        "recall": kept.recall.value,
        "felt_at": _iso(kept.felt_at),
        "edited_at": _iso(kept.edited_at),
        "utc_offset_min": kept.utc_offset_min,
        "clock_skew_s": kept.clock_skew_s,
    }
    sealed = sealer.seal(
        json.dumps(document, ensure_ascii=False),
        column="check_in_version.body",
        row=_version_row(public_id, body_hash),
    )
    db.execute(
        sa.insert(_VERSION).values(
            check_in_id=sa.select(_CHECK_IN.c.id)
            .where(_CHECK_IN.c.patient_id == patient_id, _CHECK_IN.c.public_id == public_id)
            .scalar_subquery(),
            version=kept.version,
            body=sealed,
            body_hash=body_hash,
            why=kept.why.value,
            device=kept.device,
            recorded_at=kept.recorded_at,
            received_at=kept.received_at,
            replaced_at=kept.replaced_at,
        )
    )


def versions_of(db: Session, patient_id: int, public_id: str) -> list[KeptBody]:
    """The bodies kept beside the one that counts, for the patient; the last replaced first."""
    rows = db.execute(
        sa.select(_VERSION)
        .join(_CHECK_IN, _CHECK_IN.c.id == _VERSION.c.check_in_id)
        .where(_CHECK_IN.c.patient_id == patient_id, _CHECK_IN.c.public_id == public_id)
        .order_by(_VERSION.c.id.desc())
    ).all()
    if not rows:
        return []
    sealer = patient_sealer(db, patient_id)
    return [_as_kept(row, public_id, sealer) for row in rows]


def _version_row(public_id: str, body_hash: str) -> str:
    # A kept body has no public id of its own; bound to its check-in and its words it cannot be swapped either.
    return f"{public_id}:{body_hash}"


def _as_kept(row: sa.Row[tuple[object, ...]], public_id: str, sealer: Sealer) -> KeptBody:
    text = sealer.open(row.body, column="check_in_version.body", row=_version_row(public_id, row.body_hash))
    document = json.loads(text)
    return KeptBody(
        version=row.version,
        body=CheckInBody.from_json(document),
        why=Why(row.why),
        recall=Recall(document["recall"]),
        felt_at=_moment(document["felt_at"]),
        recorded_at=row.recorded_at,
        received_at=row.received_at,
        replaced_at=row.replaced_at,
        utc_offset_min=document["utc_offset_min"],
        clock_skew_s=document["clock_skew_s"],
        edited_at=_moment(document["edited_at"]),
        device=row.device,
    )


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
