"""What patients answer every two weeks: the table, and every question asked of it. What follows is the domain's."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.domain.consents import Scope, Sight
from journal.domain.long_term_flags import LongTermCheck as Answered
from journal.domain.side_effects import LONG_TERM, Severity, SideEffectCode
from journal.domain.treatments import Phase
from journal.storage.base import Base, Identified, between, new_public_id
from journal.storage.courses import Course

ASKED = tuple(code for code in SideEffectCode if code in LONG_TERM)
"""The codes in the order of their columns."""


class LongTermCheck(Identified, Base):
    """The answers of one date; what was left out is empty. One a date: a later one of the day takes its place."""

    __tablename__ = "long_term_check"
    __table_args__ = (
        *(between(code.value, 0, 3) for code in ASKED),
        sa.UniqueConstraint("patient_id", "local_date"),
    )

    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"))
    local_date: Mapped[date]
    urinary_urgency_frequency: Mapped[int | None]
    pain_on_urination: Mapped[int | None]
    blood_in_urine: Mapped[int | None]
    lower_abdominal_pain: Mapped[int | None]
    memory_trouble: Mapped[int | None]
    craving_or_extra_use: Mapped[int | None]
    recorded_at: Mapped[datetime]


_TABLE: sa.Table = LongTermCheck.__table__  # type: ignore[assignment,explicit-any]
_LAST_CHECK_AND_PHASE = sa.select(
    sa.select(sa.func.max(LongTermCheck.local_date))
    .where(LongTermCheck.patient_id == sa.bindparam("patient_id"))
    .scalar_subquery(),
    sa.select(Course.phase)
    .where(Course.patient_id == sa.bindparam("patient_id"))
    .order_by(Course.created_at.desc(), Course.id.desc())
    .limit(1)
    .scalar_subquery(),
)


def checks_of(db: Session, patient_id: int, *, first: date = date.min) -> list[Answered]:
    """The checks of a patient from ``first`` on, oldest first."""
    rows = db.execute(
        sa.select(_TABLE)
        .where(_TABLE.c.patient_id == patient_id, _TABLE.c.local_date >= first)
        .order_by(_TABLE.c.local_date)
    )
    return [_as_answered(row) for row in rows.mappings()]


def checks_seen(db: Session, patient_id: int, sight: Sight) -> list[Answered]:
    """The checks that a reader may know of, oldest first; none without ``sessions``."""
    if not sight.opens(Scope.SESSIONS):
        return []
    return checks_of(db, patient_id, first=sight.visible_from or date.min)


def check_on(db: Session, patient_id: int, local_date: date) -> Answered | None:
    """The check of one date."""
    row = db.execute(_of_day(patient_id, local_date)).mappings().one_or_none()
    return None if row is None else _as_answered(row)


def last_check_and_phase(db: Session, patient_id: int) -> tuple[date | None, Phase | None]:
    """The date of the latest check, and where the present course stands; each None where there is none."""
    last, phase = db.execute(_LAST_CHECK_AND_PHASE, {"patient_id": patient_id}).one()
    return last, None if phase is None else Phase(phase)


def put_check(db: Session, patient_id: int, answered: Answered, *, now: datetime) -> str:
    """Keep the answers of a date, in place of those that it had; the public id of the row."""
    before = db.execute(_of_day(patient_id, answered.local_date)).mappings().one_or_none()
    row: dict[str, object] = {code.value: answered.answers.get(code) for code in ASKED}
    row["recorded_at"] = now
    if before is not None:
        db.execute(sa.update(_TABLE).where(_TABLE.c.id == before["id"]).values(**row))
        return str(before["public_id"])
    public_id = new_public_id()
    db.execute(
        sa.insert(_TABLE).values(
            public_id=public_id, patient_id=patient_id, local_date=answered.local_date, **row
        )
    )
    return public_id


def _of_day(patient_id: int, local_date: date) -> sa.Select[tuple[object, ...]]:
    return sa.select(_TABLE).where(_TABLE.c.patient_id == patient_id, _TABLE.c.local_date == local_date)


def _as_answered(row: sa.RowMapping) -> Answered:
    return Answered(
        local_date=row["local_date"],
        answers={code: Severity(row[code.value]) for code in ASKED if row[code.value] is not None},
    )
