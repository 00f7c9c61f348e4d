"""The locks: hashed, without an address of any index, and in step with each other and with pyproject.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.txt", "requirements-dev.txt"]


def pins(lock: str) -> dict[str, str]:
    """Each package's pin and marker, by the package and the marker's name."""
    lines = (ROOT / lock).read_text().splitlines()
    return {line.removesuffix(" \\"): line for line in lines if re.match(r"[a-z0-9]", line)}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text()

    assert re.findall(r"\w+://\S*|--(?:extra-)?index-url|--find-links|@ file|\.(?:org|com|io)\b", text) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_hashes(lock: str) -> None:
    entries = re.split(r"\n(?=[a-z0-9])", (ROOT / lock).read_text())[1:]

    assert entries != []
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


def test_what_is_tested_is_what_runs() -> None:
    assert [pin for pin in pins("requirements.txt") if pin not in pins("requirements-dev.txt")] == []


def test_every_declared_dependency_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = [
        *project["project"]["dependencies"],
        *project["project"]["optional-dependencies"]["postgres"],
        *project["dependency-groups"]["dev"],
    ]
    locked = {pin.partition("==")[0] for pin in pins("requirements-dev.txt")}

    assert [one for one in declared if re.split(r"[\[<>=;]", one)[0] not in locked] == []
