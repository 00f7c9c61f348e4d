"""Writing through a reminder's link: one check-in, for one date, by whoever holds it, and nothing to read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from journal.domain.checkins import CheckInBody, Written
from journal.services.checkins import Outcome, Recorded, record_check_in
from journal.storage import reminders, submissions
from journal.storage.patients import Patient
from journal.storage.reminders import LinkedDelivery


def record_through_link(
    db: Session, linked: LinkedDelivery, *, body: CheckInBody, written: Written, now: datetime
) -> Recorded | None:
    """Spend the link and record the check-in, both or neither; None if the link has ended or was spent.

    A form that was sent twice by one tap is recognised by its key and answered like the first time. The check-in is
    about the link's date, whatever ``body`` says. Refuses what :func:`record_check_in` refuses: the link stays good.
    """
    if reminders.spend_link(db, linked.delivery_id, now=now):
        patient = db.get_one(Patient, linked.patient_id)
        said = replace(body, local_date=linked.local_date)
        return record_check_in(db, patient, body=said, written=written, now=now)
    first = submissions.first_answer(db, linked.patient_id, written.client_key)
    if first is None or first.deleted:
        return None
    return Recorded(Outcome.AGAIN, first.check_in_id, 1)
