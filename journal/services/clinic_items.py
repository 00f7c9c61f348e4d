"""Turning on, for one patient, the items of the check-in that only a clinic asks for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from journal.storage import audit, clinic_items, clinics
from journal.storage.audit import Act
from journal.storage.clinic_items import TurnedOn
from journal.storage.patients import Patient


def turn_on(
    db: Session,
    patient: Patient,
    items: TurnedOn,
    *,
    provider_id: int,
    actor_account_id: int,
    now: datetime,
) -> None:
    """Let exactly ``items`` be what the provider's clinic asks; the patient finds the change in their log.

    Whether this provider may read the answers is asked at the edge, through the consent.
    """
    clinic_id = clinics.workplace_of(db, provider_id).clinic_id
    if items == clinic_items.items_of_clinic(db, patient.id, clinic_id):
        return
    clinic_items.put_items(db, patient.id, clinic_id, items, now=now)
    audit.record(
        db,
        Act.CLINIC_ITEMS_CHANGED,
        now=now,
        actor_account_id=actor_account_id,
        patient_id=patient.id,
        provider_id=provider_id,
        subject=patient.public_id,
    )
