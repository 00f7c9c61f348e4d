"""The commands about the database: up, down, where it is, and whether it is as it should be."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from journal.storage import migrating
from tests import builders
from tests.cli.conftest import Terminal

NEWEST = migrating.newest()


@pytest.fixture
def nowhere(terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The settings of an installation that was never begun; where its data would be."""
    monkeypatch.setenv("JOURNAL_DATABASE_URL", f"sqlite:///{tmp_path / 'new' / 'journal.db'}")
    monkeypatch.setenv("JOURNAL_DATA_DIR", str(tmp_path / "new"))
    monkeypatch.setenv("JOURNAL_MASTER_KEY_FILE", str(tmp_path / "new.keys" / "master.json"))
    return tmp_path / "new"


def test_the_first_upgrade_makes_key_and_database(terminal: Terminal, nowhere: Path) -> None:
    key = nowhere.with_name("new.keys") / "master.json"
    first = terminal.run("db", "upgrade")
    assert (first.code, first.err) == (0, "")
    assert first.out.splitlines() == [
        f"Made a master key at {key}. Back it up, apart from the database.",
        f"The database is at {NEWEST}.",
    ]
    assert terminal.run("db", "upgrade").out == f"The database is at {NEWEST}.\n"
    assert terminal.run("db", "current").out == f"{NEWEST}\n"


@pytest.mark.parametrize("words", [("current",), ("check",), ("downgrade", "base")], ids=" ".join)
def test_asking_about_a_database_does_not_make_one(
    terminal: Terminal, nowhere: Path, words: tuple[str, ...]
) -> None:
    answer = terminal.run("db", *words)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "There is no database yet; run `journal db upgrade`.\n"
    assert not nowhere.exists()


def test_down_and_up_again(terminal: Terminal) -> None:
    assert terminal.run("db", "downgrade", "0008").out == "The database is at 0008.\n"
    assert terminal.run("db", "current").out == "0008\n"
    assert terminal.run("doctor").err == "The database is not at this version; run `journal db upgrade`\n"
    assert terminal.run("db", "upgrade").out == f"The database is at {NEWEST}.\n"


def test_down_to_nothing(terminal: Terminal) -> None:
    assert terminal.run("db", "downgrade", "base").out == "The database is at base.\n"
    assert terminal.run("db", "current").out == "base\n"


def test_a_migration_that_there_is_not_is_refused(terminal: Terminal) -> None:
    before = terminal.everything()
    answer = terminal.run("db", "downgrade", "4711")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == "There is no migration 4711 below this one; `journal db current` says where it is.\n"
    assert terminal.everything() == before


def test_a_database_as_it_should_be_is_said_so(terminal: Terminal) -> None:
    answer = terminal.run("db", "check")
    assert (answer.code, answer.out) == (0, "The database is as this version needs it.\n")


def test_a_column_that_is_missing_is_noticed(terminal: Terminal) -> None:
    with terminal.database.unit_of_work() as db:
        db.execute(sa.text("ALTER TABLE clinic ADD COLUMN planted TEXT"))
    answer = terminal.run("db", "check")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        "The database differs from what this version needs in 1 place; run `journal db upgrade`.\n"
    )


def test_rebuilding_says_how_many_rows_were_different(terminal: Terminal) -> None:
    with terminal.database.unit_of_work() as db:
        builders.check_in(db, terminal.cast.alice, 6)
    lines = "2 lines of caseloads computed.\n"
    assert terminal.run("db", "rebuild-summaries").out == f"2 summaries computed, 0 were different.\n{lines}"
    with terminal.database.unit_of_work() as db:
        db.execute(sa.text("UPDATE patient_summary SET last_check_in_on = NULL"))
    assert terminal.run("db", "rebuild-summaries").out == f"2 summaries computed, 1 were different.\n{lines}"
    assert terminal.run("db", "rebuild-summaries").out == f"2 summaries computed, 0 were different.\n{lines}"
