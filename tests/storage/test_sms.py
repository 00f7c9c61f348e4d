"""Numbers that take text messages, as rows."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from sqlalchemy.orm import Session

from journal.storage import sms
from journal.storage.accounts import disable_account
from journal.storage.database import Database
from journal.storage.sms import SmsNumber
from tests.cast import NOW, Cast, Person

NUMBER = "+4917612345678"
IN_TEN = NOW + timedelta(minutes=10)


def keep(db: Session, person: Person, number: str = NUMBER, code: str = "123456") -> None:
    sms.keep(db, person.account_id, number=number, code=code, code_ends_at=IN_TEN, now=NOW)


def guess(database: Database, person: Person, code: str, *, after: timedelta = timedelta()) -> bool:
    with database.unit_of_work() as db:
        return sms.verify(db, person.account_id, code=code, most=5, now=NOW + after)


def verified(database: Database, person: Person, number: str = NUMBER) -> None:
    with database.unit_of_work() as db:
        keep(db, person, number)
    assert guess(database, person, "123456")


def test_an_account_has_one_number(database: Database, cast: Cast) -> None:
    row = {"account_id": cast.alice.account_id, "number_hash": "n", "sealed": b"s", "added_at": NOW}
    with database.unit_of_work() as db:
        db.add(SmsNumber(public_id="n1", **row))
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        db.add(SmsNumber(public_id="n2", **row))


def test_a_number_is_found_by_its_account_as_it_was_kept(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        keep(db, cast.alice)
    with database.look() as db:
        known = sms.number_of(db, cast.alice.account_id)
        assert known
        assert (known.number, known.ending, known.verified_at) == (NUMBER, "78", None)
        assert not known.takes_messages
        assert sms.number_of(db, cast.dan.account_id) is None


def test_a_number_stands_nowhere_in_the_open(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        keep(db, cast.alice)
    with database.look() as db:
        columns = db.execute(sa.select(sa.text("*")).select_from(SmsNumber.__table__)).one()
    said = " ".join(bytes(one).hex() if isinstance(one, memoryview | bytes) else str(one) for one in columns)
    assert NUMBER[1:] not in said
    assert NUMBER.encode().hex() not in said
    assert "123456" not in said


def test_a_sealed_number_opens_in_its_own_row_alone(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        keep(db, cast.alice)
        keep(db, cast.dan, "+4917687654321")
        rows = {row.account_id: row for row in db.scalars(sa.select(SmsNumber))}
        rows[cast.dan.account_id].sealed = rows[cast.alice.account_id].sealed
    with database.look() as db, pytest.raises(InvalidTag):
        sms.number_of(db, cast.dan.account_id)


def test_the_right_code_in_time_makes_a_number_verified(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        keep(db, cast.alice)
    assert guess(database, cast.alice, "123456", after=timedelta(minutes=9, seconds=59))
    with database.look() as db:
        known = sms.number_of(db, cast.alice.account_id)
    assert known
    assert known.takes_messages


def test_a_code_works_once(database: Database, cast: Cast) -> None:
    verified(database, cast.alice)
    assert not guess(database, cast.alice, "123456")


def test_a_code_runs_out_after_its_time(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        keep(db, cast.alice)
    assert not guess(database, cast.alice, "123456", after=timedelta(minutes=10))


def test_the_code_of_one_account_verifies_no_other(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        keep(db, cast.alice, code="123456")
        keep(db, cast.dan, code="654321")
    assert not guess(database, cast.dan, "123456")


def test_a_new_code_ends_the_one_before(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        keep(db, cast.alice, code="123456")
        keep(db, cast.alice, code="654321")
    assert not guess(database, cast.alice, "123456")
    assert guess(database, cast.alice, "654321")


def test_five_wrong_tries_end_a_code(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        keep(db, cast.alice)
    assert [guess(database, cast.alice, f"00000{n}") for n in range(5)] == [False] * 5
    assert not guess(database, cast.alice, "123456")


def test_the_fifth_try_may_still_be_right(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        keep(db, cast.alice)
    assert [guess(database, cast.alice, f"00000{n}") for n in range(4)] == [False] * 4
    assert guess(database, cast.alice, "123456")


def test_of_many_guesses_at_once_five_are_looked_at(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        keep(db, cast.alice, code="000009")
    with ThreadPoolExecutor(8) as threads:
        guesses = [f"00000{n}" for n in range(9)]
        list(threads.map(lambda code: guess(database, cast.alice, code), guesses))
    with database.look() as db:
        row = db.scalars(sa.select(SmsNumber)).one()
    assert (row.code_tries, row.code_hash, row.verified_at) == (5, None, None)


def test_of_many_who_spend_a_code_at_once_one_succeeds(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        keep(db, cast.alice)
    with ThreadPoolExecutor(8) as threads:
        won = list(threads.map(lambda _: guess(database, cast.alice, "123456"), range(12)))
    assert won.count(True) == 1


def test_a_number_that_is_verified_elsewhere_is_taken_from_whoever_had_it(
    database: Database, cast: Cast
) -> None:
    verified(database, cast.alice)
    verified(database, cast.dan)
    with database.look() as db:
        assert sms.number_of(db, cast.alice.account_id) is None
        number_hash = sms.fingerprint_of(db, NUMBER)
        writer = sms.writer_of(db, number_hash)
    assert writer
    assert writer.account_id == cast.dan.account_id


def test_a_number_that_is_only_written_down_takes_nothing_from_anybody(
    database: Database, cast: Cast
) -> None:
    verified(database, cast.alice)
    with database.unit_of_work() as db:
        keep(db, cast.dan)
        writer = sms.writer_of(db, sms.fingerprint_of(db, NUMBER))
    assert writer
    assert writer.account_id == cast.alice.account_id


def test_stop_and_start_from_a_number(database: Database, cast: Cast) -> None:
    verified(database, cast.alice)
    states = []
    for act in ("stop", "start"):
        with database.unit_of_work() as db:
            number_hash = sms.fingerprint_of(db, NUMBER)
            if act == "stop":
                sms.stop(db, number_hash, now=NOW)
            else:
                sms.start(db, number_hash)
        with database.look() as db:
            known, writer = sms.number_of(db, cast.alice.account_id), sms.writer_of(db, number_hash)
            assert known
            assert writer
            states.append((known.takes_messages, writer.stopped, sms.is_stopped(db, number_hash)))
    assert states == [(False, True, True), (True, False, False)]


def test_a_number_that_said_stop_stays_stopped_when_it_is_written_down_again(
    database: Database, cast: Cast
) -> None:
    verified(database, cast.alice)
    with database.unit_of_work() as db:
        sms.stop(db, sms.fingerprint_of(db, NUMBER), now=NOW)
        keep(db, cast.alice)
        keep(db, cast.dan)
    with database.look() as db:
        for person in (cast.alice, cast.dan):
            known = sms.number_of(db, person.account_id)
            assert known
            assert known.stopped_at == NOW


def test_nobody_writes_from_a_number_that_is_not_verified(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        keep(db, cast.alice)
        assert sms.writer_of(db, sms.fingerprint_of(db, NUMBER)) is None


def test_nobody_writes_from_the_number_of_a_closed_account(database: Database, cast: Cast) -> None:
    verified(database, cast.alice)
    with database.unit_of_work() as db:
        disable_account(db, cast.alice.account_id, now=NOW)
    with database.look() as db:
        assert sms.writer_of(db, sms.fingerprint_of(db, NUMBER)) is None


def test_a_number_is_forgotten_with_everything_about_it(database: Database, cast: Cast) -> None:
    verified(database, cast.alice)
    with database.unit_of_work() as db:
        assert sms.forget(db, cast.alice.account_id)
        assert not sms.forget(db, cast.alice.account_id)
        assert db.scalars(sa.select(SmsNumber)).all() == []
