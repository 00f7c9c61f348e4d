"""Whatever is done in whatever order, to the second: two nodes on one database agree with a small model of the lock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from journal.app import create_app
from journal.config import Config
from journal.storage import accounts
from journal.storage.database import Database
from journal.storage.rate_limits import RateLimit
from tests.cast import NOW, PASSWORD, Cast
from tests.conftest import Clock

Step = tuple[str, int]
"""What is done, and how many seconds later; on which node, says its place."""

DONE = (
    "read",
    "read",
    "today",
    "unlock",
    "sign in",
    "sign in and remember",
    "revoke",
    "keep open",
    "lock again",
)
WAITS = (0, 1, 60, 299, 300, 301, 599, 600, 601, 3600, 86_399, 86_400, 30 * 86_400 - 1, 30 * 86_400)


@dataclass
class Model:
    """A web session in whole seconds, as the specification has it (SS-04, SS-06, SS-07)."""

    now: int = 0
    ends: int = 0
    used: int = 0
    proved: int = 0
    stays_open: bool = False
    remembered: bool = False

    def does(self, what: str) -> str:
        if what == "revoke":
            self.ends = 0
            return "done"
        if what.startswith("sign in"):
            self.remembered = what == "sign in and remember"
            self.ends = self.now + (30 * 86_400 if self.remembered else 86_400)
            self.used = self.proved = self.now
            self.stays_open = False
            return "303"
        if self.now >= self.ends:
            return "stranger"
        locked = not self.stays_open and self.now - self.used >= 600
        if not locked:
            self.used = self.now
        if what == "today":
            return "locked today" if locked else "today"
        if what == "unlock":
            self.used = self.proved = self.now
            return "303"
        if locked or (what == "keep open" and self.now - self.proved > 300):
            return "asked first"
        if what == "keep open" and not self.remembered:
            return "404"
        if what != "read":
            self.stays_open = what == "keep open"
        return "200" if what == "read" else "303"


class Nodes:
    """Two web processes on one database, and one browser that meets now the one and now the other."""

    def __init__(self, database: Database, config: Config, cast: Cast) -> None:
        self.clock = Clock(NOW)
        self._database, self._cast = database, cast
        self._clients: list[FlaskClient] = []
        for _ in range(2):
            app = create_app(replace(config, demo=False), database=database, now=self.clock)
            app.config.update(
                WTF_CSRF_ENABLED=False, SESSION_COOKIE_SECURE=False, SESSION_COOKIE_NAME="journal"
            )
            self._clients.append(app.test_client())

    def begin(self) -> None:
        """A browser with nothing in it, at the first moment."""
        self.clock.moment = NOW
        with self._database.unit_of_work() as db:
            db.execute(sa.delete(RateLimit))
            accounts.end_web_sessions_of(db, self._cast.alice.account_id)
        for client in self._clients:
            client.delete_cookie("journal")

    def does(self, what: str, node: int) -> str:
        if what == "revoke":
            with self._database.unit_of_work() as db:
                accounts.end_web_sessions_of(db, self._cast.alice.account_id)
            return "done"
        client, other = self._clients[node], self._clients[1 - node]
        if what.startswith("sign in"):
            remember = {"remember": "1"} if what == "sign in and remember" else {}
            form = {"email": "alice@example.org", "password": PASSWORD, **remember}
            answer = client.post("/sign-in/password", data=form)
        elif what in {"read", "today"}:
            answer = client.get("/activities" if what == "read" else "/today")
        elif what == "unlock":
            answer = client.post("/unlock", data={"way": "password", "password": PASSWORD})
        else:
            answer = client.post("/you/stay-open" if what == "keep open" else "/you/lock-again")
        cookie = client.get_cookie("journal")
        if cookie is not None:
            other.set_cookie("journal", cookie.value)
        return self._told(what, answer.status_code, answer.location or "", answer.text)

    @staticmethod
    def _told(what: str, status: int, location: str, page: str) -> str:
        if location == "/sign-in" or (status == 404 and "Go to the start" in page):
            return "stranger"
        if location.startswith("/unlock") or status == 403:
            return "asked first"
        if what == "today" and status == 200:
            return "locked today" if "is locked on this phone" in page else "today"
        return str(status)


@pytest.fixture
def nodes(database: Database, config: Config, cast: Cast) -> Nodes:
    return Nodes(database, config, cast)


def walk(nodes: Nodes, steps: list[Step]) -> None:
    """Do it all to the model and to the nodes in turn, and compare what each says at every step."""
    nodes.begin()
    model = Model()
    told = []
    for place, (what, wait) in enumerate(steps):
        model.now += wait
        nodes.clock.moment += timedelta(seconds=wait)
        told.append((what, wait, nodes.does(what, place % 2)))
        assert told[-1][2] == model.does(what), told


STEPS = st.lists(st.tuples(st.sampled_from(DONE), st.sampled_from(WAITS)), min_size=2, max_size=14).map(
    lambda steps: [("sign in and remember", 0), *steps]
)
QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
ALWAYS: list[Step] = [
    ("sign in and remember", 0),
    ("read", 599),
    ("read", 599),
    ("read", 600),
    ("unlock", 1),
    ("read", 1),
]


@given(steps=STEPS)
@example(steps=ALWAYS)
@example(
    steps=[
        ("sign in and remember", 0),
        ("keep open", 300),
        ("read", 86_400),
        ("lock again", 1),
        ("read", 600),
    ]
)
@example(
    steps=[
        ("sign in", 0),
        ("keep open", 301),
        ("unlock", 0),
        ("keep open", 300),
        ("read", 599),
        ("today", 600),
    ]
)
@example(
    steps=[("sign in and remember", 0), ("unlock", 30 * 86_400 - 1), ("read", 0), ("read", 1), ("unlock", 0)]
)
@example(
    steps=[
        ("sign in and remember", 0),
        ("today", 599),
        ("revoke", 1),
        ("read", 0),
        ("unlock", 0),
        ("today", 0),
    ]
)
@settings(
    max_examples=20, deadline=None, suppress_health_check=QUIET, phases=(Phase.explicit, Phase.generate)
)
def test_two_nodes_and_the_model_agree(nodes: Nodes, steps: list[Step]) -> None:
    walk(nodes, steps)


@pytest.mark.night
@pytest.mark.timeout(900)
@given(steps=STEPS)
@settings(max_examples=1500, deadline=None, suppress_health_check=QUIET)
def test_two_nodes_and_the_model_agree_all_night(nodes: Nodes, steps: list[Step]) -> None:
    walk(nodes, steps)


def test_a_lock_that_falls_a_second_late_is_noticed(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journal.domain.unlocking.UNLOCKED_IDLES", timedelta(seconds=601))
    with pytest.raises(AssertionError):
        walk(nodes, ALWAYS)


def test_a_node_that_remembers_for_itself_is_noticed(nodes: Nodes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journal.web.current.is_use_worth_noting", lambda _lock, *, now: False)
    with pytest.raises(AssertionError):
        walk(nodes, ALWAYS)
