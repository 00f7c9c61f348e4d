"""Tests of the lending of PostgreSQL databases: whatever a test did, the next one finds them as they were."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import psycopg
import pytest
import sqlalchemy as sa

from journal.storage import accounts
from journal.storage.accounts import Role
from journal.storage.database import Database
from tests.cast import NOW, Cast
from tests.conftest import MASTER_KEYS
from tests.lending import Lending

pytestmark = pytest.mark.postgres


@pytest.fixture
def lending(peopled_postgres: tuple[Lending, Cast]) -> Iterator[Lending]:
    """Lends databases with the cast in them, none of which was lent before."""
    lending = Lending(peopled_postgres[0].make)
    yield lending
    lending.close()


def everything(address: str) -> dict[str, list[tuple[object, ...]]]:
    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        return {name: sorted(connection.execute(f'TABLE "{name}"').fetchall(), key=repr) for (name,) in names}


def act(address: str, *statements: str) -> None:
    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        for statement in statements:
            connection.execute(statement)


def add(address: str) -> int:
    database = Database(address, MASTER_KEYS)
    with database.unit_of_work() as db:
        number = accounts.add_account(db, "new@example.org", Role.ADMIN, now=NOW).id
    database.close()
    return number


def test_rows_that_were_added_changed_or_taken_away_are_as_they_were(lending: Lending) -> None:
    with lending.lent() as first:
        before = everything(first)
        act(first, "DELETE FROM consent", "UPDATE patient SET zone = 'UTC'")
        add(first)
        assert everything(first) != before
    with lending.lent() as second:
        assert (second, everything(second)) == (first, before)


def test_rows_are_counted_from_where_they_were(lending: Lending) -> None:
    with lending.lent() as first:
        number = add(first)
    with lending.lent() as second:
        assert (second, add(second)) == (first, number)


@pytest.mark.parametrize(
    "change",
    [
        "ALTER TABLE clinic ADD COLUMN colour text",
        "ALTER TABLE clinic ALTER COLUMN name DROP NOT NULL",
        "DROP TABLE rate_limit",
        "CREATE INDEX planted ON clinic (name)",
        "DROP TRIGGER audit_event_no_change ON audit_event",
        "CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    ],
)
def test_one_whose_tables_are_others_is_not_lent_again(lending: Lending, change: str) -> None:
    with lending.lent() as first:
        act(first, change)
    with lending.lent() as second:
        assert second != first


def test_one_that_somebody_still_holds_is_not_lent_again(lending: Lending) -> None:
    with lending.lent() as first:
        holding = sa.create_engine(first).connect()
    with lending.lent() as second:
        assert second != first
    holding.close()


def test_one_that_is_let_go_a_moment_late_is_lent_again(lending: Lending) -> None:
    with lending.lent() as first:
        holding = psycopg.connect(first.replace("+psycopg", ""))
    threading.Timer(0.05, holding.close).start()
    with lending.lent() as second:
        assert second == first
