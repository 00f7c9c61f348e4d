"""What a key moment may say."""

from __future__ import annotations

from datetime import date

import pytest

from journal.domain.errors import RefusedFields
from journal.domain.key_moments import KeyMoment, check
from journal.domain.treatments import Source

TODAY = date(2026, 3, 30)


def moment(label: str, on: date = TODAY) -> KeyMoment:
    return KeyMoment("k", on, label, False, Source.PATIENT)


@pytest.mark.parametrize("label", ["New job", "a" * 120])
def test_a_few_words_on_a_date_are_a_key_moment(label: str) -> None:
    check(moment(label, date(2026, 5, 1)), today=TODAY)


@pytest.mark.parametrize(
    ("label", "on", "refused"),
    [
        (" ", TODAY, ("moment_label_missing", "label")),
        ("a" * 121, TODAY, ("text_too_long", "label")),
        ("a\x00", TODAY, ("text_unreadable", "label")),
        ("Moved", date(1026, 3, 30), ("day_out_of_reach", "local_date")),
        ("Moved", date(2062, 3, 30), ("day_out_of_reach", "local_date")),
    ],
)
def test_a_key_moment_has_words_and_a_believable_year(label: str, on: date, refused: tuple[str, str]) -> None:
    with pytest.raises(RefusedFields) as caught:
        check(moment(label, on), today=TODAY)
    assert [(problem.code, problem.field) for problem in caught.value.problems] == [refused]
