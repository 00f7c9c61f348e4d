"""Questionnaires that were asked and how often they are to be: their tables, and every question asked of them.

``…_of`` answers the patient, ``…_seen`` a provider through what the patient opened to them. Answers are sealed; a total
is a column, as a mood is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.assessment_calendar import Cadence, Rhythm
from journal.domain.assessment_choices import Choice
from journal.domain.assessment_limits import OPEN_FOR
from journal.domain.assessment_records import AssessmentOutline, AssessmentRecord, Via, read, written
from journal.domain.consents import Scope, Sight
from journal.domain.reminder_prompts import QuestionnaireDay
from journal.storage.accounts import Account
from journal.storage.base import Base, Identified, UTCDateTime, new_public_id, one_of
from journal.storage.patients import Patient
from journal.storage.prepared import Among
from journal.storage.sealing import patient_sealer

_COLUMN = "assessment.answers"
_TURN_OF_PATIENT = 23
"""Any number that no other lock of this kind in the same database has."""
_IS_WAITING = "completed_at IS NULL AND expired_at IS NULL"


class Assessment(Identified, Base):
    """One questionnaire, asked once. Its code is not bound to those of this program: a journal may come from another.

    Of one questionnaire there is one at the most that is ahead or open.
    """

    __tablename__ = "assessment"
    __table_args__ = (
        one_of("via", Via),
        sa.CheckConstraint("version >= 1", name="version_counts"),
        sa.CheckConstraint(
            "opened_at IS NOT NULL OR (saved_at IS NULL AND completed_at IS NULL AND expired_at IS NULL)",
            name="opened_first",
        ),
        sa.CheckConstraint("(saved_at IS NULL) = (answers IS NULL)", name="saved_with_answers"),
        sa.CheckConstraint("(completed_at IS NULL) = (completed_on IS NULL)", name="completed_on_a_day"),
        sa.CheckConstraint("completed_at IS NULL OR expired_at IS NULL", name="completed_or_missed"),
        sa.CheckConstraint("completed_at IS NULL OR saved_at IS NOT NULL", name="completed_with_answers"),
        sa.CheckConstraint("(completed_at IS NULL) = (scored_as IS NULL)", name="scored_when_completed"),
        sa.CheckConstraint(
            "total IS NULL OR (total >= 0 AND completed_at IS NOT NULL)", name="total_of_the_whole"
        ),
        sa.CheckConstraint("answered BETWEEN 0 AND asked", name="answered_of_asked"),
        sa.Index("ix_assessment_patient_due", "patient_id", "due_on"),
        sa.Index(
            "uq_assessment_waiting",
            "patient_id",
            "instrument",
            unique=True,
            sqlite_where=sa.text(_IS_WAITING),
            postgresql_where=sa.text(_IS_WAITING),
        ),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    instrument: Mapped[str] = mapped_column(sa.String(16))
    version: Mapped[int]
    due_on: Mapped[date]
    opened_at: Mapped[datetime | None]
    saved_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    completed_on: Mapped[date | None]
    expired_at: Mapped[datetime | None]
    answers: Mapped[bytes | None]
    scored_as: Mapped[str | None] = mapped_column(sa.String(16))
    total: Mapped[int | None]
    answered: Mapped[int] = mapped_column(default=0)
    asked: Mapped[int] = mapped_column(default=0)
    overlaps_session: Mapped[bool] = mapped_column(default=False)
    via: Mapped[str] = mapped_column(sa.String(8), default=Via.WEB.value)


class AssessmentPlan(Identified, Base):
    """What was chosen for a patient and one questionnaire. Without a row, ``domain.assessment_choices`` says it."""

    __tablename__ = "assessment_plan"
    __table_args__ = (
        one_of("rhythm", Rhythm),
        sa.CheckConstraint("(rhythm = 'weekly_first') = (since IS NOT NULL)", name="weekly_since_a_day"),
        sa.UniqueConstraint("patient_id", "instrument"),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    instrument: Mapped[str] = mapped_column(sa.String(16))
    enabled: Mapped[bool]
    rhythm: Mapped[str] = mapped_column(sa.String(16))
    since: Mapped[date | None]
    by_provider_id: Mapped[int | None] = mapped_column(sa.ForeignKey("provider.id"))
    changed_at: Mapped[datetime]


_OF_PATIENT = (
    sa.select(Assessment)
    .where(Assessment.patient_id == sa.bindparam("patient_id"))
    .order_by(Assessment.due_on, Assessment.id)
)
_ASSESSMENT: sa.Table = Assessment.__table__  # type: ignore[assignment,explicit-any]
_OUTLINES = (
    sa.select(*(_ASSESSMENT.c[one.name] for one in fields(AssessmentOutline)))
    .where(_ASSESSMENT.c.patient_id == sa.bindparam("patient_id"))
    .order_by(_ASSESSMENT.c.due_on, _ASSESSMENT.c.id)
)
_OUTLINES_WAITING = _OUTLINES.where(_ASSESSMENT.c.completed_at.is_(None), _ASSESSMENT.c.expired_at.is_(None))
_DAYS = Among(
    Patient.account_id,
    lambda is_one_of_them: (
        sa.select(Patient.account_id, sa.func.min(Assessment.id), Assessment.due_on)
        .join(Patient, Patient.id == Assessment.patient_id)
        .where(
            is_one_of_them,
            Assessment.completed_at.is_(None),
            Assessment.expired_at.is_(None),
            Assessment.due_on.between(
                sa.bindparam("first", type_=sa.Date()), sa.bindparam("last", type_=sa.Date())
            ),
        )
        .group_by(Patient.account_id, Assessment.due_on)
        .order_by(Assessment.due_on)
    ),
)
_CHOICES = (
    sa.select(AssessmentPlan)
    .where(AssessmentPlan.patient_id == sa.bindparam("patient_id"))
    .order_by(AssessmentPlan.instrument)
)


def take_turn(db: Session, patient_id: int) -> None:
    """Let other changes to this patient's questionnaires wait until this transaction ends (SQLite: they wait anyway).

    No lock of the patient's row: whoever writes for a clinic holds their own consent by now, and a patient who ends it
    holds that row and waits for the consent.
    """
    if db.get_bind().dialect.name == "postgresql":
        db.execute(sa.select(sa.func.pg_advisory_xact_lock(_TURN_OF_PATIENT, patient_id)))


def assessments_of(db: Session, patient_id: int) -> list[AssessmentRecord]:
    """Every questionnaire of a patient with its answers, for the patient alone; by the day it was due."""
    rows = db.scalars(_OF_PATIENT, {"patient_id": patient_id})
    return [_as_record(db, row) for row in rows]


def assessments_saved_since(db: Session, patient_id: int, *, since: datetime) -> list[AssessmentRecord]:
    """The questionnaires of a patient whose answers were saved at ``since`` or later; by the day they were due."""
    rows = db.scalars(
        _OF_PATIENT.where(Assessment.saved_at >= sa.bindparam("since", type_=UTCDateTime())),
        {"patient_id": patient_id, "since": since},
    )
    return [_as_record(db, row) for row in rows]


def outlines_of(db: Session, patient_id: int) -> list[AssessmentOutline]:
    """Every questionnaire of a patient without its answers, which stay sealed; by the day it was due."""
    return [_as_outline(row) for row in db.execute(_OUTLINES, {"patient_id": patient_id}).mappings()]


def waiting_of(db: Session, patient_id: int) -> list[AssessmentOutline]:
    """A patient's questionnaires that are ahead or open, by the day they are due, for the patient alone."""
    return [_as_outline(row) for row in db.execute(_OUTLINES_WAITING, {"patient_id": patient_id}).mappings()]


