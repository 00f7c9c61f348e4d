"""From rule to ledger, on both databases. NOW is Monday 30 March 2026, 20:00 in Berlin."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from journal.domain.pauses import Pause
from journal.domain.reminders import Due
from journal.services import deliveries, reminders, summaries
from journal.services.links import fingerprint
from journal.services.reminder_lines import LINES
from journal.services.reminders import CHECK_IN, EMAIL
from journal.storage.database import Database
from journal.storage.deliveries import Delivery, delivery_by_link
from journal.storage.reminder_pauses import ReminderPause, pauses_of
from journal.storage.reminders import Reminder, reminder_to_change
from tests.builders import check_in, the_patient, treatment
from tests.cast import Cast
from tests.reminding import (
    FIRST,
    SECOND,
    ask_no_questionnaires,
    backlog,
    begin,
    claim,
    close_account,
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
AN_HOUR = timedelta(hours=1)
A_DAY = timedelta(days=1)
MONDAY, TUESDAY = date(2026, 3, 30), date(2026, 3, 31)


# Pauses


def pause(database: Database, cast: Cast, until: date | None, *, at: datetime) -> tuple[Pause, ...]:
    """Alice saves her rule with this end of a pause; the pauses that are known then."""
    asked = replace(rule("20:30"), paused_until=until)
    with database.unit_of_work() as db:
        reminders.set_reminder(db, cast.alice.account_id, rule=asked, channels=[EMAIL], now=at)
        return pauses_of(db, cast.alice.patient_id)


def test_a_pause_is_remembered_when_it_is_over(database: Database, cast: Cast) -> None:
    paused = Pause(MONDAY, date(2026, 4, 4))
    assert pause(database, cast, date(2026, 4, 5), at=MORNING) == (paused,)
    assert pause(database, cast, None, at=MORNING + 10 * A_DAY) == (paused,)
    again = Pause(date(2026, 4, 9), date(2026, 4, 11))
    assert pause(database, cast, date(2026, 4, 12), at=MORNING + 10 * A_DAY) == (paused, again)


def test_a_pause_that_is_changed_stays_one(database: Database, cast: Cast) -> None:
    pause(database, cast, date(2026, 4, 5), at=MORNING)
    assert pause(database, cast, date(2026, 4, 20), at=MORNING + A_DAY) == (Pause(MONDAY, date(2026, 4, 19)),)
    assert pause(database, cast, None, at=MORNING + 2 * A_DAY) == (Pause(MONDAY, TUESDAY),)


def test_a_pause_that_is_taken_back_at_once_never_was(database: Database, cast: Cast) -> None:
    pause(database, cast, date(2026, 4, 5), at=MORNING)
    assert pause(database, cast, None, at=MORNING + AN_HOUR) == ()


def test_a_pause_begins_where_the_patient_lives(database: Database, cast: Cast) -> None:
    """22:30 UTC on Monday is Tuesday in Berlin."""
    assert pause(database, cast, date(2026, 4, 5), at=utc("2026-03-30 22:30")) == (
        Pause(TUESDAY, date(2026, 4, 4)),
    )


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_pause_does_not_wait_for_a_session_that_is_being_written(database: Database, cast: Cast) -> None:
    pause(database, cast, None, at=MORNING)
    with ThreadPoolExecutor(1) as thread, database.unit_of_work() as db:
        summaries.hold(db, cast.alice.patient_id)  # as whoever has written a session does
        pausing = thread.submit(pause, database, cast, date(2026, 4, 5), at=MORNING)
        assert pausing.result(timeout=10) == (Pause(MONDAY, date(2026, 4, 4)),)
        assert reminder_to_change(db, cast.alice.account_id, kind=CHECK_IN) is not None  # to plan it anew


def test_notes_to_a_provider_have_no_pauses(database: Database, cast: Cast) -> None:
    asked = replace(rule("08:00"), paused_until=date(2026, 4, 5))
    with database.unit_of_work() as db:
        reminders.set_reminder(
            db, cast.bob.account_id, rule=asked, channels=[EMAIL], now=MORNING, kind=reminders.NOTES
        )
        assert db.scalar(sa.select(sa.func.count()).select_from(ReminderPause)) == 0


# Planning


def test_setting_a_reminder_puts_its_next_time_in_the_queue(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "08:00", "20:30", at=MORNING)  # 08:00 is this very moment: not again today
    assert queue(database) == [(SECOND, MONDAY, DUE), (FIRST, TUESDAY, utc("2026-03-31 06:00"))]


def test_changing_a_time_replaces_what_waits(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    remind(database, cast.alice, "21:00", at=MORNING)
    assert queue(database) == [(FIRST, MONDAY, utc("2026-03-30 19:00"))]


def test_stopping_empties_the_queue(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    remind(database, cast.alice, "20:30", at=MORNING, stopped=True)
    assert queue(database) == []


def test_one_persons_change_leaves_anothers_queue_alone(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    remind(database, cast.dan, "20:30", at=MORNING)
    remind(database, cast.dan, "20:30", at=MORNING, stopped=True)
    assert queue(database) == [(FIRST, MONDAY, DUE)]


def test_without_a_channel_nothing_waits(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        reminders.set_reminder(db, cast.alice.account_id, rule=rule("20:30"), channels=[], now=MORNING)
    assert queue(database) == []


def test_a_time_moved_to_later_today_does_not_come_twice(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    claim(database, DUE)
    remind(database, cast.alice, "21:30", at=DUE + A_MOMENT)
    assert queue(database) == [(FIRST, TUESDAY, utc("2026-03-31 19:30"))]


def test_a_time_added_after_the_follow_up_brings_no_second_one(database: Database, cast: Cast) -> None:
    def ask(*walls: str, at: datetime) -> None:
        asked = replace(rule(*walls), follow_up=True)
        with database.unit_of_work() as db:
            reminders.set_reminder(db, cast.alice.account_id, rule=asked, channels=[EMAIL], now=at)

    ask("10:00", at=MORNING)
    noon = utc("2026-03-30 10:00")  # in Berlin, two hours after it
    claim(database, noon - 2 * AN_HOUR)
    claim(database, noon)
    assert [slot for _day, slot, *_ in ledger(database, cast.alice)] == [FIRST, f"{FIRST}:nudge"]
    ask("10:00", "18:00", at=noon + A_MOMENT)
    waits = [(slot, day) for slot, day, _at in queue(database)]
    assert (SECOND, MONDAY) in waits
    assert (f"{SECOND}:nudge", MONDAY) not in waits
    assert (f"{SECOND}:nudge", TUESDAY) in waits


def test_a_change_does_not_make_a_due_message_disappear(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    remind(database, cast.alice, "08:00", at=DUE + A_MOMENT)  # due, and not claimed yet
    claim(database, DUE + 2 * A_MOMENT)
    assert ledger(database, cast.alice) == [("2026-03-30", FIRST, "claimed", None)]
    assert queue(database) == [(FIRST, TUESDAY, utc("2026-03-31 06:00"))]


def test_a_due_message_that_is_moved_to_later_waits_for_its_new_time(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    remind(database, cast.alice, "21:30", at=DUE + A_MOMENT)
    assert claim(database, DUE + 2 * A_MOMENT).to_send == []
    assert queue(database) == [(FIRST, MONDAY, utc("2026-03-30 19:30"))]


def test_stopping_at_the_last_moment_is_written_in_the_ledger(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    remind(database, cast.alice, at=DUE + A_MOMENT, stopped=True)
    claim(database, DUE + 2 * A_MOMENT)
    assert states(database, cast.alice) == [("skipped", "stopped")]
    assert queue(database) == []


def test_a_time_taken_away_at_the_last_moment_is_not_sent(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "08:00", "20:30", at=MORNING)
    remind(database, cast.alice, "08:00", at=DUE + A_MOMENT)
    claim(database, DUE + 2 * A_MOMENT)
    assert ledger(database, cast.alice) == [("2026-03-30", SECOND, "skipped", "stopped")]


def test_moving_to_another_zone_keeps_the_wall_time(database: Database, cast: Cast) -> None:
    ask_no_questionnaires(database, cast.alice)
    remind(database, cast.alice, "20:30", at=MORNING)
    with database.unit_of_work() as db:
        reminders.replan(db, cast.alice.account_id, zone="America/New_York", now=MORNING)
    assert queue(database) == [(FIRST, MONDAY, utc("2026-03-31 00:30"))]


def test_moving_west_does_not_bring_the_same_date_again(database: Database, cast: Cast) -> None:
    ask_no_questionnaires(database, cast.alice)
    remind(database, cast.alice, "20:30", at=MORNING)
    claim(database, DUE)
    with database.unit_of_work() as db:
        reminders.replan(db, cast.alice.account_id, zone="America/New_York", now=DUE + A_MOMENT)
    assert queue(database) == [(FIRST, TUESDAY, utc("2026-04-01 00:30"))]


def test_moving_over_the_date_line_gives_the_same_instant_its_new_date(
    database: Database, cast: Cast
) -> None:
    ask_no_questionnaires(database, cast.alice)
    # 20:30 on Monday in Pago Pago is 20:30 on Tuesday in Apia.
    remind(database, cast.alice, "20:30", at=utc("2026-03-30 08:00"), zone="Pacific/Pago_Pago")
    with database.unit_of_work() as db:
        the_patient(db, cast.alice).zone = "Pacific/Apia"
        reminders.replan(db, cast.alice.account_id, zone="Pacific/Apia", now=utc("2026-03-30 20:00"))
    due = utc("2026-03-31 07:30")
    assert queue(database) == [(FIRST, TUESDAY, due)]
    assert len(claim(database, due).to_send) == 1


def test_a_plan_that_was_left_behind_is_passed_over(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", at=MORNING)
    remind(database, cast.alice, "21:00", at=MORNING)
    claimed = claim(database, DUE)
    assert (claimed.to_send, claimed.needless) == ([], 1)
    assert ledger(database, cast.alice) == []
    assert len(claim(database, DUE + timedelta(minutes=30)).to_send) == 1


def test_a_time_that_was_changed_and_changed_back_comes_once(database: Database, cast: Cast) -> None:
    for wall in ("20:30", "21:00", "20:30"):
        remind(database, cast.alice, wall, at=MORNING)
    assert len(claim(database, DUE).to_send) == 1
    assert claim(database, DUE + timedelta(minutes=30)).to_send == []
    assert queue(database) == [(FIRST, TUESDAY, DUE + A_DAY)]


def test_the_next_one_is_the_earliest_of_what_is_planned(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "08:00", "20:30", at=MORNING)
    with database.look() as db:
        assert reminders.next_due(db, cast.alice.account_id, now=MORNING) == Due(SECOND, MONDAY, DUE)
        assert reminders.next_due(db, cast.dan.account_id, now=MORNING) is None
    claim(database, DUE)
    with database.look() as db:  # the clock was set back: today's stays the last
        after = reminders.next_due(db, cast.alice.account_id, now=DUE - timedelta(minutes=1))
    assert after == Due(FIRST, TUESDAY, utc("2026-03-31 06:00"))


def test_a_zone_without_a_reminder_plans_nothing(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        reminders.replan(db, cast.alice.account_id, zone="America/New_York", now=MORNING)
    assert queue(database) == []


# Sending


def one_claimed(database: Database, cast: Cast) -> int:
    remind(database, cast.alice, "20:30", at=MORNING)
    (key,) = claim(database, DUE).to_send
    return key


def test_a_message_is_sending_before_it_leaves_and_sent_after(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    begin(database, key, DUE)
    assert states(database, cast.alice) == [("sending", None)]
    assert sent(database, key, DUE + A_MOMENT)
    assert states(database, cast.alice) == [("sent", None)]


def test_what_leaves_is_neutral_and_carries_a_secret_of_its_own(database: Database, cast: Cast) -> None:
    outgoing = begin(database, one_claimed(database, cast), DUE)
    assert outgoing is not None
    assert outgoing.line in LINES
    assert outgoing.email == "alice@example.org"
    with database.look() as db:
        linked = delivery_by_link(db, fingerprint(outgoing.link_token))
    assert linked is not None
    assert (linked.patient_id, linked.local_date, linked.spent) == (cast.alice.patient_id, MONDAY, False)
    assert linked.ends_at == utc("2026-03-31 02:00")  # 04:00 on Tuesday


def test_only_the_worker_that_claimed_it_may_send_it(database: Database, cast: Cast) -> None:
    assert begin(database, one_claimed(database, cast), DUE, worker="w2") is None


def test_a_message_is_begun_once(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    assert begin(database, key, DUE) is not None
    assert begin(database, key, DUE) is None


def test_a_check_in_between_claim_and_sending_silences_it(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    with database.unit_of_work() as db:
        check_in(db, cast.alice, at=DUE)
    assert begin(database, key, DUE + A_MOMENT) is None
    assert states(database, cast.alice) == [("skipped", "checked_in")]


def test_stopping_between_claim_and_sending_holds(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    remind(database, cast.alice, at=DUE, stopped=True)
    assert begin(database, key, DUE + A_MOMENT) is None
    assert states(database, cast.alice) == [("skipped", "stopped")]


def test_taking_the_time_away_between_claim_and_sending_holds(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "08:00", "20:30", at=MORNING)
    (key,) = claim(database, DUE).to_send
    remind(database, cast.alice, "08:00", at=DUE)
    assert begin(database, key, DUE + A_MOMENT) is None


def test_closing_the_account_between_claim_and_sending_holds(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    close_account(database, cast)
    assert begin(database, key, DUE + A_MOMENT) is None
    assert states(database, cast.alice) == [("skipped", "stopped")]


def test_moving_to_where_the_day_is_over_between_claim_and_sending_holds(
    database: Database, cast: Cast
) -> None:
    key = one_claimed(database, cast)
    with database.unit_of_work() as db:
        the_patient(db, cast.alice).zone = "Pacific/Auckland"  # 07:30 on Tuesday there
        reminders.replan(db, cast.alice.account_id, zone="Pacific/Auckland", now=DUE)
    assert begin(database, key, DUE + A_MOMENT) is None
    assert states(database, cast.alice) == [("skipped", "other_day")]


def test_a_claim_that_slept_past_its_window_is_not_sent(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    assert begin(database, key, DUE + 2 * AN_HOUR) is None
    assert states(database, cast.alice) == [("skipped", "late")]


# Refusals


def test_a_refusal_for_now_is_tried_again_five_minutes_later(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    first = begin(database, key, DUE)
    refused(database, key, DUE)
    assert sweep(database, DUE + timedelta(minutes=4, seconds=59)) == ([], 0)
    assert sweep(database, DUE + timedelta(minutes=5)) == ([key], 0)
    second = begin(database, key, DUE + timedelta(minutes=5), worker="w2")
    assert first is not None
    assert second is not None
    assert second.message_key == first.message_key


def test_refusals_end_with_the_window_and_are_said(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    moment, tries = DUE, 0
    while states(database, cast.alice)[0][0] != "failed":
        if begin(database, key, moment, worker="w1"):
            tries += 1
            refused(database, key, moment)
        moment += timedelta(minutes=5)
        sweep(database, moment, worker="w1")
    assert tries == 24
    assert states(database, cast.alice) == [("failed", "refused")]


def test_a_refusal_for_good_fails_at_once(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    begin(database, key, DUE)
    refused(database, key, DUE, permanent=True)
    assert states(database, cast.alice) == [("failed", "turned_away")]
    assert sweep(database, DUE + AN_HOUR) == ([], 0)


def test_a_message_that_was_refused_before_is_sent_without_a_trace(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    begin(database, key, DUE)
    refused(database, key, DUE)
    sweep(database, DUE + timedelta(minutes=5))
    begin(database, key, DUE + timedelta(minutes=5), worker="w2")
    sent(database, key, DUE + timedelta(minutes=5), worker="w2")
    assert states(database, cast.alice) == [("sent", None)]


def test_a_check_in_between_two_tries_silences_the_second(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    begin(database, key, DUE)
    refused(database, key, DUE)
    with database.unit_of_work() as db:
        check_in(db, cast.alice, at=DUE + A_MOMENT)
    sweep(database, DUE + timedelta(minutes=5))
    begin(database, key, DUE + timedelta(minutes=5), worker="w2")
    assert states(database, cast.alice) == [("skipped", "checked_in")]


def test_after_an_outage_of_the_mail_server_only_the_latest_goes(database: Database, cast: Cast) -> None:
    remind(database, cast.alice, "20:30", "21:00", at=MORNING)
    (earlier,) = claim(database, DUE).to_send
    begin(database, earlier, DUE)
    refused(database, earlier, DUE + timedelta(minutes=24))
    (later,) = claim(database, DUE + timedelta(minutes=30)).to_send
    sweep(database, DUE + timedelta(minutes=30))
    assert begin(database, earlier, DUE + timedelta(minutes=30), worker="w2") is None
    assert begin(database, later, DUE + timedelta(minutes=30)) is not None
    assert states(database, cast.alice) == [("skipped", "overtaken"), ("sending", None)]


# Workers that die


def test_a_claim_is_held_while_its_worker_gives_signs_of_life(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    for seconds in (30, 60, 90):
        with database.unit_of_work() as db:
            deliveries.keep_hold(db, [key], worker="w1", now=DUE + timedelta(seconds=seconds))
        assert sweep(database, DUE + timedelta(seconds=seconds + 10)) == ([], 0)


def test_a_claim_whose_worker_died_is_taken_over_within_a_minute(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    assert sweep(database, DUE + timedelta(seconds=50)) == ([key], 0)
    assert begin(database, key, DUE + timedelta(seconds=51), worker="w2") is not None
    assert begin(database, key, DUE + timedelta(seconds=51), worker="w1") is None


def test_one_worker_takes_over_what_two_looked_for(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    found = together(lambda name: sweep(database, DUE + timedelta(minutes=1), worker=name)[0], "w2", "w3")
    assert sorted(found) == [[], [key]]


def test_a_message_in_the_middle_of_sending_becomes_unknown_and_stays_so(
    database: Database, cast: Cast
) -> None:
    key = one_claimed(database, cast)
    begin(database, key, DUE)
    assert sweep(database, DUE + timedelta(minutes=1)) == ([], 1)
    assert states(database, cast.alice) == [("unknown", "interrupted")]
    assert sweep(database, DUE + AN_HOUR) == ([], 0)
    assert begin(database, key, DUE + timedelta(minutes=2), worker="w2") is None


def test_a_sender_that_was_only_slow_may_still_say_that_it_was_sent(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    begin(database, key, DUE)
    sweep(database, DUE + timedelta(minutes=1))
    assert sent(database, key, DUE + timedelta(minutes=2))
    assert states(database, cast.alice) == [("sent", None)]


def test_silence_after_the_hand_over_is_unknown_for_good(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    begin(database, key, DUE)
    with database.unit_of_work() as db:
        assert deliveries.record_silence(db, key, EMAIL, worker="w1", now=DUE)
    assert states(database, cast.alice) == [("unknown", "no_answer")]
    assert sweep(database, DUE + AN_HOUR) == ([], 0)


def test_a_delivery_that_loses_three_workers_is_given_up(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    moment = DUE
    for _ in range(3):
        moment += timedelta(minutes=1)
        assert sweep(database, moment) == ([key], 0)
    assert begin(database, key, moment, worker="w2") is None
    assert states(database, cast.alice) == [("failed", "gave_up")]


def test_a_third_fault_of_ours_is_the_last(database: Database, cast: Cast) -> None:
    key = one_claimed(database, cast)
    moment, seen = DUE, []
    for _ in range(3):
        with database.unit_of_work() as db:
            assert deliveries.record_fault(db, key, worker="w2" if seen else "w1", now=moment)
        seen += states(database, cast.alice)
        moment += timedelta(minutes=5)
        sweep(database, moment)
    assert seen == [("claimed", "fault"), ("claimed", "fault"), ("failed", "gave_up")]


def test_what_a_stopping_worker_gives_back_is_taken_at_once_and_not_counted(
    database: Database, cast: Cast
) -> None:
    key = one_claimed(database, cast)
    with database.unit_of_work() as db:
        deliveries.give_back(db, [key], worker="w1", now=DUE)
    assert sweep(database, DUE) == ([key], 0)
    with database.look() as db:
        assert db.scalar(sa.select(Delivery.attempts)) == 0


# Many at once


def together(act: Callable[[str], object], *names: str) -> list[object]:
    """``act`` by several threads that start at one moment; what each of them gave back."""
    start, answers = threading.Barrier(len(names)), {}

    def run(name: str) -> None:
        start.wait()
        answers[name] = act(name)

    threads = [threading.Thread(target=run, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(names)
    return list(answers.values())


def test_workers_that_claim_at_one_moment_share_the_due_rows(database: Database, cast: Cast) -> None:
    backlog(database, people=60, at=MORNING)

    def claim_all(name: str) -> list[str]:
        mine: list[str] = []
        while True:
            claimed = claim(database, DUE, worker=name, limit=7)
            mine += claimed.to_send
            if not claimed.taken:
                return mine

    shares = together(claim_all, "w1", "w2", "w3", "w4")
    found = [key for share in shares for key in share]
    assert len(found) == len(set(found)) == 60
    with database.look() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 60
    assert {due for _, _, due in queue(database)} == {DUE + A_DAY}
    assert len(queue(database)) == 60


def test_the_brake_holds_over_all_workers(database: Database, cast: Cast) -> None:
    backlog(database, people=30, at=MORNING)
    back = DUE + AN_HOUR
    counts = together(lambda name: drain(database, back, worker=name), "w1", "w2", "w3", "w4")
    assert sum(counts) == 5


def test_a_change_of_times_and_a_claim_at_one_moment_leave_one_row(database: Database, cast: Cast) -> None:
    for day in range(8):
        moment = DUE + day * A_DAY
        remind(database, cast.alice, "20:30", at=moment - AN_HOUR)

        def act(name: str, moment: object = moment) -> object:
            if name == "patient":
                return remind(database, cast.alice, "08:00", at=moment)
            return claim(database, moment, worker=name)

        together(act, "patient", "w1")
        claim(database, moment + A_MOMENT)
        assert len(queue(database)) == 1
        assert len(ledger(database, cast.alice)) == day + 1


def test_two_forms_saved_at_one_moment_leave_one_rule(database: Database, cast: Cast) -> None:
    together(lambda _name: remind(database, cast.alice, "20:30", at=MORNING), "tap", "tap again")
    with database.look() as db:
        assert db.scalar(sa.select(sa.func.count()).select_from(Reminder)) == 1
    assert queue(database) == [(FIRST, MONDAY, DUE)]


# Words used above


def test_a_session_recorded_in_the_minute_of_its_prompt_does_not_lose_it(
    database: Database, cast: Cast
) -> None:
    """The chosen time gives way to the session's prompt, whose own time had passed before it could be planned."""
    remind(database, cast.alice, "20:30", at=MORNING)
    with database.unit_of_work() as db:
        recorded = treatment(db, cast.alice, MONDAY - A_DAY, now=DUE + A_MOMENT)
    first, then = claim(database, DUE + 2 * A_MOMENT), claim(database, DUE + 3 * A_MOMENT)
    assert (first.skipped, len(then.to_send)) == (1, 1)
    assert ledger(database, cast.alice) == [
        ("2026-03-30", FIRST, "skipped", "replaced"),
        ("2026-03-30", f"session:{recorded.public_id}:d1", "claimed", None),
    ]


def test_a_session_recorded_between_claim_and_sending_does_not_lose_its_prompt(
    database: Database, cast: Cast
) -> None:
    key = one_claimed(database, cast)
    with database.unit_of_work() as db:
        recorded = treatment(db, cast.alice, MONDAY - A_DAY, now=DUE + A_MOMENT)
    assert begin(database, key, DUE + 2 * A_MOMENT) is None
    assert len(claim(database, DUE + 3 * A_MOMENT).to_send) == 1
    assert ledger(database, cast.alice)[-1][1:] == (f"session:{recorded.public_id}:d1", "claimed", None)


def refused(database: Database, key: str, at: object, *, permanent: bool = False) -> None:
    for worker in ("w1", "w2"):
        with database.unit_of_work() as db:
            deliveries.record_refused(db, key, worker=worker, permanent=permanent, now=at)  # type: ignore[arg-type]
