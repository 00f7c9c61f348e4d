"""Which session belongs to which course, and when each course stood still: what the analysis of a course begins with.

Pure sorting of what was written down. What follows from it is concluded in ``journal.domain.insights``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import zip_longest

from journal.domain.benefits import EndReason, GivenSession, Interruption
from journal.domain.consents import Sight
from journal.domain.courses import PhaseChange, phase_on
from journal.domain.insights import CourseHistory
from journal.domain.treatments import Phase

_STANDS_STILL = {Phase.PAUSED: EndReason.PAUSED, Phase.ENDED: EndReason.ENDED}


@dataclass(frozen=True, slots=True)
class CourseOutline:
    """The dates of a course and the phases it went through, in the order in which they were said; none of its words."""

    public_id: str
    start_date: date | None
    end_date: date | None
    baseline_window_days: int
    phases: tuple[PhaseChange, ...]


@dataclass(frozen=True, slots=True)
class GivenOutline:
    """One record of a session that was given, and what a provider ticked on it.

    ``course_public_id`` is the course that was the present one when it was recorded.
    """

    local_date: date
    course_public_id: str | None
    early_for_worsening: bool = False
    censor_medication_change: bool = False


def course_histories(
    outlines: Sequence[CourseOutline],
    given: Iterable[GivenOutline],
    *,
    until: date,
    sight: Sight,
    steady: Mapping[str, tuple[date, date]] | None = None,
) -> tuple[CourseHistory, ...]:
    """The courses that had begun by ``until``, in the order of ``outlines``, with their sessions up to then.

    Records of one date are one session. Sessions of before any course come first, as a course of their own. ``steady``:
    the days that a provider chose, by the course's public id.
    """
    begun = [one for one in outlines if one.start_date is None or one.start_date <= until]
    by_date: dict[date, list[GivenOutline]] = {}
    for record in sorted(given, key=lambda one: one.local_date):
        if record.local_date <= until:
            by_date.setdefault(record.local_date, []).append(record)
    sessions: dict[str | None, list[GivenSession]] = {None: [], **{one.public_id: [] for one in begun}}
    for number, (local_date, records) in enumerate(by_date.items(), start=1):
        course = _course_of(records, begun)
        treatment = GivenSession(
            local_date=local_date,
            label=f"S{number}",
            phase=phase_on(course.phases, local_date) if course else None,
            early_for_worsening=any(one.early_for_worsening for one in records),
            censor_medication_change=any(one.censor_medication_change for one in records),
        )
        sessions[course.public_id if course else None].append(treatment)
    before_any = CourseHistory(
        begins=None, ends=None, sessions=tuple(sessions[None]), begins_in_sight=sight.visible_from is None
    )
    return (
        *([before_any] if before_any.sessions else []),
        *(
            CourseHistory(
                begins=one.start_date,
                ends=one.end_date,
                sessions=tuple(sessions[one.public_id]),
                interruptions=_interruptions(one),
                steady=_steady_in_sight((steady or {}).get(one.public_id), sight),
                baseline_window_days=one.baseline_window_days,
                begins_in_sight=sight.visible_from is None
                or (one.start_date is not None and sight.reaches(one.start_date)),
            )
            for one in begun
        ),
    )


def _course_of(records: Sequence[GivenOutline], begun: Sequence[CourseOutline]) -> CourseOutline | None:
    """By date, wherever courses say when they began; else the course under which it was recorded."""
    recorded_under = {one.course_public_id for one in records}
    for course in begun:
        if course.start_date is None and course.public_id in recorded_under:
            return course
    local_date = records[0].local_date
    dated = [one for one in begun if one.start_date is not None and one.start_date <= local_date]
    if dated:
        # of two that began on one date, the one added last
        return sorted(dated, key=lambda one: one.start_date or date.min)[-1]
    return begun[0] if begun and begun[0].start_date is None else None


def _interruptions(course: CourseOutline) -> tuple[Interruption, ...]:
    """When it was paused, or had ended. Of two changes of one date the one said last counts."""
    said = sorted({one.local_date: one.phase for one in course.phases}.items())
    nexts = [local_date for local_date, _ in said[1:]]
    found = [
        Interruption(first, following - timedelta(days=1) if following else None, _STANDS_STILL[phase])
        for (first, phase), following in zip_longest(said, nexts)
        if phase in _STANDS_STILL
    ]
    if course.end_date is not None and not any(one.why is EndReason.ENDED for one in found):
        found.append(Interruption(course.end_date, None, EndReason.ENDED))
    return tuple(found)


def _steady_in_sight(chosen: tuple[date, date] | None, sight: Sight) -> tuple[date, date] | None:
    """The chosen days for a reader who sees all of them: of a part of them the level would be another."""
    return chosen if chosen is not None and sight.reaches(chosen[0]) else None
