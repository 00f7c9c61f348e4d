"""Reading a field's text."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import Form, StringField

from journal.domain.errors import Refused
from journal.domain.treatments import Route
from journal.web.forms.reading import (
    VersionForm,
    read_choice,
    read_day,
    read_decimal,
    read_time,
    read_whole,
    rows_of,
)
from tests.conftest import Site


class OneField(Form):
    said = StringField()


def field(text: str) -> StringField:
    form = OneField(MultiDict({"said": text}))
    said: StringField = form.said
    return said


def codes(problems: list[Refused]) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.field) for problem in problems]


@pytest.mark.parametrize(
    ("text", "version"), [("3", 3), ("0", 0), ("", -1), ("x", -1), ("-1", -1), ("²", -1), ("9" * 30, -1)]
)
def test_a_version_that_somebody_changed_is_none_that_exists(site: Site, text: str, version: int) -> None:
    with site.app.test_request_context(method="POST", data={"version": text}):
        assert VersionForm().seen_version() == version


def test_a_day_is_an_iso_date() -> None:
    problems: list[Refused] = []
    assert read_day(field(" 2026-03-30 "), problems) == date(2026, 3, 30)
    assert problems == []


@pytest.mark.parametrize("text", ["30.3.2026", "2026-02-30", "tomorrow"])
def test_what_is_no_day_is_a_problem_of_its_field(text: str) -> None:
    problems: list[Refused] = []
    assert read_day(field(text), problems) is None
    assert codes(problems) == [("not_a_day", "said")]


def test_an_empty_day_is_asked_for() -> None:
    problems: list[Refused] = []
    assert read_day(field(" "), problems) is None
    assert codes(problems) == [("day_missing", "said")]


def test_a_time_has_whole_minutes_and_no_zone() -> None:
    assert read_time(field("09:05:59+02:00"), []) == time(9, 5)


@pytest.mark.parametrize(("needed", "expected"), [(False, []), (True, [("time_missing", "said")])])
def test_an_empty_time_is_a_problem_only_where_one_is_needed(
    needed: bool, expected: list[tuple[str, str]]
) -> None:
    problems: list[Refused] = []
    assert read_time(field(""), problems, needed=needed) is None
    assert codes(problems) == expected


def test_a_choice_is_one_of_its_values() -> None:
    problems: list[Refused] = []
    assert read_choice(field("iv"), Route, problems) is Route.IV
    assert read_choice(field("IV"), Route, problems) is None
    assert codes(problems) == [("not_a_choice", "said")]


def test_a_question_without_an_answer_may_have_words_of_its_own() -> None:
    problems: list[Refused] = []
    assert read_choice(field(""), Route, problems, unanswered="visit_kind_missing") is None
    assert read_choice(field("IV"), Route, problems, unanswered="visit_kind_missing") is None
    assert codes(problems) == [("visit_kind_missing", "said"), ("not_a_choice", "said")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0.5", "0.5"),
        ("0,125", "0.125"),
        (".5", "0.5"),
        (" 1000 ", "1000"),
        ("1.1250", "1.1250"),
        ("12.5", "12.5"),
    ],
)
def test_a_number_has_a_point_or_a_comma(text: str, value: str) -> None:
    problems: list[Refused] = []
    assert read_decimal(text, "dose", problems) == Decimal(value)
    assert problems == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.000", "number_two_ways"),
        ("1,000", "number_two_ways"),
        ("1,000.5", "not_a_number"),
        ("1e3", "not_a_number"),
        ("-1", "not_a_number"),
        ("NaN", "not_a_number"),
        ("٣", "not_a_number"),
    ],
)
def test_a_number_is_never_guessed(text: str, code: str) -> None:
    problems: list[Refused] = []
    assert read_decimal(text, "dose", problems) is None
    assert codes(problems) == [(code, "dose")]


@pytest.mark.parametrize(("text", "value"), [("40", 40), ("-10", -10), ("\N{MINUS SIGN}10", -10), ("", None)])
def test_a_whole_number_may_be_below_nought(text: str, value: int | None) -> None:
    problems: list[Refused] = []
    assert read_whole(text, "t_min", problems) == value
    assert problems == []


@pytest.mark.parametrize("text", ["4.5", "x", "9999999"])
def test_what_is_no_whole_number_is_said(text: str) -> None:
    problems: list[Refused] = []
    assert read_whole(text, "t_min", problems) is None
    assert codes(problems) == [("not_a_number", "t_min")]


def test_rows_are_read_up_to_the_last_that_was_sent_and_no_further_than_most() -> None:
    sent = {"v-0-sys": "120", "v-2-dia": " 80 ", "v-9-sys": "1", "w-1-sys": "2"}
    assert rows_of(sent, "v", ("sys", "dia"), most=5) == [
        {"sys": "120", "dia": ""},
        {"sys": "", "dia": ""},
        {"sys": "", "dia": "80"},
    ]
