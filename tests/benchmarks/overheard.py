"""What the program says to its database, heard at the driver: statements, commits and rollbacks, in order."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event

from journal.storage.database import Database

Parameters = Mapping[str, object] | Sequence[object]
COMMIT = "COMMIT"
ROLLBACK = "ROLLBACK"
PING = ";"
"""How the pool asks whether a connection still lives."""


@dataclass(frozen=True)
class Step:
    """One thing said to the database: a statement, or COMMIT or ROLLBACK."""

    sql: str
    parameters: Parameters = ()


def overhear(database: Database, act: Callable[[], object]) -> list[Step]:
    """Everything that ``act`` says. It acts twice: what is said to new connections alone is left out."""
    steps: list[Step] = []
    opened = _sqlite(steps) if database.is_sqlite else _postgres(steps)

    def connect(_dialect: object, _record: object, arguments: list[Any], named: dict[str, Any]) -> object:
        return opened(*arguments, **named)

    event.listen(database.engine, "do_connect", connect)
    database.engine.dispose()
    try:
        act()
        steps.clear()
        act()
    finally:
        event.remove(database.engine, "do_connect", connect)
        database.engine.dispose()
    return [step for step in steps if step.sql != PING]


def _sqlite(steps: list[Step]) -> Callable[..., sqlite3.Connection]:
    class Cursor(sqlite3.Cursor):
        def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
            steps.append(Step(sql, parameters))
            return super().execute(sql, parameters)

    class Connection(sqlite3.Connection):
        def cursor(self, factory: Any = Cursor) -> Any:
            return super().cursor(factory)

        def commit(self) -> None:
            steps.append(Step(COMMIT))
            super().commit()

        def rollback(self) -> None:
            if self.in_transaction:
                steps.append(Step(ROLLBACK))
            super().rollback()

    return Connection


def _postgres(steps: list[Step]) -> Callable[..., Any]:
    import psycopg

    class Cursor(psycopg.Cursor[Any]):
        def execute(self, query: Any, params: Any = None, **named: Any) -> Any:
            steps.append(Step(query, params or ()))
            return super().execute(query, params, **named)

    class Connection(psycopg.Connection[Any]):
        cursor_factory = Cursor

        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            self.cursor_factory = Cursor

        def commit(self) -> None:
            steps.append(Step(COMMIT))
            super().commit()

        def rollback(self) -> None:
            if self.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                steps.append(Step(ROLLBACK))
            super().rollback()

    return Connection.connect
