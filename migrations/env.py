"""Runs the migrations: on SQLite with foreign keys off during table rebuilds, on PostgreSQL one machine at a time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from journal.storage.tables import Base

# Any fixed number: whoever holds it migrates, the others wait and then find nothing left to do.
_ONE_AT_A_TIME = 7_204_617_001


def run() -> None:
    """Migrate over the connection that ``journal.storage.migrating`` (or a test) hands in."""
    connection: sa.Connection = context.config.attributes["connection"]
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=sqlite,
        compare_type=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
