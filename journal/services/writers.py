"""Who writes down something of a patient's: the patient, or a provider. Shared by every act that is open to both."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain.consents import WHOLE, Sight
from journal.domain.treatments import Source
from journal.storage import audit, clinics
from journal.storage.audit import Act
from journal.storage.patients import Patient


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes: the account, and for a provider their number and what of this patient is open to them."""

    account_id: int | None
    provider_id: int | None = None
    sight: Sight = WHOLE

    @property
    def source(self) -> Source:
        """The side that the writer is on."""
        return Source.PATIENT if self.provider_id is None else Source.CLINICIAN


def people_of(db: Session, writer: Writer) -> Collection[int]:
    """The providers of the writer's own clinic; none for a patient."""
    return clinics.workplace_of(db, writer.provider_id).people if writer.provider_id is not None else ()


def write_down(
    db: Session,
    patient: Patient,
    act: Act,
    by: Writer,
    *,
    subject: str,
    now: datetime,
    reader_id: int | None = None,
) -> None:
    """Say in the log that ``by`` did ``act`` to the row of this patient's whose public id is ``subject``.

    ``reader_id``: the provider for whom a patient wrote it.
    """
    audit.record(
        db,
        act,
        now=now,
        actor_account_id=by.account_id,
        patient_id=patient.id,
        provider_id=by.provider_id if reader_id is None else reader_id,
        subject=subject,
    )
