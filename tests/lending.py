"""PostgreSQL databases that are lent to one test after another.

What a test did to the rows is undone before the next one gets them; a database whose tables it changed, or that
somebody still holds, is not lent again. Making one for every test took four times as long, and throwing them all away
a minute.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg
import sqlalchemy as sa
from psycopg import sql

GOES_WITHIN_S = 0.2
"""How long a connection that was closed may still be seen by the server."""

SHAPE = """
    SELECT count(*), sum(xmin::text::bigint) FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT count(*), sum(xmin::text::bigint) FROM pg_attribute
        WHERE attrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
    UNION ALL
    SELECT count(*), sum(xmin::text::bigint) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT count(*), sum(xmin::text::bigint) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL
    SELECT count(*), sum(xmin::text::bigint) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""
"""Rows that are others as soon as anybody changed a table, a trigger or a function."""

WRITTEN = """
    SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND pg_relation_size(oid) > 0
"""

COUNTERS = """
    SELECT oid, pg_sequence_last_value(oid) AS last FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
"""

SET_BACK = f"""
    SELECT setval(oid::regclass, coalesce(kept.last, 1), kept.last IS NOT NULL)
    FROM ({COUNTERS}) AS now JOIN kept.counters AS kept USING (oid) WHERE now.last IS DISTINCT FROM kept.last
"""

OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


class Lending:
    """Databases that are copies of one, each lent to one borrower at a time."""

    def __init__(self, make: Callable[[], str]) -> None:
        self.make = make
        self._ready: list[_Lent] = []

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The address of a database that is as the first one was."""
        lent = self._as_new() or _Lent(self.make())
        yield lent.address
        self._ready.append(lent)

    def close(self) -> None:
        """Lend none of them any more."""
        while self._ready:
            self._ready.pop().close()

    def _as_new(self) -> _Lent | None:
        while self._ready:
            lent = self._ready.pop()
            if lent.is_as_new():
                return lent
            lent.close()
        return None


class _Lent:
    """A database, how its tables were when it was new, and which of them held rows: copied, beside them.

    One connection to it stays open: a server process that begins has to learn all of the tables first.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        conninfo = sa.make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
        # Each statement by itself: within a transaction the server says of others what it said first.
        self._connection = psycopg.connect(conninfo, autocommit=True)
        with self._connection.transaction():
            self._connection.execute("CREATE SCHEMA kept")
            self._connection.execute(f"CREATE TABLE kept.counters AS {COUNTERS}")
            self._held = _written(self._connection)
            for table in self._held:
                self._connection.execute(_said("CREATE TABLE kept.{0} AS TABLE {0}", table))
        self._shape = self._connection.execute(SHAPE).fetchall()

    def is_as_new(self) -> bool:
        """Undo what a test did; False where that cannot be."""
        connection = self._connection
        if not _is_alone(connection) or connection.execute(SHAPE).fetchall() != self._shape:
            return False
        # As a replica the server runs no triggers: neither those of a log that stays as it is nor of foreign keys.
        acts = [sql.SQL("SET LOCAL session_replication_role = replica; SET LOCAL lock_timeout = '1s'")]
        acts += [_said("DELETE FROM {}", table) for table in _written(connection)]
        acts += [
            _said("INSERT INTO {0} OVERRIDING SYSTEM VALUE TABLE kept.{0}", table) for table in self._held
        ]
        try:
            with connection.transaction():
                connection.execute(sql.SQL("; ").join([*acts, sql.SQL(SET_BACK)]))
        except psycopg.errors.LockNotAvailable:
            return False
        return True

    def close(self) -> None:
        self._connection.close()


def _said(statement: LiteralString, table: str) -> sql.Composed:
    return sql.SQL(statement).format(sql.Identifier(table))


def _written(connection: psycopg.Connection) -> list[str]:
    """The tables in which there is a row, or was one."""
    return [name for (name,) in connection.execute(WRITTEN)]


def _is_alone(connection: psycopg.Connection) -> bool:
    patience = time.monotonic() + GOES_WITHIN_S
    while connection.execute(OTHERS).fetchone() != (0,):
        if time.monotonic() > patience:
            return False
        time.sleep(0.005)
    return True
