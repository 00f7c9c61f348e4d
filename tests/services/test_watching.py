from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib.metadata import version

import pytest

from journal.config import Config
from journal.services import deliveries, watching
from journal.services.watching import Alarm, Pulse, Standing, dead_man_of
from journal.storage import watching as rows
from journal.storage.database import Database
from tests.builders import check_in
from tests.cast import NOW, Cast
from tests.reminding import claim, remind, utc
from tests.web_server import WebServer, says

DUE = utc("2026-03-30 18:30")
SECOND = timedelta(seconds=1)
FIVE_MINUTES = timedelta(minutes=5)


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer(None) as server:
        yield server


def sign(database: Database, *, at: timedelta, name: str = "w1") -> None:
    with database.unit_of_work() as db:
        rows.give_sign(db, name, version="7", now=NOW + at)


def pulse(database: Database, *, at: timedelta = timedelta()) -> Pulse:
    with database.look() as db:
        return watching.pulse(db, now=NOW + at)


def standing(database: Database, *, at: timedelta = timedelta()) -> Standing:
    with database.look() as db:
        return watching.standing(db, now=NOW + at)


def test_a_worker_that_died_is_an_alarm_within_five_minutes(sqlite_database: Database) -> None:
    sign(sqlite_database, at=timedelta())
    assert pulse(sqlite_database, at=FIVE_MINUTES - SECOND).alarms == ()
    assert pulse(sqlite_database, at=FIVE_MINUTES).alarms == (Alarm.NO_WORKER,)


def test_no_worker_at_all_is_an_alarm(sqlite_database: Database) -> None:
    assert pulse(sqlite_database).alarms == (Alarm.NO_WORKER,)
    assert pulse(sqlite_database).last_seen is None


def test_one_living_worker_is_enough(sqlite_database: Database) -> None:
    sign(sqlite_database, at=timedelta(), name="dead")
    sign(sqlite_database, at=FIVE_MINUTES, name="alive")
    now = pulse(sqlite_database, at=FIVE_MINUTES + SECOND)
    assert now.alarms == ()
    assert now.workers == ((SECOND, "7"), (FIVE_MINUTES + SECOND, "7"))


def test_a_clock_set_back_keeps_no_dead_worker_alive(sqlite_database: Database) -> None:
    sign(sqlite_database, at=timedelta(hours=2))
    assert pulse(sqlite_database).alarms == (Alarm.NO_WORKER,)


def test_a_reminder_that_waits_for_more_than_five_minutes_is_an_alarm(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=NOW)
    due_in = DUE - NOW
    for after in (timedelta(), FIVE_MINUTES, FIVE_MINUTES + SECOND):
        sign(database, at=due_in + after)
        alarms = (Alarm.REMINDERS_WAIT,) if after > FIVE_MINUTES else ()
        assert pulse(database, at=due_in + after).alarms == alarms


def test_what_is_not_due_yet_waits_for_nobody(sqlite_database: Database) -> None:
    queues = pulse(sqlite_database).queues
    assert [(queue.channel, queue.oldest, queue.depth) for queue in queues] == [
        ("email", timedelta(0), 0),
        ("push", timedelta(0), 0),
        ("sms", timedelta(0), 0),
    ]


def test_all_figures_of_a_moment(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=NOW)
    remind(database, cast.dan, "20:30", at=NOW)
    with database.unit_of_work() as db:
        check_in(db, cast.alice, at=DUE)
    claim(database, DUE)
    now = standing(database, at=DUE - NOW)
    assert [(one.state, one.reason, one.count) for one in now.outcomes] == [
        ("claimed", None, 1),
        ("skipped", "checked_in", 1),
    ]
    assert now.quarantined == 0
    assert now.zone_data == version("tzdata")
    assert now.audit_head is not None
    assert now.audit_head.at == DUE


def test_what_was_given_up_through_a_fault_of_ours_is_counted(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=NOW)
    (key,) = claim(database, DUE).to_send
    for _ in range(3):
        with database.unit_of_work() as db:
            deliveries.record_fault(db, key, worker="w1", now=DUE)
        with database.unit_of_work() as db:
            deliveries.sweep(db, worker="w1", now=DUE + timedelta(hours=1), limit=9)
    assert standing(database, at=DUE - NOW).quarantined == 1


def test_outcomes_older_than_a_day_are_left_out(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=NOW)
    claim(database, DUE)
    day = timedelta(days=1)
    assert len(standing(database, at=DUE - NOW + day - SECOND).outcomes) == 1
    assert standing(database, at=DUE - NOW + day).outcomes == ()


def test_without_the_setting_nobody_is_called(config: Config) -> None:
    assert dead_man_of(config) is None


def test_the_call_says_nothing_but_that_it_is_made(config: Config, server: WebServer) -> None:
    server.next.append(says(200))
    dead_man = dead_man_of(replace(config, deadman_url=f"http://127.0.0.1:{server.port}/secret"))
    assert dead_man is not None
    assert dead_man.call() is None
    (asked,) = server.requests
    assert (asked.line, asked.body) == ("POST /secret HTTP/1.1", b"")


def test_a_call_that_is_refused_says_so_without_the_address(config: Config, server: WebServer) -> None:
    server.next.append(says(404))
    dead_man = dead_man_of(replace(config, deadman_url=f"http://127.0.0.1:{server.port}/secret"))
    assert dead_man is not None
    assert dead_man.call() == "refused 404"
    assert (dead_man_of(replace(config, deadman_url="http://127.0.0.1:1/secret")) or dead_man).call() == (
        "connection: ConnectionRefusedError"
    )


def test_without_tls_the_call_stays_on_this_machine(config: Config) -> None:
    dead_man = dead_man_of(replace(config, deadman_url="http://10.0.0.1/secret"))
    assert dead_man is not None
    assert dead_man.call() == "address not allowed"