def assessments_seen(db: Session, patient_id: int, sight: Sight) -> list[AssessmentRecord]:
    """What a reader may see of them, by the day it was due: none without the scope, and none of days not opened.

    What is still ahead holds nothing of a day, and is there for every reader who has the scope.
    """
    if not sight.opens(Scope.ASSESSMENTS):
        return []
    rows = db.scalars(_OF_PATIENT, {"patient_id": patient_id})
    return [
        _as_record(db, row)
        for row in rows
        if row.opened_at is None or sight.reaches(row.completed_on or row.due_on)
    ]


def outlines_seen(db: Session, patient_id: int, sight: Sight) -> list[AssessmentOutline]:
    """The same as :func:`assessments_seen` without the answers, which stay sealed: for what only needs totals."""
    if not sight.opens(Scope.ASSESSMENTS):
        return []
    return [one for one in outlines_of(db, patient_id) if one.opened_at is None or sight.reaches(one.day)]


def assessment_of(db: Session, patient_id: int, public_id: str) -> AssessmentRecord | None:
    """One questionnaire of a patient, with its answers."""
    row = db.scalar(
        sa.select(Assessment).where(Assessment.patient_id == patient_id, Assessment.public_id == public_id)
    )
    return None if row is None else _as_record(db, row)


def add_assessment(db: Session, patient_id: int, record: AssessmentRecord) -> None:
    """Add a questionnaire under its public id."""
    db.execute(
        sa.insert(Assessment).values(
            public_id=record.public_id,
            patient_id=patient_id,
            **_row(db, patient_id, record),
        )
    )


def change_assessment(db: Session, patient_id: int, record: AssessmentRecord) -> None:
    """Replace all that a questionnaire holds."""
    db.execute(
        sa.update(Assessment)
        .where(Assessment.patient_id == patient_id, Assessment.public_id == record.public_id)
        .values(**_row(db, patient_id, record))
    )


def move_assessment(db: Session, patient_id: int, outline: AssessmentOutline) -> None:
    """Write down when a questionnaire is due, was opened or missed, and whether a session lies in what it covers."""
    db.execute(
        sa.update(Assessment)
        .where(Assessment.patient_id == patient_id, Assessment.public_id == outline.public_id)
        .values(
            due_on=outline.due_on,
            opened_at=outline.opened_at,
            expired_at=outline.expired_at,
            overlaps_session=outline.overlaps_session,
        )
    )


