"""Lighthouse over pages of a signed-in person, as a phone. ``./dev bench phone`` installs it where there is an npm."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.benchmarks.measure import Goal

INSTALLED = Path(sys.prefix) / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
CATEGORIES = ("performance", "accessibility", "best-practices")  # not SEO: pages ask not to be indexed
FULL = Goal(None, gate=100, extreme=100, more_is_better=True)


@dataclass(frozen=True)
class Score:
    """What one run gives for each category, 0 to 100, and what it held against the page."""

    of: dict[str, int]
    faults: frozenset[str]


def judge_pages(
    base_url: str, addresses: list[str], *, cookie: str, zone: str, chromium: str, rounds: int
) -> None:
    """Print a line for each page: the median of the rounds in each category. One line where it cannot be had."""
    node = shutil.which("node")
    if node is None or not INSTALLED.exists():
        print("  Lighthouse: NOT MEASURED (node or npm is missing, or the package could not be installed)")
        return
    print(f"  Lighthouse as a phone, median of {rounds}: {', '.join(CATEGORIES)}")
    for address in addresses:
        command = [node, str(INSTALLED), base_url + address]
        scores = [_run(command, cookie=cookie, zone=zone, chromium=chromium) for _ in range(rounds)]
        middle = {name: int(median(score.of[name] for score in scores)) for name in CATEGORIES}
        faults = sorted(frozenset.union(*(score.faults for score in scores)))
        print(
            f"    {address:<12} {' / '.join(map(str, middle.values()))}; {FULL.verdict(min(middle.values()))}"
        )
        if faults:
            print(f"      in some run held against it: {', '.join(faults)}", flush=True)


def score(report: dict[str, Any]) -> Score:
    """What a report says. A page that was not the one asked for, or that did not load, is a RuntimeError."""
    asked, shown = report["requestedUrl"], report["finalDisplayedUrl"]
    if report.get("runtimeError") or asked != shown:
        raise RuntimeError(f"Lighthouse was to see {asked} and saw {shown}: {report.get('runtimeError')}")
    weights = [one for name in CATEGORIES for one in report["categories"][name]["auditRefs"] if one["weight"]]
    return Score(
        of={name: round(report["categories"][name]["score"] * 100) for name in CATEGORIES},
        faults=frozenset(
            one["id"]
            for one in weights
            if (report["audits"][one["id"]]["score"] or 0) < 0.9
            and report["audits"][one["id"]]["scoreDisplayMode"]
            not in {"notApplicable", "manual", "informative"}
        ),
    )


def _run(command: list[str], *, cookie: str, zone: str, chromium: str) -> Score:
    done = subprocess.run(
        [
            *command,
            "--quiet",
            "--no-enable-error-reporting",
            "--output=json",
            f"--only-categories={','.join(CATEGORIES)}",
            f"--extra-headers={json.dumps({'Cookie': cookie})}",
            "--chrome-flags=--headless=new --no-sandbox --disable-gpu --disable-background-networking",
        ],
        env={
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", "/"),
            "CHROME_PATH": chromium,
            "TZ": zone,
        },
        capture_output=True,
        text=True,
        check=True,
    )
    return score(json.loads(done.stdout))
