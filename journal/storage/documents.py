"""Everything of one patient, gathered for a document and put back from one. No table lives here.

The names and shapes are those of Tideline's own document (``journal.interop.tideline``): instants are aware datetimes
on the way out and in, ids of chips and courses whatever the database uses. Treatment and questionnaires have modules
of their own. What may be put back, and where, is decided in ``journal.services.restoring``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain.checkins import CheckIn as Kept
from journal.domain.checkins import KeptBody
from journal.storage import (
    assessment_documents,
    care_documents,
    check_in_versions,
    checkins,
    reminder_pauses,
    support,
    topics,
    transfers,
)
from journal.storage.accounts import Account
from journal.storage.activities import ActivityChip
from journal.storage.appointments import Appointment
from journal.storage.audit import Act, AuditEvent
from journal.storage.base import new_public_id
from journal.storage.checkins import CheckIn
from journal.storage.clinics import Provider
from journal.storage.consents import Consent
from journal.storage.patients import Patient
from journal.storage.reminders import Reminder
from journal.storage.sealing import patient_sealer
from journal.storage.submissions import Submission
from journal.storage.transfers import Row

LEFT_OUT = frozenset({Act.SIGNED_IN, Act.SIGN_IN_REFUSED, Act.SIGNED_OUT, Act.EXPORTED, Act.IMPORTED})
"""Acts that are on the access log's page and not in a document: taking a copy must not change the next copy."""


def gathered(db: Session, patient: Patient) -> dict[str, object]:
    """Everything of a patient by the section names of the document, each row with the document's field names.

    Providers' own notes are theirs and not here, nor is what they wrote about answers they looked at, or what a clinic
    asks and says; nor are secrets of signing in and the ledger of sent reminders.
    """
    carried = transfers.carried_history(db, patient.id, row=patient.public_id)
    return {
        "patient": {
            "display_name": patient.display_name,
            "zone": patient.zone,
            "region": patient.region,
            "first_day": patient.first_day,
            "preferences": patient.preferences,
        },
        "activity_chips": _chips(db, patient.id),
        "check_ins": _check_ins(db, patient.id),
        "submissions": _submissions(db, patient.id),
        "courses": care_documents.courses(db, patient, carried.names),
        "treatment_sessions": care_documents.treatments(db, patient.id, carried.names),
        "medications": care_documents.medications(db, patient.id, carried.names),
        "key_moments": care_documents.key_moments(db, patient.id, carried.names),
        "long_term_checks": care_documents.long_term_checks(db, patient.id),
        "assessments": assessment_documents.gathered_assessments(db, patient.id),
        "assessment_plans": assessment_documents.gathered_plans(db, patient.id, carried.names),
        "appointments": _appointments(db, patient.id, carried.names),
        "topics": _topics(db, patient.id, carried.names),
        "coping_plan": _coping_plan(db, patient.id),
        "reminders": _reminders(db, patient.account_id),
        "reminder_pauses": _reminder_pauses(db, patient.id),
        "consents": [*carried.consents, *_consents(db, patient.id)],
        "access_log": [*carried.access_log, *_access_log(db, patient)],
        "imports": _imports(db, patient.id),
    }


def is_empty(db: Session, patient: Patient) -> bool:
    """Whether the patient has not written anything yet. What only a clinic has put there is no writing of theirs."""
    written = (
        sa.select(CheckIn.id).where(CheckIn.patient_id == patient.id),
        sa.select(Submission.id).where(Submission.patient_id == patient.id),
    )
    if any(db.scalar(query.limit(1)) is not None for query in written):
        return False
    return not (
        support.has_plan(db, patient.id)
        or topics.has_topics(db, patient.id)
        or transfers.has_anything(db, patient.id)
        or care_documents.is_written(db, patient.id)
        or assessment_documents.is_answered(db, patient.id)
    )


def replace_settings(db: Session, patient_id: int, settings: Mapping[str, object]) -> None:
    """Let a patient be called, live and like things as ``settings`` (the document's ``patient``) say."""
    db.execute(sa.update(Patient).where(Patient.id == patient_id).values(**settings))


