"""Check-ins, their earlier and losing versions, the submissions that make them exactly-once, and activity chips.

Rows leave as values of ``journal.domain``. Words are sealed: a note, tags and other substances in the check-in's row,
a kept body whole. Everything here is asked for one patient at a time.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.checkins import (
    CHIP_PRESETS,
    CLOCK,
    MEDS_TAKEN,
    NUMBERS,
    YES_NO,
    CheckInBody,
    KeptBody,
    Recall,
    Via,
    Why,
    as_seen,
    provenance_of,
)
from journal.domain.checkins import CheckIn as Kept
from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.moods import Reading
from journal.domain.trends import sleep_minutes
from journal.storage.base import Base, Identified, between, new_public_id, one_of
from journal.storage.prepared import Change
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
    edited_at: Mapped[datetime | None]


class CheckInVersion(Base):
    """An earlier body (``edit``) or the losing one of two (``conflict``): for the patient alone, sealed whole."""

    __tablename__ = "check_in_version"
    __table_args__ = (sa.CheckConstraint("why IN ('edit', 'conflict')", name="why_known"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    check_in_id: Mapped[int] = mapped_column(sa.ForeignKey("check_in.id", ondelete="CASCADE"), index=True)
    version: Mapped[int]
    body: Mapped[bytes]
    body_hash: Mapped[str] = mapped_column(sa.String(64))
    why: Mapped[str] = mapped_column(sa.String(8))
    device: Mapped[str] = mapped_column(sa.String(64), default="")
    recorded_at: Mapped[datetime]
    received_at: Mapped[datetime]
    replaced_at: Mapped[datetime]


class Submission(Base):
    """The key of one sending, kept for ever, so that a late replay can never add, change or revive anything.

    ``body_hash`` is keyed where the body has words in it, and forgotten with the check-in.
    """

    __tablename__ = "submission"
    __table_args__ = (sa.UniqueConstraint("patient_id", "client_key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    client_key: Mapped[str] = mapped_column(sa.String(64))
    body_hash: Mapped[str] = mapped_column(sa.String(64))
    check_in_public_id: Mapped[str] = mapped_column(sa.String(32))
    received_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]


class ActivityChip(Identified, Base):
    """A kind of activity to tap. ``label`` is sealed and set only where the patient typed one."""

    __tablename__ = "activity_chip"
    __table_args__ = (sa.UniqueConstraint("patient_id", "preset"),)

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), index=True)
    preset: Mapped[str | None] = mapped_column(sa.String(24))
    label: Mapped[bytes | None]
    shared: Mapped[bool] = mapped_column(default=False)
    hidden_at: Mapped[datetime | None]
    position: Mapped[int]


_FORGOTTEN = "0" * 64
"""In the place of the hash of a deleted body: a mood is one of twelve, and its hash would give it away."""


@dataclass(frozen=True, slots=True)
class FirstAnswer:
    """What the first sending of a key was answered: its body's hash and the check-in it made."""

    body_hash: str
    check_in_id: str
    deleted: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """One activity to tap. ``code`` is what a check-in keeps; ``typed``: the label is the person's own words."""

    public_id: str
    code: str
    label: str
    typed: bool
    shared: bool
    hidden: bool
    position: int


@dataclass(frozen=True, slots=True)
class SharedNote:
    """A note that its writer shared, as a reader with the scope gets it."""

    check_in_id: str
    local_date: date
    recorded_at: datetime
    text: str
    starred: bool


_CHECK_IN: sa.Table = CheckIn.__table__  # type: ignore[assignment,explicit-any]
_VERSION: sa.Table = CheckInVersion.__table__  # type: ignore[assignment,explicit-any]
_SUBMISSION: sa.Table = Submission.__table__  # type: ignore[assignment,explicit-any]
_AS_IT_IS = (*NUMBERS, *YES_NO, "meds_taken", "unsure", "substances_shared", "note_shared", "starred")
_WORDS = ("note", "tags", "other_substances")

