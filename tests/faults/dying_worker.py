"""A worker process that does one round of its work and, if asked to, is killed at a chosen point of it.

Nothing in the program knows of this: the worker gets a clock, a way out, a log and a database that end the process, as
``kill -9`` does, when they are reached. All are forked from one process that has loaded everything and done nothing.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import sys
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from multiprocessing.process import BaseProcess
from pathlib import Path

import sqlalchemy as sa

from journal import logs
from journal.calling import Answer, Caller
from journal.config import Config
from journal.jobs import reminders as jobs
from journal.jobs.worker import Worker
from journal.services import deliveries
from journal.services.mail import Post, SmtpCarrier
from journal.services.push import PushService
from journal.services.reminders import CHANNELS
from journal.services.sms import Texts
from journal.storage.database import Database
from journal.storage.sealing import MasterKeys
from tests.peers import OWN_KEY, Peers, push_caller, text_gateway

BEFORE_CLAIM, AFTER_CLAIM = "before the claim", "after the claim"
BEFORE_CALL, AFTER_CALL = "after sending, before the call", "after the call, before the mark"
AFTER_MARK, IN_SWEEP = "after the mark", "during the sweep"
POINTS = (BEFORE_CLAIM, AFTER_CLAIM, BEFORE_CALL, AFTER_CALL, AFTER_MARK, IN_SWEEP)
"""Where a process can be told to end."""
NOWHERE = "nowhere"
UNTIL_TOLD = "when it is told to stop"
BATCH = 5
ANSWER_WITHIN_S = 10.0


@dataclass(frozen=True)
class Orders:
    """What one process is to do: where everything is, what time it is there, and where it ends.

    ``repeats`` plants a fault: it sends again whatever may have arrived.
    """

    database_url: str
    channel: str
    mail_url: str
    push_port: int
    sms_port: int
    ca_file: Path
    moment: datetime
    point: str = NOWHERE
    repeats: bool = False


def orders(database: Database, channel: str, to: Peers, moment: datetime, point: str = NOWHERE) -> Orders:
    """A round of one channel's work."""
    url = database.engine.url.render_as_string(hide_password=False)
    return Orders(url, channel, to.mail.url, to.push.port, to.sms.port, to.ca_file, moment, point)


def start(asked: Orders) -> BaseProcess:
    """Begin a process."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    process = context.Process(target=work, args=(asked,))
    process.start()
    return process


def ended(process: BaseProcess) -> int | None:
    """How a process ended."""
    process.join(timeout=60)
    return process.exitcode


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
        if self._point == BEFORE_CALL:
            die()
        self._smtp.carry(message)
        if self._point == AFTER_CALL:
            die()


class DyingCaller:
    """Calls as ``caller`` does; ends the process before or after the first call."""

    def __init__(self, caller: Caller, *, point: str) -> None:
        self._caller, self._point = caller, point

    def post(self, url: str, *, body: bytes, headers: dict[str, str]) -> Answer:
        if self._point == BEFORE_CALL:
            die()
        answer = self._caller.post(url, body=body, headers=headers)
        if self._point == AFTER_CALL:
            die()
        return answer


class DyingLog(io.StringIO):
    """Ends the process at the line that is written as soon as an outcome is committed."""

    def write(self, text: str) -> int:
        if "reminder sent" in text:
            die()
        return len(text)


def work(asked: Orders) -> None:
    """One round; of a process that is never killed, every round until it is told to stop."""
    if asked.point == AFTER_MARK:
        sys.stderr = DyingLog()
    logs.configure(process="worker")
    worker = _worker(asked)
    jobs.BATCH = BATCH
    if asked.repeats:
        deliveries.MAY_REPEAT = frozenset(CHANNELS)
    if asked.point == UNTIL_TOLD:
        signal.signal(signal.SIGTERM, lambda _number, _frame: worker.stopping.set())
        while not worker.stopping.wait(0.05):
            jobs.send_due(worker, asked.channel)
            jobs.take_over_lost(worker, asked.channel)
        worker.close()
        return
    if asked.point == IN_SWEEP:
        sa.event.listen(worker.database.engine, "after_cursor_execute", _die_after_taking_over)
    else:
        jobs.send_due(worker, asked.channel)
    jobs.take_over_lost(worker, asked.channel)


def _worker(asked: Orders) -> Worker:
    # The first question of the clock is the claim's, the second that of the first sending.
    last = {BEFORE_CLAIM: 1, AFTER_CLAIM: 2}.get(asked.point)
    clock = DyingClock(asked.moment, last=last)
    config = Config(
        data_dir=Path(),
        database_url=asked.database_url,
        base_url="https://journal.example.org",
        secret_key="s" * 40,
        master_key_file=Path("none"),
        smtp_url=asked.mail_url,
        mail_from="hello@journal.example.org",
        trusted_proxies=0,
        registration="invite",
        demo=False,
    )
    database = Database(asked.database_url, MasterKeys(keys={1: bytes(range(32))}, active=1))
    gateway = text_gateway(asked.sms_port, total_s=ANSWER_WITHIN_S)
    gateway._caller = DyingCaller(gateway._caller, point=asked.point)  # type: ignore[assignment]
    pushing = DyingCaller(
        push_caller(asked.push_port, asked.ca_file, total_s=ANSWER_WITHIN_S), point=asked.point
    )
    return Worker(
        name=f"worker-{os.getpid()}",
        config=config,
        database=database,
        post=Post(config, DyingCarrier(asked.mail_url, point=asked.point)),
        clock=clock,
        push=PushService(config, OWN_KEY, pushing),  # type: ignore[arg-type]
        texts=Texts(gateway, database, most_a_day=10_000, clock=clock),
    )


def _die_after_taking_over(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
    if statement.startswith("UPDATE delivery") and "attempts" in statement:
        die()
