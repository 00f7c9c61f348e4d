"""What one history says: every session by the baseline of its own course, and nothing without the scopes it needs."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

from journal.domain.alignment import Alignment
from journal.domain.baselines import Baseline
from journal.domain.benefits import EndReason, GivenSession
from journal.domain.control_charts import ControlChart
from journal.domain.insights import CourseHistory, History, insights_of
from journal.domain.survival import Durability
from journal.domain.treatments import Phase
from journal.domain.trends import DaySummary
from journal.domain.withheld import Reason, Withheld
from tests.domain.days_of_moods import days_from

FIRST_DAY = date(2026, 1, 1)
NOT_SHARED = Withheld(Reason.NOT_SHARED)


def day_of_year(number: int) -> date:
    return FIRST_DAY + timedelta(days=number - 1)


def history(days: list[DaySummary], *courses: CourseHistory, until: date | None = None) -> History:
    return History(
        until=until or day_of_year(200),
        first_day=FIRST_DAY,
        days=days,
        courses=courses,
        medication_changes=(),
        pauses=(),
    )


def course(*sessions: int, phase: Phase = Phase.MAINTENANCE, **what: object) -> CourseHistory:
    given = tuple(
        GivenSession(day_of_year(number), f"S{at}", phase) for at, number in enumerate(sessions, start=1)
    )
    return CourseHistory(begins=given[0].local_date, ends=None, sessions=given, **what)  # type: ignore[arg-type]


# Mood 2 for two weeks, 8 for two weeks after the session on day 15, 3 from day 31 on, 9 after the one on day 50.
DAYS = days_from(FIRST_DAY, [*[2] * 14, 5, *[8] * 15, *[3] * 20, *[9] * 20])


def test_a_journal_without_a_session_says_so() -> None:
    found = insights_of(history(DAYS))

    none = Withheld(Reason.NO_SESSION)
    assert (found.course.baseline, found.course.durability, found.course.alignment, found.course.chart) == (
        none,
        none,
        none,
        none,
    )
    assert (found.course.benefits, found.earlier) == ((), ())


def test_everything_about_a_course_stands_in_one_place() -> None:
    found = insights_of(history(DAYS, course(15))).course

    assert isinstance(found.baseline, Baseline)
    assert (found.baseline.mood, found.baseline.n) == (2, 14)
    [benefit] = found.benefits
    assert (benefit.response_day, benefit.loss_day) == (1, 16)
    assert isinstance(found.durability, Durability)
    assert (found.durability.n, found.durability.events) == (1, 1)
    assert isinstance(found.alignment, Alignment)
    assert isinstance(found.chart, ControlChart)


def test_each_course_has_a_baseline_of_its_own() -> None:
    found = insights_of(history(DAYS, course(15), course(50)))

    [earlier] = found.earlier
    assert isinstance(earlier.baseline, Baseline)
    assert isinstance(found.course.baseline, Baseline)
    assert (earlier.baseline.mood, found.course.baseline.mood) == (2, 3)


def test_the_next_course_ends_the_days_of_the_one_before() -> None:
    days = days_from(FIRST_DAY, [*[2] * 14, 5, *[8] * 34, 5, *[2] * 20])

    found = insights_of(history(days, course(15), course(50)))

    [benefit] = found.earlier[0].benefits
    assert (benefit.observed_days, benefit.end_reason) == (34, EndReason.NEXT_SESSION)
    alignment = found.earlier[0].alignment
    assert isinstance(alignment, Alignment)
    assert max(offset for offset, _ in alignment.curves[0].raw) == 28
    assert isinstance(found.earlier[0].chart, ControlChart)
    assert found.earlier[0].chart.days[-1].local_date == day_of_year(49)


def test_days_of_the_course_before_are_not_days_before_this_one() -> None:
    days = days_from(FIRST_DAY, [*[2] * 14, 5, 1, 9, 9, 9, 9])

    found = insights_of(history(days, course(15), course(17)))

    [benefit] = found.course.benefits
    assert benefit.rows[0].local_date == day_of_year(16)


def test_a_session_after_the_course_of_another_day_has_no_other_baseline() -> None:
    """A reader who does not see the beginning of a course is shown no mood "before treatment"."""
    found = insights_of(history(DAYS, course(50, begins_in_sight=False))).course

    assert found.baseline == NOT_SHARED
    assert [(one.response, one.reason) for one in found.benefits] == [(None, Reason.NOT_SHARED)]
    assert isinstance(found.alignment, Alignment)


def test_the_chart_stands_on_the_days_after_the_induction() -> None:
    induction = course(15, 17, 19, phase=Phase.INDUCTION)
    later = GivenSession(day_of_year(45), "S4", Phase.MAINTENANCE)

    found = insights_of(history(DAYS, replace(induction, sessions=(*induction.sessions, later)))).course

    assert isinstance(found.chart, ControlChart)
    assert found.chart.baseline_from == day_of_year(19 + 3)


def test_a_course_without_an_induction_stands_on_the_days_after_its_first_session() -> None:
    found = insights_of(history(DAYS, course(15, 45))).course

    assert isinstance(found.chart, ControlChart)
    assert found.chart.baseline_from == day_of_year(15 + 3)


def test_days_that_a_provider_chose_stand_in_the_rule_s_place() -> None:
    chosen = (day_of_year(31), day_of_year(49))

    found = insights_of(history(DAYS, course(15, steady=chosen))).course

    assert isinstance(found.chart, ControlChart)
    assert (found.chart.baseline_from, found.chart.baseline_to) == chosen


def test_what_needs_scores_and_sessions_is_withheld_without_either() -> None:
    whole = history(DAYS, course(15))
    for closed in (
        replace(whole, shares_sessions=False, courses=()),
        replace(whole, shares_scores=False, days=[]),
    ):
        found = insights_of(closed).course
        assert (found.baseline, found.durability, found.alignment, found.chart) == (NOT_SHARED,) * 4
        assert found.benefits == ()


def test_what_needs_scores_alone_is_shown_with_scores_alone() -> None:
    without_sessions = insights_of(replace(history(DAYS), shares_sessions=False))
    without_scores = insights_of(replace(history([]), shares_scores=False))

    for found in (without_sessions.sleep_mood, without_sessions.activity_mood, without_sessions.variability):
        assert found != NOT_SHARED
    for found in (without_scores.sleep_mood, without_scores.activity_mood, without_scores.variability):
        assert found == NOT_SHARED


def test_a_later_session_changes_nothing_about_a_benefit_that_was_lost_before_it() -> None:
    chance = random.Random(5)
    for _ in range(50):
        moods = [chance.choice([None, *range(11)]) for _ in range(80)]
        days = days_from(FIRST_DAY, moods)
        before = insights_of(history(days, course(15))).course.benefits[0]
        later = chance.randrange(16, 80)
        after = insights_of(history(days, course(15, later))).course.benefits[0]
        if before.observed_days is not None and after.observed_days is not None:
            assert after.observed_days <= before.observed_days
        if before.loss_day is not None and before.loss_day + 4 < later - 15:
            assert (after.loss_day, after.response_day) == (before.loss_day, before.response_day)
