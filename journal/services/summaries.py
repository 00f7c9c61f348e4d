"""Keeping each patient's summary row true, in the transaction of whatever changed it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from journal.domain.consents import WHOLE
from journal.domain.summaries import Summary, summary_of, with_check_in
from journal.domain.trends import TAIL_DAYS, days_of
from journal.storage import checkins, safety_flags, treatments
from journal.storage import summaries as rows
from journal.storage.patient_changes import note_change


def hold(db: Session, patient_id: int) -> None:
    """Take the row before anything else of this patient's that others wait for.

    For acts that hold a turn by the time they may raise a flag, which is in the row: whoever writes a session has the
    row first, and then asks for the turn.
    """
    rows.summary(db, patient_id, to_change=True)


def refresh(db: Session, patient_id: int) -> bool:
    """Compute the row again from all it is made of; whether it changed. After edits, deletes, sessions, flags."""
    # The row is taken before anything is read: of two changes at once the second then counts the first.
    present = rows.summary(db, patient_id, to_change=True)
    computed = _computed(db, patient_id)
    if computed == present:
        note_change(db, patient_id)  # what it does not hold may have changed all the same
        return False
    rows.write_summary(db, patient_id, computed)
    return True


def check_in_added(
    db: Session, patient_id: int, *, local_date: date, mood: int | None, recorded_at: datetime
) -> None:
    """Count one new check-in without reading the others."""
    present = rows.summary(db, patient_id, to_change=True)
    rows.write_summary(
        db,
        patient_id,
        with_check_in(present, local_date=local_date, mood=mood, recorded_at=recorded_at),
    )


def rebuild_all(db: Session) -> tuple[int, int]:
    """Compute everybody's row again: how many were different, and how many there are."""
    everybody = rows.everybody(db)
    return sum(refresh(db, patient_id) for patient_id in everybody), len(everybody)


def _computed(db: Session, patient_id: int) -> Summary:
    last_on, last_at = rows.latest_check_in(db, patient_id)
    readings = []
    if last_on is not None:
        first = last_on - timedelta(days=TAIL_DAYS - 1)
        readings = checkins.readings_for(db, patient_id, first=first, last=last_on, sight=WHOLE)
    given_on = treatments.given_dates(db, patient_id)
    return summary_of(
        days_of(readings),
        last_check_in_at=last_at,
        given_on=given_on,
        open_flags=safety_flags.open_since(db, patient_id),
    )
