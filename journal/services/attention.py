"""Setting aside what a list shows first, and choosing what it shows: a provider's acts, and a clinic's."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from journal.domain.attention import Kind, Shown, check_aside, check_shown
from journal.domain.errors import CHANGED_MEANWHILE, Refused
from journal.services.writers import Writer, write_down
from journal.storage import attention, audit, caseload_lines
from journal.storage.audit import Act
from journal.storage.patients import Patient


def set_aside(
    db: Session,
    provider_id: int,
    patient: Patient,
    kind: Kind,
    *,
    until: date,
    today: date,
    actor_account_id: int,
    now: datetime,
) -> None:
    """Let a provider not be shown one kind of a patient until a date, which is a date of their clinic.

    Whether they may see the patient is asked at the edge. Refuses what ``domain.attention.check_aside`` refuses.
    """
    check_aside(kind, until, today=today)
    attention.put_aside(db, provider_id, patient.id, kind, until=until, now=now)
    by = Writer(actor_account_id, provider_id)
    write_down(db, patient, Act.SET_ASIDE, by, subject=patient.public_id, now=now)


def take_back(
    db: Session, provider_id: int, patient: Patient, kind: Kind, *, actor_account_id: int, now: datetime
) -> None:
    """Let it be shown again; nothing happens where it was not set aside."""
    if attention.take_back(db, provider_id, patient.id, kind):
        by = Writer(actor_account_id, provider_id)
        write_down(db, patient, Act.SET_ASIDE_ENDED, by, subject=patient.public_id, now=now)


def choose_shown(
    db: Session, clinic_id: int, shown: Shown, *, seen_version: int, actor_account_id: int, now: datetime
) -> None:
    """Let a clinic be shown exactly this. Refuses ``changed_meanwhile``, and what ``check_shown`` refuses."""
    check_shown(shown)
    if shown == attention.shown_at(db, clinic_id).shown:
        return
    if not attention.put_shown(db, clinic_id, shown, seen_version=seen_version, now=now):
        raise Refused(CHANGED_MEANWHILE)
    caseload_lines.put_behind(db, clinic_id)
    audit.record(db, Act.ATTENTION_CHANGED, now=now, actor_account_id=actor_account_id)
