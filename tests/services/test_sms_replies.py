"""What a text message does, and what is said back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
import sqlalchemy as sa

from journal.domain.checkins import Recall, Via
from journal.services import checkins as acts
from journal.services.sms_replies import LINES, Line, take_in, words
from journal.storage import checkins, sms
from journal.storage.accounts import disable_account
from journal.storage.checkins import CheckIn
from journal.storage.database import Database
from tests.builders import the_patient
from tests.cast import NOW, Cast, Person

NUMBER, OTHERS = "+4917612345678", "+4917687654321"
ADDRESS = "https://journal.example.org"


@pytest.fixture(autouse=True)
def alices(database: Database, cast: Cast) -> None:
    """Alice's number is proven."""
    prove(database, cast.alice)


def prove(database: Database, person: Person, number: str = NUMBER) -> None:
    with database.unit_of_work() as db:
        sms.keep(
            db, person.account_id, number=number, code="1", code_ends_at=NOW + timedelta(hours=1), now=NOW
        )
        assert sms.verify(db, person.account_id, code="1", most=5, now=NOW)


def hear(
    database: Database, text: str, *, number: str = NUMBER, key: str = "m-1", now: datetime = NOW
) -> Line | None:
    with database.unit_of_work() as db:
        heard = take_in(db, number=number, text=text, message_id=key, now=now)
    return heard.line if heard else None


def kept(database: Database) -> list[tuple[date, int | None, str]]:
    with database.look() as db:
        return [
            (row.local_date, row.mood, row.via) for row in db.scalars(sa.select(CheckIn).order_by(CheckIn.id))
        ]


def test_a_bare_number_is_todays_mood(database: Database, cast: Cast) -> None:
    assert hear(database, " 7 ") is Line.SAVED
    with database.look() as db:
        (public_id,) = db.scalars(sa.select(CheckIn.public_id))
        found = checkins.check_in_of(db, cast.alice.patient_id, public_id)
    assert found
    assert (found.body.local_date, found.body.mood, found.via) == (date(2026, 3, 30), 7, Via.SMS)
    assert (found.recall, found.felt_at, found.recorded_at, found.zone) == (
        Recall.MOMENT,
        NOW,
        NOW,
        "Europe/Berlin",
    )


@pytest.mark.parametrize(
    ("clock", "day"),
    [("23:59", date(2026, 3, 30)), ("03:59", date(2026, 3, 30)), ("04:00", date(2026, 3, 31))],
)
def test_before_four_in_the_morning_it_is_still_the_evening(
    database: Database, clock: str, day: date
) -> None:
    hours, minutes = map(int, clock.split(":"))
    midnight = datetime.fromisoformat("2026-03-31T00:00:00+02:00")
    now = midnight + timedelta(days=-1 if hours == 23 else 0, hours=hours, minutes=minutes)
    hear(database, "5", now=now)
    assert kept(database) == [(day, 5, "sms")]


@pytest.mark.parametrize(("mood", "line"), [(0, Line.SAVED_LOW), (2, Line.SAVED_LOW), (3, Line.SAVED)])
def test_after_a_low_number_the_way_to_somebody_is_said(database: Database, mood: int, line: Line) -> None:
    assert hear(database, str(mood)) is line


def test_a_message_that_is_delivered_again_is_one_check_in(database: Database) -> None:
    after_midnight = NOW + timedelta(hours=12)
    answers = [hear(database, "7"), hear(database, "7"), hear(database, "7", now=after_midnight)]
    assert answers == [Line.SAVED] * 3
    assert kept(database) == [(date(2026, 3, 30), 7, "sms")]


def test_a_message_that_is_delivered_many_times_at_once_is_one_check_in(database: Database) -> None:
    with ThreadPoolExecutor(6) as threads:
        answers = list(threads.map(lambda _: hear(database, "7"), range(12)))
    assert answers == [Line.SAVED] * 12
    assert [mood for _day, mood, _via in kept(database)] == [7]


def test_two_messages_are_two_check_ins(database: Database) -> None:
    hear(database, "7", key="m-1")
    hear(database, "7", key="m-2")
    assert [mood for _day, mood, _via in kept(database)] == [7, 7]


def test_a_check_in_that_was_deleted_is_not_brought_back(database: Database, cast: Cast) -> None:
    hear(database, "7")
    with database.unit_of_work() as db:
        (public_id,) = db.scalars(sa.select(CheckIn.public_id))
        acts.delete_check_in(db, the_patient(db, cast.alice), check_in_id=public_id, now=NOW)
    assert hear(database, "7") is None
    assert kept(database) == []


