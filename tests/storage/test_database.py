from __future__ import annotations

import pytest
import sqlalchemy as sa

from journal.storage.database import Database

EXPECTED = {
    "journal_mode": "wal",
    "synchronous": 2,
    "foreign_keys": 1,
    "busy_timeout": 10_000,
    "secure_delete": 1,
    "trusted_schema": 0,
}


def pragmas(connection: sa.Connection) -> dict[str, object]:
    return {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in EXPECTED}


def test_every_pooled_connection_keeps_what_it_says_is_saved(sqlite_database: Database) -> None:
    reading = sqlite_database.engine.execution_options(only_reads=True)
    held = [reading.connect() for _ in range(5)]
    assert [pragmas(connection) for connection in held] == [EXPECTED] * 5
    for connection in held:
        connection.close()


def test_a_connection_with_weaker_durability_is_noticed(sqlite_database: Database) -> None:
    with sqlite_database.engine.execution_options(only_reads=True).connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
        assert pragmas(connection) != EXPECTED
        connection.exec_driver_sql("BEGIN")


def test_a_block_that_fails_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(ZeroDivisionError), database.unit_of_work() as db:
        db.execute(sa.text("INSERT INTO rate_limit (key, count, ends_at) VALUES ('x', 1, 0)"))
        raise ZeroDivisionError
    with database.look() as db:
        assert db.scalar(sa.text("SELECT count(*) FROM rate_limit")) == 0
