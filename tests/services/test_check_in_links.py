"""Writing through the link of a reminder, on both databases."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from journal.domain.checkins import CheckInBody, Via
from journal.domain.errors import RefusedFields
from journal.services.check_in_links import record_through_link
from journal.services.checkins import Outcome, Recorded, delete_check_in
from journal.services.links import fingerprint
from journal.storage import checkins, deliveries
from journal.storage.checkins import CheckIn
from journal.storage.database import Database
from tests.builders import body, the_patient, written
from tests.cast import NOW, Cast
from tests.reminding import mailed_link, utc

ONE, OTHER = "k" * 20, "o" * 20


@pytest.fixture
def link(database: Database, cast: Cast) -> str:
    return fingerprint(mailed_link(database, cast.alice, due=NOW))


def write(
    database: Database, link: str, said: CheckInBody | None = None, *, key: str = ONE, at: datetime = NOW
) -> Recorded | None:
    how = written(key, at=at, via=Via.LINK)
    with database.unit_of_work() as db:
        linked = deliveries.delivery_by_link(db, link)
        assert linked is not None
        return record_through_link(db, linked, body=said or body(4), written=how, now=at)


def count(database: Database) -> int:
    with database.look() as db:
        return int(db.scalar(sa.select(sa.func.count()).select_from(CheckIn)) or 0)


def test_a_link_records_one_check_in_for_its_own_date(database: Database, cast: Cast, link: str) -> None:
    recorded = write(database, link, body(4, on=date(2026, 3, 12)))
    assert recorded is not None
    assert recorded.outcome is Outcome.NEW
    with database.look() as db:
        kept = checkins.check_in_of(db, cast.alice.patient_id, recorded.check_in_id)
    assert kept is not None
    assert (kept.body.local_date, kept.body.mood, kept.via) == (date(2026, 3, 30), 4, Via.LINK)


def test_a_spent_link_records_nothing_more(database: Database, link: str) -> None:
    write(database, link)
    assert write(database, link, key=OTHER) is None
    assert count(database) == 1


def test_one_tap_that_was_sent_twice_is_answered_twice_the_same(database: Database, link: str) -> None:
    first, again = write(database, link), write(database, link)
    assert first is not None
    assert again == Recorded(Outcome.AGAIN, first.check_in_id, 1)
    assert count(database) == 1


def test_another_answer_under_the_same_key_changes_nothing(database: Database, cast: Cast, link: str) -> None:
    first = write(database, link, body(4))
    assert first is not None
    write(database, link, body(9))
    with database.look() as db:
        kept = checkins.check_in_of(db, cast.alice.patient_id, first.check_in_id)
    assert kept is not None
    assert (kept.body.mood, kept.other_versions) == (4, 0)


def test_a_deleted_check_in_does_not_come_back_by_its_link(database: Database, cast: Cast, link: str) -> None:
    first = write(database, link)
    assert first is not None
    with database.unit_of_work() as db:
        delete_check_in(db, the_patient(db, cast.alice), check_in_id=first.check_in_id, now=NOW)
    assert write(database, link) is None
    assert count(database) == 0


def test_a_refused_check_in_leaves_the_link_good(database: Database, link: str) -> None:
    with pytest.raises(RefusedFields):
        write(database, link, replace(body(4), mood=11))
    assert write(database, link) is not None


def test_a_link_works_until_four_in_the_morning(database: Database, link: str) -> None:
    assert write(database, link, at=utc("2026-03-31 02:00")) is None
    assert write(database, link, at=utc("2026-03-31 01:59")) is not None


def test_of_many_who_write_at_one_moment_one_succeeds(database: Database, link: str) -> None:
    people = 8
    start, answers = threading.Barrier(people), []

    def run(number: int) -> None:
        start.wait()
        answers.append(write(database, link, key=f"{number}" * 20))

    threads = [threading.Thread(target=run, args=(number,)) for number in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == people
    assert len([answer for answer in answers if answer is not None]) == 1
    assert count(database) == 1


def test_what_was_written_by_link_silences_the_days_next_reminder(
    database: Database, cast: Cast, link: str
) -> None:
    from tests.reminding import claim, remind, states

    write(database, link)
    remind(database, cast.alice, "18:00", "19:00", zone="UTC", at=NOW)
    assert claim(database, NOW + timedelta(hours=1)).to_send == []
    assert states(database, cast.alice)[-1] == ("skipped", "checked_in")
