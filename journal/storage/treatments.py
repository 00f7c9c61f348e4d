"""Treatment sessions: their table, and every question asked of them. Courses have a module of their own.

``…_of`` answers the patient, ``…_seen`` a provider through what the patient opened to them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain import treatments as values
from journal.domain.consents import Scope, Sight
from journal.domain.course_histories import GivenOutline
from journal.domain.treatments import GIVEN, Route, Source, Status
from journal.storage.base import Base, Identified, one_of
from journal.storage.courses import Course
from journal.storage.sealing import patient_sealer
from journal.storage.treatment_columns import RecordColumns, record_checks


class TreatmentSession(RecordColumns, Identified, Base):
    """One ketamine appointment; ``local_date`` is the date of its start where the patient lives."""

    __tablename__ = "treatment_session"
    __table_args__ = (
        one_of("status", Status),
        one_of("route", Route),
        one_of("source", Source),
        *record_checks(),
        sa.Index("ix_treatment_session_patient_day", "patient_id", "local_date"),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    course_id: Mapped[int | None] = mapped_column(sa.ForeignKey("course.id", ondelete="SET NULL"))
    local_date: Mapped[date]
    started_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(sa.String(16))
    route: Mapped[str | None] = mapped_column(sa.String(16))
    note: Mapped[bytes | None]
    note_shared: Mapped[bool] = mapped_column(default=False)
    source: Mapped[str] = mapped_column(sa.String(24))
    by_provider_id: Mapped[int | None] = mapped_column(sa.ForeignKey("provider.id"))
    version: Mapped[int] = mapped_column(default=1)
    recorded_at: Mapped[datetime]


_GIVEN_DATES = (
    sa.select(TreatmentSession.local_date)
    .where(
        TreatmentSession.patient_id == sa.bindparam("patient_id"),
        TreatmentSession.status.in_(sorted(GIVEN)),
    )
    .distinct()
    .order_by(TreatmentSession.local_date)
)

_GIVEN_OUTLINES = (
    sa.select(
        TreatmentSession.local_date,
        Course.public_id,
        TreatmentSession.early_for_worsening,
        TreatmentSession.censor_medication_change,
    )
    .outerjoin(Course, Course.id == TreatmentSession.course_id)
    .where(
        TreatmentSession.patient_id == sa.bindparam("patient_id"),
        TreatmentSession.local_date >= sa.bindparam("first", type_=sa.Date()),
        TreatmentSession.status.in_(sorted(GIVEN)),
    )
    .order_by(TreatmentSession.local_date, TreatmentSession.id)
)

_SESSION_DATES = (
    sa.select(TreatmentSession.local_date, TreatmentSession.status)
    .where(
        TreatmentSession.patient_id == sa.bindparam("patient_id"),
        TreatmentSession.status.in_(sorted({*GIVEN, Status.PLANNED})),
    )
    .distinct()
    .order_by(TreatmentSession.local_date)
)


@dataclass(frozen=True, slots=True)
class SessionDates:
    """The dates on which the drug was given, and those for which it is planned; each once and in order.

    A planned one may be past: nobody has said anything about it.
    """

    given: tuple[date, ...]
    planned: tuple[date, ...]


_OF_PATIENT = (
    sa.select(TreatmentSession)
    .where(
        TreatmentSession.patient_id == sa.bindparam("patient_id"),
        TreatmentSession.local_date >= sa.bindparam("first", type_=sa.Date()),
    )
    .order_by(
        TreatmentSession.local_date.desc(),
        TreatmentSession.started_at.desc().nulls_last(),
        TreatmentSession.id.desc(),
    )
)


def treatments_of(db: Session, patient_id: int) -> list[values.TreatmentSession]:
    """Every session of a patient with every note, for the patient alone; the latest date first."""
    rows = db.scalars(_OF_PATIENT, {"patient_id": patient_id, "first": date.min})
    return [_as_treatment(row, note=_note(db, row)) for row in rows]


def treatments_seen(db: Session, patient_id: int, sight: Sight) -> list[values.TreatmentSession]:
    """The sessions that a reader may know of, the latest date first; none without the scope.

    A clinician's note belongs to the record. A patient's own is read only where it was shared and notes are open.
    """
    return [as_seen(db, row, sight) for row in rows_seen(db, patient_id, sight)]


def rows_seen(db: Session, patient_id: int, sight: Sight) -> Sequence[TreatmentSession]:
    """The rows behind the sessions that a reader may know of, the latest date first; none without the scope."""
    if not sight.opens(Scope.SESSIONS):
        return []
    return db.scalars(_OF_PATIENT, {"patient_id": patient_id, "first": sight.visible_from or date.min}).all()


def as_seen(db: Session, row: TreatmentSession, sight: Sight) -> values.TreatmentSession:
    """What a reader may know of one of them."""
    return _as_treatment(row, note=_note(db, row) if _note_is_open(row, sight) else None)


def treatment_of(db: Session, patient_id: int, public_id: str) -> values.TreatmentSession | None:
    """One session of a patient, with its note."""
    row = db.scalar(
        sa.select(TreatmentSession).where(
            TreatmentSession.patient_id == patient_id, TreatmentSession.public_id == public_id
        )
    )
    return None if row is None else _as_treatment(row, note=_note(db, row))


def given_outlines_seen(db: Session, patient_id: int, sight: Sight) -> list[GivenOutline]:
    """The sessions that were given, as a reader may know of them, in date order; none without the scope.

    Two records of one date are both there.
    """
    if not sight.opens(Scope.SESSIONS):
        return []
    rows = db.execute(_GIVEN_OUTLINES, {"patient_id": patient_id, "first": sight.visible_from or date.min})
    return [GivenOutline(*row) for row in rows]


def given_dates(db: Session, patient_id: int) -> list[date]:
    """The dates on which the drug was given, in order, each once."""
    return list(db.scalars(_GIVEN_DATES, {"patient_id": patient_id}))


def given_dates_by_patient(db: Session, patient_ids: Collection[int]) -> dict[int, list[date]]:
    """The dates on which the drug was given to each of these patients, in order, each once."""
    rows = db.execute(
        sa.select(TreatmentSession.patient_id, TreatmentSession.local_date)
        .where(TreatmentSession.patient_id.in_(patient_ids), TreatmentSession.status.in_(sorted(GIVEN)))
        .distinct()
        .order_by(TreatmentSession.local_date)
    )
    dates: dict[int, list[date]] = {}
    for patient_id, day in rows:
        dates.setdefault(patient_id, []).append(day)
    return dates


def session_dates(db: Session, patient_id: int) -> SessionDates:
    """The dates of a patient's sessions that questionnaires are asked around."""
    rows = db.execute(_SESSION_DATES, {"patient_id": patient_id}).all()
    return SessionDates(
        given=tuple(dict.fromkeys(day for day, status in rows if status in GIVEN)),
        planned=tuple(day for day, status in rows if status == Status.PLANNED),
    )


