"""Whether there is anything for a provider to read; asked for the notes that say so and no more."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain.days import local_day
from journal.domain.reminders import DIGEST, Due
from journal.storage.appointments import Appointment, AppointmentStatus
from journal.storage.checkins import CheckIn
from journal.storage.clinics import Provider
from journal.storage.consents import Consent

BEFORE_APPOINTMENT = timedelta(hours=24)
DIGEST_COVERS = timedelta(days=7)
_APPOINTMENT = "appointment"


def notes_before_appointments(db: Session, account_id: int, *, zone: str, now: datetime) -> list[Due]:
    """The note 24 hours before each visit with the provider of this account that is still ahead; ``zone`` names the
    date it is about."""
    rows = db.execute(
        sa.select(Appointment.public_id, Appointment.starts_at)
        .join(Provider, Provider.id == Appointment.provider_id)
        .where(
            Provider.account_id == account_id,
            Appointment.status == AppointmentStatus.PLANNED.value,
            Appointment.starts_at > now + BEFORE_APPOINTMENT,
        )
    )
    return [
        Due(
            f"{_APPOINTMENT}:{public_id}:24h",
            local_day(starts_at - BEFORE_APPOINTMENT, zone),
            starts_at - BEFORE_APPOINTMENT,
        )
        for public_id, starts_at in rows
    ]


def is_news(db: Session, account_id: int, due: Due, *, now: datetime) -> bool:
    """Whether a provider's note has anything behind it, through consents that live at ``now``.

    For the weekly one: a check-in of the last seven days that they may see. For the one before a visit: the visit still
    stands at that time, with somebody who still shares.
    """
    live = (
        sa.select(Consent.id)
        .join(Provider, Provider.id == Consent.provider_id)
        .where(Provider.account_id == account_id, Consent.ended_at.is_(None), Consent.expires_at > now)
    )
    if due.slot == DIGEST:
        news = live.join(CheckIn, CheckIn.patient_id == Consent.patient_id).where(
            CheckIn.received_at > due.due_at - DIGEST_COVERS,
            sa.or_(Consent.visible_from.is_(None), CheckIn.local_date >= Consent.visible_from),
        )
    else:
        _, public_id, _ = due.slot.split(":")
        news = live.join(
            Appointment,
            sa.and_(Appointment.patient_id == Consent.patient_id, Appointment.provider_id == Provider.id),
        ).where(
            Appointment.public_id == public_id,
            Appointment.status == AppointmentStatus.PLANNED.value,
            Appointment.starts_at == due.due_at + BEFORE_APPOINTMENT,
        )
    return bool(db.scalar(sa.select(news.exists())))
