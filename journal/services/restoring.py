"""Putting a journal back from Tideline's own document, into a patient who has not written anything yet.

Check-ins come back as what they were, with their provenance, earlier bodies and sendings. Permission does not: who
could read at the place the document comes from is kept as history and opens nothing here. Treatment and questionnaires
are put back by ``restoring_care``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy.orm import Session

from journal.domain.checkins import CheckIn, CheckInBody, KeptBody, Recall, Via, Why
from journal.domain.errors import Refused
from journal.domain.pauses import Pause
from journal.domain.reminder_limits import LONGEST_PAUSE
from journal.domain.support import CopingPlan
from journal.domain.topics import Topic
from journal.domain.transfers import ImportedEntry
from journal.interop.plain import (
    a_list,
    an_object,
    day_or_none,
    instant,
    instant_or_none,
    number,
    rows_in,
    whole,
    whole_or_none,
)
from journal.interop.tables import MAX_BYTES
from journal.interop.tideline import read_document
from journal.services import reminders, restoring_care, summaries
from journal.services.patients import problems_of_newcomer
from journal.storage import audit, consents, documents, reminder_pauses, support, topics, transfers
from journal.storage import reminders as reminder_rows
from journal.storage.audit import Act
from journal.storage.base import new_public_id
from journal.storage.patients import Patient
from journal.storage.transfers import Carried, Row

COUNTED = (
    "check_ins",
    "treatment_sessions",
    "courses",
    "assessments",
    "medications",
    "key_moments",
    "appointments",
    "imports",
)


@dataclass(frozen=True, slots=True)
class Restorable:
    """A document that may be put back, and how many rows each of the parts has that a person would look for."""

    document: dict[str, object]
    counts: dict[str, int]
    first_date: date | None
    last_date: date | None


def look_into_document(
    db: Session, patient: Patient, content: bytes, *, max_bytes: int | None = MAX_BYTES
) -> Restorable:
    """What a document would put back. Keeps nothing.

    Refuses what ``interop.tideline.read_document`` refuses, ``journal_not_empty``, and a name that nobody may have.
    """
    document = read_document(content, max_bytes=max_bytes)
    settings = an_object(document["patient"])
    for problem in problems_of_newcomer(str(settings["display_name"]), str(settings["zone"])):
        raise problem
    if not documents.is_empty(db, patient):
        raise Refused("journal_not_empty", field="file")
    days = sorted(str(row["local_date"]) for row in rows_in(document, "check_ins"))
    return Restorable(
        document=document,
        counts={name: len(rows_in(document, name)) for name in COUNTED},
        first_date=date.fromisoformat(days[0]) if days else None,
        last_date=date.fromisoformat(days[-1]) if days else None,
    )


def restore(
    db: Session,
    patient: Patient,
    content: bytes,
    *,
    max_bytes: int | None = MAX_BYTES,
    actor_account_id: int | None,
    now: datetime,
) -> Restorable:
    """Put a document back, all of it or nothing: exporting it again gives the same document.

    The patient's settings and reminders become those of the document. Its consents and access log are kept as history
    only. Refuses what :func:`look_into_document` refuses, and reminders that no page could have made.
    """
    consents.hold(db, patient.id)
    found = look_into_document(db, patient, content, max_bytes=max_bytes)
    document = found.document
    documents.replace_settings(db, patient.id, _settings(an_object(document["patient"])))
    codes = _put_back_chips(db, patient, document)
    _put_back_check_ins(db, patient, document, codes)
    names = {
        **restoring_care.put_back_treatment(db, patient, document),
        **restoring_care.put_back_questionnaires(db, patient, document),
        **_put_back_appointments(db, patient, document),
        **_put_back_topics(db, patient, document),
    }
    for plan in rows_in(document, "coping_plan"):
        _put_back_plan(db, patient, plan)
    for batch in rows_in(document, "imports"):
        _put_back_import(db, patient, batch)
    _put_back_reminders(db, patient, document, now=now)
    carried = Carried(rows_in(document, "consents"), rows_in(document, "access_log"), names)
    transfers.carry_history(db, patient.id, carried, row=patient.public_id, now=now)
    summaries.refresh(db, patient.id)
    reminders.replan(db, patient.account_id, now=now)
    audit.record(db, Act.IMPORTED, now=now, actor_account_id=actor_account_id, patient_id=patient.id)
    return found


def _settings(settings: Row) -> Row:
    return {**settings, "first_day": day_or_none(settings["first_day"])}


def _put_back_chips(db: Session, patient: Patient, document: Mapping[str, object]) -> dict[str, str]:
    """Put the chips back; what a check-in keeps of each, by its name in the document."""
    codes: dict[str, str] = {}
    rows: list[Row] = []
    for chip in rows_in(document, "activity_chips"):
        public_id = new_public_id()
        codes[str(chip["id"])] = str(chip["preset"] or public_id)
        row = {name: value for name, value in chip.items() if name != "id"}
        rows.append({**row, "public_id": public_id, "hidden_at": instant_or_none(chip["hidden_at"])})
    documents.replace_chips(db, patient.id, rows)
    return codes


def _put_back_check_ins(
    db: Session, patient: Patient, document: Mapping[str, object], codes: Mapping[str, str]
) -> None:
    check_ins = [_check_in(row, codes) for row in rows_in(document, "check_ins")]
    ids = {check_in.client_key: check_in.public_id for check_in, _ in check_ins}
    submissions: list[Row] = [
        {
            **row,
            "received_at": instant_or_none(row["received_at"]),
            "deleted_at": instant_or_none(row["deleted_at"]),
            # a deleted check-in keeps its key taken under an id that nothing has
            "check_in_public_id": ids.get(str(row["client_key"])) or new_public_id(),
        }
        for row in rows_in(document, "submissions")
    ]
    documents.add_check_ins(db, patient.id, check_ins, submissions)


def _check_in(row: Row, codes: Mapping[str, str]) -> tuple[CheckIn, list[KeptBody]]:
    check_in = CheckIn(
        public_id=new_public_id(),
        client_key=str(row["client_key"]),
        version=whole(row["version"]),
        body=_body(row, codes),
        recall=Recall(str(row["recall"])),
        felt_at=instant_or_none(row["felt_at"]),
        recorded_at=instant(row["recorded_at"]),
        received_at=instant(row["received_at"]),
        clock_skew_s=whole_or_none(row["clock_skew_s"]),
        zone=str(row["zone"]),
        utc_offset_min=whole(row["utc_offset_min"]),
        via=Via(str(row["via"])),
        edited_at=instant_or_none(row["edited_at"]),
    )
    return check_in, [_kept(one, codes) for one in rows_in(row, "versions")]


def _kept(row: Row, codes: Mapping[str, str]) -> KeptBody:
    return KeptBody(
        version=whole(row["version"]),
        body=_body(an_object(row["body"]), codes),
        why=Why(str(row["why"])),
        recall=Recall(str(row["recall"])),
        felt_at=instant_or_none(row["felt_at"]),
        recorded_at=instant(row["recorded_at"]),
        received_at=instant(row["received_at"]),
        replaced_at=instant(row["replaced_at"]),
        utc_offset_min=whole(row["utc_offset_min"]),
        clock_skew_s=whole_or_none(row["clock_skew_s"]),
        edited_at=instant_or_none(row["edited_at"]),
        device=str(row["device"]),
    )


def _body(row: Row, codes: Mapping[str, str]) -> CheckInBody:
    named = [codes[str(chip)] for chip in a_list(row["activity_type"])]
    return CheckInBody.from_json({**row, "activity_type": named})


def _put_back_appointments(db: Session, patient: Patient, document: Mapping[str, object]) -> dict[str, str]:
    names: dict[str, str] = {}
    rows: list[Row] = []
    for visit in rows_in(document, "appointments"):
        public_id = new_public_id()
        row = {name: value for name, value in visit.items() if name != "provider"}
        at = {"starts_at": instant_or_none(visit["starts_at"]), "made_at": instant_or_none(visit["made_at"])}
        rows.append({**row, **at, "public_id": public_id})
        if visit["provider"] is not None:
            names[public_id] = str(visit["provider"])
    documents.add_appointments(db, patient.id, rows)
    return names


def _put_back_topics(db: Session, patient: Patient, document: Mapping[str, object]) -> dict[str, str]:
    """Topics come back to nobody: whom they were written to reads at another place."""
    names: dict[str, str] = {}
    for row in rows_in(document, "topics"):
        topic = Topic(
            new_public_id(), str(row["text"]), whole(row["position"]), written_at=instant(row["written_at"])
        )
        topics.add_topic(db, patient.id, topic, provider_id=None)
        if row["provider"] is not None:
            names[topic.public_id] = str(row["provider"])
    return names


def _put_back_plan(db: Session, patient: Patient, row: Row) -> None:
    words = {name: str(row[name]) for name in support.WORDS}
    before = support.plan_of(db, patient.id)  # one that was emptied has counted already
    support.put_plan(
        db,
        patient.id,
        CopingPlan(**words),
        version=before.version + 1,
        updated_at=instant(row["updated_at"]),
    )


def _put_back_import(db: Session, patient: Patient, batch: Row) -> None:
    transfers.add_batch(
        db,
        patient.id,
        [_entry(row) for row in rows_in(batch, "entries")],
        source=str(batch["source"]),
        file_name=str(batch["file_name"]),
        imported_at=instant(batch["imported_at"]),
        shared=bool(batch["shared"]),
    )


def _entry(row: Row) -> ImportedEntry:
    return ImportedEntry(
        local_date=date.fromisoformat(str(row["local_date"])),
        at=None if row["at"] is None else time.fromisoformat(str(row["at"])),
        kind=str(row["kind"]),
        value=None if row["value"] is None else number(row["value"]),
        scale_min=number(row["scale_min"]),
        scale_max=number(row["scale_max"]),
        label=str(row["label"]),
        activities=tuple(str(one) for one in a_list(row["activities"])),
        note=str(row["note"]),
        file_row=whole(row["file_row"]),
        fingerprint=str(row["fingerprint"]),
    )


def _put_back_reminders(
    db: Session, patient: Patient, document: Mapping[str, object], *, now: datetime
) -> None:
    rows = [
        {
            **row,
            "stopped_at": instant_or_none(row["stopped_at"]),
            "changed_at": instant_or_none(row["changed_at"]),
            "paused_until": day_or_none(row["paused_until"]),
        }
        for row in rows_in(document, "reminders")
    ]
    documents.replace_reminders(db, patient.account_id, rows)
    pauses = [
        Pause(date.fromisoformat(str(row["first_on"])), date.fromisoformat(str(row["last_on"])))
        for row in rows_in(document, "reminder_pauses")
    ]
    reminder_pauses.replace_pauses(db, patient.id, pauses)
    kept = reminder_rows.reminder_of(db, patient.account_id, kind=reminders.CHECK_IN)
    if kept is not None:
        rule = reminder_rows.rule_of(kept)  # what no page could have made is refused
        if rule.paused_until is not None and rule.paused_until > now.date() + LONGEST_PAUSE:
            raise Refused("pause_day_out", field="pause_until")
