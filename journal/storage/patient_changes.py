"""That something changed of what a provider's list shows of a patient: rows that are added, read and taken away.

Triggers add them (migration 0030): after every statement that touches a table which a caseload's line is made of. New
check-ins are noticed by the summary row that each of them writes. Nobody ever changes a row, so that two transactions
that touch the same patient, in whatever order, wait for each other no more than they would without.

A row is a fact and not a number to compare with: numbers are handed out before a transaction commits, and a smaller one
may be seen later than a greater. So whoever works lines out takes away those rows alone that it has read before it
began to read anything else (``journal.storage.caseload_lines``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from journal.storage.base import Base
from journal.storage.prepared import Change


class PatientChange(Base):
    """One change, or several of one transaction. Not unique by patient: adding one must not wait for another's."""

    __tablename__ = "patient_change"
    # A number is never given a second time: who takes a row away must not take another in its place.
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)
    patient_id: Mapped[int] = mapped_column(sa.ForeignKey("patient.id", ondelete="CASCADE"), index=True)


_TABLE: sa.Table = PatientChange.__table__  # type: ignore[assignment,explicit-any]
_TAKE_AWAY = Change(
    sa.delete(_TABLE).where(
        _TABLE.c.id.in_(
            sa.select(_TABLE.c.id)
            .where(_TABLE.c.id == sa.bindparam("number"))
            .with_for_update(skip_locked=True)
        )
    )
)


def note_change(db: Session, patient_id: int) -> None:
    """Say that something changed which no trigger sees."""
    db.execute(sa.insert(PatientChange).values(patient_id=patient_id))


def changes_of(db: Session, patient_ids: Collection[int]) -> dict[int, list[int]]:
    """The numbers of the changes that are to be seen, of those of the patients who have any."""
    found: dict[int, list[int]] = {}
    query = sa.select(PatientChange.patient_id, PatientChange.id).where(
        PatientChange.patient_id.in_(patient_ids)
    )
    for patient_id, number in db.execute(query):
        found.setdefault(patient_id, []).append(number)
    return found


def take_away(db: Session, numbers: Iterable[int]) -> None:
    """Remove exactly these. One that somebody else is removing is left to them."""
    _TAKE_AWAY.apply_all(db, [{"number": number} for number in sorted(numbers)])
