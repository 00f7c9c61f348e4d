"""The treatment of one patient, gathered for a document and put back from one: courses, sessions, medicines, moments,
two-weekly answers. No table lives here.

The names and shapes are those of Tideline's own document; the rest of it is ``journal.storage.documents``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain.treatment_records import BY_PATIENT, TreatmentRecord
from journal.domain.treatments import Source
from journal.storage import treatment_records
from journal.storage.base import new_public_id
from journal.storage.clinics import Provider
from journal.storage.courses import Course, CoursePhaseChange
from journal.storage.key_moments import KeyMoment
from journal.storage.long_term_checks import ASKED, LongTermCheck
from journal.storage.medications import Medication
from journal.storage.patients import Patient
from journal.storage.sealing import patient_sealer
from journal.storage.side_effects import SideEffect
from journal.storage.transfers import Row
from journal.storage.treatments import TreatmentSession

Names = Mapping[str, str]
"""The names of providers that a restored journal carries, by the thing that they did."""

_OWN = Source.PATIENT.value
_WORDS = {Medication: ("name", "dose", "note"), KeyMoment: ("label",)}
_NOTHING = TreatmentRecord()


def is_written(db: Session, patient_id: int) -> bool:
    """Whether the patient has written anything of this. What only a clinic has put there is no writing of theirs."""
    begun = (
        sa.select(CoursePhaseChange.id)
        .join(Course, Course.id == CoursePhaseChange.course_id)
        .join(Patient, Patient.id == Course.patient_id)
        .where(Patient.id == patient_id, CoursePhaseChange.by_account_id == Patient.account_id)
    )
    written = (
        begun,
        sa.select(TreatmentSession.id).where(
            TreatmentSession.patient_id == patient_id,
            sa.or_(TreatmentSession.status != "planned", TreatmentSession.source == _OWN),
        ),
        sa.select(Medication.id).where(
            Medication.patient_id == patient_id,
            sa.or_(Medication.source == _OWN, Medication.ended_source == _OWN),
        ),
        sa.select(KeyMoment.id).where(KeyMoment.patient_id == patient_id, KeyMoment.source == _OWN),
        sa.select(LongTermCheck.id).where(LongTermCheck.patient_id == patient_id),
    )
    if any(db.scalar(query.limit(1)) is not None for query in written):
        return True
    # all that is left is planned by a clinic; the patient may have got ready for it
    return any(
        getattr(record, name) != getattr(_NOTHING, name)
        for record in treatment_records.records_of(db, patient_id).values()
        for name in BY_PATIENT
    )


# Gathered -------------------------------------------------------------------------------------------------------------


def courses(db: Session, patient: Patient, names: Names) -> list[Row]:
    """Every course with its phases."""
    rows = db.scalars(sa.select(Course).where(Course.patient_id == patient.id).order_by(Course.id)).all()
    phases: dict[int, list[Row]] = {}
    changes = (
        sa.select(CoursePhaseChange, Provider.display_name)
        .outerjoin(Provider, Provider.account_id == CoursePhaseChange.by_account_id)
        .where(CoursePhaseChange.course_id.in_([row.id for row in rows]))
        .order_by(CoursePhaseChange.id)
    )
    public_ids = {row.id: row.public_id for row in rows}
    for change, name in db.execute(changes):
        known = phases.setdefault(change.course_id, [])
        place = phase_name(public_ids[change.course_id], len(known))
        known.append(
            {
                "local_date": change.local_date,
                "phase": change.phase,
                "own": change.by_account_id == patient.account_id,
                "recorded_by": name or names.get(place),
                "recorded_at": change.recorded_at,
            }
        )
    sealer = patient_sealer(db, patient.id)
    plain = (
        "phase", "default_route", "planned_sessions", "start_date", "end_date", "created_at", "drug", "preset_id",
        "baseline_window_days",
    )  # fmt: skip
    return [
        {
            "id": row.public_id,
            **{name: getattr(row, name) for name in plain},
            **{
                name: sealer.open(getattr(row, name), column=f"course.{name}", row=row.public_id)
                for name in ("indication", "notes")
            },
            "phases": phases.get(row.id, []),
        }
        for row in rows
    ]


def phase_name(course_public_id: str, place: int) -> str:
    """By what the provider who wrote down a phase is named: its course and its place there, which never changes."""
    return f"{course_public_id}:{place}"


def treatments(db: Session, patient_id: int, names: Names) -> list[Row]:
    """Every session with its whole record and its side effects."""
    rows = db.execute(
        sa.select(TreatmentSession, Course.public_id, Provider.display_name)
        .outerjoin(Course, Course.id == TreatmentSession.course_id)
        .outerjoin(Provider, Provider.id == TreatmentSession.by_provider_id)
        .where(TreatmentSession.patient_id == patient_id)
        .order_by(TreatmentSession.id)
    ).all()
    sealer = patient_sealer(db, patient_id)
    records = treatment_records.records_of(db, patient_id)
    effects = _side_effects(db, patient_id, names)
    plain = (
        "local_date", "started_at", "status", "route", "note_shared", "source", "version", "recorded_at",
    )  # fmt: skip
    return [
        {
            "course": course,
            **{one: getattr(row, one) for one in plain},
            "note": sealer.open(row.note, column="treatment_session.note", row=row.public_id),
            "recorded_by": name or names.get(row.public_id),
            **asdict(records[row.public_id]),
            "side_effects": effects.get(row.id, []),
        }
        for row, course, name in rows
    ]


def medications(db: Session, patient_id: int, names: Names) -> list[Row]:
    """Every medicine."""
    plain = ("psychiatric", "started_on", "ended_on", "source", "ended_source", "version", "recorded_at")
    return _signed(db, Medication, patient_id, names, plain)


def key_moments(db: Session, patient_id: int, names: Names) -> list[Row]:
    """Every moment, the patient's own and those that a provider marked: the patient sees both."""
    return _signed(
        db, KeyMoment, patient_id, names, ("local_date", "shared", "source", "version", "recorded_at")
    )