def test_what_is_said_back_does_not_depend_on_what_was_written_before(database: Database) -> None:
    first = hear(database, "7", key="m-1")
    hear(database, "0", key="m-2")
    assert hear(database, "7", key="m-3") is first


@pytest.mark.parametrize("text", ["7", "STOP", "START", "HELP", "hello"])
def test_an_unknown_number_is_told_nothing_and_leaves_nothing(database: Database, text: str) -> None:
    assert hear(database, text, number=OTHERS) is None
    assert kept(database) == []


@pytest.mark.parametrize("text", ["7", "START", "HELP", "hello"])
def test_a_number_that_was_not_proven_is_told_nothing(database: Database, cast: Cast, text: str) -> None:
    with database.unit_of_work() as db:
        sms.keep(db, cast.dan.account_id, number=OTHERS, code="1", code_ends_at=NOW, now=NOW)
    assert hear(database, text, number=OTHERS) is None
    assert kept(database) == []


def test_a_closed_account_takes_no_messages(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        disable_account(db, cast.alice.account_id, now=NOW)
    assert hear(database, "7") is None
    assert kept(database) == []


def test_the_number_of_somebody_who_is_no_patient_writes_nothing(database: Database, cast: Cast) -> None:
    prove(database, cast.bob, OTHERS)
    assert hear(database, "7", number=OTHERS) is None
    assert kept(database) == []


def takes_messages(database: Database, person: Person) -> bool:
    with database.look() as db:
        known = sms.number_of(db, person.account_id)
        assert known
        return known.takes_messages


def test_stop_ends_messages_and_start_brings_them_back(database: Database, cast: Cast) -> None:
    assert hear(database, "STOP", key="m-1") is Line.STOPPED
    assert not takes_messages(database, cast.alice)
    assert hear(database, "Start", key="m-2") is Line.STARTED
    assert takes_messages(database, cast.alice)


def test_after_stop_a_number_is_saved_and_nothing_is_said_until_start(database: Database) -> None:
    hear(database, "STOP", key="m-1")
    said = [hear(database, text, key=f"n-{text}") for text in ("0", "7", "HELP", "hello", "STOP")]
    assert said == [None] * 5
    assert [mood for _day, mood, _via in kept(database)] == [0, 7]


def test_a_number_saved_after_stop_is_saved_once_and_brings_no_message_back(
    database: Database, cast: Cast
) -> None:
    hear(database, "STOP", key="m-1")
    assert [hear(database, "7", key="m-2"), hear(database, "7", key="m-2")] == [None, None]
    assert kept(database) == [(date(2026, 3, 30), 7, "sms")]
    assert not takes_messages(database, cast.alice)


def test_stop_counts_from_a_number_that_is_not_proven_yet(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        sms.keep(db, cast.dan.account_id, number=OTHERS, code="1", code_ends_at=NOW, now=NOW)
    assert hear(database, "STOP", number=OTHERS) is None
    with database.look() as db:
        assert sms.is_stopped(db, sms.fingerprint_of(db, OTHERS))


def test_a_start_that_is_delivered_again_does_not_undo_a_later_stop(database: Database, cast: Cast) -> None:
    for text, key in (("STOP", "m-1"), ("START", "m-2"), ("STOP", "m-3"), ("START", "m-2")):
        hear(database, text, key=key)
    assert not takes_messages(database, cast.alice)


def test_anything_else_is_told_that_nobody_reads_it(database: Database) -> None:
    assert hear(database, "I feel low today", key="m-1") is Line.NOT_READ
    assert hear(database, "yes", key="m-2") is Line.NOT_READ
    assert hear(database, "help", key="m-3") is Line.HELP
    assert kept(database) == []


def test_what_was_said_once_is_not_said_again_for_the_same_message(database: Database) -> None:
    assert [hear(database, "hello"), hear(database, "hello")] == [Line.NOT_READ, None]


def test_no_line_says_anything_about_anybody() -> None:
    assert {line: words(line, address=ADDRESS) for line in LINES} == {
        Line.SAVED: "Saved. Thank you.",
        Line.SAVED_LOW: "Saved. Thank you. If you need someone now: https://journal.example.org/help",
        Line.STOPPED: "No more messages will come. START brings them back.",
        Line.STARTED: "Messages will come again. STOP ends them.",
        Line.HELP: "These messages come from https://journal.example.org, as you asked there. STOP ends them.",
        Line.NOT_READ: "Nobody reads messages sent here. You can write at https://journal.example.org. "
        "If you need someone now: https://journal.example.org/help",
    }
