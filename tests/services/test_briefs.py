"""What to talk about, gathered for one reader: only from what is open, and without a trace of what is private."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import combinations

import pytest
from sqlalchemy.orm import Session

from journal.domain.checkins import CheckIn
from journal.domain.consents import WHOLE, Scope, Sight
from journal.domain.talking_points import (
    Held,
    ItemChanges,
    Kind,
    LowDays,
    Measure,
    Sleep,
    StarredNotes,
    StillOpen,
    TalkingPoint,
)
from journal.services.briefs import points_for
from journal.services.checkins import amend_check_in
from journal.services.insights import insights_for
from journal.storage.database import Database
from tests import talking
from tests.builders import the_patient
from tests.cast import NOW, Cast
from tests.talking import TODAY, VISIT

NEEDS: dict[Kind, set[Scope]] = {
    Kind.STARRED: {Scope.NOTES},
    Kind.LOW_DAYS: {Scope.SCORES},
    Kind.HELD: {Scope.SCORES, Scope.SESSIONS},
    Kind.ITEMS: {Scope.ASSESSMENTS},
    Kind.SLEEP: {Scope.SCORES},
    Kind.STILL_OPEN: {Scope.SESSIONS},
    Kind.DAYTIME: {Scope.SCORES},
}


def points(
    database: Database,
    cast: Cast,
    sight: Sight = WHOLE,
    *,
    last_visit: date | None = VISIT,
    until: date = TODAY,
) -> tuple[TalkingPoint, ...]:
    with database.look() as db:
        patient = the_patient(db, cast.alice)
        return points_for(
            db,
            patient,
            sight,
            insights_for(db, patient, sight, until=until),
            last_visit=last_visit,
        )


def test_a_journal_says_what_there_is_to_talk_about(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        kept = talking.keep(db, cast.alice)
    starred, low, held, items, sleep, still_open, daytime = points(database, cast)
    (note,) = [one for one in kept if one.body.starred]
    assert isinstance(starred, StarredNotes)
    assert [(one.check_in_id, one.local_date) for one in starred.notes] == [
        (note.public_id, date(2026, 3, 21))
    ]
    assert isinstance(low, LowDays)
    assert [(one.local_date, one.mood, one.usual, one.n) for one in low.days] == [
        (date(2026, 3, 25), 3, 7, 7)
    ]
    assert isinstance(held, Held)
    assert (held.last.label, held.last.days, held.last.is_lost) == ("S2", 28, False)
    assert [(one.label, one.days, one.is_lost) for one in held.earlier] == [("S1", 10, True)]
    assert isinstance(items, ItemChanges)
    assert [(one.item, one.now, one.before) for one in items.changes] == [("3", 3, 1)]
    assert isinstance(sleep, Sleep)
    assert [(one.measure, one.now, one.before, one.n, one.n_before) for one in sleep.compared] == [
        (Measure.SLEEP_HOURS, 5.5, 7.5, 14, 14),
        (Measure.SHORT_NIGHTS, 14, 0, 14, 14),
    ]
    assert isinstance(still_open, StillOpen)
    assert [one.code.value for one in still_open.effects] == ["headache"]
    assert still_open.flags == ()
    assert daytime.kind is Kind.DAYTIME


def test_each_line_needs_its_scopes_and_no_other(sqlite_database: Database, sqlite_cast: Cast) -> None:
    with sqlite_database.unit_of_work() as db:
        talking.keep(db, sqlite_cast.alice)
    for scopes in (set(some) for n in range(6) for some in combinations(Scope, n)):
        found = points(sqlite_database, sqlite_cast, Sight(frozenset(scopes), None))
        assert [one.kind for one in found] == [kind for kind, needed in NEEDS.items() if needed <= scopes]


@pytest.mark.parametrize("starred", [True, False])
def test_a_private_note_changes_no_line(sqlite_database: Database, sqlite_cast: Cast, starred: bool) -> None:
    with sqlite_database.unit_of_work() as db:
        kept = talking.keep(db, sqlite_cast.alice)
    sights = [WHOLE, Sight(frozenset(Scope), None), Sight(frozenset({Scope.NOTES}), None)]
    before = [points(sqlite_database, sqlite_cast, sight) for sight in sights]
    with sqlite_database.unit_of_work() as db:
        for one in kept:
            if not one.body.note and one.body.local_date > VISIT:
                write_note(db, sqlite_cast, one, starred=starred, shared=False)
    assert [points(sqlite_database, sqlite_cast, sight) for sight in sights] == before
    with sqlite_database.unit_of_work() as db:  # the same words shared do change one
        write_note(db, sqlite_cast, kept[-1], starred=True, shared=True, seen=2)
    assert [points(sqlite_database, sqlite_cast, sight) for sight in sights] != before


def write_note(db: Session, cast: Cast, one: CheckIn, *, starred: bool, shared: bool, seen: int = 1) -> None:
    amend_check_in(
        db,
        the_patient(db, cast.alice),
        check_in_id=one.public_id,
        seen_version=seen,
        body=replace(one.body, note="kestrel, a canary", starred=starred, note_shared=shared),
        recorded_at=NOW,
        now=NOW,
    )


def test_days_that_are_not_open_say_nothing(sqlite_database: Database, sqlite_cast: Cast) -> None:
    with sqlite_database.unit_of_work() as db:
        talking.keep(db, sqlite_cast.alice)
    late = points(sqlite_database, sqlite_cast, Sight(frozenset(Scope), date(2026, 3, 22)))
    assert late == ()  # the low day of the 25th has three days before it, and the questionnaire none
    earlier = points(sqlite_database, sqlite_cast, Sight(frozenset(Scope), date(2026, 3, 21)))
    assert [one.kind for one in earlier] == [Kind.STARRED, Kind.LOW_DAYS]


def test_what_comes_after_the_last_day_is_not_known_yet(sqlite_database: Database, sqlite_cast: Cast) -> None:
    with sqlite_database.unit_of_work() as db:
        talking.keep(db, sqlite_cast.alice)
        talking.raise_flag(db, sqlite_cast.alice)
    found = points(sqlite_database, sqlite_cast, until=date(2026, 3, 16), last_visit=date(2026, 3, 10))
    assert [one.kind for one in found] == [Kind.HELD, Kind.STILL_OPEN]
    assert isinstance(found[1], StillOpen)
    assert found[1].flags == ()


def test_an_answer_that_waits_is_named_by_its_date_where_it_is_open(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        talking.raise_flag(db, cast.alice)
    for sight in (WHOLE, Sight(frozenset({Scope.ASSESSMENTS}), TODAY)):
        (line,) = points(database, cast, sight)
        assert isinstance(line, StillOpen)
        assert [(one.watched, one.dates) for one in line.flags] == [(None, (TODAY,))]
    assert points(database, cast, Sight(frozenset(Scope) - {Scope.ASSESSMENTS}, None)) == ()
    assert points(database, cast, Sight(frozenset(Scope), date(2026, 3, 31))) == ()


def test_without_a_visit_the_last_four_weeks_are_looked_at(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    with sqlite_database.unit_of_work() as db:
        talking.keep(db, sqlite_cast.alice)
    found = points(sqlite_database, sqlite_cast, last_visit=None)
    assert [one.key for one in found][:2] == ["starred:4w", "low_days:4w"]
