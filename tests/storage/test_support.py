"""Coping plans as rows: one a patient, every word sealed in its place."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from journal.domain.support import CopingPlan as Plan
from journal.storage import support
from journal.storage.database import Database
from journal.storage.support import WORDS, CopingPlan, KeptPlan
from tests.cast import NOW, Cast

WHOLE = Plan(**{name: f"heron {name}" for name in WORDS})


def put(database: Database, patient_id: int, plan: Plan, *, version: int = 1) -> None:
    with database.unit_of_work() as db:
        support.put_plan(db, patient_id, plan, version=version, updated_at=NOW)


def test_a_plan_comes_back_as_it_was_written(database: Database, cast: Cast) -> None:
    put(database, cast.alice.patient_id, WHOLE)
    with database.look() as db:
        assert support.plan_of(db, cast.alice.patient_id) == KeptPlan(WHOLE, version=1, updated_at=NOW)
        assert support.plan_of(db, cast.dan.patient_id) == KeptPlan(Plan(), version=0, updated_at=None)


def test_a_patient_has_one_plan(database: Database, cast: Cast) -> None:
    put(database, cast.alice.patient_id, WHOLE)
    put(database, cast.alice.patient_id, Plan(alone="a walk"), version=2)
    with database.look() as db:
        assert support.plan_of(db, cast.alice.patient_id).plan == Plan(alone="a walk")
        assert db.scalar(sa.select(sa.func.count()).select_from(CopingPlan)) == 1


def test_the_database_refuses_a_second_one(database: Database, cast: Cast) -> None:
    put(database, cast.alice.patient_id, WHOLE)
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        db.execute(
            sa.insert(CopingPlan).values(
                public_id="x", patient_id=cast.alice.patient_id, version=1, updated_at=NOW
            )
        )


@pytest.mark.parametrize("name", WORDS)
def test_a_plan_with_one_word_in_it_is_one(database: Database, cast: Cast, name: str) -> None:
    put(database, cast.alice.patient_id, Plan(**{name: "1"}))
    with database.look() as db:
        assert support.has_plan(db, cast.alice.patient_id)
        assert not support.has_plan(db, cast.dan.patient_id)


def test_an_emptied_plan_leaves_no_word_behind_and_counts_on(database: Database, cast: Cast) -> None:
    put(database, cast.alice.patient_id, WHOLE)
    put(database, cast.alice.patient_id, Plan(), version=2)
    with database.look() as db:
        assert not support.has_plan(db, cast.alice.patient_id)
        assert support.plan_of(db, cast.alice.patient_id) == KeptPlan(Plan(), version=2, updated_at=NOW)
        columns = [getattr(CopingPlan, name) for name in WORDS]
        assert set(db.execute(sa.select(*columns)).one()) == {None}


def test_no_word_stands_in_the_database_as_it_was_written(database: Database, cast: Cast) -> None:
    put(database, cast.alice.patient_id, WHOLE)
    with database.look() as db:
        row = db.execute(sa.select(CopingPlan.__table__)).one()
    assert all(isinstance(getattr(row, name), bytes) for name in WORDS)
    assert b"heron" not in b"".join(getattr(row, name) for name in WORDS)


def test_a_text_moved_to_another_step_does_not_open(database: Database, cast: Cast) -> None:
    put(database, cast.alice.patient_id, WHOLE)
    with database.unit_of_work() as db:
        db.execute(sa.update(CopingPlan).values(alone=CopingPlan.signs))
    with database.look() as db, pytest.raises(InvalidTag):
        support.plan_of(db, cast.alice.patient_id)


def test_a_plan_goes_with_its_patient(sqlite_database: Database) -> None:
    from tests.cast import assemble

    with sqlite_database.unit_of_work() as db:
        cast = assemble(db)
    put(sqlite_database, cast.alice.patient_id, WHOLE)
    with sqlite_database.unit_of_work() as db:
        db.execute(sa.text("DELETE FROM patient WHERE id = :id"), {"id": cast.alice.patient_id})
        assert db.scalar(sa.select(sa.func.count()).select_from(CopingPlan)) == 0
