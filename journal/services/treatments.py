"""Recording and changing treatment sessions, by the patient or by a provider to whom sessions are open.

Who may open the page is decided at the edge, through consents. Here: whose record it is, and what it may say.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain import treatments as rules
from journal.domain.consents import WHOLE, Sight
from journal.domain.errors import NotFound, Refused
from journal.domain.treatments import Placed, Source, TreatmentBody, TreatmentSession
from journal.services import reminders, summaries
from journal.storage import audit, clinics, treatments
from journal.storage.audit import Act
from journal.storage.base import new_public_id
from journal.storage.patients import Patient

CHANGED_MEANWHILE = "changed_meanwhile"


def record_treatment(
    db: Session,
    patient: Patient,
    *,
    body: TreatmentBody,
    zone: str,
    actor_account_id: int | None,
    now: datetime,
    by_provider_id: int | None = None,
    sight: Sight = WHOLE,
) -> TreatmentSession:
    """Add a session to a patient's journal; ``zone`` is where the writer's clock hangs.

    With ``by_provider_id`` it is the clinic's record and its note is for the patient too; ``sight`` is what that
    provider may see: nobody writes into days that were not opened to them. A record of the same date from the other
    side stays beside it. Refuses what ``journal.domain.treatments.check`` refuses, and ``day_not_shared``.
    """
    placed = _checked(body, patient, zone=zone, now=now, sight=sight)
    by_clinic = by_provider_id is not None
    treatment = _as_said(
        TreatmentSession(
            public_id=new_public_id(),
            local_date=placed.local_date,
            started_at=placed.started_at,
            status=body.status,
            route=body.route,
            source=Source.CLINICIAN if by_clinic else Source.PATIENT,
            by_provider_id=by_provider_id,
        ),
        body,
        placed,
    )
    treatments.add_treatment(db, patient.id, treatment, now=now)
    _follow_up(db, patient, treatment, Act.TREATMENT_RECORDED, actor_account_id, now)
    return treatment


def change_treatment(
    db: Session,
    patient: Patient,
    public_id: str,
    *,
    body: TreatmentBody,
    seen_version: int,
    zone: str,
    actor_account_id: int | None,
    now: datetime,
    by_provider_id: int | None = None,
    sight: Sight = WHOLE,
) -> TreatmentSession:
    """Change a session that the writer's own side recorded, as it was when the form was opened.

    NotFound for the other side's records; refuses ``changed_meanwhile`` when somebody was faster, and what
    :func:`record_treatment` refuses.
    """
    before = own_treatment(db, patient, public_id, by_provider_id=by_provider_id, sight=sight)
    placed = _checked(body, patient, zone=zone, now=now, sight=sight)
    treatment = replace(_as_said(before, body, placed), version=seen_version + 1)
    if not treatments.change_treatment(db, patient.id, treatment, seen_version=seen_version):
        raise Refused(CHANGED_MEANWHILE, field="local_date")
    _follow_up(db, patient, treatment, Act.TREATMENT_CHANGED, actor_account_id, now)
    return treatment


def own_treatment(
    db: Session, patient: Patient, public_id: str, *, by_provider_id: int | None, sight: Sight = WHOLE
) -> TreatmentSession:
    """A session that this side recorded and may change: the patient's own, or the provider's own clinic's.

    NotFound for everything else, also for days that are not open to the provider.
    """
    found = treatments.treatment_of(db, patient.id, public_id)
    if found is None or not sight.reaches(found.local_date):
        raise NotFound
    if by_provider_id is None:
        if found.source is not Source.PATIENT:
            raise NotFound
    elif found.by_provider_id not in clinics.workplace_of(db, by_provider_id).people:
        raise NotFound
    return found


def _checked(body: TreatmentBody, patient: Patient, *, zone: str, now: datetime, sight: Sight) -> Placed:
    placed = rules.check(body, zone=zone, home=patient.zone, now=now)
    if not sight.reaches(placed.local_date):
        raise Refused("day_not_shared", field="local_date", first=sight.visible_from)
    return placed


def _as_said(treatment: TreatmentSession, body: TreatmentBody, placed: Placed) -> TreatmentSession:
    return replace(
        treatment,
        local_date=placed.local_date,
        started_at=placed.started_at,
        status=body.status,
        route=body.route,
        note=body.note,
        note_shared=body.note_shared and bool(body.note) and treatment.source is Source.PATIENT,
    )


def _follow_up(
    db: Session,
    patient: Patient,
    treatment: TreatmentSession,
    act: Act,
    actor_account_id: int | None,
    now: datetime,
) -> None:
    summaries.refresh(db, patient.id)
    reminders.replan(db, patient.account_id, now=now)
    audit.record(
        db,
        act,
        now=now,
        actor_account_id=actor_account_id,
        patient_id=patient.id,
        provider_id=treatment.by_provider_id,
        subject=treatment.public_id,
    )
