"""No word a person wrote is readable in the database's files, and nothing leaves the machine unnoticed."""

from __future__ import annotations

import socket
from datetime import date, datetime, time
from pathlib import Path

import pytest
import sqlalchemy as sa

from journal.domain.checkins import CheckInBody
from journal.domain.days import local_day
from journal.domain.treatments import Phase, Status, TreatmentBody
from journal.services import activities, consents, treatments
from journal.services.checkins import amend_check_in, record_check_in
from journal.services.consents import Draft
from journal.storage.courses import add_course
from journal.storage.database import Database
from tests import cast as people
from tests.builders import body, the_patient, written
from tests.cast import NOW, ZONE, Cast

WORDS = {
    name: f"canary-{name}-of-a-quiet-river"
    for name in ("note", "edited", "tag", "substance", "chip", "treatment", "indication", "contact")
}


def on_disk(folder: Path) -> bytes:
    """Every byte of the database's files: tables, indexes, free pages and write-ahead log."""
    return b"".join(
        path.read_bytes() for path in sorted(folder.iterdir()) if path.name.startswith("journal.db")
    )


def write_everything(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        alice = the_patient(db, cast.alice)
        said: CheckInBody = body(
            4,
            note=WORDS["note"],
            tags=(WORDS["tag"],),
            other_substances=WORDS["substance"],
            bed_time=time(23, 0),
        )
        first = record_check_in(db, alice, body=said, written=written("first-key"), now=NOW)
        amend_check_in(
            db,
            alice,
            check_in_id=first.check_in_id,
            seen_version=1,
            body=body(5, note=WORDS["edited"]),
            recorded_at=NOW,
            now=NOW,
        )
        activities.add_activity(db, alice, label=WORDS["chip"], shared=True)
        course_words = WORDS["indication"]
        add_course(db, alice.id, phase=Phase.INDUCTION, now=NOW, indication=course_words)
        treatments.record_treatment(
            db,
            alice,
            body=TreatmentBody(local_date(NOW), Status.COMPLETED, note=WORDS["treatment"], note_shared=True),
            zone=ZONE,
            actor_account_id=cast.alice.account_id,
            now=NOW,
        )
        consents.invite(
            db,
            cast.bob.provider_id,
            email=f"{WORDS['contact']}@example.org",
            draft=Draft(indication=WORDS["indication"], planned_sessions=6, first_session=None),
            actor_account_id=cast.bob.account_id,
            now=NOW,
        )


def local_date(moment: datetime) -> date:
    return local_day(moment, ZONE)


def test_no_word_that_a_person_wrote_lies_plainly_on_the_disk(
    sqlite_database: Database, tmp_path: Path
) -> None:
    with sqlite_database.unit_of_work() as db:
        cast = people.assemble(db)
    write_everything(sqlite_database, cast)
    files = on_disk(tmp_path)
    assert b"check_in" in files
    assert [name for name, word in WORDS.items() if word.encode() in files] == []


def test_a_word_that_is_written_plainly_is_found(sqlite_database: Database, tmp_path: Path) -> None:
    with sqlite_database.unit_of_work() as db:
        db.execute(
            sa.text("INSERT INTO rate_limit (key, count, ends_at) VALUES (:word, 1, 0)"),
            {"word": WORDS["note"]},
        )
    assert WORDS["note"].encode() in on_disk(tmp_path)


def test_nothing_in_the_tests_can_reach_another_machine() -> None:
    with pytest.raises(AssertionError, match=r"192\.0\.2\.1"):
        socket.create_connection(("192.0.2.1", 25), timeout=1)
