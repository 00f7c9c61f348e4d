"""One spelling on every floor, and none of the words that say nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Set as AbstractSet
from functools import cache

import pytest

from tests.house.source import ROOT, Module, modules

EMPTY_NAMES = re.compile(r"(^|_)(util|utils|helper|helpers|manager|handler|handlers|common|misc)(_|$)")
NEVER_ON_SCREEN = re.compile(
    r"\b(streak|you missed|don't forget|don’t forget|invalid input|alert sent|well done|great job)\b",
    re.IGNORECASE,
)


@cache
def names_of(module: Module) -> frozenset[str]:
    names = set()
    for node in module.nodes:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
    return frozenset(names)


def says_nothing(names: AbstractSet[str]) -> set[str]:
    return {name for name in names if EMPTY_NAMES.search(name.lower())}


def test_no_module_or_name_says_nothing() -> None:
    found = {
        f"{module.name}: {name}"
        for module in modules()
        for name in says_nothing(names_of(module) | {module.name.rsplit(".", 1)[-1]})
    }
    assert found == set()


def test_a_session_is_always_said_in_full() -> None:
    """A ketamine session, SQLAlchemy's and Flask's would all be called ``session``; none of them is."""
    found = {
        f"{module.name}: {name}" for module in modules() for name in names_of(module) & {"session", "sess"}
    }
    assert found == set()


@pytest.mark.parametrize("name", ["date_utils", "RequestHandler", "misc"])
def test_an_empty_name_is_noticed(name: str) -> None:
    assert says_nothing({re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()})


def test_pages_never_scold_praise_or_count_days() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in sorted((ROOT / "templates").rglob("*"))
        if path.is_file()
        for match in NEVER_ON_SCREEN.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_nothing_unfinished_is_left_behind() -> None:
    marks = ("PLACE" + "HOLDER:", "TO" + "DO", "FIX" + "ME", "X" + "XX")
    found = [
        f"{path.relative_to(ROOT)}: {mark}"
        for folder in ("journal", "templates", "static", "migrations", "tests")
        for path in sorted((ROOT / folder).rglob("*"))
        if path.suffix in {".py", ".html", ".css", ".js", ".txt"}
        for mark in marks
        if mark in path.read_text(encoding="utf-8")
    ]
    assert found == []
