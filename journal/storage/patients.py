"""Patients, and the one row per patient from which a caseload is drawn."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.consents import Sight, sight
from journal.storage.base import Base, Identified
from journal.storage.consents import Consent, as_consent


class Patient(Identified, Base):
    """The person treated. Belongs to no clinic: only a consent connects. ``zone`` is an IANA name."""

    __tablename__ = "patient"

    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), unique=True)
    display_name: Mapped[str] = mapped_column(sa.String(120))
    zone: Mapped[str] = mapped_column(sa.String(64))
    first_day: Mapped[date]
    region: Mapped[str] = mapped_column(sa.String(8), default="")
    preferences: Mapped[dict[str, object]] = mapped_column(sa.JSON, default=dict)


class PatientSummary(Base):
    """What a caseload shows of one patient, kept up in the same transaction as its cause.

    A pure function of the patient's own check-ins and sessions, not of the clock: ``tail`` holds the 28 dates that
    end at the last logged one, from which the figures of any later day follow. Imported entries are not in it.
    """

    __tablename__ = "patient_summary"

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), primary_key=True)
    last_check_in_on: Mapped[date | None] = mapped_column(index=True)
    last_check_in_at: Mapped[datetime | None]
    tail: Mapped[list[object]] = mapped_column(sa.JSON, default=list)
    last_session_on: Mapped[date | None]
    session_dates: Mapped[list[object]] = mapped_column(sa.JSON, default=list)


def patient_of_account(db: Session, account_id: int) -> Patient | None:
    """The patient who signs in with this account."""
    return db.scalar(sa.select(Patient).where(Patient.account_id == account_id))


def patient_visible_to(
    db: Session, provider_id: int, public_id: str, *, now: datetime
) -> tuple[Patient, Sight] | None:
    """A patient as one provider may see them: found only through a live consent, together with what it opens."""
    row = db.execute(
        sa.select(Patient, Consent)
        .join(Consent, Consent.patient_id == Patient.id)
        .where(Patient.public_id == public_id, Consent.provider_id == provider_id, Consent.ended_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    patient, consent = row
    seen = sight([as_consent(consent)], patient_id=patient.id, provider_id=provider_id, now=now)
    return None if seen is None else (patient, seen)


def add_empty_summary(db: Session, patient_id: int) -> None:
    """The caseload row of somebody who has not written yet."""
    db.execute(sa.insert(PatientSummary).values(patient_id=patient_id, tail=[], session_dates=[]))
