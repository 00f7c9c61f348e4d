"""What browsers run of others' code is what was published, and says under which licence."""

from __future__ import annotations

import base64
import hashlib
import tomllib
from pathlib import Path

from tests.house.source import ROOT

VENDOR = ROOT / "static" / "vendor"


def packages() -> list[dict[str, str]]:
    found: list[dict[str, str]] = tomllib.loads((VENDOR / "vendor.toml").read_text(encoding="utf-8"))[
        "package"
    ]
    return found


def integrity(content: bytes) -> str:
    return "sha512-" + base64.b64encode(hashlib.sha512(content).digest()).decode()


def changed(folder: Path) -> list[str]:
    """The files that are not what was published."""
    return [
        one["file"]
        for one in packages()
        if integrity((folder / one["file"]).read_bytes()) != one["file_integrity"]
    ]


def test_each_file_is_the_one_that_was_published() -> None:
    assert changed(VENDOR) == []


def test_a_changed_file_is_noticed(tmp_path: Path) -> None:
    for one in packages():
        (tmp_path / one["file"]).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / one["file"]).write_bytes((VENDOR / one["file"]).read_bytes() + b"\n")
    assert changed(tmp_path) == ["idb/idb.js"]


def test_nothing_else_lies_there() -> None:
    known = {"vendor.toml"}
    for one in packages():
        known |= {one["file"], f"{one['name']}/LICENSE.txt"}
    assert {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()} == known
