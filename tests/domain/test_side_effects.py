"""Side effects: which there are, what they may say, and on which check-ins they are asked about."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from journal.domain.errors import RefusedFields
from journal.domain.reminder_prompts import SessionDay
from journal.domain.side_effects import (
    OFFERED,
    Severity,
    SideEffect,
    SideEffectCode,
    asked_on,
    check,
    needs_help_now,
)

HOME = "Europe/Berlin"
DAY = date(2026, 3, 13)
S8 = SessionDay("s8", DAY, ended_at=datetime(2026, 3, 13, 10, 0, tzinfo=UTC))
LATER = datetime(2026, 3, 31, 12, 0, tzinfo=UTC)


def effect(
    code: SideEffectCode = SideEffectCode.NAUSEA,
    severity: Severity | None = Severity.MILD,
    onset: date = DAY,
    resolved_at: datetime | None = None,
) -> SideEffect:
    return SideEffect("s8", code, severity, onset, resolved_at)


def refused(found: SideEffect) -> list[tuple[str, str | None]]:
    with pytest.raises(RefusedFields) as caught:
        check(found, home=HOME, now=LATER)
    return [(problem.code, problem.field) for problem in caught.value.problems]


# --- codes ------------------------------------------------------------------------------------------------------------


def test_a_check_in_offers_these_and_no_others() -> None:
    assert [code.value for code in OFFERED] == [
        "lightheadedness",
        "dizziness",
        "nausea",
        "confusion",
        "dissociation",
        "raised_heart_rate",
        "blurred_vision",
        "mood_change",
        "tiredness",
        "reflective",
        "vomiting",
        "headache",
        "anxiety",
        "vertigo",
        "somnolence",
        "dysgeusia",
        "raised_bp",
        "chest_pain",
        "fainting",
        "severe_headache",
        "breathing_trouble",
    ]


def test_severity_counts_from_not_present_to_severe() -> None:
    assert [(one.value, one.name) for one in Severity] == [
        (0, "NOT_PRESENT"),
        (1, "MILD"),
        (2, "MODERATE"),
        (3, "SEVERE"),
    ]


@pytest.mark.parametrize("code", SideEffectCode)
@pytest.mark.parametrize("severity", Severity)
def test_help_is_named_for_urgent_ones_and_for_blood_and_for_nothing_else(
    code: SideEffectCode, severity: Severity
) -> None:
    urgent = {"chest_pain", "fainting", "severe_headache", "breathing_trouble", "blood_in_urine"}
    assert needs_help_now(code, severity) is (code.value in urgent and severity.value >= 1)


# --- what one may say -------------------------------------------------------------------------------------------------


def test_a_side_effect_says_how_strong_it_is() -> None:
    assert refused(effect(severity=None)) == [("severity_missing", "severity")]


def test_being_deep_in_thought_has_no_severity() -> None:
    check(effect(SideEffectCode.REFLECTIVE, None), home=HOME, now=LATER)
    assert refused(effect(SideEffectCode.REFLECTIVE, Severity.MILD)) == [("not_a_choice", "severity")]


def test_what_is_asked_every_two_weeks_is_no_side_effect_of_a_session() -> None:
    assert refused(effect(SideEffectCode.MEMORY_TROUBLE)) == [("not_a_choice", "code")]


def test_a_side_effect_does_not_begin_tomorrow() -> None:
    check(effect(onset=date(2026, 3, 31)), home=HOME, now=LATER)
    assert refused(effect(onset=date(2026, 4, 1))) == [("day_in_future", "onset")]


@pytest.mark.parametrize(
    ("resolved_at", "code"),
    [
        (datetime(2026, 3, 31, 12, 0, 1, tzinfo=UTC), "time_in_future"),
        (datetime(2026, 3, 12, 22, 59, tzinfo=UTC), "resolved_before_onset"),
    ],
)
def test_a_side_effect_ends_after_it_began_and_not_in_the_future(resolved_at: datetime, code: str) -> None:
    assert refused(effect(resolved_at=resolved_at)) == [(code, "resolved_at")]


def test_a_side_effect_may_be_over_on_its_first_day() -> None:
    check(effect(resolved_at=datetime(2026, 3, 12, 23, 0, tzinfo=UTC)), home=HOME, now=LATER)


@pytest.mark.parametrize(
    ("found", "is_open", "look"),
    [
        (effect(), True, False),
        (effect(severity=Severity.MODERATE), True, False),
        (effect(severity=Severity.SEVERE), True, True),
        (effect(SideEffectCode.FAINTING, Severity.MILD), True, True),
        (effect(SideEffectCode.FAINTING, Severity.NOT_PRESENT), False, False),
        (effect(severity=Severity.SEVERE, resolved_at=LATER), False, False),
        (effect(SideEffectCode.REFLECTIVE, None), False, False),
    ],
)
def test_what_is_open_and_what_a_clinician_looks_at(found: SideEffect, is_open: bool, look: bool) -> None:
    assert (found.is_open, found.deserves_a_look) == (is_open, look)


# --- on the check-in --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "treatment"),
    [
        (date(2026, 3, 12), None),
        (date(2026, 3, 13), "s8"),
        (date(2026, 3, 14), "s8"),
        (date(2026, 3, 15), "s8"),
        (date(2026, 3, 16), None),
    ],
)
def test_chips_are_offered_on_the_day_and_the_two_that_follow(day: date, treatment: str | None) -> None:
    found = asked_on(day, [S8], [], zone=HOME, now=LATER)
    assert found.treatment == treatment
    assert found.offered == (OFFERED if treatment else ())


def test_nothing_is_asked_on_the_day_before_aftercare_has_ended() -> None:
    before, after = (datetime(2026, 3, 13, 11, 59, tzinfo=UTC), datetime(2026, 3, 13, 12, 0, tzinfo=UTC))
    assert asked_on(DAY, [S8], [], zone=HOME, now=before).treatment is None
    assert asked_on(DAY, [S8], [], zone=HOME, now=after).treatment == "s8"


def test_where_the_end_is_unknown_asking_begins_in_the_evening() -> None:
    untimed = SessionDay("s8", DAY)
    before, after = (datetime(2026, 3, 13, 16, 59, tzinfo=UTC), datetime(2026, 3, 13, 17, 0, tzinfo=UTC))
    assert asked_on(DAY, [untimed], [], zone=HOME, now=before).treatment is None
    assert asked_on(DAY, [untimed], [], zone=HOME, now=after).treatment == "s8"


def test_until_the_next_session_is_over_the_one_before_is_asked_about() -> None:
    s9 = SessionDay("s9", date(2026, 3, 15), ended_at=datetime(2026, 3, 15, 10, 0, tzinfo=UTC))
    morning, evening = (datetime(2026, 3, 15, 8, 0, tzinfo=UTC), datetime(2026, 3, 15, 18, 0, tzinfo=UTC))
    day = date(2026, 3, 15)
    assert asked_on(day, [S8, s9], [], zone=HOME, now=morning).treatment == "s8"
    assert asked_on(day, [S8, s9], [], zone=HOME, now=evening).treatment == "s9"


def test_an_open_one_is_carried_until_it_is_closed_and_not_offered_beside_it() -> None:
    headache = effect(SideEffectCode.HEADACHE, Severity.MODERATE)
    over = effect(resolved_at=datetime(2026, 3, 13, 20, 0, tzinfo=UTC))
    next_day = asked_on(date(2026, 3, 14), [S8], [headache, over], zone=HOME, now=LATER)
    assert next_day.carried == (headache,)
    assert SideEffectCode.HEADACHE not in next_day.offered
    assert SideEffectCode.NAUSEA in next_day.offered
    weeks_on = asked_on(date(2026, 3, 30), [S8], [headache, over], zone=HOME, now=LATER)
    assert (weeks_on.treatment, weeks_on.offered, weeks_on.carried) == (None, (), (headache,))


def test_an_earlier_day_is_not_asked_about_what_began_later() -> None:
    later = effect(onset=date(2026, 3, 14))
    assert asked_on(DAY, [S8], [later], zone=HOME, now=LATER).carried == ()


def test_neither_a_thoughtful_day_nor_what_was_not_there_is_carried() -> None:
    thoughtful = effect(SideEffectCode.REFLECTIVE, None)
    absent = effect(severity=Severity.NOT_PRESENT)
    assert asked_on(date(2026, 3, 14), [S8], [thoughtful, absent], zone=HOME, now=LATER).carried == ()
