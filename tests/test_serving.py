"""``journal serve`` as a real process: what it prints, what it logs, how it ends, and what happens to its worker."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest

from journal import NOT_YET
from journal.config import Config
from journal.services.installation import bring_up_to_date
from journal.serving import AT_WORK, READ_AHEAD, THREADS, Turns
from journal.storage import installation
from journal.storage.database import Database, create_engine
from journal.storage.sealing import MasterKeys
from tests.cast import NOW
from tests.faults.serving import free_port
from tests.migrated import migrate

WITHIN_S = 30
CANARIES = ("c4n4ry-token", "c4n4ry-query", "alice@example.org", "c4n4ry-path", "C4N4RY-METHOD", "127.0.0.1")


@dataclass
class Serving:
    """A demo without people in a folder of its own, and ``journal serve`` over it."""

    folder: Path
    port: int
    process: subprocess.Popen[str] | None = None

    @property
    def settings(self) -> dict[str, str]:
        return {"JOURNAL_DEMO": "1", "JOURNAL_DATA_DIR": str(self.folder / "data")}

    def start(self, *more: str) -> None:
        """Start it and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "journal.cli", "serve", "--port", str(self.port), "--workers", "1", *more],
            env={"PATH": os.environ["PATH"], **self.settings},
            stdout=(self.folder / "out").open("w"),
            stderr=(self.folder / "err").open("w"),
            text=True,
            start_new_session=True,
        )
        until(lambda: self.status("/livez") == 200)

    def status(self, path: str, method: str = "GET") -> int | None:
        """The status of an answer; None when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request(method, path)
            return connection.getresponse().status
        except OSError:
            return None
        finally:
            connection.close()

    def say(self, raw: bytes) -> bytes:
        """Send bytes that need not be HTTP; what comes back."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=5) as connection:
            connection.sendall(raw)
            return connection.recv(200)

    def worker(self) -> int | None:
        """The process id of the reminder worker beside the web."""
        assert self.process is not None
        for pid in family(self.process.pid):
            if "journal.cli worker" in command_of(pid):
                return pid
        return None

    @property
    def out(self) -> str:
        return (self.folder / "out").read_text()

    @property
    def err(self) -> str:
        return (self.folder / "err").read_text()

    def has_logged(self, event: str, times: int = 1) -> bool:
        return self.err.count(f'"event": "{event}"') >= times


def until(happened: Callable[[], object]) -> None:
    """Wait for something that happens soon."""
    deadline = time.monotonic() + WITHIN_S
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def family(pid: int) -> list[int]:
    """The children of a process."""
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(one) for one in listed.read_text().split()] if listed.exists() else []


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
    except OSError:
        return ""


