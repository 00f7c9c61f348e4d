"""Everything that is concluded about one person's days and sessions, put together from one history.

Each part's rules stand in the module of its name. Nothing is read here and nothing is worded.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from journal.domain.alignment import Alignment, align
from journal.domain.associations import Association, activity_and_mood, sleep_and_mood
from journal.domain.baselines import Baseline, baseline_of
from journal.domain.benefits import Benefit, EndReason, GivenSession, Interruption, benefits_of
from journal.domain.control_charts import ControlChart, control_chart
from journal.domain.pauses import Pause
from journal.domain.survival import Durability, durability_of
from journal.domain.treatments import BASELINE_WINDOW, Phase
from journal.domain.trends import DaySummary
from journal.domain.variability import Variability, variability
from journal.domain.withheld import Reason, Withheld

_NOT_SHARED = Withheld(Reason.NOT_SHARED)
_DATE = attrgetter("local_date")


@dataclass(frozen=True, slots=True)
class CourseHistory:
    """One course: its given sessions, its phases as interruptions, and the steady days a provider chose for it.

    ``begins`` and ``ends`` (from that date on it had ended) are None where nobody said. ``baseline_window_days`` before
    its first session are held against what follows; only where ``begins_in_sight``, for a reader who does not see the
    beginning would hold it against a later session.
    """

    begins: date | None
    ends: date | None
    sessions: tuple[GivenSession, ...]
    interruptions: tuple[Interruption, ...] = ()
    steady: tuple[date, date] | None = None
    baseline_window_days: int = BASELINE_WINDOW
    begins_in_sight: bool = True

    @property
    def first_session(self) -> date | None:
        """The date of its first given session."""
        return min((one.local_date for one in self.sessions), default=None)

    def is_over(self, day: date) -> bool:
        """Whether the course had ended by ``day``: its end was written down, or its phase says so."""
        ended = [one for one in self.interruptions if one.why is EndReason.ENDED]
        return (self.ends is not None and self.ends <= day) or any(
            one.first <= day and (one.last is None or day <= one.last) for one in ended
        )


@dataclass(frozen=True, slots=True)
class History:
    """What one reader may see of one patient up to ``until`` (a date where the patient lives, included).

    ``days`` in date order; ``courses`` in order, the present one last. Parts whose scope is closed are empty and
    ``shares_…`` is False.
    """

    until: date
    first_day: date
    days: Sequence[DaySummary]
    courses: tuple[CourseHistory, ...]
    medication_changes: tuple[date, ...]
    pauses: tuple[Pause, ...]
    shares_scores: bool = True
    shares_sessions: bool = True


@dataclass(frozen=True, slots=True)
class CourseInsights:
    """What one course says."""

    baseline: Baseline | Withheld
    benefits: tuple[Benefit, ...]
    durability: Durability | Withheld
    alignment: Alignment | Withheld
    chart: ControlChart | Withheld


@dataclass(frozen=True, slots=True)
class Insights:
    """Everything. ``course`` is the present one; ``earlier`` the ones before it, in order."""

    history: History
    course: CourseInsights
    earlier: tuple[CourseInsights, ...]
    sleep_mood: Association | Withheld
    activity_mood: Association | Withheld
    variability: Variability | Withheld


def insights_of(history: History) -> Insights:
    """All of it. What needs scores and sessions is withheld unless both are shared."""
    *earlier, present = history.courses or [CourseHistory(begins=None, ends=None, sessions=())]
    scores = history.shares_scores
    return Insights(
        history=history,
        course=course_insights(history, present),
        earlier=tuple(course_insights(history, course) for course in earlier),
        sleep_mood=sleep_and_mood(history.days) if scores else _NOT_SHARED,
        activity_mood=activity_and_mood(history.days) if scores else _NOT_SHARED,
        variability=variability(history.days) if scores else _NOT_SHARED,
    )


def course_insights(history: History, course: CourseHistory) -> CourseInsights:
    """What one of the history's courses says: every session by the baseline of its own course."""
    if not (history.shares_scores and history.shares_sessions):
        return CourseInsights(_NOT_SHARED, (), _NOT_SHARED, _NOT_SHARED, _NOT_SHARED)
    baseline = baseline_of(history.days, course.first_session, window_days=course.baseline_window_days)
    if not course.begins_in_sight:
        baseline = _NOT_SHARED
    before, after = _around(history, course)
    own = own_days(history, course)
    benefits = benefits_of(
        own,
        course.sessions,
        baseline,
        until=history.until,
        interruptions=course.interruptions,
        medication_changes=history.medication_changes,
        followed_by=after[0] if after else None,
    )
    return CourseInsights(
        baseline=baseline,
        benefits=benefits,
        durability=durability_of(benefits) if benefits else Withheld(Reason.NO_SESSION),
        alignment=align(
            history.days, course.sessions, other_dates=[one.local_date for one in [*before, *after]]
        )
        if benefits
        else Withheld(Reason.NO_SESSION),
        chart=control_chart(
            own,
            [one.local_date for one in course.sessions],
            steady_from_session=steady_from(course),
            chosen=course.steady,
        ),
    )


def own_days(history: History, course: CourseHistory) -> Sequence[DaySummary]:
    """The days of one course: those up to a session of another, and from one on, belong to that one."""
    before, after = _around(history, course)
    last_before = before[-1].local_date if before else date.min
    first_after = after[0].local_date if after else date.max
    begins = bisect_right(history.days, last_before, key=_DATE)
    return history.days[begins : bisect_left(history.days, first_after, key=_DATE)]


def _around(history: History, course: CourseHistory) -> tuple[list[GivenSession], list[GivenSession]]:
    """Every session before the first of this course, and after its last, in order; a course without any has none."""
    mine = {one.local_date for one in course.sessions}
    if not mine:
        return [], []
    others = sorted(
        (one for other in history.courses for one in other.sessions if one.local_date not in mine),
        key=lambda one: one.local_date,
    )
    return (
        [one for one in others if one.local_date < min(mine)],
        [one for one in others if one.local_date > max(mine)],
    )


def steady_from(course: CourseHistory) -> date | None:
    """The session after which days are expected to be steady: the last of the induction, else the first of all."""
    induction = [one.local_date for one in course.sessions if one.phase is Phase.INDUCTION]
    return max(induction, default=course.first_session)
