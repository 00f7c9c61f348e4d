"""A phone on a slow line: what a first visit weighs and how long it takes, and what a second one still has to fetch."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.benchmarks import lighthouse
from tests.benchmarks.installations import folder
from tests.benchmarks.measure import Goal
from tests.conftest import CHROMIUM
from tests.faults.serving import free_port
from tests.journeys.conftest import FLAGS, PHONE
from tests.journeys.weighing import Visit, first_visit, second_visit, worker_size

NAME = "phone"
ABOUT = "a first and a second visit on slow 4G with a slow processor; Lighthouse"

# Lighthouse's own figures for a slow phone: "slow 4G", and a processor a quarter as fast as this machine's.
ROUND_TRIP_MS = 150
DOWN_BIT_S, UP_BIT_S = 1_600_000, 750_000
SLOWER = 4

FORM = Goal(15, gate=40, extreme=28)
SCRIPTS = Goal(16, gate=12, extreme=6)
TRENDS = Goal(17, gate=60, extreme=45)
BRIEF = Goal(None, gate=120, extreme=70)
PAINT_S = Goal(None, gate=1.8, extreme=1.2)
SHIFT = Goal(None, gate=0, extreme=0)
BLOCKED_MS = Goal(None, gate=50, extreme=0)
FETCHED = Goal(None, gate=0, extreme=0)

PAGES = {"/today": FORM, "/check-in": FORM, "/history": FORM, "/trends": TRENDS, "/help": FORM}
"""The patient's pages, and what all files of each may weigh in KB."""
FORMS = {"/today", "/check-in"}
PATIENT, THERAPIST = "patient", "therapist"

WATCH = """
const seen = (window.seen = { paint: 0, shift: 0, tasks: [] });
const watch = (type, each) =>
  new PerformanceObserver((list) => list.getEntries().forEach(each)).observe({ type, buffered: true });
watch("largest-contentful-paint", (one) => (seen.paint = one.startTime));
watch("layout-shift", (one) => one.hadRecentInput || (seen.shift += one.value));
watch("longtask", (one) => seen.tasks.push([one.startTime, one.duration]));
"""
READ = """() => {
  const [page] = performance.getEntriesByType("navigation");
  const painted = performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? 0;
  const blocked = seen.tasks.filter(([begun]) => begun >= painted).map(([, took]) => Math.max(0, took - 50));
  return {
    paint: seen.paint,
    shift: seen.shift,
    blocked: blocked.reduce((sum, one) => sum + one, 0),
    usable: Math.max(painted, page.domContentLoadedEventEnd),
  };
}"""


@dataclass(frozen=True)
class Demo:
    """A served demo clinic, and the cookies of its people."""

    base_url: str
    cookies: dict[str, list[Any]]
    zone: str

    def header(self, role: str) -> str:
        return "; ".join(f"{one['name']}={one['value']}" for one in self.cookies[role])


@dataclass(frozen=True)
class Look:
    """One first visit and the second after it. Times in ms."""

    first: Visit
    worker: int
    paint: float
    shift: float
    blocked: float
    usable: float
    fetched_again: int


def run(rounds: int) -> None:
    """Serve the demo clinic as people have it and open its pages as a phone would."""
    if CHROMIUM is None:
        print("  NOT MEASURED: no Chromium found")
        return
    with folder() as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        with served(place, browser) as demo:
            line = f"{ROUND_TRIP_MS} ms, {DOWN_BIT_S / 1e6} and {UP_BIT_S / 1e6} Mbit/s"
            print(f"\n  {line}, processor {SLOWER} times slower")
            for address, weight in PAGES.items():
                report(address, weight, [look(browser, demo, PATIENT, address) for _ in range(rounds)])
            brief = brief_address(browser, demo)
            report(brief, BRIEF, [look(browser, demo, THERAPIST, brief) for _ in range(rounds)])
            browser.close()
            lighthouse.judge_pages(
                demo.base_url,
                [*PAGES],
                cookie=demo.header(PATIENT),
                zone=demo.zone,
                chromium=CHROMIUM,
                rounds=rounds,
            )


