"""What enters the ledger besides the plain daily reminder: why one was kept away, what other events bring, and how
channels end. NOW is Monday 30 March 2026, 20:00 in Berlin."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain.errors import NotFound, Refused
from journal.domain.reminders import QuietHours, ReminderRule
from journal.domain.treatments import Status
from journal.services import deliveries, reminders
from journal.services.links import fingerprint
from journal.services.reminders import EMAIL, PUSH, SMS
from journal.storage import treatments
from journal.storage.assessments import Assessment
from journal.storage.database import Database
from journal.storage.deliveries import Delivery
from journal.storage.reminders import Reminder, ReminderQueue
from tests.builders import check_in, treatment
from tests.cast import Cast, Person
from tests.reminding import (
    FIRST,
    SECOND,
    ask_no_questionnaires,
    begin,
    claim,
    drain,
    ledger,
    queue,
    remind,
    rule,
    sent,
    states,
    sweep,
    utc,
)

MORNING = utc("2026-03-30 06:00")
DUE = utc("2026-03-30 18:30")  # 20:30 in Berlin
A_MOMENT = timedelta(seconds=5)
A_MINUTE = timedelta(minutes=1)
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
MONDAY, WEDNESDAY = date(2026, 3, 30), date(2026, 4, 1)
ALL = (EMAIL, PUSH, SMS)

only_sqlite = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def wants(
    database: Database,
    person: Person,
    asked: ReminderRule,
    *channels: str,
    at: datetime = MORNING,
    kind: str = reminders.CHECK_IN,
) -> None:
    with database.unit_of_work() as db:
        by = channels or (EMAIL,)
        reminders.set_reminder(db, person.account_id, rule=asked, channels=by, now=at, kind=kind)


def by_channel(database: Database) -> dict[str, tuple[str, str | None]]:
    with database.look() as db:
        rows = db.execute(sa.select(Delivery.channel, Delivery.state, Delivery.reason))
        return {row.channel: (row.state, row.reason) for row in rows}


def channels_of(database: Database, person: Person) -> list[object]:
    with database.look() as db:
        found = db.scalar(sa.select(Reminder.channels).where(Reminder.account_id == person.account_id))
        assert found is not None
        return found


# Why one was kept away


@only_sqlite
def test_one_that_is_still_there_when_quiet_hours_begin_is_too_late(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, replace(rule("20:30"), quiet=QuietHours(time(22), time(8))))
    assert drain(database, utc("2026-03-30 20:00")) == 1
    assert states(database, cast.alice) == [("skipped", "late")]


@only_sqlite
def test_quiet_hours_that_are_chosen_meanwhile_hold(database: Database, cast: Cast) -> None:
    snooze(database, came(database, cast), DUE + AN_HOUR)
    quiet = QuietHours(time(21), time(8))
    wants(database, cast.alice, replace(rule("20:30"), quiet=quiet), at=DUE + 2 * A_MINUTE)
    claim(database, DUE + AN_HOUR)
    assert states(database, cast.alice)[1] == ("skipped", "quiet_hours")


@only_sqlite
def test_a_pause_at_the_last_moment_is_in_the_ledger(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("20:30"))
    wants(database, cast.alice, replace(rule("20:30"), paused_until=WEDNESDAY), at=DUE + A_MOMENT)
    claim(database, DUE + 2 * A_MOMENT)
    assert states(database, cast.alice) == [("skipped", "paused")]
    assert queue(database) == [(FIRST, WEDNESDAY, DUE + 2 * A_DAY)]


def test_a_session_keeps_the_day_quiet_and_asks_in_the_evening_itself(database: Database, cast: Cast) -> None:
    ask_no_questionnaires(database, cast.alice)
    wants(database, cast.alice, rule("08:30", "20:30"))
    session = put_session(database, cast, MONDAY)
    claim(database, utc("2026-03-30 06:30"))
    assert len(claim(database, DUE).to_send) == 1
    assert ledger(database, cast.alice) == [
        ("2026-03-30", FIRST, "skipped", "session_day"),
        ("2026-03-30", SECOND, "skipped", "replaced"),
        ("2026-03-30", f"session:{session}:evening", "claimed", None),
    ]


@only_sqlite
def test_after_three_silent_days_every_second_rests(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("20:30"), at=MORNING - 4 * A_DAY)
    for _ in range(6):
        ((_, _, due),) = queue(database)
        for key in claim(database, due).to_send:
            begin(database, key, due)
            sent(database, key, due)
    silent = [("sent", None)] * 3
    assert states(database, cast.alice) == [
        *silent,
        ("skipped", "resting"),
        ("sent", None),
        ("skipped", "resting"),
    ]


@only_sqlite
def test_the_follow_up_comes_and_after_a_check_in_does_not(database: Database, cast: Cast) -> None:
    for person in (cast.alice, cast.dan):
        wants(database, person, replace(rule("20:30"), follow_up=True))
    claim(database, DUE)
    with database.unit_of_work() as db:
        check_in(db, cast.dan, at=DUE + A_MOMENT)
    claim(database, DUE + 2 * AN_HOUR)
    assert ledger(database, cast.alice)[1] == ("2026-03-30", FIRST + ":nudge", "claimed", None)
    assert ledger(database, cast.dan)[1] == ("2026-03-30", FIRST + ":nudge", "skipped", "checked_in")


# Treatment sessions


def put_session(database: Database, cast: Cast, on: date, *, now: datetime = MORNING) -> str:
    with database.unit_of_work() as db:
        kept = treatment(db, cast.alice, on, status=Status.PLANNED, now=now)
        reminders.replan(db, cast.alice.account_id, now=now)
        return kept.public_id


def change_session(database: Database, cast: Cast, now: datetime, **values: object) -> None:
    with database.unit_of_work() as db:
        db.execute(sa.update(treatments.TreatmentSession).values(**values))
        reminders.replan(db, cast.alice.account_id, now=now)


def planned(database: Database) -> list[tuple[str, date]]:
    return [(slot.rpartition(":")[2], day) for slot, day, _ in queue(database) if slot.startswith("session")]


@only_sqlite
def test_a_session_plans_its_messages_and_one_that_is_moved_moves_them(
    database: Database, cast: Cast
) -> None:
    wants(database, cast.alice, rule("20:30"))
    put_session(database, cast, WEDNESDAY)
    days = {"eve": -1, "evening": 0, "d1": 1, "d3": 3, "d7": 7}
    assert planned(database) == [(name, WEDNESDAY + more * A_DAY) for name, more in days.items()]
    change_session(database, cast, MORNING, local_date=WEDNESDAY + A_DAY)
    assert planned(database) == [(name, WEDNESDAY + (more + 1) * A_DAY) for name, more in days.items()]
    change_session(database, cast, MORNING, status=Status.CANCELLED.value)
    assert planned(database) == []


def test_a_session_that_is_called_off_between_claim_and_sending_says_nothing(
    database: Database, cast: Cast
) -> None:
    wants(database, cast.alice, rule("20:30"))
    put_session(database, cast, MONDAY + A_DAY)
    eve = utc("2026-03-30 16:30")
    (key,) = claim(database, eve).to_send
    change_session(database, cast, eve, status=Status.CANCELLED.value)
    assert begin(database, key, eve + A_MOMENT) is None
    assert states(database, cast.alice) == [("skipped", "stopped")]


@only_sqlite
def test_a_session_that_was_moved_is_not_announced_by_what_was_due(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("20:30"))
    put_session(database, cast, MONDAY + A_DAY)
    eve = utc("2026-03-30 16:30")
    change_session(database, cast, eve + A_MOMENT, local_date=WEDNESDAY)
    assert claim(database, eve + 2 * A_MOMENT).to_send == []
    assert states(database, cast.alice) == [("skipped", "stopped")]


# Later, please


def came(database: Database, cast: Cast) -> int:
    """Alice's reminder was sent; its delivery."""
    wants(database, cast.alice, replace(rule("20:30"), quiet=QuietHours(time(23), time(8))))
    (key,) = claim(database, DUE).to_send
    begin(database, key, DUE)
    sent(database, key, DUE)
    with database.look() as db:
        return int(db.scalar(sa.select(Delivery.id)) or 0)


