"""What a form of a questionnaire says, as values."""

from __future__ import annotations

import pytest

from journal.domain.assessments import DECLINED
from journal.domain.errors import RefusedFields
from journal.domain.instrument_files import instrument
from journal.web.forms.assessments import field_of, read_answers

PHQ9 = instrument("phq9")


def test_answers_are_read_by_the_key_of_their_question() -> None:
    form = {"q1": "3", "q2": "0", "q9": "declined", "q10": "", "other": "1"}
    assert read_answers(PHQ9, form) == {"1": 3, "2": 0, "9": DECLINED}


@pytest.mark.parametrize("text", ["4", "-1", "x", "1.0", "declined", "³", "9999"])
def test_what_is_not_offered_is_refused_at_its_field(text: str) -> None:
    with pytest.raises(RefusedFields) as fault:
        read_answers(PHQ9, {field_of("1"): text, field_of("2"): "1", field_of("3"): "7"})
    assert [(one.code, one.field) for one in fault.value.problems] == [
        ("not_a_choice", "q1"),
        ("not_a_choice", "q3"),
    ]
