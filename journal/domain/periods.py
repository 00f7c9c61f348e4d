"""The dates that a page before an appointment looks at, and the dates before them that they are held against.

Which of them a reader may see is the caller's to say: ``first_day`` is the first date that counts for that reader.
Series, means and gaps are in ``journal.domain.trends``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from journal.domain.pauses import Pause
from journal.domain.trends import (
    PERIOD_NEEDS,
    Change,
    Coverage,
    DaySummary,
    Item,
    compare,
    covered,
    mean_of,
    window,
)

_DAY = timedelta(days=1)
_FOUR_WEEKS, _TWELVE_WEEKS = 28, 84


class Choice(StrEnum):
    """What can be looked at; the values stand in addresses."""

    SINCE_VISIT = "visit"
    FOUR_WEEKS = "4w"
    TWELVE_WEEKS = "12w"
    COURSE = "course"
    EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class Landmarks:
    """What a period can begin at. ``last_visit`` is a date before today; ``course_begins`` that of the present course.

    Either is None where there is none, or where this reader may not know of it.
    """

    today: date
    first_day: date
    last_visit: date | None = None
    course_begins: date | None = None


@dataclass(frozen=True, slots=True)
class ComparedPeriod:
    """``first`` to ``last``, both included, against the same number of dates up to ``before_last``.

    Everything has nothing before it: ``before_first`` and ``before_last`` are None. ``drawn_from`` is where pictures
    begin, which may be earlier: what happened since the last visit is shown with the weeks that led up to it.
    """

    choice: Choice
    first: date
    last: date
    before_first: date | None
    before_last: date | None
    drawn_from: date

    @property
    def length(self) -> int:
        """How many dates it has."""
        return (self.last - self.first).days + 1


def choices(known: Landmarks) -> tuple[Choice, ...]:
    """What is offered: only what has a beginning."""
    offered = [Choice.SINCE_VISIT] if known.last_visit is not None else []
    offered += [Choice.FOUR_WEEKS, Choice.TWELVE_WEEKS]
    if known.course_begins is not None:
        offered.append(Choice.COURSE)
    return (*offered, Choice.EVERYTHING)


def period(asked: str, known: Landmarks) -> ComparedPeriod:
    """The period of an address: since the last visit where there was one, else four weeks, unless one offered is asked.

    Since a visit means from the day after it: that day belongs to what was talked about then.
    """
    choice = next((one for one in choices(known) if one == asked), choices(known)[0])
    first = _first(choice, known)
    length = (known.today - first).days + 1
    everything = choice is Choice.EVERYTHING
    drawn_from = first
    if choice is Choice.SINCE_VISIT:
        drawn_from = min(first, known.today - (_TWELVE_WEEKS - 1) * _DAY)
    return ComparedPeriod(
        choice=choice,
        first=first,
        last=known.today,
        before_first=None if everything else first - length * _DAY,
        before_last=None if everything else first - _DAY,
        drawn_from=drawn_from,
    )


def _first(choice: Choice, known: Landmarks) -> date:
    four_weeks_ago = known.today - (_FOUR_WEEKS - 1) * _DAY
    if choice is Choice.SINCE_VISIT and known.last_visit is not None:
        return known.last_visit + _DAY
    if choice is Choice.TWELVE_WEEKS:
        return known.today - (_TWELVE_WEEKS - 1) * _DAY
    if choice is Choice.COURSE and known.course_begins is not None:
        return known.course_begins
    if choice is Choice.EVERYTHING:
        return min(known.first_day, four_weeks_ago)
    return four_weeks_ago


# Two periods side by side ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Comparison:
    """One period against the one before it. ``days`` and ``days_before`` are the logged days that entered."""

    period: ComparedPeriod
    mood: Change
    sleep_hours: Change
    check_ins: Coverage
    check_ins_before: Coverage
    days: tuple[DaySummary, ...]
    days_before: tuple[DaySummary, ...]


def compare_with_before(
    days: Sequence[DaySummary], wanted: ComparedPeriod, *, first_day: date, pauses: Sequence[Pause] = ()
) -> Comparison:
    """Means and completeness of ``wanted`` and of the dates before it; none before ``first_day`` counts on either side.

    Dates on which reminders were paused are not counted in completeness; a mean takes every day there is, of all dates.

    Two means are compared in words only with at least four days with a value on each side.
    """
    inside = window(days, wanted.first, wanted.last)
    check_ins = covered(days, max(wanted.first, first_day), wanted.last, pauses=pauses)
    dates, dates_before = covered(days, max(wanted.first, first_day), wanted.last).eligible, 0
    before: list[DaySummary] = []
    check_ins_before = Coverage(logged=0, eligible=0, share=None)
    if wanted.before_first is not None and wanted.before_last is not None:
        before = window(days, wanted.before_first, wanted.before_last)
        from_first = max(wanted.before_first, first_day)
        check_ins_before = covered(days, from_first, wanted.before_last, pauses=pauses)
        dates_before = covered(days, from_first, wanted.before_last).eligible

    def change(item: Item) -> Change:
        now = mean_of(inside, item, of=dates)
        then = mean_of(before, item, of=dates_before)
        finding = None
        if now.value is not None and then.value is not None and min(now.n, then.n) >= PERIOD_NEEDS:
            finding = compare(item, then.value, now.value)
        return Change(item=item, now=now, before=then, finding=finding)

    return Comparison(
        period=wanted,
        mood=change(Item.MOOD),
        sleep_hours=change(Item.SLEEP_HOURS),
        check_ins=check_ins,
        check_ins_before=check_ins_before,
        days=tuple(inside),
        days_before=tuple(before),
    )
