"""A course on the calendar: the published schedules, one of one's own, and how a course goes from phase to phase.

A schedule becomes a list of dates that people then move; Tideline picks no schedule, changes no phase by itself, and
knows no dose of any. What is recorded at each session stands in ``journal.domain.treatment_records``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from journal.domain.errors import Refused
from journal.domain.evidence import Grade
from journal.domain.treatments import (
    GIVEN,
    REACHES_AHEAD,
    Course,
    Drug,
    Phase,
    PresetId,
    Route,
    Status,
    TreatmentSession,
)

SESSIONS_MOST = 60
"""A course is laid out this far at once; more can be added when it comes to that."""

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
_MON, _TUE, _WED, _THU, _FRI, _SAT, _SUN = range(7)


class Rhythm(StrEnum):
    """How often sessions come."""

    THREE_A_WEEK = "three_a_week"
    TWO_A_WEEK = "two_a_week"
    WEEKLY = "weekly"
    EVERY_TWO_WEEKS = "every_two_weeks"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Sessions in one rhythm, planned for one phase."""

    phase: Phase
    rhythm: Rhythm
    count: int


@dataclass(frozen=True, slots=True)
class Preset:
    """A published schedule. No ``stretches``: nothing is published that could be laid out, people say it themselves.

    ``afterwards`` are the rhythms in which it goes on without an end; which one, and how far, people say too.
    """

    id: PresetId
    drug: Drug
    route: Route
    citation: str
    grade: Grade
    stretches: tuple[Stretch, ...] = ()
    afterwards: tuple[Rhythm, ...] = ()


def _induction(rhythm: Rhythm, count: int) -> tuple[Stretch, ...]:
    return (Stretch(Phase.INDUCTION, rhythm, count),)


_WEEKLY_FOR_FOUR = (Stretch(Phase.MAINTENANCE, Rhythm.WEEKLY, 4),)
_RACEMIC, _ESKETAMINE = Drug.KETAMINE_RACEMIC, Drug.ESKETAMINE

PRESETS: dict[PresetId, Preset] = {
    preset.id: preset
    for preset in (
        Preset(
            PresetId.IV_6X_2WK,
            _RACEMIC,
            Route.IV,
            "Murrough 2013; Shiroma 2014",
            Grade.READ,
            _induction(Rhythm.THREE_A_WEEK, 6),
        ),
        Preset(
            PresetId.IV_6X_2WK_PLUS_WEEKLY4,
            _RACEMIC,
            Route.IV,
            "Phillips 2019",
            Grade.READ,
            _induction(Rhythm.THREE_A_WEEK, 6) + _WEEKLY_FOR_FOUR,
        ),
        Preset(
            PresetId.IV_6X_3WK,
            _RACEMIC,
            Route.IV,
            "Anand 2023 (ELEKT-D)",
            Grade.READ_ELSEWHERE,
            _induction(Rhythm.TWO_A_WEEK, 6),
        ),
        # Published is "within 21 days", not a rhythm; two a week fit into it from any weekday.
        Preset(
            PresetId.IV_6X_21D,
            _RACEMIC,
            Route.IV,
            "Arias, community cohort",
            Grade.READ_ELSEWHERE,
            _induction(Rhythm.TWO_A_WEEK, 6),
        ),
        Preset(
            PresetId.IV_4X_2WK,
            _RACEMIC,
            Route.IV,
            "Wilkinson 2018 (Yale)",
            Grade.READ,
            _induction(Rhythm.TWO_A_WEEK, 4),
        ),
        Preset(
            PresetId.IV_8X_4WK,
            _RACEMIC,
            Route.IV,
            "Gałuszko-Węgielnik 2021; Wilkowska 2021",
            Grade.READ,
            _induction(Rhythm.TWO_A_WEEK, 8),
        ),
        Preset(PresetId.IV_CUSTOM, _RACEMIC, Route.IV, "McInnes 2022", Grade.READ),
        Preset(
            PresetId.ESK_TRD,
            _ESKETAMINE,
            Route.IN_ESKETAMINE,
            "esketamine nasal spray, MIMS Hong Kong",
            Grade.READ_ELSEWHERE,
            _induction(Rhythm.TWO_A_WEEK, 8) + _WEEKLY_FOR_FOUR,
            afterwards=(Rhythm.WEEKLY, Rhythm.EVERY_TWO_WEEKS),
        ),
        Preset(
            PresetId.ESK_MDD_SI,
            _ESKETAMINE,
            Route.IN_ESKETAMINE,
            "esketamine nasal spray, MIMS Hong Kong",
            Grade.READ_ELSEWHERE,
            _induction(Rhythm.TWO_A_WEEK, 8),
        ),
        # Four weeks at home are published; the number of doses is not verified and therefore not laid out.
        Preset(PresetId.SL_HOME_4WK, _RACEMIC, Route.SUBLINGUAL, "Hull 2022", Grade.READ_ELSEWHERE),
        Preset(PresetId.ORAL_CUSTOM, _RACEMIC, Route.ORAL, "Andrade 2019", Grade.READ),
        Preset(PresetId.IM_CUSTOM, _RACEMIC, Route.IM, "Andrade 2017", Grade.READ),
    )
}


