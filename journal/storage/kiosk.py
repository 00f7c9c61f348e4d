"""Tablets handed over for one questionnaire. Secrets are kept as hashes, and not at all once they are used."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.kiosk import Handover
from journal.storage.base import Base, Identified, new_public_id


class KioskHandover(Identified, Base):
    """One handing over. ``place_hash`` and ``code_hash`` until it is opened, ``token_hash`` (of the tablet's cookie)
    from then on."""

    __tablename__ = "kiosk_handover"

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), index=True)
    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id"), index=True)
    instrument: Mapped[str] = mapped_column(sa.String(16))
    place_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(sa.String(64))
    tries: Mapped[int] = mapped_column(default=0)
    token_hash: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    assessment: Mapped[str | None] = mapped_column(sa.String(32))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    opened_at: Mapped[datetime | None]
    saved_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


_NO_SECRET = {"place_hash": None, "code_hash": None}


def add_handover(
    db: Session,
    *,
    patient_id: int,
    provider_id: int,
    instrument: str,
    place_hash: str | None,
    code_hash: str | None,
    now: datetime,
    expires_at: datetime,
) -> str:
    """Add one that waits to be opened; its public id."""
    public_id = new_public_id()
    db.execute(
        sa.insert(KioskHandover).values(
            public_id=public_id,
            patient_id=patient_id,
            provider_id=provider_id,
            instrument=instrument,
            place_hash=place_hash,
            code_hash=code_hash,
            tries=0,
            made_at=now,
            expires_at=expires_at,
        )
    )
    return public_id


def end_all_of(db: Session, patient_id: int, *, now: datetime) -> None:
    """End every one of a patient's that has not ended: there is one tablet at a time."""
    _end(db, KioskHandover.patient_id == patient_id, now=now)


def end(db: Session, handover_id: int, *, now: datetime) -> None:
    """End one, if it has not ended."""
    _end(db, KioskHandover.id == handover_id, now=now)


def try_code(db: Session, place_hash: str, code_hash: str, *, most: int, now: datetime) -> Handover | None:
    """The one that waits at this place, if the code is right; the last wrong try that it has ends it.

    A try is counted before it is compared, so that many at once are still counted one by one; the caller commits
    either way.
    """
    tried = db.execute(
        sa.update(KioskHandover)
        .where(
            KioskHandover.place_hash == place_hash,
            KioskHandover.ended_at.is_(None),
            KioskHandover.expires_at > now,
            KioskHandover.tries < most,
        )
        .values(tries=KioskHandover.tries + 1)
        .returning(KioskHandover.id, KioskHandover.code_hash, KioskHandover.tries)
    ).one_or_none()
    if tried is None:
        return None
    if tried.code_hash == code_hash:
        return handover_by_id(db, tried.id)
    if tried.tries >= most:
        end(db, tried.id, now=now)
    return None


def open_for(db: Session, handover_id: int, *, token_hash: str, now: datetime, expires_at: datetime) -> bool:
    """Open one that waits, once, for the browser with this cookie; whether it was still waiting."""
    opened = db.execute(
        sa.update(KioskHandover)
        .where(
            KioskHandover.id == handover_id,
            KioskHandover.opened_at.is_(None),
            KioskHandover.ended_at.is_(None),
            KioskHandover.expires_at > now,
        )
        .values(token_hash=token_hash, opened_at=now, expires_at=expires_at, **_NO_SECRET)
    )
    return bool(opened.rowcount)  # type: ignore[attr-defined]


def note_saved(db: Session, handover_id: int, *, assessment: str, now: datetime) -> None:
    """Write down what was saved by one that is open."""
    db.execute(
        sa.update(KioskHandover)
        .where(KioskHandover.id == handover_id)
        .values(assessment=assessment, saved_at=now)
    )


def handover_by_token(db: Session, token_hash: str) -> Handover | None:
    """The one that was opened in the browser with this cookie, whatever became of it."""
    return _handover(db, KioskHandover.token_hash == token_hash)


def handover_by_id(db: Session, handover_id: int) -> Handover | None:
    """The one with this id."""
    return _handover(db, KioskHandover.id == handover_id)


def handover_of(db: Session, *, patient_id: int, provider_id: int, public_id: str) -> Handover | None:
    """One that this provider made for this patient."""
    return _handover(
        db,
        sa.and_(
            KioskHandover.patient_id == patient_id,
            KioskHandover.provider_id == provider_id,
            KioskHandover.public_id == public_id,
        ),
    )


def forget_ended(db: Session, *, before: datetime) -> int:
    """Remove those that were over before a moment; how many."""
    gone = db.execute(sa.delete(KioskHandover).where(KioskHandover.expires_at < before))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def _end(db: Session, which: sa.ColumnElement[bool], *, now: datetime) -> None:
    db.execute(
        sa.update(KioskHandover)
        .where(which, KioskHandover.ended_at.is_(None))
        .values(ended_at=now, **_NO_SECRET)
    )


def _handover(db: Session, which: sa.ColumnElement[bool]) -> Handover | None:
    row = db.scalar(sa.select(KioskHandover).where(which).execution_options(populate_existing=True))
    if row is None:
        return None
    return Handover(
        id=row.id,
        public_id=row.public_id,
        patient_id=row.patient_id,
        provider_id=row.provider_id,
        instrument=row.instrument,
        made_at=row.made_at,
        expires_at=row.expires_at,
        tries=row.tries,
        opened_at=row.opened_at,
        saved_at=row.saved_at,
        ended_at=row.ended_at,
        assessment=row.assessment,
    )
