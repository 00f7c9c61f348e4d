"""A check-in that waits on a phone arrives once, whatever the network does; nobody’s bad line stops anybody else."""

from __future__ import annotations

import http.client
import socket
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from journal.serving import SILENT_S
from journal.storage.accounts import Account
from journal.storage.checkins import CheckIn
from journal.storage.submissions import Submission
from tests.faults.network import Mode, Network, network
from tests.faults.serving import Phone, Server, phone_of

STALLED = 10
GIVES_UP_AFTER_S = 3


@dataclass
class Line:
    """Alice's phone, the network between it and the server, and the server."""

    server: Server
    network: Network
    phone: Phone
    account: str

    def try_once(self, document: dict[str, object]) -> tuple[int, object] | None:
        """One attempt; what the phone was told, if anything."""
        said = document | {"sent_at": datetime.now(UTC).isoformat()}
        phone = replace(self.phone, port=self.network.port)
        try:
            status, answer = phone.send_queued(said, timeout=GIVES_UP_AFTER_S)
        except (OSError, http.client.HTTPException):
            return None
        return status, answer["outcome"]

    def document(self, **members: object) -> dict[str, object]:
        """A check-in as the phone keeps it until it is told that it is stored."""
        return {
            "account": self.account,
            "client_key": str(uuid.uuid4()),
            "recorded_at": datetime.now(UTC).isoformat(),
            "zone": "Europe/Berlin",
            "mood": 6,
            **members,
        }

    def rows(self) -> tuple[list[str], list[str]]:
        """The keys of the check-ins and of the submissions that are in the database."""
        database = self.server.open()
        with database.look() as db:
            found = (
                list(db.scalars(sa.select(CheckIn.client_key))),
                list(db.scalars(sa.select(Submission.client_key))),
            )
        database.close()
        return found


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    server = Server(tmp_path)
    cast = server.found()
    phone = phone_of(server, cast.alice)
    database = server.open()
    with database.look() as db:
        account = db.get_one(Account, cast.alice.account_id).public_id
    database.close()
    server.start()
    with network(server.port) as between:
        yield Line(server, between, phone, account)
    server.kill()


# What the phone hears the first time, and what when it tries again over a clear line.
HEARD: dict[Mode, tuple[tuple[int, str] | None, tuple[int, str]]] = {
    Mode.CLEAR: ((201, "new"), (200, "again")),
    Mode.SLOW: ((201, "new"), (200, "again")),
    Mode.BLACK_HOLE: (None, (201, "new")),
    Mode.CUT_BEFORE: (None, (201, "new")),
    Mode.REPLY_LOST: (None, (200, "again")),
}


def test_each_check_in_arrives_once_whatever_the_line_does(line: Line) -> None:
    kept = []
    for mode, (first, again) in HEARD.items():
        document = line.document()
        line.network.mode = mode
        assert line.try_once(document) == first, mode
        line.network.mode = Mode.CLEAR
        assert line.try_once(document) == again, mode
        kept.append(document["client_key"])
    check_ins, submissions = line.rows()
    assert sorted(check_ins) == sorted(submissions) == sorted(map(str, kept))


def test_a_reply_that_is_lost_again_and_again_stays_one_check_in(line: Line) -> None:
    document = line.document()
    line.network.mode = Mode.REPLY_LOST
    assert [line.try_once(document) for _ in range(5)] == [None] * 5
    assert line.network.lost == 5
    assert line.rows() == ([document["client_key"]], [document["client_key"]])


def test_both_bodies_of_a_key_are_kept_although_no_reply_was_heard(line: Line) -> None:
    document = line.document()
    line.network.mode = Mode.REPLY_LOST
    line.try_once(document)
    line.try_once({**document, "mood": 2})
    line.network.mode = Mode.CLEAR
    assert line.try_once({**document, "mood": 2}) == (409, "conflict")
    assert line.try_once(document) == (200, "again")
    assert line.rows()[0] == [document["client_key"]]


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"POST /api/check-ins HTTP/1.1\r\nHost: 127",
        b"POST /api/check-ins HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        b"Content-Length: 900\r\n\r\n{",
    ],
    ids=["nothing", "half of the headers", "half of the body"],
)
def test_ten_phones_that_stall_do_not_stop_an_eleventh(line: Line, sent: bytes) -> None:
    with ExitStack() as stalled:
        for _ in range(STALLED):
            phone = stalled.enter_context(socket.create_connection(("127.0.0.1", line.server.port)))
            phone.sendall(sent)
        for _ in range(5):
            assert line.try_once(line.document()) == (201, "new")
    assert len(line.rows()[0]) == 5


@pytest.mark.night
def test_a_phone_that_falls_silent_in_the_middle_is_let_go(line: Line) -> None:
    with socket.create_connection(("127.0.0.1", line.server.port), timeout=SILENT_S * 3) as phone:
        phone.sendall(b"POST /api/check-ins HTTP/1.1\r\nHost: 127")
        assert phone.recv(1) == b""
