"""How every command ends: 0 when done, 1 with one line when refused, 2 for wrong usage, and never with a traceback."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator

import click
import pytest
import sqlalchemy as sa

from journal.cli import commands, main
from journal.config import BadSettings
from journal.domain.errors import NotFound, Refused, RefusedFields

Typed = Callable[..., tuple[int, str, str]]
"""Types a command: its exit code, standard output and standard error."""

PRIVATE = "the heavy feeling came back"


def every_command(group: click.Group, *path: str) -> Iterator[tuple[str, ...]]:
    """The words of every command and every group."""
    yield path
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, *path, name)
        else:
            yield (*path, name)


EVERY_COMMAND = list(every_command(commands))


@pytest.fixture
def ending(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Typed:
    """Types a command: its exit code, standard output and standard error."""

    def typed(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["journal", *words])
        code = 0
        try:
            main()
        except SystemExit as leaving:
            code = int(leaving.code or 0)
        said = capfd.readouterr()
        return code, said.out, said.err

    return typed


@pytest.fixture
def planted(ending: Typed) -> Iterator[Typed]:
    """How a command ends in which ``fault`` happens."""

    def run(fault: BaseException) -> tuple[int, str, str]:
        @commands.command("planted")
        def fail() -> None:
            raise fault

        return ending("planted")

    yield run
    commands.commands.pop("planted", None)


@pytest.mark.parametrize("words", EVERY_COMMAND, ids=" ".join)
def test_every_command_explains_itself_with_an_example(ending: Typed, words: tuple[str, ...]) -> None:
    code, out, err = ending(*words, "--help")
    assert (code, err) == (0, "")
    assert f"Example: journal {' '.join(words)}".strip() in out


def test_the_commands_are_those_that_other_tools_call() -> None:
    assert {" ".join(words) for words in EVERY_COMMAND if words} == {
        "serve",
        "worker",
        "demo",
        "doctor",
        "db",
        "db upgrade",
        "db downgrade",
        "db current",
        "db check",
        "db rebuild-summaries",
        "account",
        "account create-admin",
        "account create-provider",
        "account disable",
        "import",
        "export",
        "insights",
    }


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nothing-of-that-name",),
        ("serve", "--port", "no"),
        ("serve", "--port", "70000"),
        ("serve", "--workers", "0"),
        ("db",),
        ("db", "downgrade"),
        ("db", "sideways"),
        ("account", "create-admin"),
        ("account", "create-provider", "bob@example.org", "--kind", "wizard"),
        ("account", "disable"),
        ("doctor", "--unheard-of"),
    ],
    ids=" ".join,
)
def test_wrong_usage_ends_with_two_and_says_how(ending: Typed, words: tuple[str, ...]) -> None:
    code, out, err = ending(*words)
    assert (code, out) == (2, "")
    assert "Usage: journal" in err


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (Refused("email_wrong"), "Write an email address like name@example.org"),
        (
            RefusedFields([Refused("name_missing"), Refused("zone_unknown")]),
            "Write a name, or what you like to be called; Choose your time zone from the list",
        ),
        (NotFound(), "There is nothing of that name."),
        (BadSettings(["JOURNAL_DEMO: choose one of 0, 1"]), "JOURNAL_DEMO: choose one of 0, 1"),
    ],
)
def test_a_refusal_is_one_line_and_ends_with_one(planted: Typed, fault: Exception, line: str) -> None:
    assert planted(fault) == (1, "", line + "\n")


def test_a_fault_of_our_own_is_one_line_with_its_place_and_without_its_text(
    planted: Typed,
) -> None:
    code, out, err = planted(ValueError(PRIVATE))
    assert (code, out) == (1, "")
    assert err.startswith("Something went wrong on our side, and nothing half-done was kept. (ValueError, ")
    assert len(err.splitlines()) == 1
    assert PRIVATE not in err


def test_a_database_out_of_reach_is_said_so_without_the_statement(
    planted: Typed,
) -> None:
    code, out, err = planted(
        sa.exc.OperationalError("SELECT 1", {"note": PRIVATE}, OSError("disk I/O error"))
    )
    assert (code, out) == (1, "")
    assert err.startswith("The database cannot be used just now: it is locked, full or out of reach. ")
    assert len(err.splitlines()) == 1
    assert PRIVATE not in err


def test_ctrl_c_ends_quietly(planted: Typed) -> None:
    code, out, err = planted(KeyboardInterrupt())
    assert (code, out, err.strip()) == (130, "", "")


def test_a_reader_who_leaves_early_is_no_fault() -> None:
    """``journal --help | true``: standard output is closed at the other end before anything is written."""
    done = subprocess.run(
        ["sh", "-c", f"({sys.executable} -m journal.cli --help; echo $? >&2) | true"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.splitlines()[-1] in {"0", "1"}
    assert "Traceback" not in done.stderr