def snooze(database: Database, delivery_id: int, until: datetime, *, now: datetime = DUE + A_MINUTE) -> None:
    with database.unit_of_work() as db:
        reminders.snooze(db, delivery_id, until=until, now=now)


def test_a_snooze_comes_once_and_a_change_of_the_rule_does_not_take_it_away(
    database: Database, cast: Cast
) -> None:
    delivery_id = came(database, cast)
    snooze(database, delivery_id, DUE + AN_HOUR)
    snooze(database, delivery_id, DUE + AN_HOUR)
    snooze(database, delivery_id, DUE + 2 * AN_HOUR)
    wants(database, cast.alice, rule("20:30"), at=DUE + 2 * A_MINUTE)
    assert len(claim(database, DUE + AN_HOUR).to_send) == 1
    assert claim(database, DUE + 2 * AN_HOUR).to_send == []
    assert [line[1:] for line in ledger(database, cast.alice)] == [
        (FIRST, "sent", None),
        (FIRST + ":snooze", "claimed", None),
    ]


@only_sqlite
def test_a_snooze_after_a_check_in_is_not_sent(database: Database, cast: Cast) -> None:
    snooze(database, came(database, cast), DUE + AN_HOUR)
    with database.unit_of_work() as db:
        check_in(db, cast.alice, at=DUE + 2 * A_MINUTE)
    claim(database, DUE + AN_HOUR)
    assert states(database, cast.alice)[1] == ("skipped", "checked_in")