def long_term_checks(db: Session, patient_id: int) -> list[Row]:
    """The two-weekly answers."""
    columns = [getattr(LongTermCheck, name) for name in ("local_date", *ASKED, "recorded_at")]
    found = db.execute(
        sa.select(*columns).where(LongTermCheck.patient_id == patient_id).order_by(LongTermCheck.local_date)
    )
    return [dict(row) for row in found.mappings()]


def _side_effects(db: Session, patient_id: int, names: Names) -> dict[int, list[Row]]:
    rows = db.execute(
        sa.select(SideEffect, Provider.display_name)
        .outerjoin(Provider, Provider.id == SideEffect.by_provider_id)
        .where(SideEffect.patient_id == patient_id)
        .order_by(SideEffect.id)
    )
    plain = ("code", "severity", "onset", "resolved_at", "source", "recorded_at")
    found: dict[int, list[Row]] = {}
    for row, name in rows:
        one = {
            **{column: getattr(row, column) for column in plain},
            "recorded_by": name or names.get(row.public_id),
        }
        found.setdefault(row.treatment_session_id, []).append(one)
    return found


def _signed(
    db: Session,
    table: type[Medication | KeyMoment],
    patient_id: int,
    names: Names,
    plain: Iterable[str],
) -> list[Row]:
    """Rows with sealed words and the provider who wrote them, if one did."""
    kept = table.__table__
    rows = db.execute(
        sa.select(kept, Provider.display_name)
        .outerjoin(Provider, Provider.id == kept.c.by_provider_id)
        .where(kept.c.patient_id == patient_id)
        .order_by(kept.c.id)
    ).mappings()
    sealer = patient_sealer(db, patient_id)
    return [
        {
            **{column: row[column] for column in plain},
            **{
                word: sealer.open(row[word], column=f"{table.__tablename__}.{word}", row=row["public_id"])
                for word in _WORDS[table]
            },
            "recorded_by": row["display_name"] or names.get(row["public_id"]),
        }
        for row in rows
    ]


# Put back -------------------------------------------------------------------------------------------------------------


def add_course(db: Session, patient_id: int, course: Row, phases: Iterable[Row]) -> int:
    """Add a course with the phases it went through; its id in the database. ``public_id`` is given."""
    sealer = patient_sealer(db, patient_id)
    words = {
        name: sealer.seal_if_any(str(course[name]), column=f"course.{name}", row=str(course["public_id"]))
        for name in ("indication", "notes")
    }
    added = db.scalar(
        sa.insert(Course).values({**course, **words, "patient_id": patient_id}).returning(Course.id)
    )
    course_id = int(added or 0)
    for phase in phases:  # one by one: they are read in the order of their ids
        db.execute(sa.insert(CoursePhaseChange).values({**phase, "course_id": course_id}))
    return course_id


def add_treatment(db: Session, patient_id: int, treatment: Row, record: TreatmentRecord) -> None:
    """Add a session with its record; ``public_id`` and ``course_id`` are given, the note is plain."""
    public_id = str(treatment["public_id"])
    note = patient_sealer(db, patient_id).seal_if_any(
        str(treatment["note"]), column="treatment_session.note", row=public_id
    )
    db.execute(sa.insert(TreatmentSession).values({**treatment, "note": note, "patient_id": patient_id}))
    treatment_records.write_changes(db, patient_id, public_id, before=_NOTHING, after=record)


def add_signed(db: Session, table: type[Medication | KeyMoment], patient_id: int, row: Row) -> None:
    """Add a medicine or a moment; ``public_id`` is given, words are plain."""
    sealer, public_id = patient_sealer(db, patient_id), str(row["public_id"])
    words = {
        word: sealer.seal_if_any(str(row[word]), column=f"{table.__tablename__}.{word}", row=public_id)
        for word in _WORDS[table]
    }
    db.execute(sa.insert(table).values({**row, **words, "patient_id": patient_id}))


def add_long_term_check(db: Session, patient_id: int, row: Row) -> None:
    """Add the answers of one date."""
    db.execute(sa.insert(LongTermCheck).values(public_id=new_public_id(), patient_id=patient_id, **row))
