from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journal.domain.text_replies import Reply, Understood, understood

SPACE = st.text(" \t\r\n\u00a0", max_size=3)


@given(
    mood=st.integers(0, 10),
    zero=st.sampled_from(["", "0"]),
    end=st.sampled_from(["", ".", "!"]),
    a=SPACE,
    b=SPACE,
)
def test_a_number_from_0_to_10_that_stands_alone_is_a_mood(
    mood: int, zero: str, end: str, a: str, b: str
) -> None:
    zero = "" if mood in {0, 10} else zero
    assert understood(f"{a}{zero}{mood}{end}{b}") == Understood(Reply.MOOD, mood)


@given(st.text(max_size=12))
def test_nothing_is_a_mood_but_a_bare_number(text: str) -> None:
    bare = {str(mood) for mood in range(11)} | {f"0{mood}" for mood in range(1, 10)}
    alone = text.strip()
    is_bare = alone in bare or (alone[:-1] in bare and alone[-1:] in {".", "!"})
    assert (understood(text).mood is not None) == is_bare


@given(st.integers().filter(lambda number: not 0 <= number <= 10))
def test_a_number_that_is_on_no_tile_is_no_mood(number: int) -> None:
    assert understood(str(number)) == Understood(Reply.OTHER)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "7/10",
        "7,5",
        "7.5",
        "-7",
        "+7",
        "00",
        "000",
        "011",
        "010",
        "1 0",
        "7 but tired",
        "seven",
        "\u0667",
        "\uff17",
        "7..",
        "7\ufe0f\u20e3",
        "²",
    ],
)
def test_what_would_have_to_be_guessed_is_no_mood(text: str) -> None:
    assert understood(text) == Understood(Reply.OTHER)


@pytest.mark.parametrize(
    "text",
    ["STOP", "stop", " Stop. ", "STOPALL", "Unsubscribe", "cancel", "END", "quit!", "baja", "στοπ"],
)
def test_the_words_that_end_all_messages(text: str) -> None:
    assert understood(text) == Understood(Reply.STOP)


@pytest.mark.parametrize("text", ["START", "yes", "Unstop"])
def test_the_words_that_bring_them_back(text: str) -> None:
    assert understood(text) == Understood(Reply.START)


@pytest.mark.parametrize("text", ["HELP", "help", "Info", "ayuda", "βοήθεια"])
def test_the_word_that_asks_what_this_is(text: str) -> None:
    assert understood(text) == Understood(Reply.HELP)


@pytest.mark.parametrize("text", ["please stop", "don't stop", "nonstop", "yesterday", "help me"])
def test_a_word_inside_a_sentence_is_no_command(text: str) -> None:
    assert understood(text) == Understood(Reply.OTHER)
