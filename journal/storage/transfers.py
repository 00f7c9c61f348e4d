"""What was brought in from other apps, and what a restored journal carries of the place it came from.

Imported values are never among the check-ins, in no mean and in no summary. A whole journal as a document is gathered
and put back in ``journal.storage.documents``.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import TypedDict

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain import transfers as values
from journal.domain import trends
from journal.storage.base import Base, Identified, new_public_id
from journal.storage.sealing import Sealer, patient_sealer


class ImportBatch(Identified, Base):
    """One file brought in. Private until the patient shares it."""

    __tablename__ = "import_batch"

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(sa.String(24))
    file_name: Mapped[bytes | None]
    imported_at: Mapped[datetime]
    shared: Mapped[bool] = mapped_column(default=False)


class ImportedEntry(Identified, Base):
    """One value on its own scale, as the other app had it.

    ``words`` holds the person's own, sealed together: label, activities, note, and the row's fingerprint as the file
    gives it. ``fingerprint`` is made from that with the patient's key: nobody else can try out what a note said.
    """

    __tablename__ = "imported_entry"
    __table_args__ = (
        sa.UniqueConstraint("patient_id", "source", "fingerprint"),
        sa.Index("ix_imported_entry_patient_day", "patient_id", "local_date"),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("import_batch.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(sa.String(24))
    local_date: Mapped[date]
    at: Mapped[str | None] = mapped_column(sa.String(5))
    kind: Mapped[str] = mapped_column(sa.String(24))
    value: Mapped[float | None]
    scale_min: Mapped[float]
    scale_max: Mapped[float]
    words: Mapped[bytes]
    file_row: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(sa.String(64))


class CarriedHistory(Base):
    """What a restored journal says of the place it came from: who could read there, who looked, whose names it has.

    Sealed whole and inert: it opens nothing to anybody, and nothing but the next export reads it.
    """

    __tablename__ = "carried_history"

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), primary_key=True)
    document: Mapped[bytes]
    restored_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Batch:
    """One file that was brought in, as its owner sees it. ``entries`` counts its values of every kind."""

    public_id: str
    source: str
    file_name: str
    imported_at: datetime
    shared: bool
    entries: int
    first_date: date | None
    last_date: date | None


@dataclass(frozen=True, slots=True)
class KeptMood:
    """A mood that an earlier file brought: its number, and its word."""

    local_date: date
    at: time | None
    value: float | None
    label: str
    fingerprint: str


Row = dict[str, object]


class _Words(TypedDict):
    """What is sealed of an imported value."""

    label: str
    activities: list[str]
    note: str
    fingerprint: str


_AS_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Carried:
    """The opened :class:`CarriedHistory`. ``names`` are those of providers, by the public id of the thing they did."""

    consents: list[Row] = field(default_factory=list)
    access_log: list[Row] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)


_BATCH: sa.Table = ImportBatch.__table__  # type: ignore[assignment,explicit-any]
_ENTRY: sa.Table = ImportedEntry.__table__  # type: ignore[assignment,explicit-any]
_ADD_ENTRIES = sa.insert(_ENTRY).inline()
_FINGERPRINTS = sa.select(_ENTRY.c.fingerprint).where(
    _ENTRY.c.patient_id == sa.bindparam("patient_id"), _ENTRY.c.source == sa.bindparam("source")
)
_KEPT_MOODS = sa.select(
    *(_ENTRY.c[name] for name in ("public_id", "local_date", "at", "value", "words"))
).where(
    _ENTRY.c.patient_id == sa.bindparam("patient_id"),
    _ENTRY.c.source == sa.bindparam("source"),
    _ENTRY.c.kind == "mood",
    _ENTRY.c.local_date.between(sa.bindparam("first"), sa.bindparam("last")),
)
_BATCHES = (
    sa.select(
        _BATCH,
        sa.func.count(_ENTRY.c.id).label("entries"),
        sa.func.min(_ENTRY.c.local_date).label("first_date"),
        sa.func.max(_ENTRY.c.local_date).label("last_date"),
    )
    .outerjoin(_ENTRY, _ENTRY.c.batch_id == _BATCH.c.id)
    .where(_BATCH.c.patient_id == sa.bindparam("patient_id"))
    .group_by(*_BATCH.c)
    .order_by(_BATCH.c.imported_at.desc(), _BATCH.c.id.desc())
)
_MOODS = (
    sa.select(
        ImportedEntry.local_date,
        ImportedEntry.source,
        ImportedEntry.value,
        ImportedEntry.scale_min,
        ImportedEntry.scale_max,
    )
    .join(ImportBatch, ImportBatch.id == ImportedEntry.batch_id)
    .where(
        ImportedEntry.patient_id == sa.bindparam("patient_id"),
        ImportedEntry.local_date.between(
            sa.bindparam("first", type_=sa.Date()), sa.bindparam("last", type_=sa.Date())
        ),
        ImportedEntry.kind == "mood",
        ImportedEntry.value.is_not(None),
        sa.or_(ImportBatch.shared, sa.not_(sa.bindparam("shared_only", type_=sa.Boolean()))),
    )
)


def imported_days(
    db: Session, patient_id: int, first: date, last: date, *, shared_only: bool = False
) -> list[trends.ImportedDay]:
    """The moods brought in from other apps, a mean for each date, source and scale, none of their words.

    ``shared_only`` is for every reader but the patient: a file is private until its owner shares it.
    """
    rows = db.execute(
        _MOODS, {"patient_id": patient_id, "first": first, "last": last, "shared_only": shared_only}
    )
    return trends.imported_days(
        trends.ImportedReading(row.local_date, row.source, row.value, row.scale_min, row.scale_max)
        for row in rows
    )


def first_imported_day(db: Session, patient_id: int) -> date | None:
    """The first date with anything brought in; None where nothing was."""
    return db.scalar(
        sa.select(sa.func.min(ImportedEntry.local_date)).where(ImportedEntry.patient_id == patient_id)
    )


def known_rows(db: Session, patient_id: int, *, source: str, among: Collection[str]) -> set[str]:
    """Which of these rows of a source's file, by their fingerprints, are here already."""
    here = set(db.scalars(_FINGERPRINTS, {"patient_id": patient_id, "source": source}))
    if not here:
        return set()
    keyed = _keyed(patient_sealer(db, patient_id))
    return {fingerprint for fingerprint in among if keyed(fingerprint) in here}


