"""A process beside the web: begun once, begun again after a pause, ended with it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from journal import beside
from journal.beside import Beside
from tests.test_serving import runs, until

BEGINNING = """
import os, signal, sys, time
with open(sys.argv[1], "a") as begun:
    begun.write(f"{os.getpid()}\\n")
if sys.argv[2] == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with open(sys.argv[1] + ".deaf", "w"):
        pass
if sys.argv[2] != "short":
    time.sleep(60)
"""


class Company:
    """A process that writes down each time it begins."""

    def __init__(self, folder: Path, kind: str, *, pause_s: float = beside.PAUSE_S) -> None:
        self._written = folder / "begun"
        self.is_deaf = (folder / "begun.deaf").exists
        command = [sys.executable, "-c", BEGINNING, str(self._written), kind]
        self.beside = Beside(command, environment=dict(os.environ), pause_s=pause_s)

    def begun(self) -> list[int]:
        return [int(line) for line in self._written.read_text().split()] if self._written.exists() else []

    def keep(self) -> list[int]:
        """Look after it once more; how often it has begun."""
        self.beside.keep()
        return self.begun()


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Callable[..., Company]]:
    made = []

    def make(kind: str, **more: float) -> Company:
        made.append(Company(tmp_path, kind, **more))
        return made[-1]

    yield make
    for one in made:
        one.beside.see_end(within_s=0)


def test_it_is_begun_once_however_often_one_looks(company: Callable[..., Company]) -> None:
    steady = company("steady")
    until(steady.keep)
    assert len([steady.keep() for _ in range(5)][-1]) == 1


def test_it_ends_when_asked_and_is_seen_to_have_ended(company: Callable[..., Company]) -> None:
    steady = company("steady")
    until(steady.keep)
    steady.beside.ask_to_end()
    steady.beside.ask_to_end()
    steady.beside.see_end(within_s=30)
    assert not runs(steady.begun()[0])


def test_one_that_does_not_listen_is_ended(company: Callable[..., Company]) -> None:
    stubborn = company("stubborn")
    stubborn.beside.keep()
    until(stubborn.is_deaf)
    stubborn.beside.ask_to_end()
    stubborn.beside.see_end(within_s=0.1)
    assert not runs(stubborn.begun()[0])


def test_one_that_has_ended_is_begun_again(company: Callable[..., Company]) -> None:
    short = company("short", pause_s=0)
    until(lambda: len(short.keep()) == 3)


def test_one_that_cannot_run_is_left_alone_until_the_pause_is_over(company: Callable[..., Company]) -> None:
    short = company("short", pause_s=1000)
    until(short.keep)
    until(lambda: not runs(short.begun()[0]))
    assert len([short.keep() for _ in range(5)][-1]) == 1


def test_before_it_was_begun_there_is_nothing_to_end(company: Callable[..., Company]) -> None:
    steady = company("steady")
    steady.beside.ask_to_end()
    steady.beside.see_end(within_s=0)
    assert steady.begun() == []
