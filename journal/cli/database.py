"""The commands about the database: its migrations, and what is computed from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from journal.cli.terminal import opened, refuse
from journal.config import Config

if TYPE_CHECKING:
    import sqlalchemy as sa


@click.group()
def db() -> None:
    """Bring the database to this version, or back.

    \b
    Example: journal db upgrade
    """


@db.command("upgrade")
def upgrade() -> None:
    """Migrate up to this version; makes the database and its key on first use.

    \b
    Example: journal db upgrade
    """
    from journal.services.installation import bring_up_to_date

    config = Config.from_env()
    done = bring_up_to_date(config)
    if done.made_key:
        click.echo(f"Made a master key at {config.master_key_file}. Back it up, apart from the database.")
    click.echo(f"The database is at {done.revision}.")


@db.command("downgrade")
@click.argument("revision")
def downgrade(revision: str) -> None:
    """Migrate down to REVISION ("base" for nothing).

    \b
    Example: journal db downgrade 0008
    """
    from alembic.util import CommandError

    from journal.storage import migrating

    with _engine() as engine:
        try:
            migrating.downgrade(engine, revision)
        except CommandError:
            refuse(f"There is no migration {revision} below this one; `journal db current` says where it is.")
        click.echo(f"The database is at {migrating.current(engine) or 'base'}.")


@db.command("current")
def current() -> None:
    """Say which migration the database is at.

    \b
    Example: journal db current
    """
    from journal.storage import migrating

    with _engine() as engine:
        click.echo(migrating.current(engine) or "base")


@db.command("check")
def check() -> None:
    """Compare the database with the tables this version needs; exit 1 if they differ.

    \b
    Example: journal db check
    """
    from journal.storage import migrating

    with _engine() as engine:
        differences = migrating.differences(engine)
    if differences:
        places = "1 place" if len(differences) == 1 else f"{len(differences)} places"
        refuse(f"The database differs from what this version needs in {places}; run `journal db upgrade`.")
    click.echo("The database is as this version needs it.")


@db.command("rebuild-summaries")
def rebuild_summaries() -> None:
    """Compute every patient's summary, and every line of a caseload, again from the check-ins and sessions.

    \b
    Example: journal db rebuild-summaries
    """
    from journal import clock
    from journal.services import caseload_lines
    from journal.services.summaries import rebuild_all

    with opened() as (_config, database), database.unit_of_work() as work:
        changed, everyone = rebuild_all(work)
        lines = caseload_lines.rebuild_all(work, now=clock.now())
    click.echo(f"{everyone} summaries computed, {changed} were different.")
    click.echo(f"{lines} lines of caseloads computed.")


@contextmanager
def _engine() -> Iterator[sa.Engine]:
    """The configured database, whatever version it is at. Refused where there is none: asking must not make one."""
    import sqlalchemy as sa

    from journal.storage.database import create_engine

    url = Config.from_env().database_url
    file = sa.make_url(url).database
    if url.startswith("sqlite") and not (file and Path(file).exists()):
        refuse("There is no database yet; run `journal db upgrade`.")
    engine = create_engine(url)
    try:
        yield engine
    finally:
        engine.dispose()
