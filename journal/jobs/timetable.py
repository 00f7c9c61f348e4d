"""Everything that ever runs by itself, on one screen: what, how often, and the function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from journal.jobs import caseloads, flags, reminders, upkeep, watching
from journal.jobs.worker import Worker
from journal.services.reminders import CHANNELS


@dataclass(frozen=True, slots=True)
class Entry:
    """One recurring task. A tick that is still running when the next is due makes that one wait."""

    name: str
    every: timedelta
    run: Callable[[Worker], None]


_SECOND, _TEN_SECONDS, _HALF_A_MINUTE = timedelta(seconds=1), timedelta(seconds=10), timedelta(seconds=30)
_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)

TIMETABLE = (
    # Each channel by itself, so that a message service that hangs holds up no other.
    *(
        Entry(f"send-due-by-{one}", _TEN_SECONDS, partial(reminders.send_due, channel=one))
        for one in CHANNELS
    ),
    *(
        Entry(f"drain-backlog-by-{one}", _SECOND, partial(reminders.drain_backlog, channel=one))
        for one in CHANNELS
    ),
    *(
        Entry(f"take-over-by-{one}", _TEN_SECONDS, partial(reminders.take_over_lost, channel=one))
        for one in CHANNELS
    ),
    Entry("keep-hold", _TEN_SECONDS, reminders.keep_hold),
    Entry("tell-of-flags", _MINUTE, flags.tell_of_flags),
    Entry("keep-lists", _HALF_A_MINUTE, caseloads.keep_lists),
    Entry("give-sign-of-life", _HALF_A_MINUTE, watching.give_sign),
    Entry("call-dead-man", _MINUTE, watching.call_dead_man),
    Entry("plan-what-waits", _HOUR, upkeep.plan_what_waits),
    Entry("follow-the-calendar", _HOUR, upkeep.follow_calendar),
    Entry("forget-what-has-ended", _HOUR, upkeep.forget_ended),
)
