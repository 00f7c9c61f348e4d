"""A session's record in words: nothing without a word, no figure without its unit, nothing derived without a weight."""

from __future__ import annotations

from decimal import Decimal

import pytest

from journal.domain.clinical_limits import DISSOCIATION_LASTS
from journal.domain.doses import Dose, DoseUnit
from journal.domain.side_effects import OFFERED, Severity
from journal.domain.treatment_checks import Doubt, doubts_about
from journal.domain.treatment_records import (
    EXPERIENCE_WORDS,
    Measured,
    MedicineTaken,
    Setting,
    TreatmentRecord,
    Vitals,
)
from journal.domain.treatments import Route
from journal.languages import Language, speaking
from journal.web.treatment_words import (
    dose_otherwise,
    dose_words,
    doubt_words,
    experience_words,
    kept_doubt_words,
    measured_words,
    medicine_words,
    setting_words,
    severity_words,
    side_effect_words,
    valence_words,
)

NBSP = "\N{NO-BREAK SPACE}"
DOUBTFUL = TreatmentRecord(
    dose_value=Decimal(3),
    dose_unit=DoseUnit.MG_PER_KG,
    vitals=(Vitals(Measured.PRE, sys=145, dia=85), Vitals(Measured.PEAK, sys=182, dia=111)),
)


def test_everything_that_can_be_chosen_has_a_word_of_its_own() -> None:
    for words in (
        [side_effect_words(code) for code in OFFERED],
        [measured_words(one) for one in Measured],
        [medicine_words(one) for one in MedicineTaken],
        [setting_words(one) for one in Setting],
        [experience_words(one) for one in EXPERIENCE_WORDS],
        [valence_words(number) for number in range(5)],
        [severity_words(one) for one in Severity if one],
    ):
        assert all(words)
        assert len(set(words)) == len(words)


def test_what_nobody_said_has_no_word() -> None:
    assert (setting_words(None), severity_words(None), valence_words(None)) == ("", "", "")


def test_a_dose_has_its_unit_and_no_digit_that_was_not_written() -> None:
    assert dose_words(Dose(Decimal("0.500"), DoseUnit.MG_PER_KG, Route.IV)) == f"0.5{NBSP}mg/kg"
    assert dose_words(Dose(Decimal("1250.000"), DoseUnit.MG, Route.ORAL)) == f"1250{NBSP}mg"


def test_a_dose_is_written_as_the_language_writes_numbers() -> None:
    with speaking(Language.SPANISH):
        assert dose_words(Dose(Decimal("0.125"), DoseUnit.MG_PER_KG, Route.IV)) == f"0,125{NBSP}mg/kg"


def test_the_other_unit_stands_with_the_weight_it_was_had_from() -> None:
    dose = Dose(Decimal("0.5"), DoseUnit.MG_PER_KG, Route.IV)
    assert dose_otherwise(dose, Decimal("70.5")) == f"35.3{NBSP}mg for 70.5{NBSP}kg"
    assert dose_otherwise(dose, None) == ""


def test_what_is_doubted_is_said_with_its_figures_and_limits() -> None:
    assert [doubt_words(doubt) for doubt in doubts_about(DOUBTFUL, Route.IV)] == [
        f"3{NBSP}mg/kg is outside 0.05{NBSP}mg/kg to 2{NBSP}mg/kg."
        " If that is what was given, it is kept as written.",
        f"145/85{NBSP}mmHg before the dose is above 140/90{NBSP}mmHg."
        " The esketamine label says to weigh a delay of the dose.",
        f"182/111{NBSP}mmHg reaches 180/110{NBSP}mmHg, the limit that this journal is set to."
        " Measure again and act on it first.",
    ]


def test_what_was_kept_is_a_statement() -> None:
    assert [kept_doubt_words(doubt) for doubt in doubts_about(DOUBTFUL, Route.IV)] == [
        f"Dose of 3{NBSP}mg/kg: outside 0.05{NBSP}mg/kg to 2{NBSP}mg/kg",
        f"145/85{NBSP}mmHg before the dose: above 140/90{NBSP}mmHg",
        f"182/111{NBSP}mmHg: at or above 180/110{NBSP}mmHg, a limit set in this journal",
    ]


@pytest.mark.parametrize("say", [doubt_words, kept_doubt_words])
def test_a_feeling_that_lasted_has_its_sentence_too(say: object) -> None:
    doubt = Doubt("dissociation_lasted", "dissociation_resolved_min", (Decimal(2000),), (DISSOCIATION_LASTS,))
    assert "longer than a day" in say(doubt)  # type: ignore[operator]
