"""Which session belongs to which course, and when a course stood still."""

from __future__ import annotations

from datetime import date

from journal.domain.benefits import EndReason, Interruption
from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.course_histories import CourseOutline, GivenOutline, course_histories
from journal.domain.courses import PhaseChange
from journal.domain.insights import CourseHistory
from journal.domain.treatments import Phase

UNTIL = date(2026, 12, 31)


def outline(
    name: str,
    start: date | None,
    *phases: PhaseChange,
    end: date | None = None,
    window: int = 14,
) -> CourseOutline:
    return CourseOutline(name, start, end, window, phases)


def on(*dates: date, course: str | None = None) -> list[GivenOutline]:
    return [GivenOutline(one, course) for one in dates]


def histories(
    outlines: list[CourseOutline], given: list[GivenOutline], *, until: date = UNTIL, sight: Sight = WHOLE
) -> tuple[CourseHistory, ...]:
    return course_histories(outlines, given, until=until, sight=sight)


def labels(course: CourseHistory) -> list[str]:
    return [one.label for one in course.sessions]


MARCH_2, MARCH_9, JUNE_1, JUNE_8 = date(2026, 3, 2), date(2026, 3, 9), date(2026, 6, 1), date(2026, 6, 8)


def test_sessions_belong_to_the_course_that_had_begun_by_their_date() -> None:
    first, second = histories(
        [outline("a", MARCH_2), outline("b", JUNE_1, window=21)], on(MARCH_2, MARCH_9, JUNE_1, course="b")
    )

    assert (labels(first), labels(second)) == (["S1", "S2"], ["S3"])
    assert (second.begins, second.baseline_window_days) == (JUNE_1, 21)
    assert second.first_session == JUNE_1


def test_sessions_of_before_any_course_are_a_course_of_their_own() -> None:
    earlier, present = histories([outline("a", JUNE_1)], on(MARCH_2, JUNE_1))

    assert (labels(earlier), earlier.begins) == (["S1"], None)
    assert labels(present) == ["S2"]


def test_sessions_without_any_course_are_one() -> None:
    [only] = histories([], on(MARCH_2, JUNE_1))

    assert labels(only) == ["S1", "S2"]
    assert histories([], []) == ()


def test_a_course_of_which_nobody_said_when_it_began_has_everything() -> None:
    [only] = histories([outline("a", None)], on(MARCH_2, course=None))

    assert labels(only) == ["S1"]


def test_beside_others_it_has_what_was_recorded_under_it() -> None:
    dated, undated = histories(
        [outline("a", MARCH_2), outline("b", None)], [*on(MARCH_9), *on(JUNE_1, course="b")]
    )

    assert (labels(dated), labels(undated)) == (["S1"], ["S2"])


def test_of_two_courses_that_began_on_one_date_the_later_added_has_the_sessions() -> None:
    first, second = histories([outline("a", MARCH_2), outline("b", MARCH_2)], on(MARCH_2))

    assert (labels(first), labels(second)) == ([], ["S1"])


def test_two_records_of_one_date_are_one_session_with_the_ticks_of_both() -> None:
    records = [
        GivenOutline(MARCH_2, None, early_for_worsening=True),
        GivenOutline(MARCH_2, None, censor_medication_change=True),
        GivenOutline(MARCH_9, None),
    ]

    [course] = histories([outline("a", MARCH_2)], records[::-1])

    first, second = course.sessions
    assert (first.local_date, first.early_for_worsening, first.censor_medication_change) == (
        MARCH_2,
        True,
        True,
    )
    assert (second.label, second.early_for_worsening, second.censor_medication_change) == ("S2", False, False)


def test_courses_and_sessions_after_the_last_date_that_counts_do_not_exist() -> None:
    [only] = histories(
        [outline("a", MARCH_2), outline("b", JUNE_1)], on(MARCH_2, JUNE_1), until=date(2026, 5, 31)
    )

    assert (labels(only), only.begins) == (["S1"], MARCH_2)


def test_a_session_has_the_phase_that_its_course_was_in() -> None:
    phases = (PhaseChange(MARCH_2, Phase.INDUCTION), PhaseChange(JUNE_1, Phase.MAINTENANCE))

    [course] = histories([outline("a", MARCH_2, *phases)], on(MARCH_2, JUNE_1))

    assert [one.phase for one in course.sessions] == [Phase.INDUCTION, Phase.MAINTENANCE]


def test_a_pause_lasts_until_the_day_before_the_next_phase() -> None:
    phases = (
        PhaseChange(MARCH_2, Phase.INDUCTION),
        PhaseChange(MARCH_9, Phase.PAUSED),
        PhaseChange(JUNE_1, Phase.MAINTENANCE),
        PhaseChange(JUNE_8, Phase.ENDED),
    )

    [course] = histories([outline("a", MARCH_2, *phases, end=JUNE_8)], on(MARCH_2))

    assert course.interruptions == (
        Interruption(MARCH_9, date(2026, 5, 31), EndReason.PAUSED),
        Interruption(JUNE_8, None, EndReason.ENDED),
    )
    assert course.ends == JUNE_8


def test_of_two_phases_said_of_one_date_the_later_counts() -> None:
    phases = (PhaseChange(MARCH_9, Phase.PAUSED), PhaseChange(MARCH_9, Phase.MAINTENANCE))

    [course] = histories([outline("a", MARCH_2, *phases)], on(MARCH_2))

    assert course.interruptions == ()


def test_a_last_day_that_no_phase_says_ends_the_course_too() -> None:
    [course] = histories([outline("a", MARCH_2, end=JUNE_8)], on(MARCH_2))

    assert course.interruptions == (Interruption(JUNE_8, None, EndReason.ENDED),)


def test_the_days_that_a_provider_chose_stay_with_their_course() -> None:
    first, second = course_histories(
        [outline("a", MARCH_2), outline("b", JUNE_1)],
        on(MARCH_2, JUNE_1),
        until=UNTIL,
        sight=WHOLE,
        steady={"a": (MARCH_9, JUNE_1)},
    )

    assert (first.steady, second.steady) == ((MARCH_9, JUNE_1), None)


def test_a_course_that_began_before_the_first_visible_day_does_not_begin_in_sight() -> None:
    def in_sight(visible_from: date | None, start: date | None) -> bool:
        sight = Sight(frozenset(Scope), visible_from)
        [course] = histories([outline("a", start)], on(JUNE_8), sight=sight)
        return course.begins_in_sight

    assert in_sight(None, MARCH_2)
    assert in_sight(None, None)
    assert in_sight(MARCH_2, MARCH_2)
    assert not in_sight(MARCH_9, MARCH_2)
    assert not in_sight(MARCH_9, None)


def test_sessions_without_a_course_may_have_begun_before_the_first_visible_day() -> None:
    [only] = histories([], on(JUNE_8), sight=Sight(frozenset(Scope), MARCH_9))

    assert not only.begins_in_sight
