from __future__ import annotations

from datetime import timedelta

from journal.domain.reminder_limits import LEASE
from journal.jobs.timetable import TIMETABLE


def test_what_runs_by_itself_and_how_often() -> None:
    assert {entry.name: entry.every for entry in TIMETABLE} == {
        "send-due-by-email": timedelta(seconds=10),
        "send-due-by-push": timedelta(seconds=10),
        "send-due-by-sms": timedelta(seconds=10),
        "drain-backlog-by-email": timedelta(seconds=1),
        "drain-backlog-by-push": timedelta(seconds=1),
        "drain-backlog-by-sms": timedelta(seconds=1),
        "take-over-by-email": timedelta(seconds=10),
        "take-over-by-push": timedelta(seconds=10),
        "take-over-by-sms": timedelta(seconds=10),
        "keep-hold": timedelta(seconds=10),
        "tell-of-flags": timedelta(minutes=1),
        "keep-lists": timedelta(seconds=30),
        "give-sign-of-life": timedelta(seconds=30),
        "call-dead-man": timedelta(minutes=1),
        "plan-what-waits": timedelta(hours=1),
        "follow-the-calendar": timedelta(hours=1),
        "forget-what-has-ended": timedelta(hours=1),
    }


def test_a_dead_worker_is_noticed_within_a_minute() -> None:
    every = {entry.name: entry.every for entry in TIMETABLE}
    jitter = timedelta(seconds=2)
    assert LEASE + every["take-over-by-email"] + jitter < timedelta(seconds=60)


def test_a_living_worker_renews_its_hold_several_times_before_it_ends() -> None:
    every = {entry.name: entry.every for entry in TIMETABLE}
    assert LEASE > 3 * every["keep-hold"]
