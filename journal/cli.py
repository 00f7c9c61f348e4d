"""The ``journal`` command. Every command refuses with one clear line on standard error and exit code 1.

Work is done by services and jobs; heavy imports stay inside the commands, so that ``--help`` is quick.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from journal import NOT_YET, __version__, clock, logs
from journal.config import BadSettings, Config
from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.messages import sentence
from journal.storage.database import Database

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from journal.storage.patients import Patient


def main() -> None:
    """Run the command; what Tideline refuses becomes one line and exit code 1."""
    os.umask(0o077)  # whatever this process makes is for its owner alone
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


_PATIENT = click.option("--patient", "email", required=True, metavar="EMAIL", help="The patient's address.")
_A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@commands.command("import")
@click.argument("format_", metavar="FORMAT", type=click.Choice(["tideline", "daylio"]))
@click.argument("file", metavar="FILE", type=_A_FILE)
@_PATIENT
@click.option(
    "--map",
    "map_file",
    type=_A_FILE,
    help='JSON that names moods: {"moods": {"calm": 4}}; null keeps a word.',
)
@click.option("--dry-run", is_flag=True, help="Look into the file and store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def import_file(
    format_: str, file: Path, email: str, map_file: Path | None, dry_run: bool, as_json: bool
) -> None:
    """Bring FILE into a patient's journal, all of it or nothing. FORMAT is tideline or daylio.

    A Daylio export stays on its own scale, apart from the check-ins; a second run adds nothing. A Tideline export
    restores a journal, into a patient who has not written anything yet.

    \b
    Example: journal import daylio daylio_export.csv --patient ana@example.org --map moods.json
    """
    if format_ == "tideline":
        if map_file is not None:
            raise click.UsageError("--map is for files of other apps; a Tideline export names its own.")
        _restore(file, email, dry_run=dry_run, as_json=as_json)
    else:
        _bring_in(file, email, map_file=map_file, dry_run=dry_run, as_json=as_json)


@commands.command("export")
@_PATIENT
@click.option(
    "--format", "format_", required=True, type=click.Choice(["json", "csv"]), help="csv: a ZIP of tables."
)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write."
)
def export(email: str, format_: str, out: Path) -> None:
    """Write everything of one patient to a file that its owner alone can read. Providers' own notes are not in it.

    \b
    Example: journal export --patient ana@example.org --format json --out ana.json
    """
    from journal.interop.csv_export import write_archive
    from journal.interop.tideline import write_document
    from journal.services.transfers import take_out

    with _database() as (_config, database), database.unit_of_work() as work:
        everything = take_out(work, _patient(work, email), actor_account_id=None, now=clock.now())
    content = write_document(everything) if format_ == "json" else write_archive(everything)
    try:
        replaced = _write_private(out, content)
    except OSError as fault:
        _refuse(f"Could not write {out}: {fault.strerror}")
    click.echo(f"{'Replaced' if replaced else 'Wrote'} {out}.")


@commands.command()
@_PATIENT
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="The last date that counts; today if left out."
)
@click.option("--json", "as_json", is_flag=True, required=True, help="Print one JSON document.")
def insights(email: str, until: datetime | None, as_json: bool) -> None:
    """Print the figures behind a patient's pages, with how many days each was computed from.

    \b
    Example: journal insights --patient ana@example.org --until 2026-03-30 --json
    """
    from journal.domain.days import local_day
    from journal.services.insights import figures

    with _database() as (_config, database), database.look() as look:
        patient = _patient(look, email)
        last = until.date() if until else local_day(clock.now(), patient.zone)
        found = figures(look, patient, until=last)
    _print_json(found)


def _bring_in(file: Path, email: str, *, map_file: Path | None, dry_run: bool, as_json: bool) -> None:
    from journal import transfer_words as words
    from journal.interop.importers.mood_names import read_mood_map
    from journal.interop.tables import MAX_BYTES
    from journal.services import transfers

    levels = read_mood_map(map_file.read_bytes()) if map_file else None
    with file.open("rb") as opened:
        content = opened.read(MAX_BYTES + 1)
    with _database() as (_config, database):
        with database.look() as look:
            patient = _patient(look, email)
            arrival = transfers.look_into_daylio(
                look, patient, content, filename=file.name, mood_levels=levels, now=clock.now()
            )
        stores = arrival.preview.ready and not dry_run
        if stores:
            with database.unit_of_work() as work:
                arrival = transfers.bring_in(
                    work, patient, arrival.preview, filename=file.name, actor_account_id=None, now=clock.now()
                ).arrival
    if as_json:
        _print_json(words.arrival_document(arrival, dry_run=dry_run, imported=stores and bool(arrival.new)))
    else:
        click.echo("\n".join(words.arrival_lines(arrival)))
    transfers.check_ready(arrival.preview)
    if not as_json:
        click.echo(words.outcome(arrival, dry_run=dry_run))


def _restore(file: Path, email: str, *, dry_run: bool, as_json: bool) -> None:
    from journal import transfer_words as words
    from journal.services import restoring

    content = file.read_bytes()
    with _database() as (_config, database):
        if dry_run:
            with database.look() as look:
                found = restoring.look_into_document(look, _patient(look, email), content, max_bytes=None)
        else:
            with database.unit_of_work() as work:
                found = restoring.restore(
                    work,
                    _patient(work, email),
                    content,
                    max_bytes=None,
                    actor_account_id=None,
                    now=clock.now(),
                )
    if as_json:
        _print_json(words.restored_document(found, dry_run=dry_run))
    else:
        click.echo("\n".join(words.restored_lines(found, dry_run=dry_run)))


def _patient(db_: Session, email: str) -> Patient:
    from journal.storage.accounts import account_by_email
    from journal.storage.patients import patient_of_account

    found = account_by_email(db_, email)
    patient = patient_of_account(db_, found.id) if found else None
    if patient is None:
        raise Refused("no_such_patient")
    return patient


def _print_json(document: dict[str, object]) -> None:
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False).encode())


def _write_private(path: Path, content: bytes) -> bool:
    """Write a file that its owner alone can read, whole or not at all; whether it took the place of another."""
    replaced = path.exists()
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return replaced


def _address(text: str) -> str:
    import email_validator

    try:
        return email_validator.validate_email(text, check_deliverability=False).normalized.casefold()
    except email_validator.EmailNotValidError:
        raise Refused("email_wrong") from None


if __name__ == "__main__":
    main()
