"""Flags in the database: sealed, at most one open of a questionnaire, and never taken back, whoever tries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from journal.domain.assessments import Raised
from journal.domain.safety_flags import Concern, Look
from journal.domain.safety_flags import SafetyFlag as Flag
from journal.storage import safety_flags, summaries
from journal.storage.database import Database
from journal.storage.safety_flags import SafetyFlag, Waiting
from tests.cast import NOW, Cast, Person
from tests.flagging import saved

DAY = timedelta(days=1)
SAID = Concern("phq9", (Raised("9", 2),), is_acute=False)


@pytest.fixture
def record(database: Database, cast: Cast) -> int:
    """The id of a questionnaire of Alice's."""
    with database.unit_of_work() as db:
        return saved(db, cast.alice, {"9": 2}).id


def add(database: Database, cast: Cast, record: int, concern: Concern = SAID) -> Flag:
    with database.unit_of_work() as db:
        safety_flags.add_flag(db, cast.alice.patient_id, record, concern, now=NOW)
        return safety_flags.flags_about(db, record)[-1]


def test_a_flag_comes_back_as_it_was_added(database: Database, cast: Cast, record: int) -> None:
    flag = add(database, cast, record)
    assert (flag.concern, flag.created_at, flag.is_open, flag.patient_id) == (
        SAID, NOW, True, cast.alice.patient_id,
    )  # fmt: skip


def test_a_value_moved_to_another_flag_does_not_open(database: Database, cast: Cast, record: int) -> None:
    flag = add(database, cast, record)
    with database.unit_of_work() as db:
        safety_flags.acknowledge(db, flag, Look(cast.bob.provider_id, NOW, "Called"))
    add(database, cast, record)
    with database.unit_of_work() as db:
        first = db.scalar(sa.select(SafetyFlag.value).where(SafetyFlag.acknowledged_at.is_not(None)))
        db.execute(sa.update(SafetyFlag).where(SafetyFlag.acknowledged_at.is_(None)).values(value=first))
        with pytest.raises(InvalidTag):
            safety_flags.flags_about(db, record)


def test_a_questionnaire_has_at_most_one_open_flag(database: Database, cast: Cast, record: int) -> None:
    add(database, cast, record)
    with pytest.raises(sa.exc.IntegrityError):
        add(database, cast, record)


def test_an_open_one_can_say_more_and_a_looked_at_one_cannot(
    database: Database, cast: Cast, record: int
) -> None:
    flag, more = add(database, cast, record), Concern("phq9", (Raised("9", 3),), is_acute=True)
    with database.unit_of_work() as db:
        assert safety_flags.raise_flag(db, flag, more)
        (flag,) = safety_flags.flags_about(db, record)
        assert flag.concern == more
        safety_flags.acknowledge(db, flag, Look(cast.bob.provider_id, NOW, "Called"))
        assert not safety_flags.raise_flag(db, flag, more)


def test_a_look_at_what_was_not_acute_yet_does_not_lower_what_is(
    database: Database, cast: Cast, record: int
) -> None:
    with database.unit_of_work() as db:
        safety_flags.add_flag(db, cast.alice.patient_id, record, replace(SAID, is_acute=False), now=NOW)
        (flag,) = safety_flags.flags_about(db, record)
        safety_flags.raise_flag(db, flag, replace(SAID, is_acute=True))
        assert not safety_flags.acknowledge(db, flag, Look(cast.bob.provider_id, NOW, "Called"))


def test_of_two_looks_at_once_one_counts(database: Database, cast: Cast, record: int) -> None:
    flag = add(database, cast, record)
    with database.unit_of_work() as db:
        assert safety_flags.acknowledge(db, flag, Look(cast.bob.provider_id, NOW, "Called"))
        assert not safety_flags.acknowledge(db, flag, Look(cast.carol.provider_id, NOW, "Me too"))
        assert not safety_flags.look_second(db, flag, Look(cast.bob.provider_id, NOW, "Again"))
        assert safety_flags.look_second(db, flag, Look(cast.carol.provider_id, NOW, "Read it"))
        found = safety_flags.flags_about(db, record)[0]
    assert (found.acknowledged, found.second) == (
        Look(cast.bob.provider_id, NOW, "Called"), Look(cast.carol.provider_id, NOW, "Read it"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        "acute = false",
        "created_at = '2026-01-01'",
        "patient_id = 2",
        "acknowledged_at = NULL, acknowledged_by_id = NULL, note = NULL",
        "acknowledged_by_id = 2",
        "second_by_id = 3",
    ],
)
def test_the_database_itself_takes_no_flag_back(
    database: Database, cast: Cast, record: int, change: str
) -> None:
    flag = add(database, cast, record, replace(SAID, is_acute=True))
    with database.unit_of_work() as db:
        safety_flags.acknowledge(db, flag, Look(cast.bob.provider_id, NOW, "Called"))
        safety_flags.look_second(db, flag, Look(cast.carol.provider_id, NOW, "Read it"))
    with pytest.raises(sa.exc.DatabaseError, match="never taken back"), database.unit_of_work() as db:
        db.execute(sa.text(f"UPDATE safety_flag SET {change}"))


