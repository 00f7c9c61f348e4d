"""Bringing a database to the tables this version needs, and back. The steps themselves are in ``migrations/``.

Alembic is brought in only by what migrates: every web process asks whether the database fits, and would carry ten
megabytes for the question.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from journal.places import MIGRATIONS
from journal.storage.tables import Base

if TYPE_CHECKING:
    from alembic.config import Config as AlembicConfig

_VERSION = sa.table("alembic_version", sa.column("version_num", sa.String))


def upgrade(engine: sa.Engine, revision: str = "head") -> None:
    """Migrate up, one machine at a time; nothing happens when nothing is left to do."""
    from alembic import command

    with _connected(engine) as connection:
        command.upgrade(_settings(connection), revision)


def downgrade(engine: sa.Engine, revision: str) -> None:
    """Migrate down to ``revision`` ("base" for an empty database)."""
    from alembic import command

    with _connected(engine) as connection:
        command.downgrade(_settings(connection), revision)


def current(engine: sa.Engine) -> str | None:
    """The revision the database is at; None before the first one."""
    with engine.execution_options(only_reads=True).connect() as connection:
        if not sa.inspect(connection).has_table(_VERSION.name):
            return None
        return connection.scalar(sa.select(_VERSION.c.version_num))


def newest() -> str:
    """The revision this version of Tideline needs: the last of the numbered files."""
    return max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def differences(engine: sa.Engine) -> list[object]:
    """What differs between the database and the tables in the code; empty when they agree."""
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with engine.execution_options(only_reads=True).connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), Base.metadata))


def _settings(connection: sa.Connection) -> AlembicConfig:
    from alembic.config import Config as AlembicConfig

    settings = AlembicConfig()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    return settings


class _connected:  # noqa: N801 - reads as a word in a with statement
    """One transaction for the whole migration. SQLite checks foreign keys at its end instead of on every rebuild."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def __enter__(self) -> sa.Connection:
        self._connection = self._engine.connect()
        self._sqlite = self._engine.dialect.name == "sqlite"
        if self._sqlite:
            raw = self._connection.connection.dbapi_connection
            raw.execute("PRAGMA foreign_keys=OFF")  # type: ignore[union-attr]
        self._transaction = self._connection.begin()
        return self._connection

    def __exit__(self, kind: object, fault: object, trace: object) -> None:
        try:
            if kind is None and self._sqlite:
                broken = self._connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
                if broken:
                    raise RuntimeError(f"the migration would leave {len(broken)} rows without their parent")
            if kind is None:
                self._transaction.commit()
            else:
                self._transaction.rollback()
        finally:
            if self._sqlite:
                raw = self._connection.connection.dbapi_connection
                raw.execute("PRAGMA foreign_keys=ON")  # type: ignore[union-attr]
            self._connection.close()
