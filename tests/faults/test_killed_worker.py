"""Workers that are killed while they remind ten people: nobody is reminded twice, and nobody is forgotten in silence.

The matrix of the reminder semantics: a real worker process is killed at each point, two others start at one moment
and find what it left. A message that may or may not have left is not certain, and says so.
"""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from journal.services import reminders
from journal.services.patients import begin_journal
from journal.services.reminders import EMAIL
from journal.storage.accounts import Role, add_account
from journal.storage.database import Database
from journal.storage.reminders import Delivery
from tests.cast import NOW
from tests.faults.dying_worker import POINTS
from tests.mail_server import MailServer
from tests.reminding import rule

PEOPLE = 10
NOWHERE, AFTER_THE_MARK = "nowhere", "after the mark"
EVERY_POINT = (NOWHERE, *POINTS, AFTER_THE_MARK)
KILLED = -9
LATER = NOW + timedelta(seconds=50)  # the dead worker's hold has ended


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


def start(database: Database, server: MailServer, moment: datetime, point: str) -> subprocess.Popen[str]:
    url = database.engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.faults.dying_worker", url, server.url, moment.isoformat(), point]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


def run_and_kill(database: Database, server: MailServer, point: str) -> int:
    """One worker that is killed at ``point``; how it ended."""
    if point == "during the sweep":  # of what another worker had claimed and left
        assert run_and_kill(database, server, "after the claim") == KILLED
        moment = LATER
    else:
        moment = NOW
    worker = start(database, server, moment, point)
    assert worker.stderr is not None
    if point == AFTER_THE_MARK:
        next(line for line in worker.stderr if "reminder sent" in line)
        worker.kill()
    worker.stderr.read()
    return worker.wait(timeout=60)


def people_to_remind(database: Database) -> None:
    with database.unit_of_work() as db:
        for number in range(PEOPLE):
            account = add_account(db, f"patient{number}@example.org", Role.PATIENT, now=NOW)
            begin_journal(db, account.id, display_name="P", zone="Europe/Berlin", now=NOW)
            before = NOW - timedelta(hours=1)
            reminders.set_reminder(db, account.id, rule=rule("20:00"), channels=[EMAIL], now=before)


def outcome(database: Database, server: MailServer) -> tuple[int, int, Counter[str]]:
    """(accepted twice, neither arrived nor flagged, how many deliveries in each state)."""
    accepted = Counter(str(message["Message-ID"])[1:].split("@")[0] for message in server.messages)
    with database.look() as db:
        rows = db.execute(sa.select(Delivery.message_key, Delivery.state)).all()
    assert len(rows) == PEOPLE
    unflagged = [row for row in rows if accepted[row.message_key] != 1 and row.state != "unknown"]
    return (
        len([times for times in accepted.values() if times > 1]),
        len(unflagged),
        Counter(row.state for row in rows),
    )


def hold_the_promise(database: Database, server: MailServer, point: str) -> None:
    people_to_remind(database)
    assert run_and_kill(database, server, point) == (0 if point == NOWHERE else KILLED)
    rescuers = [start(database, server, LATER, NOWHERE) for _ in range(2)]
    for rescuer in rescuers:
        _, said = rescuer.communicate(timeout=60)
        assert rescuer.returncode == 0, said
    doubled, unflagged, states = outcome(database, server)
    assert (doubled, unflagged) == (0, 0)
    assert set(states) <= {"sent", "unknown"}
    if point in {NOWHERE, "before the claim"}:
        assert states == {"sent": PEOPLE}


@pytest.mark.parametrize("point", EVERY_POINT)
def test_a_worker_killed_at_any_point_doubles_nothing_and_loses_nothing_in_silence(
    database: Database, server: MailServer, point: str
) -> None:
    hold_the_promise(database, server, point)


def test_the_count_notices_a_planted_double_and_a_planted_loss(
    sqlite_database: Database, server: MailServer
) -> None:
    people_to_remind(sqlite_database)
    assert run_and_kill(sqlite_database, server, NOWHERE) == 0
    server.accepted.append(server.accepted[0])
    assert outcome(sqlite_database, server)[:2] == (1, 1)
    del server.accepted[:]
    assert outcome(sqlite_database, server)[:2] == (0, PEOPLE)


@pytest.mark.night
@pytest.mark.timeout(600)
@pytest.mark.parametrize("run", range(20))
@pytest.mark.parametrize("point", EVERY_POINT)
def test_twenty_times_over(database: Database, server: MailServer, point: str, run: int) -> None:
    hold_the_promise(database, server, point)
