"""Kaplan–Meier over sessions, against the published tables of the specification and against arithmetic by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import isclose

from hypothesis import given
from hypothesis import strategies as st

from journal.domain.benefits import BeforeAfter, Benefit, EndReason, GivenSession
from journal.domain.survival import (
    Curve,
    Duration,
    HalfTrend,
    Step,
    durability_of,
    kaplan_meier,
    restricted_mean,
)
from journal.domain.withheld import Reason, Withheld

LOST, CENSORED = True, False

FIXTURE_F: list[Duration] = [
    (5, CENSORED),
    (7, LOST),
    (9, LOST),
    (9, LOST),
    (12, CENSORED),
    (14, LOST),
    (18, LOST),
    (21, CENSORED),
]


def session(
    number: int, days: int | None, why: EndReason = EndReason.LOSS, *, response: bool | None = True
) -> Benefit:
    """The ``number``-th session, which held for ``days``."""
    lost = why in {EndReason.LOSS, EndReason.EARLY_FOR_WORSENING} and response is True
    return Benefit(
        treatment=GivenSession(date(2026, 1, 1) + timedelta(days=30 * number), f"S{number}"),
        response=response,
        reason=Reason.NOT_EVALUABLE if response is None else None,
        response_day=1 if response else None,
        loss_day=days if lost else None,
        began_to_fade_day=None,
        censored=response is True and not lost,
        observed_days=days if response else None,
        end_reason=why,
        change_before_after=BeforeAfter(0, 3, 3),
        bounds=None,
        before=None,
        peak=None,
        peak_day=None,
        rows=(),
    )


def held(*durations: Duration) -> list[Benefit]:
    return [
        session(number, days, EndReason.LOSS if lost else EndReason.NEXT_SESSION)
        for number, (days, lost) in enumerate(durations)
    ]


# The curve ------------------------------------------------------------------------------------------------------------


def test_the_golden_table_of_eight_sessions() -> None:
    curve = kaplan_meier(FIXTURE_F)

    assert [
        (step.t, step.at_risk, step.events, *(round(x or 0, 4) for x in (step.s, step.se, step.ci_low, step.ci_high)))
        for step in curve.table
    ] == [
        (7, 7, 1, 0.8571, 0.1323, 0.3340, 0.9786),
        (9, 6, 2, 0.5714, 0.1870, 0.1719, 0.8371),
        (14, 3, 1, 0.3810, 0.1993, 0.0612, 0.7164),
        (18, 2, 1, 0.1905, 0.1676, 0.0092, 0.5564),
    ]  # fmt: skip
    assert (curve.median, curve.ci_low, curve.ci_high) == (14, 7, None)
    assert round(restricted_mean(curve.table, 21), 4) == 13.6667
    assert round(curve.rmst_28, 4) == 15.0
    assert (curve.n, curve.events, curve.followed_to) == (8, 5, 21)


def test_the_median_is_not_reached_while_more_than_half_hold() -> None:
    curve = kaplan_meier([(4, LOST), (9, CENSORED), (12, CENSORED)])

    assert (curve.median, curve.ci_high) == (None, None)
    assert curve.followed_to == 12


def test_exactly_half_is_the_median_however_the_fractions_round() -> None:
    """9/10 · 7/9 · 6/7 · 5/6 = 1/2, which in floating point is a little more."""
    curve = kaplan_meier([(2, LOST), (4, LOST), (4, LOST), (6, LOST), (9, LOST), *[(12, CENSORED)] * 5])

    assert curve.table[-1].s > 0.5
    assert curve.median == 9


def test_a_little_more_than_half_is_not_the_median() -> None:
    curve = kaplan_meier([(1, LOST)] * 98 + [(2, CENSORED)] * 100)

    assert round(curve.table[-1].s, 3) == 0.505
    assert curve.median is None


def test_where_nobody_is_left_there_is_no_interval() -> None:
    curve = kaplan_meier([(3, LOST), (8, LOST)])

    assert curve.table[-1] == Step(t=8, at_risk=1, events=1, s=0.0, se=None, ci_low=None, ci_high=None)
    assert curve.ci_high is None


def test_who_is_censored_on_an_event_day_was_at_risk_on_it() -> None:
    [step] = kaplan_meier([(6, LOST), (6, CENSORED)]).table

    assert (step.at_risk, step.s) == (2, 0.5)


def test_without_a_loss_the_restricted_mean_is_all_of_it() -> None:
    curve = kaplan_meier([(10, CENSORED), (12, CENSORED)])

    assert (curve.table, curve.rmst_28, curve.followed_to) == ((), 28.0, 12)


def test_a_loss_on_or_after_the_horizon_takes_nothing_off() -> None:
    assert kaplan_meier([(28, LOST)]).rmst_28 == 28.0
    assert kaplan_meier([(40, LOST), (27, LOST)]).rmst_28 == 27.5


def test_half_of_eleven_responders_of_a_published_trial_at_four_weeks() -> None:
    """Shiroma 2014: 6 of 11 relapsed within four weeks, 5 did not. S(28) = 5/11."""
    relapsed = [(day, LOST) for day in (7, 10, 13, 17, 22, 27)]

    [*_, last] = kaplan_meier([*relapsed, *[(28, CENSORED)] * 5]).table

    assert round(last.s, 4) == 0.4545


DURATIONS = st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=12)


@given(DURATIONS, st.randoms())
def test_the_order_of_the_sessions_does_not_matter_to_the_curve(
    durations: list[Duration], chance: object
) -> None:
    shuffled = list(durations)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]

    assert kaplan_meier(shuffled) == kaplan_meier(durations)


@given(DURATIONS)
def test_a_curve_only_falls_and_its_interval_holds_it(durations: list[Duration]) -> None:
    curve = kaplan_meier(durations)

    heights = [1.0, *(step.s for step in curve.table)]
    assert heights == sorted(heights, reverse=True)
    assert sum(step.events for step in curve.table) == curve.events
    for step in curve.table:
        if step.ci_low is not None and step.ci_high is not None:
            assert 0 <= step.ci_low <= step.s <= step.ci_high <= 1
    assert 0 <= curve.rmst_28 <= 28
    if curve.ci_low is not None and curve.median is not None:
        assert curve.ci_low <= curve.median


@given(DURATIONS, st.integers(0, 11))
def test_a_loss_that_was_only_censored_never_shortens_benefit(durations: list[Duration], which: int) -> None:
    which %= len(durations)
    days, _ = durations[which]
    kinder = [*durations[:which], (days, CENSORED), *durations[which + 1 :]]

    assert kaplan_meier(kinder).rmst_28 >= kaplan_meier(durations).rmst_28 - 1e-9


# The sessions of a course ---------------------------------------------------------------------------------------------


def test_fewer_than_five_responder_sessions_are_too_early() -> None:
    found = durability_of(held(*[(6, LOST)] * 4))

    assert found.curve == Withheld(Reason.TOO_EARLY, n=4, needs=5)
    assert (found.n, found.events) == (4, 4)


def test_fewer_than_three_losses_are_too_early() -> None:
    found = durability_of(held((6, LOST), (8, LOST), *[(9, CENSORED)] * 5))

    assert found.curve == Withheld(Reason.TOO_EARLY, n=2, needs=3)


def test_five_sessions_with_three_losses_are_a_curve() -> None:
    found = durability_of(held((6, LOST), (8, LOST), (9, LOST), (9, CENSORED), (9, CENSORED)))

    assert isinstance(found.curve, Curve)
    assert found.curve.median == 9


def test_sessions_without_a_response_are_counted_and_enter_nothing() -> None:
    found = durability_of(
        [
            *held(*FIXTURE_F),
            session(20, None, EndReason.NEXT_SESSION, response=False),
            session(21, None, EndReason.NEXT_SESSION, response=None),
            session(22, None, EndReason.NEXT_SESSION, response=None),
        ]
    )

    assert (found.n, found.events, found.no_response, found.not_evaluable) == (8, 5, 1, 2)
    assert found.curve == kaplan_meier(FIXTURE_F)


def test_a_session_that_has_no_baseline_is_neither() -> None:
    unknown = replace(session(1, None, response=None), reason=Reason.NO_BASELINE)

    assert (durability_of([unknown]).no_response, durability_of([unknown]).not_evaluable) == (0, 0)


def test_both_versions_are_there_where_a_session_was_brought_forward() -> None:
    found = durability_of(
        [*held((6, LOST), (8, LOST), (9, LOST), (9, CENSORED)), session(9, 4, EndReason.EARLY_FOR_WORSENING)]
    )

    assert found.events == 4
    assert found.curve == kaplan_meier([(6, LOST), (8, LOST), (9, LOST), (9, CENSORED), (4, LOST)])
    assert found.as_censored == kaplan_meier([(6, LOST), (8, LOST), (9, LOST), (9, CENSORED), (4, CENSORED)])


def test_the_other_version_can_be_too_early_by_itself() -> None:
    found = durability_of(
        [
            *held((6, LOST), (8, LOST), (9, CENSORED), (9, CENSORED)),
            session(9, 4, EndReason.EARLY_FOR_WORSENING),
        ]
    )

    assert isinstance(found.curve, Curve)
    assert found.as_censored == Withheld(Reason.TOO_EARLY, n=2, needs=3)


def test_there_is_one_version_where_no_session_was_brought_forward() -> None:
    assert durability_of(held(*FIXTURE_F)).as_censored is None


def test_a_trend_needs_six_sessions() -> None:
    assert durability_of(held(*[(6, LOST)] * 5)).trend == Withheld(Reason.TOO_EARLY, n=5, needs=6)


def test_the_first_half_is_held_against_the_second_with_the_middle_one_in_the_second() -> None:
    found = durability_of(
        held((10, LOST), (12, LOST), (14, CENSORED), (4, LOST), (6, LOST), (8, LOST), (9, CENSORED))
    )

    # first: 10 + 2·(2/3) + 16·(1/3); second: 4 + 2·(3/4) + 2·(2/4) + 20·(1/4)
    assert isinstance(found.trend, HalfTrend)
    assert isclose(found.trend.first, 10 + 4 / 3 + 16 / 3)
    assert isclose(found.trend.second, 4 + 1.5 + 1 + 5)
    assert (found.trend.n_first, found.trend.n_second) == (3, 4)
    assert (found.trend.followed_to_first, found.trend.followed_to_second) == (14, 9)


def test_halves_are_by_date_however_the_sessions_come() -> None:
    sessions = held((10, LOST), (12, LOST), (14, LOST), (4, LOST), (6, LOST), (8, LOST))

    assert durability_of(sessions[::-1]) == durability_of(sessions)


@given(DURATIONS, st.tuples(st.integers(1, 60), st.booleans()))
def test_a_later_session_never_lengthens_what_the_earlier_ones_held(
    durations: list[Duration], later: Duration
) -> None:
    """It enters beside them; of a half of the sessions it can only be in the second."""
    before, after = durability_of(held(*durations)), durability_of(held(*durations, later))

    assert after.n == before.n + 1
    assert after.events == before.events + later[1]
    if len(durations) >= 6 and len(durations) % 2 == 0:
        assert isinstance(before.trend, HalfTrend)
        assert isinstance(after.trend, HalfTrend)
        assert after.trend.first == before.trend.first
