"""One process that claims what is due whenever it is told to, and says when each batch was committed.

Run as ``python -m tests.benchmarks.claimer DATABASE_URL``; a line on its standard input is the word to go.
"""

from __future__ import annotations

import json
import os
import sys
import time

import sqlalchemy as sa

from journal.jobs.reminders import BATCH
from journal.services.claiming import claim_due_reminders
from journal.storage.database import Database
from journal.storage.sealing import MasterKeys
from tests.benchmarks.crowd import MOMENT


def claim_all(database: Database, name: str) -> list[tuple[float, int]]:
    """(moment of the commit on the machine's steady clock, how many) of every batch until nothing is left."""
    batches = []
    while True:
        try:
            with database.unit_of_work() as db:
                claimed = claim_due_reminders(db, worker=name, now=MOMENT, limit=BATCH)
        except sa.exc.OperationalError:  # it waited for the others too long; a worker comes again
            continue
        if not claimed.taken:
            return batches
        batches.append((time.monotonic(), len(claimed.to_send)))


def main(database_url: str) -> None:
    database = Database(database_url, MasterKeys(keys={1: bytes(32)}, active=1))
    name = f"bench-{os.getpid()}"
    claim_all(database, name)  # nothing is due yet: connections are open and statements compiled from here on
    print("ready", flush=True)
    for _ in sys.stdin:
        print(json.dumps(claim_all(database, name)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
