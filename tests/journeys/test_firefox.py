"""The main journeys in Firefox ESR, at night: what works in Chromium works in the other engine too."""

from __future__ import annotations

import functools
import os
import shutil
import threading
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from journal.web.routes import Audience
from tests.journeys.demo_clinic import PASSWORD, SIGN_INS, Clinic
from tests.journeys.firefox import Firefox, running

FIREFOX = os.environ.get("TIDELINE_TEST_FIREFOX") or shutil.which("firefox-esr")

pytestmark = [pytest.mark.night, pytest.mark.timeout(300)]


@pytest.fixture(scope="session")
def program() -> str:
    """The path of the Firefox that is driven."""
    if not FIREFOX:
        pytest.skip("no Firefox found: apt-get install firefox-esr, or set TIDELINE_TEST_FIREFOX")
    return FIREFOX


@pytest.fixture
def firefox(program: str, clinic: Clinic, tmp_path: Path) -> Iterator[Firefox]:
    with running(program, tmp_path, clinic.site.base_url) as window:
        yield window


def sign_in(firefox: Firefox, audience: Audience) -> None:
    firefox.goto("/sign-in")
    firefox.fill("Email", SIGN_INS[audience])
    firefox.press("Use a password instead")
    firefox.fill("Password", PASSWORD)
    firefox.press("Sign in", "button")


def is_too_wide(firefox: Firefox) -> bool:
    wide = "const { scrollWidth, clientWidth } = document.documentElement; return scrollWidth > clientWidth"
    return bool(firefox.evaluate(wide))


def test_a_patient_checks_in_looks_back_and_leaves(firefox: Firefox) -> None:
    sign_in(firefox, Audience.PATIENT)
    assert firefox.path == "/today"
    firefox.press("Add sleep, energy or a note")
    firefox.choose("mood", "6")
    firefox.choose("energy", "3")
    firefox.press("More about that night")
    firefox.fill("Times awake in the night", "2")
    firefox.fill("A note", "From the other engine.")
    firefox.press("Save check-in")
    assert firefox.heading().startswith("Saved")

    firefox.press("History")
    assert "From the other engine." in firefox.says()
    firefox.press("Trends")
    drawn = "return [...document.querySelectorAll('svg.chart')].map(one => one.clientHeight)"
    assert min(firefox.evaluate(drawn)) > 50
    firefox.press("Show as a table")
    assert "31 Mar" in firefox.says()
    firefox.press("Get help now")
    assert "Call Dana" in firefox.says()
    assert firefox.heading() == "Help, right now"

    firefox.goto("/you")
    firefox.press("Sign out")
    assert firefox.heading() == "Sign in"
    firefox.goto("/history")
    assert firefox.heading() == "Sign in"


def test_a_phone_keeps_the_form_for_when_there_is_no_network(firefox: Firefox) -> None:
    sign_in(firefox, Audience.PATIENT)
    firefox.goto("/today")
    active = "return (await navigator.serviceWorker.ready).active.scriptURL"
    assert firefox.evaluate(active).endswith("/sw.js")
    kept = "return (await caches.match('/offline', { ignoreVary: true }))?.status"
    assert firefox.evaluate(kept) == 200


def test_a_clinician_reads_a_patient_and_leaves(firefox: Firefox) -> None:
    sign_in(firefox, Audience.PROVIDER)
    assert firefox.heading() == "Caseload"
    assert not is_too_wide(firefox)
    firefox.press("Jordan A.")
    assert firefox.heading().startswith("Jordan A.")
    firefox.press("Show as a table")
    assert "Stopped avoiding the bridge." in firefox.says()
    assert not is_too_wide(firefox)
    firefox.press("Get help now")
    assert firefox.heading() == "Help, right now"
    firefox.goto("/caseload")
    firefox.press("Sign out")
    assert firefox.heading() == "Sign in"


def test_a_script_that_fails_is_noticed(program: str, tmp_path: Path) -> None:
    site, profile = tmp_path / "site", tmp_path / "profile"
    for folder in (site, profile):
        folder.mkdir()
    (site / "index.html").write_text("<!doctype html><h1>Planted</h1><script>nobody.knows()</script>")
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(SimpleHTTPRequestHandler, directory=site)
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with (
        pytest.raises(AssertionError, match="nobody is not defined"),
        running(program, profile, f"http://127.0.0.1:{server.server_port}") as window,
    ):
        window.goto("/")
        assert window.heading() == "Planted"
    server.shutdown()