def replace_chips(db: Session, patient_id: int, chips: Iterable[Row]) -> None:
    """Replace the built-in chips by ``chips`` and add those of the patient's own; ``public_id`` is given."""
    db.execute(
        sa.delete(ActivityChip).where(ActivityChip.patient_id == patient_id, ActivityChip.preset.is_not(None))
    )
    sealer = patient_sealer(db, patient_id)
    _add(
        db,
        ActivityChip,
        [
            {
                **chip,
                "patient_id": patient_id,
                "label": sealer.seal_if_any(
                    str(chip["label"] or ""), column="activity_chip.label", row=str(chip["public_id"])
                ),
            }
            for chip in chips
        ],
    )


def add_check_ins(
    db: Session, patient_id: int, found: Iterable[tuple[Kept, list[KeptBody]]], submissions: Iterable[Row]
) -> None:
    """Add check-ins with the bodies kept beside them, and every sending; ``check_in_public_id`` is given."""
    for check_in, versions in found:
        checkins.add_check_in(db, patient_id, check_in)
        for version in versions:
            check_in_versions.add_version(db, patient_id, check_in.public_id, version)
    _add(db, Submission, [{**row, "patient_id": patient_id} for row in submissions])


def add_appointments(db: Session, patient_id: int, appointments: Iterable[Row]) -> None:
    """Add appointments; ``public_id`` is given."""
    _add(db, Appointment, [{**row, "patient_id": patient_id} for row in appointments])


def replace_reminders(db: Session, account_id: int, reminders: Iterable[Row]) -> None:
    """Replace an account's reminders. What waited in the queue for the former ones is gone with them."""
    db.execute(sa.delete(Reminder).where(Reminder.account_id == account_id))
    _add(db, Reminder, [{**row, "public_id": new_public_id(), "account_id": account_id} for row in reminders])


def _add(db: Session, table: type[sa.orm.DeclarativeBase], rows: list[Row]) -> None:
    if rows:
        db.execute(sa.insert(table.__table__), rows)  # type: ignore[arg-type]


def _chips(db: Session, patient_id: int) -> list[Row]:
    rows = db.scalars(
        sa.select(ActivityChip)
        .where(ActivityChip.patient_id == patient_id)
        .order_by(ActivityChip.position, ActivityChip.id)
    ).all()
    sealer = patient_sealer(db, patient_id)
    return [
        {
            "id": row.preset or row.public_id,  # what a check-in keeps of it
            "preset": row.preset,
            "label": sealer.open(row.label, column="activity_chip.label", row=row.public_id) or None,
            "shared": row.shared,
            "hidden_at": row.hidden_at,
            "position": row.position,
        }
        for row in rows
    ]


def _check_ins(db: Session, patient_id: int) -> list[Row]:
    found = []
    for kept in checkins.check_ins_between(db, patient_id, date.min, date.max):
        versions = (
            check_in_versions.versions_of(db, patient_id, kept.public_id) if kept.other_versions else []
        )
        row: Row = {
            "client_key": kept.client_key,
            **kept.body.as_json(),
            **{name: getattr(kept, name) for name in ("recall", "felt_at", "recorded_at", "received_at")},
            **{name: getattr(kept, name) for name in ("edited_at", "clock_skew_s", "zone")},
            **{name: getattr(kept, name) for name in ("utc_offset_min", "via", "version")},
            "versions": [_version(one) for one in reversed(versions)],
        }
        found.append(row)
    return found


def _version(kept: KeptBody) -> Row:
    names = (
        "version", "why", "device", "recall", "felt_at", "recorded_at", "received_at", "edited_at", "clock_skew_s",
        "utc_offset_min", "replaced_at",
    )  # fmt: skip
    return {**{name: getattr(kept, name) for name in names}, "body": kept.body.as_json()}


def _submissions(db: Session, patient_id: int) -> list[Row]:
    columns = (Submission.client_key, Submission.body_hash, Submission.received_at, Submission.deleted_at)
    return _rows(db, sa.select(*columns).where(Submission.patient_id == patient_id).order_by(Submission.id))


