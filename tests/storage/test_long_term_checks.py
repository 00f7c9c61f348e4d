"""Two-weekly answers as they are kept: one set a date, oldest first."""

from __future__ import annotations

from datetime import date

import pytest
import sqlalchemy as sa

from journal.domain.consents import Scope, Sight
from journal.domain.long_term_flags import LongTermCheck
from journal.domain.side_effects import LONG_TERM, Severity, SideEffectCode
from journal.storage.database import Database
from journal.storage.long_term_checks import (
    ASKED,
    check_on,
    checks_of,
    checks_seen,
    last_check_and_phase,
    put_check,
)
from tests import builders
from tests.cast import NOW, Cast

MARCH_3, MARCH_17 = date(2026, 3, 3), date(2026, 3, 17)


def test_every_long_term_code_has_a_column() -> None:
    assert set(ASKED) == LONG_TERM
    assert len(ASKED) == 6


def test_answers_are_kept_and_what_was_left_out_is_not_there(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.long_term_check(db, cast.alice, MARCH_17, memory_trouble=2, blood_in_urine=0)
        builders.long_term_check(db, cast.alice, MARCH_3, craving_or_extra_use=1)
    with database.look() as db:
        assert checks_of(db, cast.alice.patient_id) == [
            LongTermCheck(MARCH_3, {SideEffectCode.CRAVING_OR_EXTRA_USE: Severity.MILD}),
            LongTermCheck(
                MARCH_17,
                {
                    SideEffectCode.BLOOD_IN_URINE: Severity.NOT_PRESENT,
                    SideEffectCode.MEMORY_TROUBLE: Severity.MODERATE,
                },
            ),
        ]
        assert last_check_and_phase(db, cast.alice.patient_id) == (MARCH_17, None)
        assert last_check_and_phase(db, cast.dan.patient_id) == (None, None)


def test_a_second_set_of_a_date_takes_the_place_of_the_first(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.long_term_check(db, cast.alice, MARCH_3, memory_trouble=3)
        builders.long_term_check(db, cast.alice, MARCH_3, pain_on_urination=1)
    with database.look() as db:
        kept = check_on(db, cast.alice.patient_id, MARCH_3)
    assert kept == LongTermCheck(MARCH_3, {SideEffectCode.PAIN_ON_URINATION: Severity.MILD})


def test_they_are_read_with_sessions_and_from_the_first_open_day_on(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.long_term_check(db, cast.alice, MARCH_3, memory_trouble=2)
        builders.long_term_check(db, cast.alice, MARCH_17, memory_trouble=2)
    with database.look() as db:
        opened = Sight(frozenset({Scope.SESSIONS}), MARCH_17)
        closed = Sight(frozenset(Scope) - {Scope.SESSIONS}, None)
        assert [one.local_date for one in checks_seen(db, cast.alice.patient_id, opened)] == [MARCH_17]
        assert checks_seen(db, cast.alice.patient_id, closed) == []


def test_the_database_refuses_a_severity_that_does_not_exist(database: Database, cast: Cast) -> None:
    beyond = LongTermCheck(MARCH_3, {SideEffectCode.MEMORY_TROUBLE: 4})  # type: ignore[dict-item]
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        put_check(db, cast.alice.patient_id, beyond, now=NOW)
