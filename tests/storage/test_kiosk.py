"""Handings over as they are kept: secrets until they are used, one browser, and nothing for ever."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from journal.domain.kiosk import Ending, Stage
from journal.storage import kiosk
from journal.storage.database import Database
from journal.storage.kiosk import KioskHandover
from tests.cast import NOW, Cast

LATER = NOW + timedelta(minutes=10)


def add(db: Session, cast: Cast, place: str = "place") -> int:
    public_id = kiosk.add_handover(
        db,
        patient_id=cast.alice.patient_id,
        provider_id=cast.bob.provider_id,
        instrument="gad7",
        place_hash=place,
        code_hash="right",
        now=NOW,
        expires_at=LATER,
    )
    found = kiosk.handover_of(
        db, patient_id=cast.alice.patient_id, provider_id=cast.bob.provider_id, public_id=public_id
    )
    assert found is not None
    return found.id


def try_(db: Session, code: str, **more: object) -> bool:
    values = {"most": 5, "now": NOW} | more
    return kiosk.try_code(db, "place", code, **values) is not None  # type: ignore[arg-type]


def test_the_right_code_finds_the_one_that_waits(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        add(db, cast)
        assert try_(db, "right")
        assert not try_(db, "wrong")
        assert kiosk.try_code(db, "elsewhere", "right", most=5, now=NOW) is None
        assert not try_(db, "right", now=LATER)


def test_the_last_wrong_try_ends_it_and_takes_its_secrets_away(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        one = add(db, cast)
        assert [try_(db, "wrong", most=2) for _ in range(2)] == [False, False]
        assert not try_(db, "right", most=9)
        found = kiosk.handover_by_id(db, one)
        assert found is not None
        assert (found.stage(NOW), found.tries) == (Stage.OVER, 2)
        assert db.execute(sa.select(KioskHandover.place_hash, KioskHandover.code_hash)).one() == (None, None)


def test_the_last_try_may_be_the_right_one(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        add(db, cast)
        assert [try_(db, "wrong", most=2), try_(db, "right", most=2)] == [False, True]


def test_it_opens_once_for_one_browser(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        one = add(db, cast)
        assert kiosk.open_for(db, one, token_hash="mine", now=NOW, expires_at=LATER)
        assert not kiosk.open_for(db, one, token_hash="theirs", now=NOW, expires_at=LATER)
        found = kiosk.handover_by_token(db, "mine")
        assert found is not None
        assert found.stage(NOW) is Stage.OPEN
        assert kiosk.handover_by_token(db, "theirs") is None
        assert not try_(db, "right")


def test_what_was_saved_is_said_when_it_has_ended(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        one = add(db, cast)
        kiosk.open_for(db, one, token_hash="mine", now=NOW, expires_at=LATER)
        kiosk.note_saved(db, one, assessment="a", now=NOW)
        kiosk.end(db, one, now=NOW)
        kiosk.end(db, one, now=LATER)
        found = kiosk.handover_by_id(db, one)
        assert found is not None
        assert (found.ending(NOW), found.assessment, found.ended_at) == (Ending.SAVED, "a", NOW)


def test_all_of_a_patients_end_together_and_nobody_elses(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        ones = [add(db, cast, place) for place in ("a", "b")]
        kiosk.end_all_of(db, cast.dan.patient_id, now=NOW)
        assert [_stage(db, one) for one in ones] == [Stage.WAITING, Stage.WAITING]
        kiosk.end_all_of(db, cast.alice.patient_id, now=NOW)
        assert [_stage(db, one) for one in ones] == [Stage.OVER, Stage.OVER]


def test_it_is_found_by_who_made_it_alone(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        found = kiosk.handover_by_id(db, add(db, cast))
        assert found is not None
        for patient, provider in ((cast.alice, cast.carol), (cast.dan, cast.bob)):
            assert (
                kiosk.handover_of(
                    db,
                    patient_id=patient.patient_id,
                    provider_id=provider.provider_id,
                    public_id=found.public_id,
                )
                is None
            )


@pytest.mark.parametrize(("before", "gone"), [(LATER, 0), (LATER + timedelta(seconds=1), 1)])
def test_those_that_were_over_long_ago_are_forgotten(
    database: Database, cast: Cast, before: object, gone: int
) -> None:
    with database.unit_of_work() as db:
        add(db, cast)
        assert kiosk.forget_ended(db, before=before) == gone  # type: ignore[arg-type]


def _stage(db: Session, one: int) -> Stage:
    found = kiosk.handover_by_id(db, one)
    assert found is not None
    return found.stage(NOW)
