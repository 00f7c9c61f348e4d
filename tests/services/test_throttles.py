"""Tries are counted per person, in the database, whether or not the person exists."""

from __future__ import annotations

from journal.services.throttles import forgive, may_try
from journal.storage.database import Database
from tests.conftest import MASTER_KEYS

FIVE = ("5 per hour",)


def test_the_sixth_try_is_one_too_many(database: Database) -> None:
    tries = [may_try(database, "password", "alice@example.org", most=FIVE) for _ in range(6)]
    assert tries == [True, True, True, True, True, False]


def test_somebody_else_and_something_else_are_counted_apart(database: Database) -> None:
    for _ in range(6):
        may_try(database, "password", "alice@example.org", most=FIVE)
    assert may_try(database, "password", "dan@example.org", most=FIVE)
    assert may_try(database, "sign-in mail", "alice@example.org", most=FIVE)


def test_another_process_counts_on(database: Database) -> None:
    for _ in range(5):
        may_try(database, "password", "alice@example.org", most=FIVE)
    other = Database(database.engine.url.render_as_string(hide_password=False), MASTER_KEYS)
    assert not may_try(other, "password", "alice@example.org", most=FIVE)
    other.close()


def test_being_right_forgives(database: Database) -> None:
    for _ in range(6):
        may_try(database, "password", "alice@example.org", most=FIVE)
    forgive(database, "password", "alice@example.org", most=FIVE)
    assert may_try(database, "password", "alice@example.org", most=FIVE)


def test_the_narrowest_limit_decides(database: Database) -> None:
    tries = [
        may_try(database, "password", "alice@example.org", most=("2 per hour", "9 per day")) for _ in range(3)
    ]
    assert tries == [True, True, False]


def test_no_address_is_written_down(database: Database) -> None:
    may_try(database, "password", "alice@example.org", most=FIVE)
    with database.engine.connect() as connection:
        keys = list(connection.exec_driver_sql("SELECT key FROM rate_limit").scalars())
    assert len(keys) == 1
    assert "alice" not in keys[0]