def _appointments(db: Session, patient_id: int, names: Mapping[str, str]) -> list[Row]:
    rows = db.execute(
        sa.select(Appointment, Provider.display_name)
        .outerjoin(Provider, Provider.id == Appointment.provider_id)
        .where(Appointment.patient_id == patient_id)
        .order_by(Appointment.id)
    )
    return [
        {
            "provider": name or names.get(row.public_id),
            "starts_at": row.starts_at,
            "kind": row.kind,
            "status": row.status,
            "made_at": row.made_at,
        }
        for row, name in rows
    ]


def _topics(db: Session, patient_id: int, names: Mapping[str, str]) -> list[Row]:
    return [
        {
            "provider": kept.provider_name or names.get(kept.topic.public_id),
            "position": kept.topic.position,
            "text": kept.topic.text,
            "written_at": kept.topic.written_at,
        }
        for kept in topics.topics_of(db, patient_id)
    ]


def _coping_plan(db: Session, patient_id: int) -> list[Row]:
    kept = support.plan_of(db, patient_id)
    return [] if kept.plan.is_empty else [{**asdict(kept.plan), "updated_at": kept.updated_at}]


def _reminders(db: Session, account_id: int) -> list[Row]:
    columns = (
        Reminder.kind, Reminder.times, Reminder.channels, Reminder.zone, Reminder.stopped_at, Reminder.changed_at,
        Reminder.quiet_from, Reminder.quiet_until, Reminder.paused_until,
        Reminder.follow_up, Reminder.both_times, Reminder.softer,
    )  # fmt: skip
    return _rows(db, sa.select(*columns).where(Reminder.account_id == account_id).order_by(Reminder.id))


def _reminder_pauses(db: Session, patient_id: int) -> list[Row]:
    return [
        {"first_on": pause.first, "last_on": pause.last}
        for pause in reminder_pauses.pauses_of(db, patient_id)
    ]


def _consents(db: Session, patient_id: int) -> list[Row]:
    rows = db.execute(
        sa.select(Consent, Provider.display_name)
        .join(Provider, Provider.id == Consent.provider_id)
        .where(Consent.patient_id == patient_id)
        .order_by(Consent.id)
    )
    return [
        {
            "provider": name,
            "scopes": [scope for scope in row.scopes.split(",") if scope],
            "visible_from": row.visible_from,
            "granted_at": row.granted_at,
            "expires_at": row.expires_at,
            "ended_at": row.ended_at,
            "text_version": row.text_version,
        }
        for row, name in rows
    ]


def _access_log(db: Session, patient: Patient) -> list[Row]:
    own = AuditEvent.actor_account_id == patient.account_id
    rows = db.execute(
        sa.select(AuditEvent.at, AuditEvent.act, own.label("own"), Provider.display_name)
        # a patient's act may name the provider it was about; who did it is found by the account
        .outerjoin(Account, Account.id == AuditEvent.actor_account_id)
        .outerjoin(Provider, Provider.account_id == Account.id)
        .where(AuditEvent.patient_id == patient.id, AuditEvent.act.not_in(sorted(LEFT_OUT)))
        .order_by(AuditEvent.id)
    )
    return [
        {"at": row.at, "actor": patient.display_name if row.own else row.display_name, "act": row.act}
        for row in rows
    ]


def _imports(db: Session, patient_id: int) -> list[Row]:
    entries: dict[str, list[Row]] = {}
    for batch, entry in transfers.entries_of(db, patient_id):
        entries.setdefault(batch, []).append(entry._asdict())
    return [
        {
            "source": batch.source,
            "file_name": batch.file_name,
            "imported_at": batch.imported_at,
            "shared": batch.shared,
            "entries": entries.get(batch.public_id, []),
        }
        for batch in reversed(transfers.batches(db, patient_id))
    ]


def _rows(db: Session, query: sa.Executable) -> list[Row]:
    return [dict(row) for row in db.execute(query).mappings()]