# On the calendar ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """One date of a schedule: the how-manieth session it is meant to be (from 1), and in which phase."""

    number: int
    local_date: date
    phase: Phase


_THREE = frozenset({_MON, _WED, _FRI})
_TWO: dict[int, frozenset[int]] = {
    _MON: frozenset({_MON, _THU}),
    _TUE: frozenset({_TUE, _FRI}),
    _WED: frozenset({_WED, _FRI}),
    _THU: frozenset({_MON, _THU}),
    _FRI: frozenset({_TUE, _FRI}),
    _SAT: frozenset({_TUE, _SAT}),
    _SUN: frozenset({_WED, _SUN}),
}
"""The weekdays of two sessions a week, by that of the first. Only who begins on a weekend goes on meeting on one."""


def lay_out(stretches: Sequence[Stretch], start: date) -> tuple[PlannedDay, ...]:
    """The dates of a schedule whose first session is on ``start``, in order.

    Three a week are Monday, Wednesday and Friday, as published; whoever starts on another day joins them at the first
    that leaves a day between. A stretch that follows keeps the rhythm from the last session before it. The first date
    is always ``start``; no other falls on a weekend unless ``start`` does. Refuses ``out_of_range`` for ``count``.
    """
    if not 1 <= sum(stretch.count for stretch in stretches) <= SESSIONS_MOST or any(
        stretch.count < 1 for stretch in stretches
    ):
        raise Refused("out_of_range", field="count", low=1, high=SESSIONS_MOST)
    planned: list[PlannedDay] = []
    for stretch in stretches:
        if planned:
            dates = further_dates(planned[-1].local_date, stretch.rhythm, count=stretch.count)
        else:
            dates = [start, *further_dates(start, stretch.rhythm, count=stretch.count - 1)]
        planned += [
            PlannedDay(number, day, stretch.phase) for number, day in enumerate(dates, start=len(planned) + 1)
        ]
    if planned[-1].local_date > start + REACHES_AHEAD:
        raise Refused("day_out_of_reach", field="count", year=planned[-1].local_date.year)
    return tuple(planned)


def further_dates(after: date, rhythm: Rhythm, *, count: int) -> list[date]:
    """The next ``count`` dates of a rhythm after a session on ``after``."""
    dates: list[date] = []
    last, weekdays = after, _TWO[after.weekday()]
    for _ in range(count):
        match rhythm:
            case Rhythm.THREE_A_WEEK:
                last = _next_on(_THREE, last + 2 * _DAY)
            case Rhythm.TWO_A_WEEK:
                last = _next_on(weekdays, last + _DAY)
            case Rhythm.WEEKLY:
                last += _WEEK
            case Rhythm.EVERY_TWO_WEEKS:
                last += 2 * _WEEK
        dates.append(last)
    return dates


def moved(planned: Sequence[PlannedDay], number: int, *, to: date, today: date) -> tuple[PlannedDay, ...]:
    """The schedule with one session on another date; the others stay where they are, and all are numbered anew.

    A date takes its place among the others, each place keeping its phase. Refuses ``day_past``,
    ``session_on_that_day`` and ``day_out_of_reach``.
    """
    others = [one.local_date for one in planned if one.number != number]
    check_planned_date(to, others=others, today=today)
    places = sorted(planned, key=lambda one: one.number)
    return tuple(
        replace(place, local_date=day) for place, day in zip(places, sorted([*others, to]), strict=True)
    )


