"""What fits on the sheet: words that are shortened honestly, and lines that are counted on the safe side."""

from __future__ import annotations

import pytest

from journal.web.sheet_pages import WIDTH, Words, fitted, line_count, shortened

SENTENCE = "The heavy feeling came back around four but it did not stay."


def quote(text: str) -> Words:
    return Words(text, "25 Mar", is_quote=True)


def test_a_note_with_room_keeps_every_word() -> None:
    assert shortened(quote(f"{SENTENCE}\n\n{SENTENCE}"), lines=2) == f"{SENTENCE} {SENTENCE}"


def test_a_long_note_ends_between_words_with_an_ellipsis() -> None:
    whole = " ".join([SENTENCE] * 20)

    short = shortened(quote(whole), lines=3)

    assert short.endswith(" …")
    assert whole.startswith(short[:-2])
    assert line_count(f"“{short}” 25 Mar", WIDTH - 16) == 3


def test_a_word_without_an_end_takes_the_lines_it_takes() -> None:
    assert line_count("x" * 1000, WIDTH) == 9
    assert shortened(quote("x" * 1000), lines=3) == "…"


@pytest.mark.parametrize(
    ("quotes", "found", "room", "kept", "left_out"),
    [
        (3, 2, 5, "qqqff", 0),
        (9, 0, 4, "qqqq", 5),
        (0, 9, 4, "ffff", 5),
        (9, 9, 4, "qqff", 14),
        (1, 9, 4, "qfff", 6),
        (9, 1, 4, "qqqf", 6),
        (2, 0, 0, "", 2),
    ],
)
def test_what_people_wrote_comes_first_and_leaves_room_for_what_was_found(
    quotes: int, found: int, room: int, kept: str, left_out: int
) -> None:
    words, more = fitted([quote(SENTENCE)] * quotes, [Words(SENTENCE)] * found, room)

    assert "".join("q" if one.is_quote else "f" for one in words) == kept
    assert more == left_out


def test_letters_of_another_font_are_counted_wider() -> None:
    assert line_count("αβγδεζ " * 32, WIDTH) > line_count("abcdef " * 32, WIDTH)


def test_half_of_a_finding_is_not_shown() -> None:
    words, more = fitted([], [Words(SENTENCE), Words(" ".join([SENTENCE] * 3))], 2)

    assert ([one.text for one in words], more) == ([SENTENCE], 1)
