"""Reading and writing the one row per patient from which a list of patients is drawn. The table is in ``patients``."""

from __future__ import annotations

from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain.summaries import Summary
from journal.storage.checkins import CheckIn
from journal.storage.patients import Patient, PatientSummary
from journal.storage.prepared import Change, Question

_TABLE: sa.Table = PatientSummary.__table__  # type: ignore[assignment,explicit-any]
_STANDING = sa.select(
    _TABLE.c.last_check_in_on,
    _TABLE.c.last_check_in_at,
    _TABLE.c.tail,
    _TABLE.c.last_session_on,
    _TABLE.c.session_dates,
    _TABLE.c.open_flags,
).where(_TABLE.c.patient_id == sa.bindparam("patient_id"))
_ONE = Question(_STANDING)
_ONE_TO_CHANGE = Question(_STANDING.with_for_update())
_WRITE = Change(
    sa.update(_TABLE)
    .where(_TABLE.c.patient_id == sa.bindparam("of_patient"))
    .values(
        last_check_in_on=sa.bindparam("last_check_in_on"),
        last_check_in_at=sa.bindparam("last_check_in_at"),
        tail=sa.bindparam("tail"),
        last_session_on=sa.bindparam("last_session_on"),
        session_dates=sa.bindparam("session_dates"),
        open_flags=sa.bindparam("open_flags"),
    )
)
_LATEST = (
    sa.select(CheckIn.local_date, CheckIn.recorded_at)
    .where(CheckIn.patient_id == sa.bindparam("patient_id"))
    .order_by(CheckIn.local_date.desc(), CheckIn.recorded_at.desc())
    .limit(1)
)


def summary(db: Session, patient_id: int, *, to_change: bool = False) -> Summary:
    """The row as it stands. ``to_change`` makes another change of the same patient wait, so that none is lost."""
    found = (_ONE_TO_CHANGE if to_change else _ONE).rows(db, {"patient_id": patient_id})
    if not found:
        return Summary()
    on, at, tail, session_on, session_dates, flags = found[0]
    return Summary(
        on, at, tuple(tail), session_on, tuple(session_dates), tuple((made, acute) for made, acute in flags)
    )


def write_summary(db: Session, patient_id: int, new: Summary) -> None:
    """Replace the row; every patient has one from the first minute. A trigger notes that something changed."""
    _WRITE.apply(
        db,
        {
            "of_patient": patient_id,
            "last_check_in_on": new.last_check_in_on,
            "last_check_in_at": new.last_check_in_at,
            "tail": list(new.tail),
            "last_session_on": new.last_session_on,
            "session_dates": list(new.session_dates),
            "open_flags": [list(flag) for flag in new.open_flags],
        },
    )


def latest_check_in(db: Session, patient_id: int) -> tuple[date | None, datetime | None]:
    """The latest date any check-in is about, and when one about it was written last."""
    found = db.execute(_LATEST, {"patient_id": patient_id}).one_or_none()
    return (None, None) if found is None else (found[0], found[1])


def everybody(db: Session) -> list[int]:
    """Every patient's id."""
    return list(db.scalars(sa.select(Patient.id).order_by(Patient.id)))
