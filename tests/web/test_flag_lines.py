"""A flag in the words of an inbox."""

from __future__ import annotations

from datetime import timedelta

import pytest

from journal.domain.assessments import Raised
from journal.domain.safety_flags import Concern, Look, RightNow, SafetyFlag
from journal.storage.safety_flags import SeenFlag
from journal.web.flag_lines import RIGHT_NOW, Answered, Looked, answers_of, line_of, waited_words
from tests.cast import NOW, ZONE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("waited", "words"),
    [
        (timedelta(minutes=59), "less than an hour"),
        (HOUR, "1 hour"),
        (23 * HOUR, "23 hours"),
        (DAY, "1 weekday"),
        (2 * DAY + 5 * HOUR, "2 weekdays"),
    ],
)
def test_a_wait_is_said_in_hours_and_then_in_weekdays(waited: timedelta, words: str) -> None:
    assert waited_words(waited) == words


def test_answers_are_said_in_the_words_that_were_asked() -> None:
    assert answers_of(Concern("asq", (Raised("3", 1),), is_acute=False)) == (
        Answered("3", "In the past week, have you been having thoughts about killing yourself?", "Yes"),
    )


def test_a_questionnaire_that_is_not_known_here_is_said_by_number() -> None:
    assert answers_of(Concern("other", (Raised("7", 2),), is_acute=False)) == (Answered("7", "", "2"),)


def test_every_answer_about_right_now_has_its_words() -> None:
    assert RIGHT_NOW.keys() == {None, *RightNow}


def test_a_line_says_whether_its_reader_is_the_second_person() -> None:
    flag = SafetyFlag(
        "f", 1, Concern("phq9", (Raised("9", 1),), is_acute=True), NOW,
        acknowledged=Look(2, NOW + 2 * DAY, "Called"),
    )  # fmt: skip
    seen = SeenFlag(flag, "p", "Alice", ZONE, right_now=None)
    lines = {
        reader: line_of(seen, reader_id=reader, names={2: "Bob"}, zone=ZONE, now=NOW + 3 * DAY)
        for reader in (2, 3)
    }
    assert {reader: line.wants_second for reader, line in lines.items()} == {2: False, 3: True}
    assert lines[2].looked == Looked("Bob", "1 Apr, 8:00 pm", "Called")
    assert lines[2].right_now == "Asked about right now: yes"  # what makes it acute, wherever it was said
