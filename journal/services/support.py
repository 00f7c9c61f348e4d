"""Writing one's own plan for hard days. Nobody else can: no consent opens it, and no page of a provider shows it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain.errors import CHANGED_MEANWHILE, Refused
from journal.domain.support import CopingPlan, check, tidied
from journal.storage import audit, consents, support
from journal.storage.audit import Act
from journal.storage.patients import Patient


def save_plan(
    db: Session,
    patient: Patient,
    plan: CopingPlan,
    *,
    seen_version: int,
    actor_account_id: int | None,
    now: datetime,
) -> None:
    """Keep ``plan`` as the patient's; one with nothing in it takes the words of the former one away.

    ``seen_version`` is the one that its writer had before them. Refuses what ``domain.support.check`` refuses, and
    ``changed_meanwhile`` where another was kept since.
    """
    plan = tidied(plan)
    check(plan)
    consents.hold(db, patient.id)  # of two forms at once, the second finds what the first one kept
    before = support.plan_of(db, patient.id)
    if plan == before.plan:
        return
    if seen_version != before.version:
        raise Refused(CHANGED_MEANWHILE)
    support.put_plan(db, patient.id, plan, version=before.version + 1, updated_at=now)
    audit.record(
        db,
        Act.PLAN_REMOVED if plan.is_empty else Act.PLAN_CHANGED,
        now=now,
        actor_account_id=actor_account_id,
        patient_id=patient.id,
    )
