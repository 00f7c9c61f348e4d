"""From queue to ledger, on both databases. NOW is Monday 30 March 2026, 20:00 in Berlin."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from journal.services import claiming, reminders
from journal.services.checkins import delete_check_in
from journal.services.reminders import EMAIL, NOTES, PUSH, SMS
from journal.storage.database import Database
from journal.storage.deliveries import Delivery
from journal.storage.reminders import Reminder
from tests.builders import check_in, the_patient
from tests.cast import Cast
from tests.reminding import (
    FIRST,
    SECOND,
    backlog,
    claim,
    close_account,
    drain,
    ledger,
    queue,
    remind,
    rule,
    states,
    utc,
)

MORNING = utc("2026-03-30 06:00")
DUE = utc("2026-03-30 18:30")  # 20:30 in Berlin
A_MOMENT = timedelta(seconds=5)
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
MONDAY, TUESDAY = date(2026, 3, 30), date(2026, 3, 31)


# Claiming


def test_nothing_is_claimed_before_it_is_due(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    assert claim(database, DUE - timedelta(seconds=1)).taken == 0


def test_a_due_row_becomes_a_delivery_and_the_next_one_waits(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    assert len(claim(database, DUE).to_send) == 1
    assert ledger(database, cast.alice) == [("2026-03-30", FIRST, "claimed", None)]
    assert queue(database) == [(FIRST, TUESDAY, DUE + A_DAY)]


def test_a_batch_has_a_limit_and_takes_the_earliest_first(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:29", at=MORNING)
    remind(database, cast.dan, "20:30", at=MORNING)
    assert claim(database, DUE, limit=1).taken == 1
    assert states(database, cast.alice) == [("claimed", None)]
    assert states(database, cast.dan) == []


def test_a_check_in_of_the_day_silences_its_reminder(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    with database.unit_of_work() as db:
        check_in(db, cast.alice, at=MORNING)
    assert claim(database, DUE).to_send == []
    assert states(database, cast.alice) == [("skipped", "checked_in")]


def test_a_check_in_about_yesterday_silences_nothing_today(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    with database.unit_of_work() as db:
        check_in(db, cast.alice, on=MONDAY - A_DAY, at=MORNING)
    assert len(claim(database, DUE).to_send) == 1


def test_somebody_elses_check_in_silences_nothing(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    with database.unit_of_work() as db:
        check_in(db, cast.dan, at=MORNING)
    assert len(claim(database, DUE).to_send) == 1


def test_a_deleted_check_in_silences_nothing(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    with database.unit_of_work() as db:
        kept = check_in(db, cast.alice, at=MORNING)
    with database.unit_of_work() as db:
        delete_check_in(db, the_patient(db, cast.alice), check_in_id=kept.public_id, now=MORNING)
    assert len(claim(database, DUE).to_send) == 1


def test_a_closed_account_is_not_reminded_again(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    close_account(database, cast)
    claim(database, DUE)
    assert states(database, cast.alice) == [("skipped", "stopped")]
    assert queue(database) == []


def put_back(database: Database) -> None:
    """Put today's row into the queue again, as a restored or rebuilt queue would."""
    with database.unit_of_work() as db:
        db.execute(
            sa.text("UPDATE reminder_queue SET next_due_at = :due, local_date = :day").bindparams(
                sa.bindparam("due", DUE, type_=Delivery.due_at.type),
                sa.bindparam("day", MONDAY, type_=sa.Date()),
            )
        )