def kept_moods(db: Session, patient_id: int, *, source: str, first: date, last: date) -> list[KeptMood]:
    """The moods that earlier files of a source brought for the dates ``first`` to ``last``."""
    rows = db.execute(
        _KEPT_MOODS, {"patient_id": patient_id, "source": source, "first": first, "last": last}
    ).all()
    if not rows:
        return []
    sealer = patient_sealer(db, patient_id)
    found = []
    for row in rows:
        words = _words(row.words, row.public_id, sealer)
        found.append(
            KeptMood(row.local_date, _clock(row.at), row.value, words["label"], words["fingerprint"])
        )
    return found


def add_batch(
    db: Session,
    patient_id: int,
    entries: Iterable[values.ImportedEntry],
    *,
    source: str,
    file_name: str,
    imported_at: datetime,
    shared: bool = False,
) -> str:
    """Add one file with its values, all words sealed; its public id. The database refuses a row it has already."""
    public_id = new_public_id()
    sealer = patient_sealer(db, patient_id)
    batch_id = db.scalar(
        sa.insert(_BATCH)
        .values(
            public_id=public_id,
            patient_id=patient_id,
            source=source,
            file_name=sealer.seal_if_any(file_name, column="import_batch.file_name", row=public_id),
            imported_at=imported_at,
            shared=shared,
        )
        .returning(_BATCH.c.id)
    )
    same = {"patient_id": patient_id, "batch_id": batch_id, "source": source}
    keyed = _keyed(sealer)
    rows = [{**same, **_sealed(entry, sealer), "fingerprint": keyed(entry.fingerprint)} for entry in entries]
    if rows:
        db.execute(_ADD_ENTRIES, rows)
    return public_id


def batches(db: Session, patient_id: int) -> list[Batch]:
    """Every file a patient brought in, the latest first."""
    rows = db.execute(_BATCHES, {"patient_id": patient_id}).all()
    if not rows:
        return []
    sealer = patient_sealer(db, patient_id)
    return [
        Batch(
            public_id=row.public_id,
            source=row.source,
            file_name=sealer.open(row.file_name, column="import_batch.file_name", row=row.public_id),
            imported_at=row.imported_at,
            shared=row.shared,
            entries=row.entries,
            first_date=row.first_date,
            last_date=row.last_date,
        )
        for row in rows
    ]


