"""Opening the database, and the one way to commit: a unit of work.

SQLite always runs with a write-ahead log and ``synchronous=FULL``: "Saved" must survive a power cut, so there is no
setting for it. Writers begin with BEGIN IMMEDIATE, because SQLite does not wait when a reader turns into a writer.
Within one process they take turns: SQLite lets a writer who finds another at work sleep and look again, ever more
rarely, and the one who came last may be the next.
"""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import Session, sessionmaker

from journal.storage.prepared import say
from journal.storage.sealing import MasterKeys

WRITERS_WAIT_S = 10

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={WRITERS_WAIT_S * 1000}",
    "secure_delete=ON",
    "trusted_schema=OFF",
)


def create_engine(url: str) -> sa.Engine:
    """An engine for SQLite or PostgreSQL; every pooled SQLite connection gets all of ``PRAGMAS``."""
    if not url.startswith("sqlite"):
        return sa.create_engine(_with_driver(url), pool_pre_ping=True, pool_size=10, max_overflow=20)
    engine = sa.create_engine(url, connect_args={"timeout": WRITERS_WAIT_S})

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # Python 3.11 would begin transactions behind our back
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: sa.Connection) -> None:
        reads = connection.get_execution_options().get("only_reads", False)
        say(connection, "BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine


class Database:
    """One open database: where units of work and read-only looks begin."""

    def __init__(self, url: str, master_keys: MasterKeys) -> None:
        self.engine = create_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._turn = Turn(WRITERS_WAIT_S) if self.is_sqlite else nullcontext()
        info = {"master_keys": master_keys}
        self._writes = sessionmaker(self.engine, expire_on_commit=False, autoflush=False, info=info)
        reading = self.engine.execution_options(only_reads=True)
        self._reads = sessionmaker(reading, expire_on_commit=False, autoflush=False, info=info)

    @contextmanager
    def unit_of_work(self) -> Iterator[Session]:
        """A transaction that commits when the block ends well and leaves nothing behind when it does not."""
        with self._turn, self._writes() as db, db.begin():
            yield db

    @contextmanager
    def look(self) -> Iterator[Session]:
        """A transaction that only reads: it never waits for a writer, and never makes one wait."""
        with self._reads() as db:
            yield db  # closing ends the transaction; a rollback here would empty the rows that were read

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


class Turn:
    """One writer at a time. Whoever waits in vain, for ``waits_s`` seconds, is told so as SQLite would."""

    def __init__(self, waits_s: float) -> None:
        self._waits_s = waits_s
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=self._waits_s):
            raise sa.exc.OperationalError("BEGIN IMMEDIATE", None, TimeoutError("another is writing"))

    def __exit__(self, *_fault: object) -> None:
        self._lock.release()


def _with_driver(url: str) -> str:
    """Plain ``postgresql://`` (as operators write it) means psycopg 3."""
    scheme, _, rest = url.partition("://")
    return f"postgresql+psycopg://{rest}" if scheme in {"postgres", "postgresql"} else url
