"""The doctor, the demo and the worker as commands; serving is tried as a process in ``tests/test_serving.py``."""

from __future__ import annotations

from pathlib import Path

import pytest

from journal import NOT_YET, pdf
from tests.cli.conftest import Terminal
from tests.test_pdf import TALKS


def test_the_doctor_finds_nothing_and_says_what_is_still_missing(terminal: Terminal) -> None:
    answer = terminal.run("doctor")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.splitlines() == ["Every setting is as it needs to be.", NOT_YET]


def test_the_doctor_says_what_pdfs_lack_and_calls_it_no_fault(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "_PROCESS", tmp_path / "process.py")
    (tmp_path / "process.py").write_text(
        TALKS + "send(b'missing', b'cannot load library libpango-1.0-0\\nand more')"
    )

    answer = terminal.run("doctor")

    assert (answer.code, answer.err) == (0, "")
    assert "not saved as a PDF (cannot load library libpango-1.0-0). On Debian it takes" in answer.out


def test_the_doctor_names_everything_at_once(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNAL_BASE_URL", "http://journal.example.org")
    monkeypatch.setenv("JOURNAL_TRUSTED_PROXIES", "some")
    monkeypatch.delenv("JOURNAL_SMTP_URL")
    answer = terminal.run("doctor")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.splitlines() == [
        "JOURNAL_SMTP_URL: needed, because people sign in and are reminded by mail",
        "JOURNAL_BASE_URL: must begin with https:// (only a demo may go without)",
        "JOURNAL_TRUSTED_PROXIES: give a number",
    ]


def test_the_doctor_sees_a_key_that_does_not_lie_there(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNAL_MASTER_KEY_FILE", str(terminal.folder / "elsewhere.json"))
    answer = terminal.run("doctor")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.endswith("elsewhere.json; run `journal db upgrade`\n")


def test_the_demo_does_not_move_in_with_real_people(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNAL_DEMO", "1")
    before = terminal.everything()
    answer = terminal.run("demo")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == (
        "This database is not empty and stays as it is; choose another for the demo clinic\n"
    )
    assert terminal.everything() == before


def test_a_worker_refuses_what_the_doctor_refuses(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JOURNAL_DEMO", "1")
    answer = terminal.run("worker")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err == ("JOURNAL_DEMO: this database was not filled by `journal demo`; unset it\n")


def test_how_serve_begins_its_worker_is_nobody_elses_option(terminal: Terminal) -> None:
    assert "--beside" not in terminal.run("worker", "--help").out
