"""What stands beside the figures of one person: from what is open, and in which order."""

from __future__ import annotations

from datetime import date

from journal.domain.consents import Scope, Sight
from journal.storage.database import Database
from journal.web.patient_asides import PatientAside, read_patient_aside
from tests import builders
from tests.builders import the_patient
from tests.cast import NOW, Cast
from tests.conftest import Site


def fill(database: Database, cast: Cast) -> None:
    with database.unit_of_work() as db:
        builders.medicine(db, cast.alice, "Sertraline", since=date(2026, 1, 5))
        builders.medicine(db, cast.alice, "Over", until=date(2026, 3, 1))
        for day in range(1, 8):
            builders.moment(db, cast.alice, date(2026, 3, day), f"Moment {day}", shared=True)
        builders.long_term_check(db, cast.alice, date(2026, 3, 16), craving_or_extra_use=1)


def read(database: Database, cast: Cast, *scopes: Scope) -> PatientAside:
    with database.look() as db:
        sight = Sight(frozenset(scopes), None)
        return read_patient_aside(
            db, the_patient(db, cast.alice), sight, provider_id=cast.bob.provider_id, now=NOW
        )


def test_what_is_taken_now_and_the_latest_five_moments(site: Site) -> None:
    fill(site.database, site.cast)
    aside = read(site.database, site.cast, *Scope)
    assert [line.kept.taken.name for line in aside.medicines] == ["Sertraline"]
    assert [line.kept.moment.label for line in aside.moments] == [f"Moment {day}" for day in (7, 6, 5, 4, 3)]
    assert [line.what for line in aside.flags] == ["Wanting or using ketamine outside the plan reported"]
    assert aside.last_check == date(2026, 3, 16)


def test_nothing_of_a_scope_that_is_closed(site: Site) -> None:
    fill(site.database, site.cast)
    assert read(site.database, site.cast, Scope.SCORES) == PatientAside([], None, [], [], False)
    assert len(read(site.database, site.cast, Scope.NOTES).moments) == 5


def test_the_patient_page_shows_all_of_it_and_its_rules(site: Site) -> None:
    fill(site.database, site.cast)
    page = site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}").text
    assert "Reported over longer times" in page
    assert "Rule: any yes." in page
    assert "Last two-weekly check: 16 March 2026." in page
    assert "Sertraline, 50 mg" in page
    assert "Moment 7" in page
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.alice, site.cast.bob, Scope.SCORES)
    page = site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}").text
    for words in ("Reported over longer times", "Sertraline", "Moment 7", "Medicines"):
        assert words not in page
