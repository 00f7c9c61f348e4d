"""The caseload's rows: who is in it, in which order, and how little of each person a consent opens."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from journal.domain.consents import SUGGESTED, Scope
from journal.services.patients import begin_journal
from journal.storage import patients
from journal.storage.accounts import Role, add_account, disable_account
from journal.storage.database import Database
from journal.storage.patients import Caseload, CaseloadEntry, CaseloadOrder
from tests import builders
from tests.cast import NOW, ZONE, Cast, Person

TODAY = date(2026, 3, 30)
MIDNIGHT = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)


def another(database: Database, name: str) -> Person:
    with database.unit_of_work() as db:
        account = add_account(db, f"{name.lower()}@example.net", Role.PATIENT, now=NOW)
        row = begin_journal(db, account.id, display_name=name, zone=ZONE, now=NOW)
        return Person(name, account.email, account.id, patient_id=row.id, public_id=row.public_id)


def caseload(
    database: Database,
    reader: Person,
    *,
    order: CaseloadOrder = CaseloadOrder.NAME,
    search: str = "",
    now: datetime = NOW,
    limit: int = 50,
    offset: int = 0,
) -> Caseload:
    with database.look() as db:
        return patients.caseload(
            db,
            reader.provider_id,
            now=now,
            today_starts=MIDNIGHT,
            today_ends=MIDNIGHT + timedelta(days=1),
            order=order,
            limit=limit,
            offset=offset,
            search=search,
        )


def names(found: Caseload) -> list[str]:
    return [entry.display_name for entry in found.entries]


def alice_for(database: Database, reader: Person) -> CaseloadEntry:
    (entry,) = caseload(database, reader).entries
    return entry


def test_a_caseload_holds_whoever_shares_now_and_nobody_else(database: Database, cast: Cast) -> None:
    assert names(caseload(database, cast.bob)) == ["Alice"]
    assert names(caseload(database, cast.carol)) == []
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, Scope.SCORES, lasts=timedelta(days=1))
    assert names(caseload(database, cast.bob)) == ["Alice", "Dan"]
    assert names(caseload(database, cast.bob, now=NOW + timedelta(days=1))) == ["Alice"]


def test_who_has_ended_sharing_is_gone_at_once(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.share(db, cast.alice, cast.frank, Scope.SCORES, lasts=timedelta(0))
    assert names(caseload(database, cast.frank)) == []


def test_a_closed_scope_leaves_nothing_in_the_row(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.check_in(db, cast.alice, 6)
        builders.treatment(db, cast.alice, date(2026, 3, 13))
        builders.share(db, cast.alice, cast.bob, Scope.SESSIONS)
        builders.share(db, cast.alice, cast.frank, Scope.SCORES)
    for_bob, for_frank = alice_for(database, cast.bob), alice_for(database, cast.frank)
    assert (for_bob.last_check_in_on, for_bob.last_check_in_at, for_bob.tail) == (None, None, [])
    assert for_bob.last_session_on == date(2026, 3, 13)
    assert for_frank.last_check_in_on == TODAY
    assert (for_frank.last_session_on, for_frank.session_dates) == (None, [])


def test_days_before_the_first_visible_one_leave_nothing_in_the_row(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        for day, mood in ((date(2026, 3, 20), 2), (date(2026, 3, 25), 7)):
            builders.check_in(db, cast.alice, mood, on=day)
            builders.treatment(db, cast.alice, day)
        builders.share(db, cast.alice, cast.bob, *SUGGESTED, visible_from=date(2026, 3, 21))
        builders.share(db, cast.alice, cast.frank, *SUGGESTED, visible_from=date(2026, 3, 26))
    for_bob, for_frank = alice_for(database, cast.bob), alice_for(database, cast.frank)
    assert for_bob.tail == [["2026-03-25", 7.0, 1, 1]]
    assert for_bob.session_dates == [date(2026, 3, 25)]
    assert (for_frank.tail, for_frank.last_check_in_on, for_frank.last_session_on) == ([], None, None)


def test_those_with_a_visit_today_come_first(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.share(db, cast.dan, cast.bob, Scope.SCORES)
        builders.appointment(db, cast.dan, TODAY, with_=cast.bob, at=time(9, 0))
    found = caseload(database, cast.bob)
    assert names(found) == ["Dan", "Alice"]
    assert (found.people, found.visits_today) == (2, 1)


def test_a_visit_with_another_provider_is_not_ours_to_see(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.appointment(db, cast.alice, date(2026, 4, 2), with_=cast.frank)
    assert alice_for(database, cast.bob).next_visit_at is None
    assert alice_for(database, cast.frank).next_visit_at is not None


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        (CaseloadOrder.NAME, ["Alice", "Ben", "Cleo", "Dan"]),
        (CaseloadOrder.NEXT_VISIT, ["Dan", "Ben", "Alice", "Cleo"]),
        (CaseloadOrder.LAST_CHECK_IN, ["Cleo", "Ben", "Alice", "Dan"]),
        (CaseloadOrder.LAST_SESSION, ["Dan", "Alice", "Ben", "Cleo"]),
    ],
)
def test_a_caseload_can_be_sorted(
    database: Database, cast: Cast, order: CaseloadOrder, expected: list[str]
) -> None:
    """The longest ago comes first, whoever has nothing or does not share it last."""
    ben, cleo = another(database, "Ben"), another(database, "Cleo")
    with database.unit_of_work() as db:
        for person in (ben, cleo):
            builders.share(db, person, cast.bob, *SUGGESTED)
        builders.share(db, cast.dan, cast.bob, Scope.SESSIONS)
        for person, day in ((cast.alice, 28), (ben, 27), (cleo, 26), (cast.dan, 1)):
            builders.check_in(db, person, 5, on=date(2026, 3, day))
        builders.treatment(db, cast.dan, date(2026, 3, 2))
        builders.treatment(db, cast.alice, date(2026, 3, 9))
        builders.appointment(db, cast.dan, date(2026, 4, 2), with_=cast.bob)
        builders.appointment(db, ben, date(2026, 4, 3), with_=cast.bob)
    assert names(caseload(database, cast.bob, order=order)) == expected


def test_a_page_is_a_part_of_the_whole(database: Database, cast: Cast) -> None:
    for name in ("Ben", "Cleo", "Emil"):
        person = another(database, name)
        with database.unit_of_work() as db:
            builders.share(db, person, cast.bob, Scope.SCORES)
    found = caseload(database, cast.bob, limit=2, offset=2)
    assert names(found) == ["Cleo", "Emil"]
    assert (found.people, found.matching) == (4, 4)


@pytest.mark.parametrize("search", ["lucia", "LUCÍA", " Ána-", "a-lu"])
def test_a_name_is_found_whatever_its_capitals_and_accents(
    database: Database, cast: Cast, search: str
) -> None:
    person = another(database, "Ana-Lucía R.")
    with database.unit_of_work() as db:
        builders.share(db, person, cast.bob, Scope.SCORES)
    found = caseload(database, cast.bob, search=search)
    assert names(found) == ["Ana-Lucía R."]
    assert (found.people, found.matching) == (2, 1)


def test_a_search_finds_nobody_who_does_not_share(database: Database, cast: Cast) -> None:
    assert names(caseload(database, cast.bob, search="Dan")) == []
    assert names(caseload(database, cast.bob, search="%")) == []


def test_only_starred_notes_that_were_shared_are_counted(database: Database, cast: Cast) -> None:
    since = {cast.alice.patient_id: date(2026, 3, 20), cast.dan.patient_id: date(2026, 3, 1)}
    with database.unit_of_work() as db:
        for day, more in (
            (25, {"note": "one", "note_shared": True, "starred": True}),
            (20, {"note": "two", "note_shared": True, "starred": True}),
            (19, {"note": "too early", "note_shared": True, "starred": True}),
            (26, {"note": "private", "starred": True}),
            (27, {"note": "not starred", "note_shared": True}),
            (28, {"note_shared": True, "starred": True}),
        ):
            builders.check_in(db, cast.alice, 5, on=date(2026, 3, day), **more)
        assert patients.starred_counts(db, since) == {cast.alice.patient_id: 2}
        assert patients.starred_counts(db, {}) == {}


def test_readers_are_those_who_may_read_now(database: Database, cast: Cast) -> None:
    with database.look() as db:
        readers = patients.readers_of(db, cast.alice.patient_id, now=NOW)
        later = patients.readers_of(db, cast.alice.patient_id, now=NOW + timedelta(days=400))
    assert [(one.name, one.sight.scopes) for one in readers] == [
        ("Bob", frozenset(Scope)),
        ("Frank", frozenset({Scope.SCORES})),
    ]
    assert later == []


def test_whoever_has_left_is_no_reader(database: Database, cast: Cast) -> None:
    """The switch beside a note names who would read it: not somebody who cannot sign in any more."""
    with database.unit_of_work() as db:
        disable_account(db, cast.bob.account_id, now=NOW)
        readers = patients.readers_of(db, cast.alice.patient_id, now=NOW)
    assert [one.name for one in readers] == ["Frank"]


def test_a_patient_is_found_through_a_live_consent_alone(database: Database, cast: Cast) -> None:
    def found(reader: Person, now: datetime = NOW) -> bool:
        with database.look() as db:
            seen = patients.patient_visible_to(db, reader.provider_id, cast.alice.public_id, now=now)
        return seen is not None

    assert found(cast.bob)
    assert not found(cast.carol)
    assert not found(cast.bob, NOW + timedelta(days=365))
    with database.unit_of_work() as db:
        builders.share(db, cast.alice, cast.bob, Scope.SCORES, now=NOW, lasts=timedelta(0))
    assert not found(cast.bob)
