"""How much of what there is to talk about the sheet holds: shortened honestly, in one column or two, or counted."""

from __future__ import annotations

import pytest

from journal.web.brief.sheet_lists import LeftOut, Said, Words, fitted, half, shortened
from journal.web.running_text import line_count

WIDTH = 710.0
SENTENCE = "The heavy feeling came back around four but it did not stay."


def quote(text: str) -> Words:
    return Words(text, "25 Mar", is_quote=True)


def test_a_note_with_room_keeps_every_word() -> None:
    assert (
        shortened(quote(f"{SENTENCE}\n\n{SENTENCE}"), lines=2, width=WIDTH - 16) == f"{SENTENCE} {SENTENCE}"
    )


def test_a_long_note_ends_between_words_with_an_ellipsis() -> None:
    whole = " ".join([SENTENCE] * 20)

    short = shortened(quote(whole), lines=3, width=WIDTH - 16)

    assert short.endswith(" …")
    assert whole.startswith(short[:-2])
    assert line_count(f"“{short}” 25 Mar", WIDTH - 16) == 3


def test_a_word_without_an_end_takes_the_lines_it_takes() -> None:
    assert line_count("x" * 1000, WIDTH) == 9
    assert shortened(quote("x" * 1000), lines=3, width=WIDTH - 16) == "…"


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
    listed = fitted(Said([], [Words(SENTENCE)] * found, [quote(SENTENCE)] * quotes), room, width=WIDTH)

    assert "".join("q" if one.is_quote else "f" for one in listed.words) == kept
    assert listed.left_out == LeftOut(notes=notes, lines=lines)


@pytest.mark.parametrize("room", [0, 1, 4, 20])
def test_what_is_open_and_brought_along_is_whole_and_first_whatever_the_room(room: int) -> None:
    topic = quote(" ".join([SENTENCE] * 4))

    listed = fitted(Said([OPEN, topic], [Words(SENTENCE)] * 9, [quote(SENTENCE)] * 9), room, width=WIDTH)

    assert listed.words[:2] == [OPEN, topic]


def test_every_note_is_shortened_before_one_is_left_out() -> None:
    long = quote(" ".join([SENTENCE] * 20))

    listed = fitted(Said([], [], [long, long, long]), 5, width=WIDTH)

    assert [line_count(one.said, WIDTH - 16) for one in listed.words] == [3, 1, 1]
    assert listed.left_out == LeftOut()


def test_half_of_a_finding_is_not_shown() -> None:
    listed = fitted(Said([], [Words(SENTENCE), Words(" ".join([SENTENCE] * 3))], []), 2, width=WIDTH)

    assert ([one.text for one in listed.words], listed.left_out) == ([SENTENCE], LeftOut(lines=1))


def test_a_short_finding_never_takes_the_room_of_one_above_it() -> None:
    long = Words(" ".join([SENTENCE] * 6))

    listed = fitted(Said([], [Words(SENTENCE), long, Words(SENTENCE)], []), 3, width=WIDTH)

    assert ([one.text for one in listed.words], listed.left_out) == ([SENTENCE], LeftOut(lines=2))


SHORT = "PHQ-9: 1 answer changed by 2 or more."


def test_what_is_more_in_two_columns_stands_in_two() -> None:
    listed = fitted(Said([], [Words(SHORT)] * 6, []), 3, width=WIDTH)

    assert len(listed.words) == 6
    assert listed.second_from == 3
    assert listed.left_out == LeftOut()


def test_what_one_column_holds_stays_in_one() -> None:
    assert fitted(Said([], [Words(SHORT)] * 6, []), 6, width=WIDTH).second_from == 0


def test_what_is_open_is_in_neither_column_and_takes_its_lines() -> None:
    still_open = Words(SHORT, is_open=True)

    listed = fitted(Said([still_open], [Words(SHORT)] * 4, []), 3, width=WIDTH)

    assert listed.words[0] == still_open
    assert (len(listed.words), listed.second_from) == (5, 2)


def test_neither_column_is_higher_than_its_room() -> None:
    texts = [" ".join([SENTENCE] * number) for number in (1, 3, 2, 1)]
    widest = half(WIDTH) - 16
    room = sum(line_count(text, widest) for text in texts[:2])

    listed = fitted(Said([], [Words(text) for text in texts], []), room, width=WIDTH)

    assert (len(listed.words), listed.left_out) == (4, LeftOut())
    for column in (listed.words[: listed.second_from], listed.words[listed.second_from :]):
        assert (
            sum(line_count(one.said, widest if listed.second_from else WIDTH - 16) for one in column) <= room
        )


@pytest.mark.parametrize(("room", "has_room"), [(0, False), (1, True)])
def test_it_says_whether_what_is_never_cut_had_room(room: int, has_room: bool) -> None:
    assert fitted(Said([Words(SHORT, is_open=True)], [], []), room, width=WIDTH).has_room is has_room
