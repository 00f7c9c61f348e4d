"""The program's own source as the house tests read it: each file once in a process, for all of them."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "journal"


@dataclass(frozen=True)
class Module:
    """One file of the package: its dotted name, text and syntax tree."""

    name: str
    path: Path
    text: str

    @property
    def floor(self) -> str:
        parts = self.name.split(".")
        return parts[1] if len(parts) > 2 else "edge"

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """The tree and everything in it."""
        return list(ast.walk(self.tree))

    @cached_property
    def calls(self) -> list[tuple[str, int]]:
        """Every call as (what is called, as written; line)."""
        return [(_written(node.func), node.lineno) for node in self.nodes if isinstance(node, ast.Call)]

    @cached_property
    def imports(self) -> frozenset[str]:
        """The dotted names of every module that this one imports, at any depth."""
        names: set[str] = set()
        for node in self.nodes:
            if isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module)
                names |= {f"{node.module}.{alias.name}" for alias in node.names}
        return frozenset(names)


@cache
def modules() -> tuple[Module, ...]:
    """Every module of the package."""
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        found.append(Module(name=dotted, path=path, text=path.read_text(encoding="utf-8")))
    return tuple(found)


def _written(node: ast.expr) -> str:
    """The text of an expression; that of a dotted name without asking how to bracket it."""
    match node:
        case ast.Name():
            return node.id
        case ast.Attribute():
            return f"{_written(node.value)}.{node.attr}"
        case _:
            return ast.unparse(node)
