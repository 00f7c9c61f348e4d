"""The check-in: how near the program comes to the bare driver, and how far it is ahead of the usual way."""

from __future__ import annotations

import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from statistics import median, quantiles
from urllib.parse import parse_qs

import flask
import sqlalchemy as sa

from journal.services.links import fingerprint
from journal.storage.audit import AuditEvent
from journal.storage.checkins import CheckIn
from journal.storage.submissions import Submission
from tests.benchmarks.floor_check_in import csrf_token, floor_app
from tests.benchmarks.http_load import NewForm, Tally, post_check_ins
from tests.benchmarks.installations import Installation, folder, founded, kinds
from tests.benchmarks.measure import Goal, Turn, in_turn, judge, on_core, per_second, show
from tests.benchmarks.overheard import overhear
from tests.benchmarks.typical_check_in import typical_app
from tests.benchmarks.wsgi import call, environ_of
from tests.faults.serving import COOKIE, Phone, free_port, phone_of

NAME = "check_in"
ABOUT = "POST /check-in over the raw driver running the same SQL, and over the usual Flask way"

FLOOR = "floor: Flask, raw driver, the same SQL"
PRODUCT = "Tideline"
TYPICAL = "usual: Flask-Login, Flask-WTF, ORM"
ANSWERS = {"anxiety": 1, "energy": 3, "sleep_quality": 3, "sleep_min": 420, "activity_min": 30}
TO_FLOOR = {
    "SQLite": Goal(1, gate=0.60, extreme=0.85, more_is_better=True),
    "PostgreSQL": Goal(2, gate=0.60, extreme=0.85, more_is_better=True),
}
TO_TYPICAL = Goal(3, gate=3, extreme=5, more_is_better=True)


class FloorPhone(Phone):
    """A phone that is signed in at the floor: its cookie is the bare token."""

    def __post_init__(self) -> None:
        self.cookie = f"{COOKIE}={self.token}"
        self._csrf = csrf_token(self.token)


def run(rounds: int) -> None:
    """In-process and over HTTP, on both kinds of database."""
    with folder() as place, kinds(place) as databases:
        for kind, new_url in databases.items():
            goals = {FLOOR: TO_FLOOR[kind], TYPICAL: TO_TYPICAL}
            installations = {
                name: founded(place / f"{kind}{number}", new_url(f"journal{number}"))
                for number, name in enumerate(VARIANTS)
            }
            in_process(kind, installations, goals, rounds=rounds, times=150)
            over_http(kind, installations, goals, rounds=rounds, seconds=1)
            for installation in installations.values():
                installation.database.close()


def in_process(
    kind: str, installations: dict[str, Installation], goals: dict[str, Goal], *, rounds: int, times: int
) -> None:
    """The applications called directly: no server and no network between."""
    turns: dict[str, Turn] = {}
    for name, installation in installations.items():
        post = poster(VARIANTS[name](installation), phone_for(name, installation))
        _check(installation, post)
        turns[name] = per_second(post, times=times)
    taken = in_turn(turns, rounds=rounds)
    show(f"check-in POST, {kind}, in-process", taken, unit="check-ins a second")
    for over, goal in goals.items():
        judge(goal, taken, PRODUCT, over=over)


def over_http(
    kind: str, installations: dict[str, Installation], goals: dict[str, Goal], *, rounds: int, seconds: float
) -> None:
    """The same under the program's server: one process, eight phones that never wait."""
    tallies: dict[str, list[Tally]] = {name: [] for name in installations}

    def turn(name: str, phone: Phone) -> float:
        tally = post_check_ins(phone.port, forms_of(phone), connections=8, seconds=seconds)
        tallies[name].append(tally)
        return tally.per_second

    with ExitStack() as served:
        turns: dict[str, Turn] = {}
        for name, installation in installations.items():
            port = served.enter_context(serving(name, installation))
            turns[name] = partial(turn, name, phone_for(name, installation, port=port))
        with on_core(-1):
            taken = in_turn(turns, rounds=rounds)
    show(f"check-in POST, {kind}, over HTTP, 8 phones", taken, unit="check-ins a second")
    for name, counted in tallies.items():
        waits = [wait for tally in counted[1:] for wait in tally.waits_ms]
        refused, hung_up = sum(tally.refused for tally in counted), sum(tally.hung_up for tally in counted)
        if refused:
            raise AssertionError(f"{name} refused {refused} check-ins")
        print(
            f"  {name}: p50 {median(waits):.1f} ms, p99 {quantiles(waits, n=100)[98]:.1f} ms, hung up {hung_up}"
        )
    for over, goal in goals.items():
        judge(goal, taken, PRODUCT, over=over)


def floor(installation: Installation) -> flask.Flask:
    """The floor over an installation: what it says to the database is what the program says there."""
    phone = phone_for(PRODUCT, installation)
    post = poster(installation.app(), phone)
    sent: list[tuple[str, str]] = []
    steps = overhear(installation.database, lambda: sent.append(post()))
    client_key, place = sent[-1]
    stale = {
        fingerprint(phone.token): "token_hash",
        client_key: "client_key",
        place.split("/")[2]: "public_id",
    }
    return floor_app(installation.server.database_url, steps, stale=stale)


VARIANTS: dict[str, Callable[[Installation], flask.Flask]] = {
    FLOOR: floor,
    PRODUCT: Installation.app,
    TYPICAL: lambda installation: typical_app(installation.server.database_url),
}


def phone_for(name: str, installation: Installation, *, port: int = 0) -> Phone:
    """Alice's phone, signed in the way a variant wants it."""
    if name == TYPICAL:
        return Phone(port, str(installation.alice.account_id))
    phone = phone_of(installation.server, installation.alice)
    return (FloorPhone if name == FLOOR else Phone)(port, phone.token)


def poster(app: flask.Flask, phone: Phone) -> Callable[[], tuple[str, str]]:
    """Posts a new check-in to an application at each call; gives its key and where the answer leads."""
    new_form = forms_of(phone)
    environ = environ_of("/check-in", method="POST", headers=new_form()[1])

    def post() -> tuple[str, str]:
        body, _ = new_form()
        answer = call(app, environ, body)
        if answer.status != "303 SEE OTHER":
            raise AssertionError(f"the check-in was answered {answer.status}")
        return parse_qs(body.decode())["client_key"][0], answer.headers["Location"]

    return post


def forms_of(phone: Phone) -> NewForm:
    """Check-ins with the usual answers, each with a key of its own."""
    return lambda: phone.form(secrets.token_urlsafe(16), mood=7, **ANSWERS)


def _check(installation: Installation, post: Callable[[], object]) -> None:
    """One check-in leaves one row in each of its three tables."""
    before = _counts(installation)
    post()
    added = [after - count for after, count in zip(_counts(installation), before, strict=True)]
    if added != [1, 1, 1]:
        raise AssertionError(f"one check-in left {added} rows")


def _counts(installation: Installation) -> list[int]:
    with installation.database.look() as db:
        return [
            db.scalars(sa.select(sa.func.count()).select_from(table)).one()
            for table in (CheckIn, Submission, AuditEvent)
        ]


@contextmanager
def serving(name: str, installation: Installation) -> Iterator[int]:
    """A variant under the program's server, whose log goes into the installation's folder; its port."""
    port, server = free_port(), installation.server
    command = [sys.executable, "-m", "tests.benchmarks.served", name, str(port), str(server.folder)]
    with (server.folder / "served.log").open("wb") as log:
        process = subprocess.Popen([*command, server.database_url], stdout=log, stderr=log)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=40)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the server did not start")
