"""Reading a provider's list: who is in it, whose visits count, and how little a row holds without its line."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from journal.domain.caseloads import Person as Listed
from journal.domain.consents import SUGGESTED, Scope, Sight
from journal.domain.treatments import Phase
from journal.storage import caseloads, courses
from journal.storage.database import Database
from tests import builders, lists
from tests.cast import NOW, Cast, Person

TODAY = date(2026, 3, 30)
MIDNIGHT = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def everybody(database: Database, reader: Person, *, now: datetime = NOW) -> dict[str, Listed]:
    with database.look() as db:
        found = caseloads.everybody_who_shares(
            db, reader.provider_id, now=now, today_starts=MIDNIGHT, today_ends=MIDNIGHT + DAY
        )
    return {one.name: one for one in found}


def test_a_list_holds_whoever_shares_now_and_nobody_else(database: Database, cast: Cast) -> None:
    assert list(everybody(database, cast.bob)) == ["Alice"]
    assert everybody(database, cast.carol) == {}
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, Scope.SCORES, lasts=DAY)
    assert set(everybody(database, cast.bob)) == {"Alice", "Dan"}
    assert list(everybody(database, cast.bob, now=NOW + DAY)) == ["Alice"]


def test_who_has_ended_sharing_is_gone_at_once(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.share(db, cast.alice, cast.frank, Scope.SCORES, lasts=timedelta(0))
    assert everybody(database, cast.frank) == {}


def test_what_sorts_a_person_is_read_from_their_line(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, 6, on=date(2026, 3, 28))
        builders.treatment(db, cast.alice, date(2026, 3, 13))
    alice = everybody(database, cast.bob)["Alice"]
    assert (alice.is_behind, alice.kinds, alice.silent_days) == (True, 0, None)
    lists.keep(database)
    alice = everybody(database, cast.bob)["Alice"]
    assert (alice.is_behind, alice.silent_days) == (False, 2)
    assert (str(alice.last_check_in_on), str(alice.last_session_on)) == ("2026-03-28", "2026-03-13")
    for_frank = everybody(database, cast.frank)["Alice"]
    assert (str(for_frank.last_check_in_on), for_frank.last_session_on) == ("2026-03-28", None)


def test_a_visit_of_today_counts_and_one_with_another_provider_does_not(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, Scope.SCORES)
        builders.appointment(db, cast.dan, TODAY, with_=cast.bob, at=time(9, 0))
        builders.appointment(db, cast.alice, TODAY, with_=cast.frank)
    found = everybody(database, cast.bob)
    assert (found["Dan"].comes_today, found["Alice"].comes_today) == (True, False)
    assert found["Alice"].next_visit is None


def test_rows_come_as_they_were_asked_for_and_only_of_ones_own(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, *SUGGESTED, visible_from=date(2026, 3, 2))
    found = everybody(database, cast.bob)
    ids = [found["Dan"].consent_id, found["Alice"].consent_id]
    with database.look() as db:
        rows = caseloads.entries_of(db, cast.bob.provider_id, ids, now=NOW, today_starts=MIDNIGHT)
        others = caseloads.entries_of(db, cast.frank.provider_id, ids, now=NOW, today_starts=MIDNIGHT)
    assert [row.display_name for row in rows] == ["Dan", "Alice"]
    assert (rows[0].sight, rows[0].facts) == (Sight(SUGGESTED, date(2026, 3, 2)), None)
    assert others == []


def test_people_can_be_read_some_at_a_time_by_name(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, Scope.SCORES)
        some = caseloads.readable_by(db, cast.bob.provider_id, now=NOW, limit=1, offset=1)
        assert [(patient.display_name, seen.scopes) for patient, seen in some] == [
            ("Dan", frozenset({Scope.SCORES}))
        ]
        assert caseloads.count_readable_by(db, cast.bob.provider_id, now=NOW) == 2
        assert caseloads.count_readable_by(db, cast.carol.provider_id, now=NOW) == 0


def test_what_a_course_treats_is_opened_only_for_those_that_say_it(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        said = courses.add_course(
            db, cast.alice.patient_id, phase=Phase.MAINTENANCE, indication="Depression", now=NOW
        )
        silent = courses.add_course(db, cast.dan.patient_id, phase=Phase.MAINTENANCE, now=NOW)
        assert caseloads.indications_of(db, [said, silent]) == {said: "Depression"}
        assert caseloads.indications_of(db, []) == {}