def share_batch(db: Session, patient_id: int, public_id: str, *, shared: bool) -> bool:
    """Let providers who may read scores see a file's values, or not any more; whether the patient has that file."""
    changed = db.execute(
        sa.update(_BATCH)
        .where(_BATCH.c.patient_id == patient_id, _BATCH.c.public_id == public_id)
        .values(shared=shared)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def remove_batch(db: Session, patient_id: int, public_id: str) -> bool:
    """Remove a file with all its values, for good; whether the patient had it."""
    removed = db.execute(
        sa.delete(_BATCH).where(_BATCH.c.patient_id == patient_id, _BATCH.c.public_id == public_id)
    )
    return bool(removed.rowcount)  # type: ignore[attr-defined]


def entries_of(db: Session, patient_id: int) -> list[tuple[str, values.ImportedEntry]]:
    """Every imported value with its words opened, each with the public id of its file."""
    rows = db.execute(
        sa.select(_ENTRY, _BATCH.c.public_id.label("batch"))
        .join(_BATCH, _BATCH.c.id == _ENTRY.c.batch_id)
        .where(_ENTRY.c.patient_id == patient_id)
        .order_by(_ENTRY.c.id)
    ).all()
    if not rows:
        return []
    sealer = patient_sealer(db, patient_id)
    return [(row.batch, _opened(row, sealer)) for row in rows]


def carried_history(db: Session, patient_id: int, *, row: str) -> Carried:
    """What a restored journal says of where it came from; nothing for a journal that began here.

    ``row`` is the patient's public id, to which it is sealed.
    """
    sealed = db.scalar(sa.select(CarriedHistory.document).where(CarriedHistory.patient_id == patient_id))
    if sealed is None:
        return Carried()
    text = patient_sealer(db, patient_id).open(sealed, column="carried_history.document", row=row)
    return Carried(**json.loads(text))


def carry_history(db: Session, patient_id: int, carried: Carried, *, row: str, now: datetime) -> None:
    """Keep what a restored journal says of where it came from. There is at most one."""
    document = {"consents": carried.consents, "access_log": carried.access_log, "names": carried.names}
    text = json.dumps(document, ensure_ascii=False)
    db.execute(
        sa.insert(CarriedHistory).values(
            patient_id=patient_id,
            document=patient_sealer(db, patient_id).seal(text, column="carried_history.document", row=row),
            restored_at=now,
        )
    )


def has_anything(db: Session, patient_id: int) -> bool:
    """Whether a patient brought in any file, or has a restored journal."""
    asked = (
        sa.select(ImportBatch.patient_id).where(ImportBatch.patient_id == patient_id),
        sa.select(CarriedHistory.patient_id).where(CarriedHistory.patient_id == patient_id),
    )
    return any(db.scalar(query.limit(1)) is not None for query in asked)


def _keyed(sealer: Sealer) -> Callable[[str], str]:
    return sealer.fingerprints(column="imported_entry.fingerprint")


def _sealed(entry: values.ImportedEntry, sealer: Sealer) -> Row:
    public_id = new_public_id()
    words = _AS_JSON.encode(
        {
            "label": entry.label,
            "activities": entry.activities,
            "note": entry.note,
            "fingerprint": entry.fingerprint,
        }
    )
    return {
        "public_id": public_id,
        "local_date": entry.local_date,
        "at": None if entry.at is None else entry.at.isoformat("minutes"),
        "kind": entry.kind,
        "value": entry.value,
        "scale_min": entry.scale_min,
        "scale_max": entry.scale_max,
        "words": sealer.seal(words, column="imported_entry.words", row=public_id),
        "file_row": entry.file_row,
    }


def _opened(row: sa.Row[tuple[object, ...]], sealer: Sealer) -> values.ImportedEntry:
    words = _words(row.words, row.public_id, sealer)
    return values.ImportedEntry(
        local_date=row.local_date,
        at=_clock(row.at),
        kind=row.kind,
        value=row.value,
        scale_min=row.scale_min,
        scale_max=row.scale_max,
        label=words["label"],
        activities=tuple(words["activities"]),
        note=words["note"],
        file_row=row.file_row,
        fingerprint=words["fingerprint"],
    )


def _clock(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)


def _words(sealed: bytes, public_id: str, sealer: Sealer) -> _Words:
    opened: _Words = json.loads(sealer.open(sealed, column="imported_entry.words", row=public_id))
    return opened
