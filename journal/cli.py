"""The ``journal`` command. Every command refuses with one clear line on standard error and exit code 1.

Work is done by services and jobs; heavy imports stay inside the commands, so that ``--help`` is quick.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from journal import NOT_YET, __version__, clock, logs
from journal.config import BadSettings, Config
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.messages import sentence
from journal.storage.database import Database


def main() -> None:
    """Run the command; what Tideline refuses becomes one line and exit code 1."""
    try:
        commands(standalone_mode=False)
    except click.exceptions.Exit as leaving:
        sys.exit(leaving.exit_code)
    except click.UsageError as fault:
        fault.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except BadSettings as fault:
        _refuse("\n".join(fault.faults))
    except RefusedFields as fault:
        _refuse("; ".join(sentence(problem) for problem in fault.problems))
    except Refused as fault:
        _refuse(sentence(fault))
    except NotFound as fault:
        _refuse(str(fault) or "There is nothing of that name.")


def _refuse(line: str) -> None:
    click.echo(line, err=True)
    sys.exit(1)


@contextmanager
def _database() -> Iterator[tuple[Config, Database]]:
    from journal.services.installation import open_database

    config = Config.from_env()
    database = open_database(config)
    try:
        yield config, database
    finally:
        database.close()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="Tideline")
def commands() -> None:
    """Tideline, a mood journal for the days between ketamine sessions.

    \b
    Example: journal serve --port 8000
    """
    logs.configure(process="command")


@commands.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on."
)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Web processes.")
@click.option("--no-worker", is_flag=True, help="Do not start the reminder worker beside the web.")
def serve(host: str, port: int, workers: int, no_worker: bool) -> None:
    """Serve the web pages, with the reminder worker as its own process beside them.

    \b
    Example: journal serve --host 0.0.0.0 --port 8000 --workers 4
    """
    from journal.serving import serve as serve_pages

    config = Config.from_env()
    command = [sys.executable, "-m", "journal.cli", "worker"]
    beside = None if no_worker else subprocess.Popen(command)  # noqa: S603 - our own program
    try:
        serve_pages(config, host=host, port=port, workers=workers)
    finally:
        if beside is not None:
            beside.send_signal(signal.SIGTERM)
            beside.wait(timeout=30)


@commands.command()
def worker() -> None:
    """Send reminders and tidy up. Run as many as you like; on SQLite, on one machine.

    \b
    Example: journal worker
    """
    from journal.jobs.scheduler import run

    run(Config.from_env())


@commands.command()
def demo() -> None:
    """Fill an empty database with the demo clinic: invented people, dated from today. Needs JOURNAL_DEMO=1.

    A database that holds the demo clinic already stays as it is.

    \b
    Example: journal demo
    """
    from journal.clock import now
    from journal.demo import SIGN_INS_FILE, prepare

    config = Config.from_env()
    if not config.demo:
        raise BadSettings(["JOURNAL_DEMO: set it to 1 to fill a database with the demo clinic"])
    filled = prepare(config, now=now())
    click.echo("The demo clinic is filled." if filled else "The demo clinic is here already.")
    click.echo(f"Its sign-ins are in {config.data_dir / SIGN_INS_FILE}.")


@commands.command()
def doctor() -> None:
    """Name every unsafe or missing setting; exit 1 if there is any.

    \b
    Example: journal doctor
    """
    from journal.services.installation import open_database

    config = Config.from_env()
    open_database(config).close()
    click.echo("Every setting is as it needs to be.")
    click.echo(NOT_YET)


@commands.group()
def db() -> None:
    """Bring the database to this version, or back.

    \b
    Example: journal db upgrade
    """


@db.command("upgrade")
def db_upgrade() -> None:
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
def db_downgrade(revision: str) -> None:
    """Migrate down to REVISION ("base" for nothing).

    \b
    Example: journal db downgrade 0008
    """
    from journal.storage import migrating
    from journal.storage.database import create_engine

    engine = create_engine(Config.from_env().database_url)
    migrating.downgrade(engine, revision)
    click.echo(f"The database is at {migrating.current(engine) or 'base'}.")


@db.command("current")
def db_current() -> None:
    """Say which migration the database is at.

    \b
    Example: journal db current
    """
    from journal.storage import migrating
    from journal.storage.database import create_engine

    click.echo(migrating.current(create_engine(Config.from_env().database_url)) or "base")


@db.command("check")
def db_check() -> None:
    """Compare the database with the tables this version needs; exit 1 if they differ.

    \b
    Example: journal db check
    """
    from journal.storage import migrating
    from journal.storage.database import create_engine

    differences = migrating.differences(create_engine(Config.from_env().database_url))
    for difference in differences:
        click.echo(repr(difference))
    if differences:
        _refuse("The database differs from what this version needs; run `journal db upgrade`.")
    click.echo("The database is as this version needs it.")


@db.command("rebuild-summaries")
def db_rebuild_summaries() -> None:
    """Compute every patient's caseload row again from the check-ins and sessions.

    \b
    Example: journal db rebuild-summaries
    """
    from journal.services.summaries import rebuild_all

    with _database() as (_config, database), database.unit_of_work() as work:
        changed, everyone = rebuild_all(work)
    click.echo(f"{everyone} summaries computed, {changed} were different.")


@commands.group()
def account() -> None:
    """Let people in who work here, and out again. No command ever shows or sets a password.

    \b
    Example: journal account create-admin erin@example.org
    """


@account.command("create-admin")
@click.argument("email")
def account_create_admin(email: str) -> None:
    """Add an administrator; prints the one-time link with which they choose their password (72 hours).

    \b
    Example: journal account create-admin erin@example.org
    """
    from journal.services.accounts import create_admin

    with _database() as (config, database), database.unit_of_work() as work:
        token = create_admin(work, _address(email), now=clock.now())
    click.echo(f"{config.base_url}/welcome/{token}")


@account.command("create-provider")
@click.argument("email")
@click.option("--clinic", default="", help="Their clinic, by name; begins it if there is none of that name.")
@click.option("--zone", default="UTC", show_default=True, help="Time zone of a clinic that begins.")
@click.option(
    "--kind",
    default="therapist",
    show_default=True,
    type=click.Choice(["therapist", "prescriber"]),
    help="A label for patients; it permits nothing.",
)
@click.option("--name", default="", help="As patients know them; the address until the “@” unless given.")
def account_create_provider(email: str, clinic: str, zone: str, kind: str, name: str) -> None:
    """Add a provider; prints the one-time link with which they choose their password (72 hours).

    Without --clinic they join the only clinic there is.

    \b
    Example: journal account create-provider bob@example.org --clinic "Riverside Clinic" --name "Bob Hale"
    """
    from journal.services.accounts import clinic_named, create_provider
    from journal.storage.clinics import Kind

    address = _address(email)
    with _database() as (config, database), database.unit_of_work() as work:
        _, token = create_provider(
            work,
            address,
            name=name or address.split("@", 1)[0],
            kind=Kind(kind),
            clinic=clinic_named(work, clinic, zone=zone, now=clock.now()),
            now=clock.now(),
            actor_account_id=None,
        )
    click.echo(f"{config.base_url}/welcome/{token}")


@account.command("disable")
@click.argument("email")
def account_disable(email: str) -> None:
    """Close an account: its browsers, links and invitations are dead at the next request.

    \b
    Example: journal account disable bob@example.org
    """
    from journal.services.accounts import disable
    from journal.storage.accounts import account_by_email

    with _database() as (_config, database), database.unit_of_work() as work:
        found = account_by_email(work, email)
        if found is None:
            raise Refused("no_such_account")
        disable(work, found.id, actor_account_id=None, now=clock.now())
    click.echo("Closed.")


def _address(text: str) -> str:
    import email_validator

    try:
        return email_validator.validate_email(text, check_deliverability=False).normalized.casefold()
    except email_validator.EmailNotValidError:
        raise Refused("email_wrong") from None


if __name__ == "__main__":
    main()
