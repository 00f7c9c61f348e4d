"""A terminal for the tests of the commands: the settings of an installation, and what a command said."""

from __future__ import annotations

import base64
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from journal.cli import main
from journal.storage.base import Base
from journal.storage.database import Database
from tests.cast import Cast
from tests.conftest import MASTER_KEYS


@dataclass(frozen=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict:
        return json.loads(self.out)


@dataclass(frozen=True)
class Terminal:
    """The command over the database with the cast in it, in a folder of its own."""

    database: Database
    cast: Cast
    folder: Path
    run: Callable[..., Answer]

    def file(self, name: str, content: str | bytes) -> str:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        with self.database.look() as db:
            return {
                table.name: sorted((tuple(row) for row in db.execute(sa.select(table))), key=repr)
                for table in Base.metadata.sorted_tables
            }


@pytest.fixture
def terminal(
    sqlite_database: Database,
    sqlite_cast: Cast,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> Terminal:
    """A terminal in which the installation's settings are set."""
    keys = tmp_path / "keys.json"
    keys.touch(mode=0o600)
    encoded = {number: base64.b64encode(key).decode() for number, key in MASTER_KEYS.keys.items()}
    keys.write_text(json.dumps({"active": MASTER_KEYS.active, "keys": encoded}))
    for name, value in {
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'journal.db'}",
        "MASTER_KEY_FILE": str(keys),
        "SECRET_KEY": "s" * 40,
        "BASE_URL": "https://journal.example.org",
        "SMTP_URL": "smtp://127.0.0.1:9",
    }.items():
        monkeypatch.setenv(f"JOURNAL_{name}", value)

    def run(*arguments: str) -> Answer:
        monkeypatch.setattr(sys, "argv", ["journal", *arguments])
        capfdbinary.readouterr()
        code = 0
        try:
            main()
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        said = capfdbinary.readouterr()
        return Answer(code, said.out.decode(), said.err.decode())

    return Terminal(sqlite_database, sqlite_cast, tmp_path, run)
