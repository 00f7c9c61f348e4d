"""The two-weekly questions: when they are due, and keeping the answers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa

from journal.domain.errors import Refused
from journal.domain.side_effects import Severity, SideEffectCode
from journal.domain.treatments import Phase, Status
from journal.services.long_term_checks import due_on, keep_answers
from journal.storage import courses, treatments
from journal.storage.audit import AuditEvent
from journal.storage.database import Database
from journal.storage.long_term_checks import checks_of
from tests import builders
from tests.builders import the_patient
from tests.cast import NOW, Cast


def due(database: Database, cast: Cast) -> date | None:
    with database.look() as db:
        found = treatments.treatments_of(db, cast.alice.patient_id)
        return due_on(db, the_patient(db, cast.alice), found, now=NOW)


def test_whoever_was_never_treated_is_not_asked(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, date(2026, 4, 10), status=Status.PLANNED)
        builders.treatment(db, cast.alice, date(2026, 3, 1), status=Status.MISSED)
    assert due(database, cast) is None


def test_the_first_time_is_two_weeks_after_the_first_session(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, date(2026, 3, 13))
        builders.treatment(db, cast.alice, date(2026, 3, 20))
    assert due(database, cast) == date(2026, 3, 27)


def test_then_every_14_days_whatever_sessions_there_are(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, date(2026, 3, 3))
        builders.treatment(db, cast.alice, date(2026, 3, 27))
        builders.long_term_check(db, cast.alice, date(2026, 3, 18), memory_trouble=0)
    assert due(database, cast) == date(2026, 4, 1)


def test_near_a_planned_session_they_come_before_it(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, date(2026, 3, 3))
        builders.treatment(db, cast.alice, date(2026, 4, 1), status=Status.PLANNED)
        builders.long_term_check(db, cast.alice, date(2026, 3, 18), memory_trouble=0)
    assert due(database, cast) == date(2026, 3, 31)


def test_a_course_that_has_ended_asks_no_more(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.treatment(db, cast.alice, date(2026, 3, 3))
        courses.add_course(db, cast.alice.patient_id, phase=Phase.ENDED, now=NOW)
    assert due(database, cast) is None


def test_answers_are_kept_on_the_day_where_the_patient_lives(database: Database, cast: Cast) -> None:
    late = datetime(2026, 3, 30, 22, 30, tzinfo=UTC)  # half past midnight in Berlin
    with database.unit_of_work() as db:
        keep_answers(
            db,
            the_patient(db, cast.alice),
            {SideEffectCode.MEMORY_TROUBLE: Severity.MILD},
            actor_account_id=cast.alice.account_id,
            now=late,
        )
    with database.look() as db:
        assert [one.local_date for one in checks_of(db, cast.alice.patient_id)] == [date(2026, 3, 31)]


def test_answering_twice_a_day_keeps_the_last_and_writes_down_both(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for minutes, severity in ((0, Severity.SEVERE), (5, Severity.MILD)):
            keep_answers(
                db,
                the_patient(db, cast.alice),
                {SideEffectCode.PAIN_ON_URINATION: severity},
                actor_account_id=cast.alice.account_id,
                now=NOW + timedelta(minutes=minutes),
            )
    with database.look() as db:
        (kept,) = checks_of(db, cast.alice.patient_id)
        acts = db.scalar(
            sa.select(sa.func.count()).where(
                AuditEvent.act == "check_up_answered", AuditEvent.patient_id == cast.alice.patient_id
            )
        )
    assert kept.answers == {SideEffectCode.PAIN_ON_URINATION: Severity.MILD}
    assert acts == 2


def test_a_form_with_no_answer_is_refused(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db, pytest.raises(Refused) as refused:
        keep_answers(db, the_patient(db, cast.alice), {}, actor_account_id=cast.alice.account_id, now=NOW)
    assert refused.value.code == "nothing_answered"
