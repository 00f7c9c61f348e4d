"""A check-in in a list, and the bodies of it that do not count."""

from __future__ import annotations

from journal.services.checkins import amend_check_in
from journal.storage.database import Database
from journal.web.check_in_lines import lines_of, others_of
from tests.builders import body, check_in, the_patient
from tests.cast import NOW, Cast


def test_a_line_says_the_number_in_words(sqlite_database: Database, sqlite_cast: Cast) -> None:
    with sqlite_database.unit_of_work() as db:
        kept = check_in(db, sqlite_cast.alice, 6)
    (line,) = lines_of([kept])
    assert (line.kept, line.word, line.filled_in) == (kept, "Okay", "")


def test_what_was_there_before_an_edit_is_shown_apart(sqlite_database: Database, sqlite_cast: Cast) -> None:
    with sqlite_database.unit_of_work() as db:
        kept, patient = check_in(db, sqlite_cast.alice, 6), the_patient(db, sqlite_cast.alice)
        amend_check_in(
            db, patient, check_in_id=kept.public_id, seen_version=1, body=body(mood=3),
            recorded_at=NOW, sent_at=None, now=NOW,
        )  # fmt: skip
        (other,) = others_of(db, patient, kept.public_id, {})
    assert (other.kept.body.mood, other.word) == (6, "Okay")
