"""What leaves by each channel, and what a worker makes of the answers: real receivers on loopback for all three."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from journal.config import Config
from journal.domain.home_screen import APP_NAME, AppName
from journal.jobs import reminders as jobs
from journal.jobs.worker import Worker
from journal.languages import Language
from journal.services import sms_replies
from journal.services.push import Message
from journal.services.reminder_lines import LINES
from journal.services.reminders import CHANNELS, EMAIL, PUSH, SMS
from journal.storage import push
from journal.storage.accounts import set_language
from journal.storage.database import Database
from journal.storage.deliveries import Delivery
from tests.builders import check_in, the_patient
from tests.cast import NOW, Cast, Person
from tests.conftest import Clock
from tests.faults.crashes import people_to_remind
from tests.peers import (
    EVERY_CHANNEL,
    Peers,
    number_of,
    opened,
    peers,
    remind_by,
    text_said,
    text_to,
    worker_of,
)
from tests.reminding import FIRST, ledger, rule, states, utc
from tests.web_server import Behaviour, hangs, says, writes

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

DUE = utc("2026-03-30 18:30")
FIVE_MINUTES = timedelta(minutes=5)
BASE = "https://journal.example.org"


@pytest.fixture
def to() -> Iterator[Peers]:
    with peers() as found:
        yield found


@pytest.fixture
def worker(database: Database, config: Config, clock: Clock, to: Peers) -> Worker:
    return worker_of(database, config, clock, to)


@pytest.fixture
def hurried(database: Database, config: Config, clock: Clock, to: Peers) -> Worker:
    return worker_of(database, config, clock, to, wait_s=1.5)


def tick(worker: Worker) -> None:
    """Everything that a worker's ticks do about what is due."""
    for channel in CHANNELS:
        jobs.send_due(worker, channel)
        jobs.take_over_lost(worker, channel)


def due_now(worker: Worker, clock: Clock, person: Person, *channels: str) -> None:
    remind_by(worker.database, person, "20:30", at=NOW, channels=channels or EVERY_CHANNEL)
    clock.moment = DUE


def hear(worker: Worker, person: Person, text: str) -> None:
    """A text message comes from the person's own number."""
    with worker.database.unit_of_work() as db:
        said = sms_replies.take_in(
            db, number=number_of(person.account_id), text=text, message_id=text, now=worker.clock()
        )
        assert said is not None


def by_channel(database: Database, person: Person) -> dict[str, tuple[str, str | None]]:
    with database.look() as db:
        asked = sa.select(Delivery.channel, Delivery.state, Delivery.reason)
        rows = db.execute(asked.where(Delivery.account_id == person.account_id))
        return {row.channel: (row.state, row.reason) for row in rows}


# Each once


