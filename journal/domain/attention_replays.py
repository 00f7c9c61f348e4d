"""What a rule would have shown on days that are over: tried on the past before a clinic switches it on.

Each day is looked at as if it were today, with the check-ins, sessions and side effects that belong to it and to the
days before. What was written about a day later counts as if it had been there: nobody kept the journal as it stood.
Flags are not replayed: they are always shown.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from operator import attrgetter

from journal.domain.attention import Facts, Kind, Shown, attention_of, shown_lines
from journal.domain.insights import CourseHistory, History
from journal.domain.long_term_flags import LongTermFlag
from journal.domain.side_effects import SideEffect
from journal.domain.trends import DaySummary

_DAY = timedelta(days=1)


def replay(
    history: History,
    effects: Sequence[SideEffect],
    shown: Shown,
    *,
    first: date,
    resolved_on: Callable[[SideEffect], date | None],
    reported_on: Callable[[date], Sequence[LongTermFlag]],
) -> dict[Kind, list[date]]:
    """On which of the dates from ``first`` to the end of ``history`` each kind would have been shown.

    ``resolved_on`` gives the date on which a side effect was closed, where the patient lives; that day it is closed.
    ``reported_on`` gives what was reported over the weeks before a date. Dates before ``history.first_day`` are not
    looked at.
    """
    found: dict[Kind, list[date]] = {}
    on = max(first, history.first_day)
    while on <= history.until:
        facts = Facts(
            history=history_on(history, on),
            effects=[
                replace(one, resolved_at=None)
                for one in effects
                if one.onset <= on and ((gone := resolved_on(one)) is None or gone > on)
            ],
            reported=reported_on(on),
        )
        for kind in dict.fromkeys(line.kind for line in shown_lines(attention_of(facts), shown)):
            found.setdefault(kind, []).append(on)
        on += _DAY
    return found


def history_on(history: History, on: date) -> History:
    """The history as of the date ``on``: without what came after it."""
    days: Sequence[DaySummary] = history.days
    return replace(
        history,
        until=on,
        days=days[: bisect_right(days, on, key=attrgetter("local_date"))],
        courses=tuple(_course_on(one, on) for one in history.courses if _had_begun(one, on)),
        medication_changes=tuple(day for day in history.medication_changes if day <= on),
        pauses=tuple(pause for pause in history.pauses if pause.first <= on),
    )


def _had_begun(course: CourseHistory, on: date) -> bool:
    return course.begins is None or course.begins <= on


def _course_on(course: CourseHistory, on: date) -> CourseHistory:
    return replace(
        course,
        sessions=tuple(one for one in course.sessions if one.local_date <= on),
        interruptions=tuple(one for one in course.interruptions if one.first <= on),
    )
