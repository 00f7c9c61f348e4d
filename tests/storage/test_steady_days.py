"""The steady days of a course, which a provider chose."""

from __future__ import annotations

from datetime import date

from journal.domain.treatments import Phase
from journal.storage import courses, steady_days
from journal.storage.database import Database
from tests.cast import NOW, Cast

CHOSEN = (date(2026, 3, 1), date(2026, 3, 20))


def test_each_course_has_its_own_and_they_can_be_taken_back(database: Database, cast: Cast) -> None:
    alice, bob = cast.alice.patient_id, cast.bob.provider_id
    with database.unit_of_work() as db:
        before = courses.add_course(db, alice, phase=Phase.ENDED, now=NOW)
        present = courses.add_course(db, alice, phase=Phase.MAINTENANCE, now=NOW)
        steady_days.put_steady_days(db, alice, present, CHOSEN, by_provider_id=bob, now=NOW)
        assert steady_days.steady_days_of(db, alice) == {present: CHOSEN}
        later = (date(2026, 3, 2), date(2026, 3, 21))
        steady_days.put_steady_days(db, alice, present, later, by_provider_id=bob, now=NOW)
        steady_days.put_steady_days(db, alice, before, CHOSEN, by_provider_id=bob, now=NOW)
        assert steady_days.steady_days_of(db, alice) == {present: later, before: CHOSEN}
        steady_days.put_steady_days(db, alice, present, None, by_provider_id=bob, now=NOW)
        assert steady_days.steady_days_of(db, alice) == {before: CHOSEN}
        assert steady_days.steady_days_of(db, cast.dan.patient_id) == {}
