"""Secrets that people carry: long enough, never twice, easy to type, and stored as nothing but a hash."""

from __future__ import annotations

import re

import pytest

from journal.services.links import (
    code_fingerprint,
    fingerprint,
    new_code,
    new_paper_code,
    new_token,
    normal_paper_code,
)

PAPER = re.compile(r"([2-9A-HJ-KM-NP-TV-Z]{3}-){8}[2-9A-HJ-KM-NP-TV-Z]{3}")


def test_a_token_has_256_bits_and_goes_into_an_address_as_it_is() -> None:
    made = {new_token() for _ in range(1000)}
    assert len(made) == 1000
    assert [token for token in made if not re.fullmatch(r"[A-Za-z0-9_-]{43}", token)] == []


def test_a_code_keeps_its_leading_noughts() -> None:
    made = [new_code(2) for _ in range(2000)]
    assert [code for code in made if not re.fullmatch(r"[0-9]{2}", code)] == []
    assert len(set(made)) == 100


def test_a_paper_code_is_read_aloud_without_mistakes() -> None:
    made = {new_paper_code() for _ in range(500)}
    assert len(made) == 500
    assert [code for code in made if not PAPER.fullmatch(code)] == []
    assert {letter for code in made for letter in code} & set("01ILOU") == set()


@pytest.mark.parametrize(
    "typed",
    ["abc-def-234", " ABC DEF 234 ", "abcdef234", "ABC–DEF–234", "a b c d e f 2 3 4"],
)
def test_however_a_paper_code_is_typed_it_is_the_one_that_was_printed(typed: str) -> None:
    assert normal_paper_code(typed) == "ABC-DEF-234"


def test_a_printed_code_is_in_its_normal_form_already() -> None:
    code = new_paper_code()
    assert normal_paper_code(code) == code


def test_a_fingerprint_is_the_sha256_of_the_secret() -> None:
    assert fingerprint("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_code_has_another_fingerprint_in_every_browser() -> None:
    assert code_fingerprint("12345678", "mine") == fingerprint("mine:12345678")
    assert code_fingerprint("12345678", "mine") != code_fingerprint("12345678", "yours")
