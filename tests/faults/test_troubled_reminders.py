"""Reminders while clocks jump, workers sleep, stop and are replaced, rules change and networks break."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from journal.config import Config
from journal.jobs import reminders as jobs
from journal.jobs.worker import Worker
from journal.services import claiming, reminders
from journal.services.mail import Post, SmtpCarrier
from journal.services.reminders import CHANNELS, EMAIL, PUSH, SMS
from journal.services.sms import Texts
from journal.storage.database import Database
from journal.storage.deliveries import Delivery
from journal.storage.patients import PatientSummary
from journal.storage.reminders import Reminder
from tests.cast import NOW
from tests.conftest import MASTER_KEYS, Clock
from tests.faults.crashes import outcome, people_to_remind
from tests.faults.dying_worker import UNTIL_TOLD, ended, orders, start
from tests.faults.network import Mode, Network, network
from tests.mail_server import MailServer
from tests.peers import EVERY_CHANNEL, Peers, peers, text_gateway, worker_of
from tests.reminding import rule
from tests.web_server import says

only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
TWO_HOURS = timedelta(hours=2)
WITHIN_S = 30


@pytest.fixture
def to() -> Iterator[Peers]:
    with peers() as found:
        yield found


def ledger(database: Database) -> Counter[tuple[str, str | None]]:
    with database.look() as db:
        return Counter(
            (row.state, row.reason) for row in db.execute(sa.select(Delivery.state, Delivery.reason))
        )


def until(holds: Callable[[], bool]) -> None:
    """Wait for what another thread or process does."""
    deadline = time.monotonic() + WITHIN_S
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.02)


# Clocks that jump


@only_sqlite
@pytest.mark.parametrize("step", [-TWO_HOURS, TWO_HOURS])
@pytest.mark.parametrize("channel", EVERY_CHANNEL)
def test_a_clock_that_jumps_brings_nothing_twice(
    database: Database, config: Config, clock: Clock, to: Peers, channel: str, step: timedelta
) -> None:
    people_to_remind(database, channel)
    first, second = (worker_of(database, config, clock, to, name=name) for name in ("w1", "w2"))
    with database.unit_of_work() as db:
        claimed = claiming.claim_due_reminders(db, channel, worker="w1", now=NOW, limit=4)
    jobs._send_all(first, claimed.to_send[:2], channel)
    first.in_hand.update(claimed.to_send[2:])
    for shift in (step, timedelta(), timedelta(minutes=1)):
        clock.moment = NOW + shift
        for worker in (first, second):
            jobs.send_due(worker, channel)
            jobs.take_over_lost(worker, channel)
    jobs._send_all(first, claimed.to_send[2:], channel)
    found = outcome(database, channel, to)
    assert (found.doubled, found.repeated) == (0, 0)
    assert set(found.states) <= {"sent", "skipped"}
    assert found.missed == found.states["skipped"]
    assert found.states.total() == 10


@only_sqlite
def test_a_worker_that_lives_keeps_its_hold_when_its_clock_jumps(
    database: Database, config: Config, clock: Clock, to: Peers
) -> None:
    people_to_remind(database, EMAIL)
    worker = worker_of(database, config, clock, to)
    with database.unit_of_work() as db:
        worker.in_hand.update(
            claiming.claim_due_reminders(db, EMAIL, worker="w1", now=NOW, limit=200).to_send
        )
    clock.moment = NOW + timedelta(hours=1)
    jobs.take_over_lost(worker, EMAIL)
    assert to.mail.messages == []
    with database.look() as db:
        assert set(db.scalars(sa.select(Delivery.attempts))) == {0}


@only_sqlite
def test_what_was_given_up_by_a_jump_while_it_was_being_sent_is_sent_once(
    database: Database, config: Config, clock: Clock, to: Peers
) -> None:
    people_to_remind(database, SMS, people=5)
    slow, other = (worker_of(database, config, clock, to, name=name, wait_s=60) for name in ("w1", "w2"))
    gate = threading.Event()
    to.sms.next.extend([lambda line, over: (gate.wait(WITHIN_S), says(200)(line, over))] * 5)  # type: ignore[list-item]
    sending = threading.Thread(target=jobs.send_due, args=(slow, SMS))
    sending.start()
    until(lambda: len(to.sms.requests) == 5)
    clock.moment = NOW + timedelta(hours=1)
    jobs.take_over_lost(other, SMS)
    assert ledger(database) == {("unknown", "interrupted"): 5}
    gate.set()
    sending.join()
    assert ledger(database) == {("sent", None): 5}
    assert outcome(database, SMS, to).doubled == 0


# Workers that sleep


def two_times_each(database: Database, people: int) -> None:
    """People who want two messages a day by two channels: at 19:00 and 19:30 in Berlin."""
    people_to_remind(database, EMAIL, PUSH, people=people)
    with database.unit_of_work() as db:
        for account_id in db.scalars(sa.select(Reminder.account_id)).all():
            reminders.set_reminder(
                db,
                account_id,
                rule=rule("19:00", "19:30"),
                channels=[EMAIL, PUSH],
                now=NOW - timedelta(hours=6),
            )


@pytest.mark.parametrize(
    ("database", "asleep"),
    [
        ("sqlite", timedelta(hours=6)),
        pytest.param("postgresql", timedelta(hours=6), marks=pytest.mark.postgres),
        ("sqlite", timedelta(days=3)),
    ],
    indirect=["database"],
)
def test_after_a_long_sleep_each_person_gets_one_message_and_a_few_leave_a_second(
    database: Database,
    config: Config,
    clock: Clock,
    to: Peers,
    asleep: timedelta,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(jobs, "BACKLOG_SPREAD", timedelta())
    two_times_each(database, people=12)
    if asleep > timedelta(hours=6):
        clock.moment = NOW + timedelta(days=3)
        with (
            database.unit_of_work() as db
        ):  # they have been writing meanwhile, or they would be left in peace
            yesterday = clock.moment.date() - timedelta(days=1)
            written = db.execute(sa.update(PatientSummary).values(last_check_in_on=yesterday))
            assert written.rowcount == 12  # type: ignore[attr-defined]
    workers = [worker_of(database, config, clock, to, name=name, wait_s=10) for name in ("w1", "w2")]
    peak: Counter[str] = Counter()
    for _second in range(6):
        before = {EMAIL: len(to.mail.messages), PUSH: len(to.push.requests)}
        for worker in workers:
            for channel in (EMAIL, PUSH):
                jobs.send_due(worker, channel)
                jobs.drain_backlog(worker, channel)
        after = {EMAIL: len(to.mail.messages), PUSH: len(to.push.requests)}
        peak |= Counter({channel: after[channel] - before[channel] for channel in after})
        clock.moment += timedelta(seconds=1)
    assert peak == {EMAIL: 5, PUSH: 5}
    assert Counter(str(letter["To"]) for letter in to.mail.messages).most_common(1)[0][1] == 1
    assert Counter(asked.line for asked in to.push.requests).most_common(1)[0][1] == 1
    days = {6: 1, 72: 4}[int(asleep.total_seconds() // 3600)]
    late = 24 * 2 * (days - 1)
    told = {("sent", None): 24, ("skipped", "overtaken"): 24, ("skipped", "late"): late}
    assert ledger(database) == {said: count for said, count in told.items() if count}


@only_sqlite
def test_what_is_past_its_window_never_leaves(
    database: Database, config: Config, clock: Clock, to: Peers
) -> None:
    people_to_remind(database, *CHANNELS)
    clock.moment = NOW + TWO_HOURS
    worker = worker_of(database, config, clock, to)
    for channel in CHANNELS:
        jobs.send_due(worker, channel)
        jobs.drain_backlog(worker, channel)
    assert (len(to.mail.messages), len(to.push.requests), len(to.sms.requests)) == (0, 0, 0)
    assert ledger(database) == {("skipped", "late"): 30}


# Workers that are told to stop


def test_workers_that_are_replaced_under_load_finish_what_they_began(database: Database, to: Peers) -> None:
    people = 20
    people_to_remind(database, EMAIL, people=people)
    first = start(orders(database, EMAIL, to, NOW, UNTIL_TOLD))
    until(lambda: len(to.mail.accepted) >= 4)
    second = start(orders(database, EMAIL, to, NOW, UNTIL_TOLD))
    os.kill(first.pid or 0, signal.SIGTERM)
    assert ended(first) == 0
    until(lambda: len(to.mail.accepted) >= 10)
    third = start(orders(database, EMAIL, to, NOW, UNTIL_TOLD))
    os.kill(second.pid or 0, signal.SIGTERM)
    assert ended(second) == 0
    until(lambda: len(to.mail.accepted) >= people and ledger(database)["sent", None] == people)
    os.kill(third.pid or 0, signal.SIGTERM)
    assert ended(third) == 0
    found = outcome(database, EMAIL, to)
    assert (found.doubled, found.missed, dict(found.states)) == (0, 0, {"sent": people})
    with database.look() as db:  # given back, not lost
        assert set(db.scalars(sa.select(Delivery.attempts))) == {0}


# Rules that change meanwhile


def test_a_second_web_node_that_changes_rules_meanwhile_brings_nothing_twice(
    database: Database, config: Config, clock: Clock, to: Peers
) -> None:
    people_to_remind(database, EMAIL)
    url = database.engine.url.render_as_string(hide_password=False)
    node = Database(url, MASTER_KEYS)
    workers = [worker_of(database, config, clock, to, name=name, wait_s=10) for name in ("w1", "w2")]
    with database.look() as db:
        accounts = db.scalars(sa.select(Reminder.account_id)).all()

    def change() -> None:
        for walls in (("20:00", "08:00"), ("20:00",), ("19:59", "20:00"), ("20:00",)):
            for account_id in accounts:
                with node.unit_of_work() as db:
                    reminders.set_reminder(db, account_id, rule=rule(*walls), channels=[EMAIL], now=NOW)

    def work(worker: Worker) -> None:
        for _ in range(8):
            jobs.send_due(worker, EMAIL)

    threads = [threading.Thread(target=change)]
    threads += [threading.Thread(target=work, args=(worker,)) for worker in workers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work(workers[0])
    node.close()
    with database.look() as db:
        of_today = sa.select(sa.func.count()).where(Delivery.local_date == NOW.date())
        assert db.scalar(of_today.where(Delivery.slot == "checkin:1")) == 10
        assert set(db.scalars(sa.select(Delivery.state))) <= {"sent", "skipped"}
    found = outcome(database, EMAIL, to)
    assert found.doubled == 0
    assert len(to.mail.messages) == ledger(database)["sent", None]


# Networks that break after the message was handed over


class CutAfterData(MailServer):
    """Takes a message, and the line is dead before it can say so."""

    line: Network | None = None

    async def handle_DATA(self, server: object, session: object, envelope: object) -> str:
        said = await super().handle_DATA(server, session, envelope)  # type: ignore[arg-type]
        if self.line is not None:
            self.line.close()
        return said


@only_sqlite
def test_a_letter_whose_line_is_cut_after_the_hand_over_is_unknown_and_never_sent_again(
    database: Database, config: Config, clock: Clock, to: Peers
) -> None:
    people_to_remind(database, EMAIL, people=1)
    server = CutAfterData()
    with server, network(server.port) as line:
        server.line = line
        worker = worker_of(database, config, clock, to)
        cut = replace(worker, post=Post(config, SmtpCarrier(f"smtp://127.0.0.1:{line.port}", timeout_s=5)))
        jobs.send_due(cut, EMAIL)
        assert ledger(database) == {("unknown", "no_answer"): 1}
        for minutes in (5, 10, 60):
            clock.moment = NOW + timedelta(minutes=minutes)
            jobs.send_due(worker, EMAIL)
            jobs.take_over_lost(worker, EMAIL)
        assert (len(server.accepted), len(to.mail.accepted)) == (1, 0)


@only_sqlite
@pytest.mark.parametrize("mode", [Mode.REPLY_LOST, Mode.CUT_BEFORE, Mode.BLACK_HOLE])
def test_a_text_message_that_a_partition_swallows_is_unknown_and_never_sent_again(
    database: Database, config: Config, clock: Clock, to: Peers, mode: Mode
) -> None:
    people_to_remind(database, SMS, people=3)
    worker = worker_of(database, config, clock, to)
    with network(to.sms.port) as line:
        line.mode = mode
        gateway = text_gateway(line.port, total_s=1)
        jobs.send_due(replace(worker, texts=Texts(gateway, database, most_a_day=100, clock=clock)), SMS)
    for minutes in (5, 10, 60):
        clock.moment = NOW + timedelta(minutes=minutes)
        jobs.send_due(worker, SMS)
        jobs.take_over_lost(worker, SMS)
    assert ledger(database) == {("unknown", "no_answer"): 3}
    assert outcome(database, SMS, to).doubled == 0


@only_sqlite
def test_a_partition_before_the_hand_over_only_delays(
    database: Database, config: Config, clock: Clock, to: Peers
) -> None:
    people_to_remind(database, EMAIL, people=3)
    worker = worker_of(database, config, clock, to)
    with network(to.mail.port) as line:
        line.mode = Mode.BLACK_HOLE
        carrier = SmtpCarrier(f"smtp://127.0.0.1:{line.port}", timeout_s=0.3)
        jobs.send_due(replace(worker, post=Post(config, carrier)), EMAIL)
    assert ledger(database) == {("claimed", "refused"): 3}
    clock.moment = NOW + timedelta(minutes=5)
    jobs.take_over_lost(worker, EMAIL)
    assert ledger(database) == {("sent", None): 3}
    assert outcome(database, EMAIL, to).doubled == 0
