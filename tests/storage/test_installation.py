"""The one row that says whether the people in a database are invented."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from journal.storage import installation
from journal.storage.database import Database
from tests.cast import NOW


def test_a_new_database_is_no_demo(database: Database) -> None:
    with database.look() as db:
        assert not installation.is_demo(db)


def test_a_demo_is_a_demo_for_ever(database: Database) -> None:
    with database.unit_of_work() as db:
        installation.mark_as_demo(db, now=NOW)
    with database.look() as db:
        assert installation.is_demo(db)


def test_there_is_one_such_row_and_no_second(database: Database) -> None:
    with database.unit_of_work() as db:
        installation.mark_as_demo(db, now=NOW)
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        installation.mark_as_demo(db, now=NOW)
    other = sa.insert(installation.Installation).values(id=2, is_demo=False, made_at=NOW)
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        db.execute(other)
