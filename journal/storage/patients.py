"""Patients, who may read them, and the one row per patient that lists of them are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.consents import Sight, sight
from journal.storage.base import Base, Identified, UTCDateTime
from journal.storage.checkins import CheckIn
from journal.storage.clinics import Kind, Provider
from journal.storage.consents import Consent, as_consent
from journal.storage.prepared import Question

# A table whose module needs this one, so that its class cannot be imported here.
_ACCOUNT = sa.table("account", sa.column("id", sa.Integer()), sa.column("disabled_at", UTCDateTime()))


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

    A pure function of the patient's own check-ins, sessions and flags, not of the clock: ``tail`` holds the 28 dates
    that end at the last logged one, from which the figures of any later day follow. Imported entries are not in it.
    """

    __tablename__ = "patient_summary"

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), primary_key=True)
    last_check_in_on: Mapped[date | None] = mapped_column(index=True)
    last_check_in_at: Mapped[datetime | None]
    tail: Mapped[list[object]] = mapped_column(sa.JSON, default=list)
    last_session_on: Mapped[date | None]
    session_dates: Mapped[list[object]] = mapped_column(sa.JSON, default=list)
    open_flags: Mapped[list[object]] = mapped_column(sa.JSON, default=list)


def patient_of_account(db: Session, account_id: int) -> Patient | None:
    """The patient who signs in with this account."""
    return db.scalar(sa.select(Patient).where(Patient.account_id == account_id))


def patient_visible_to(
    db: Session, provider_id: int, public_id: str, *, now: datetime
) -> tuple[Patient, Sight] | None:
    """A patient as one provider may see them: found only through a live consent, together with what it opens.

    Who ends the consent at this moment waits until the transaction is over: what was checked is what is then read.
    """
    row = db.execute(
        sa.select(Patient, Consent)
        .join(Consent, Consent.patient_id == Patient.id)
        .where(Patient.public_id == public_id, Consent.provider_id == provider_id, Consent.ended_at.is_(None))
        .with_for_update(read=True, of=Consent)
    ).one_or_none()
    if row is None:
        return None
    patient, consent = row
    seen = sight([as_consent(consent)], patient_id=patient.id, provider_id=provider_id, now=now)
    return None if seen is None else (patient, seen)


def add_empty_summary(db: Session, patient_id: int) -> None:
    """The caseload row of somebody who has not written yet."""
    db.execute(
        sa.insert(PatientSummary).values(patient_id=patient_id, tail=[], session_dates=[], open_flags=[])
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """A provider who may read a patient now, and what of them."""

    provider_id: int
    public_id: str
    name: str
    sight: Sight
    kind: Kind


def readers_of(db: Session, patient_id: int, *, now: datetime) -> list[Reader]:
    """Everybody who may read a patient at ``now``, in the order of their names; nobody who has left."""
    rows = db.execute(
        sa.select(Consent, Provider.public_id, Provider.display_name, Provider.kind)
        .join(Provider, Provider.id == Consent.provider_id)
        .join(_ACCOUNT, _ACCOUNT.c.id == Provider.account_id)
        .where(Consent.patient_id == patient_id, Consent.ended_at.is_(None), _ACCOUNT.c.disabled_at.is_(None))
        .order_by(Provider.display_name, Provider.id)
    )
    readers = []
    for row, public_id, name, kind in rows:
        seen = sight([as_consent(row)], patient_id=patient_id, provider_id=row.provider_id, now=now)
        if seen is not None:
            readers.append(Reader(row.provider_id, public_id, name, seen, Kind(kind)))
    return readers


def starred_counts(db: Session, since: Mapping[int, date]) -> dict[int, int]:
    """How many starred notes each patient shared about days from a date on. A private note is never counted."""
    values: dict[str, object] = {}
    for number, (patient_id, first) in enumerate(since.items()):
        values |= {f"patient{number}": patient_id, f"first{number}": first}
    return dict(_starred_notes(len(since)).rows(db, values)) if since else {}


@cache
def _starred_notes(people: int) -> Question[int, int]:
    """The question for so many people, each from a date of their own: building it anew takes longer than its answer."""
    of_each = (
        sa.and_(
            CheckIn.patient_id == sa.bindparam(f"patient{number}"),
            CheckIn.local_date >= sa.bindparam(f"first{number}"),
        )
        for number in range(people)
    )
    return Question(
        sa.select(CheckIn.patient_id, sa.func.count())
        .where(sa.or_(*of_each), CheckIn.starred, CheckIn.note_shared, CheckIn.note.is_not(None))
        .group_by(CheckIn.patient_id)
    )
