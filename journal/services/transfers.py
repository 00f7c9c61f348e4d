"""Bringing files of other apps in, sharing and removing them, and taking a copy of everything out.

Reading a file is ``journal.interop``'s; putting a whole journal back from Tideline's own document is ``restoring``'s.
Imported values stay on their own scale: they never become check-ins and enter no mean and no summary.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import PurePath

from cryptography.exceptions import InvalidTag
from sqlalchemy.orm import Session

from journal.domain.days import local_day
from journal.domain.errors import NotFound, Refused
from journal.domain.transfers import ImportedEntry
from journal.interop.importers import daylio
from journal.interop.importers.mood_names import mood_key
from journal.interop.records import ImportPreview
from journal.interop.tables import clean_cell
from journal.storage import audit, consents, documents, transfers
from journal.storage.audit import Act
from journal.storage.patients import Patient
from journal.storage.sealing import patient_sealer
from journal.storage.transfers import KeptMood

FILE_NAME_LENGTH = 255
_ON_THE_WAY = "import_batch.on_the_way"


@dataclass(frozen=True, slots=True)
class Changed:
    """A row that is new although its date and time are not: the earlier one is not in the file any more. Both stay."""

    local_date: date
    at: time | None
    file_row: int
    before_label: str
    before_value: float | None
    label: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file held against what is here: which of its values are ``new``, how many are here already."""

    preview: ImportPreview
    new: tuple[ImportedEntry, ...]
    known: int
    changed: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Brought:
    """What a file brought. ``batch_id`` is empty where everything in it was here already."""

    arrival: Arrival
    batch_id: str


def look_into_daylio(
    db: Session,
    patient: Patient,
    content: bytes,
    *,
    filename: str,
    mood_levels: Mapping[str, int | None] | None = None,
    now: datetime,
) -> Arrival:
    """What a Daylio file would bring. Keeps nothing. Refuses what ``interop.importers.daylio`` refuses."""
    preview = _read_daylio(patient, content, filename=filename, mood_levels=mood_levels, now=now)
    return _held_against(db, patient.id, preview)


def bring_in_daylio(
    db: Session,
    patient: Patient,
    content: bytes,
    *,
    filename: str,
    mood_levels: Mapping[str, int | None] | None = None,
    actor_account_id: int | None,
    now: datetime,
) -> Brought:
    """Read a Daylio file and keep it. Refuses what :func:`look_into_daylio` and :func:`bring_in` refuse."""
    preview = _read_daylio(patient, content, filename=filename, mood_levels=mood_levels, now=now)
    return bring_in(db, patient, preview, filename=filename, actor_account_id=actor_account_id, now=now)


def bring_in(
    db: Session,
    patient: Patient,
    preview: ImportPreview,
    *,
    filename: str,
    actor_account_id: int | None,
    now: datetime,
) -> Brought:
    """Keep every value of a file that is not here yet, or none: private, under the file's name.

    Refuses ``rows_unreadable`` where any row could not be read, and ``moods_unknown`` where a mood name has no level
    and nobody said that it shall have none.
    """
    check_ready(preview)
    consents.hold(db, patient.id)  # of two imports at once, the second sees what the first one brought
    arrival = _held_against(db, patient.id, preview)
    if not arrival.new:
        return Brought(arrival, batch_id="")
    batch_id = transfers.add_batch(
        db,
        patient.id,
        arrival.new,
        source=preview.source,
        file_name=_file_name(filename),
        imported_at=now,
    )
    audit.record(
        db,
        Act.IMPORTED,
        now=now,
        actor_account_id=actor_account_id,
        patient_id=patient.id,
        subject=batch_id,
    )
    return Brought(arrival, batch_id=batch_id)


def check_ready(preview: ImportPreview) -> None:
    """Refuse a file of which not every row can be kept: ``rows_unreadable``, then ``moods_unknown``."""
    if preview.problems:
        first = min(problem.file_row for problem in preview.problems)
        raise Refused(
            "rows_unreadable", field="file", count=len(preview.problems), of=preview.rows, line=first
        )
    if preview.unknown_moods:
        raise Refused("moods_unknown", field="map", count=len(preview.unknown_moods))


