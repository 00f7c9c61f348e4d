from __future__ import annotations

from dataclasses import replace

import pytest

from journal.config import BadSettings, Config
from journal.services.installation import bring_up_to_date, open_database
from journal.storage import accounts, installation, migrating
from journal.storage.database import Database, create_engine
from journal.storage.sealing import MasterKeys
from tests.cast import NOW
from tests.migrated import migrate


@pytest.fixture
def ready(config: Config) -> Config:
    """Settings with a key and a migrated database behind them."""
    MasterKeys.create(config.master_key_file)
    engine = create_engine(config.database_url)
    migrate(engine)
    engine.dispose()
    return config


def mark_as_demo(config: Config) -> None:
    database = Database(config.database_url, MasterKeys.read(config.master_key_file))
    with database.unit_of_work() as db:
        installation.mark_as_demo(db, now=NOW)
    database.close()


def test_a_ready_installation_opens(ready: Config) -> None:
    open_database(ready).close()


def test_without_its_key_nothing_opens(ready: Config) -> None:
    ready.master_key_file.unlink()
    with pytest.raises(BadSettings, match="no key"):
        open_database(ready)


def test_a_file_that_is_no_key_is_named(ready: Config) -> None:
    ready.master_key_file.write_text("{}")
    with pytest.raises(BadSettings, match="does not hold a master key"):
        open_database(ready)


def test_an_older_database_asks_to_be_upgraded(ready: Config) -> None:
    engine = create_engine(ready.database_url)
    migrating.downgrade(engine, "0008")
    engine.dispose()
    with pytest.raises(BadSettings, match="journal db upgrade"):
        open_database(ready)


def test_the_demo_setting_refuses_a_database_of_real_people(ready: Config) -> None:
    with pytest.raises(BadSettings, match="was not filled by `journal demo`"):
        open_database(replace(ready, demo=True))


def test_a_demo_database_refuses_to_hold_real_people(ready: Config) -> None:
    mark_as_demo(ready)
    with pytest.raises(BadSettings, match="holds the demo clinic"):
        open_database(ready)
    open_database(replace(ready, demo=True)).close()


def test_the_first_time_the_folder_the_key_and_the_tables_are_made(config: Config) -> None:
    config = replace(
        config, data_dir=config.data_dir / "new", database_url=f"sqlite:///{config.data_dir}/new/journal.db"
    )
    done = bring_up_to_date(config)
    assert (done.revision, done.made_key) == (migrating.newest(), True)
    assert config.data_dir.stat().st_mode & 0o777 == 0o700
    assert config.master_key_file.stat().st_mode & 0o777 == 0o600
    open_database(config).close()


def test_a_key_that_is_there_is_kept(ready: Config) -> None:
    key = ready.master_key_file.read_bytes()
    assert not bring_up_to_date(ready).made_key
    assert ready.master_key_file.read_bytes() == key


def test_a_new_installation_has_no_accounts(config: Config) -> None:
    bring_up_to_date(config)
    database = open_database(config)
    with database.look() as db:
        assert not accounts.any_account(db)
    database.close()