@only_sqlite
@pytest.mark.parametrize("until", [DUE, DUE + A_MINUTE, DUE + 3 * AN_HOUR, DUE + 8 * AN_HOUR])
def test_a_snooze_into_the_past_or_the_night_is_refused(
    database: Database, cast: Cast, until: datetime
) -> None:
    delivery_id = came(database, cast)
    with pytest.raises(Refused, match="snooze_too_late"):
        snooze(database, delivery_id, until)


@only_sqlite
def test_a_second_snooze_of_a_day_is_refused(database: Database, cast: Cast) -> None:
    delivery_id = came(database, cast)
    snooze(database, delivery_id, DUE + AN_HOUR)
    claim(database, DUE + AN_HOUR)
    with pytest.raises(Refused, match="snoozed_already"):
        snooze(database, delivery_id, DUE + 2 * AN_HOUR, now=DUE + AN_HOUR)


@only_sqlite
def test_what_nobody_was_sent_cannot_be_snoozed(database: Database, cast: Cast) -> None:
    with pytest.raises(NotFound):
        snooze(database, 4711, DUE + AN_HOUR)


# Send me one now


def try_one(database: Database, person: Person, channel: str, at: datetime = DUE) -> str:
    with database.unit_of_work() as db:
        return reminders.try_channel(db, person.account_id, channel, now=at)


@only_sqlite
def test_a_trial_leaves_at_once_by_a_channel_that_is_off_and_in_a_pause(
    database: Database, cast: Cast
) -> None:
    quiet = QuietHours(time(20), time(8))
    wants(database, cast.alice, replace(rule("12:00"), paused_until=WEDNESDAY, quiet=quiet))
    slot = try_one(database, cast.alice, PUSH)
    (key,) = claim(database, DUE, channel=PUSH).to_send
    assert begin(database, key, DUE + A_MOMENT) is not None
    assert ledger(database, cast.alice) == [("2026-03-30", slot, "sending", None)]


@only_sqlite
def test_a_trial_without_a_rule_is_refused(database: Database, cast: Cast) -> None:
    with pytest.raises(Refused, match="reminder_time_missing"):
        try_one(database, cast.alice, EMAIL)


