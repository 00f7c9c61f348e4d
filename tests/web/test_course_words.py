"""Words for schedules and phases: nothing is left without them, and the evidence says no more than its sources."""

from __future__ import annotations

import pytest

from journal.domain.courses import PRESETS, Rhythm
from journal.domain.treatments import Drug, Phase, PresetId
from journal.languages import Language, speaking
from journal.web.course_words import (
    DRUGS,
    IN_PLAIN_WORDS,
    RHYTHMS,
    SCHEDULES,
    STEPS,
    evidence_words,
    missed_words,
    schedule_words,
    schedules,
    source_words,
)


def test_everything_that_can_be_chosen_has_its_words() -> None:
    assert set(SCHEDULES) == set(PresetId) == set(PRESETS)
    assert (set(DRUGS), set(RHYTHMS), set(STEPS), set(IN_PLAIN_WORDS)) == (
        set(Drug),
        set(Rhythm),
        set(Phase),
        set(Phase),
    )


def test_every_schedule_is_listed_with_its_source_and_ones_own_last() -> None:
    listed = schedules()
    assert len(listed) == 13
    assert listed[0] == ("iv_6x_2wk", "6 infusions, three a week", "Murrough 2013; Shiroma 2014")
    assert listed[-1][0] == ""


def test_what_is_not_verified_is_said_beside_the_source() -> None:
    said = source_words(PresetId.SL_HOME_4WK)
    assert said == "The number of doses is not verified, so none are laid out · Hull 2022"


def test_a_course_without_a_schedule_has_one_of_its_own() -> None:
    assert schedule_words(None) == "A schedule of your own"


def test_the_levels_of_evidence_are_those_of_the_guideline() -> None:
    infusion, limited = evidence_words(Drug.KETAMINE_RACEMIC)
    assert (
        "one infusion is level 1 evidence, repeated infusions level 3, other routes level 3 to 4" in infusion
    )
    assert limited.startswith("APA consensus 2017")


@pytest.mark.parametrize("drug", [Drug.ESKETAMINE, Drug.ARKETAMINE, Drug.OTHER])
def test_a_guideline_on_ketamine_is_not_said_of_anything_else(drug: Drug) -> None:
    assert [line[:3] for line in evidence_words(drug)] == ["APA"]


def test_a_missed_session_is_spoken_of_with_esketamine_alone() -> None:
    assert missed_words(Drug.ESKETAMINE).startswith("Esketamine’s label on a missed session")
    assert missed_words(Drug.KETAMINE_RACEMIC) == ""


def test_schedules_are_said_in_the_language_being_spoken() -> None:
    with speaking(Language.SPANISH):
        assert schedule_words(PresetId.IV_6X_2WK) != "6 infusions, three a week"
