"""Workers that are killed while they remind ten people: nobody is reminded twice, and nobody is forgotten in silence.

The matrix of the reminder semantics: a real worker process is killed at each point, two others start at one moment
and find what it left. A message that may or may not have left is not certain, and says so; except where a repeat takes
its own place, as notifications do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from journal.domain.reminder_limits import LEASE
from journal.jobs.timetable import TIMETABLE
from journal.services.reminders import EMAIL, PUSH, SMS
from journal.storage.database import Database
from tests.cast import NOW
from tests.faults.crashes import PEOPLE, Outcome, latest_sent_at, outcome, people_to_remind
from tests.faults.dying_worker import (
    AFTER_CALL,
    AFTER_CLAIM,
    AFTER_MARK,
    BEFORE_CALL,
    BEFORE_CLAIM,
    IN_SWEEP,
    NOWHERE,
    POINTS,
    ended,
    orders,
    start,
)
from tests.peers import EVERY_CHANNEL, Peers, peers
from tests.web_server import Asked

SQLITE = "sqlite"
POSTGRES = "postgresql"
EVERY_POINT = (NOWHERE, *POINTS)
KILLED = -9
LATER = NOW + timedelta(seconds=55)
"""The dead worker's hold has ended, and every tick that looks for such has come since."""

Note = Callable[[str, object], None]


def case(channel: str, database: str, point: str) -> object:
    marks = [pytest.mark.postgres] if database == POSTGRES else []
    return pytest.param(channel, database, point, marks=marks, id=f"{channel}-{database}-{point}")


BY_DAY = (
    (EMAIL, POSTGRES, NOWHERE),
    (PUSH, SQLITE, BEFORE_CLAIM),
    (SMS, POSTGRES, AFTER_CLAIM),
    (PUSH, POSTGRES, BEFORE_CALL),
    (EMAIL, SQLITE, AFTER_CALL),
    (SMS, POSTGRES, AFTER_CALL),
    (PUSH, SQLITE, AFTER_CALL),
    (SMS, SQLITE, AFTER_MARK),
    (EMAIL, SQLITE, IN_SWEEP),
)
"""Each point once, and by every channel the one after which nobody knows whether a message arrived."""
SHORT = tuple(case(*one) for one in BY_DAY)
FULL = tuple(case(*one) for one in product(EVERY_CHANNEL, (SQLITE, POSTGRES), EVERY_POINT))


@pytest.fixture
def to() -> Iterator[Peers]:
    with peers() as found:
        yield found


def run_and_kill(database: Database, channel: str, to: Peers, point: str) -> int | None:
    """One worker that is killed at ``point``; how it ended."""
    if point != IN_SWEEP:
        return ended(start(orders(database, channel, to, NOW, point)))
    # The sweep is of what another worker had claimed and left.
    assert ended(start(orders(database, channel, to, NOW, AFTER_CLAIM))) == KILLED
    return ended(start(orders(database, channel, to, LATER, point)))


def hold_the_promise(database: Database, channel: str, to: Peers, point: str) -> Outcome:
    people_to_remind(database, channel)
    assert run_and_kill(database, channel, to, point) == (0 if point == NOWHERE else KILLED)
    rescuers = [start(orders(database, channel, to, LATER)) for _ in range(2)]
    assert [ended(rescuer) for rescuer in rescuers] == [0, 0]
    return outcome(database, channel, to)


def check(channel: str, database: Database, to: Peers, point: str, note: Note) -> None:
    found = hold_the_promise(database, channel, to, point)
    unknown = found.states["unknown"]
    figures = [1, PEOPLE, found.doubled, found.missed, unknown, found.unflagged, found.repeated]
    note("crash", [channel, database.engine.dialect.name, point, figures])
    assert (found.doubled, found.unflagged) == (0, 0)
    assert set(found.states) <= ({"sent"} if channel == PUSH else {"sent", "unknown"})
    assert found.states.total() == PEOPLE
    if point in {NOWHERE, BEFORE_CLAIM, AFTER_CLAIM, IN_SWEEP}:
        assert (found.states["sent"], found.missed, found.repeated) == (PEOPLE, 0, 0)
    latest = latest_sent_at(database)
    assert latest is not None
    assert latest - NOW <= timedelta(seconds=60)


@pytest.mark.parametrize(("channel", "database", "point"), SHORT, indirect=["database"])
def test_a_worker_killed_at_any_point_doubles_nothing_and_loses_nothing_in_silence(
    database: Database, to: Peers, channel: str, point: str, record_property: Note
) -> None:
    check(channel, database, to, point, record_property)


def test_the_day_leaves_out_no_point_and_no_channel_on_either_database() -> None:
    assert {point for _, _, point in BY_DAY} == set(EVERY_POINT)
    assert {(channel, base) for channel, base, _ in BY_DAY} == set(product(EVERY_CHANNEL, (SQLITE, POSTGRES)))
    assert {channel for channel, _, point in BY_DAY if point == AFTER_CALL} == set(EVERY_CHANNEL)


@pytest.mark.night
@pytest.mark.parametrize("run", range(20))
@pytest.mark.parametrize(("channel", "database", "point"), FULL, indirect=["database"])
def test_twenty_times_over(
    database: Database, to: Peers, channel: str, point: str, run: int, record_property: Note
) -> None:
    check(channel, database, to, point, record_property)


def test_the_hold_and_the_tick_that_notices_last_less_than_a_minute() -> None:
    (tick,) = {entry.every for entry in TIMETABLE if entry.name.startswith("take-over-by-")}
    assert NOW + LEASE + tick <= LATER <= NOW + timedelta(seconds=60)


@pytest.mark.parametrize("channel", EVERY_CHANNEL)
def test_the_count_notices_a_planted_double_and_a_planted_loss(
    sqlite_database: Database, to: Peers, channel: str
) -> None:
    people_to_remind(sqlite_database, channel)
    assert ended(start(orders(sqlite_database, channel, to, NOW))) == 0
    assert outcome(sqlite_database, channel, to).unflagged == 0
    if channel == EMAIL:
        arrived: list[object] = to.mail.accepted  # type: ignore[assignment]
        arrived.append(arrived[0])
    else:
        service = to.push if channel == PUSH else to.sms
        arrived = service.requests  # type: ignore[assignment]
        first = service.requests[0]
        arrived.append(Asked(first.line, first.headers | {"topic": "another"}, first.body))
    assert outcome(sqlite_database, channel, to).doubled == 1
    del arrived[:]
    found = outcome(sqlite_database, channel, to)
    assert (found.missed, found.unflagged) == (PEOPLE, PEOPLE)


def test_a_repeat_in_its_own_place_is_no_second_message(sqlite_database: Database, to: Peers) -> None:
    people_to_remind(sqlite_database, PUSH)
    assert ended(start(orders(sqlite_database, PUSH, to, NOW))) == 0
    to.push.requests.append(to.push.requests[0])
    found = outcome(sqlite_database, PUSH, to)
    assert (found.doubled, found.repeated) == (0, 1)


@pytest.mark.parametrize("channel", [EMAIL, SMS])
def test_the_matrix_notices_a_worker_that_repeats_what_may_have_arrived(
    sqlite_database: Database, to: Peers, channel: str
) -> None:
    people_to_remind(sqlite_database, channel)
    assert run_and_kill(sqlite_database, channel, to, AFTER_CALL) == KILLED
    faulty = replace(orders(sqlite_database, channel, to, LATER), repeats=True)
    assert ended(start(faulty)) == 0
    assert outcome(sqlite_database, channel, to).doubled >= 1
