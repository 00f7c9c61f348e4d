"""Who did what, when, to whose journal. Rows are added and never changed: the database refuses it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.storage.base import Base
from journal.storage.clinics import Clinic, Provider
from journal.storage.prepared import Change


class Act(StrEnum):
    """What was done. The patient reads these in plain words."""

    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    UNLOCKED = "history_unlocked"
    UNLOCK_REFUSED = "unlock_refused"
    KEPT_OPEN = "kept_open"
    LOCKS_AGAIN = "locks_again"
    PROVIDER_CREATED = "provider_created"
    ACCOUNT_DISABLED = "account_disabled"
    INVITED = "invited"
    CONSENT_GRANTED = "consent_granted"
    CONSENT_CHANGED = "consent_changed"
    CONSENT_ENDED = "consent_ended"
    VIEWED_CASELOAD = "viewed_caseload"
    VIEWED_PATIENT = "viewed_patient"
    CHECK_IN_RECORDED = "check_in_recorded"
    CHECK_IN_EDITED = "check_in_edited"
    CHECK_IN_DELETED = "check_in_deleted"
    TREATMENT_RECORDED = "treatment_recorded"
    TREATMENT_CHANGED = "treatment_changed"
    TREATMENT_REMOVED = "treatment_removed"
    COURSE_BEGUN = "course_begun"
    COURSE_CHANGED = "course_changed"
    COURSE_LAID_OUT = "course_laid_out"
    COURSE_PHASE_CHANGED = "course_phase_changed"
    APPOINTMENT_MADE = "appointment_made"
    APPOINTMENT_CHANGED = "appointment_changed"
    MEDICINE_ADDED = "medicine_added"
    MEDICINE_CHANGED = "medicine_changed"
    MEDICINE_REMOVED = "medicine_removed"
    MOMENT_ADDED = "moment_added"
    MOMENT_CHANGED = "moment_changed"
    MOMENT_REMOVED = "moment_removed"
    TOPIC_ADDED = "topic_added"
    TOPIC_REMOVED = "topic_removed"
    NOTE_WRITTEN = "provider_note_written"
    NOTE_CHANGED = "provider_note_changed"
    NOTE_LOOKED_AT = "provider_note_looked_at"
    NOTE_REMOVED = "provider_note_removed"
    CHECK_UP_ANSWERED = "check_up_answered"
    VIEWED_FLAGS = "viewed_flags"
    HELP_SHOWN = "help_panel_shown"
    FLAG_RAISED = "flag_raised"
    FLAG_ACKNOWLEDGED = "flag_acknowledged"
    FLAG_LOOKED_AT = "flag_looked_at_again"
    TEMPLATE_CHANGED = "clinic_template_changed"
    CLINIC_ITEMS_CHANGED = "clinic_items_changed"
    SET_ASIDE = "attention_set_aside"
    SET_ASIDE_ENDED = "attention_set_aside_ended"
    ATTENTION_CHANGED = "clinic_attention_changed"
    REPLAYED = "attention_replayed"
    STEADY_DAYS_CHOSEN = "steady_days_chosen"
    FLAG_REVIEW_STATED = "flag_review_stated"
    FLAG_REVIEW_ENDED = "flag_review_ended"
    QUESTIONNAIRE_KEPT = "questionnaire_kept"
    QUESTIONNAIRE_COMPLETED = "questionnaire_completed"
    QUESTIONNAIRES_CHOSEN = "questionnaires_chosen"
    PLAN_CHANGED = "coping_plan_changed"
    PLAN_REMOVED = "coping_plan_removed"
    HANDED_OVER = "tablet_handed_over"
    IMPORTED = "imported"
    EXPORTED = "exported"


class AuditEvent(Base):
    """One act. No names, no words, no scores: ids only. A database trigger refuses UPDATE and DELETE.

    The ids are bare numbers on purpose: the fact outlives the rows it speaks of.
    """

    __tablename__ = "audit_event"
    __table_args__ = (sa.Index("ix_audit_event_patient_time", "patient_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    act: Mapped[str] = mapped_column(sa.String(32))
    actor_account_id: Mapped[int | None]
    patient_id: Mapped[int | None]
    provider_id: Mapped[int | None]
    subject: Mapped[str | None] = mapped_column(sa.String(32))


_ADD = Change(sa.insert(AuditEvent).inline())


def record(
    db: Session,
    act: Act,
    *,
    now: datetime,
    actor_account_id: int | None,
    patient_id: int | None = None,
    provider_id: int | None = None,
    subject: str | None = None,
) -> None:
    """Add one row in the caller's transaction: if it cannot be written, neither can what it tells of.

    ``subject`` is the public id of the thing acted on.
    """
    _ADD.apply(
        db,
        {
            "at": now,
            "act": act.value,
            "actor_account_id": actor_account_id,
            "patient_id": patient_id,
            "provider_id": provider_id,
            "subject": subject,
        },
    )


@dataclass(frozen=True, slots=True)
class Head:
    """Where the log stands: the number and the moment of its newest row."""

    number: int
    at: datetime


def head(db: Session) -> Head | None:
    """The newest row; None while nothing was ever done."""
    row = db.execute(sa.select(AuditEvent.id, AuditEvent.at).order_by(AuditEvent.id.desc()).limit(1)).first()
    return None if row is None else Head(row.id, row.at)


@dataclass(frozen=True, slots=True)
class Logged:
    """One act as the patient reads it. ``who`` and ``clinic`` name a provider; both are empty for anybody else."""

    at: datetime
    act: Act
    by_account_id: int | None
    who: str
    clinic: str


def log_of(
    db: Session, patient_id: int, *, limit: int, offset: int, leaving_out_account_id: int | None = None
) -> list[Logged]:
    """What was done to or with a patient's journal, the newest first; without one account's acts if asked so."""
    query = (
        sa.select(
            AuditEvent.at,
            AuditEvent.act,
            AuditEvent.actor_account_id,
            Provider.display_name,
            Clinic.name,
        )
        .outerjoin(Provider, Provider.id == AuditEvent.provider_id)
        .outerjoin(Clinic, Clinic.id == Provider.clinic_id)
        .where(AuditEvent.patient_id == patient_id)
        .order_by(AuditEvent.at.desc(), AuditEvent.id.desc())
        .limit(limit)
        .offset(offset)
    )
    if leaving_out_account_id is not None:
        query = query.where(
            sa.or_(
                AuditEvent.actor_account_id.is_(None), AuditEvent.actor_account_id != leaving_out_account_id
            )
        )
    return [
        Logged(at=at, act=Act(act), by_account_id=by, who=who or "", clinic=clinic or "")
        for at, act, by, who, clinic in db.execute(query)
    ]


def last_looks(db: Session, patient_id: int) -> dict[int, datetime]:
    """When each provider last opened a patient's page or took a copy, by provider id."""
    rows = db.execute(
        sa.select(AuditEvent.provider_id, sa.func.max(AuditEvent.at))
        .where(
            AuditEvent.patient_id == patient_id,
            AuditEvent.act.in_((Act.VIEWED_PATIENT.value, Act.EXPORTED.value)),
            AuditEvent.provider_id.is_not(None),
        )
        .group_by(AuditEvent.provider_id)
    )
    return {provider_id: at for provider_id, at in rows if provider_id is not None}
