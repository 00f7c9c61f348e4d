"""What the list of things to talk about asks of check-ins."""

from __future__ import annotations

from datetime import date, time, timedelta

from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.talking_points import DayDetail, StarredNote
from journal.storage import checkins
from journal.storage.checkins import AskedLater
from journal.storage.database import Database
from journal.storage.talking_points import day_answers_seen, day_details_seen, starred_notes_seen
from tests import builders
from tests.cast import NOW, Cast

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 30)


def test_starred_and_shared_notes_alone_are_found_also_for_the_patient(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        both = builders.check_in(
            db, cast.alice, on=date(2026, 3, 28), note="a", note_shared=True, starred=True
        )
        builders.check_in(db, cast.alice, on=date(2026, 3, 27), note="b", starred=True)
        builders.check_in(db, cast.alice, on=date(2026, 3, 26), note="c", note_shared=True)
        builders.check_in(db, cast.alice, on=date(2026, 3, 25), note_shared=True, starred=True)
        builders.check_in(db, cast.dan, on=date(2026, 3, 24), note="d", note_shared=True, starred=True)
    found = [StarredNote(both.public_id, date(2026, 3, 28))]
    with database.look() as db:
        for sight in (WHOLE, Sight(frozenset({Scope.NOTES}), None)):
            assert starred_notes_seen(db, cast.alice.patient_id, sight=sight, since=FIRST) == found
        assert "patient_sealers" not in db.info


def test_notes_need_their_scope_and_their_day(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, on=date(2026, 3, 20), note="a", note_shared=True, starred=True)
    alice = cast.alice.patient_id
    with database.look() as db:
        others = Sight(frozenset(Scope) - {Scope.NOTES}, None)
        assert starred_notes_seen(db, alice, sight=others, since=FIRST) == []
        later = Sight(frozenset(Scope), date(2026, 3, 21))
        assert starred_notes_seen(db, alice, sight=later, since=FIRST) == []
        assert starred_notes_seen(db, alice, sight=WHOLE, since=date(2026, 3, 21)) == []


def test_a_day_begins_and_has_company_as_its_latest_answers_say(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        morning, evening = NOW - timedelta(hours=10), NOW
        builders.check_in(db, cast.alice, at=morning, social=0, bed_time=time(23), wake_time=time(7, 15))
        builders.check_in(db, cast.alice, at=evening, social=2)
        builders.check_in(db, cast.alice, on=date(2026, 3, 29))
        builders.check_in(db, cast.alice, on=date(2026, 3, 28), social=1)
    with database.look() as db:
        found = day_details_seen(db, cast.alice.patient_id, first=FIRST, last=LAST, sight=WHOLE)
    assert found == [
        DayDetail(date(2026, 3, 28), None, 1),
        DayDetail(date(2026, 3, 30), time(7, 15), 2),
    ]


def test_details_of_days_need_their_scope_and_their_day(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, on=date(2026, 3, 20), social=1)
    with database.look() as db:
        for sight in (
            Sight(frozenset(Scope) - {Scope.SCORES}, None),
            Sight(frozenset(Scope), date(2026, 3, 21)),
        ):
            assert day_details_seen(db, cast.alice.patient_id, first=FIRST, last=LAST, sight=sight) == []


def test_what_only_some_are_asked_is_the_highest_of_each_date_from_a_date_on(
    database: Database, cast: Cast
) -> None:
    alice = cast.alice
    with database.unit_of_work() as db:
        builders.check_in(db, alice, on=date(2026, 3, 20), detached=3)
        builders.check_in(db, alice, on=date(2026, 3, 28), detached=1, social=2)
        builders.check_in(db, alice, on=date(2026, 3, 28), detached=2, elevated=0)
    with database.look() as db:
        details, later = day_answers_seen(
            db, alice.patient_id, first=FIRST, last=LAST, asked_from=date(2026, 3, 21), sight=WHOLE
        )
        alone = checkins.asked_later_for(
            db, alice.patient_id, first=date(2026, 3, 21), last=LAST, sight=WHOLE
        )
    assert details == [DayDetail(date(2026, 3, 28), None, 2)]
    assert later == alone == [AskedLater(date(2026, 3, 28), 2, 0)]
