"""Reading a provider's list: who is in it, whose visits count, and how little a row holds without its line."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa

from journal.domain.caseloads import LATER, Numbers, Only, Order, Why, arrange
from journal.domain.caseloads import Person as Listed
from journal.domain.consents import SUGGESTED, Scope, Sight
from journal.domain.treatments import Phase
from journal.services.patients import begin_journal
from journal.storage import caseloads, courses
from journal.storage.accounts import Role, add_account
from journal.storage.caseload_lines import CaseloadLine
from journal.storage.caseloads import ClinicDay
from journal.storage.database import Database
from tests import builders, lists
from tests.cast import NOW, ZONE, Cast, Person

MIDNIGHT = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def day(now: datetime = NOW) -> ClinicDay:
    return ClinicDay(now, MIDNIGHT, MIDNIGHT + DAY)


def everybody(
    database: Database, reader: Person, *, now: datetime = NOW, **more: Order | Only | int
) -> dict[str, Listed]:
    with database.look() as db:
        found = caseloads.everybody_who_shares(db, reader.provider_id, day(now), **more)  # type: ignore[arg-type]
    return {one.name: one for one in found}


def numbers(database: Database, reader: Person, *, now: datetime = NOW) -> Numbers:
    with database.look() as db:
        return caseloads.numbers_of(db, reader.provider_id, day(now))


def test_a_list_holds_whoever_shares_now_and_nobody_else(database: Database, cast: Cast) -> None:
    assert list(everybody(database, cast.bob)) == ["Alice"]
    assert everybody(database, cast.carol) == {}
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, Scope.SCORES, lasts=DAY)
    assert set(everybody(database, cast.bob)) == {"Alice", "Dan"}
    assert list(everybody(database, cast.bob, now=NOW + DAY)) == ["Alice"]
    assert numbers(database, cast.bob).people == 2
    assert numbers(database, cast.bob, now=NOW + DAY).people == 1


def test_who_has_ended_sharing_is_gone_at_once(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.share(db, cast.alice, cast.frank, Scope.SCORES, lasts=timedelta(0))
    assert everybody(database, cast.frank) == {}
    assert numbers(database, cast.frank).people == 0


def test_what_sorts_a_person_is_read_from_their_line(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, 6, on=date(2026, 3, 28))
        builders.treatment(db, cast.alice, date(2026, 3, 13))
    assert everybody(database, cast.bob)["Alice"].why == Why.NOTHING
    assert everybody(database, cast.bob, order=Order.LAST_CHECK_IN)["Alice"].by is None
    lists.keep(database)
    by = {order: everybody(database, cast.bob, order=order)["Alice"].by for order in Order}
    assert (str(by[Order.LAST_CHECK_IN]), str(by[Order.LAST_SESSION])) == ("2026-03-28", "2026-03-13")
    assert (by[Order.PHQ9], by[Order.NAME]) == (None, None)
    assert everybody(database, cast.frank, order=Order.LAST_SESSION)["Alice"].by is None


def test_lines_that_are_behind_are_counted_and_named_those_that_changed_first(
    database: Database, cast: Cast
) -> None:
    lists.keep(database)
    assert numbers(database, cast.bob).behind == 0
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, Scope.SCORES)
    new, old = (everybody(database, cast.bob)[name].consent_id for name in ("Dan", "Alice"))
    with database.unit_of_work() as db:
        assert caseloads.behind_of(db, cast.bob.provider_id, [], day()) == [new]
        builders.check_in(db, cast.alice, 6)
    assert numbers(database, cast.bob).behind == 2
    with database.look() as db:
        assert caseloads.behind_of(db, cast.bob.provider_id, [new], day()) == [old, new]
    lists.keep(database)
    tomorrow = NOW + DAY
    assert numbers(database, cast.bob, now=tomorrow).behind == 2
    with database.look() as db:
        assert caseloads.behind_of(db, cast.bob.provider_id, [new], day(tomorrow)) == [new, old]


def test_a_visit_of_today_counts_and_one_with_another_provider_does_not(
    database: Database, cast: Cast
) -> None:
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, Scope.SCORES)
        builders.appointment(db, cast.dan, date(2026, 3, 30), with_=cast.bob, at=time(9, 0))
        builders.appointment(db, cast.alice, date(2026, 3, 30), with_=cast.frank)
    lists.keep(database)
    found = everybody(database, cast.bob)
    assert (found["Dan"].why, found["Alice"].why) == (Why.VISIT_TODAY, Why.NOTHING)
    assert found["Alice"].key == LATER
    assert list(everybody(database, cast.bob, only=Only.TODAY)) == ["Dan"]
    assert numbers(database, cast.bob) == Numbers(people=2, first=0, today=1, behind=0)


def test_a_list_can_be_of_those_who_were_not_heard_from(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, Scope.SCORES)
        builders.check_in(db, cast.alice, 6, on=date(2026, 3, 26))
        builders.check_in(db, cast.dan, 6)
    lists.keep(database)
    assert list(everybody(database, cast.bob, only=Only.SILENT, silent_from=4)) == ["Alice"]
    assert everybody(database, cast.bob, only=Only.SILENT, silent_from=5) == {}
    assert everybody(database, cast.bob, only=Only.FIRST) == {}


def test_a_page_from_the_index_is_the_page_of_everybody_in_order(database: Database, cast: Cast) -> None:
    """Names decide where several stand in one place; and places are few, so that every page cuts through one."""
    chance = random.Random(14)
    with database.unit_of_work() as db:
        ids = []
        for number in range(60):
            account = add_account(db, f"n{number}@example.net", Role.PATIENT, now=NOW)
            name = chance.choice(["éva", "Éva", "zoe", "Ada", "ada", "Άννα", "άννα", "Ömer"]) + str(
                number % 7
            )
            row = begin_journal(db, account.id, display_name=name, zone=ZONE, now=NOW)
            ids.append(row.id)
            person = Person(name, account.email, account.id, patient_id=row.id)
            builders.share(db, person, cast.bob, Scope.SCORES)
        for patient_id in ids:
            place = {"why": chance.randrange(9), "place_key": chance.choice([-30, 0, 0, LATER])}
            db.execute(
                sa.update(CaseloadLine)
                .where(
                    CaseloadLine.patient_id == patient_id, CaseloadLine.provider_id == cast.bob.provider_id
                )
                .values(**place)
            )
    with database.look() as db:
        in_order = arrange(caseloads.everybody_who_shares(db, cast.bob.provider_id, day()))
        assert len(in_order) == 61
        for most in (1, 7, 50):
            for start in range(0, 70, 3):
                people, before = caseloads.page_of(db, cast.bob.provider_id, day(), start=start, most=most)
                page = arrange(people)[start - before :][:most]
                assert page == in_order[start : start + most]


def test_rows_come_as_they_were_asked_for_and_only_of_ones_own(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, *SUGGESTED, visible_from=date(2026, 3, 2))
    found = everybody(database, cast.bob)
    ids = [found["Dan"].consent_id, found["Alice"].consent_id]
    with database.look() as db:
        rows = caseloads.entries_of(db, cast.bob.provider_id, ids, now=NOW)
        others = caseloads.entries_of(db, cast.frank.provider_id, ids, now=NOW)
    assert [row.display_name for row in rows] == ["Dan", "Alice"]
    assert (rows[0].sight, rows[0].why, rows[0].facts) == (
        Sight(SUGGESTED, date(2026, 3, 2)),
        Why.NOTHING,
        None,
    )
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
