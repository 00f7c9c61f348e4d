"""Why somebody wants a look, in words: what was seen and on which dates."""

from __future__ import annotations

from datetime import date

import pytest

from journal.domain.attention import Kind, Line
from journal.web.attention_lines import chips_of, look_again_chip, words_of

TODAY = date(2026, 3, 30)


def march(day: int) -> date:
    return date(2026, 3, day)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            Line(Kind.WATCHED, "fainting", (march(28),), 3),
            "Fainting, severe, still open (since 28 Mar)",
        ),
        (Line(Kind.WATCHED, "urinary", (march(2), march(16))), "Urinary symptoms reported (2 Mar, 16 Mar)"),
        (
            Line(Kind.WATCHED, "worsening:mood", (march(2),)),
            "Mood below that before treatment reported (2 Mar)",
        ),
        (
            Line(Kind.WATCHED, "worsening", (march(2),)),
            "A higher PHQ-9 total than the time before (2 Mar)",
        ),
        (
            Line(Kind.SIGNAL, "", (march(28), march(29), march(30)), 3),
            "Smoothed mood below its steady level since 28 Mar (3 logged days)",
        ),
        (
            Line(Kind.SIGNAL, "", (march(30),), 1),
            "Smoothed mood below its steady level since 30 Mar (1 logged day)",
        ),
        (
            Line(Kind.FADING, "lost", (march(9), march(20)), 11),
            "Benefit of the session on 9 Mar lost on day 11 (20 Mar)",
        ),
        (
            Line(Kind.FADING, "faded", (date(2025, 12, 28), march(1)), 63),
            "Benefit of the session on 28 Dec 2025 began to fade on day 63 (1 Mar)",
        ),
        (
            Line(Kind.SILENCE, "", (march(21), march(30)), 10),
            "No check-in for 10 days (21 Mar to 30 Mar)",
        ),
        (Line(Kind.SILENCE, "never", (march(30), march(30)), 1), "No check-in yet, 1 day (30 Mar)"),
        (Line(Kind.FLAG, "open", (march(28),)), "1 open flag (28 Mar)"),
    ],
)
def test_a_line_says_what_was_seen_and_when(line: Line, words: str) -> None:
    assert words_of(line, today=TODAY) == words


def test_flags_are_one_chip_and_the_only_one_in_red() -> None:
    lines = [
        Line(Kind.FLAG, "acute", (march(29),)),
        Line(Kind.FLAG, "open", (march(20),)),
        Line(Kind.SIGNAL, "", (march(30),), 1),
    ]
    chips = chips_of(lines, today=TODAY)
    assert [(chip.text, chip.icon, chip.tone) for chip in chips] == [
        ("2 open flags, said yes about right now (since 20 Mar)", "flag", "danger"),
        ("Smoothed mood below its steady level since 30 Mar (1 logged day)", "trend", ""),
    ]


def test_a_note_wants_another_look() -> None:
    assert look_again_chip(TODAY, today=TODAY).text == "Look again today: there is a note"
    assert look_again_chip(march(28), today=TODAY).text == "Look again since 28 Mar: there is a note"
