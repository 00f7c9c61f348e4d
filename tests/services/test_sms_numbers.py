"""A number of one's own: which texts are numbers, and the way to prove one."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta

import pytest

from journal.domain.errors import Refused
from journal.languages import Language, speaking
from journal.services.sms_numbers import ask_for_code, prove, read_number, remove, words_of
from journal.storage import sms
from journal.storage.database import Database
from tests.cast import NOW, Cast

NUMBER = "+4917612345678"


@pytest.mark.parametrize(
    ("typed", "region", "number"),
    [
        ("+49 176 12345678", "", "+4917612345678"),
        ("0176 12345678", "DE", "+4917612345678"),
        ("  0176/123-456 78 ", "DE", "+4917612345678"),
        ("\u202a+49\u00a0176\u00a012345678\u202c", "US", "+4917612345678"),
        ("(202) 555-0123", "US", "+12025550123"),
        ("6912345678", "GR", "+306912345678"),
        ("612 34 56 78", "ES", "+34612345678"),
        ("030 123456", "DE", "+4930123456"),
    ],
)
def test_a_number_is_read_as_it_is_dialled_from_anywhere(typed: str, region: str, number: str) -> None:
    assert read_number(typed, region=region) == number


@pytest.mark.parametrize(
    ("typed", "region", "code"),
    [
        ("", "DE", "sms_number_missing"),
        (" \u200b ", "DE", "sms_number_missing"),
        ("0176 12345678", "", "sms_number_unreadable"),
        ("0176 12345678", "Atlantis", "sms_number_unreadable"),
        ("12", "DE", "sms_number_unreadable"),
        ("hello", "DE", "sms_number_unreadable"),
        ("+1 555 123 4567", "", "sms_number_unreadable"),
        ("+49 176 12345678 ext. 9", "", "sms_number_unreadable"),
        ("+49 176 12345678" + " " * 40, "", "sms_number_unreadable"),
        ("+1 900 555 0123", "", "sms_number_costly"),
        ("901 23 45 67", "ES", "sms_number_costly"),
    ],
)
def test_what_no_message_can_be_sent_to_is_refused(typed: str, region: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        read_number(typed, region=region)
    assert (caught.value.code, caught.value.field) == (code, "number")


def test_the_tables_of_numbers_are_loaded_at_the_first_need() -> None:
    asked = "import sys, journal.app; print('phonenumbers' in sys.modules)"
    assert subprocess.check_output([sys.executable, "-c", asked], text=True).strip() == "False"


def test_a_code_that_comes_back_proves_the_number(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        code = ask_for_code(db, cast.alice.account_id, number=NUMBER, now=NOW)
    assert code
    assert len(code) == 6
    with database.unit_of_work() as db:
        assert prove(db, cast.alice.account_id, code, now=NOW + timedelta(minutes=9))
        known = sms.number_of(db, cast.alice.account_id)
    assert known
    assert known.takes_messages


def test_a_number_that_said_stop_is_sent_no_code(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        ask_for_code(db, cast.alice.account_id, number=NUMBER, now=NOW)
        sms.stop(db, sms.fingerprint_of(db, NUMBER), now=NOW)
        assert ask_for_code(db, cast.dan.account_id, number=NUMBER, now=NOW) is None
        assert ask_for_code(db, cast.alice.account_id, number=NUMBER, now=NOW) is None


def test_a_number_that_was_removed_is_forgotten(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        ask_for_code(db, cast.alice.account_id, number=NUMBER, now=NOW)
        remove(db, cast.alice.account_id)
        assert sms.number_of(db, cast.alice.account_id) is None


def test_a_code_is_sent_with_nothing_around_it() -> None:
    assert words_of("123456") == "123456 is your code"
    with speaking(Language.SPANISH):
        assert words_of("123456") == "123456 es tu código"
    with speaking(Language.GREEK):
        assert words_of("123456") == "Ο κωδικός σου: 123456"
