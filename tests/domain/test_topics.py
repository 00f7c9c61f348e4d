"""What may be written as a topic."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from journal.domain.errors import Refused
from journal.domain.topics import Topic, check, tidied

NOW = datetime(2026, 3, 30, 18, 0, tzinfo=UTC)
TWO = [Topic("a", "Sleep", 1, NOW), Topic("b", "Work", 2, NOW)]
THREE = [*TWO, Topic("c", "My sister", 3, NOW)]


def test_blanks_around_the_words_are_not_kept_and_lines_are() -> None:
    assert tidied("  The week after \r\nmy session \n\n") == "The week after\nmy session"


def test_a_third_topic_of_280_characters_fits() -> None:
    check("x" * 280, beside=TWO)


@pytest.mark.parametrize(
    ("text", "beside", "code"),
    [
        ("", [], "topic_missing"),
        ("x" * 281, [], "text_too_long"),
        ("a\x00b", [], "text_unreadable"),
        ("One more", THREE, "topics_full"),
    ],
)
def test_nothing_too_much_and_a_fourth_are_refused(text: str, beside: list[Topic], code: str) -> None:
    with pytest.raises(Refused) as refused:
        check(text, beside=beside)
    assert (refused.value.code, refused.value.field) == (code, "topic")
