"""When a questionnaire is due, and why on that day; when it is open, reminded of once, and missed.

Days are dates where the patient lives. What is answered, and what it adds up to, is ``assessments``; the sending of the
reminder is ``reminders``. Nothing here is a word for people: a reason is a code with its facts.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from journal.domain.assessment_limits import (
    AFTER_SESSION,
    EVERY,
    NEAR_SESSION,
    NEVER_LATER,
    OPEN_FOR,
    REMINDED_AFTER,
    WEEKLY,
    WEEKLY_FOR,
)

_ONE_DAY = timedelta(days=1)


class Rhythm(StrEnum):
    """How the days between two are counted.

    ``restarted``: 14 days, counted anew from each session. ``fixed``: 14 days, whatever happens. ``weekly_first``:
    every 7 days for 28 days, then 14, whatever happens. ``monthly``: the same day of the next month.
    """

    RESTARTED = "restarted"
    FIXED = "fixed"
    WEEKLY_FIRST = "weekly_first"
    MONTHLY = "monthly"


@dataclass(frozen=True, slots=True)
class Cadence:
    """A patient's rhythm for one questionnaire; ``since`` is the day that ``weekly_first`` began, and only there."""

    rhythm: Rhythm
    since: date | None = None

    def __post_init__(self) -> None:
        if (self.rhythm is Rhythm.WEEKLY_FIRST) != (self.since is not None):
            raise ValueError("a weekly beginning has a first day, and nothing else has")

    def overlaps_recall(self, day: date) -> bool:
        """Whether on ``day`` it is asked more often than the two weeks it asks about, which every reader is told."""
        return self.since is not None and day <= self.since + WEEKLY_FOR


USUAL = Cadence(Rhythm.RESTARTED)
LONG_TERM_FLAGS = Cadence(Rhythm.FIXED)
"""The long-term flags keep their own 14 days, whatever the questionnaires do."""
PCL5 = Cadence(Rhythm.MONTHLY)


def asked_together(*, item_nine_is_read: bool, short: bool = False) -> tuple[str, str]:
    """The two questionnaires that go together every time, by their codes.

    The ninth item is asked only where a named person reads the answer every weekday. ``short`` is a clinic's choice of
    the GAD-2.
    """
    return ("phq9" if item_nine_is_read else "phq8", "gad2" if short else "gad7")


# One that was asked


class Stage(StrEnum):
    """Where one stands. A missed one keeps its answers, half-finished as they are."""

    AHEAD = "ahead"
    OPEN = "open"
    COMPLETED = "completed"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Asking:
    """One time that a questionnaire was, or is to be, asked. ``due_on`` stays as it was when it opened, and may be the
    day of completion itself where nothing was due."""

    due_on: date
    completed_on: date | None = None

    @property
    def closes_on(self) -> date:
        """The last date on which it is open."""
        return self.due_on + OPEN_FOR - _ONE_DAY

    @property
    def reminded_on(self) -> date:
        """The date of its one reminder, unless it is completed."""
        return self.due_on + REMINDED_AFTER

    def stage(self, today: date) -> Stage:
        """Where it stands on ``today``."""
        if self.completed_on is not None:
            return Stage.COMPLETED
        if today < self.due_on:
            return Stage.AHEAD
        return Stage.OPEN if today <= self.closes_on else Stage.MISSED

    def is_reminded_of(self, today: date) -> bool:
        """Whether ``today`` is the day of its reminder, and it is still open."""
        return self.stage(today) is Stage.OPEN and today == self.reminded_on


def open_on(today: date, asked: Iterable[Asking]) -> Asking | None:
    """The one that is open on ``today``; there are never two."""
    return next((one for one in asked if one.stage(today) is Stage.OPEN), None)


# The next one


class Reason(StrEnum):
    """Why it is due on that day, and not on another. What ``counted_from`` is:

    ``first``: the first day, nothing was asked before. ``interval``: the last completed one. ``missed``: the day the
    missed one was due. ``session``: the session that restarted the clock. ``limit``: the last completed one, however
    many sessions there were since (or the first one ever due, while none is completed). ``before_session``: the planned
    session that it is asked before.
    """

    FIRST = "first"
    INTERVAL = "interval"
    MISSED = "missed"
    SESSION = "session"
    LIMIT = "limit"
    BEFORE_SESSION = "before_session"


