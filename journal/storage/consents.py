"""Who may read whom, and the invitations that lead there."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain import consents as rules
from journal.domain.consents import Scope
from journal.storage.base import Base, Identified, new_public_id


class Consent(Identified, Base):
    """One patient's permission for one provider. Never changed: a change ends one row and adds another.

    ``scopes`` is a sorted, comma-separated list, so that a row reads plainly in any database tool.
    """

    __tablename__ = "consent"
    __table_args__ = (
        # At most one live consent per pair, whatever two requests do at once.
        sa.Index(
            "uq_consent_live",
            "patient_id",
            "provider_id",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), index=True)
    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id"), index=True)
    scopes: Mapped[str] = mapped_column(sa.String(120))
    visible_from: Mapped[date | None]
    granted_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    text_version: Mapped[str] = mapped_column(sa.String(16))


class Invitation(Identified, Base):
    """A provider asks a person to share. The provider learns nothing until it is accepted.

    That somebody is a patient is private: contact and course draft are sealed with the installation's key.
    """

    __tablename__ = "invitation"

    clinic_id: Mapped[int] = mapped_column(sa.ForeignKey("clinic.id"), index=True)
    provider_id: Mapped[int] = mapped_column(sa.ForeignKey("provider.id"), index=True)
    contact: Mapped[bytes | None]
    draft: Mapped[bytes | None]
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    patient_id: Mapped[int | None] = mapped_column(sa.ForeignKey("patient.id", ondelete="SET NULL"))


def as_consent(row: Consent) -> rules.Consent:
    """The row as the value that the rules speak of."""
    return rules.Consent(
        public_id=row.public_id,
        patient_id=row.patient_id,
        provider_id=row.provider_id,
        scopes=frozenset(Scope(name) for name in row.scopes.split(",") if name),
        visible_from=row.visible_from,
        granted_at=row.granted_at,
        expires_at=row.expires_at,
        ended_at=row.ended_at,
        text_version=row.text_version,
    )


def add_consent(
    db: Session,
    *,
    patient_id: int,
    provider_id: int,
    scopes: frozenset[Scope],
    visible_from: date | None,
    now: datetime,
    expires_at: datetime,
) -> str:
    """Add a live consent; its public id. The database refuses a second live one for the same pair."""
    public_id = new_public_id()
    db.execute(
        sa.insert(Consent).values(
            public_id=public_id,
            patient_id=patient_id,
            provider_id=provider_id,
            scopes=",".join(sorted(scopes)),
            visible_from=visible_from,
            granted_at=now,
            expires_at=expires_at,
            text_version=rules.TEXT_VERSION,
        )
    )
    return public_id


def end_consent(db: Session, *, patient_id: int, provider_id: int, now: datetime) -> bool:
    """End the live consent of a pair, if there is one; whether there was."""
    ended = db.execute(
        sa.update(Consent)
        .where(
            Consent.patient_id == patient_id, Consent.provider_id == provider_id, Consent.ended_at.is_(None)
        )
        .values(ended_at=now)
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined]
