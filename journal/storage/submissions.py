"""The keys of sendings, which make every check-in exactly-once. The check-in lives in ``journal.storage.checkins``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.checkins import CheckInBody
from journal.storage.base import Base
from journal.storage.prepared import Change
from journal.storage.sealing import patient_sealer


class Submission(Base):
    """The key of one sending, kept for ever, so that a late replay can never add, change or revive anything.

    ``body_hash`` is keyed where the body has words in it, and forgotten with the check-in.
    """

    __tablename__ = "submission"
    __table_args__ = (sa.UniqueConstraint("patient_id", "client_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    client_key: Mapped[str] = mapped_column(sa.String(64))
    body_hash: Mapped[str] = mapped_column(sa.String(64))
    check_in_public_id: Mapped[str] = mapped_column(sa.String(32))
    received_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """What the first sending of a key was answered: its body's hash and the check-in it made."""

    body_hash: str
    check_in_id: str
    deleted: bool


_FORGOTTEN = "0" * 64
"""In the place of the hash of a deleted body: a mood is one of twelve, and its hash would give it away."""

_SUBMISSION: sa.Table = Submission.__table__  # type: ignore[assignment,explicit-any]

# A check-in is the one write that everybody waits for.
_TAKE_KEY = {
    name: Change(dialect.insert(_SUBMISSION).on_conflict_do_nothing().inline())
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_FIRST_ANSWER = sa.select(
    _SUBMISSION.c.body_hash, _SUBMISSION.c.check_in_public_id, _SUBMISSION.c.deleted_at
).where(
    _SUBMISSION.c.patient_id == sa.bindparam("patient_id"),
    _SUBMISSION.c.client_key == sa.bindparam("client_key"),
)


def add_submission(
    db: Session, *, patient_id: int, client_key: str, body_hash: str, public_id: str, received_at: datetime
) -> bool:
    """Take a key for the check-in ``public_id``; False if it was taken. Another attempt under way is waited for."""
    added = _TAKE_KEY[db.get_bind().dialect.name].apply(
        db,
        {
            "patient_id": patient_id,
            "client_key": client_key,
            "body_hash": body_hash,
            "check_in_public_id": public_id,
            "received_at": received_at,
            "deleted_at": None,
        },
    )
    return added == 1


def fingerprint_of(db: Session, patient_id: int, body: CheckInBody) -> str:
    """The hash by which a sending is known again: keyed where there are words, for those can be guessed and tried."""
    plain = body.hash()
    if not body.has_words:
        return plain
    return patient_sealer(db, patient_id).fingerprint(plain, column="submission.body_hash")


def first_answer(db: Session, patient_id: int, client_key: str) -> FirstAnswer | None:
    """What the first sending of a key led to."""
    row = db.execute(_FIRST_ANSWER, {"patient_id": patient_id, "client_key": client_key}).one_or_none()
    return None if row is None else FirstAnswer(row[0], row[1], row[2] is not None)


def mark_deleted(db: Session, patient_id: int, check_in_id: str, *, now: datetime) -> None:
    """Let no replay bring a check-in back, and forget what its sending said."""
    db.execute(
        sa.update(_SUBMISSION)
        .where(_SUBMISSION.c.patient_id == patient_id, _SUBMISSION.c.check_in_public_id == check_in_id)
        .values(deleted_at=now, body_hash=_FORGOTTEN)
    )


def was_deleted(db: Session, patient_id: int, public_id: str) -> bool:
    """Whether a check-in once had this id and was deleted."""
    return (
        db.scalar(
            sa.select(Submission.id).where(
                Submission.patient_id == patient_id,
                Submission.check_in_public_id == public_id,
                Submission.deleted_at.is_not(None),
            )
        )
        is not None
    )
