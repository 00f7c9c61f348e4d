"""Words after which a page says where people are: found as they are typed, in any of the languages."""

from __future__ import annotations

import pytest

from journal.domain.care_words import WORDS, mentions_hard_thoughts


@pytest.mark.parametrize(
    "text",
    [
        "Sometimes I don’t want to live.",
        "They’d be BETTER  OFF\nwithout me",
        "A lot of suicidal thoughts today",
        "A veces quiero morir",
        "no puedo más",
        "Σκέφτομαι την ΑΥΤΟΚΤΟΝΙΑ",
        "Δεν θέλω να ζω έτσι",
    ],
)
def test_they_are_found_as_people_type_them(text: str) -> None:
    assert mentions_hard_thoughts(text)


@pytest.mark.parametrize(
    "text",
    ["", "A walk by the weir.", "Un día tranquilo.", "Ήσυχη μέρα.", "The skill myself and others lack"],
)
def test_other_words_are_not(text: str) -> None:
    assert not mentions_hard_thoughts(text)


def test_every_word_of_the_list_finds_itself() -> None:
    assert [word for word in WORDS if not mentions_hard_thoughts(word)] == []
