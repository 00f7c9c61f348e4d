"""A worker's signs of life: one in the database, and one to a service that misses it when it stays away."""

from __future__ import annotations

import journal
from journal.jobs.worker import Worker
from journal.logs import log
from journal.services import watching
from journal.storage.watching import give_sign as write_sign


def give_sign(worker: Worker) -> None:
    """Say that this worker lives."""
    with worker.database.unit_of_work() as db:
        write_sign(db, worker.name, version=journal.__version__, now=worker.clock())


def call_dead_man(worker: Worker) -> None:
    """Say that all is well, as long as it is: a worker that lives while reminders wait must not sound healthy."""
    if worker.dead_man is None:
        return
    with worker.database.look() as db:
        alarms = watching.pulse(db, now=worker.clock()).alarms
    if alarms:
        log.warning("dead-man call withheld", reason=", ".join(alarms))
        return
    fault = worker.dead_man.call()
    if fault is not None:
        log.warning("dead-man call failed", reason=fault)