# A check-in is the one write that everybody waits for.
_TAKE_KEY = {
    name: Change(dialect.insert(_SUBMISSION).on_conflict_do_nothing().inline())
    for name, dialect in (("sqlite", sqlite), ("postgresql", postgresql))
}
_FIRST_ANSWER = sa.select(
    _SUBMISSION.c.body_hash, _SUBMISSION.c.check_in_public_id, _SUBMISSION.c.deleted_at
).where(
    _SUBMISSION.c.patient_id == sa.bindparam("patient_id"),
    _SUBMISSION.c.client_key == sa.bindparam("client_key"),
)
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
_READINGS = (
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
_CHIPS = (
    sa.select(ActivityChip)
    .where(ActivityChip.patient_id == sa.bindparam("patient_id"))
    .order_by(ActivityChip.position, ActivityChip.id)
)


def add_submission(
    db: Session, *, patient_id: int, client_key: str, body_hash: str, public_id: str, received_at: datetime
) -> bool:
    """Take a key for the check-in ``public_id``; False if it was taken. Another attempt under way is waited for."""
    added = _TAKE_KEY[db.get_bind().dialect.name].apply(
        db,
        {
            "patient_id": patient_id,
            "client_key": client_key,
            "body_hash": body_hash,
            "check_in_public_id": public_id,
            "received_at": received_at,
            "deleted_at": None,
        },
    )
    return added == 1


def fingerprint_of(db: Session, patient_id: int, body: CheckInBody) -> str:
    """The hash by which a sending is known again: keyed where there are words, for those can be guessed and tried."""
    plain = body.hash()
    if not body.has_words:
        return plain
    return patient_sealer(db, patient_id).fingerprint(plain, column="submission.body_hash")


def first_answer(db: Session, patient_id: int, client_key: str) -> FirstAnswer | None:
    """What the first sending of a key led to."""
    row = db.execute(_FIRST_ANSWER, {"patient_id": patient_id, "client_key": client_key}).one_or_none()
    return None if row is None else FirstAnswer(row[0], row[1], row[2] is not None)


def was_deleted(db: Session, patient_id: int, public_id: str) -> bool:
    """Whether a check-in once had this id and was deleted."""
    return (
        db.scalar(
            sa.select(Submission.id).where(
                Submission.patient_id == patient_id,
                Submission.check_in_public_id == public_id,
                Submission.deleted_at.is_not(None),
            )
        )
        is not None
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
    db.execute(
        sa.update(_SUBMISSION)
        .where(_SUBMISSION.c.patient_id == patient_id, _SUBMISSION.c.check_in_public_id == public_id)
        .values(deleted_at=now, body_hash=_FORGOTTEN)
    )
    return True


def add_version(db: Session, patient_id: int, public_id: str, kept: KeptBody) -> None:
    """Keep a body beside the one that counts."""
    sealer = patient_sealer(db, patient_id)
    body_hash = sealer.fingerprint(kept.body.hash(), column="check_in_version.body_hash")
    document = kept.body.as_json() | {
        "recall": kept.recall.value,
        "felt_at": _iso(kept.felt_at),
        "edited_at": _iso(kept.edited_at),
        "utc_offset_min": kept.utc_offset_min,
        "clock_skew_s": kept.clock_skew_s,
    }
    sealed = sealer.seal(
        json.dumps(document, ensure_ascii=False),
        column="check_in_version.body",
        row=_version_row(public_id, body_hash),
    )
    db.execute(
        sa.insert(_VERSION).values(
            check_in_id=sa.select(_CHECK_IN.c.id)
            .where(_CHECK_IN.c.patient_id == patient_id, _CHECK_IN.c.public_id == public_id)
            .scalar_subquery(),
            version=kept.version,
            body=sealed,
            body_hash=body_hash,
            why=kept.why.value,
            device=kept.device,
            recorded_at=kept.recorded_at,
            received_at=kept.received_at,
            replaced_at=kept.replaced_at,
        )
    )


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
    return [_as_reading(*row) for row in db.execute(_READINGS, asked)]


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


def versions_of(db: Session, patient_id: int, public_id: str) -> list[KeptBody]:
    """The bodies kept beside the one that counts, for the patient; the last replaced first."""
    rows = db.execute(
        sa.select(_VERSION)
        .join(_CHECK_IN, _CHECK_IN.c.id == _VERSION.c.check_in_id)
        .where(_CHECK_IN.c.patient_id == patient_id, _CHECK_IN.c.public_id == public_id)
        .order_by(_VERSION.c.id.desc())
    ).all()
    if not rows:
        return []
    sealer = patient_sealer(db, patient_id)
    return [_as_kept(row, public_id, sealer) for row in rows]


def chips_for(db: Session, patient_id: int) -> list[Chip]:
    """Every activity of a patient in their own order, hidden ones too: a past check-in may name them."""
    rows = db.scalars(_CHIPS, {"patient_id": patient_id}).all()
    return [_as_chip(row, patient_sealer(db, patient_id) if row.label else None) for row in rows]


def activity_codes(db: Session, patient_id: int) -> set[str]:
    """What a check-in of this patient may name: a preset by its key, an activity they added by its public id."""
    codes = sa.func.coalesce(ActivityChip.preset, ActivityChip.public_id)
    return set(db.scalars(sa.select(codes).where(ActivityChip.patient_id == patient_id)))


def activity_labels(db: Session, patient_id: int, *, sight: Sight = WHOLE) -> dict[str, str]:
    """What each activity that a check-in can name is called, as far as ``sight`` may know.

    The presets are open with ``scores``. A label that the patient typed, a renamed preset too, is their own words:
    others read it only where that activity is shared.
    """
    if not sight.opens(Scope.SCORES):
        return {}
    return {
        chip.code: chip.label
        for chip in chips_for(db, patient_id)
        if sight.own or not chip.typed or chip.shared
    }


def add_chip(db: Session, patient_id: int, *, label: str, shared: bool) -> str:
    """Add an activity of the patient's own after all the others; its public id."""
    public_id = new_public_id()
    last = db.scalar(
        sa.select(sa.func.max(ActivityChip.position)).where(ActivityChip.patient_id == patient_id)
    )
    db.execute(
        sa.insert(ActivityChip).values(
            public_id=public_id,
            patient_id=patient_id,
            label=patient_sealer(db, patient_id).seal(label, column="activity_chip.label", row=public_id),
            shared=shared,
            position=0 if last is None else last + 1,
        )
    )
    return public_id


def change_chip(
    db: Session, patient_id: int, public_id: str, *, label: str, shared: bool, hidden_at: datetime | None
) -> None:
    """Rename (an empty ``label`` gives a preset its first name back), share or hide an activity."""
    sealer = patient_sealer(db, patient_id)
    db.execute(
        sa.update(ActivityChip)
        .where(ActivityChip.patient_id == patient_id, ActivityChip.public_id == public_id)
        .values(
            label=sealer.seal_if_any(label, column="activity_chip.label", row=public_id),
            shared=shared,
            hidden_at=hidden_at,
        )
    )


def add_preset_chips(db: Session, patient_id: int, *, presets: tuple[str, ...]) -> None:
    """Give a new patient the activity chips everybody starts with, in this order."""
    db.execute(
        sa.insert(ActivityChip),
        [
            {"public_id": new_public_id(), "patient_id": patient_id, "preset": preset, "position": position}
            for position, preset in enumerate(presets)
        ],
    )


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


def _version_row(public_id: str, body_hash: str) -> str:
    # A kept body has no public id of its own; bound to its check-in and its words it cannot be swapped either.
    return f"{public_id}:{body_hash}"


def _as_kept(row: sa.Row[tuple[object, ...]], public_id: str, sealer: Sealer) -> KeptBody:
    text = sealer.open(row.body, column="check_in_version.body", row=_version_row(public_id, row.body_hash))
    document = json.loads(text)
    return KeptBody(
        version=row.version,
        body=CheckInBody.from_json(document),
        why=Why(row.why),
        recall=Recall(document["recall"]),
        felt_at=_moment(document["felt_at"]),
        recorded_at=row.recorded_at,
        received_at=row.received_at,
        replaced_at=row.replaced_at,
        utc_offset_min=document["utc_offset_min"],
        clock_skew_s=document["clock_skew_s"],
        edited_at=_moment(document["edited_at"]),
        device=row.device,
    )


def _clock(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _as_chip(row: ActivityChip, sealer: Sealer | None) -> Chip:
    label = ""
    if sealer is not None:
        label = sealer.open(row.label, column="activity_chip.label", row=row.public_id)
    return Chip(
        public_id=row.public_id,
        code=row.preset or row.public_id,
        label=label or CHIP_PRESETS.get(row.preset or "", ""),
        typed=bool(label),
        shared=row.shared,
        hidden=row.hidden_at is not None,
        position=row.position,
    )