def add_treatment(db: Session, patient_id: int, treatment: values.TreatmentSession, *, now: datetime) -> None:
    """Add a session under its public id, to the present course if there is one."""
    present = (
        sa.select(Course.id)
        .where(Course.patient_id == patient_id)
        .order_by(Course.created_at.desc(), Course.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    db.execute(
        sa.insert(TreatmentSession).values(
            public_id=treatment.public_id,
            patient_id=patient_id,
            course_id=present,
            source=treatment.source.value,
            by_provider_id=treatment.by_provider_id,
            version=treatment.version,
            recorded_at=now,
            **_written(db, patient_id, treatment),
        )
    )


def change_treatment(
    db: Session, patient_id: int, treatment: values.TreatmentSession, *, seen_version: int
) -> bool:
    """Replace what a session says if it still has the version that the writer saw; whether it did."""
    changed = db.execute(
        sa.update(TreatmentSession)
        .where(
            TreatmentSession.patient_id == patient_id,
            TreatmentSession.public_id == treatment.public_id,
            TreatmentSession.version == seen_version,
        )
        .values(version=seen_version + 1, **_written(db, patient_id, treatment))
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def remove_treatment(db: Session, patient_id: int, public_id: str) -> None:
    """Take a session away for good, with its vitals and side effects."""
    db.execute(
        sa.delete(TreatmentSession).where(
            TreatmentSession.patient_id == patient_id, TreatmentSession.public_id == public_id
        )
    )


def _written(db: Session, patient_id: int, treatment: values.TreatmentSession) -> dict[str, object]:
    sealer = patient_sealer(db, patient_id)
    return {
        "local_date": treatment.local_date,
        "started_at": treatment.started_at,
        "status": treatment.status.value,
        "route": treatment.route.value if treatment.route else None,
        "note": sealer.seal_if_any(treatment.note, column="treatment_session.note", row=treatment.public_id),
        "note_shared": treatment.note_shared,
    }


def _note_is_open(row: TreatmentSession, sight: Sight) -> bool:
    if row.source == Source.CLINICIAN:
        return True
    return row.note_shared and sight.opens(Scope.NOTES)


def _note(db: Session, row: TreatmentSession) -> str:
    if row.note is None:
        return ""
    sealer = patient_sealer(db, row.patient_id)
    return sealer.open(row.note, column="treatment_session.note", row=row.public_id)


def _as_treatment(row: TreatmentSession, *, note: str | None) -> values.TreatmentSession:
    # note=None: the reader is not even told whether there is one
    return values.TreatmentSession(
        public_id=row.public_id,
        local_date=row.local_date,
        started_at=row.started_at,
        status=Status(row.status),
        route=Route(row.route) if row.route else None,
        source=Source(row.source),
        note=note or "",
        note_shared=row.note_shared and note is not None,
        by_provider_id=row.by_provider_id,
        version=row.version,
    )
