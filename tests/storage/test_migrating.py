"""How a database is brought to a version: all of the way or not at all. The steps are tried in test_migrations."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from journal.places import MIGRATIONS
from journal.storage import migrating
from journal.storage.database import Database, create_engine
from tests.cast import Cast

ACCOUNTS = "SELECT count(*) FROM account"


def test_a_database_before_its_first_migration_is_at_none(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'new.db'}")
    assert migrating.current(engine) is None
    engine.dispose()


def test_migrating_up_twice_is_migrating_up_once(database: Database, cast: Cast) -> None:
    migrating.upgrade(database.engine)
    assert migrating.current(database.engine) == migrating.newest()
    with database.look() as db:
        assert db.scalar(sa.text(ACCOUNTS)) == 6


def test_the_newest_migration_is_the_last_file() -> None:
    files = sorted(path.name for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
    assert migrating.newest() == files[-1].partition("_")[0]


def test_a_database_can_be_brought_to_any_version(database: Database) -> None:
    migrating.downgrade(database.engine, "0004")
    assert migrating.current(database.engine) == "0004"
    migrating.upgrade(database.engine, "0006")
    assert migrating.current(database.engine) == "0006"


def test_a_migration_that_fails_leaves_everything_as_it_was(database: Database, cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), migrating._connected(database.engine) as connection:
        connection.exec_driver_sql("DELETE FROM rate_limit")
        connection.exec_driver_sql("DROP TABLE rate_limit")
        raise ZeroDivisionError
    assert migrating.differences(database.engine) == []


def test_a_migration_that_would_orphan_rows_is_undone(sqlite_database: Database) -> None:
    from tests.cast import assemble

    with sqlite_database.unit_of_work() as db:
        assemble(db)
    with (
        pytest.raises(RuntimeError, match="rows without their parent"),
        migrating._connected(sqlite_database.engine) as connection,
    ):
        connection.exec_driver_sql("DELETE FROM account")
    with sqlite_database.look() as db:
        assert db.scalar(sa.text(ACCOUNTS)) == 6


@pytest.mark.parametrize("fails", [False, True])
def test_parents_are_asked_for_again_after_a_migration(sqlite_database: Database, fails: bool) -> None:
    if fails:
        with pytest.raises(ZeroDivisionError), migrating._connected(sqlite_database.engine):
            raise ZeroDivisionError
    else:
        migrating.downgrade(sqlite_database.engine, "0008")
    with sqlite_database.look() as db:
        assert db.scalar(sa.text("PRAGMA foreign_keys")) == 1
