"""The commands about one patient's data: in, out, and as figures."""

from __future__ import annotations

import os
import secrets
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from journal import clock
from journal.cli.terminal import opened, print_json, refuse
from journal.domain.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from journal.storage.patients import Patient

_PATIENT = click.option("--patient", "email", required=True, metavar="EMAIL", help="The patient's address.")
_A_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("import")
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


@click.command("export")
@_PATIENT
@click.option(
    "--format", "format_", required=True, type=click.Choice(["json", "csv"]), help="csv: a ZIP of tables."
)
@click.option(
    "--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write."
)
def export_journal(email: str, format_: str, out: Path) -> None:
    """Write everything of one patient to a file that its owner alone can read. Providers' own notes are not in it.

    \b
    Example: journal export --patient ana@example.org --format json --out ana.json
    """
    from journal.interop.csv_export import write_archive
    from journal.interop.tideline import write_document
    from journal.services.transfers import take_out

    with opened() as (_config, database), database.unit_of_work() as work:
        everything = take_out(work, _patient(work, email), actor_account_id=None, now=clock.now())
    content = write_document(everything) if format_ == "json" else write_archive(everything)
    try:
        replaced = _write_private(out, content)
    except OSError as fault:
        refuse(f"Could not write {out}: {fault.strerror}")
    click.echo(f"{'Replaced' if replaced else 'Wrote'} {out}.")


@click.command("insights")
@_PATIENT
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), help="The last date that counts; today if left out."
)
@click.option("--json", "as_json", is_flag=True, required=True, help="Print one JSON document.")
def insights(email: str, until: datetime | None, as_json: bool) -> None:
    """Print everything that the page before a visit computes, with how many days each figure was computed from.

    \b
    Example: journal insights --patient ana@example.org --until 2026-03-30 --json
    """
    from journal.domain.days import local_day
    from journal.services.insight_documents import figures

    with opened() as (_config, database), database.look() as look:
        patient = _patient(look, email)
        now = clock.now()
        last = until.date() if until else local_day(now, patient.zone)
        found = figures(look, patient, until=last)
    print_json(found)


def _bring_in(file: Path, email: str, *, map_file: Path | None, dry_run: bool, as_json: bool) -> None:
    from journal.cli import transfer_words as words
    from journal.interop.importers.mood_names import read_mood_map
    from journal.interop.tables import MAX_BYTES
    from journal.services import transfers

    levels = read_mood_map(map_file.read_bytes()) if map_file else None
    with file.open("rb") as chosen:
        content = chosen.read(MAX_BYTES + 1)
    with opened() as (_config, database):
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
        print_json(words.arrival_document(arrival, dry_run=dry_run, imported=stores and bool(arrival.new)))
    else:
        click.echo("\n".join(words.arrival_lines(arrival)))
    transfers.check_ready(arrival.preview)
    if not as_json:
        click.echo(words.outcome(arrival, dry_run=dry_run))


def _restore(file: Path, email: str, *, dry_run: bool, as_json: bool) -> None:
    from journal.cli import transfer_words as words
    from journal.services import restoring

    content = file.read_bytes()
    with opened() as (_config, database):
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
        print_json(words.restored_document(found, dry_run=dry_run))
    else:
        click.echo("\n".join(words.restored_lines(found, dry_run=dry_run)))


def _patient(db: Session, email: str) -> Patient:
    from journal.storage.accounts import account_by_email
    from journal.storage.patients import patient_of_account

    found = account_by_email(db, email)
    patient = patient_of_account(db, found.id) if found else None
    if patient is None:
        raise Refused("no_such_patient")
    return patient


def _write_private(path: Path, content: bytes) -> bool:
    """Write a file that its owner alone can read, whole or not at all; whether it took the place of another."""
    replaced = path.exists()
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        unfinished.replace(path)
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return replaced
