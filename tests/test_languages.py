"""Which language is spoken, and what is said where it has no word."""

from __future__ import annotations

import contextvars
import threading

import pytest

from journal.languages import Language, gettext, known, ngettext, preferred, speak, speaking, spoken


def test_english_is_spoken_until_somebody_says_otherwise() -> None:
    assert contextvars.Context().run(spoken) is Language.ENGLISH


def test_a_block_speaks_its_language_and_gives_the_word_back() -> None:
    with speaking(Language.GREEK):
        with speaking(Language.SPANISH):
            assert spoken() is Language.SPANISH
        assert spoken() is Language.GREEK
    assert spoken() is Language.ENGLISH


def test_one_thread_does_not_put_words_into_the_mouth_of_another() -> None:
    heard: list[Language] = []
    with speaking(Language.GREEK):
        listener = threading.Thread(target=lambda: heard.append(spoken()))
        listener.start()
        listener.join()
    assert heard == [Language.ENGLISH]


def test_what_is_spoken_last_counts() -> None:
    def said() -> Language:
        speak(Language.GREEK)
        speak(Language.SPANISH)
        return spoken()

    assert contextvars.copy_context().run(said) is Language.SPANISH


@pytest.mark.parametrize(
    ("code", "language"),
    [
        ("en", Language.ENGLISH),
        ("es-MX", Language.SPANISH),
        ("el_GR", Language.GREEK),
        ("EL", Language.GREEK),
        ("de", None),
        ("", None),
        (None, None),
    ],
)
def test_a_region_does_not_change_the_language(code: str | None, language: Language | None) -> None:
    assert known(code) is language


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        (["de", "es-ES", "en"], Language.SPANISH),
        (["el-GR", "en-US"], Language.GREEK),
        (["en-US", "es"], Language.ENGLISH),
        (["pt", "*"], Language.ENGLISH),
        ([], Language.ENGLISH),
    ],
)
def test_the_first_wish_that_can_be_granted_is(wanted: list[str], language: Language) -> None:
    assert preferred(wanted) is language


def test_english_fills_its_gaps_and_counts() -> None:
    assert gettext("Session %(number)s", number=3) == "Session 3"
    assert gettext("100 %") == "100 %"
    assert ngettext("%(num)s day", "%(num)s days", 1) == "1 day"
    assert ngettext("%(num)s day of %(all)s", "%(num)s days of %(all)s", 2, all=7) == "2 days of 7"


def test_what_a_catalogue_does_not_know_is_said_in_english() -> None:
    with speaking(Language.SPANISH):
        assert gettext("Nobody ever wrote this") == "Nobody ever wrote this"
