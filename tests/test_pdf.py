"""The process for PDFs as the program uses it: begun late, one page at a time, given up in time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest

from journal import pdf
from journal.pdf import Busy, CannotDraw, NotDrawn, PdfWriter, TooLong
from journal.places import STATIC
from journal.web.assets import PAPER, assets_in

FONT = (STATIC / "fonts" / "figtree-var-latin.woff2").read_bytes()
PAGE = "<!doctype html><html lang='en'><title>Summary</title><p>here</p></html>"

TALKS = """
import json, os, struct, sys, time
def exactly(length):
    held = b""
    while len(held) < length:
        held += os.read(0, length - len(held)) or sys.exit()
    return held
def receive():
    return exactly(struct.unpack("!I", exactly(4))[0])
def say(body):
    while body:
        body = body[os.write(1, body):]
def send(kind, body):
    say(struct.pack("!I", len(kind)) + kind + struct.pack("!I", len(body)) + body)
receive()
"""
"""The other side of the talk, for processes that behave as no good one would."""


def writer(**more: Any) -> PdfWriter:
    return PdfWriter(style="", font=FONT, family="Figtree", **more)


@pytest.fixture
def process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program of the process, to be written by the test."""
    path = tmp_path / "process.py"
    monkeypatch.setattr(pdf, "_PROCESS", path)
    return path


def test_a_page_becomes_a_pdf_and_the_process_stays_for_the_next() -> None:
    one = PdfWriter(style=assets_in(STATIC).sheet(PAPER), font=FONT, family="Figtree")
    try:
        first = one.write(PAGE)
        process = one._process
        second = one.write(PAGE)
    finally:
        one.close()

    assert first.startswith(b"%PDF-1.7")
    assert second == first
    assert process is not None
    assert process.poll() is not None  # and it ends when it is told to


def test_neither_it_nor_the_web_imports_the_library() -> None:
    asked = "import sys, journal.app, journal.pdf, journal.pdf_process; print('weasyprint' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "False"


def test_nothing_is_begun_before_a_page_is_asked_for() -> None:
    assert writer()._process is None


