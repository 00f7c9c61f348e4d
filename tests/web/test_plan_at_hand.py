"""The plan on the help page: whose it is, when it is open, and that the page opens whatever becomes of it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from journal.app import create_app
from journal.domain.support import CopingPlan
from journal.services.support import save_plan
from journal.storage.accounts import WebSession
from journal.web import plan_at_hand
from journal.web.plan_at_hand import AtHand
from tests.builders import the_patient
from tests.cast import NOW, Person
from tests.conftest import Site

CANARY = "the heron waits by the weir"
PLAN = CopingPlan(signs=CANARY, safer="Dana keeps the spares", person_name="Dana", person_phone="+1 555 0100")


def write(site: Site, person: Person, plan: CopingPlan = PLAN) -> None:
    with site.database.unit_of_work() as db:
        save_plan(
            db,
            the_patient(db, person),
            plan,
            seen_version=0,
            actor_account_id=person.account_id,
            now=NOW,
        )


@pytest.fixture
def alice(site: Site) -> FlaskClient:
    write(site, site.cast.alice)
    return site.as_(site.cast.alice)


def without_template(page: str) -> str:
    """The page without what a script may draw."""
    return re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)


# Who sees it -----------------------------------------------------------------------------------------------------


def test_ones_own_plan_and_person_come_before_every_number(alice: FlaskClient) -> None:
    page = without_template(alice.get("/help").text)
    assert re.findall(r'href="tel:([^"]+)"', page)[0] == "+15550100"
    assert "Call Dana" in page
    assert page.index(CANARY) < page.index("Dana keeps the spares") < page.index('id="lines"')


def test_only_steps_with_something_in_them_are_shown(alice: FlaskClient) -> None:
    page = without_template(alice.get("/help").text)
    assert re.findall(r'data-step="(\w+)"', page) == ["signs", "safer"]


@pytest.mark.parametrize(
    ("plan", "shown", "links"),
    [
        (CopingPlan(person_name="Dana", person_phone="12 34"), "Call Dana", ["1234"]),
        (CopingPlan(person_phone="12 34"), "Call my person", ["1234"]),
        (CopingPlan(person_name="Dana"), "My person: Dana", []),
    ],
)
def test_a_person_is_named_as_far_as_they_are_known(
    site: Site, plan: CopingPlan, shown: str, links: list[str]
) -> None:
    write(site, site.cast.alice, plan)
    first = without_template(site.as_(site.cast.alice).get("/help").text).split('id="lines"')[0]
    assert shown in first
    assert re.findall(r'href="tel:([^"]+)"', first) == links


def test_nobody_else_is_shown_it(site: Site, alice: FlaskClient) -> None:
    for browser in (
        site.stranger(),
        *(site.as_(one) for one in (site.cast.dan, site.cast.bob, site.cast.erin)),
    ):
        page = browser.get("/help")
        assert page.status_code == 200
        assert CANARY not in page.text
        assert "Dana" not in page.text


def test_a_locked_phone_is_told_where_it_is_and_not_what_it_says(site: Site, alice: FlaskClient) -> None:
    site.clock.moment += timedelta(minutes=10)
    page = without_template(alice.get("/help").text)
    assert CANARY not in page
    assert "Dana" not in page
    assert 'data-closed><a class="btn' in page
    assert "Opens when you unlock" in page


def test_reading_it_there_keeps_nothing_unlocked(site: Site, alice: FlaskClient) -> None:
    site.clock.moment += timedelta(minutes=6)
    assert CANARY in alice.get("/help").text
    site.clock.moment += timedelta(minutes=6)
    assert CANARY not in alice.get("/help").text


def test_a_phone_that_stays_open_puts_nothing_away(site: Site, alice: FlaskClient) -> None:
    assert 'data-idle-s="600"' in alice.get("/help").text
    with site.database.unit_of_work() as db:
        db.execute(sa.update(WebSession).values(stays_open=True))
    site.clock.moment += timedelta(days=2)
    page = alice.get("/help").text
    assert CANARY in page
    assert "data-idle-s" not in page


def test_a_web_session_that_ended_shows_nothing(site: Site, alice: FlaskClient) -> None:
    with site.database.unit_of_work() as db:
        db.execute(sa.delete(WebSession))
    page = without_template(alice.get("/help").text)
    assert CANARY not in page
    assert "data-closed hidden" in page


def test_without_a_plan_there_is_a_way_to_one(site: Site) -> None:
    page = site.as_(site.cast.dan).get("/help").text
    assert "Write a plan of your own" in page
    assert "Write a plan of your own" not in site.stranger().get("/help").text


# What a phone keeps of the page ------------------------------------------------------------------------------------


def test_the_page_that_phones_keep_is_the_same_for_everybody(site: Site, alice: FlaskClient) -> None:
    kept = alice.get("/help?bare=1")
    assert (
        kept.text
        == site.stranger().get("/help?bare=1").text
        == site.as_(site.cast.bob).get("/help?bare=1").text
    )
    assert CANARY not in kept.text
    assert "data-account" not in kept.text


def test_the_worker_is_made_of_nobodys_page(site: Site, alice: FlaskClient) -> None:
    worker = alice.get("/sw.js").text
    assert '"bare_help": "/help?bare=1"' in worker
    assert CANARY not in worker
    assert CANARY not in alice.get("/offline").text
    assert (
        worker
        == create_app(site_config(site), database=site.database, now=site.clock)
        .test_client()
        .get("/sw.js")
        .text
    )


def site_config(site: Site):  # type: ignore[no-untyped-def]
    return site.app.extensions["journal"].config


def test_no_cache_may_keep_it(alice: FlaskClient) -> None:
    assert alice.get("/help").headers["Cache-Control"] == "no-store"


def test_what_a_script_may_draw_holds_no_words_of_anybody(alice: FlaskClient) -> None:
    ready = re.search(r"<template data-ready>.*?</template>", alice.get("/help").text, re.DOTALL)
    assert ready is not None
    assert CANARY not in ready[0]
    assert re.findall(r'data-step="(\w+)"', ready[0]) == [
        "signs", "alone", "distraction", "people", "professionals", "safer",
    ]  # fmt: skip


# Whatever becomes of it --------------------------------------------------------------------------------------------


def test_with_the_database_gone_the_page_opens_without_it(site: Site, alice: FlaskClient) -> None:
    def refuse(*_details: object) -> None:
        raise OSError("the disk is gone")

    site.database.engine.dispose()
    sa.event.listen(site.database.engine, "do_connect", refuse)
    answer = alice.get("/help")
    assert answer.status_code == 200
    assert "988" in answer.text
    assert CANARY not in answer.text


def test_with_a_broken_table_the_page_opens_without_it(site: Site, alice: FlaskClient) -> None:
    with site.database.unit_of_work() as db:
        db.execute(sa.text("DROP TABLE coping_plan"))
    answer = alice.get("/help")
    assert answer.status_code == 200
    assert "988" in answer.text


def test_with_words_that_do_not_open_the_page_opens_without_them(site: Site, alice: FlaskClient) -> None:
    with site.database.unit_of_work() as db:
        db.execute(sa.text("UPDATE coping_plan SET signs = safer"))
    answer = alice.get("/help")
    assert answer.status_code == 200
    assert "988" in answer.text
    assert "data-plan " not in answer.text


@pytest.fixture
def hung(site: Site) -> Iterator[threading.Event]:
    """A database that answers nothing until it is let go."""
    go_on = threading.Event()

    def hang(*_details: object) -> None:
        go_on.wait(20)

    sa.event.listen(site.database.engine, "before_cursor_execute", hang)
    yield go_on
    go_on.set()
    sa.event.remove(site.database.engine, "before_cursor_execute", hang)


def test_a_database_that_hangs_holds_no_page_up(
    alice: FlaskClient, hung: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = [alice.get("/help") for _ in range(plan_at_hand.AT_ONCE + 2)]
    assert not hung.is_set()  # every page came while the database still said nothing
    assert {page.status_code for page in pages} == {200}
    assert all("988" in page.text and CANARY not in page.text for page in pages)


def test_no_more_than_a_few_are_read_at_once() -> None:
    turns, go_on, begun = threading.BoundedSemaphore(2), threading.Event(), []

    def read() -> AtHand | None:
        begun.append(1)
        go_on.wait(20)
        return AtHand("a", is_locked=False, idle_s=None, plan=PLAN)

    first = [plan_at_hand.at_once(read, turns, waits_s=0.01) for _ in range(5)]
    assert (first, len(begun)) == ([None] * 5, 2)
    go_on.set()
    while not turns.acquire(blocking=False):  # until one of them is through
        time.sleep(0.001)
    turns.release()
    assert plan_at_hand.at_once(read, turns) is not None


def test_a_fault_is_logged_without_a_word_of_the_plan(
    site: Site, alice: FlaskClient, capfd: pytest.CaptureFixture[str]
) -> None:
    with site.database.unit_of_work() as db:
        db.execute(sa.text("UPDATE coping_plan SET signs = safer"))
    alice.get("/help")
    said = "".join(capfd.readouterr())
    assert CANARY not in said
    assert "Dana" not in said


def test_a_stranger_costs_the_database_nothing(site: Site) -> None:
    asked: list[str] = []
    sa.event.listen(
        site.database.engine, "before_cursor_execute", lambda *details: asked.append(str(details[2]))
    )
    assert site.stranger().get("/help").status_code == 200
    assert site.as_(site.cast.alice).get("/help?bare=1").status_code == 200
    assert [one for one in asked if "coping_plan" in one or one.startswith("SELECT")] == []