def check_planned_date(to: date, *, others: Iterable[date], today: date) -> None:
    """Refuse a date for a planned session that has been, lies years ahead, or already has one of ``others``."""
    if to < today:
        raise Refused("day_past", field="local_date")
    if to > today + REACHES_AHEAD:
        raise Refused("day_out_of_reach", field="local_date", year=to.year)
    if to in others:
        raise Refused("session_on_that_day", field="local_date")


# What remains --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a course has come. Two records of one date count as one.

    ``given``: sessions so far; ``ahead``: planned dates from today on; ``unsaid``: planned dates that are over and of
    which nobody has said how they went.
    """

    given: int
    ahead: tuple[date, ...]
    unsaid: tuple[date, ...]


def progress(treatments: Iterable[TreatmentSession], *, begins: date | None, today: date) -> Progress:
    """How far a course is that began on ``begins`` (None: with the first record).

    A session that was missed or cancelled moves no other: the schedule goes on as it stands.
    """
    own = [one for one in treatments if begins is None or one.local_date >= begins]
    given = {one.local_date for one in own if one.status in GIVEN}
    settled = {one.local_date for one in own if one.status is not Status.PLANNED}
    planned = sorted({one.local_date for one in own if one.status is Status.PLANNED} - settled)
    return Progress(
        given=len(given),
        ahead=tuple(day for day in planned if day >= today),
        unsaid=tuple(day for day in planned if day < today),
    )


def number_in_course(given_on: Iterable[date], day: date, *, begins: date | None) -> int | None:
    """The how-manieth given session of its course the one on ``day`` is, from 1; None for one before the course."""
    if begins is not None and day < begins:
        return None
    return len({one for one in given_on if (begins is None or one >= begins) and one < day}) + 1


# Phases ---------------------------------------------------------------------------------------------------------------

NEXT_PHASES: dict[Phase, frozenset[Phase]] = {
    Phase.PLANNED: frozenset({Phase.INDUCTION}),
    Phase.INDUCTION: frozenset({Phase.MAINTENANCE, Phase.PAUSED, Phase.ENDED}),
    Phase.MAINTENANCE: frozenset({Phase.PAUSED, Phase.ENDED}),
    Phase.PAUSED: frozenset({Phase.INDUCTION, Phase.MAINTENANCE, Phase.ENDED}),
    Phase.ENDED: frozenset(),
}
"""Where a course can go from each phase. Somebody takes every step; no rule does."""


@dataclass(frozen=True, slots=True)
class PhaseChange:
    """From which date on (that day included) a course was in a phase."""

    local_date: date
    phase: Phase


def change_phase(course: Course, to: Phase, *, on: date) -> Course:
    """The course in its next phase from ``on``. Induction sets a start that nobody had set, the end sets the end.

    Refuses ``phase_not_next``.
    """
    if to not in NEXT_PHASES[course.phase]:
        raise Refused("phase_not_next", field="phase")
    return replace(
        course,
        phase=to,
        start_date=course.start_date or (on if to is Phase.INDUCTION else None),
        end_date=on if to is Phase.ENDED else course.end_date,
    )


def check_phase_date(on: date, *, since: date, today: date) -> None:
    """Refuse a change that is still ahead, or before ``since``, from which on the course is in its present phase.

    A course that has not begun can be changed from its first date on, so that it can be called off.
    """
    if on < since:
        raise Refused("phase_before_last", field="local_date", since=since)
    if on > max(today, since):
        raise Refused("day_in_future", field="local_date")


def phase_on(changes: Iterable[PhaseChange], day: date) -> Phase:
    """The phase that a session on ``day`` belongs to; of two changes on one date the later one counts.

    ``changes`` come in the order in which they were made.
    """
    reached = [change for change in changes if change.local_date <= day]
    # sorted() keeps the order of what is equal, so the last is the one made last
    return sorted(reached, key=lambda change: change.local_date)[-1].phase if reached else Phase.PLANNED


def _next_on(weekdays: frozenset[int], earliest: date) -> date:
    return next(day for day in (earliest + offset * _DAY for offset in range(7)) if day.weekday() in weekdays)
