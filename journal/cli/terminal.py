"""What the commands share: the open database, the one line of a refusal, the one document of ``--json``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click

from journal.config import Config

if TYPE_CHECKING:
    from journal.storage.database import Database


@contextmanager
def opened() -> Iterator[tuple[Config, Database]]:
    """The settings and the open database; closed at the end. BadSettings where the installation is not fit."""
    from journal.services.installation import open_database

    config = Config.from_env()
    database = open_database(config)
    try:
        yield config, database
    finally:
        database.close()


def refuse(line: str) -> NoReturn:
    """Say why on standard error and end with 1."""
    click.echo(line, err=True)
    sys.exit(1)


def print_json(document: dict[str, object]) -> None:
    """One document on standard output, in UTF-8 whatever the terminal speaks."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False).encode())


def say_if_watched(line: str) -> None:
    """Tell of long work, to somebody who sits at a terminal and to nobody else."""
    if sys.stderr.isatty():
        click.echo(line, err=True)
