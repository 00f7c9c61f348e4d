"""Opening this installation's database, and refusing to when key, version or demo setting do not fit it."""

from __future__ import annotations

from journal.config import BadSettings, Config
from journal.storage import installation, migrating
from journal.storage.database import Database
from journal.storage.sealing import MasterKeys


def open_database(config: Config) -> Database:
    """The configured database with its master key. BadSettings when one of them is missing or does not fit.

    The demo setting opens a database that ``journal demo`` filled and no other, and such a database opens in no
    other way: invented and real people never meet.
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
    with database.look() as db:
        is_demo = installation.is_demo(db)
    if config.demo and not is_demo:
        raise BadSettings(["JOURNAL_DEMO: this database was not filled by `journal demo`; unset it"])
    if is_demo and not config.demo:
        raise BadSettings(["JOURNAL_DEMO: this database holds the demo clinic; use another for real people"])
    return database