def levels_said_before(db: Session, patient: Patient, *, source: str) -> dict[str, int | None]:
    """What the patient let each mood name stand for in earlier files, by the name as ``mood_key`` compares it."""
    kept = transfers.kept_moods(db, patient.id, source=source, first=date.min, last=date.max)
    return {mood_key(one.label): None if one.value is None else round(one.value) for one in kept}


def sealed_for_next_step(db: Session, patient: Patient, content: bytes, *, filename: str) -> str:
    """A file as a text that its owner's browser brings back with the next step, so that nothing is kept in between.

    Only :func:`opened_from_last_step` for the same patient opens it.
    """
    packed = base64.b64encode(zlib.compress(content)).decode()
    text = json.dumps({"name": _file_name(filename), "content": packed})
    sealed = patient_sealer(db, patient.id).seal(text, column=_ON_THE_WAY, row=patient.public_id)
    return base64.urlsafe_b64encode(sealed).decode()


def opened_from_last_step(db: Session, patient: Patient, sealed: str) -> tuple[str, bytes]:
    """The file's name and content; refuses ``file_missing`` for anything but what was sealed for this patient."""
    try:
        text = patient_sealer(db, patient.id).open(
            base64.urlsafe_b64decode(sealed), column=_ON_THE_WAY, row=patient.public_id
        )
    except (ValueError, IndexError, KeyError, InvalidTag):
        raise Refused("file_missing", field="file") from None
    packed = json.loads(text)
    return packed["name"], zlib.decompress(base64.b64decode(packed["content"]))


def share_import(db: Session, patient: Patient, batch_id: str, *, shared: bool) -> None:
    """Open a file's values to the providers who may read scores, or close them again; its words stay private."""
    if not transfers.share_batch(db, patient.id, batch_id, shared=shared):
        raise NotFound


def remove_import(db: Session, patient: Patient, batch_id: str) -> None:
    """Remove a file with everything it brought, for good. Bringing the file in again brings it all back."""
    if not transfers.remove_batch(db, patient.id, batch_id):
        raise NotFound


def take_out(
    db: Session, patient: Patient, *, actor_account_id: int | None, now: datetime
) -> dict[str, object]:
    """Everything of a patient, for ``interop.tideline`` and ``interop.csv_export``, and the audit row that says so."""
    audit.record(db, Act.EXPORTED, now=now, actor_account_id=actor_account_id, patient_id=patient.id)
    return documents.gathered(db, patient)


def _read_daylio(
    patient: Patient,
    content: bytes,
    *,
    filename: str,
    mood_levels: Mapping[str, int | None] | None,
    now: datetime,
) -> ImportPreview:
    return daylio.read_daylio(
        content,
        filename=filename,
        mood_levels=mood_levels,
        zone=patient.zone,
        today=local_day(now, patient.zone),
    )


def _held_against(db: Session, patient_id: int, preview: ImportPreview) -> Arrival:
    rows = {entry.fingerprint for entry in preview.entries}
    here = transfers.known_rows(db, patient_id, source=preview.source, among=rows)
    new = tuple(entry for entry in preview.entries if entry.fingerprint not in here)
    return Arrival(
        preview=preview,
        new=new,
        known=len(preview.entries) - len(new),
        changed=_changed(db, patient_id, preview, new),
    )


def _changed(
    db: Session, patient_id: int, preview: ImportPreview, new: tuple[ImportedEntry, ...]
) -> tuple[Changed, ...]:
    moods = [entry for entry in new if entry.kind == "mood"]
    if not moods:
        return ()
    in_file = {entry.fingerprint for entry in preview.entries}
    gone: dict[tuple[date, time | None], KeptMood] = {
        (kept.local_date, kept.at): kept
        for kept in transfers.kept_moods(
            db,
            patient_id,
            source=preview.source,
            first=moods[0].local_date,
            last=moods[-1].local_date,
        )
        if kept.fingerprint not in in_file
    }
    return tuple(
        Changed(
            local_date=entry.local_date,
            at=entry.at,
            file_row=entry.file_row,
            before_label=before.label,
            before_value=before.value,
            label=entry.label,
            value=entry.value,
        )
        for entry in moods
        if (before := gone.get((entry.local_date, entry.at))) is not None
    )


def _file_name(filename: str) -> str:
    """The name without its folders, and without what no text may hold (a file system allows more)."""
    name = clean_cell(PurePath(filename).name)
    return name.encode("utf-8", "replace").decode()[:FILE_NAME_LENGTH]
