"""The way out for text messages: what a day may have of them, and sending without keeping anybody waiting."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from socket import socket

import pytest
import sqlalchemy as sa

from journal.config import Config
from journal.services.sending import NotSent
from journal.services.sms import Texts, texts_of
from journal.storage.database import Database
from tests.cast import NOW
from tests.conftest import MASTER_KEYS, Clock
from tests.web_server import WebServer, says

NUMBER = "+4917612345678"


@pytest.fixture
def server() -> Iterator[WebServer]:
    with WebServer(None) as server:
        yield server


def texts(config: Config, database: Database, server: WebServer, clock: Clock, *, most: int = 500) -> Texts:
    url = f"webhook+http://127.0.0.1:{server.port}/out"
    settings = replace(config, sms_url=url, sms_secret="s" * 32, sms_per_day=most)
    found = texts_of(settings, database, clock=clock)
    assert found
    return found


def is_sent(way: Texts) -> bool:
    try:
        way.send(NUMBER, "123456 is your code", key="k")
    except NotSent as fault:
        if fault.reason != "cap":
            raise
        return False
    return True


def test_without_a_setting_there_is_no_way_out(
    config: Config, sqlite_database: Database, clock: Clock
) -> None:
    assert texts_of(config, sqlite_database, clock=clock) is None


def test_two_nodes_that_send_at_once_send_no_more_than_the_cap(
    config: Config, database: Database, server: WebServer, clock: Clock
) -> None:
    other = Database(database.engine.url.render_as_string(hide_password=False), MASTER_KEYS)
    nodes = [texts(config, one, server, clock, most=5) for one in (database, other)]
    with ThreadPoolExecutor(6) as threads:
        sent = list(threads.map(is_sent, nodes * 6))
    other.close()
    assert (sent.count(True), len(server.requests)) == (5, 5)


def test_past_the_cap_the_way_is_closed_until_midnight_utc(
    config: Config, sqlite_database: Database, server: WebServer, clock: Clock
) -> None:
    way = texts(config, sqlite_database, server, clock, most=0)
    with pytest.raises(NotSent) as caught:
        way.send(NUMBER, "…", key="k")
    assert (caught.value.reason, caught.value.permanent) == ("cap", False)
    assert caught.value.retry_after == timedelta(hours=6)
    assert server.requests == []


def test_a_message_that_failed_is_counted_all_the_same(
    config: Config, sqlite_database: Database, server: WebServer, clock: Clock
) -> None:
    way = texts(config, sqlite_database, server, clock, most=1)
    server.next.append(says(503))
    with pytest.raises(NotSent, match="refused 503"):
        way.send(NUMBER, "…", key="k")
    assert not is_sent(way)


def test_the_next_day_begins_anew(
    config: Config, sqlite_database: Database, server: WebServer, clock: Clock
) -> None:
    way = texts(config, sqlite_database, server, clock, most=1)
    assert [is_sent(way), is_sent(way)] == [True, False]
    clock.moment = NOW + timedelta(hours=6)
    assert is_sent(way)


def test_what_is_sent_soon_is_sent_by_another_thread(
    config: Config, sqlite_database: Database, server: WebServer, clock: Clock
) -> None:
    way = texts(config, sqlite_database, server, clock)
    asker_went_on, waited = threading.Event(), []

    def answers_when_the_asker_went_on(line: socket, over: threading.Event) -> None:
        waited.append(asker_went_on.wait(5))
        says(200)(line, over)

    server.next.append(answers_when_the_asker_went_on)
    way.send_soon(NUMBER, "one", key="k1")
    asker_went_on.set()
    way.close()
    assert waited == [True]


def test_what_could_not_be_sent_soon_is_told_to_the_log_without_number_or_text(
    config: Config,
    sqlite_database: Database,
    server: WebServer,
    clock: Clock,
    capfd: pytest.CaptureFixture[str],
) -> None:
    way = texts(config, sqlite_database, server, clock)
    server.next.append(says(400, NUMBER.encode()))
    way.send_soon(NUMBER, "123456 is your code", key="k1")
    way.close()
    said = "".join(capfd.readouterr())
    assert "refused 400" in said
    assert NUMBER[1:] not in said
    assert "123456" not in said


def test_what_could_not_be_counted_is_certainly_not_sent(
    config: Config, sqlite_database: Database, server: WebServer, clock: Clock
) -> None:
    way = texts(config, sqlite_database, server, clock)
    with sqlite_database.unit_of_work() as db:
        db.execute(sa.text("DROP TABLE rate_limit"))
    with pytest.raises(NotSent, match="OperationalError") as found:
        way.send(NUMBER, "Got a minute?", key="k")
    assert not found.value.permanent
    assert server.requests == []
