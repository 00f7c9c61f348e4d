"""Dates in words: which language, which day, and when not to guess."""

from datetime import date

import pytest

from journal.interop.importers.day_names import LANGUAGES, language_candidates, read_day


def day(text: str, year: int = 2017) -> date | None:
    return read_day(text, year=year, languages=language_candidates([text]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("29 March", date(2017, 3, 29)),
        ("March 29", date(2017, 3, 29)),
        ("Sep 7", date(2017, 9, 7)),
        ("2. März", date(2017, 3, 2)),
        ("16 de octubre, sábado", date(2017, 10, 16)),
        ("1er février", date(2017, 2, 1)),
        ("7 września, czwartek", date(2017, 9, 7)),
        ("7 wrzesnia", date(2017, 9, 7)),
        ("3. listopadu, pátek", date(2017, 11, 3)),
        ("3. listopada, petak", date(2017, 10, 3)),
        ("12 Αυγούστου", date(2017, 8, 12)),
        ("8 июля", date(2017, 7, 8)),
        ("24. joulukuuta", date(2017, 12, 24)),
        ("9月7日", date(2017, 9, 7)),
        ("9월 7일 목요일", date(2017, 9, 7)),
        ("7 september 2017", date(2017, 9, 7)),
    ],
)
def test_a_date_in_words_is_read_in_its_language(text, expected):
    assert day(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "March",
        "29",
        "29 30 March",
        "29 Marchember",
        "07.09.",
        "31 June",
        "29 February",
        "7 September 2016",
    ],
)
def test_a_date_that_is_not_clear_is_not_read(text):
    assert day(text) is None


def test_a_word_that_is_two_months_in_two_languages_is_not_guessed():
    assert day("3 listopada") is None


def test_the_rest_of_the_file_settles_the_language():
    languages = language_candidates(["3 listopada", "4 maja"])
    assert read_day("3 listopada", year=2017, languages=languages) == date(2017, 11, 3)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_language_names_each_month_and_weekday_once(code):
    language = LANGUAGES[code]
    assert (len(set(language.months)), len(set(language.weekdays))) == (12, 7)


@pytest.mark.parametrize("code", LANGUAGES)
def test_every_month_of_every_language_is_read(code):
    language = LANGUAGES[code]
    forms = [(number, form) for number, forms in enumerate(language.months, 1) for form in forms.split("/")]
    found = [read_day(f"9 {form}", year=2017, languages=[code]) for _, form in forms]
    assert found == [date(2017, number, 9) for number, _ in forms]
