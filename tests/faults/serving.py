"""A real server for fault tests: ``journal serve`` as a process group that can be killed, and a phone that posts to it.

The phone knows the secret key, so it can make its own cookie and form token without reading pages.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from journal.storage.database import Database
from journal.storage.sealing import MasterKeys
from tests import cast as people
from tests.cast import Cast, Person
from tests.migrated import migrate

SECRET = "a secret of at least thirty-two characters"
COOKIE = "__Host-journal"
READY_WITHIN_S = 30


def free_port() -> int:
    """A port of the loopback interface that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@dataclass
class Server:
    """An installation in a folder of its own, with the cast in it."""

    folder: Path
    database_url: str = ""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        self.database_url = self.database_url or f"sqlite:///{self.folder / 'data' / 'journal.db'}"
        (self.folder / "data").mkdir(exist_ok=True)

    @property
    def keys(self) -> MasterKeys:
        path = self.folder / "keys" / "master.json"
        return MasterKeys.read(path) if path.exists() else MasterKeys.create(path)

    def open(self) -> Database:
        """The installation's database, as the program would open it."""
        return Database(self.database_url, self.keys)

    def found(self) -> Cast:
        """Migrate and move the cast in."""
        database = self.open()
        migrate(database.engine)
        with database.unit_of_work() as db:
            cast = people.assemble(db, now=people.NOW.replace(year=people.NOW.year - 1))
        database.close()
        return cast

    def start(self, *, workers: int = 2) -> None:
        """Start the web and wait until it answers."""
        environment = {
            "PATH": os.environ["PATH"],
            "JOURNAL_DATA_DIR": str(self.folder / "data"),
            "JOURNAL_DATABASE_URL": self.database_url,
            "JOURNAL_MASTER_KEY_FILE": str(self.folder / "keys" / "master.json"),
            "JOURNAL_SECRET_KEY": SECRET,
            "JOURNAL_BASE_URL": "https://journal.example.org",
            "JOURNAL_SMTP_URL": "smtp://127.0.0.1:9",
        }
        command = ["serve", "--port", str(self.port), "--workers", str(workers), "--no-worker"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "journal.cli", *command],
            env=environment,
            cwd=Path(__file__).parents[2],
            stdout=subprocess.DEVNULL,
            stderr=(self.folder / "server.log").open("ab"),
            start_new_session=True,
        )
        deadline = time.monotonic() + READY_WITHIN_S
        while time.monotonic() < deadline:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
                connection.request("GET", "/livez")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError("the server did not start: " + (self.folder / "server.log").read_text()[-2000:])

    def kill(self) -> None:
        """kill -9 of every process of the server at once."""
        self._signal(signal.SIGKILL)

    def stop(self) -> int:
        """Ask it to stop; its exit code."""
        return self._signal(signal.SIGTERM)

    def _signal(self, number: signal.Signals) -> int:
        if self.process is None:
            return 0
        target = os.killpg if number is signal.SIGKILL else os.kill
        target(self.process.pid, number)
        code = self.process.wait(timeout=40)
        self.process = None
        return code


@dataclass
class Phone:
    """A signed-in patient's phone that posts check-ins."""

    port: int
    token: str

    def __post_init__(self) -> None:
        app = flask.Flask("phone")
        app.secret_key = SECRET
        signer = SecureCookieSessionInterface().get_signing_serializer(app)
        if signer is None:
            raise RuntimeError("a phone needs the secret key")
        signed = signer.dumps({"_user_id": self.token, "csrf_token": "known", "_permanent": True})
        self.cookie = f"{COOKIE}={signed}"
        self._csrf = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").dumps("known")

    def form(self, key: str, *, mood: int, note: str = "", **items: int) -> tuple[bytes, dict[str, str]]:
        """The body and the headers of one check-in. ``items``: further answers by their names."""
        fields = {"csrf_token": self._csrf, "client_key": key, "mood": mood, "note": note, **items}
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Cookie": self.cookie,
        }
        return urlencode(fields).encode(), headers

    def check_in(self, key: str, *, mood: int, note: str = "", timeout: float = 10) -> int:
        """Post one check-in; the status of the answer. OSError or HTTPException when there was none."""
        body, headers = self.form(key, mood=mood, note=note)
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request("POST", "/check-in", body=body, headers=headers)
            answer = connection.getresponse()
            answer.read()
            return answer.status
        finally:
            connection.close()

    def send_queued(
        self, document: dict[str, object], *, timeout: float = 10
    ) -> tuple[int, dict[str, object]]:
        """Post what was kept without a network; the status and the answer. Raises as :meth:`check_in` does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        headers = {"Content-Type": "application/json", "Cookie": self.cookie, "X-CSRFToken": self._csrf}
        try:
            connection.request("POST", "/api/check-ins", body=json.dumps(document), headers=headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()


def phone_of(server: Server, person: Person) -> Phone:
    """Sign a person in on a new phone."""
    from journal import clock

    database = server.open()
    with database.unit_of_work() as db:
        token = people.web_session(db, person, now=clock.now())
    database.close()
    return Phone(port=server.port, token=token)
