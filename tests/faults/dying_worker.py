"""A worker process that does one round of its work and, if asked to, is killed at a chosen point of it.

Nothing in the program knows of this: the worker gets a clock and a way for mail that end the process, as ``kill -9``
does, when they are reached. Run as ``python -m tests.faults.dying_worker DATABASE_URL SMTP_URL MOMENT POINT``.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from journal import logs
from journal.config import Config
from journal.jobs import reminders as jobs
from journal.jobs.worker import Worker
from journal.services.mail import Post, SmtpCarrier
from journal.storage.database import Database
from journal.storage.sealing import MasterKeys

POINTS = (
    "before the claim",
    "after the claim",
    "after sending, before the call",
    "after the call, before the mark",
    "during the sweep",
)
"""Where this process can end itself. What comes after the mark is left to a kill from outside."""
BATCH = 5


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class DyingClock:
    """Stands at one moment; ends the process when it is asked for the ``last`` time."""

    def __init__(self, moment: datetime, *, last: int | None) -> None:
        self._moment, self._last, self._asked = moment, last, 0

    def __call__(self) -> datetime:
        self._asked += 1
        if self._asked == self._last:
            die()
        return self._moment


class DyingCarrier:
    """Carries by SMTP; ends the process before or after the first message was taken."""

    def __init__(self, url: str, *, point: str) -> None:
        self._smtp, self._point = SmtpCarrier(url), point

    def carry(self, message: EmailMessage) -> None:
        if self._point == "after sending, before the call":
            die()
        self._smtp.carry(message)
        if self._point == "after the call, before the mark":
            die()


def main(database_url: str, smtp_url: str, moment: str, point: str) -> None:
    logs.configure(process="worker")
    # The first question of the clock is the claim's, the second that of the first sending; the sweep asks once.
    last = {"before the claim": 1, "after the claim": 2, "during the sweep": 1}.get(point)
    config = Config(
        data_dir=Path(),
        database_url=database_url,
        base_url="https://journal.example.org",
        secret_key="s" * 40,
        master_key_file=Path("none"),
        smtp_url=smtp_url,
        mail_from="hello@journal.example.org",
        trusted_proxies=0,
        registration="invite",
        demo=False,
    )
    worker = Worker(
        name=f"worker-{os.getpid()}",
        config=config,
        database=Database(database_url, MasterKeys(keys={1: bytes(range(32))}, active=1)),
        post=Post(config, DyingCarrier(smtp_url, point=point)),
        clock=DyingClock(datetime.fromisoformat(moment), last=last),
    )
    jobs.BATCH = BATCH
    if point != "during the sweep":
        jobs.send_due(worker)
    jobs.take_over_lost(worker)


if __name__ == "__main__":
    main(*sys.argv[1:])