def test_a_person_with_every_channel_gets_each_once(
    worker: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    due_now(worker, clock, cast.alice)
    for _ in range(2):
        tick(worker)
        clock.moment += FIVE_MINUTES
    assert to.counts(cast.alice) == [1, 1, 1]
    assert by_channel(worker.database, cast.alice) == dict.fromkeys(EVERY_CHANNEL, ("sent", None))


def test_after_a_check_in_no_channel_says_anything(
    worker: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    due_now(worker, clock, cast.alice)
    with worker.database.unit_of_work() as db:
        check_in(db, cast.alice, at=NOW)
    tick(worker)
    assert to.counts(cast.alice) == [0, 0, 0]
    assert by_channel(worker.database, cast.alice) == dict.fromkeys(EVERY_CHANNEL, ("skipped", "checked_in"))


def test_the_follow_up_comes_by_every_channel_and_not_after_a_check_in(
    worker: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    asked = replace(rule("20:30"), follow_up=True)
    for person in (cast.alice, cast.dan):
        remind_by(worker.database, person, at=NOW, asked=asked)
    clock.moment = DUE
    tick(worker)
    with worker.database.unit_of_work() as db:
        check_in(db, cast.dan, at=DUE)
    clock.moment = DUE + timedelta(hours=2)
    tick(worker)
    assert to.counts(cast.alice) == [2, 2, 2]
    assert to.counts(cast.dan) == [1, 1, 1]
    assert [line[1] for line in ledger(worker.database, cast.alice)] == [FIRST] * 3 + [FIRST + ":nudge"] * 3


# What it looks like


def test_a_letter_can_be_stopped_from_the_mail_program(
    worker: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    due_now(worker, clock, cast.alice, EMAIL)
    tick(worker)
    (letter,) = to.mail.messages
    assert letter["List-Unsubscribe"].startswith(f"<{BASE}/stop/")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_a_notification_is_a_line_and_a_path_of_our_own(
    worker: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    due_now(worker, clock, cast.alice, PUSH)
    tick(worker)
    (asked,) = to.push.requests
    said = Message(**json.loads(opened(asked.body)))
    assert said.title == "Tideline"
    assert said.body in LINES
    assert said.url.startswith("/c/")
    assert len(bytes.fromhex(said.tag)) == 16  # a keyed fingerprint: nobody reads from it what it is for
    assert asked.headers["ttl"] == "7200"


def test_a_text_message_is_a_line_and_where_to_answer(
    worker: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    due_now(worker, clock, cast.alice, SMS)
    tick(worker)
    (asked,) = to.sms.requests
    line, _, link = text_said(asked.body).rpartition(" ")
    assert line in LINES
    assert link.startswith(f"{BASE}/c/")
    assert text_to(asked.body) == number_of(cast.alice.account_id)


def test_every_channel_speaks_the_language_of_its_reader_and_bears_their_name_for_it(
    worker: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    with worker.database.unit_of_work() as db:
        set_language(db, cast.alice.account_id, Language.GREEK)
        the_patient(db, cast.alice).preferences = {APP_NAME: AppName.DAYBOOK.value}
    due_now(worker, clock, cast.alice)
    tick(worker)
    greek = {"Έχεις ένα λεπτό;", "Μια ήσυχη στιγμή, αν θέλεις.", "Εδώ, όποτε θέλεις."}
    (letter,), (notification,), (text,) = to.mail.messages, to.push.requests, to.sms.requests
    said = json.loads(opened(notification.body))
    assert letter["Subject"] in greek
    assert said["body"] in greek
    assert text_said(text.body).rpartition(" ")[0] in greek
    assert "Tideline" not in said["title"] + letter.as_string() + text_said(text.body)


# Addresses that end


def test_a_phone_that_is_gone_is_forgotten_and_the_other_gets_it(
    worker: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    due_now(worker, clock, cast.alice, PUSH)
    with worker.database.unit_of_work() as db:
        (first,) = push.subscriptions_of(db, cast.alice.account_id)
        other = replace(first.endpoint, url=first.endpoint.url + "-tablet")
        push.keep(db, cast.alice.account_id, endpoint=other, most=10, now=NOW)
    to.push.next.append(says(410))
    tick(worker)
    assert states(worker.database, cast.alice) == [("sent", None)]
    with worker.database.look() as db:
        assert len(push.subscriptions_of(db, cast.alice.account_id)) == 1


def test_where_no_phone_is_left_mail_takes_its_place_and_the_phone_is_never_called_again(
    worker: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    due_now(worker, clock, cast.alice, PUSH)
    to.push.next.append(says(410))
    for _ in range(3):
        tick(worker)
        tick(worker)
        clock.moment += timedelta(days=1)
        with worker.database.unit_of_work() as db:  # or the fourth day would be left in peace
            check_in(db, cast.alice, on=clock.moment.date() - timedelta(days=1), at=clock.moment)
    assert len(to.push.requests) == 1
    assert to.counts(cast.alice)[0] == 3
    assert states(worker.database, cast.alice).count(("failed", "gone")) == 1


def test_after_stop_nothing_comes_by_any_way_and_start_brings_text_messages_back(
    worker: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    due_now(worker, clock, cast.alice, SMS)
    hear(worker, cast.alice, "STOP")
    tick(worker)
    tick(worker)
    assert to.counts(cast.alice) == [0, 0, 0]
    assert states(worker.database, cast.alice) == [("skipped", "stopped")]
    hear(worker, cast.alice, "START")
    clock.moment += timedelta(days=1)
    tick(worker)
    assert to.counts(cast.alice) == [0, 0, 1]


def test_what_only_the_carrier_knows_of_a_stop_counts_as_much(
    worker: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    due_now(worker, clock, cast.alice, SMS)
    to.sms.next.append(says(400, json.dumps({"code": 21610}).encode()))
    for _ in range(3):
        tick(worker)
        clock.moment += timedelta(days=1)
    assert to.counts(cast.alice) == [0, 0, 1]
    assert set(states(worker.database, cast.alice)) == {("skipped", "stopped")}


def test_where_the_number_is_no_more_mail_takes_its_place(
    worker: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    due_now(worker, clock, cast.alice, SMS)
    to.sms.next.append(says(400, json.dumps({"code": 21211}).encode()))
    tick(worker)
    tick(worker)
    assert to.counts(cast.alice) == [1, 0, 1]


def test_a_channel_that_was_never_set_up_ends_with_the_window_and_says_so(
    worker: Worker, cast: Cast, clock: Clock
) -> None:
    bare = replace(worker, push=None, texts=None)
    due_now(worker, clock, cast.alice, PUSH, SMS)
    tick(bare)
    clock.moment += timedelta(hours=2)
    tick(bare)
    refused = ("failed", "refused")
    assert by_channel(worker.database, cast.alice) == {PUSH: refused, SMS: refused}


# Services that do not answer


@pytest.mark.parametrize("channel", [PUSH, SMS])
def test_a_service_that_asks_to_be_left_alone_is_left_alone(
    worker: Worker, cast: Cast, clock: Clock, to: Peers, channel: str
) -> None:
    service = to.push if channel == PUSH else to.sms
    due_now(worker, clock, cast.alice, channel)
    service.next.append(says(429, retry_after="1200"))
    reached = []
    for _ in range(5):
        tick(worker)
        reached.append(len(service.requests))
        clock.moment += FIVE_MINUTES
    assert reached == [1, 1, 1, 1, 2]
    assert states(worker.database, cast.alice) == [("sent", None)]


def test_a_text_message_without_an_answer_is_unknown_and_never_sent_again(
    hurried: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    due_now(hurried, clock, cast.alice, SMS)
    to.sms.next.append(hangs)
    for _ in range(3):
        tick(hurried)
        clock.moment += FIVE_MINUTES
    assert to.counts(cast.alice)[2] == 1
    assert states(hurried.database, cast.alice) == [("unknown", "no_answer")]


def test_a_notification_without_an_answer_comes_again_in_its_own_place(
    hurried: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    due_now(hurried, clock, cast.alice, PUSH)
    to.push.next.append(hangs)
    for _ in range(3):
        tick(hurried)
        clock.moment += FIVE_MINUTES
    first, second = to.push.requests
    assert first.headers["topic"] == second.headers["topic"]
    assert json.loads(opened(first.body))["tag"] == json.loads(opened(second.body))["tag"]
    assert states(hurried.database, cast.alice) == [("sent", None)]


def test_a_service_that_answers_nobody_is_left_alone_and_everybody_is_reached_when_it_is_back(
    worker: Worker, clock: Clock, to: Peers
) -> None:
    people_to_remind(worker.database, PUSH, people=20)
    to.push.next.extend([writes(b"")] * 20)
    jobs.send_due(worker, PUSH)
    called = len(to.push.requests)
    assert called < 20
    to.push.next.clear()
    for _ in range(4):
        clock.moment += FIVE_MINUTES
        jobs.take_over_lost(worker, PUSH)
    with worker.database.look() as db:
        assert set(db.scalars(sa.select(Delivery.state))) == {"sent"}
    assert len({(one.line, one.headers["topic"]) for one in to.push.requests}) == 20


def test_while_a_service_answers_nobody_what_came_too_late_is_written_down(
    worker: Worker, clock: Clock, to: Peers
) -> None:
    people_to_remind(worker.database, PUSH, people=20)
    to.push.next.extend([writes(b"")] * 20)
    jobs.send_due(worker, PUSH)
    clock.moment += timedelta(hours=2)
    jobs.take_over_lost(worker, PUSH)
    with worker.database.look() as db:
        assert set(db.scalars(sa.select(Delivery.state))) == {"failed", "unknown"}


def test_what_came_too_late_does_not_keep_others_from_finding_out_that_a_service_is_back(
    worker: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    remind_by(worker.database, cast.alice, "22:00", at=NOW, channels=(PUSH,))
    people_to_remind(worker.database, PUSH, people=20)
    to.push.next.extend([writes(b"")] * 20)
    jobs.send_due(worker, PUSH)
    to.push.next.clear()
    clock.moment = utc("2026-03-30 20:01")
    jobs.take_over_lost(worker, PUSH)
    jobs.send_due(worker, PUSH)
    assert states(worker.database, cast.alice) == [("sent", None)]


def test_one_dead_channel_holds_up_no_other(worker: Worker, clock: Clock, to: Peers, config: Config) -> None:
    people_to_remind(worker.database, PUSH)
    people_to_remind(worker.database, EMAIL, people=5, called="other")
    patient = worker_of(worker.database, config, clock, to, name="w2", wait_s=60)
    gate = threading.Event()
    to.push.next.extend([after(gate)] * 10)
    hanging = threading.Thread(target=jobs.send_due, args=(patient, PUSH))
    hanging.start()
    jobs.send_due(worker, EMAIL)
    assert len(to.mail.messages) == 5
    with worker.database.look() as db:
        asked = sa.select(Delivery.state).where(Delivery.channel == PUSH)
        assert "sent" not in set(db.scalars(asked))
    gate.set()
    hanging.join()
    with worker.database.look() as db:
        assert set(db.scalars(sa.select(Delivery.state))) == {"sent"}


def after(gate: threading.Event) -> Behaviour:
    def wait(line: object, over: threading.Event) -> None:
        gate.wait(60)
        says(200)(line, over)  # type: ignore[arg-type]

    return wait


# A backlog leaves by chance


class Noting(threading.Event):
    """Notes how long it was to be waited for, and does not wait."""

    def __init__(self) -> None:
        super().__init__()
        self.waits: list[float] = []

    def wait(self, timeout: float | None = None) -> bool:
        self.waits.append(timeout or 0.0)
        return self.is_set()


def test_a_backlog_is_spread_over_its_second_by_chance(
    worker: Worker, cast: Cast, clock: Clock, to: Peers
) -> None:
    people_to_remind(worker.database, EMAIL, people=5)
    noting = Noting()
    clock.moment = NOW + timedelta(hours=1)
    jobs.drain_backlog(replace(worker, stopping=noting), EMAIL)
    assert len(to.mail.messages) == 5
    assert len(set(noting.waits)) == 5
    assert all(0 <= wait <= 0.5 for wait in noting.waits)


def test_what_is_on_time_does_not_wait(worker: Worker, clock: Clock, to: Peers) -> None:
    people_to_remind(worker.database, EMAIL, people=5)
    noting = Noting()
    jobs.send_due(replace(worker, stopping=noting), EMAIL)
    assert len(to.mail.messages) == 5
    assert noting.waits == []
