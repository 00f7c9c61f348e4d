"""Recording and changing treatment sessions, by the patient or by a provider to whom sessions are open.

Who may open the page is decided at the edge, through consents. Here: whose record it is, and what it may say.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain import treatments as rules
from journal.domain.consents import WHOLE, Sight
from journal.domain.errors import CHANGED_MEANWHILE, NotFound, Refused, RefusedFields
from journal.domain.treatment_records import TreatmentRecord
from journal.domain.treatments import Placed, Source, TreatmentBody, TreatmentSession
from journal.services import reminders, summaries, treatment_records
from journal.services.treatment_records import NOTHING, Doubted, Said
from journal.storage import audit, clinics, treatments
from journal.storage import treatment_records as records
from journal.storage.audit import Act
from journal.storage.base import new_public_id
from journal.storage.patients import Patient

_NO_MORE = Said()


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
    said: Said = _NO_MORE,
) -> TreatmentSession:
    """Add a session to a patient's journal; ``zone`` is where the writer's clock hangs, ``said`` all beside the body.

    With ``by_provider_id`` it is the clinic's record and its note is for the patient too; ``sight`` is what that
    provider may see: nobody writes into days that were not opened to them. A record of the same date from the other
    side stays beside it. Refuses, all at once, what the domain refuses of a session, its record and side effects, and
    ``day_not_shared``; raises ``Doubted`` for what should be asked once more.
    """
    by_clinic = by_provider_id is not None
    side = Source.CLINICIAN if by_clinic else Source.PATIENT
    placed, record = _checked(
        db, patient, body, said, side=side, before=NOTHING, zone=zone, now=now, sight=sight
    )
    treatment = _as_said(
        TreatmentSession(
            public_id=new_public_id(),
            local_date=placed.local_date,
            started_at=placed.started_at,
            status=body.status,
            route=body.route,
            source=side,
            by_provider_id=by_provider_id,
        ),
        body,
        placed,
    )
    treatments.add_treatment(db, patient.id, treatment, now=now)
    treatment_records.keep(
        db,
        patient,
        treatment,
        said,
        before=NOTHING,
        after=record,
        now=now,
        side=side,
        by_provider_id=by_provider_id,
    )
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
    said: Said | None = None,
) -> TreatmentSession:
    """Change a session that the writer's own side recorded, as it was when the form was opened.

    Without ``said`` the rest of the record stays as it is. NotFound for the other side's records; refuses
    ``changed_meanwhile`` when somebody was faster, and what :func:`record_treatment` refuses.
    """
    before = own_treatment(db, patient, public_id, by_provider_id=by_provider_id, sight=sight)
    record_before = records.record_of(db, patient.id, public_id) or NOTHING
    said = said or Said(record_before)
    placed, record = _checked(
        db,
        patient,
        body,
        said,
        side=before.source,
        before=record_before,
        zone=zone,
        now=now,
        sight=sight,
    )
    treatment = replace(_as_said(before, body, placed), version=seen_version + 1)
    if not treatments.change_treatment(db, patient.id, treatment, seen_version=seen_version):
        raise Refused(CHANGED_MEANWHILE, field="local_date")
    treatment_records.keep(
        db,
        patient,
        treatment,
        said,
        before=record_before,
        after=record,
        now=now,
        side=before.source,
        by_provider_id=by_provider_id,
    )
    _follow_up(db, patient, treatment, Act.TREATMENT_CHANGED, actor_account_id, now)
    return treatment


def remove_treatment(
    db: Session,
    patient: Patient,
    public_id: str,
    *,
    actor_account_id: int | None,
    now: datetime,
    by_provider_id: int | None = None,
    sight: Sight = WHOLE,
) -> None:
    """Take away a session that the actor's own side recorded, for good; the log keeps that it was.

    NotFound for the other side's records.
    """
    before = own_treatment(db, patient, public_id, by_provider_id=by_provider_id, sight=sight)
    treatments.remove_treatment(db, patient.id, public_id)
    removed = replace(before, by_provider_id=by_provider_id)
    _follow_up(db, patient, removed, Act.TREATMENT_REMOVED, actor_account_id, now)


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


def _checked(
    db: Session,
    patient: Patient,
    body: TreatmentBody,
    said: Said,
    *,
    side: Source,
    before: TreatmentRecord,
    zone: str,
    now: datetime,
    sight: Sight,
) -> tuple[Placed, TreatmentRecord]:
    problems: list[Refused] = []
    try:
        placed = rules.check(body, zone=zone, home=patient.zone, now=now)
    except RefusedFields as fault:
        if any(problem.code == "day_out_of_reach" for problem in fault.problems):
            raise  # no time can be read in such a year
        problems += fault.problems
        placed = rules.place(body, zone=zone, home=patient.zone)
    try:
        record = treatment_records.checked(
            db, patient, said, side=side, before=before, placed=placed, route=body.route, now=now
        )
    except RefusedFields as fault:
        raise RefusedFields(problems + fault.problems) from None
    except Doubted:
        if not problems:
            raise
    if problems:
        raise RefusedFields(problems)
    sight.check_reaches(placed.local_date, field="local_date")
    return placed, record


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
