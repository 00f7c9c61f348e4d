"""Pages as PDF files: one process for drawing them, begun when the first is asked for and used by one at a time.

The drawing itself is in ``journal.pdf_process``. What a page says, and who may have it, is not known here. A page is
drawn away from the program's keys and database, and is given up after :data:`DRAWN_WITHIN_S` or when it takes more than
:data:`MOST_MEMORY`. There is never more than one process beside the one that asks: who comes while another page is
being drawn waits a moment and is then turned away, and at once where :data:`MAY_WAIT` others wait already.
"""

from __future__ import annotations

import base64
import json
import os
import select
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path

from journal.logs import log

WAITS_S = 8.0
"""Seconds that somebody waits for those before them."""

MAY_WAIT = 2
"""So many wait at most: each takes the turn of somebody who checks in (``journal.serving.AT_WORK``)."""

DRAWN_WITHIN_S = 30.0
"""Seconds for one page, the beginning of the process included; it takes a quarter of one as a rule."""

MOST_MEMORY = 512 * 1024 * 1024
"""Bytes of address space for the process: a summary takes 170 million, libraries and fonts included."""

_PROCESS = Path(__file__).with_name("pdf_process.py")
_LENGTH = struct.Struct("!I")
_MOST_BYTES = 32 * 1024 * 1024
_PASSED_ON = (
    "PATH",
    "HOME",
    "TMPDIR",
    "LD_LIBRARY_PATH",
    "FONTCONFIG_FILE",
    "FONTCONFIG_PATH",
    "XDG_CACHE_HOME",
)
"""What of the environment the process gets: where libraries and fonts are, and no setting of ours."""


class NotDrawn(Exception):
    """There is no PDF. What it says names a fault by its kind and quotes nothing of the page."""


class Busy(NotDrawn):
    """Others were before, and did not end in time."""


class TooLong(NotDrawn):
    """The page takes more memory than there is for one. Asked again, it would take as much."""


class CannotDraw(NotDrawn):
    """This machine lacks what it takes: WeasyPrint, or a library that it needs of the system."""


def lacks() -> str:
    """What this machine lacks for drawing, in the words of whoever missed it; empty where PDFs can be drawn."""
    writer = PdfWriter(style="", font=b"", family="")
    try:
        writer.write("<!doctype html><html lang='en'><title>-</title><p>-</p></html>")
    except NotDrawn as fault:
        return str(fault)
    finally:
        writer.close()
    return ""


class PdfWriter:
    """Draws one page at a time. Safe to share between threads; begins nothing until it is asked.

    ``style`` is the style sheet of every page, ``font`` the bytes of the variable font that it calls ``family``; none
    where it is empty.
    """

    def __init__(
        self,
        *,
        style: str,
        font: bytes,
        family: str,
        waits_s: float = WAITS_S,
        drawn_within_s: float = DRAWN_WITHIN_S,
        most_memory: int = MOST_MEMORY,
    ) -> None:
        self._greeting = json.dumps(
            {
                "style": style,
                "font": base64.b64encode(font).decode(),
                "family": family,
                "most_memory": most_memory,
            }
        ).encode()
        self._waits_s, self._drawn_within_s = waits_s, drawn_within_s
        self._room = threading.BoundedSemaphore(1 + MAY_WAIT)
        self._turn = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def write(self, html: str) -> bytes:
        """``html`` as a tagged PDF; its language and its title are those of the page.

        Raises Busy, TooLong, CannotDraw, or NotDrawn where it took too long or the process ended.
        """
        if not self._room.acquire(blocking=False):
            raise Busy("others wait already")
        try:
            if not self._turn.acquire(timeout=self._waits_s):
                raise Busy("others are being drawn")
            try:
                return self._drawn(html, until=time.monotonic() + self._drawn_within_s)
            finally:
                self._turn.release()
        finally:
            self._room.release()

    def close(self) -> None:
        """End the process, if there is one; the next page begins another."""
        with self._turn:
            self._let_go()

    def _drawn(self, html: str, *, until: float) -> bytes:
        is_new = self._process is None
        try:
            process = self._process or self._begin(until)
            _send(process, html.encode(), until)
            kind, body = _answer(process, until)
        except (OSError, EOFError) as fault:
            broke_off = isinstance(fault, EOFError) and self._was_broken_off()
            self._let_go()
            if not is_new and not isinstance(fault, TimeoutError):
                # One that rested too long has ended by itself, perhaps in this very moment.
                return self._drawn(html, until=until)
            log.error("pdf not drawn", fault=type(fault).__name__)
            raise (TooLong if broke_off else NotDrawn)(type(fault).__name__) from None
        if kind == b"full":
            self._let_go()
            log.error("pdf not drawn", fault="MemoryError")
            raise TooLong("MemoryError")
        if kind != b"pdf":
            log.error("pdf not drawn", fault=body.decode())
            raise NotDrawn(body.decode())
        return body

    def _begin(self, until: float) -> subprocess.Popen[bytes]:
        # In a group of its own: who stops the web at a terminal must not see it complain.
        process = self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-I", str(_PROCESS)],
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            start_new_session=True,
        )
        os.set_blocking(_hears(process), False)
        _send(process, self._greeting, until)
        kind, body = _answer(process, until)
        if kind == b"missing":
            self._let_go()
            raise CannotDraw(body.decode())
        return process

    def _was_broken_off(self) -> bool:
        """Whether a signal ended it: a library in C that gets no memory aborts, and so does the system at its end."""
        try:
            return self._process is not None and self._process.wait(timeout=1) < 0
        except subprocess.TimeoutExpired:
            return False

    def _let_go(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()

    def __del__(self) -> None:
        self._let_go()


def _hears(process: subprocess.Popen[bytes]) -> int:
    return process.stdin.fileno() if process.stdin is not None else -1


def _says(process: subprocess.Popen[bytes]) -> int:
    return process.stdout.fileno() if process.stdout is not None else -1


def _send(process: subprocess.Popen[bytes], body: bytes, until: float) -> None:
    left = memoryview(_LENGTH.pack(len(body)) + body)
    while left:
        if not select.select([], [_hears(process)], [], _left(until))[1]:
            raise TimeoutError
        left = left[os.write(_hears(process), left) :]


def _answer(process: subprocess.Popen[bytes], until: float) -> tuple[bytes, bytes]:
    return _message(process, until), _message(process, until)


def _message(process: subprocess.Popen[bytes], until: float) -> bytes:
    length = _LENGTH.unpack(_exactly(process, _LENGTH.size, until))[0]
    if length > _MOST_BYTES:
        raise OSError("too large")
    return _exactly(process, length, until)


def _exactly(process: subprocess.Popen[bytes], length: int, until: float) -> bytes:
    held = bytearray()
    while len(held) < length:
        if not select.select([_says(process)], [], [], _left(until))[0]:
            raise TimeoutError
        part = os.read(_says(process), min(length - len(held), 1 << 16))
        if not part:
            raise EOFError
        held += part
    return bytes(held)


def _left(until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
