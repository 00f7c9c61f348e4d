"""Documentation that cannot rot: commands, settings and the timetable are compared with what is written."""

from __future__ import annotations

from collections.abc import Iterator

import click

from journal.cli import commands
from journal.jobs.timetable import TIMETABLE
from tests.house.source import ROOT


def every_command(group: click.Group, path: str = "journal") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from every_command(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


def test_every_command_explains_itself_with_an_example() -> None:
    without = [
        name for name, command in every_command(commands) if f"Example: {name}" not in (command.help or "")
    ]
    assert without == []


def test_every_command_stands_in_the_documentation() -> None:
    written = (ROOT / "README.md").read_text() + (ROOT / "docs" / "house.md").read_text()
    assert [name for name, _ in every_command(commands) if name not in written] == []


def test_everything_that_runs_by_itself_is_documented() -> None:
    written = (ROOT / "docs" / "house.md").read_text()
    assert [entry.name for entry in TIMETABLE if entry.name not in written] == []


def test_links_between_documents_lead_somewhere() -> None:
    import re

    broken = [
        f"{document.name}: {target}"
        for document in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")]
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", document.read_text())
        if not (document.parent / target).exists()
    ]
    assert broken == []
