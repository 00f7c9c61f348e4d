"""Check-ins, and every question asked of their numbers and notes.

Rows leave as values of ``journal.domain``; a note, tags and other substances are sealed. Everything here is asked for
one patient at a time. The bodies that do not count lie in ``check_in_versions``, the keys of sendings in
``submissions``, what an activity is called in ``activities``.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.checkins import (
    CLOCK,
    MEDS_TAKEN,
    NUMBERS,
    YES_NO,
    CheckInBody,
    Recall,
    Via,
    as_seen,
    provenance_of,
)
from journal.domain.checkins import CheckIn as Kept
from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.moods import Reading
from journal.domain.trends import sleep_minutes
from journal.storage import submissions
from journal.storage.activities import activity_labels
from journal.storage.base import Base, Identified, between, one_of
from journal.storage.prepared import Change, Question
from journal.storage.sealing import Sealer, patient_sealer


class CheckIn(Identified, Base):
    """One mood entry. Several a day are fine; its words are sealed; its ranges stand in the database too."""

    __tablename__ = "check_in"
    __table_args__ = (
        *(between(name, low, high) for name, (low, high) in NUMBERS.items()),
        sa.CheckConstraint("(mood IS NULL) = unsure", name="mood_or_unsure"),
        sa.CheckConstraint(f"meds_taken IN {MEDS_TAKEN!r}", name="meds_taken_known"),
        one_of("recall", Recall),
        one_of("via", Via),
        sa.Index("ix_check_in_patient_day", "patient_id", "local_date"),
        sa.UniqueConstraint("patient_id", "client_key"),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    client_key: Mapped[str] = mapped_column(sa.String(64))
    version: Mapped[int] = mapped_column(default=1)
    local_date: Mapped[date]
    recall: Mapped[str] = mapped_column(sa.String(8))
    felt_at: Mapped[datetime | None]
    recorded_at: Mapped[datetime]
    received_at: Mapped[datetime]
    clock_skew_s: Mapped[int | None] = mapped_column(sa.BigInteger)
    zone: Mapped[str] = mapped_column(sa.String(64))
    utc_offset_min: Mapped[int]
    via: Mapped[str] = mapped_column(sa.String(8))
    mood: Mapped[int | None]
    unsure: Mapped[bool]
    interest: Mapped[int | None]
    anxiety: Mapped[int | None]
    energy: Mapped[int | None]
    sleep_quality: Mapped[int | None]
    sleep_min: Mapped[int | None]
    bed_time: Mapped[str | None] = mapped_column(sa.String(5))
    wake_time: Mapped[str | None] = mapped_column(sa.String(5))
    awakenings: Mapped[int | None]
    sol_min: Mapped[int | None]
    waso_min: Mapped[int | None]
    activity_min: Mapped[int | None]
    activity_type: Mapped[list[object]] = mapped_column(sa.JSON, default=list)
    steps: Mapped[int | None]
    social: Mapped[int | None]
    meaningful: Mapped[bool | None]
    connection: Mapped[int | None]
    pain: Mapped[int | None]
    meals: Mapped[bool | None]
    alcohol: Mapped[int | None]
    cannabis: Mapped[bool | None]
    other_substances: Mapped[bytes | None]
    substances_shared: Mapped[bool] = mapped_column(default=False)
    meds_taken: Mapped[str | None] = mapped_column(sa.String(8))
    note: Mapped[bytes | None]
    note_shared: Mapped[bool] = mapped_column(default=False)
    starred: Mapped[bool] = mapped_column(default=False)
    tags: Mapped[bytes | None]
    detached: Mapped[int | None]
    elevated: Mapped[int | None]
    edited_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class SharedNote:
    """A note that its writer shared, as a reader with the scope gets it."""

    check_in_id: str
    local_date: date
    recorded_at: datetime
    text: str
    starred: bool


@dataclass(frozen=True, slots=True)
class StarredNote:
    """A note that its writer wants to bring along, for the writer alone."""

    local_date: date
    text: str
    shared: bool


@dataclass(frozen=True, slots=True)
class AskedLater:
    """A date with what was answered of the items that only some are asked: detached 0–10, elevated 0–3, or None."""

    local_date: date
    detached: int | None
    elevated: int | None


_CHECK_IN: sa.Table = CheckIn.__table__  # type: ignore[assignment,explicit-any]
# By its name alone: check_in_versions stands on this file.
_VERSION = sa.table("check_in_version", sa.column("check_in_id"))
_AS_IT_IS = (*NUMBERS, *YES_NO, "meds_taken", "unsure", "substances_shared", "note_shared", "starred")
_WORDS = ("note", "tags", "other_substances")

# A check-in is the one write that everybody waits for.
_ADD = Change(sa.insert(_CHECK_IN).inline())
_OTHER_VERSIONS = (
    sa.select(sa.func.count())
    .select_from(_VERSION)
    .where(_VERSION.c.check_in_id == _CHECK_IN.c.id)
    .scalar_subquery()
)
_ONE = sa.select(_CHECK_IN, _OTHER_VERSIONS.label("other_versions")).where(
    _CHECK_IN.c.patient_id == sa.bindparam("patient_id"), _CHECK_IN.c.public_id == sa.bindparam("public_id")
)
_ONE_TO_CHANGE = _ONE.with_for_update(of=_CHECK_IN)
_BETWEEN = (
    sa.select(_CHECK_IN, _OTHER_VERSIONS.label("other_versions"))
    .where(
        _CHECK_IN.c.patient_id == sa.bindparam("patient_id"),
        _CHECK_IN.c.local_date.between(sa.bindparam("first"), sa.bindparam("last")),
    )
    .order_by(_CHECK_IN.c.local_date, _CHECK_IN.c.recorded_at, _CHECK_IN.c.id)
)
_READINGS = Question(
    sa.select(
        *(
            _CHECK_IN.c[name]
            for name in (
                "local_date", "recorded_at", "utc_offset_min", "mood", "interest", "anxiety", "energy",
                "sleep_quality", "sleep_min", "bed_time", "wake_time", "sol_min", "waso_min", "activity_min",
                "steps", "social",
            )
        )
    )
    .where(
        _CHECK_IN.c.patient_id == sa.bindparam("patient_id"),
        _CHECK_IN.c.local_date.between(sa.bindparam("first"), sa.bindparam("last")),
    )
    .order_by(_CHECK_IN.c.local_date, _CHECK_IN.c.recorded_at)
)  # fmt: skip
_LOGGED_DATES = (
    sa.select(_CHECK_IN.c.local_date)
    .where(
        _CHECK_IN.c.patient_id == sa.bindparam("patient_id"),
        _CHECK_IN.c.local_date.between(
            sa.bindparam("first", type_=sa.Date()), sa.bindparam("last", type_=sa.Date())
        ),
    )
    .distinct()
    .order_by(_CHECK_IN.c.local_date)
)
_SHARED_NOTES = (
    sa.select(*(_CHECK_IN.c[name] for name in ("public_id", "local_date", "recorded_at", "note", "starred")))
    .where(
        _CHECK_IN.c.patient_id == sa.bindparam("patient_id"),
        _CHECK_IN.c.local_date >= sa.bindparam("since"),
        _CHECK_IN.c.note_shared,
        _CHECK_IN.c.note.is_not(None),
    )
    .order_by(_CHECK_IN.c.local_date.desc(), _CHECK_IN.c.recorded_at.desc())
)


def add_check_in(db: Session, patient_id: int, check_in: Kept) -> None:
    """Add a check-in; its words are sealed on the way. The database refuses what is out of range."""
    _ADD.apply(db, {"patient_id": patient_id, **_columns(db, patient_id, check_in)})


def replace_check_in(db: Session, patient_id: int, check_in: Kept) -> None:
    """Let ``check_in`` stand where the one of its public id stood."""
    db.execute(
        sa.update(_CHECK_IN)
        .where(_CHECK_IN.c.patient_id == patient_id, _CHECK_IN.c.public_id == check_in.public_id)
        .values(_columns(db, patient_id, check_in))
    )


def remove_check_in(db: Session, patient_id: int, public_id: str, *, now: datetime) -> bool:
    """Remove a check-in with everything kept of it, and mark its key so that no replay brings it back."""
    removed = db.execute(
        sa.delete(_CHECK_IN).where(_CHECK_IN.c.patient_id == patient_id, _CHECK_IN.c.public_id == public_id)
    )
    if not removed.rowcount:  # type: ignore[attr-defined]
        return False
    submissions.mark_deleted(db, patient_id, public_id, now=now)
    return True


def check_in_of(db: Session, patient_id: int, public_id: str, *, to_change: bool = False) -> Kept | None:
    """One check-in with all its words, for the patient. ``to_change`` keeps others from changing it meanwhile."""
    asked = _ONE_TO_CHANGE if to_change else _ONE
    row = db.execute(asked, {"patient_id": patient_id, "public_id": public_id}).mappings().one_or_none()
    return None if row is None else _as_check_in(row, patient_sealer(db, patient_id))


def check_ins_between(
    db: Session, patient_id: int, first: date, last: date, sight: Sight = WHOLE
) -> list[Kept]:
    """The check-ins about ``first`` to ``last``, oldest first, as ``sight`` shows them; none without ``scores``."""
    if not sight.opens(Scope.SCORES):
        return []
    asked = {"patient_id": patient_id, "first": _from(first, sight), "last": last}
    rows = db.execute(_BETWEEN, asked).mappings().all()
    if not rows:
        return []
    sealer = patient_sealer(db, patient_id)
    found = [_as_check_in(row, sealer) for row in rows]
    if sight.own:
        return found
    known = set(activity_labels(db, patient_id, sight=sight))
    return [_seen(check_in, sight, known) for check_in in found]


def readings_for(
    db: Session, patient_id: int, *, first: date = date.min, last: date = date.max, sight: Sight
) -> list[Reading]:
    """The numbers of ``first`` to ``last`` in date order, none of the words; nothing without ``scores``.

    ``sleep_min`` is computed from bed and waking time where both were given, else the person's own estimate.
    """
    if not sight.opens(Scope.SCORES):
        return []
    asked = {"patient_id": patient_id, "first": _from(first, sight), "last": last}
    return [_as_reading(*row) for row in _READINGS.rows(db, asked)]


def asked_later_for(
    db: Session, patient_id: int, *, first: date, last: date, sight: Sight
) -> list[AskedLater]:
    """What was answered of the items that only some are asked, a line for each date; nothing without ``scores``.

    Of several answers of a date the highest counts.
    """
    if not sight.opens(Scope.SCORES):
        return []
    rows = db.execute(
        sa.select(CheckIn.local_date, sa.func.max(CheckIn.detached), sa.func.max(CheckIn.elevated))
        .where(
            CheckIn.patient_id == patient_id,
            CheckIn.local_date.between(_from(first, sight), last),
            sa.or_(CheckIn.detached.is_not(None), CheckIn.elevated.is_not(None)),
        )
        .group_by(CheckIn.local_date)
        .order_by(CheckIn.local_date)
    )
    return [AskedLater(day, detached, elevated) for day, detached, elevated in rows]


def first_logged_on(db: Session, patient_id: int) -> date | None:
    """The earliest day that any check-in is about."""
    return db.scalar(sa.select(sa.func.min(CheckIn.local_date)).where(CheckIn.patient_id == patient_id))


def logged_dates(db: Session, patient_id: int, *, last: date = date.max, sight: Sight) -> list[date]:
    """The dates up to ``last`` with any check-in, in order: all that completeness needs. Nothing without ``scores``."""
    if not sight.opens(Scope.SCORES):
        return []
    asked = {"patient_id": patient_id, "first": _from(date.min, sight), "last": last}
    return list(db.scalars(_LOGGED_DATES, asked))


def shared_notes(db: Session, patient_id: int, *, sight: Sight, since: date = date.min) -> list[SharedNote]:
    """Notes of days from ``since`` on that the patient shared, the latest first; nothing without ``notes``.

    A private note is not among them, starred or not, and leaves no trace.
    """
    if not sight.opens(Scope.NOTES):
        return []
    rows = db.execute(_SHARED_NOTES, {"patient_id": patient_id, "since": _from(since, sight)}).all()
    if not rows:
        return []
    sealer = patient_sealer(db, patient_id)
    return [
        SharedNote(
            check_in_id=row.public_id,
            local_date=row.local_date,
            recorded_at=row.recorded_at,
            text=sealer.open(row.note, column="check_in.note", row=row.public_id),
            starred=row.starred,
        )
        for row in rows
    ]


def starred_notes(db: Session, patient_id: int, *, since: date, most: int) -> list[StarredNote]:
    """The starred notes of days from ``since`` on, private ones too, for the patient alone; the latest first."""
    rows = db.execute(
        sa.select(*(_CHECK_IN.c[name] for name in ("public_id", "local_date", "note", "note_shared")))
        .where(
            _CHECK_IN.c.patient_id == patient_id,
            _CHECK_IN.c.local_date >= since,
            _CHECK_IN.c.starred,
            _CHECK_IN.c.note.is_not(None),
        )
        .order_by(_CHECK_IN.c.local_date.desc(), _CHECK_IN.c.recorded_at.desc())
        .limit(most)
    ).all()
    sealer = patient_sealer(db, patient_id) if rows else None
    return [
        StarredNote(
            local_date=row.local_date,
            text=sealer.open(row.note, column="check_in.note", row=row.public_id),
            shared=row.note_shared,
        )
        for row in rows
        if sealer
    ]


def _from(first: date, sight: Sight) -> date:
    return first if sight.visible_from is None else max(first, sight.visible_from)


def _columns(db: Session, patient_id: int, check_in: Kept) -> dict[str, object]:
    body = check_in.body
    columns: dict[str, object] = {name: getattr(body, name) for name in _AS_IT_IS}
    for name in CLOCK:
        clock: time | None = getattr(body, name)
        columns[name] = None if clock is None else clock.strftime("%H:%M")
    columns |= {
        "public_id": check_in.public_id,
        "client_key": check_in.client_key,
        "version": check_in.version,
        "local_date": body.local_date,
        "recall": check_in.recall.value,
        "felt_at": check_in.felt_at,
        "recorded_at": check_in.recorded_at,
        "received_at": check_in.received_at,
        "clock_skew_s": check_in.clock_skew_s,
        "zone": check_in.zone,
        "utc_offset_min": check_in.utc_offset_min,
        "via": check_in.via.value,
        "activity_type": list(body.activity_type),
        "edited_at": check_in.edited_at,
        **dict.fromkeys(_WORDS),
    }
    words = {
        "note": body.note,
        "tags": json.dumps(list(body.tags), ensure_ascii=False) if body.tags else "",
        "other_substances": body.other_substances,
    }
    if any(words.values()):  # most check-ins have none, and then need no key
        sealer = patient_sealer(db, patient_id)
        for name, text in words.items():
            columns[name] = sealer.seal_if_any(text, column=f"check_in.{name}", row=check_in.public_id)
    return columns


def _as_check_in(row: sa.RowMapping, sealer: Sealer) -> Kept:
    words = {name: sealer.open(row[name], column=f"check_in.{name}", row=row["public_id"]) for name in _WORDS}
    body = CheckInBody(
        local_date=row["local_date"],
        activity_type=tuple(row["activity_type"]),
        note=words["note"],
        tags=tuple(json.loads(words["tags"])) if words["tags"] else (),
        other_substances=words["other_substances"],
        bed_time=_clock(row["bed_time"]),
        wake_time=_clock(row["wake_time"]),
        **{name: row[name] for name in _AS_IT_IS},
    )
    return Kept(
        public_id=row["public_id"],
        client_key=row["client_key"],
        version=row["version"],
        body=body,
        recall=Recall(row["recall"]),
        felt_at=row["felt_at"],
        recorded_at=row["recorded_at"],
        received_at=row["received_at"],
        clock_skew_s=row["clock_skew_s"],
        zone=row["zone"],
        utc_offset_min=row["utc_offset_min"],
        via=Via(row["via"]),
        edited_at=row["edited_at"],
        other_versions=row["other_versions"],
    )


def _seen(check_in: Kept, sight: Sight, known: set[str]) -> Kept:
    return replace(
        check_in, body=as_seen(check_in.body, sight, known_activities=known), client_key="", other_versions=0
    )


def _as_reading(
    local_date: date,
    recorded_at: datetime,
    utc_offset_min: int,
    mood: int | None,
    interest: int | None,
    anxiety: int | None,
    energy: int | None,
    sleep_quality: int | None,
    sleep_min: int | None,
    bed_time: str | None,
    wake_time: str | None,
    sol_min: int | None,
    waso_min: int | None,
    *rest: int | None,
) -> Reading:
    # By place and not by name: ten years of a journal are thousands of rows on every look at a trend.
    if bed_time is not None and wake_time is not None:
        by_the_clock = sleep_minutes(_clock(bed_time), _clock(wake_time), sol_min=sol_min, waso_min=waso_min)
        sleep_min = sleep_min if by_the_clock is None else by_the_clock
    told_when = provenance_of(local_date, recorded_at, utc_offset_min)
    return Reading(
        local_date, recorded_at, mood, told_when, interest, anxiety, energy, sleep_quality, sleep_min, *rest
    )


def _clock(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)