def test_the_process_gets_no_setting_and_no_key(process: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNAL_SECRET_KEY", "kingfisher")
    process.write_text(
        TALKS + "send(b'ready', b''); receive(); send(b'pdf', json.dumps(dict(os.environ)).encode())"
    )
    one = writer()

    env = json.loads(one.write(PAGE))
    one.close()

    assert not [name for name in env if name.startswith("JOURNAL")]
    assert env["PATH"] == os.environ["PATH"]


def test_who_comes_meanwhile_waits_a_moment_and_is_turned_away(process: Path) -> None:
    process.write_text(TALKS + "send(b'ready', b''); receive(); time.sleep(60)")
    one = writer(waits_s=0.05, drawn_within_s=5)

    def ask() -> None:
        with pytest.raises(NotDrawn):
            one.write(PAGE)

    begun = threading.Thread(target=ask)
    begun.start()
    while one._process is None:
        time.sleep(0.01)

    with pytest.raises(Busy):
        one.write(PAGE)

    process_now = one._process
    process_now.kill()
    begun.join()


def test_where_enough_wait_already_the_next_is_turned_away_at_once(process: Path) -> None:
    process.write_text(TALKS + "send(b'ready', b''); receive(); time.sleep(60)")
    one = writer(waits_s=60, drawn_within_s=60)
    with ThreadPoolExecutor(pdf.MAY_WAIT + 2) as threads:
        asked = [threads.submit(one.write, PAGE) for _ in range(pdf.MAY_WAIT + 2)]
        turned_away, waiting = wait(asked, timeout=10, return_when=FIRST_COMPLETED)
        assert [type(asked.exception()) for asked in turned_away] == [Busy]

        while one._process is None:
            time.sleep(0.01)
        process.write_text(TALKS + "send(b'ready', b'')\nwhile True: receive(); send(b'pdf', b'%PDF')")
        one._process.kill()
        outcomes = [asked.exception(timeout=10) or asked.result() for asked in waiting]
        assert outcomes.count(b"%PDF") == pdf.MAY_WAIT
    one.close()


def test_one_that_takes_too_long_is_ended_and_the_next_page_is_drawn_by_another(process: Path) -> None:
    process.write_text(TALKS + "send(b'ready', b''); receive(); time.sleep(60)")
    one = writer(drawn_within_s=0.5)

    with pytest.raises(NotDrawn, match="TimeoutError"):
        one.write(PAGE)
    assert one._process is None

    process.write_text(TALKS + "send(b'ready', b''); receive(); send(b'pdf', b'%PDF')")
    assert one.write(PAGE) == b"%PDF"
    one.close()


def test_one_that_rested_and_ended_is_begun_anew(process: Path) -> None:
    process.write_text(TALKS + "send(b'ready', b''); receive(); send(b'pdf', str(os.getpid()).encode())")
    one = writer()

    first = one.write(PAGE)
    second = one.write(PAGE)
    one.close()

    assert first != second


def test_a_fault_is_named_by_its_kind_and_the_process_stays(process: Path) -> None:
    process.write_text(
        TALKS
        + "send(b'ready', b''); receive(); send(b'fault', b'KeyError'); receive(); send(b'pdf', b'%PDF')"
    )
    one = writer()

    with pytest.raises(NotDrawn, match="KeyError"):
        one.write(PAGE)
    assert one.write(PAGE) == b"%PDF"
    one.close()


def test_a_page_without_end_takes_no_more_memory_than_there_is_for_it() -> None:
    one = writer(most_memory=320 * 1024 * 1024)

    with pytest.raises(TooLong):
        one.write("<!doctype html><html lang='en'><title>-</title><table><tr><td colspan=999999999>x</table>")
    assert one._process is None

    assert one.write(PAGE).startswith(b"%PDF")
    one.close()


def test_one_that_breaks_off_at_a_page_found_it_too_long(process: Path) -> None:
    process.write_text(TALKS + "send(b'ready', b''); receive(); os.abort()")

    with pytest.raises(TooLong):
        writer().write(PAGE)


def test_a_library_that_is_missing_is_named(process: Path) -> None:
    process.write_text(TALKS + "send(b'missing', b'cannot load library libpango-1.0-0')")

    with pytest.raises(CannotDraw, match=r"libpango-1\.0-0"):
        writer().write(PAGE)


def test_one_that_cannot_begin_at_all_is_a_fault(process: Path) -> None:
    process.write_text("raise SystemExit(3)")

    with pytest.raises(NotDrawn, match=r"EOFError|ConnectionResetError|BrokenPipeError"):
        writer().write(PAGE)


def test_an_answer_without_end_is_not_read(process: Path) -> None:
    process.write_text(
        TALKS + "send(b'ready', b''); receive(); say(struct.pack('!I', 1 << 31)); time.sleep(60)"
    )

    with pytest.raises(NotDrawn, match="OSError"):
        writer().write(PAGE)


def test_it_ends_when_the_one_that_began_it_does(process: Path) -> None:
    process.write_text(TALKS + "send(b'ready', b''); receive(); send(b'pdf', b'%PDF'); receive()")
    asked = (
        "import os, pathlib; from journal import pdf;"
        f"pdf._PROCESS = pathlib.Path({str(process)!r});"
        "one = pdf.PdfWriter(style='', font=b'', family=''); one.write('');"
        "print(one._process.pid, flush=True); os._exit(9)"
    )

    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=False)
    its = Path(f"/proc/{int(said.stdout)}/stat")

    for _moment in range(100):
        if not its.exists() or its.read_text().split()[2] == "Z":
            return
        time.sleep(0.1)
    raise AssertionError("it is still there")
