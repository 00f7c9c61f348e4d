"""The questions of every two weeks: when they are due, and keeping what was answered.

What follows from the answers is gathered in ``long_term_flags``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from journal.domain.assessment_calendar import LONG_TERM_FLAGS, Asking, next_due
from journal.domain.assessment_limits import EVERY
from journal.domain.days import local_day
from journal.domain.errors import Refused
from journal.domain.long_term_flags import LongTermCheck
from journal.domain.side_effects import Severity, SideEffectCode
from journal.domain.treatments import GIVEN, Phase, Status, TreatmentSession
from journal.storage import audit, consents, long_term_checks
from journal.storage.audit import Act
from journal.storage.patients import Patient


def keep_answers(
    db: Session,
    patient: Patient,
    answers: Mapping[SideEffectCode, Severity],
    *,
    actor_account_id: int | None,
    now: datetime,
) -> LongTermCheck:
    """Keep today's answers, in place of those that were given earlier today. Refuses ``nothing_answered``."""
    if not answers:
        raise Refused("nothing_answered")
    consents.hold(db, patient.id)  # of two sendings at once the second finds the first one's row
    answered = LongTermCheck(local_day(now, patient.zone), dict(answers))
    public_id = long_term_checks.put_check(db, patient.id, answered, now=now)
    audit.record(
        db,
        Act.CHECK_UP_ANSWERED,
        now=now,
        actor_account_id=actor_account_id,
        patient_id=patient.id,
        subject=public_id,
    )
    return answered


def due_on(
    db: Session, patient: Patient, treatments: Sequence[TreatmentSession], *, now: datetime
) -> date | None:
    """The date from which the questions are due, of a patient with all these ``treatments``; None for whoever has none.

    They ask about two weeks of treatment: the first time is two weeks after the first session, and a course that has
    ended asks no more. Then every 14 days on a clock of their own, or the day before a session that is near.
    """
    given = sorted(one.local_date for one in treatments if one.status in GIVEN)
    if not given:
        return None
    last, phase = long_term_checks.last_check_and_phase(db, patient.id)
    if phase is Phase.ENDED:
        return None
    due = next_due(
        LONG_TERM_FLAGS,
        local_day(now, patient.zone),
        first_day=given[0] + EVERY,
        asked=[] if last is None else [Asking(due_on=last, completed_on=last)],
        given_on=given,
        planned_on=[one.local_date for one in treatments if one.status is Status.PLANNED],
    )
    return None if due is None else due.on
