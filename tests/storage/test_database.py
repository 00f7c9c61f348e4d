from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa

from journal.storage.database import Database, Turn

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


def test_writers_of_one_process_take_turns_and_none_is_lost(sqlite_database: Database) -> None:
    with sqlite_database.unit_of_work() as db:
        db.execute(sa.text("INSERT INTO rate_limit (key, count, ends_at) VALUES ('x', 0, 0)"))

    def count_up() -> None:
        for _ in range(20):
            with sqlite_database.unit_of_work() as db:
                count = db.scalar(sa.text("SELECT count FROM rate_limit WHERE key = 'x'"))
                db.execute(
                    sa.text("UPDATE rate_limit SET count = :next WHERE key = 'x'"), {"next": (count or 0) + 1}
                )

    writers = [threading.Thread(target=count_up) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    with sqlite_database.look() as db:
        assert db.scalar(sa.text("SELECT count FROM rate_limit WHERE key = 'x'")) == 80


def test_a_writer_who_waits_in_vain_is_told_so() -> None:
    turn = Turn(waits_s=0.01)
    with turn, pytest.raises(sa.exc.OperationalError), turn:
        raise AssertionError("two writers at once")


def test_a_turn_that_fails_is_over(sqlite_database: Database) -> None:
    with pytest.raises(ZeroDivisionError), sqlite_database.unit_of_work():
        raise ZeroDivisionError
    with sqlite_database.unit_of_work() as db:
        assert db.scalar(sa.text("SELECT 1")) == 1
