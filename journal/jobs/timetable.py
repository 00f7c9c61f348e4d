"""Everything that ever runs by itself, on one screen: what, how often, and the function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from journal.jobs import reminders, upkeep
from journal.jobs.worker import Worker


@dataclass(frozen=True, slots=True)
class Entry:
    """One recurring task. A tick that is still running when the next is due makes that one wait."""

    name: str
    every: timedelta
    run: Callable[[Worker], None]


TIMETABLE = (
    Entry("send-due-reminders", timedelta(seconds=10), reminders.send_due),
    Entry("drain-reminder-backlog", timedelta(seconds=1), reminders.drain_backlog),
    Entry("take-over-lost-reminders", timedelta(seconds=10), reminders.take_over_lost),
    Entry("forget-what-has-ended", timedelta(hours=1), upkeep.forget_ended),
)
