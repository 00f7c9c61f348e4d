"""Making, moving and cancelling appointments, by either side."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain.errors import NotFound, Refused
from journal.services import reminders
from journal.storage import appointments, audit, clinics, patients
from journal.storage.appointments import AppointmentKind, AppointmentStatus, Visit
from journal.storage.audit import Act
from journal.storage.base import new_public_id
from journal.storage.patients import Patient


def make_appointment(
    db: Session,
    patient: Patient,
    *,
    starts_at: datetime,
    kind: AppointmentKind,
    actor_account_id: int | None,
    now: datetime,
    provider_id: int | None = None,
    clinic_id: int | None = None,
) -> Visit:
    """Add an appointment. ``clinic_id`` says that a provider made it, and for which clinic.

    A patient can name a provider who may read them now, or nobody; refuses ``provider_not_sharing``.
    """
    if clinic_id is None:
        _refuse_strangers(db, patient, provider_id, now=now)
    visit = Visit(
        public_id=new_public_id(),
        patient_id=patient.id,
        provider_id=provider_id,
        provider_name="",
        clinic_id=clinic_id,
        starts_at=starts_at,
        kind=kind,
        status=AppointmentStatus.PLANNED,
    )
    appointments.add_appointment(db, visit, now=now)
    _plan_notes(db, provider_id, now=now)
    _note(db, visit, Act.APPOINTMENT_MADE, actor_account_id, now)
    return visit


def change_by_patient(
    db: Session,
    patient: Patient,
    public_id: str,
    *,
    starts_at: datetime,
    kind: AppointmentKind,
    provider_id: int | None,
    actor_account_id: int | None,
    now: datetime,
) -> None:
    """Move or rename an appointment that the patient made. Refuses ``provider_not_sharing``."""
    before = own_of_patient(db, patient, public_id)
    if provider_id != before.provider_id:
        _refuse_strangers(db, patient, provider_id, now=now)
    visit = replace(before, starts_at=starts_at, kind=kind, provider_id=provider_id)
    _change(db, visit, actor_account_id, now)
    if provider_id != before.provider_id:
        _plan_notes(db, before.provider_id, now=now)


def change_by_provider(
    db: Session,
    patient: Patient,
    public_id: str,
    *,
    starts_at: datetime,
    kind: AppointmentKind,
    provider_id: int,
    actor_account_id: int | None,
    now: datetime,
) -> None:
    """Move or rename an appointment with this provider, whoever made it."""
    before = own_of_provider(db, patient, public_id, provider_id=provider_id)
    _change(db, replace(before, starts_at=starts_at, kind=kind), actor_account_id, now)


def cancel(db: Session, visit: Visit, *, actor_account_id: int | None, now: datetime) -> None:
    """Cancel an appointment; it stays in the list as cancelled and is no visit."""
    _change(db, replace(visit, status=AppointmentStatus.CANCELLED), actor_account_id, now)


def own_of_patient(db: Session, patient: Patient, public_id: str) -> Visit:
    """An appointment that the patient made and may change. NotFound for a clinic's: it is the clinic's to change."""
    visit = appointments.appointment_of(db, patient.id, public_id)
    if visit is None or visit.clinic_id is not None:
        raise NotFound
    return visit


def own_of_provider(db: Session, patient: Patient, public_id: str, *, provider_id: int) -> Visit:
    """An appointment with this provider. NotFound for anybody else's: who else a person sees is theirs to tell."""
    visit = appointments.appointment_of(db, patient.id, public_id)
    if visit is None or visit.provider_id != provider_id:
        raise NotFound
    return visit


def _refuse_strangers(db: Session, patient: Patient, provider_id: int | None, *, now: datetime) -> None:
    readers = {reader.provider_id for reader in patients.readers_of(db, patient.id, now=now)}
    if provider_id is not None and provider_id not in readers:
        raise Refused("provider_not_sharing", field="with_whom")


def _change(db: Session, visit: Visit, actor_account_id: int | None, now: datetime) -> None:
    appointments.change_appointment(db, visit)
    _plan_notes(db, visit.provider_id, now=now)
    _note(db, visit, Act.APPOINTMENT_CHANGED, actor_account_id, now)


def _plan_notes(db: Session, provider_id: int | None, *, now: datetime) -> None:
    """Let the note a day before the visit come when it now is."""
    if provider_id is not None:
        reminders.replan(db, clinics.account_of(db, provider_id), now=now)


def _note(db: Session, visit: Visit, act: Act, actor_account_id: int | None, now: datetime) -> None:
    audit.record(
        db,
        act,
        now=now,
        actor_account_id=actor_account_id,
        patient_id=visit.patient_id,
        provider_id=visit.provider_id,
        subject=visit.public_id,
    )
