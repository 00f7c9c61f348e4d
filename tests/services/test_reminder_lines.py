"""What a lock screen ever shows."""

from __future__ import annotations

import pytest

from journal.services.reminder_lines import EVERY_LINE, LINES, line_of


@pytest.mark.parametrize("line", EVERY_LINE)
def test_a_lock_screen_learns_nothing(line: str) -> None:
    for word in ("mood", "therap", "session", "clinic", "medic", "ketamine", "journal", "!"):
        assert word not in line.lower()


def test_a_message_keeps_its_line_however_often_it_is_made() -> None:
    assert {line_of("checkin:1", f"key {number}") for number in range(40)} == set(LINES)
    assert line_of("checkin:1", "one key") == line_of("checkin:1:nudge", "one key")


def test_what_is_no_check_in_has_a_line_of_its_own() -> None:
    assert line_of("session:7:eve", "a key") == "Tomorrow: a note is waiting for you."
    assert line_of("session:7:d1", "a key") == "Take today slowly. Nothing needed."
    assert line_of("digest", "a key") == "There is something to read."