@dataclass(frozen=True, slots=True)
class Due:
    """The day, the reason, and its facts: ``on`` is ``days`` after ``counted_from``.

    ``treatment_on``: the session that has to do with it, given or planned. ``otherwise_on``: when it would have been
    due without that session (``before_session``) or without the limit (``limit``).
    """

    on: date
    reason: Reason
    counted_from: date
    treatment_on: date | None = None
    otherwise_on: date | None = None

    @property
    def days(self) -> int:
        """Days from ``counted_from``; below 0 before a session."""
        return (self.on - self.counted_from).days


def next_due(
    cadence: Cadence,
    today: date,
    *,
    first_day: date,
    asked: Iterable[Asking],
    given_on: Iterable[date] = (),
    planned_on: Iterable[date] = (),
) -> Due | None:
    """The next one after all of ``asked``; None while one of them is open or still ahead, so that there are never two.

    ``given_on`` are the days of given sessions, ``planned_on`` of planned ones. May lie before ``today``, if nobody
    looked for a while: then it is opened today, and today is its due date.
    """
    known = list(asked)
    if any(one.stage(today) in {Stage.OPEN, Stage.AHEAD} for one in known):
        return None
    due = _counted(cadence, known, first_day=first_day, given_on=[day for day in given_on if day <= today])
    if due.reason is Reason.FIRST or cadence.rhythm is Rhythm.MONTHLY:
        return due
    return _before_session(due, [day for day in planned_on if day >= today])


def _counted(cadence: Cadence, known: list[Asking], *, first_day: date, given_on: list[date]) -> Due:
    """The day by the clock alone."""
    if not known:
        return Due(on=first_day, reason=Reason.FIRST, counted_from=first_day)
    last = max(known, key=_ended_on)
    start = _ended_on(last)
    due = Due(
        on=_after(cadence, start),
        reason=Reason.MISSED if last.completed_on is None else Reason.INTERVAL,
        counted_from=start,
    )
    if cadence.rhythm is not Rhythm.RESTARTED or not given_on:
        return due
    treatment_on = max(given_on)
    restarted = treatment_on + AFTER_SESSION
    if restarted <= due.on:
        return due
    completed = [one.completed_on for one in known if one.completed_on is not None]
    limited_from = max(completed, default=min(one.due_on for one in known))
    limit = limited_from + NEVER_LATER
    if restarted <= limit:
        return Due(on=restarted, reason=Reason.SESSION, counted_from=treatment_on, treatment_on=treatment_on)
    if limit <= due.on:  # a missed one has used it up: no session puts the next one off
        return due
    return Due(
        on=limit,
        reason=Reason.LIMIT,
        counted_from=limited_from,
        treatment_on=treatment_on,
        otherwise_on=restarted,
    )


def _before_session(due: Due, planned_on: list[date]) -> Due:
    """``due``, or the eve of a planned session that is near.

    Only the first of several near ones counts: moving again for another would carry it back through a whole series.
    """
    near = [day for day in planned_on if abs(day - due.on) <= NEAR_SESSION]
    treatment_on = min(near, default=None)
    if treatment_on is None or due.on < treatment_on:
        return due
    return Due(
        on=treatment_on - _ONE_DAY,
        reason=Reason.BEFORE_SESSION,
        counted_from=treatment_on,
        treatment_on=treatment_on,
        otherwise_on=due.on,
    )


def _ended_on(one: Asking) -> date:
    return one.completed_on or one.due_on


def _after(cadence: Cadence, start: date) -> date:
    if cadence.rhythm is Rhythm.MONTHLY:
        return _month_after(start)
    if cadence.since is not None and start + WEEKLY <= cadence.since + WEEKLY_FOR:
        return start + WEEKLY
    return start + EVERY


def _month_after(day: date) -> date:
    """The same day of the next month, or its last one where it has no such day."""
    year, month = (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
