"""Whether there is anything for a provider to read; asked for the notes that say so and no more."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain.consents import Scope
from journal.domain.days import local_day
from journal.domain.reminders import DIGEST, Due
from journal.storage import provider_notes
from journal.storage.appointments import Appointment, AppointmentStatus
from journal.storage.checkins import CheckIn
from journal.storage.clinics import Provider
from journal.storage.consents import Consent
from journal.storage.treatments import TreatmentSession

BEFORE_APPOINTMENT = timedelta(hours=24)
DIGEST_COVERS = timedelta(days=7)
DIGEST_LOOKS_AHEAD = timedelta(days=6)
"""To the day before the next one."""
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

    For the weekly one: a check-in or a treatment session of the last seven days that they may see, or a note of theirs
    to look at again by the end of the week. For the one before a visit: the visit still stands at that time, with
    somebody who still shares.
    """
    live = (
        sa.select(Consent.id)
        .join(Provider, Provider.id == Consent.provider_id)
        .where(Provider.account_id == account_id, Consent.ended_at.is_(None), Consent.expires_at > now)
    )
    since = due.due_at - DIGEST_COVERS
    if due.slot == DIGEST:
        check_ins = live.join(CheckIn, CheckIn.patient_id == Consent.patient_id).where(
            CheckIn.received_at > since, _opens(Scope.SCORES), _reaches(CheckIn.local_date)
        )
        sessions = live.join(TreatmentSession, TreatmentSession.patient_id == Consent.patient_id).where(
            TreatmentSession.recorded_at > since,
            TreatmentSession.by_provider_id.is_distinct_from(Provider.id),
            _opens(Scope.SESSIONS),
            _reaches(TreatmentSession.local_date),
        )
        if db.scalar(sa.select(sa.or_(check_ins.exists(), sessions.exists()))):
            return True
        return provider_notes.is_any_due(db, account_id, by=due.local_date + DIGEST_LOOKS_AHEAD, now=now)
    _, public_id, _ = due.slot.split(":")
    visits = live.join(
        Appointment,
        sa.and_(Appointment.patient_id == Consent.patient_id, Appointment.provider_id == Provider.id),
    ).where(
        Appointment.public_id == public_id,
        Appointment.status == AppointmentStatus.PLANNED.value,
        Appointment.starts_at == due.due_at + BEFORE_APPOINTMENT,
    )
    return bool(db.scalar(sa.select(visits.exists())))


def _opens(scope: Scope) -> sa.ColumnElement[bool]:
    """Whether a consent opens ``scope``: its list, as it is kept, with a comma at each end, names it."""
    return ("," + Consent.scopes + ",").contains(f",{scope.value},")


def _reaches(day: sa.orm.InstrumentedAttribute[date]) -> sa.ColumnElement[bool]:
    return sa.or_(Consent.visible_from.is_(None), day >= Consent.visible_from)
