"""New databases with all of their tables. To migrate one takes as long as ten tests take; SQLite's are copied."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from functools import cache

import sqlalchemy as sa

from journal.storage import migrating
from journal.storage.database import create_engine


def migrate(engine: sa.Engine) -> None:
    """Bring a database that nobody has opened yet to the newest tables."""
    if engine.dialect.name != "sqlite":
        migrating.upgrade(engine)
        return
    with closing(sqlite3.connect(engine.url.database or "")) as new:
        _first().backup(new)


@cache
def _first() -> sqlite3.Connection:
    """The one of this process that was migrated, in memory."""
    kept = sqlite3.connect(":memory:")
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{folder}/first.db")
        migrating.upgrade(engine)
        engine.dispose()
        with closing(sqlite3.connect(f"{folder}/first.db")) as first:
            first.backup(kept)
    # What is copied begins as a new file does: the first connection of the program makes it one with a log.
    return kept