@contextmanager
def served(place: Path, browser: Browser) -> Iterator[Demo]:
    """The demo clinic under the program's own server, in ``place``, with somebody of each kind signed in."""
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "JOURNAL_DEMO": "1", "JOURNAL_DATA_DIR": str(place / "data")}
    journal = [sys.executable, "-m", "journal.cli"]
    subprocess.run([*journal, "demo"], env=environment, check=True, capture_output=True)
    serve = [*journal, "serve", "--port", str(port), "--workers", "1", "--no-worker"]
    with (place / "server.log").open("wb") as log:
        server = subprocess.Popen(serve, env=environment, stdout=log, stderr=log)
    try:
        base_url = f"http://127.0.0.1:{port}"
        _wait_for(base_url)
        accounts = json.loads((place / "data" / "demo-accounts.json").read_text())["accounts"]
        roles = {one["role"]: one for one in accounts}
        kept = {role: _sign_in(browser, base_url, roles[role]) for role in (PATIENT, THERAPIST)}
        page = _phone(browser, Demo(base_url, kept, "UTC"), PATIENT)
        page.goto("/today")
        zone = str(page.evaluate("document.querySelector('[data-zone]').dataset.zone"))
        page.context.close()
        yield Demo(base_url, kept, zone)
    finally:
        server.terminate()
        server.wait(timeout=40)


def look(browser: Browser, demo: Demo, role: str, address: str) -> Look:
    """One first visit in an empty browser on a slow line, and a second one when all has settled."""
    page = _phone(browser, demo, role)
    page.add_init_script(WATCH)
    _slow_down(page)
    first = first_visit(page, address)
    seen = page.evaluate(READ)
    worker = worker_size(page)
    if worker:
        page.evaluate("navigator.serviceWorker.ready.then(() => {})")
        page.wait_for_load_state("networkidle")
    again = page.context.new_page()
    _slow_down(again)
    second = second_visit(again, address)
    page.context.close()
    return Look(
        first, worker, seen["paint"], seen["shift"], seen["blocked"], seen["usable"], second.waited_for
    )


def brief_address(browser: Browser, demo: Demo) -> str:
    """The patient page that the therapist's list names first, with everything on it."""
    page = _phone(browser, demo, THERAPIST)
    page.goto("/caseload")
    address = page.locator("th a[href^='/patients/']").first.get_attribute("href")
    page.context.close()
    return f"{address}?range=all"


def report(address: str, weight: Goal, looks: list[Look]) -> None:
    """Print what came of the visits of one page, each figure with its marks."""
    scripts = [(one.first.script_size + one.worker) / 1e3 for one in looks]
    print(f"\n{address.split('?')[0]}, {len(looks)} visits: least / median / most")
    _line("all files, KB", [one.first.size / 1e3 for one in looks], weight)
    _line("the same without HTTP/1.1 heads, KB", [one.first.body_size / 1e3 for one in looks])
    _line("requests", [one.first.requests for one in looks])
    _line("scripts and the worker, KB", scripts, SCRIPTS if address in FORMS else None)
    _line("form usable, s", [one.usable / 1e3 for one in looks])
    _line("largest contentful paint, s", [one.paint / 1e3 for one in looks], PAINT_S)
    _line("layout shift", [one.shift for one in looks], SHIFT)
    _line("blocked, ms", [one.blocked for one in looks], BLOCKED_MS)
    second = [float(one.fetched_again) for one in looks]
    _line("second visit, requests before it is usable", second, FETCHED if address in FORMS else None)
    sys.stdout.flush()


def _line(name: str, figures: list[float], goal: Goal | None = None) -> None:
    low, middle, high = (f"{one:,.2f}" for one in (min(figures), median(figures), max(figures)))
    verdict = f"   {goal.verdict(round(median(figures), 3))}" if goal else ""
    print(f"  {name:<44} {low:>8} / {middle:>8} / {high:>8}{verdict}")


def _phone(browser: Browser, demo: Demo, role: str) -> Page:
    context = browser.new_context(
        base_url=demo.base_url,
        viewport=PHONE,  # type: ignore[arg-type]
        timezone_id=demo.zone,
        has_touch=True,
        is_mobile=True,
        device_scale_factor=2,
    )
    context.add_cookies(demo.cookies[role])
    return context.new_page()


def _slow_down(page: Page) -> None:
    wire = page.context.new_cdp_session(page)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    line = {"offline": False, "latency": ROUND_TRIP_MS}
    speed = {"downloadThroughput": DOWN_BIT_S / 8, "uploadThroughput": UP_BIT_S / 8}
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", line | speed)


def _sign_in(browser: Browser, base_url: str, account: dict[str, str]) -> list[Any]:
    page = browser.new_page(base_url=base_url)
    page.goto("/sign-in/password")
    page.locator("input[type=email]").fill(account["email"])
    page.locator("input[type=password]").fill(account["password"])
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    kept = page.context.cookies()
    page.context.close()
    return kept


def _wait_for(base_url: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{base_url}/livez").close()
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.1)
