"""Long-term flags in words: reported, when, among how many, by which rule, and what nobody has verified."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest

from journal.domain.clinical_limits import (
    DETACHED_DAYS,
    DETACHED_FROM,
    DIASTOLIC_BEFORE,
    DIASTOLIC_HIGH,
    RAISED_BLOOD_PRESSURE_DAYS,
    REPORTED_CHECKS,
    REPORTED_FROM,
    SYSTOLIC_BEFORE,
    SYSTOLIC_HIGH,
    WORSE_AMONG,
    WORSE_DAYS,
    Limit,
)
from journal.domain.evidence import Grade
from journal.domain.long_term_flags import LongTermFlag, Watched
from journal.services.long_term_flags import Reported
from journal.web.long_term_lines import FlagLine, flag_lines

DAYS = (date(2026, 3, 3), date(2026, 3, 17))
UNVERIFIED = "Nobody has verified this figure at its source yet (grade M)."


def line(watched: Watched, *limits: Limit, among: int = 4, days: tuple[date, ...] = DAYS) -> FlagLine:
    (only,) = flag_lines([Reported(LongTermFlag(watched, days, limits), among)])
    return only


def test_a_line_says_what_when_and_among_how_many() -> None:
    said = line(Watched.URINARY, REPORTED_FROM, REPORTED_CHECKS)
    assert said == FlagLine(
        what="Urinary symptoms reported",
        when="3 Mar, 17 Mar",
        among="2 of 4 two-weekly checks of this course",
        rule="Rule: moderate or more at 2 checks, or any blood at one.",
        not_verified="",
    )


def test_across_the_turn_of_a_year_dates_name_their_years() -> None:
    said = line(Watched.CRAVING, days=(date(2025, 12, 23), date(2026, 1, 6)))
    assert said.when == "23 Dec 2025, 6 Jan 2026"


def test_a_figure_that_nobody_verified_is_a_setting_and_says_so() -> None:
    said = line(Watched.BLOOD_PRESSURE, SYSTOLIC_HIGH, DIASTOLIC_HIGH, among=1)
    assert said.rule == "Setting: one reading from 180 or 110 mmHg on."
    assert said.not_verified == UNVERIFIED
    assert said.among == "1 reading in 14 days"


def test_a_verified_figure_is_a_rule() -> None:
    said = line(Watched.BLOOD_PRESSURE, SYSTOLIC_BEFORE, DIASTOLIC_BEFORE, RAISED_BLOOD_PRESSURE_DAYS)
    assert said.rule == "Rule: readings from 140 or 90 mmHg on, on 3 days."
    assert said.not_verified == ""


def test_worsening_names_the_mood_or_the_questionnaire() -> None:
    mood = line(Watched.WORSENING, WORSE_DAYS, WORSE_AMONG, among=30)
    points = line(Watched.WORSENING, Limit(Decimal(6), "points", Grade.NOT_VERIFIED, "nowhere"))
    assert (mood.what, mood.among) == (
        "Mood below that before treatment reported",
        "2 of the last 14 logged days",
    )
    assert (points.what, points.rule, points.not_verified) == (
        "A higher PHQ-9 total than the time before",
        "Setting: a rise of 6 points or more.",
        UNVERIFIED,
    )


@pytest.mark.parametrize("watched", Watched)
def test_no_line_holds_a_word_of_diagnosis(watched: Watched) -> None:
    said = line(watched, DETACHED_FROM, DETACHED_DAYS)
    words = f"{said.what} {said.among} {said.rule}".lower()
    assert not re.search(
        r"diagnos|disorder|mania|manic|hypomani|cystitis|addict|abuse|hypertens|impair|relapse|psychos", words
    )
