from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from journal.config import Config
from journal.jobs.upkeep import LEDGER_IS_KEPT, follow_calendar, forget_ended, plan_what_waits
from journal.jobs.worker import Worker
from journal.services.mail import Post
from journal.storage import kiosk, sms
from journal.storage.accounts import WebSession
from journal.storage.assessments import assessments_of
from journal.storage.base import new_public_id
from journal.storage.database import Database
from journal.storage.deliveries import Delivery
from journal.storage.rate_limits import RateLimit
from journal.storage.reminders import Reminder
from journal.storage.sms import SmsNumber
from tests.cast import NOW, Cast, web_session
from tests.conftest import Clock
from tests.reminding import ask_no_questionnaires, claim, queue, remind


def worker(database: Database, config: Config, clock: Clock) -> Worker:
    return Worker(name="w", config=config, database=database, post=Post(config), clock=clock)


def count(database: Database, table: type) -> int:
    with database.look() as db:
        return int(db.scalar(sa.select(sa.func.count()).select_from(table)) or 0)


def test_a_web_session_that_has_ended_is_forgotten_and_a_living_one_is_kept(
    database: Database, cast: Cast, config: Config, clock: Clock
) -> None:
    with database.unit_of_work() as db:
        web_session(db, cast.alice, now=NOW - timedelta(days=800))
        web_session(db, cast.bob)
    forget_ended(worker(database, config, clock))
    assert count(database, WebSession) == 1


def test_a_rate_limit_whose_window_is_over_is_forgotten(
    database: Database, cast: Cast, config: Config, clock: Clock
) -> None:
    with database.unit_of_work() as db:
        for key, ends in (("over", NOW - timedelta(hours=1)), ("runs", NOW + timedelta(hours=1))):
            db.add(RateLimit(key=key, count=1, ends_at=ends.timestamp()))
    forget_ended(worker(database, config, clock))
    assert count(database, RateLimit) == 1


def test_the_ledger_is_kept_for_ninety_days_and_what_is_under_way_longer(
    database: Database, cast: Cast, config: Config, clock: Clock
) -> None:
    sent_at = NOW - LEDGER_IS_KEPT
    with database.unit_of_work() as db:
        for number, (state, due_at) in enumerate(
            (
                ("sent", sent_at - timedelta(seconds=1)),
                ("skipped", sent_at - timedelta(days=30)),
                ("claimed", sent_at - timedelta(days=30)),
                ("sent", sent_at),
            )
        ):
            db.add(
                Delivery(
                    public_id=new_public_id(),
                    account_id=cast.alice.account_id,
                    local_date=due_at.date(),
                    slot=f"checkin:{number}",
                    channel="email",
                    state=state,
                    due_at=due_at,
                    message_key=f"key-{number}",
                )
            )
    for _ in range(2):
        forget_ended(worker(database, config, clock))
    with database.look() as db:
        kept = db.execute(sa.select(Delivery.state, Delivery.due_at).order_by(Delivery.slot)).all()
    assert kept == [("claimed", sent_at - timedelta(days=30)), ("sent", sent_at)]


def test_what_was_sent_today_is_not_forgotten_and_does_not_come_again(
    database: Database, cast: Cast, config: Config, clock: Clock
) -> None:
    ask_no_questionnaires(database, cast.alice)
    remind(database, cast.alice, "20:30", at=NOW)
    clock.moment = NOW + timedelta(minutes=30)
    assert len(claim(database, clock.moment).to_send) == 1
    forget_ended(worker(database, config, clock))
    remind(
        database, cast.alice, "20:30", at=clock.moment - timedelta(minutes=1)
    )  # as a wrong clock would plan it
    assert claim(database, clock.moment).to_send == []
    assert count(database, Delivery) == 1


def test_a_number_that_was_never_proven_is_forgotten_after_a_day(
    database: Database, cast: Cast, config: Config, clock: Clock
) -> None:
    ends_at, greek = NOW + timedelta(minutes=10), "+306912345678"
    with database.unit_of_work() as db:
        for person, number in (
            (cast.alice, "+4917612345678"),
            (cast.dan, "+4917687654321"),
            (cast.bob, "+306912345678"),
        ):
            sms.keep(db, person.account_id, number=number, code="1", code_ends_at=ends_at, now=NOW)
        sms.verify(db, cast.dan.account_id, code="1", most=5, now=NOW)
        sms.stop(db, sms.fingerprint_of(db, greek), now=NOW)
    clock.moment = NOW + timedelta(days=1)
    forget_ended(worker(database, config, clock))
    assert count(database, SmsNumber) == 3
    clock.moment += timedelta(seconds=1)
    forget_ended(worker(database, config, clock))
    with database.look() as db:
        assert sms.number_of(db, cast.alice.account_id) is None
        assert count(database, SmsNumber) == 2


def test_a_second_run_finds_nothing_more(
    database: Database, cast: Cast, config: Config, clock: Clock
) -> None:
    with database.unit_of_work() as db:
        web_session(db, cast.alice)
    for _ in range(2):
        forget_ended(worker(database, config, clock))
    assert count(database, WebSession) == 1


def test_after_another_zone_database_every_rule_is_planned_again_and_a_broken_one_stops_nobody(
    database: Database, cast: Cast, config: Config, clock: Clock
) -> None:
    ask_no_questionnaires(database, cast.alice, cast.dan)
    for person in (cast.alice, cast.dan):
        remind(database, person, "20:30", at=NOW)
    with database.unit_of_work() as db:
        db.execute(sa.update(Reminder).values(planned_with="tzdata 1999.1"))
        of_alice = sa.update(Reminder).where(Reminder.account_id == cast.alice.account_id)
        db.execute(of_alice.values(zone="Atlantis/Capital"))
    before = queue(database)
    plan_what_waits(worker(database, config, clock))
    assert queue(database) == before
    with database.look() as db:
        assert "tzdata 1999.1" not in set(db.scalars(sa.select(Reminder.planned_with)))


def test_every_hour_what_is_due_opens_and_what_is_over_closes(
    database: Database, cast: Cast, config: Config, clock: Clock
) -> None:
    def standing() -> list[tuple[str, bool, bool]]:
        with database.look() as db:
            found = assessments_of(db, cast.dan.patient_id)
            return [(one.instrument, one.opened_at is not None, one.expired_at is not None) for one in found]

    follow_calendar(worker(database, config, clock))
    assert standing() == [("phq8", True, False), ("gad7", True, False)]
    clock.moment = NOW + timedelta(days=4)
    follow_calendar(worker(database, config, clock))
    assert standing()[:2] == [("phq8", True, True), ("gad7", True, True)]
    assert standing()[2:] == [("phq8", False, False), ("gad7", False, False)]


def test_a_tablet_that_was_handed_over_is_forgotten_after_a_day(
    database: Database, cast: Cast, config: Config, clock: Clock
) -> None:
    with database.unit_of_work() as db:
        kiosk.add_handover(
            db,
            patient_id=cast.alice.patient_id,
            provider_id=cast.bob.provider_id,
            instrument="gad7",
            place_hash="place",
            code_hash="code",
            now=clock(),
            expires_at=clock(),
        )
    left = []
    for passed in (timedelta(days=1), timedelta(seconds=1)):
        clock.moment += passed
        forget_ended(worker(database, config, clock))
        left.append(count(database, kiosk.KioskHandover))
    assert left == [1, 0]
