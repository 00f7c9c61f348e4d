"""A worker that claims and sends, with a real database and a real mail server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa

from journal.config import Config
from journal.jobs import reminders as jobs
from journal.jobs.worker import Awake, Worker
from journal.languages import Language
from journal.services import claiming
from journal.services.links import fingerprint
from journal.services.mail import Post, SmtpCarrier
from journal.services.reminder_lines import LINES
from journal.storage.accounts import Account, set_language
from journal.storage.database import Database
from journal.storage.deliveries import Delivery, delivery_by_link
from tests.builders import check_in
from tests.cast import NOW, Cast
from tests.conftest import Clock
from tests.letterbox import html, words
from tests.mail_server import HANG, MailServer
from tests.reminding import begin, claim, remind, states, utc

DUE = utc("2026-03-30 18:30")


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def worker(database: Database, config: Config, clock: Clock, server: MailServer) -> Worker:
    carrier = SmtpCarrier(server.url, timeout_s=0.5)
    return Worker(name="w1", config=config, database=database, post=Post(config, carrier), clock=clock)


def test_what_is_due_arrives_once(worker: Worker, cast: Cast, clock: Clock, server: MailServer) -> None:
    remind(worker.database, cast.alice, "20:30", at=NOW)
    clock.moment = DUE
    jobs.send_due(worker)
    jobs.send_due(worker)
    (message,) = server.messages
    assert message["To"] == "alice@example.org"
    assert states(worker.database, cast.alice) == [("sent", None)]


def test_the_messages_link_is_its_deliverys(
    worker: Worker, cast: Cast, clock: Clock, server: MailServer
) -> None:
    remind(worker.database, cast.alice, "20:30", at=NOW)
    clock.moment = DUE
    jobs.send_due(worker)
    text = server.messages[0].get_body(("plain",))
    assert text is not None
    token = text.get_content().split("https://journal.example.org/c/")[1].split()[0]
    with worker.database.look() as db:
        linked = delivery_by_link(db, fingerprint(token))
    assert linked is not None
    assert linked.patient_id == cast.alice.patient_id


def test_a_message_is_in_the_language_of_who_gets_it(
    worker: Worker, cast: Cast, clock: Clock, server: MailServer
) -> None:
    with worker.database.unit_of_work() as db:
        set_language(db, cast.alice.account_id, Language.GREEK)
    remind(worker.database, cast.alice, "20:30", at=NOW)
    remind(worker.database, cast.dan, "20:30", at=NOW)
    clock.moment = DUE
    jobs.send_due(worker)
    said = {message["To"]: message for message in server.messages}
    greek, english = said["alice@example.org"], said["dan@example.org"]
    assert greek["Subject"] in {"Έχεις ένα λεπτό;", "Μια ήσυχη στιγμή, αν θέλεις.", "Εδώ, όποτε θέλεις."}
    assert "Ένα άγγιγμα αρκεί:" in words(greek)
    assert "One tap is enough" not in words(greek)
    assert '<html lang="el">' in html(greek)
    assert english["Subject"] in LINES
    assert "One tap is enough:" in words(english)


def test_more_than_a_batch_is_sent_in_one_tick(
    worker: Worker, cast: Cast, clock: Clock, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "BATCH", 1)
    remind(worker.database, cast.alice, "20:30", at=NOW)
    remind(worker.database, cast.dan, "20:30", at=NOW)
    clock.moment = DUE
    jobs.send_due(worker)
    assert {message["To"] for message in server.messages} == {"alice@example.org", "dan@example.org"}


def test_somebody_who_checked_in_is_left_in_peace(
    worker: Worker, cast: Cast, clock: Clock, server: MailServer
) -> None:
    remind(worker.database, cast.alice, "20:30", at=NOW)
    with worker.database.unit_of_work() as db:
        check_in(db, cast.alice, at=NOW)
    clock.moment = DUE
    jobs.send_due(worker)
    assert server.messages == []
    assert states(worker.database, cast.alice) == [("skipped", "checked_in")]


def test_a_refusal_for_now_leads_to_one_message_five_minutes_later(
    worker: Worker, cast: Cast, clock: Clock, server: MailServer
) -> None:
    server.answers_to["DATA"].append("451 not now")
    remind(worker.database, cast.alice, "20:30", at=NOW)
    clock.moment = DUE
    jobs.send_due(worker)
    jobs.take_over_lost(worker)
    assert server.messages == []
    clock.moment = DUE + timedelta(minutes=5)
    jobs.take_over_lost(worker)
    (message,) = server.messages
    with worker.database.look() as db:
        key = db.scalar(sa.select(Delivery.message_key))
    assert message["Message-ID"] == f"<{key}@journal.example.org>"
    assert states(worker.database, cast.alice) == [("sent", None)]


def test_a_refusal_for_good_is_written_down(
    worker: Worker, cast: Cast, clock: Clock, server: MailServer
) -> None:
    server.answers_to["RCPT"].append("550 no such person")
    remind(worker.database, cast.alice, "20:30", at=NOW)
    clock.moment = DUE
    jobs.send_due(worker)
    assert states(worker.database, cast.alice) == [("failed", "turned_away")]


def test_silence_after_the_hand_over_is_not_repeated(
    worker: Worker, cast: Cast, clock: Clock, server: MailServer
) -> None:
    server.answers_to["DATA"].append(HANG)
    remind(worker.database, cast.alice, "20:30", at=NOW)
    clock.moment = DUE
    jobs.send_due(worker)
    clock.moment = DUE + timedelta(minutes=10)
    jobs.take_over_lost(worker)
    assert server.messages == []
    assert states(worker.database, cast.alice) == [("unknown", "no_answer")]


def test_an_address_that_breaks_is_given_up_while_others_go_out(
    worker: Worker, cast: Cast, clock: Clock, server: MailServer
) -> None:
    with worker.database.unit_of_work() as db:
        of_alice = sa.update(Account).where(Account.id == cast.alice.account_id)
        db.execute(of_alice.values(email="alice@example.org\r\nBcc: everybody@example.org"))
    remind(worker.database, cast.alice, "20:30", at=NOW)
    remind(worker.database, cast.dan, "20:30", at=NOW)
    clock.moment = DUE
    jobs.send_due(worker)
    assert [message["To"] for message in server.messages] == ["dan@example.org"]
    assert states(worker.database, cast.alice) == [("failed", "turned_away")]


def test_a_row_that_raises_is_given_up_after_three_tries_while_others_go_out(
    worker: Worker, cast: Cast, clock: Clock, server: MailServer
) -> None:
    remind(worker.database, cast.alice, "20:30", at=NOW)
    remind(worker.database, cast.dan, "20:30", at=NOW)
    clock.moment = DUE
    with worker.database.unit_of_work() as db:
        claimed = claiming.claim_due_reminders(db, worker="w1", now=DUE, limit=200)
    with worker.database.unit_of_work() as db:
        db.execute(
            sa.text("UPDATE reminder SET times = '[1]' WHERE account_id = :id"), {"id": cast.alice.account_id}
        )
    jobs._send_all(worker, claimed.to_send)
    assert states(worker.database, cast.dan) == [("sent", None)]
    seen = [states(worker.database, cast.alice)]
    for _ in range(3):
        clock.moment += timedelta(minutes=5)
        jobs.take_over_lost(worker)
        seen.append(states(worker.database, cast.alice))
    assert seen == [
        [("claimed", "fault")],
        [("claimed", "fault")],
        [("failed", "gave_up")],
        [("failed", "gave_up")],
    ]
    assert len(server.messages) == 1


def test_what_a_dead_worker_claimed_is_sent_by_another(
    worker: Worker, cast: Cast, clock: Clock, server: MailServer
) -> None:
    remind(worker.database, cast.alice, "20:30", at=NOW)
    claim(worker.database, DUE, worker="dead")
    clock.moment = DUE + timedelta(seconds=50)
    jobs.take_over_lost(worker)
    assert len(server.messages) == 1
    assert states(worker.database, cast.alice) == [("sent", None)]


def test_what_a_dead_worker_was_sending_is_not_sent_again(
    worker: Worker, cast: Cast, clock: Clock, server: MailServer
) -> None:
    remind(worker.database, cast.alice, "20:30", at=NOW)
    (key,) = claim(worker.database, DUE, worker="dead").to_send
    begin(worker.database, key, DUE, worker="dead")
    clock.moment = DUE + timedelta(minutes=1)
    jobs.take_over_lost(worker)
    assert server.messages == []
    assert states(worker.database, cast.alice) == [("unknown", "interrupted")]


def test_a_living_worker_keeps_its_hold(worker: Worker, cast: Cast, clock: Clock, server: MailServer) -> None:
    remind(worker.database, cast.alice, "20:30", at=NOW)
    worker.in_hand.update(claim(worker.database, DUE).to_send)
    for _ in range(6):
        clock.moment += timedelta(seconds=30)
        jobs.take_over_lost(worker)
    assert server.messages == []
    assert states(worker.database, cast.alice) == [("claimed", None)]


def test_what_an_outage_left_goes_a_few_at_a_time(
    worker: Worker, cast: Cast, clock: Clock, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "BACKLOG_PER_SECOND", 1)
    remind(worker.database, cast.alice, "20:30", at=NOW)
    remind(worker.database, cast.dan, "20:30", at=NOW)
    clock.moment = DUE + timedelta(hours=1)
    jobs.send_due(worker)
    assert server.messages == []
    sent = []
    for _ in range(3):
        jobs.drain_backlog(worker)
        sent.append(len(server.messages))
        clock.moment += timedelta(seconds=1)
    assert sent == [1, 2, 2]


def test_a_crowd_that_a_slow_service_leaves_waiting_is_no_outages(
    worker: Worker, cast: Cast, clock: Clock, server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claiming, "BACKLOG_PER_SECOND", 0)
    remind(worker.database, cast.alice, "20:30", at=NOW)
    remind(worker.database, cast.dan, "20:30", at=NOW)
    clock.moment = DUE - timedelta(seconds=30)
    while clock.moment < DUE + timedelta(hours=1):  # busy with others all the time, and never away
        jobs.keep_hold(worker)
        clock.moment += timedelta(seconds=30)
    jobs.send_due(worker)
    assert len(server.messages) == 2


@pytest.mark.parametrize("away", [timedelta(seconds=61), timedelta(hours=-1)])
def test_a_worker_that_was_away_begins_anew(away: timedelta) -> None:
    awake = Awake()
    assert [awake.look(NOW), awake.look(NOW + timedelta(seconds=60))] == [NOW, NOW]
    back = NOW + timedelta(seconds=60) + away
    assert awake.look(back) == back


def test_without_a_backlog_there_is_nothing_to_drain(worker: Worker, cast: Cast, server: MailServer) -> None:
    remind(worker.database, cast.alice, "20:30", at=NOW)
    jobs.drain_backlog(worker)
    assert server.messages == []


def test_a_worker_that_is_told_to_stop_gives_back_what_it_has_not_begun(
    worker: Worker, cast: Cast, clock: Clock, server: MailServer
) -> None:
    remind(worker.database, cast.alice, "20:30", at=NOW)
    clock.moment = DUE
    to_send = claim(worker.database, DUE).to_send
    worker.stopping.set()
    jobs._send_all(worker, to_send)
    assert server.messages == []
    with worker.database.look() as db:
        assert db.scalar(sa.select(Delivery.claimed_by)) is None


def test_a_worker_that_is_told_to_stop_claims_nothing_more(
    worker: Worker, cast: Cast, clock: Clock, server: MailServer
) -> None:
    remind(worker.database, cast.alice, "20:30", at=NOW)
    clock.moment = DUE
    worker.stopping.set()
    jobs.send_due(worker)
    assert states(worker.database, cast.alice) == []


class Forgetful:
    """A way for mail that fails in a way nobody foresaw."""

    def carry(self, message: EmailMessage) -> None:
        raise LookupError


def test_a_fault_nobody_foresaw_while_sending_leaves_it_unknown(
    worker: Worker, cast: Cast, clock: Clock, config: Config
) -> None:
    remind(worker.database, cast.alice, "20:30", at=NOW)
    clock.moment = DUE
    broken = Worker(
        name="w2", config=config, database=worker.database, post=Post(config, Forgetful()), clock=clock
    )
    jobs.send_due(broken)
    assert states(worker.database, cast.alice) == [("unknown", "no_answer")]
