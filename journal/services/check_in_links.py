"""Writing through a reminder's link: one check-in, for one date, by whoever holds it, and nothing to read.

Or, in its place, being asked once more a little later.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from journal.domain.checkins import CheckInBody, Written
from journal.domain.reminder_decisions import still_wanted
from journal.domain.reminder_prompts import snoozed
from journal.services.checkins import Outcome, Recorded, record_check_in
from journal.services.reminders import CHECK_IN
from journal.storage import deliveries, reminders, submissions
from journal.storage.deliveries import LinkedDelivery
from journal.storage.patients import Patient

LATER = (timedelta(hours=1), timedelta(hours=2))
"""By how much a message can be put off."""


def record_through_link(
    db: Session, linked: LinkedDelivery, *, body: CheckInBody, written: Written, now: datetime
) -> Recorded | None:
    """Spend the link and record the check-in, both or neither; None if the link has ended or was spent.

    A form that was sent twice by one tap is recognised by its key and answered like the first time. The check-in is
    about the link's date, whatever ``body`` says. Refuses what :func:`record_check_in` refuses: the link stays good.
    """
    if deliveries.spend_link(db, linked.delivery_id, now=now):
        patient = db.get_one(Patient, linked.patient_id)
        said = replace(body, local_date=linked.local_date)
        return record_check_in(db, patient, body=said, written=written, now=now)
    first = submissions.first_answer(db, linked.patient_id, written.client_key)
    if first is None or first.deleted:
        return None
    return Recorded(Outcome.AGAIN, first.check_in_id, 1)


def ways_to_wait(db: Session, linked: LinkedDelivery, *, now: datetime) -> list[timedelta]:
    """By how much the message of a link may still be put off: not past its day, and not into quiet hours; once."""
    delivery = deliveries.delivery_to_snooze(db, linked.delivery_id)
    row = None if delivery is None else reminders.reminder_of(db, delivery.account_id, kind=CHECK_IN)
    rule = None if row is None else reminders.rule_if_readable(row)
    if delivery is None or rule is None:
        return []
    return [
        by
        for by in LATER
        if (again := snoozed(rule, delivery.due, until=now + by)) is not None
        and still_wanted(rule, again)
        and not deliveries.is_in_ledger(db, delivery.account_id, again, channel=delivery.channel)
    ]
