"""What commands share at the terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from journal.cli.terminal import opened, refuse, say_if_watched
from tests.cli.conftest import Terminal


def test_a_document_is_utf8_whatever_the_terminal_speaks() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from journal.cli.terminal import print_json; print_json({'note': 'ä “…”'})"],
        env={"PATH": os.environ["PATH"], "LC_ALL": "C", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout.decode("utf-8")) == {"note": "ä “…”"}


def test_a_number_that_json_does_not_know_is_never_printed() -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from journal.cli.terminal import print_json; print_json({'n': float('nan')})",
        ],
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, b"")


def test_progress_is_told_to_nobody_when_it_is_piped(capfd: pytest.CaptureFixture[str]) -> None:
    say_if_watched("Filling ...")
    assert capfd.readouterr() == ("", "")


def test_a_refusal_leaves_standard_output_empty(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        refuse("No.")
    assert left.value.code == 1
    assert capfd.readouterr() == ("", "No.\n")


def test_the_database_is_closed_when_the_command_is_done(terminal: Terminal) -> None:
    with opened() as (_config, database), database.look() as db:
        db.connection()
    assert database.engine.pool.status().endswith("Current Checked out connections: 0")
    assert database.engine.pool.checkedin() == 0  # type: ignore[attr-defined]