def test_a_look_without_a_note_is_refused_by_the_database(
    database: Database, cast: Cast, record: int
) -> None:
    add(database, cast, record)
    with pytest.raises(sa.exc.IntegrityError), database.unit_of_work() as db:
        db.execute(sa.update(SafetyFlag).values(acknowledged_at=NOW, acknowledged_by_id=cast.bob.provider_id))


def test_looked_at_ones_stay_in_the_inbox_for_four_weeks(database: Database, cast: Cast, record: int) -> None:
    flag = add(database, cast, record)
    with database.unit_of_work() as db:
        safety_flags.acknowledge(db, flag, Look(cast.bob.provider_id, NOW, "Called"))
        counts = [
            len(safety_flags.flags_seen(db, cast.bob.provider_id, now=NOW + days * DAY)) for days in (27, 28)
        ]
    assert counts == [1, 0]


def test_the_open_ones_of_one_patient_are_those_that_their_reader_may_see(
    database: Database, cast: Cast, record: int
) -> None:
    flag = add(database, cast, record)

    def found(reader: Person, patient: Person) -> list[str]:
        with database.look() as db:
            seen = safety_flags.open_flags_seen(db, reader.provider_id, patient.patient_id, now=NOW + DAY)
        return [one.flag.public_id for one in seen]

    assert found(cast.bob, cast.alice) == [flag.public_id]
    assert [found(reader, cast.alice) for reader in (cast.frank, cast.carol)] == [[], []]
    assert found(cast.bob, cast.dan) == []
    with database.unit_of_work() as db:
        safety_flags.acknowledge(db, flag, Look(cast.bob.provider_id, NOW, "Called"))
    assert found(cast.bob, cast.alice) == []


def test_a_colleague_learns_how_many_wait_and_since_when(database: Database, cast: Cast, record: int) -> None:
    add(database, cast, record)
    with database.look() as db:
        for_carol = safety_flags.waiting_with_colleagues(db, cast.carol.provider_id, now=NOW + DAY)
        for_bob = safety_flags.waiting_with_colleagues(db, cast.bob.provider_id, now=NOW + DAY)
    assert for_carol == [Waiting(cast.bob.provider_id, "Bob", 1, NOW)]
    assert for_bob == []


def test_each_flag_is_claimed_for_telling_once_and_again_when_it_says_more(
    database: Database, cast: Cast, record: int
) -> None:
    flag = add(database, cast, record)
    with database.unit_of_work() as db:
        claimed = [safety_flags.claim_unnoted(db, now=NOW, limit=9) for _ in range(2)]
        safety_flags.raise_flag(db, flag, replace(SAID, is_acute=True))
        claimed.append(safety_flags.claim_unnoted(db, now=NOW, limit=9))
    assert claimed == [[cast.alice.patient_id], [], [cast.alice.patient_id]]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_who_tells_of_a_flag_waits_for_who_answers_before_taking_it(
    database: Database, cast: Cast, record: int
) -> None:
    add(database, cast, record)

    def claim() -> list[int]:
        with database.unit_of_work() as db:
            return safety_flags.claim_unnoted(db, now=NOW, limit=9)

    with ThreadPoolExecutor(1) as thread:
        with database.unit_of_work() as db:
            summaries.summary(
                db, cast.alice.patient_id, to_change=True
            )  # as whoever completes a questionnaire
            claiming = thread.submit(claim)
            with pytest.raises(TimeoutError):
                claiming.result(timeout=0.3)
            db.execute(sa.update(SafetyFlag).values(acute=True))  # and says more then
        assert claiming.result(timeout=10) == [cast.alice.patient_id]
