"""The keys of sendings as rows: taken once, remembered for ever, silent about what was deleted."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from journal.storage import submissions
from journal.storage.database import Database
from journal.storage.submissions import FirstAnswer, Submission
from tests.builders import body, check_in
from tests.cast import NOW, Cast

HASH = "a" * 64


def take(
    database: Database, patient_id: int, key: str, *, made: str = "made-1", body_hash: str = HASH
) -> bool:
    with database.unit_of_work() as db:
        return submissions.add_submission(
            db, patient_id=patient_id, client_key=key, body_hash=body_hash, public_id=made, received_at=NOW
        )


def test_a_key_is_taken_once(database: Database, cast: Cast) -> None:
    assert take(database, cast.alice.patient_id, "key-1")
    assert not take(database, cast.alice.patient_id, "key-1", made="made-2", body_hash="b" * 64)
    with database.look() as db:
        assert submissions.first_answer(db, cast.alice.patient_id, "key-1") == FirstAnswer(
            HASH, "made-1", deleted=False
        )


def test_a_key_is_its_owners_alone(database: Database, cast: Cast) -> None:
    assert take(database, cast.alice.patient_id, "key-1")
    with database.look() as db:
        assert submissions.first_answer(db, cast.dan.patient_id, "key-1") is None
    assert take(database, cast.dan.patient_id, "key-1", made="made-2")


def test_what_was_deleted_is_remembered_without_what_it_said(database: Database, cast: Cast) -> None:
    patient_id = cast.alice.patient_id
    take(database, patient_id, "key-1")
    take(database, patient_id, "key-2", made="made-2")
    with database.unit_of_work() as db:
        submissions.mark_deleted(db, patient_id, "made-1", now=NOW + timedelta(hours=1))
        assert submissions.first_answer(db, patient_id, "key-1") == FirstAnswer(
            "0" * 64, "made-1", deleted=True
        )
        assert submissions.first_answer(db, patient_id, "key-2") == FirstAnswer(HASH, "made-2", deleted=False)
        assert db.scalars(
            sa.select(Submission.deleted_at).where(Submission.deleted_at.is_not(None))
        ).all() == [NOW + timedelta(hours=1)]


def test_only_a_deleted_check_in_of_the_same_patient_was_deleted(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = check_in(db, cast.alice, 6)
        assert not submissions.was_deleted(db, cast.alice.patient_id, kept.public_id)
        submissions.mark_deleted(db, cast.dan.patient_id, kept.public_id, now=NOW)
        assert not submissions.was_deleted(db, cast.alice.patient_id, kept.public_id)
        submissions.mark_deleted(db, cast.alice.patient_id, kept.public_id, now=NOW)
        assert submissions.was_deleted(db, cast.alice.patient_id, kept.public_id)
        assert not submissions.was_deleted(db, cast.dan.patient_id, kept.public_id)


def test_words_are_known_again_only_with_the_key_of_their_writer(database: Database, cast: Cast) -> None:
    said = body(4, note="bad night")
    with database.unit_of_work() as db:
        mine = submissions.fingerprint_of(db, cast.alice.patient_id, said)
        assert mine == submissions.fingerprint_of(db, cast.alice.patient_id, said)
        assert mine not in {said.hash(), submissions.fingerprint_of(db, cast.dan.patient_id, said)}
        assert submissions.fingerprint_of(db, cast.alice.patient_id, body(4)) == body(4).hash()
