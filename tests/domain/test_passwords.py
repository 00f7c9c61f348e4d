"""Length is the rule; what is easily guessed is refused, and nothing is refused for its kinds of characters."""

from __future__ import annotations

from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journal.domain.errors import Refused
from journal.domain.passwords import check_password

EMAIL = "jordan.smith@mail.example.org"


def refusal(password: str, *, email: str = EMAIL) -> str | None:
    try:
        check_password(password, email=email)
    except Refused as fault:
        return fault.code
    return None


def test_fifteen_characters_are_enough_and_fourteen_are_not() -> None:
    assert refusal("mauve kettle dr") is None
    assert refusal("mauve kettle d") == "password_short"


def test_a_hundred_and_twenty_eight_characters_are_accepted_and_one_more_is_not() -> None:
    long = "mauve kettle drifting over gravel, " * 4
    assert refusal(long[:128]) is None
    assert refusal(long[:129]) == "password_long"


@pytest.mark.parametrize(
    "password",
    [
        "password12345678",
        "PasswordPassword1!",
        "P@ssw0rd2024!!!!",
        "qwertyuiop123456",
        "1234567890123456",
        "aaaaaaaaaaaaaaaa",
        "xkq7xkq7xkq7xkq7",
        "Summer2024Winter2025",
        "iloveyouforever!!",
        "Tideline-journal-2026",
        "C0rrect H0rse Battery Staple",
        "the quick brown fox 123",
        "jordansmith2024!!",
        "Jordan.Smith@mail.example.org",
    ],
)
def test_what_somebody_would_try_first_is_refused(password: str) -> None:
    assert refusal(password) == "password_guessable"


def test_every_long_line_of_the_list_is_refused() -> None:
    text = resources.files("journal").joinpath("instruments/easy_passwords.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert len(lines) >= 200
    assert [line for line in lines if len(line) >= 15 and refusal(line) is None] == []


@pytest.mark.parametrize(
    "password",
    [
        "мой длинный пароль",
        "静かな川の流れる夜に光る小さな星",
        "82734619283746123",
        "x7f!Kq0-pZ2w.Ls9",
        "river stone lamp nine",
    ],
)
def test_any_characters_will_do(password: str) -> None:
    assert refusal(password) is None


@settings(max_examples=100, deadline=None)
@given(st.text(min_size=15, max_size=128))
def test_no_text_of_the_right_length_is_refused_for_anything_but_being_guessable(password: str) -> None:
    assert refusal(password) in {None, "password_guessable"}
