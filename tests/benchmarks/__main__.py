"""`./dev bench [NAME] [--rounds N]`: runs one benchmark or all, one after the other.

A benchmark is a module of this package with a NAME, one line ABOUT it, and ``run(rounds)``.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import time
from typing import Protocol, cast

from tests import benchmarks

ROUNDS = 5


class Benchmark(Protocol):
    """What such a module offers. ``run`` prints; it checks its answers before it times anything."""

    NAME: str
    ABOUT: str

    def run(self, rounds: int) -> None: ...


def found() -> dict[str, Benchmark]:
    """Every benchmark by its name."""
    modules = [
        importlib.import_module(f"{benchmarks.__name__}.{module.name}")
        for module in pkgutil.iter_modules(benchmarks.__path__)
        if not module.name.startswith(("_", "test_"))
    ]
    return {module.NAME: cast(Benchmark, module) for module in modules if hasattr(module, "ABOUT")}


def main() -> None:
    every = found()
    parser = argparse.ArgumentParser(
        prog="./dev bench",
        description="Measures Tideline against floors of this machine. docs/measuring.md says what each line means.",
        epilog="\n".join(f"{name:<12} {one.ABOUT}" for name, one in every.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "name", nargs="?", choices=[*every], metavar="NAME", help="one of those below; else all"
    )
    parser.add_argument(
        "--rounds", type=int, default=ROUNDS, help=f"turns of each variant (usually {ROUNDS})"
    )
    asked = parser.parse_args()
    if asked.rounds < 1:
        parser.error("--rounds must be 1 or more")
    for name in [asked.name] if asked.name else every:
        print(f"\n=== {name}: {every[name].ABOUT}")
        began = time.monotonic()
        every[name].run(asked.rounds)
        print(f"  ({time.monotonic() - began:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
