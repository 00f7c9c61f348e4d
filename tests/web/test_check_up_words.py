"""The two-weekly questions and answers in words."""

from __future__ import annotations

from datetime import date

from journal.domain.long_term_flags import LongTermCheck
from journal.domain.side_effects import LONG_TERM, Severity, SideEffectCode
from journal.web.check_up_words import NAMES, QUESTIONS, answers, options


def test_every_long_term_code_has_a_question_and_a_name() -> None:
    assert set(QUESTIONS) == set(NAMES) == LONG_TERM


def test_the_question_about_the_plan_is_answered_with_yes_or_no() -> None:
    assert options(SideEffectCode.CRAVING_OR_EXTRA_USE) == [
        ("0", "No"),
        ("1", "Yes"),
        ("", "Rather not say"),
    ]


def test_the_others_have_four_strengths_and_a_way_out() -> None:
    assert options(SideEffectCode.MEMORY_TROUBLE) == [
        ("0", "No"),
        ("1", "Mild"),
        ("2", "Moderate"),
        ("3", "Severe"),
        ("", "Rather not say"),
    ]
    assert [words for _value, words in options(SideEffectCode.BLOOD_IN_URINE)] == [
        "No",
        "A little",
        "Some",
        "A lot",
        "Rather not say",
    ]


def test_every_question_is_listed_answered_or_not() -> None:
    given = {
        SideEffectCode.CRAVING_OR_EXTRA_USE: Severity.MILD,
        SideEffectCode.PAIN_ON_URINATION: Severity(0),
    }
    assert answers(LongTermCheck(date(2026, 3, 30), given)) == [
        ("Passing urine often or urgently", "Not answered"),
        ("Pain when passing urine", "No"),
        ("Blood in urine", "Not answered"),
        ("Pain low in the belly", "Not answered"),
        ("Trouble remembering", "Not answered"),
        ("Ketamine outside the plan", "Yes"),
    ]
