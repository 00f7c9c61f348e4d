"""Who wants a look and why: five rules in their order, each gone when it is no longer true."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from journal.domain.attention import (
    Facts,
    Kind,
    Line,
    OpenFlag,
    Shown,
    attention_of,
    check_aside,
    check_shown,
    shown_lines,
)
from journal.domain.benefits import EndReason, GivenSession, Interruption
from journal.domain.errors import Refused
from journal.domain.insights import CourseHistory, History
from journal.domain.long_term_flags import LongTermFlag, Watched
from journal.domain.pauses import Pause
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.treatments import Phase
from journal.domain.trends import DaySummary
from tests.domain.days_of_moods import days_from

FIRST_DAY = date(2026, 1, 1)
TODAY = date(2026, 3, 30)


def on(number: int) -> date:
    """The date of a day by its number in the journal, 1 for the first."""
    return FIRST_DAY + timedelta(days=number - 1)


def history(days: list[DaySummary], *courses: CourseHistory, until: date, **more: object) -> History:
    whole = History(
        until=until, first_day=FIRST_DAY, days=days, courses=courses, medication_changes=(), pauses=()
    )
    return replace(whole, **more)  # type: ignore[arg-type]


def course(*sessions: int, **more: object) -> CourseHistory:
    given = tuple(
        GivenSession(on(number), f"S{at}", Phase.MAINTENANCE) for at, number in enumerate(sessions, 1)
    )
    return CourseHistory(begins=FIRST_DAY, ends=None, sessions=given, **more)  # type: ignore[arg-type]


def seen(found: History, **more: object) -> tuple[Line, ...]:
    return attention_of(Facts(found, **more))  # type: ignore[arg-type]


def of(kind: Kind, lines: tuple[Line, ...]) -> list[Line]:
    return [line for line in lines if line.kind is kind]


def effect(code: SideEffectCode, severity: Severity, *, onset: date = TODAY) -> SideEffect:
    return SideEffect("a session", code, severity, onset, public_id=code.value)


QUIET = history(days_from(FIRST_DAY, [6] * 10), until=on(10))


# In order -------------------------------------------------------------------------------------------------------------


def test_nothing_is_said_of_somebody_who_wrote_today_and_is_well() -> None:
    assert seen(QUIET) == ()


def test_flags_come_first_the_acute_one_before_an_older_one() -> None:
    old = OpenFlag(datetime(2026, 1, 2, tzinfo=UTC), on(2), is_acute=False)
    new = OpenFlag(datetime(2026, 1, 9, tzinfo=UTC), on(9), is_acute=True)
    lines = seen(QUIET, flags=[old, new], effects=[effect(SideEffectCode.FAINTING, Severity.MILD)])
    assert [(line.kind, line.what, line.dates) for line in lines] == [
        (Kind.FLAG, "acute", (on(9),)),
        (Kind.FLAG, "open", (on(2),)),
        (Kind.WATCHED, "fainting", (TODAY,)),
    ]


def test_the_five_kinds_stand_in_their_order() -> None:
    lines = seen(
        history(LOST, course(15), until=on(36)),
        flags=[OpenFlag(datetime(2026, 1, 2, tzinfo=UTC), on(2), is_acute=False)],
        effects=[effect(SideEffectCode.NAUSEA, Severity.SEVERE)],
        reported=[LongTermFlag(Watched.CRAVING, (on(5),))],
    )
    assert [line.kind for line in lines] == [Kind.FLAG, Kind.WATCHED, Kind.WATCHED, Kind.FADING, Kind.SILENCE]


# Side effects and what was reported ----------------------------------------------------------------------------------


def test_of_side_effects_only_urgent_and_severe_ones_that_are_open_count() -> None:
    closed = replace(
        effect(SideEffectCode.CHEST_PAIN, Severity.SEVERE), resolved_at=datetime(2026, 3, 30, tzinfo=UTC)
    )
    lines = seen(
        QUIET,
        effects=[
            effect(SideEffectCode.NAUSEA, Severity.SEVERE),
            effect(SideEffectCode.DIZZINESS, Severity.MODERATE),
            closed,
            effect(SideEffectCode.FAINTING, Severity.MILD),
        ],
    )
    assert [(line.what, line.number) for line in lines] == [("fainting", 1), ("nausea", 3)]


def test_worsening_says_of_what() -> None:
    from journal.domain.clinical_limits import WORSE_AMONG, WORSE_DAYS

    of_mood = LongTermFlag(Watched.WORSENING, (on(8), on(9)), (WORSE_DAYS, WORSE_AMONG))
    lines = seen(QUIET, reported=[of_mood, LongTermFlag(Watched.WORSENING, (on(9),))])
    assert [line.what for line in lines] == ["worsening:mood", "worsening"]


# Mood below its steady level -----------------------------------------------------------------------------------------

STEADY = [5, 7] * 7
"""Mean 6, after the session on day 1 that its own day leaves out; the first 14 logged days from day 4 on."""


def drifting(*then: int) -> list[DaySummary]:
    return days_from(on(4), [*STEADY, *then])


def test_a_signal_lists_the_days_of_its_run() -> None:
    """The line is 6 − 1.48·1.04 = 4.46; of 5.2, 4.56, 4.05 and 3.64 the last two are below it."""
    lines = of(Kind.SIGNAL, seen(history(drifting(2, 2, 2, 2), course(1), until=on(21))))
    assert lines == [Line(Kind.SIGNAL, "", (on(20), on(21)), 2)]


def test_a_signal_is_gone_when_mood_has_come_back() -> None:
    back = history(drifting(2, 2, 2, 2, 8, 8), course(1), until=on(23))
    assert of(Kind.SIGNAL, seen(back)) == []


def test_steady_days_that_a_provider_chose_count_instead() -> None:
    lower = [*[3] * 14, *[6] * 20]
    chosen = course(1, steady=(on(18), on(33)))
    days = days_from(on(4), [*lower, 1, 1, 1, 1])
    assert of(Kind.SIGNAL, seen(history(days, course(1), until=on(41)))) == []
    assert len(of(Kind.SIGNAL, seen(history(days, chosen, until=on(41))))) == 1


@pytest.mark.parametrize("closed", ["shares_scores", "shares_sessions"])
def test_drift_and_benefit_need_both_scopes(closed: str) -> None:
    whole = history(drifting(2, 2, 2, 2), course(1), until=on(21))
    assert seen(whole) != ()
    assert seen(replace(whole, **{closed: False})) == ()  # type: ignore[arg-type]


# Benefit of the last session -----------------------------------------------------------------------------------------

LOST = days_from(FIRST_DAY, [*[2] * 14, 5, *[8] * 15, *[3] * 2])
"""Mood 2 for two weeks, 8 for two weeks after the session on day 15, 3 from day 31 on."""


def test_a_loss_names_the_session_and_the_day() -> None:
    lines = of(Kind.FADING, seen(history(LOST, course(15), until=on(32))))
    assert lines == [Line(Kind.FADING, "lost", (on(15), on(31)), 16)]


def test_benefit_that_began_to_fade_is_not_lost_yet() -> None:
    """Half of a burden of 8 is a mood of 6: two days of 5 are below it, and above the 4 of a loss."""
    days = days_from(FIRST_DAY, [*[2] * 14, 5, *[8] * 15, 5, 5])
    assert of(Kind.FADING, seen(history(days, course(15), until=on(32)))) == [
        Line(Kind.FADING, "faded", (on(15), on(31)), 16)
    ]


def test_only_the_last_session_counts() -> None:
    days = days_from(FIRST_DAY, [*[2] * 14, 5, *[8] * 15, *[3] * 4, *[9] * 4])
    assert of(Kind.FADING, seen(history(days, course(15, 34), until=on(38)))) == []


def test_without_the_beginning_of_the_course_nothing_is_said_of_its_benefit() -> None:
    cut = course(15, begins_in_sight=False)
    assert of(Kind.FADING, seen(history(LOST, cut, until=on(32)))) == []


def test_a_course_that_was_paused_before_says_nothing_of_a_loss() -> None:
    paused = course(15, interruptions=(Interruption(on(25), None, EndReason.PAUSED),))
    assert of(Kind.FADING, seen(history(LOST, paused, until=on(32)))) == []


def after_a_loss(*then: int) -> History:
    """LOST, and further days. Of a burden of 8, a quarter is back from a mood of 4 on and half of it from 6 on."""
    days = [*LOST, *days_from(on(33), list(then))]
    return history(days, course(15), until=on(32 + len(then)))


@pytest.mark.parametrize(
    ("then", "what"),
    [((4,), ["lost"]), ((4, 3), ["lost"]), ((4, 5), ["faded"]), ((6, 6), []), ((6, 6, 3, 3), ["lost"])],
)
def test_a_line_is_gone_once_mood_is_back_on_two_days_running(then: tuple[int, ...], what: list[str]) -> None:
    assert [line.what for line in of(Kind.FADING, seen(after_a_loss(*then)))] == what


def test_two_days_far_from_each_other_do_not_bring_it_back() -> None:
    days = [*LOST, *days_from(on(33), [7, None, None, None, 7])]
    assert [line.what for line in of(Kind.FADING, seen(history(days, course(15), until=on(37))))] == ["lost"]


def test_nothing_is_said_of_the_benefit_of_a_course_that_has_ended() -> None:
    """It had been lost before the end; what happened in the course is read on the page of the person."""
    ended = replace(course(15), ends=on(32))
    by_phase = course(15, interruptions=(Interruption(on(32), None, EndReason.ENDED),))
    for over in (ended, by_phase):
        assert of(Kind.FADING, seen(history(LOST, over, until=on(32)))) == []
        assert (
            len(
                of(Kind.FADING, seen(history(LOST, replace(over, ends=None, interruptions=()), until=on(32))))
            )
            == 1
        )


# Silence --------------------------------------------------------------------------------------------------------------


def test_silence_counts_the_dates_after_the_last_check_in_with_today() -> None:
    lines = seen(replace(QUIET, until=on(13)))
    assert lines == (Line(Kind.SILENCE, "", (on(11), on(13)), 3),)


def test_a_check_in_without_a_number_ends_a_silence() -> None:
    unsure = DaySummary(on(12), None, None, None, 0, 1)
    assert seen(replace(QUIET, until=on(12), days=[*QUIET.days, unsure])) == ()


def test_paused_days_do_not_count_as_silence() -> None:
    paused = replace(QUIET, until=on(20), pauses=(Pause(on(9), on(15)),))
    assert [line.number for line in seen(paused)] == [5]
    assert seen(replace(QUIET, until=on(20), pauses=(Pause(on(11), on(25)),))) == ()


def test_somebody_who_never_wrote_is_silent_from_the_first_day_on() -> None:
    assert seen(history([], until=on(4))) == (Line(Kind.SILENCE, "never", (on(1), on(4)), 4),)


def test_silence_is_not_known_without_the_scores() -> None:
    assert seen(history([], until=on(40), shares_scores=False)) == ()


# What is shown --------------------------------------------------------------------------------------------------------

LINES = (
    Line(Kind.FLAG, "acute", (on(1),)),
    Line(Kind.WATCHED, "fainting", (on(1),), 1),
    Line(Kind.SIGNAL, "", (on(1),), 1),
    Line(Kind.FADING, "lost", (on(1), on(9)), 8),
    Line(Kind.SILENCE, "", (on(1), on(10)), 10),
)


def kinds(shown: Shown, **more: object) -> list[Kind]:
    return [line.kind for line in shown_lines(LINES, shown, **more)]  # type: ignore[arg-type]


def test_everything_is_shown_by_itself_silence_from_ten_days_on() -> None:
    assert kinds(Shown()) == list(Kind)
    assert kinds(Shown(silence_days=11)) == list(Kind)[:4]


@pytest.mark.parametrize("kind", list(Kind)[1:])
def test_each_rule_but_flags_can_be_switched_off(kind: Kind) -> None:
    assert kinds(replace(Shown(), **{kind.value: False})) == [one for one in Kind if one is not kind]  # type: ignore[arg-type]


def test_a_flag_is_never_set_aside_whatever_stands_in_the_list() -> None:
    assert kinds(Shown(), aside={Kind.FLAG: TODAY, Kind.SIGNAL: TODAY}) == [
        Kind.FLAG, Kind.WATCHED, Kind.FADING, Kind.SILENCE,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "until", "code"),
    [
        (Kind.FLAG, TODAY + timedelta(days=3), "flag_stays"),
        (Kind.SIGNAL, TODAY, "day_past"),
        (Kind.SIGNAL, TODAY + timedelta(days=91), "day_too_far"),
    ],
)
def test_what_cannot_be_set_aside_is_refused(kind: Kind, until: date, code: str) -> None:
    with pytest.raises(Refused) as refused:
        check_aside(kind, until, today=TODAY)
    assert refused.value.code == code


def test_anything_else_can_be_set_aside_for_ninety_days() -> None:
    check_aside(Kind.SILENCE, TODAY + timedelta(days=1), today=TODAY)
    check_aside(Kind.WATCHED, TODAY + timedelta(days=90), today=TODAY)


@pytest.mark.parametrize("days", [2, 31])
def test_silence_is_between_three_and_thirty_days(days: int) -> None:
    with pytest.raises(Refused, match="out_of_range"):
        check_shown(Shown(silence_days=days))
    check_shown(Shown(silence_days=3))
    check_shown(Shown(silence_days=30))
