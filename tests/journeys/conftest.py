"""Real browsers: a site served on loopback with a clock that can be moved, and Chromium as a phone or a laptop."""

from __future__ import annotations

import fcntl
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import flask
import pytest
from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, sync_playwright
from werkzeug.serving import BaseWSGIServer, make_server

from journal import demo
from journal.app import create_app
from journal.config import Config
from journal.jobs.worker import Worker
from journal.services.mail import Post
from journal.storage.database import Database
from tests import cast as people
from tests import compiled
from tests.cast import Person
from tests.conftest import HEADLESS_SHELL, MASTER_KEYS, Clock
from tests.faults.serving import free_port
from tests.journeys.demo_clinic import NOW, PASSWORD, Clinic, open_links, own_records, real_ids
from tests.journeys.network import Network

PHONE = {"width": 390, "height": 844}
SMALL_PHONE = {"width": 320, "height": 640}
LAPTOP = {"width": 1280, "height": 900}

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """The system's Chromium without its windows, which is half the work; where there is no such shell, all of it.

    The shell lays out, paints, runs scripts and keeps workers as the whole does. It has no back-forward cache, shows
    no notifications, installs nothing and asks for no icon.
    """
    running = playwright.chromium.launch(executable_path=HEADLESS_SHELL or chromium, args=FLAGS)
    yield running
    running.close()


@pytest.fixture(scope="session")
def whole_browser(playwright: Playwright, chromium: str) -> Iterator[Browser]:
    """Chromium as people have it, with windows that nobody sees. It keeps pages for its back button, as theirs does;
    Playwright's own has that switched off.
    """
    running = playwright.chromium.launch(
        executable_path=chromium, args=FLAGS, ignore_default_args=["--disable-back-forward-cache"]
    )
    yield running
    running.close()


@dataclass
class LiveSite:
    """A site that browsers can reach. Its mail lands in files; its clock stands where the test put it."""

    base_url: str
    config: Config
    database: Database
    clock: Clock
    network: Network
    _contexts: list[BrowserContext] = field(default_factory=list)

    def open(
        self,
        browser: Browser,
        *,
        size: dict[str, int] = PHONE,
        dark: bool = False,
        scripts: bool = True,
        zone: str = "Europe/Berlin",
        workers: bool = True,
    ) -> Page:
        """A new person's browser, with nothing in it. Errors of scripts and requests elsewhere fail the test."""
        context = browser.new_context(
            base_url=self.base_url,
            viewport=size,  # type: ignore[arg-type]
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            timezone_id=zone,
            service_workers="allow" if workers else "block",
            locale="en-GB",
            reduced_motion="reduce",
            has_touch=size["width"] < 600,
        )
        context.set_default_timeout(10_000)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", _refuse_errors)
        page.on("pageerror", lambda error: faults.append(f"a script failed: {error}"))
        page.on("request", lambda request: _refuse_elsewhere(request.url, self.base_url))
        return page

    def sign_in(self, context: BrowserContext, person: Person) -> None:
        """Let ``person`` be signed in with this browser, as if they had just been let in."""
        with self.database.unit_of_work() as db:
            token = people.web_session(db, person, now=self.clock())
        signer = flask.Flask("cookies")
        signer.secret_key = self.config.secret_key
        cookies = SecureCookieSessionInterface().get_signing_serializer(signer)
        assert cookies is not None
        kept = {"name": "journal", "value": cookies.dumps({"_user_id": token}), "url": self.base_url}
        context.add_cookies([{**kept, "expires": time.time() + 30 * 86_400}])  # type: ignore[list-item]

    def letters(self) -> list[str]:
        """Every mail so far, oldest first, as the text a person would read."""
        import email
        import email.policy

        found = []
        for path in sorted(self.config.outbox.glob("*.eml"), key=lambda path: path.stat().st_mtime_ns):
            message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = message.get_body(("plain",))
            found.append(
                f"To: {message['To']}\nSubject: {message['Subject']}\n\n{body.get_content() if body else ''}"
            )
        return found

    def worker(self) -> Worker:
        """A reminder worker over the same database, clock and mail."""
        return Worker(
            name="journey",
            config=self.config,
            database=self.database,
            post=Post(self.config),
            clock=self.clock,
        )

    def close(self) -> None:
        for context in self._contexts:
            context.close()


