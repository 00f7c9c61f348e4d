"""What the two-weekly answers, and the days between them, point to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from journal.domain.instruments import ReliableFigures, Source
from journal.domain.long_term_flags import (
    LongTermCheck,
    LongTermFlag,
    Watched,
    blood_pressure,
    dissociation,
    elevated,
    flags_of_checks,
    worsening,
)
from journal.domain.side_effects import LONG_TERM, Severity, SideEffectCode
from journal.domain.trends import DaySummary

INDUCTION_ENDED = date(2026, 2, 28)
MARCH = {number: date(2026, 3, number) for number in range(1, 32)}
FIRST, SECOND, THIRD = date(2026, 1, 14), date(2026, 1, 28), date(2026, 2, 11)
CODE = SideEffectCode
RELIABLE = ReliableFigures(6, 5.8, 0.84, Source("NHS Talking Therapies", "M", None))


def answers(day: date, code: SideEffectCode, severity: int) -> LongTermCheck:
    return LongTermCheck(day, {code: Severity(severity)})


def summary(day: date, **items: float | None) -> DaySummary:
    return DaySummary(day, items.pop("mood", 5.0), None, None, 1, 1, **items)


def flagged(checks: Iterable[LongTermCheck]) -> list[tuple[Watched, tuple[date, ...]]]:
    return [(flag.watched, flag.dates) for flag in flags_of_checks(checks)]


def dates(flag: LongTermFlag | None) -> list[int]:
    return [day.day for day in flag.dates] if flag else []


# --- questions --------------------------------------------------------------------------------------------------------


def test_six_things_are_asked_every_two_weeks() -> None:
    assert {code.value for code in LONG_TERM} == {
        "urinary_urgency_frequency",
        "pain_on_urination",
        "blood_in_urine",
        "lower_abdominal_pain",
        "memory_trouble",
        "craving_or_extra_use",
    }


# --- answers ----------------------------------------------------------------------------------------------------------


def test_no_answers_and_mild_ones_point_to_nothing() -> None:
    assert flagged([]) == []
    mild = [
        LongTermCheck(day, {CODE.PAIN_ON_URINATION: Severity.MILD, CODE.MEMORY_TROUBLE: Severity.MILD})
        for day in (FIRST, SECOND, THIRD)
    ]
    assert flagged(mild) == []


@pytest.mark.parametrize(
    "code", [CODE.URINARY_URGENCY_FREQUENCY, CODE.PAIN_ON_URINATION, CODE.LOWER_ABDOMINAL_PAIN]
)
def test_urinary_symptoms_count_from_moderate_on_at_two_checks(code: SideEffectCode) -> None:
    once = [answers(FIRST, code, 2)]
    assert flagged(once) == []
    assert flagged([*once, answers(THIRD, code, 3)]) == [(Watched.URINARY, (FIRST, THIRD))]


def test_two_urinary_symptoms_at_two_checks_count_together() -> None:
    found = flagged(
        [answers(FIRST, CODE.PAIN_ON_URINATION, 2), answers(SECOND, CODE.URINARY_URGENCY_FREQUENCY, 2)]
    )
    assert found == [(Watched.URINARY, (FIRST, SECOND))]


def test_blood_counts_once_and_at_its_mildest() -> None:
    assert flagged([answers(FIRST, CODE.BLOOD_IN_URINE, 1)]) == [(Watched.URINARY, (FIRST,))]
    assert flagged([answers(FIRST, CODE.BLOOD_IN_URINE, 0)]) == []


def test_any_yes_to_wanting_more_counts() -> None:
    assert flagged([answers(FIRST, CODE.CRAVING_OR_EXTRA_USE, 1)]) == [(Watched.CRAVING, (FIRST,))]
    assert flagged([answers(FIRST, CODE.CRAVING_OR_EXTRA_USE, 0)]) == []


def test_trouble_with_memory_counts_from_moderate_on_at_two_checks() -> None:
    assert flagged([answers(FIRST, CODE.MEMORY_TROUBLE, 3)]) == []
    both = [answers(SECOND, CODE.MEMORY_TROUBLE, 2), answers(FIRST, CODE.MEMORY_TROUBLE, 2)]
    assert flagged(both) == [(Watched.COGNITION, (FIRST, SECOND))]


# --- blood pressure ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sys", "dia", "found"), [(179, 109, []), (180, 80, [20]), (150, 110, [20]), (139, 89, [])]
)
def test_one_very_high_reading_is_enough(sys: int, dia: int, found: list[int]) -> None:
    assert dates(blood_pressure([(MARCH[20], sys, dia)], until=MARCH[31])) == found


def test_the_limits_of_one_reading_are_known_to_be_unverified() -> None:
    flag = blood_pressure([(MARCH[20], 181, 80)], until=MARCH[31])
    assert flag is not None
    assert [(limit.value, limit.grade) for limit in flag.limits] == [(Decimal(180), "M"), (Decimal(110), "M")]


def test_raised_readings_count_on_three_days() -> None:
    two = [(MARCH[20], 140, 80), (MARCH[20], 145, 80), (MARCH[22], 130, 90)]
    assert blood_pressure(two, until=MARCH[31]) is None
    assert dates(blood_pressure([*two, (MARCH[31], 141, 91)], until=MARCH[31])) == [20, 22, 31]


def test_a_reading_counts_for_two_weeks() -> None:
    reading = [(MARCH[10], 190, 100)]
    assert dates(blood_pressure(reading, until=MARCH[23])) == [10]
    assert blood_pressure(reading, until=MARCH[24]) is None
    assert blood_pressure(reading, until=MARCH[9]) is None


# --- dissociation -----------------------------------------------------------------------------------------------------


def test_what_lasted_longer_than_a_day_is_a_flag() -> None:
    flag = dissociation(unresolved=[MARCH[20]], detached=[], given_on=[MARCH[20]], until=MARCH[22])
    assert dates(flag) == [20]


def test_feeling_detached_between_sessions_counts_from_five_on_three_days() -> None:
    felt = [(MARCH[20], 9), (MARCH[21], 5), (MARCH[22], 4), (MARCH[23], 6)]
    assert dissociation(unresolved=[], detached=felt, given_on=[MARCH[20]], until=MARCH[31]) is None
    more = [*felt, (MARCH[25], 5)]
    found = dissociation(unresolved=[], detached=more, given_on=[MARCH[20]], until=MARCH[31])
    assert dates(found) == [21, 23, 25]
    assert dissociation(unresolved=[], detached=more, given_on=[], until=date(2026, 4, 10)) is None


# --- elevated mood ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("felt", "found"),
    [
        ({20: 2}, []),
        ({20: 2, 21: 3}, [20, 21]),
        ({20: 2, 22: 2}, [20, 22]),
        ({20: 2, 23: 2}, []),
        ({20: 1, 21: 1, 22: 1}, []),
    ],
)
def test_elevated_counts_on_two_of_three_days(felt: dict[int, int], found: list[int]) -> None:
    flag = elevated([], elevated_on={MARCH[day]: value for day, value in felt.items()}, until=MARCH[31])
    assert dates(flag) == found


@pytest.mark.parametrize(
    ("hours", "energy", "found"), [(4.9, 4, [20, 27]), (5.0, 4, []), (4.9, 3, []), (None, 4, [])]
)
def test_little_sleep_with_lots_of_energy_counts_on_two_days(
    hours: float | None, energy: int, found: list[int]
) -> None:
    days = [summary(MARCH[day], sleep_hours=hours, energy=energy) for day in (20, 27)]
    assert dates(elevated(days, elevated_on={}, until=MARCH[31])) == found
    assert elevated(days[:1], elevated_on={}, until=MARCH[31]) is None


# --- worsening --------------------------------------------------------------------------------------------------------


def worse_days(count: int, *, among: int = 14, mood: float = 2.0) -> list[DaySummary]:
    return [
        summary(MARCH[1] + timedelta(days=day), mood=mood if day < count else 6.0) for day in range(among)
    ]


@pytest.mark.parametrize(("count", "is_flag"), [(6, False), (7, True), (14, True)])
def test_mood_below_the_baseline_counts_on_seven_of_fourteen_logged_days(count: int, is_flag: bool) -> None:
    flag = worsening(
        worse_days(count), baseline_mood=3.0, induction_ended=INDUCTION_ENDED, phq9=[], reliable=RELIABLE
    )
    assert (flag is not None) is is_flag
    assert len(dates(flag)) == (count if is_flag else 0)


def test_only_the_last_fourteen_logged_days_count() -> None:
    days = worse_days(7, among=15)
    assert (
        worsening(days, baseline_mood=3.0, induction_ended=INDUCTION_ENDED, phq9=[], reliable=RELIABLE)
        is None
    )


def test_days_of_induction_do_not_count() -> None:
    assert (
        worsening(worse_days(7), baseline_mood=3.0, induction_ended=MARCH[1], phq9=[], reliable=RELIABLE)
        is None
    )


def test_a_mood_at_the_baseline_is_not_below_it() -> None:
    days = worse_days(14, mood=3.0 - 1e-12)
    assert (
        worsening(days, baseline_mood=3.0, induction_ended=INDUCTION_ENDED, phq9=[], reliable=RELIABLE)
        is None
    )


def test_without_a_baseline_no_day_is_below_it() -> None:
    assert (
        worsening(
            worse_days(14), baseline_mood=None, induction_ended=INDUCTION_ENDED, phq9=[], reliable=RELIABLE
        )
        is None
    )


@pytest.mark.parametrize(
    ("totals", "found"),
    [
        ([(1, 8), (15, 13)], []),
        ([(1, 8), (15, 14)], [1, 15]),
        ([(15, 14), (1, 8)], [1, 15]),
        ([(1, 4), (10, 9), (20, 12)], []),
        ([(15, 27)], []),
    ],
)
def test_a_rise_of_six_from_one_questionnaire_to_the_next_counts(
    totals: list[tuple[int, int]], found: list[int]
) -> None:
    phq9 = [(MARCH[day], total) for day, total in totals]
    flag = worsening([], baseline_mood=None, induction_ended=INDUCTION_ENDED, phq9=phq9, reliable=RELIABLE)
    assert dates(flag) == found
    if flag:
        assert [(limit.value, limit.grade) for limit in flag.limits] == [(Decimal(6), "M")]


def test_a_rise_during_induction_does_not_count() -> None:
    phq9 = [(MARCH[1], 8), (MARCH[15], 20)]
    assert worsening([], baseline_mood=None, induction_ended=MARCH[15], phq9=phq9, reliable=RELIABLE) is None
