"""A process beside the web: begun when it is missing, after a pause when it ended, and ended with the web.

It knows nothing of what the process does. Whoever owns it calls :meth:`Beside.keep` now and then; no thread waits.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Mapping, Sequence

from journal.logs import log

PAUSE_S = 3
"""How long after its end a process is begun again: one that cannot run must not keep the machine busy."""


class Beside:
    """One process that should be running. ``pause_s``: seconds between its end and its next beginning."""

    def __init__(
        self, command: Sequence[str], *, environment: Mapping[str, str], pause_s: float = PAUSE_S
    ) -> None:
        self._command = command
        self._environment = environment
        self._pause_s = pause_s
        self._process: subprocess.Popen[bytes] | None = None
        self._begin_at = 0.0

    def keep(self) -> None:
        """Begin it if it is not running; after its end, not before the pause is over."""
        if self._process is not None:
            if self._process.poll() is None:
                return
            log.error("worker ended by itself, will be begun again")
            self._process = None
            self._begin_at = time.monotonic() + self._pause_s
        if time.monotonic() >= self._begin_at:
            self._process = subprocess.Popen(self._command, env=self._environment)  # noqa: S603 - our own program

    def ask_to_end(self) -> None:
        """Ask it to finish what it has in hand. Asking twice is asking once."""
        if self._process is not None:
            self._process.terminate()

    def see_end(self, *, within_s: float) -> None:
        """Wait until it has ended; after ``within_s`` it is ended."""
        if self._process is None:
            return
        try:
            self._process.wait(timeout=within_s)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None
