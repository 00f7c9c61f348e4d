"""The worker process: APScheduler as a clock tick and nothing more. What is due is decided by rows, not by jobs."""

from __future__ import annotations

import os
import secrets
import signal
import socket
from datetime import datetime, timedelta
from functools import partial

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from journal import clock, logs
from journal.config import Config
from journal.jobs.timetable import TIMETABLE, Entry
from journal.jobs.worker import Worker
from journal.logs import log, where
from journal.services.installation import open_database
from journal.services.mail import Post
from journal.services.push import PushService, own_key
from journal.services.sms import texts_of
from journal.services.watching import dead_man_of

_JITTER_MOST = timedelta(seconds=2)


def build(worker: Worker) -> BackgroundScheduler:
    """A scheduler with every entry of the timetable: fixed ticks, in memory, one of each at a time.

    Workers that were started together drift apart by the jitter, so that they do not all ask at the same instant.
    """
    scheduler = BackgroundScheduler(
        timezone="UTC",
        executors={"default": ThreadPoolExecutor(len(TIMETABLE))},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )
    for entry in TIMETABLE:
        seconds = entry.every.total_seconds()
        scheduler.add_job(
            partial(_tick, entry, worker),
            "interval",
            seconds=seconds,
            jitter=min(_JITTER_MOST.total_seconds(), seconds / 5),
            id=entry.name,
            next_run_time=worker.clock(),
        )
    return scheduler


def tick_on(scheduler: BackgroundScheduler, *, now: datetime) -> None:
    """Let nothing wait for a time that a clock set back has put off: whatever waits longer than its interval runs now.

    The scheduler plans by the clock on the wall. Without this a step of two hours back is two hours without a worker.
    """
    for entry in TIMETABLE:
        job = scheduler.get_job(entry.name)
        if job is not None and job.next_run_time > now + entry.every + _JITTER_MOST:
            scheduler.modify_job(entry.name, next_run_time=now)


def run(config: Config, *, beside: bool = False) -> None:
    """Work until told to stop (SIGTERM or Ctrl-C); what is under way is finished first, and nothing new begun.

    One that works ``beside`` the process that began it stops when that one has ended, however it ended.
    """
    logs.configure(process="worker")
    began_by = os.getppid()
    database = open_database(config)
    name = f"{socket.gethostname()[:20]}-{os.getpid()}-{secrets.token_hex(4)}"
    with database.unit_of_work() as db:
        key = own_key(db, now=clock.now())
    worker = Worker(
        name=name,
        config=config,
        database=database,
        post=Post(config),
        push=PushService(config, key),
        texts=texts_of(config, database, clock=clock.now),
        dead_man=dead_man_of(config),
        clock=clock.now,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: worker.stopping.set())
    scheduler = build(worker)
    scheduler.start()
    log.info("worker started")
    while not worker.stopping.wait(timeout=1):
        tick_on(scheduler, now=worker.clock())
        if beside and os.getppid() != began_by:
            worker.stopping.set()
    scheduler.shutdown(wait=True)
    worker.close()
    database.close()
    log.info("worker stopped")


def _tick(entry: Entry, worker: Worker) -> None:
    # A fault in one tick is logged and the next tick comes all the same.
    try:
        entry.run(worker)
    except Exception as fault:
        log.error("task fault", task=entry.name, fault=type(fault).__name__, where=where(fault))
