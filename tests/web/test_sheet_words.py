"""What fits on the sheet: words that are shortened honestly, and lines that are counted on the safe side."""

from __future__ import annotations

import pytest

from journal.web.sheet_words import WIDTH, LeftOut, Said, Words, fitted, line_count, more_words, shortened

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


OPEN = Words(" ".join([SENTENCE] * 5))


@pytest.mark.parametrize(
    ("quotes", "found", "room", "kept", "notes", "lines"),
    [
        (3, 2, 5, "qqqff", 0, 0),
        (9, 0, 4, "qqqq", 5, 0),
        (0, 9, 4, "ffff", 0, 5),
        (9, 9, 5, "qqqff", 6, 7),
        (9, 9, 2, "qq", 7, 9),
        (9, 1, 5, "qqqqf", 5, 0),
        (2, 0, 0, "", 2, 0),
    ],
)
def test_three_starred_notes_come_before_what_was_found_and_the_rest_is_counted_by_kind(
    quotes: int, found: int, room: int, kept: str, notes: int, lines: int
) -> None:
    words, more = fitted(Said([], [Words(SENTENCE)] * found, [quote(SENTENCE)] * quotes), room)

    assert "".join("q" if one.is_quote else "f" for one in words) == kept
    assert more == LeftOut(notes=notes, lines=lines)


@pytest.mark.parametrize("room", [0, 1, 4, 20])
def test_what_is_open_and_brought_along_is_whole_and_first_whatever_the_room(room: int) -> None:
    topic = quote(" ".join([SENTENCE] * 4))

    words, _more = fitted(Said([OPEN, topic], [Words(SENTENCE)] * 9, [quote(SENTENCE)] * 9), room)

    assert words[:2] == [OPEN, topic]


def test_every_note_is_shortened_before_one_is_left_out() -> None:
    long = quote(" ".join([SENTENCE] * 20))

    words, more = fitted(Said([], [], [long, long, long]), 5)

    assert [line_count(one.said, WIDTH - 16) for one in words] == [3, 1, 1]
    assert more == LeftOut()


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (LeftOut(), ""),
        (LeftOut(notes=2, lines=1), "On the page before the visit: 2 more starred notes, 1 more line."),
        (LeftOut(drawings=1), "On the page before the visit: 1 more drawing."),
    ],
)
def test_what_was_left_out_says_of_what_it_is(more: LeftOut, words: str) -> None:
    assert more_words(more) == words


def test_letters_of_another_font_are_counted_wider() -> None:
    assert line_count("αβγδεζ " * 32, WIDTH) > line_count("abcdef " * 32, WIDTH)


def test_half_of_a_finding_is_not_shown() -> None:
    words, more = fitted(Said([], [Words(SENTENCE), Words(" ".join([SENTENCE] * 3))], []), 2)

    assert ([one.text for one in words], more) == ([SENTENCE], LeftOut(lines=1))