@only_sqlite
def test_two_trials_are_two_messages(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("12:00"))
    assert try_one(database, cast.alice, EMAIL) != try_one(database, cast.alice, EMAIL)
    assert len(claim(database, DUE).to_send) == 2


# Channels that end


def test_the_stop_of_a_message_ends_its_channel_and_no_other(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("20:30"), EMAIL, SMS)
    (key,) = claim(database, DUE).to_send
    outgoing = begin(database, key, DUE)
    assert outgoing is not None
    with database.unit_of_work() as db:
        stop_hash = fingerprint(outgoing.stop_token)
        assert reminders.stop_by_message(db, stop_hash, now=DUE + A_MINUTE) == EMAIL
        assert reminders.stop_by_message(db, fingerprint("guessed"), now=DUE + A_MINUTE) is None
    assert channels_of(database, cast.alice) == [SMS]
    assert claim(database, DUE + A_DAY).to_send == []
    assert len(claim(database, DUE + A_DAY, channel=SMS).to_send) == 1


@only_sqlite
def test_a_channel_is_switched_once_and_plans_anew(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("20:30"))
    said = []
    for on in (True, True, False, False):
        with database.unit_of_work() as db:
            changed = reminders.switch_channel(db, cast.alice.account_id, PUSH, on=on, now=MORNING)
        said.append((changed, len(queue(database))))
    assert said == [(True, 2), (False, 2), (True, 1), (False, 1)]
    with database.unit_of_work() as db:
        assert not reminders.switch_channel(db, cast.dan.account_id, PUSH, on=True, now=MORNING)


def one_sending(database: Database, channel: str, at: datetime = DUE) -> str:
    (key,) = claim(database, at, channel=channel).to_send
    assert begin(database, key, at) is not None
    return key


def gone(database: Database, key: str, at: datetime) -> None:
    with database.unit_of_work() as db:
        assert deliveries.record_gone(db, key, worker="w1", now=at)


def test_when_nothing_is_left_to_send_to_mail_takes_its_place_within_the_window(
    database: Database, cast: Cast
) -> None:
    wants(database, cast.alice, rule("20:30"), PUSH)
    gone(database, one_sending(database, PUSH), DUE + A_MOMENT)
    assert channels_of(database, cast.alice) == [EMAIL]
    assert len(claim(database, DUE + A_MINUTE).to_send) == 1
    assert by_channel(database) == {PUSH: ("failed", "gone"), EMAIL: ("claimed", None)}
    assert len(claim(database, DUE + A_DAY).to_send) == 1
    assert claim(database, DUE + A_DAY, channel=PUSH).to_send == []


@only_sqlite
def test_when_another_channel_is_there_mail_takes_no_place(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("20:30"), PUSH, SMS)
    gone(database, one_sending(database, PUSH), DUE + A_MOMENT)
    assert channels_of(database, cast.alice) == [SMS]
    assert claim(database, DUE + A_MINUTE).taken == 0


@only_sqlite
def test_no_phone_brings_back_by_itself_what_a_message_stopped(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("20:30"), PUSH)
    (key,) = claim(database, DUE, channel=PUSH).to_send
    outgoing = begin(database, key, DUE)
    assert outgoing is not None
    with database.unit_of_work() as db:
        assert reminders.stop_by_message(db, fingerprint(outgoing.stop_token), now=DUE) == PUSH
        assert reminders.is_push_refused(db, cast.alice.account_id)


def stop_mail(database: Database, cast: Cast) -> None:
    """Alice is reminded by both, and stops the mails by the link in one of them."""
    wants(database, cast.alice, rule("20:30"), EMAIL, PUSH)
    (key,) = claim(database, DUE).to_send
    with database.unit_of_work() as db:
        outgoing = deliveries.begin_sending(db, key, worker="w1", now=DUE)
        assert outgoing is not None
        assert reminders.stop_by_message(db, fingerprint(outgoing.stop_token), now=DUE) == EMAIL