def runs(pid: int) -> bool:
    """Whether a process is there and more than a name that nobody asked after yet."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    """An installation that can be served; stopped at the end whatever happened."""
    made = Serving(tmp_path, free_port())
    config = Config.from_env(made.settings)
    config.data_dir.mkdir(parents=True, exist_ok=True)
    engine = create_engine(config.database_url)
    migrate(engine)
    engine.dispose()
    bring_up_to_date(config)
    database = Database(config.database_url, MasterKeys.read(config.master_key_file))
    with database.unit_of_work() as db:
        installation.mark_as_demo(db, now=NOW)
    database.close()
    people = [{"role": "patient", "email": "jordan@example.org", "password": "four-words-and-more"}]
    (config.data_dir / "demo-accounts.json").write_text(json.dumps({"accounts": people}))
    yield made
    if made.process is not None and made.process.poll() is None:
        os.killpg(made.process.pid, signal.SIGKILL)
        made.process.wait()


def test_it_says_where_it_is_and_ends_cleanly_when_told_to(serving: Serving) -> None:
    serving.start()
    until(lambda: serving.has_logged("worker started"))
    assert serving.out.splitlines() == [
        f"Tideline is at http://127.0.0.1:{serving.port}",
        NOT_YET,
        "  patient    jordan@example.org     four-words-and-more",
    ]
    worker = serving.worker()
    assert worker is not None
    environment = Path(f"/proc/{worker}/environ").read_text().split("\0")
    assert f"JOURNAL_BASE_URL=http://127.0.0.1:{serving.port}" in environment
    assert serving.process is not None
    everything = family(serving.process.pid)
    assert len(everything) == 2

    serving.process.terminate()
    assert serving.process.wait(timeout=WITHIN_S) == 0
    assert [pid for pid in everything if runs(pid)] == []
    assert serving.has_logged("worker stopped")


def test_ctrl_c_ends_everything(serving: Serving) -> None:
    serving.start()
    until(lambda: serving.has_logged("worker started"))
    assert serving.process is not None
    everything = family(serving.process.pid)

    os.killpg(serving.process.pid, signal.SIGINT)  # a terminal sends it to all of them
    assert serving.process.wait(timeout=WITHIN_S) == 0
    assert [pid for pid in everything if runs(pid)] == []
    assert "Traceback" not in serving.err


def test_the_web_goes_on_without_its_worker_and_begins_it_again(serving: Serving) -> None:
    serving.start()
    first = serving.worker()
    assert first is not None
    os.kill(first, signal.SIGKILL)
    until(lambda: serving.has_logged("worker ended by itself, will be begun again"))
    assert serving.status("/livez") == 200
    until(lambda: serving.worker() not in {first, None})

    until(lambda: serving.has_logged("worker started"))
    second = serving.worker()
    assert serving.process is not None
    assert second is not None
    serving.process.kill()
    serving.process.wait()
    until(lambda: not runs(second))  # nobody is left to end it, and it ends all the same


def test_without_a_worker_there_is_none(serving: Serving) -> None:
    serving.start("--no-worker")
    assert serving.process is not None
    assert serving.worker() is None
    serving.process.terminate()
    assert serving.process.wait(timeout=WITHIN_S) == 0


def test_a_log_tells_of_requests_and_of_nobody(serving: Serving) -> None:
    serving.start("--no-worker")
    assert serving.status("/c/c4n4ry-token?note=c4n4ry-query&who=alice@example.org") == 404
    assert serving.status("/c4n4ry-path", "C4N4RY-METHOD") == 404
    assert serving.say(b"c4n4ry-path alice@example.org\r\n\r\n").startswith(b"HTTP/1.1 400")
    until(lambda: serving.has_logged("web server"))
    lines = [json.loads(line) for line in serving.err.splitlines()]
    assert [(one["route"], one["method"], one["status"]) for one in lines if one["event"] == "request"] == [
        ("/c/<token>", "GET", 404),
        (None, "other", 404),
    ]
    assert {one["process"] for one in lines} == {"web"}
    assert [canary for canary in CANARIES if canary in serving.err] == []


def refused(serving: Serving, **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "journal.cli", "serve", "--port", str(serving.port)],
        env={"PATH": os.environ["PATH"], **serving.settings, **settings},
        capture_output=True,
        text=True,
        timeout=WITHIN_S,
        check=False,
    )


def test_a_port_that_is_taken_is_said_in_one_line(serving: Serving) -> None:
    with socket.create_server(("127.0.0.1", serving.port)):
        done = refused(serving)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"Nothing can listen on 127.0.0.1, port {serving.port}: Address already in use. "
        "Choose another with --host or --port\n"
    )


def test_an_installation_that_is_not_fit_is_not_served(serving: Serving) -> None:
    done = refused(serving, JOURNAL_DEMO="0", JOURNAL_COLOUR="blue")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "JOURNAL_SMTP_URL: needed, because people sign in and are reminded by mail",
        "JOURNAL_BASE_URL: must begin with https:// (only a demo may go without)",
        "JOURNAL_COLOUR: no such setting",
    ]


class Body:
    """What a phone sends: nothing comes until ``arrived`` is set."""

    def __init__(self, data: bytes, *, arrived: threading.Event) -> None:
        self.data = data
        self.arrived = arrived
        self.was_read = False

    def read(self, size: int = -1) -> bytes:
        self.was_read = True
        assert self.arrived.wait(WITHIN_S)
        return self.data[:size]


def now_arrived() -> threading.Event:
    arrived = threading.Event()
    arrived.set()
    return arrived


def ask(turns: Turns, body: Body) -> bytes:
    environ = {"CONTENT_LENGTH": str(len(body.data)), "wsgi.input": body}
    return b"".join(turns(environ, lambda *_: print))


def echo(environ: WSGIEnvironment, _start: StartResponse) -> list[bytes]:
    return [environ["wsgi.input"].read()]


def test_a_phone_that_stalls_takes_nobodys_turn() -> None:
    turns, arrived = Turns(echo), threading.Event()
    with ThreadPoolExecutor(THREADS) as phones:
        stalled = [phones.submit(ask, turns, Body(b"late", arrived=arrived)) for _ in range(AT_WORK + 2)]
        assert ask(turns, Body(b"in time", arrived=now_arrived())) == b"in time"
        assert not any(one.done() for one in stalled)
        arrived.set()
        assert {one.result(WITHIN_S) for one in stalled} == {b"late"}


def test_no_more_work_at_once_than_the_database_bears() -> None:
    lock, at_work, most = threading.Lock(), 0, 0

    def work(_environ: WSGIEnvironment, _start: StartResponse) -> list[bytes]:
        nonlocal at_work, most
        with lock:
            at_work += 1
            most = max(most, at_work)
        time.sleep(0.005)
        with lock:
            at_work -= 1
        return [b"done"]

    turns = Turns(work)
    with ThreadPoolExecutor(THREADS) as phones:
        answers = phones.map(lambda _: ask(turns, Body(b"x", arrived=now_arrived())), range(THREADS))
    assert set(answers) == {b"done"}
    assert 1 < most <= AT_WORK


def test_a_large_body_is_not_read_before_it_is_known_who_sends_it() -> None:
    large = Body(b"x" * (READ_AHEAD + 1), arrived=now_arrived())
    assert ask(Turns(lambda _environ, _start: [b"who are you?"]), large) == b"who are you?"
    assert not large.was_read


def test_a_turn_that_ends_in_a_fault_is_free_again() -> None:
    def fault(_environ: WSGIEnvironment, _start: StartResponse) -> list[bytes]:
        raise ZeroDivisionError

    turns = Turns(fault)
    for _ in range(AT_WORK + 1):
        with pytest.raises(ZeroDivisionError):
            ask(turns, Body(b"x", arrived=now_arrived()))