def remove_ahead(db: Session, patient_id: int, public_id: str) -> None:
    """Take away a questionnaire that is still ahead; nothing that was opened."""
    db.execute(
        sa.delete(Assessment).where(
            Assessment.patient_id == patient_id,
            Assessment.public_id == public_id,
            Assessment.opened_at.is_(None),
        )
    )


def waits_for_the_calendar(db: Session, *, today: date, after: int, limit: int) -> list[Patient]:
    """Up to ``limit`` patients with an id above ``after``, in its order, for whom the calendar may have something new.

    ``today`` is the latest date that it is anywhere: something is to open or is over by then, or they were never asked.
    """
    has_any = sa.exists().where(Assessment.patient_id == Patient.id)
    has_due = sa.exists().where(
        Assessment.patient_id == Patient.id,
        Assessment.completed_at.is_(None),
        Assessment.expired_at.is_(None),
        sa.or_(
            sa.and_(Assessment.opened_at.is_(None), Assessment.due_on <= today),
            Assessment.due_on <= today - OPEN_FOR,
        ),
    )
    return list(
        db.scalars(
            sa.select(Patient)
            .join(Account, Account.id == Patient.account_id)
            .where(Patient.id > after, Account.disabled_at.is_(None), sa.or_(~has_any, has_due))
            .order_by(Patient.id)
            .limit(limit)
        )
    )


def questionnaire_days(
    db: Session, account_ids: Collection[int], *, first: date, last: date
) -> dict[int, tuple[QuestionnaireDay, ...]]:
    """Those that are due from ``first`` to ``last`` and not answered yet, by the patient's account.

    One for each day: what is asked together is asked for once.
    """
    rows = _DAYS.rows(db, account_ids, {"first": first, "last": last})
    found: dict[int, tuple[QuestionnaireDay, ...]] = {}
    for account_id, number, due_on in rows:
        found[account_id] = (*found.get(account_id, ()), QuestionnaireDay(str(number), due_on))
    return found


# What was chosen


def choices_of(db: Session, patient_id: int) -> dict[str, Choice]:
    """What was chosen for a patient, by the questionnaire's code; nothing of what is as usual."""
    rows = db.scalars(_CHOICES, {"patient_id": patient_id})
    return {
        row.instrument: Choice(
            instrument=row.instrument,
            is_enabled=row.enabled,
            cadence=Cadence(Rhythm(row.rhythm), since=row.since),
            by_provider_id=row.by_provider_id,
            changed_at=row.changed_at,
        )
        for row in rows
    }


def put_choice(db: Session, patient_id: int, choice: Choice, *, now: datetime) -> None:
    """Keep ``choice`` for a patient, in place of the one that was."""
    row = {
        "enabled": choice.is_enabled,
        "rhythm": choice.cadence.rhythm.value,
        "since": choice.cadence.since,
        "by_provider_id": choice.by_provider_id,
        "changed_at": now,
    }
    changed = db.execute(
        sa.update(AssessmentPlan)
        .where(AssessmentPlan.patient_id == patient_id, AssessmentPlan.instrument == choice.instrument)
        .values(**row)
    )
    if not changed.rowcount:  # type: ignore[attr-defined]
        db.execute(
            sa.insert(AssessmentPlan).values(
                public_id=new_public_id(), patient_id=patient_id, instrument=choice.instrument, **row
            )
        )


def _row(db: Session, patient_id: int, record: AssessmentRecord) -> dict[str, object]:
    sealed = None
    if record.saved_at is not None:
        sealer = patient_sealer(db, patient_id)
        sealed = sealer.seal(written(record.answers), column=_COLUMN, row=record.public_id)
    return {
        "instrument": record.instrument,
        "version": record.version,
        "due_on": record.due_on,
        "opened_at": record.opened_at,
        "saved_at": record.saved_at,
        "completed_at": record.completed_at,
        "completed_on": record.completed_on,
        "expired_at": record.expired_at,
        "answers": sealed,
        "scored_as": record.scored_as,
        "total": record.total,
        "answered": record.answered,
        "asked": record.asked,
        "overlaps_session": record.overlaps_session,
        "via": record.via.value,
    }


def _as_outline(row: sa.RowMapping) -> AssessmentOutline:
    return AssessmentOutline(**{**row, "via": Via(row["via"])})


def _as_record(db: Session, row: Assessment) -> AssessmentRecord:
    answers = ""
    if row.answers is not None:
        sealer = patient_sealer(db, row.patient_id)
        answers = sealer.open(row.answers, column=_COLUMN, row=row.public_id)
    return AssessmentRecord(
        id=row.id,
        public_id=row.public_id,
        instrument=row.instrument,
        version=row.version,
        due_on=row.due_on,
        opened_at=row.opened_at,
        saved_at=row.saved_at,
        completed_at=row.completed_at,
        completed_on=row.completed_on,
        expired_at=row.expired_at,
        answers=read(answers),
        scored_as=row.scored_as,
        total=row.total,
        answered=row.answered,
        asked=row.asked,
        overlaps_session=row.overlaps_session,
        via=Via(row.via),
    )