def test_a_date_that_the_ledger_knows_is_not_sent_again(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    claim(database, DUE)
    put_back(database)
    claimed = claim(database, DUE + A_MOMENT)
    assert (claimed.to_send, claimed.needless) == ([], 1)
    assert queue(database) == [(FIRST, TUESDAY, DUE + A_DAY)]


def test_a_clock_that_goes_back_brings_nothing_again(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    claim(database, DUE)
    remind(database, cast.alice, "20:30", at=DUE - 2 * AN_HOUR)
    assert queue(database) == [(FIRST, TUESDAY, DUE + A_DAY)]
    assert claim(database, DUE).taken == 0


def test_a_broken_rule_is_given_up_and_holds_up_nobody(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    remind(database, cast.dan, "20:30", at=MORNING)
    with database.unit_of_work() as db:
        of_alice = Reminder.account_id == cast.alice.account_id
        db.execute(sa.update(Reminder).where(of_alice).values(zone="Atlantis/Capital"))
    claimed = claim(database, DUE)
    assert (len(claimed.to_send), claimed.failed) == (1, 1)
    assert states(database, cast.alice) == [("failed", "fault")]
    assert states(database, cast.dan) == [("claimed", None)]


def test_a_broken_rule_can_be_set_anew(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    with database.unit_of_work() as db:
        db.execute(sa.update(Reminder).values(zone="Atlantis/Capital"))
    remind(database, cast.alice, "21:00", at=MORNING)
    assert queue(database) == [(FIRST, MONDAY, utc("2026-03-30 19:00"))]


# After an outage


def test_a_time_taken_away_after_an_outage_leaves_every_day_in_the_ledger(
    database: Database, cast: Cast
) -> None:
    remind(database, cast.alice, "08:00", "20:30", at=MORNING)
    back = DUE + 2 * A_DAY + 3 * AN_HOUR
    remind(database, cast.alice, at=back, stopped=True)
    while claim(database, back).taken:
        pass
    assert [(day, slot) for day, slot, _, _ in ledger(database, cast.alice)] == [
        ("2026-03-30", SECOND),
        ("2026-03-31", FIRST),
        ("2026-03-31", SECOND),
        ("2026-04-01", FIRST),
        ("2026-04-01", SECOND),
    ]


def test_a_time_that_had_passed_when_it_was_chosen_does_not_come_by_an_outage(
    database: Database, cast: Cast
) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    noon = utc("2026-04-01 10:00")
    remind(database, cast.alice, "11:00", at=noon)
    while claim(database, noon).taken or drain(database, noon):
        pass
    assert ledger(database, cast.alice) == [
        ("2026-03-30", FIRST, "skipped", "late"),
        ("2026-03-31", FIRST, "skipped", "late"),
    ]
    assert queue(database) == [(FIRST, date(2026, 4, 2), utc("2026-04-02 09:00"))]


def test_a_zone_that_was_changed_after_an_outage_brings_nothing_from_before(
    database: Database, cast: Cast
) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    noon = utc("2026-04-01 10:00")
    with database.unit_of_work() as db:
        reminders.replan(db, cast.alice.account_id, zone="Pacific/Auckland", now=noon)
    while claim(database, noon).taken or drain(database, noon):
        pass
    assert [day for day, *_ in ledger(database, cast.alice)] == ["2026-03-30", "2026-03-31"]


def test_after_six_hours_what_is_too_late_is_skipped_and_said_so(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "14:30", at=MORNING)  # the worker sleeps until 20:30
    assert claim(database, DUE).to_send == []
    assert states(database, cast.alice) == [("skipped", "late")]
    assert queue(database) == [(FIRST, TUESDAY, utc("2026-03-31 12:30"))]


def test_after_four_days_every_day_is_in_the_ledger_and_one_message_goes(
    database: Database, cast: Cast
) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    back = DUE + 4 * A_DAY + A_MOMENT
    sending = []
    while (claimed := claim(database, back)).taken:
        sending += claimed.to_send
    assert len(sending) == 1
    assert ledger(database, cast.alice) == [
        ("2026-03-30", FIRST, "skipped", "late"),
        ("2026-03-31", FIRST, "skipped", "late"),
        ("2026-04-01", FIRST, "skipped", "late"),
        ("2026-04-02", FIRST, "skipped", "late"),
        ("2026-04-03", FIRST, "claimed", None),
    ]


def test_what_is_late_but_not_too_late_drains_at_five_a_second(database: Database, cast: Cast) -> None:
    backlog(database, people=12, at=MORNING)
    back = DUE + AN_HOUR
    assert claim(database, back).taken == 0
    per_second = [drain(database, back + timedelta(milliseconds=100 * tick)) for tick in range(35)]
    assert [sum(per_second[start : start + 10]) for start in (0, 10, 20)] == [5, 5, 2]
    with database.look() as db:
        assert not claiming.has_backlog(db, now=back + timedelta(seconds=4))


def test_a_backlog_does_not_hold_up_what_is_on_time(database: Database, cast: Cast) -> None:
    backlog(database, people=12, at=MORNING)
    remind(database, cast.alice, "21:30", at=MORNING)
    assert len(claim(database, DUE + AN_HOUR).to_send) == 1


def test_the_brake_does_not_hang_on_a_clock_that_was_set_back(database: Database, cast: Cast) -> None:
    backlog(database, people=12, at=MORNING)
    assert drain(database, DUE + AN_HOUR) == 5
    assert drain(database, DUE + timedelta(minutes=20)) == 5


def test_a_person_gets_one_message_after_an_outage_the_latest(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "19:45", "20:30", at=MORNING)
    for _ in range(3):
        claim(database, DUE + A_MOMENT)
        drain(database, DUE + A_MOMENT)
    assert ledger(database, cast.alice) == [
        ("2026-03-30", FIRST, "skipped", "overtaken"),
        ("2026-03-30", SECOND, "claimed", None),
    ]


def test_a_reminder_for_the_last_minute_of_a_day_still_goes_after_midnight(
    database: Database, cast: Cast
) -> None:
    remind(database, cast.alice, "23:59", at=MORNING)
    assert len(claim(database, utc("2026-03-30 22:00")).to_send) == 1


# By several channels, and rows that are broken


def test_each_channel_has_its_own_line_in_the_ledger(database: Database, cast: Cast) -> None:
    by = (EMAIL, PUSH, SMS)
    with database.unit_of_work() as db:
        reminders.set_reminder(db, cast.alice.account_id, rule=rule("20:30"), channels=by, now=MORNING)
    assert [len(claim(database, DUE, channel=channel).to_send) for channel in by] == [1, 1, 1]
    assert [claim(database, DUE + A_MOMENT, channel=channel).taken for channel in by] == [0, 0, 0]
    with database.look() as db:
        rows = db.execute(sa.select(Delivery.channel, Delivery.state, Delivery.reason)).all()
    assert sorted(rows) == [(channel, "claimed", None) for channel in sorted(by)]


def test_a_row_whose_facts_raise_is_failed_and_the_others_go(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    with database.unit_of_work() as db:  # a slot that no provider's note can have
        reminders.set_reminder(
            db, cast.bob.account_id, rule=rule("20:30"), channels=[EMAIL], now=MORNING, kind=NOTES
        )
    claimed = claim(database, DUE)
    assert (len(claimed.to_send), claimed.failed) == (1, 1)
    assert states(database, cast.bob) == [("failed", "fault")]
    assert states(database, cast.alice) == [("claimed", None)]


@pytest.mark.parametrize("channels", [1, None, [["email"]]])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_row_whose_channels_cannot_be_read_is_failed_and_the_others_go(
    database: Database, cast: Cast, channels: object
) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    remind(database, cast.dan, "20:30", at=MORNING)
    with database.unit_of_work() as db:
        of_alice = sa.update(Reminder).where(Reminder.account_id == cast.alice.account_id)
        db.execute(of_alice.values(channels=channels))
    claimed = claim(database, DUE)
    assert (len(claimed.to_send), claimed.failed) == (1, 1)
    assert states(database, cast.alice) == [("failed", "fault")]
