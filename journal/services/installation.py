"""Making this installation's database, and opening it: refused when key, version or demo setting do not fit it."""

from __future__ import annotations

from dataclasses import dataclass

from journal.config import BadSettings, Config
from journal.storage import installation, migrating
from journal.storage.database import Database, create_engine
from journal.storage.sealing import MasterKeys


@dataclass(frozen=True, slots=True)
class UpToDate:
    """The migration that the database is at now, and whether its master key was made just now."""

    revision: str
    made_key: bool


def bring_up_to_date(config: Config) -> UpToDate:
    """Make the data folder and the master key where they are missing, and migrate up. Never overwrites a key."""
    config.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    made_key = not config.master_key_file.exists()
    if made_key:
        MasterKeys.create(config.master_key_file)
    engine = create_engine(config.database_url)
    try:
        migrating.upgrade(engine)
        return UpToDate(revision=migrating.current(engine) or "", made_key=made_key)
    finally:
        engine.dispose()


def open_database(config: Config) -> Database:
    """The configured database with its master key. BadSettings when one of them is missing or does not fit.

    The demo setting opens a database that ``journal demo`` filled and no other, and such a database opens in no
    other way: invented and real people never meet.
    """
    database = open_unchecked(config)
    with database.look() as db:
        is_demo = installation.is_demo(db)
    if config.demo and not is_demo:
        raise BadSettings(["JOURNAL_DEMO: this database was not filled by `journal demo`; unset it"])
    if is_demo and not config.demo:
        raise BadSettings(["JOURNAL_DEMO: this database holds the demo clinic; use another for real people"])
    return database


def open_unchecked(config: Config) -> Database:
    """The database with its master key, whoever is in it: for filling it with the demo clinic, and nothing else.

    BadSettings where the key is missing or is none, and where the database is not at this version.
    """
    if not config.master_key_file.exists():
        raise BadSettings(
            [f"JOURNAL_MASTER_KEY_FILE: no key at {config.master_key_file}; run `journal db upgrade`"]
        )
    try:
        keys = MasterKeys.read(config.master_key_file)
    except (ValueError, KeyError) as fault:
        raise BadSettings(["JOURNAL_MASTER_KEY_FILE: this file does not hold a master key"]) from fault
    database = Database(config.database_url, keys)
    if migrating.current(database.engine) != migrating.newest():
        raise BadSettings(["The database is not at this version; run `journal db upgrade`"])
    return database
