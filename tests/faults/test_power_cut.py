"""If Tideline says "Saved", the check-in survives a power cut.

The program's own statements (recorded while it saves check-ins) run on a disk that loses power at random moments.
What was acknowledged must be there. A control with a weaker setting must lose some, or the test proves nothing.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import apsw
import pytest
from sqlalchemy import event

from journal.services.checkins import record_check_in
from journal.storage.database import PRAGMAS, Database
from tests import cast as people
from tests.builders import body, the_patient, written
from tests.faults.power_cut import Disk
from tests.thorough import POWER_CUTS

CUTS = POWER_CUTS.now
CONTROL_CUTS = 60
MOST_CHECK_INS = 24


@dataclass(frozen=True)
class Recording:
    """A database as it was before, and what the program then said to it: one list of statements per check-in."""

    before: Path
    transactions: list[list[str]]
    keys: list[str]


@pytest.fixture(scope="module")
def recording(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Recording:
    """Let the program save check-ins and write down every statement it sends."""
    from tests.conftest import MASTER_KEYS

    folder = tmp_path_factory.mktemp("recording")
    shutil.copy(migrated_sqlite, folder / "journal.db")
    database = Database(f"sqlite:///{folder / 'journal.db'}", MASTER_KEYS)
    with database.unit_of_work() as db:
        cast = people.assemble(db)
    database.close()
    before = folder / "before.db"
    source = sqlite3.connect(folder / "journal.db")
    source.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    source.close()
    shutil.copy(folder / "journal.db", before)

    database = Database(f"sqlite:///{folder / 'journal.db'}", MASTER_KEYS)
    transactions: list[list[str]] = []

    @event.listens_for(database.engine, "connect")
    def listen(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(remember)  # SQLite itself says what it was asked, values and all

    def remember(statement: str) -> None:
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            transactions[-1].append(statement)

    keys = [f"key-{number}" for number in range(MOST_CHECK_INS)]
    for number, key in enumerate(keys):
        transactions.append([])
        with database.unit_of_work() as db:
            words = "A note that is long enough to fill more than one sector of the disk. " * (number % 9)
            record_check_in(
                db,
                the_patient(db, cast.alice),
                body=body(number % 11, note=words),
                written=written(key),
                now=people.NOW,
            )
    database.close()
    assert all(transactions)
    return Recording(before=before, transactions=transactions, keys=keys)


@dataclass
class Losses:
    """What a series of power cuts cost."""

    acknowledged: int = 0
    lost: int = 0
    corrupt: int = 0


def cut_power(
    recording: Recording, tmp_path: Path, pragmas: tuple[str, ...], *, cuts: int, seed: int
) -> Losses:
    """Save a random number of check-ins, cut the power, reopen and count; so many times."""
    chance = random.Random(seed)
    losses = Losses()
    for number in range(cuts):
        running, found = tmp_path / f"running-{number}", tmp_path / f"found-{number}"
        running.mkdir()
        found.mkdir()
        shutil.copy(recording.before, running / "journal.db")
        disk = Disk(f"disk-{seed}-{number}")
        connection = apsw.Connection(str(running / "journal.db"), vfs=disk.name)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        acknowledged = chance.randint(1, MOST_CHECK_INS)
        for transaction in recording.transactions[:acknowledged]:
            connection.execute("BEGIN IMMEDIATE")
            for statement in transaction:
                connection.execute(statement)
            connection.execute("COMMIT")
        disk.cut(found, chance=chance)
        connection.close()
        disk.unregister()
        losses.acknowledged += acknowledged
        _count(losses, found / "journal.db", set(recording.keys[:acknowledged]))
        shutil.rmtree(running)
        shutil.rmtree(found)
    return losses


def _count(losses: Losses, path: Path, acknowledged: set[str]) -> None:
    reopened = sqlite3.connect(path)
    try:
        if reopened.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            losses.corrupt += 1
            return
        there = {key for (key,) in reopened.execute("SELECT client_key FROM check_in")}
        counted = {key for (key,) in reopened.execute("SELECT client_key FROM submission")}
    finally:
        reopened.close()
    losses.lost += len(acknowledged - there)
    assert there == counted, "a check-in without its key, or a key without its check-in"
    assert there <= acknowledged


def test_what_was_saved_survives_a_power_cut(recording: Recording, tmp_path: Path) -> None:
    losses = cut_power(recording, tmp_path, PRAGMAS, cuts=CUTS, seed=2026)
    print(
        f"{CUTS} cuts, {losses.acknowledged} acknowledged, {losses.lost} lost, {losses.corrupt} corrupt (seed 2026)"
    )
    assert (losses.lost, losses.corrupt) == (0, 0)
    assert losses.acknowledged > CUTS


def test_the_weaker_setting_that_recipes_recommend_loses_check_ins(
    recording: Recording, tmp_path: Path
) -> None:
    weaker = tuple(pragma.replace("synchronous=FULL", "synchronous=NORMAL") for pragma in PRAGMAS)
    losses = cut_power(recording, tmp_path, weaker, cuts=CONTROL_CUTS, seed=2027)
    print(f"control: {CONTROL_CUTS} cuts, {losses.acknowledged} acknowledged, {losses.lost} lost (seed 2027)")
    assert losses.lost > CONTROL_CUTS
