"""What a person reads when something goes wrong: one plain page, a way on, nothing of the fault, nothing lost."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from html import unescape

import flask
import pytest
import sqlalchemy as sa
import structlog
from flask.testing import FlaskClient
from sqlalchemy import event

from journal.domain.errors import NotFound, Refused, RefusedFields
from journal.storage import checkins
from journal.web import errors, headers
from tests.cast import NOW
from tests.conftest import Site

PRIVATE = "the heavy feeling came back"
NOTE = "Rain “all” day.\r\nI stayed <in>, & read."
KEY = "0f8fad5b-d9cb-469f-a165-70867728950e"
FORM = {"client_key": KEY, "mood": "6", "note": NOTE}


def headings(page: str) -> list[str]:
    return [unescape(text) for text in re.findall(r"<h1[^>]*>([^<]*)</h1>", page)]


def fields(page: str) -> dict[str, str]:
    """The hidden fields of a page's form, as a browser would send them; not those of what may stand in its place."""
    found = re.findall(
        r'<input type="hidden" name="([^"]*)" value="([^"]*)">', page.partition("<template")[0]
    )
    return {name: unescape(value) for name, value in found}


def check_ins_of_alice(site: Site) -> list[checkins.CheckIn]:
    return site.look(
        checkins.check_ins_between, site.cast.alice.patient_id, first=NOW.date(), last=NOW.date()
    )


class Broken:
    """A site whose commits fail with ``fault`` until it is mended."""

    def __init__(self, site: Site, fault: Exception) -> None:
        self.fault: Exception | None = fault
        event.listen(site.database.engine, "commit", self._commit)

    def _commit(self, _connection: object) -> None:
        if self.fault is not None:
            raise self.fault

    def mend(self) -> None:
        self.fault = None


def disk(words: str) -> sa.exc.OperationalError:
    return sa.exc.OperationalError(f"INSERT {PRIVATE}", {"note": PRIVATE}, sqlite3.OperationalError(words))


# A database that cannot be written -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [
        disk("disk I/O error"),
        disk("database or disk is full"),
        disk("database is locked"),
        sa.exc.DatabaseError("INSERT", {}, sqlite3.DatabaseError("database disk image is malformed")),
        sa.exc.InterfaceError("INSERT", {}, Exception("connection already closed")),
        sa.exc.TimeoutError("no connection is free"),
    ],
    ids=lambda fault: str(getattr(fault, "orig", fault)),
)
def test_a_fault_of_the_storage_says_so_and_when_to_come_back(site: Site, fault: Exception) -> None:
    browser = site.as_(site.cast.alice)
    Broken(site, fault)
    answer = browser.post("/check-in", data=FORM)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert headings(answer.text) == ["Not just now"]
    assert check_ins_of_alice(site) == []


def test_a_disk_that_is_really_full_is_told_of_and_nothing_is_half_saved(site: Site) -> None:
    event.listen(
        site.database.engine,
        "connect",
        lambda connection, _record: connection.execute("PRAGMA max_page_count=1"),
    )
    browser = site.as_(site.cast.alice)
    site.database.engine.dispose()
    answers = []
    for number in range(200):
        form = {"client_key": f"{KEY[:-3]}{number:03d}", "mood": "6", "note": "a long note " * 300}
        answers.append(browser.post("/check-in", data=form))
        if answers[-1].status_code != 303:
            break
    assert answers[-1].status_code == 503
    assert "What you sent is still on this page" in answers[-1].text
    assert len(check_ins_of_alice(site)) == len(answers) - 1


def test_no_connection_is_used_after_a_fault_of_the_storage(site: Site) -> None:
    """After one disk fault SQLite goes on acknowledging on the same connection."""
    browser = site.as_(site.cast.alice)
    closed: list[object] = []
    event.listen(site.database.engine, "close", lambda connection, _record: closed.append(connection))
    held = site.database.engine.raw_connection()
    before = held.dbapi_connection
    held.close()
    broken = Broken(site, disk("disk I/O error"))
    assert browser.post("/check-in", data=FORM).status_code == 503
    assert before in closed
    broken.mend()
    again = site.database.engine.raw_connection()
    assert again.dbapi_connection is not before
    again.close()