def test_whoever_stopped_the_mails_is_sent_none_in_anothers_place(database: Database, cast: Cast) -> None:
    stop_mail(database, cast)
    gone(database, one_sending(database, PUSH), DUE + A_MOMENT)
    assert channels_of(database, cast.alice) == []
    assert claim(database, DUE + A_MINUTE).taken == 0


@only_sqlite
def test_whoever_asked_for_mails_again_gets_them_in_anothers_place(database: Database, cast: Cast) -> None:
    stop_mail(database, cast)
    wants(database, cast.alice, rule("21:30"), EMAIL, at=DUE + A_MINUTE)
    wants(database, cast.alice, rule("21:30"), PUSH, at=DUE + 2 * A_MINUTE)
    later = DUE + AN_HOUR
    gone(database, one_sending(database, PUSH, later), later + A_MOMENT)
    assert channels_of(database, cast.alice) == [EMAIL]


@only_sqlite
def test_what_mail_would_bring_too_late_is_skipped(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("20:30"), PUSH)
    gone(database, one_sending(database, PUSH), DUE + A_MOMENT)
    assert claim(database, DUE + 2 * AN_HOUR).to_send == []
    assert by_channel(database)[EMAIL] == ("skipped", "late")


@only_sqlite
def test_a_trial_of_a_channel_that_was_off_switches_no_other_on(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        reminders.set_reminder(db, cast.alice.account_id, rule=rule("12:00"), channels=[], now=MORNING)
    try_one(database, cast.alice, PUSH)
    gone(database, one_sending(database, PUSH), DUE + A_MOMENT)
    assert channels_of(database, cast.alice) == []
    assert claim(database, DUE + A_MINUTE).taken == 0


@only_sqlite
def test_a_trial_is_never_sent_by_another_channel(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("12:00"), PUSH)
    try_one(database, cast.alice, PUSH)
    gone(database, one_sending(database, PUSH), DUE + A_MOMENT)
    assert channels_of(database, cast.alice) == [EMAIL]
    assert claim(database, DUE + A_MINUTE).taken == 0


def refuse(
    database: Database,
    key: str,
    at: datetime,
    *,
    permanent: bool = False,
    retry_after: timedelta | None = None,
) -> None:
    with database.unit_of_work() as db:
        assert deliveries.record_refused(
            db, key, worker="w1", permanent=permanent, retry_after=retry_after, now=at
        )


def refused_for_good(database: Database, days: range) -> None:
    for day in days:
        at = DUE + day * A_DAY
        refuse(database, one_sending(database, SMS, at), at, permanent=True)


def test_three_refusals_for_good_in_a_row_end_a_channel_and_two_do_not(
    database: Database, cast: Cast
) -> None:
    wants(database, cast.alice, rule("20:30"), EMAIL, SMS)
    refused_for_good(database, range(2))
    assert channels_of(database, cast.alice) == [EMAIL, SMS]
    refused_for_good(database, range(2, 3))
    assert channels_of(database, cast.alice) == [EMAIL]


@only_sqlite
def test_where_the_channel_that_ends_was_the_only_one_mail_takes_its_place(
    database: Database, cast: Cast
) -> None:
    wants(database, cast.alice, rule("20:30"), SMS)
    refused_for_good(database, range(3))
    assert channels_of(database, cast.alice) == [EMAIL]
    assert len(claim(database, DUE + 2 * A_DAY).to_send) == 1


@only_sqlite
def test_a_mailbox_that_is_closed_is_written_to_no_more(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("20:30"), EMAIL)
    for at in (DUE, DUE + A_DAY, DUE + 2 * A_DAY):
        refuse(database, one_sending(database, EMAIL, at), at, permanent=True)
    assert channels_of(database, cast.alice) == []


@only_sqlite
def test_a_service_that_was_down_for_days_closes_nobodys_address(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("20:30"), SMS)
    for at in (DUE, DUE + A_DAY):
        key = one_sending(database, SMS, at)
        refuse(database, key, at, retry_after=2 * AN_HOUR)
        assert sweep(database, at + 2 * AN_HOUR, channel=SMS) == ([key], 0)
        assert begin(database, key, at + 2 * AN_HOUR, worker="w2") is None
    refused_for_good(database, range(2, 3))
    assert channels_of(database, cast.alice) == [SMS]


@only_sqlite
def test_one_that_arrives_between_refusals_keeps_the_channel(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("20:30"), EMAIL, SMS)
    refused_for_good(database, range(2))
    sent(database, one_sending(database, SMS, DUE + 2 * A_DAY), DUE + 2 * A_DAY)
    with database.unit_of_work() as db:  # or she would be left in peace on the day after
        check_in(db, cast.alice, on=WEDNESDAY, at=DUE + 2 * A_DAY + A_MINUTE)
    refused_for_good(database, range(3, 5))
    assert channels_of(database, cast.alice) == [EMAIL, SMS]


# For now


def test_a_service_that_asks_to_be_left_alone_is_left_alone_for_so_long(
    database: Database, cast: Cast
) -> None:
    wants(database, cast.alice, rule("20:30"), SMS)
    key = one_sending(database, SMS)
    refuse(database, key, DUE, retry_after=timedelta(minutes=30))
    assert sweep(database, DUE + timedelta(minutes=29), channel=SMS) == ([], 0)
    assert sweep(database, DUE + timedelta(minutes=30), channel=SMS) == ([key], 0)


@only_sqlite
def test_a_wait_beyond_the_window_ends_with_it_and_is_said(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("20:30"), SMS)
    key = one_sending(database, SMS)
    refuse(database, key, DUE, retry_after=timedelta(hours=5))
    assert sweep(database, DUE + 2 * AN_HOUR, channel=SMS) == ([key], 0)
    assert begin(database, key, DUE + 2 * AN_HOUR, worker="w2") is None
    assert states(database, cast.alice) == [("failed", "refused")]


def put_off(database: Database, key: str, until: datetime, *, worker: str) -> bool:
    with database.unit_of_work() as db:
        return deliveries.put_off(db, key, worker=worker, until=until)


@only_sqlite
def test_what_is_put_off_is_looked_at_again_and_said_at_the_windows_end(
    database: Database, cast: Cast
) -> None:
    wants(database, cast.alice, rule("20:30"), PUSH)
    (key,) = claim(database, DUE, channel=PUSH).to_send
    assert not put_off(database, key, DUE + A_MINUTE, worker="w2")
    assert put_off(database, key, DUE + A_MINUTE, worker="w1")
    assert sweep(database, DUE + A_MOMENT, channel=PUSH) == ([], 0)
    assert sweep(database, DUE + 2 * AN_HOUR, channel=PUSH) == ([key], 0)
    assert begin(database, key, DUE + 2 * AN_HOUR, worker="w2") is None
    assert states(database, cast.alice) == [("failed", "refused")]


def test_what_may_have_arrived_stays_in_doubt_whatever_comes_after(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("20:30"), PUSH)
    key = one_sending(database, PUSH)
    with database.unit_of_work() as db:
        assert deliveries.record_silence(db, key, PUSH, worker="w1", now=DUE)
    assert states(database, cast.alice) == [("claimed", "no_answer")]
    sweep(database, DUE + 5 * A_MINUTE, channel=PUSH, worker="w1")
    assert begin(database, key, DUE + 5 * A_MINUTE) is not None
    refuse(database, key, DUE + 5 * A_MINUTE)
    sweep(database, DUE + 10 * A_MINUTE, channel=PUSH, worker="w1")
    put_off(database, key, DUE + 2 * AN_HOUR, worker="w1")
    sweep(database, DUE + 2 * AN_HOUR, channel=PUSH, worker="w1")
    assert begin(database, key, DUE + 2 * AN_HOUR) is None
    assert states(database, cast.alice) == [("unknown", "no_answer")]


@only_sqlite
def test_a_doubt_ends_with_an_answer(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("20:30"), PUSH)
    key = one_sending(database, PUSH)
    with database.unit_of_work() as db:
        deliveries.record_silence(db, key, PUSH, worker="w1", now=DUE)
    sweep(database, DUE + 5 * A_MINUTE, channel=PUSH, worker="w1")
    begin(database, key, DUE + 5 * A_MINUTE)
    assert sent(database, key, DUE + 5 * A_MINUTE)
    assert states(database, cast.alice) == [("sent", None)]


def test_a_notification_that_loses_its_worker_is_taken_over_and_three_times_at_most(
    database: Database, cast: Cast
) -> None:
    wants(database, cast.alice, rule("20:30"), PUSH)
    key, at, topics = one_sending(database, PUSH), DUE, set()
    for worker in ("w2", "w3"):
        at += A_MINUTE
        assert sweep(database, at, channel=PUSH, worker=worker) == ([key], 1)
        outgoing = begin(database, key, at, worker=worker)
        assert outgoing is not None
        topics.add(outgoing.topic)
    assert len(topics) == 1
    sweep(database, at + A_MINUTE, channel=PUSH, worker="w4")
    assert begin(database, key, at + A_MINUTE, worker="w4") is None
    assert states(database, cast.alice) == [("unknown", "interrupted")]


@pytest.mark.parametrize("channel", [EMAIL, SMS])
@only_sqlite
def test_what_cannot_be_repeated_is_unknown_when_its_worker_is_lost(
    database: Database, cast: Cast, channel: str
) -> None:
    wants(database, cast.alice, rule("20:30"), channel)
    one_sending(database, channel)
    assert sweep(database, DUE + A_MINUTE, channel=channel) == ([], 1)
    assert states(database, cast.alice) == [("unknown", "interrupted")]


@only_sqlite
def test_one_channels_sweep_leaves_the_others_alone(database: Database, cast: Cast) -> None:
    wants(database, cast.alice, rule("20:30"), EMAIL, PUSH)
    claim(database, DUE)
    assert sweep(database, DUE + A_MINUTE, channel=PUSH) == ([], 0)


# A clock that is set back


@pytest.mark.parametrize("channel", ALL)
def test_a_hold_from_before_a_clock_was_set_back_ends_all_the_same(
    database: Database, cast: Cast, channel: str
) -> None:
    for person in (cast.alice, cast.dan):
        wants(database, person, rule("20:30"), channel)
    claimed, sending = claim(database, DUE, channel=channel).to_send
    begin(database, sending, DUE)
    taken, lost = sweep(database, DUE - 2 * AN_HOUR, channel=channel)
    assert (
        (taken, lost) == ([claimed], 1) if channel != PUSH else (set(taken), lost) == ({claimed, sending}, 1)
    )


@only_sqlite
def test_what_waits_for_another_try_goes_on_waiting_when_a_clock_is_set_back(
    database: Database, cast: Cast
) -> None:
    wants(database, cast.alice, rule("20:30"), SMS)
    refuse(database, one_sending(database, SMS), DUE)
    assert sweep(database, DUE - 2 * AN_HOUR, channel=SMS) == ([], 0)


# Another zone database


def plan_what_waits(database: Database) -> int:
    with database.unit_of_work() as db:
        return reminders.plan_what_waits(db, now=MORNING + AN_HOUR, limit=200)


def set_columns(database: Database, person: Person, **values: object) -> None:
    with database.unit_of_work() as db:
        of_person = sa.update(Reminder).where(Reminder.account_id == person.account_id)
        db.execute(of_person.values(**values))


def test_after_another_zone_database_everything_is_planned_again_and_comes_once(
    database: Database, cast: Cast
) -> None:
    ask_no_questionnaires(database, cast.alice, cast.dan)
    for person in (cast.alice, cast.dan):
        wants(database, person, rule("20:30"), EMAIL, PUSH)
        set_columns(database, person, planned_with="tzdata 1999.1")
    before = queue(database)
    assert (plan_what_waits(database), plan_what_waits(database)) == (2, 0)
    assert queue(database) == before
    assert [len(claim(database, DUE, channel=channel).to_send) for channel in (EMAIL, PUSH)] == [2, 2]
    assert claim(database, DUE + A_MOMENT).taken == 0


def test_a_rule_that_cannot_be_read_is_passed_over_and_the_others_are_planned(
    database: Database, cast: Cast
) -> None:
    ask_no_questionnaires(database, cast.alice, cast.dan)
    remind(database, cast.alice, "20:30", at=MORNING)
    remind(database, cast.dan, "20:30", at=MORNING)
    set_columns(database, cast.alice, zone="Atlantis/Capital", planned_with=None)
    set_columns(database, cast.dan, planned_with=None)
    with database.unit_of_work() as db:
        db.execute(sa.delete(ReminderQueue).where(ReminderQueue.reminder_id == id_of(db, cast.dan)))
    assert (plan_what_waits(database), plan_what_waits(database)) == (2, 0)
    claim(database, DUE)
    assert states(database, cast.alice) == [("failed", "fault")]
    assert states(database, cast.dan) == [("claimed", None)]


def id_of(db: Session, person: Person) -> int:
    return int(db.scalar(sa.select(Reminder.id).where(Reminder.account_id == person.account_id)) or 0)


@only_sqlite
def test_outcomes_can_be_counted(database: Database, cast: Cast) -> None:
    """What is given up stands in the ledger as failed, with a reason that says whose fault it was."""
    remind(database, cast.alice, "20:30", at=MORNING)
    remind(database, cast.dan, "20:30", at=MORNING)
    set_columns(database, cast.alice, zone="Atlantis/Capital")
    claim(database, DUE)
    with database.look() as db:
        counted = sa.select(Delivery.state, Delivery.reason, sa.func.count()).group_by(
            Delivery.state, Delivery.reason
        )
        assert sorted(map(tuple, db.execute(counted)), key=str) == [
            ("claimed", None, 1),
            ("failed", "fault", 1),
        ]


# Questionnaires


def test_a_questionnaire_comes_in_place_of_the_days_first_and_has_no_link(
    database: Database, cast: Cast
) -> None:
    remind(database, cast.dan, "20:30", at=MORNING)
    with database.unit_of_work() as db:
        reminders.replan(db, cast.dan.account_id, now=MORNING)  # what opens on a first day
    (key,) = claim(database, DUE).to_send
    assert [
        (slot.partition(":")[0], state, reason) for _, slot, state, reason in ledger(database, cast.dan)
    ] == [
        ("assessment", "claimed", None),
        ("checkin", "skipped", "with_questionnaire"),
    ]
    outgoing = begin(database, key, DUE)
    assert outgoing is not None
    assert outgoing.link_token is None
    assert outgoing.line in ("Got a minute?", "A quiet moment, if you’d like one.", "Here when you’re ready.")


def test_what_was_answered_between_claim_and_sending_is_not_asked_for(database: Database, cast: Cast) -> None:
    remind(database, cast.dan, "20:30", at=MORNING)
    with database.unit_of_work() as db:
        reminders.replan(db, cast.dan.account_id, now=MORNING)
    (key,) = claim(database, DUE).to_send
    with database.unit_of_work() as db:
        db.execute(sa.update(Assessment).values(expired_at=DUE))
    assert begin(database, key, DUE) is None
    assert states(database, cast.dan)[0] == ("skipped", "not_waiting")


def test_one_reminder_comes_after_two_days_and_no_other(database: Database, cast: Cast) -> None:
    remind(database, cast.dan, "20:30", at=MORNING)
    with database.unit_of_work() as db:
        reminders.replan(db, cast.dan.account_id, now=MORNING)
    for days in range(4):
        for key in claim(database, DUE + days * A_DAY).to_send:
            if begin(database, key, DUE + days * A_DAY):
                sent(database, key, DUE + days * A_DAY)
    came = [
        (day, slot.rpartition(":")[2])
        for day, slot, state, _ in ledger(database, cast.dan)
        if state == "sent"
    ]
    assert came == [
        ("2026-03-30", "open"),
        ("2026-03-31", "1"),
        ("2026-04-01", "reminder"),
    ]  # the day after rests, because nobody has checked in for three
