"""A worker process whose own clock is moved while it works, and nobody else's.

By libfaketime where the system has it (Debian: ``faketime``), which needs nothing of the program; else by time-machine
inside the process. The clock runs on from wherever it is put. What the process waits by is the machine's steady clock.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from journal.storage.watching import WorkerSign
from tests.faults.serving import SECRET, Server
from tests.house.source import ROOT

LIBRARY = next(iter(sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))), None)
NOTICED_WITHIN_S = 30
TICK = timedelta(seconds=1)


class MovedWorker:
    """``journal worker`` over an installation, sending to ``smtp_url``."""

    def __init__(self, server: Server, *, smtp_url: str, begins: datetime) -> None:
        self._database = server.open()
        self._offset_file = server.folder / "faketime"
        self._by_library = LIBRARY is not None
        self.log = server.folder / "worker.log"
        environment = {
            "PATH": os.environ["PATH"],
            "TZ": "UTC",
            "JOURNAL_DATA_DIR": str(server.folder / "data"),
            "JOURNAL_DATABASE_URL": server.database_url,
            "JOURNAL_MASTER_KEY_FILE": str(server.folder / "keys" / "master.json"),
            "JOURNAL_SECRET_KEY": SECRET,
            "JOURNAL_BASE_URL": "https://journal.example.org",
            "JOURNAL_SMTP_URL": smtp_url,
        }
        command = [sys.executable, "-m", "journal.cli", "worker"]
        if LIBRARY is not None:
            self._write_offset(begins)
            environment |= {
                "LD_PRELOAD": str(LIBRARY),
                "FAKETIME_TIMESTAMP_FILE": str(self._offset_file),
                "FAKETIME_NO_CACHE": "1",
                "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            }
        else:
            command = [sys.executable, "-m", "tests.faults.moved_worker", begins.isoformat()]
        self.process = subprocess.Popen(
            command,
            env=environment,
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=self.log.open("wb"),
            text=True,
        )

    def move_to(self, moment: datetime) -> None:
        """Put its clock to ``moment`` and wait until it has ticked there."""
        self._put_clock_to(moment)
        self.wait_for_sign(moment)

    def set_back_to(self, moment: datetime) -> None:
        """Put its clock back to ``moment`` and wait until it has ticked there."""
        before = self._seen_at()
        assert before is not None
        self._put_clock_to(moment)
        self.wait_until(lambda: (self._seen_at() or before) < before)

    def wait_for_sign(self, moment: datetime) -> None:
        """Wait until it said that it lives, at ``moment`` or later on its own clock."""
        self.wait_until(lambda: (self._seen_at() or moment - TICK) >= moment)

    def wait_until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so that the worker brings about."""
        deadline = time.monotonic() + NOTICED_WITHIN_S
        while not is_so():
            if time.monotonic() > deadline:
                raise AssertionError(f"it never came: {self.log.read_text()[-2000:]}")
            time.sleep(0.05)

    def stop(self) -> int:
        """Ask it to stop; its exit code."""
        self.process.terminate()
        try:
            return self.process.wait(timeout=30)
        finally:
            self.process.kill()
            self._database.close()

    def _put_clock_to(self, moment: datetime) -> None:
        if self._by_library:
            self._write_offset(moment)
        else:
            assert self.process.stdin is not None
            self.process.stdin.write(f"{moment.isoformat()}\n")
            self.process.stdin.flush()

    def _seen_at(self) -> datetime | None:
        with self._database.look() as db:
            return db.scalar(sa.select(sa.func.max(WorkerSign.seen_at)))

    def _write_offset(self, moment: datetime) -> None:
        # From the machine's own clock, so that a process that is started later shows the same time.
        offset = (moment - datetime.now(UTC)).total_seconds()
        new = self._offset_file.with_suffix(".new")
        new.write_text(f"{offset:+.3f}\n")
        new.replace(self._offset_file)


def main(begins: str) -> None:
    """The worker, with time-machine; each line that comes in is where its clock is put next."""
    import time_machine

    from journal.cli import main as command

    with time_machine.travel(datetime.fromisoformat(begins), tick=True) as traveller:

        def follow() -> None:
            for line in sys.stdin:
                traveller.move_to(datetime.fromisoformat(line.strip()))

        threading.Thread(target=follow, daemon=True).start()
        sys.argv = ["journal", "worker"]
        command()


if __name__ == "__main__":
    main(*sys.argv[1:])