def test_what_was_typed_is_still_there_and_is_saved_once_by_trying_again(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    broken = Broken(site, disk("disk I/O error"))
    page = browser.post("/check-in", data=FORM).text
    assert "What you sent is still on this page" in page
    assert fields(page) == FORM
    broken.mend()
    for _twice in range(2):
        assert browser.post("/check-in", data=fields(page)).status_code == 303
    assert [(one.body.mood, one.body.note) for one in check_ins_of_alice(site)] == [
        (6, NOTE.replace("\r\n", "\n"))
    ]


def test_a_password_is_typed_again_instead(site: Site) -> None:
    Broken(site, disk("disk I/O error"))
    form = {"email": "alice@example.org", "password": "a quiet river at night"}
    answer = site.stranger().post("/sign-in/password", data=form)
    assert answer.status_code == 503
    assert "a quiet river" not in answer.text
    assert fields(answer.text) == {}


def test_trying_again_takes_along_the_proof_that_was_sent_and_never_a_fresh_one(site: Site) -> None:
    """Else a form of another site would be let in by the second press."""
    browser = site.as_(site.cast.alice)
    Broken(site, disk("disk I/O error"))
    form = {**FORM, "csrf_token": "planted by another site"}
    assert fields(browser.post("/check-in", data=form).text) == form


def test_a_page_that_cannot_be_read_just_now_says_so(site: Site) -> None:
    def refuse(*_details: object) -> None:
        raise sqlite3.OperationalError("unable to open database file")

    browser = site.as_(site.cast.alice)
    site.database.engine.dispose()
    event.listen(site.database.engine, "do_connect", refuse)
    answer = browser.get("/today")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert headings(answer.text) == ["Not just now"]
    assert "<form" not in answer.text


# Our own mistakes ----------------------------------------------------------------------------------------------


@pytest.fixture
def planted(site: Site, monkeypatch: pytest.MonkeyPatch) -> Callable[[Exception], FlaskClient]:
    """Alice's browser on a site whose page “You” fails with the given fault."""

    def plant(fault: Exception) -> FlaskClient:
        def fail() -> str:
            raise fault

        monkeypatch.setitem(site.app.view_functions, "accounts.you", fail)
        return site.as_(site.cast.alice)

    return plant


@pytest.mark.parametrize(
    "fault",
    [
        ValueError(PRIVATE),
        KeyError(PRIVATE),
        sa.exc.IntegrityError(PRIVATE, {}, Exception(PRIVATE)),
        sa.exc.ProgrammingError(PRIVATE, {}, Exception(PRIVATE)),
    ],
    ids=lambda fault: type(fault).__name__,
)
def test_a_mistake_of_ours_has_a_name_to_ask_by_and_tells_nothing_else(
    planted: Callable[[Exception], FlaskClient], capsys: pytest.CaptureFixture[str], fault: Exception
) -> None:
    structlog.reset_defaults()
    answer = planted(fault).get("/you")
    assert answer.status_code == 500
    assert headings(answer.text) == ["Something went wrong on our side"]
    name = re.findall(r"say ([0-9a-f]{8})\.", answer.text)
    assert len(name) == 1
    said = capsys.readouterr()
    assert name[0] in said.out + said.err
    for told in (answer.text, said.out, said.err):
        assert PRIVATE not in told
        assert "Traceback" not in told


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        (NotFound(), 404, "There is no page at this address, or it is not yours to open."),
        (Refused("email_wrong"), 422, "Write an email address like name@example.org"),
        (RefusedFields([Refused("name_missing")]), 422, "Write a name, or what you like to be called"),
    ],
)
def test_what_a_view_forgot_to_answer_is_answered(
    planted: Callable[[Exception], FlaskClient], fault: Exception, status: int, words: str
) -> None:
    answer = planted(fault).get("/you")
    assert answer.status_code == status
    assert words in unescape(answer.text)


# Every page of this kind -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("person", "words", "home"),
    [
        ("alice", "Go to Today", "/today"),
        ("bob", "Go to your caseload", "/caseload"),
        ("erin", "Go to the people here", "/admin"),
    ],
)
def test_a_page_that_is_not_there_shows_each_role_the_way_home(
    site: Site, person: str, words: str, home: str
) -> None:
    page = site.as_(getattr(site.cast, person)).get("/nowhere").text
    assert re.findall(r'<a class="logo" href="([^"]+)"', page) == [home]
    assert re.search(rf'href="{home}"[^>]*>\s*{words}</a>', page)


def test_a_stranger_is_shown_the_start(site: Site) -> None:
    page = site.stranger().get("/nowhere").text
    assert re.search(r'href="/"[^>]*>\s*Go to the start</a>', page)


def test_who_is_there_need_not_be_known_to_say_that_nothing_is(site: Site) -> None:
    browser = site.as_(site.cast.alice)
    event.listen(
        site.database.engine, "begin", lambda _connection: (_ for _ in ()).throw(disk("disk I/O error"))
    )
    answer = browser.get("/nowhere")
    assert answer.status_code == 404
    assert "Go to the start" in answer.text


@pytest.mark.parametrize("code", sorted(errors.PAGES))
def test_every_page_of_this_kind_has_one_heading_the_headers_and_the_way_to_help(
    site: Site, code: int
) -> None:
    def fail() -> None:
        flask.abort(code)

    site.app.view_functions["accounts.you"] = fail
    answer = site.as_(site.cast.alice).get("/you")
    assert answer.status_code == code
    assert len(headings(answer.text)) == 1
    assert 'href="/help"' in answer.text
    assert {name: answer.headers[name] for name in headers.ALWAYS} == headers.ALWAYS


def test_a_code_without_a_page_of_its_own_is_answered_like_its_kind(site: Site) -> None:
    site.app.view_functions["accounts.you"] = lambda: flask.abort(418)
    answer = site.as_(site.cast.alice).get("/you")
    assert (answer.status_code, headings(answer.text)) == (418, ["That did not go through"])