faults: list[str] = []


def _refuse_errors(message: ConsoleMessage) -> None:
    # A page that answers 404 or 422 on purpose is reported by the browser as a failed resource.
    if message.type == "error" and "Failed to load resource" not in message.text:
        faults.append(message.text)


def _refuse_elsewhere(url: str, base_url: str) -> None:
    if not url.startswith((base_url, "data:", "about:", "blob:")):
        faults.append(f"a request left for {url}")


@pytest.fixture(autouse=True)
def nothing_odd_happened() -> Iterator[None]:
    """No console error, and no request to anybody else, in any browser of the test."""
    faults.clear()
    yield
    assert faults == []


@pytest.fixture(scope="session")
def serve_live() -> Iterator[Callable[[Path, Database, datetime], LiveSite]]:
    """Serves a database at an address of its own until the tests are over."""
    servers: list[BaseWSGIServer] = []

    def serve(folder: Path, database: Database, moment: datetime) -> LiveSite:
        port = free_port()
        config = Config(
            data_dir=folder,
            database_url=str(database.engine.url),
            base_url=f"http://127.0.0.1:{port}",
            secret_key="a secret of at least thirty-two characters",
            master_key_file=folder / "keys" / "master.json",
            smtp_url=None,
            mail_from="hello@journal.example.org",
            trusted_proxies=0,
            registration="invite",
            demo=True,
        )
        clock = Clock(moment)
        network = Network(create_app(config, database=database, now=clock))
        server = make_server("127.0.0.1", port, network, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return LiveSite(
            base_url=config.base_url, config=config, database=database, clock=clock, network=network
        )

    yield serve
    for server in servers:
        server.shutdown()


@pytest.fixture
def sqlite_database(migrated_sqlite: Path, tmp_path: Path) -> Iterator[Database]:
    """An empty one: who lives in a live site is put there at its own time."""
    shutil.copy(migrated_sqlite, tmp_path / "journal.db")
    database = Database(f"sqlite:///{tmp_path / 'journal.db'}", MASTER_KEYS)
    compiled.share_statements(database)
    yield database
    database.close()


@pytest.fixture
def live(
    sqlite_database: Database, tmp_path: Path, serve_live: Callable[[Path, Database, datetime], LiveSite]
) -> Iterator[LiveSite]:
    """An empty installation, at ten in the morning (UTC) of Monday 30 March 2026."""
    site = serve_live(tmp_path, sqlite_database, datetime(2026, 3, 30, 10, 0, tzinfo=UTC))
    yield site
    site.close()


@pytest.fixture(scope="session")
def filled_demo(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A SQLite file with the demo clinic in it, to be copied: filled by whichever process of tests wants it first."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent  # is the same for all of them
    filled = folder / "demo.db"
    with (folder / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not filled.exists():
            filling = folder / "filling.db"
            shutil.copy(migrated_sqlite, filling)
            database = Database(f"sqlite:///{filling}", MASTER_KEYS)
            demo.fill(database, password=PASSWORD, now=NOW)
            database.close()
            filling.rename(filled)
    return filled


@pytest.fixture(scope="module")
def clinic(
    filled_demo: Path,
    tmp_path_factory: pytest.TempPathFactory,
    serve_live: Callable[[Path, Database, datetime], LiveSite],
) -> Iterator[Clinic]:
    """The demo clinic, for all tests of one file."""
    folder = tmp_path_factory.mktemp("clinic")
    shutil.copy(filled_demo, folder / "journal.db")
    database = Database(f"sqlite:///{folder / 'journal.db'}", MASTER_KEYS)
    compiled.share_statements(database)
    own_records(database)
    links = open_links(database)
    site = serve_live(folder, database, NOW)
    yield Clinic(site, real_ids(database), links)
    site.close()
    database.close()
