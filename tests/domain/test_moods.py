"""The scales, how a day is read from its check-ins, and how late one was written."""

from __future__ import annotations

from datetime import date

import pytest

from journal.domain.moods import MOOD_WORDS, DayMood, Provenance, day_mood, provenance


def test_every_mood_from_0_to_10_has_a_word() -> None:
    assert len(MOOD_WORDS) == 11
    assert MOOD_WORDS[0] == "as low as it gets"
    assert MOOD_WORDS[5] == "in between"
    assert MOOD_WORDS[10] == "as good as it gets"


def test_a_day_is_the_mean_of_its_numbers_with_their_range() -> None:
    assert day_mood([3, 7, 6]) == DayMood(mean=16 / 3, low=3, high=7, numbers=3, logged=3)


def test_not_sure_counts_as_logged_but_gives_no_number() -> None:
    assert day_mood([4, None]) == DayMood(mean=4.0, low=4, high=4, numbers=1, logged=2)
    assert day_mood([None]) == DayMood(mean=None, low=None, high=None, numbers=0, logged=1)


def test_a_day_without_check_ins_has_no_mood() -> None:
    assert day_mood([]) == DayMood(mean=None, low=None, high=None, numbers=0, logged=0)


@pytest.mark.parametrize(
    ("about", "written_on", "before_four", "expected"),
    [
        (date(2026, 3, 30), date(2026, 3, 30), False, Provenance.SAME_DAY),
        (date(2026, 3, 30), date(2026, 3, 31), False, Provenance.NEXT_DAY),
        (date(2026, 3, 30), date(2026, 3, 31), True, Provenance.SAME_DAY),
        (date(2026, 3, 29), date(2026, 3, 31), True, Provenance.LATER),
        (date(2026, 3, 28), date(2026, 3, 31), False, Provenance.LATER),
        # flown west over the date line: written on a date before the one it is about
        (date(2026, 3, 30), date(2026, 3, 29), False, Provenance.SAME_DAY),
    ],
)
def test_provenance_follows_from_the_dates(
    about: date, written_on: date, before_four: bool, expected: Provenance
) -> None:
    assert provenance(about, written_on, before_four=before_four) is expected
