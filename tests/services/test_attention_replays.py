"""Trying rules on the past looks at one's own patients alone, and says of how many."""

from __future__ import annotations

from datetime import date, timedelta

from journal.domain.attention import Kind, Shown
from journal.domain.consents import Scope
from journal.services.attention_replays import Tried, try_on_the_past
from journal.storage.database import Database
from tests import builders
from tests.cast import NOW, Cast, Person

TODAY = date(2026, 3, 30)


def tried(database: Database, reader: Person, *, page: int = 1, days: int = 28) -> Tried:
    with database.look() as db:
        return try_on_the_past(db, reader.provider_id, Shown(silence_days=5), days=days, page=page, now=NOW)


def test_somebody_who_was_silent_is_listed_with_the_dates(
    sqlite_database: Database, sqlite_cast: Cast
) -> None:
    with sqlite_database.unit_of_work() as db:
        for day in (date(2026, 3, 10), date(2026, 3, 16), date(2026, 3, 29)):
            builders.mood_days(db, sqlite_cast.alice, {day: 6})
    found = tried(sqlite_database, sqlite_cast.bob)
    (alice,) = found.listed
    silent = (date(2026, 3, 15), *(date(2026, 3, 21) + timedelta(days=more) for more in range(8)))
    assert (alice.name, alice.dates, alice.days) == ("Alice", {Kind.SILENCE: silent}, 9)
    assert (found.looked_at, found.people, found.has_more) == (1, 1, False)


def test_nobody_elses_patients_are_looked_at(sqlite_database: Database, sqlite_cast: Cast) -> None:
    with sqlite_database.unit_of_work() as db:
        builders.mood_days(db, sqlite_cast.alice, {date(2026, 3, 1): 6})
        builders.mood_days(db, sqlite_cast.dan, {date(2026, 3, 1): 6})
    found = tried(sqlite_database, sqlite_cast.carol)
    assert (found.listed, found.looked_at, found.people) == ((), 0, 0)


def test_what_is_not_shared_lists_nobody(sqlite_database: Database, sqlite_cast: Cast) -> None:
    with sqlite_database.unit_of_work() as db:
        builders.mood_days(db, sqlite_cast.alice, {date(2026, 3, 1): 6})
        builders.share(db, sqlite_cast.alice, sqlite_cast.bob, Scope.SESSIONS)
    found = tried(sqlite_database, sqlite_cast.bob)
    assert (found.listed, found.looked_at) == ((), 1)


def test_the_days_asked_for_are_the_ones_looked_at(sqlite_database: Database, sqlite_cast: Cast) -> None:
    with sqlite_database.unit_of_work() as db:
        builders.mood_days(db, sqlite_cast.alice, {date(2026, 1, 1): 6})
    four, twelve = (tried(sqlite_database, sqlite_cast.bob, days=days) for days in (28, 84))
    assert (four.listed[0].days, twelve.listed[0].days) == (28, 84)
    assert four.listed[0].dates[Kind.SILENCE][0] == date(2026, 3, 3)


def test_what_was_reported_over_the_weeks_is_tried_too(sqlite_database: Database, sqlite_cast: Cast) -> None:
    with sqlite_database.unit_of_work() as db:
        builders.mood_days(db, sqlite_cast.alice, {TODAY - timedelta(days=back): 6 for back in range(60)})
        builders.long_term_check(db, sqlite_cast.alice, date(2026, 2, 20), memory_trouble=2)
        builders.long_term_check(db, sqlite_cast.alice, date(2026, 3, 28), memory_trouble=2)
    (alice,) = tried(sqlite_database, sqlite_cast.bob).listed
    assert alice.dates == {Kind.WATCHED: (date(2026, 3, 28), date(2026, 3, 29), TODAY)}
    with sqlite_database.unit_of_work() as db:
        builders.share(db, sqlite_cast.alice, sqlite_cast.bob, Scope.SCORES)
    assert tried(sqlite_database, sqlite_cast.bob).listed == ()
