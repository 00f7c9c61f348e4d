"""What a brief is made of: how much is asked, and that nothing of it is closed to its reader."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from journal.domain.consents import Scope, Sight
from journal.web.brief.rows import BriefRows, read_brief_rows
from tests import builders, flagging
from tests.builders import the_patient
from tests.cast import NOW
from tests.conftest import Site


def rows(site: Site, *scopes: Scope, visible_from: date | None = None) -> BriefRows:
    with site.database.look() as db:
        return read_brief_rows(
            db,
            the_patient(db, site.cast.alice),
            Sight(frozenset(scopes), visible_from),
            provider_id=site.cast.bob.provider_id,
            now=NOW,
        )


def fill(site: Site) -> None:
    alice = site.cast.alice
    with site.database.unit_of_work() as db:
        builders.check_in(db, alice, 3, on=date(2026, 3, 10), note="Shared.", note_shared=True)
        builders.check_in(db, alice, 6, on=date(2026, 3, 25))
        builders.treatment(db, alice, date(2026, 3, 12), by=site.cast.bob)
        builders.medicine(db, alice, "Sertraline", since=date(2026, 1, 5))
        builders.moment(db, alice, date(2026, 3, 1), "New job", shared=True)
        builders.long_term_check(db, alice, date(2026, 3, 16))


def heard(site: Site) -> list[str]:
    """What is said to the database from now on, also past SQLAlchemy: by whom a page is asked for is in it."""
    said: list[str] = []
    sa.event.listen(site.database.engine, "checkout", lambda raw, *_: raw.set_trace_callback(said.append))
    return said


def test_the_page_before_a_visit_asks_few_questions(site: Site) -> None:
    fill(site)
    bob = site.as_(site.cast.bob)
    said = heard(site)

    bob.get(f"/patients/{site.cast.alice.public_id}")

    asked = [statement for statement in said if statement.startswith("SELECT")]
    tables = [statement.split("FROM ")[1].split()[0] for statement in asked]
    assert tables.count("check_in") == 3  # numbers, shared notes, what else the days say
    assert tables.count("treatment_session") == 2  # all of them, and the records of the last weeks
    assert tables.count("course") == 1
    assert len(asked) <= 25


def test_what_waits_with_other_patients_is_not_opened_for_it(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.share(db, site.cast.dan, site.cast.bob, *Scope)
        flagging.answer(db, site.cast.dan, {"9": 2})
        flagging.answer(db, site.cast.alice, {"9": 1})
    said = heard(site)

    found = rows(site, *Scope)

    assert [seen.patient_public_id for seen in found.flags] == [site.cast.alice.public_id]
    assert [one for one in said if "FROM patient_key" in one and " IN (" in one] == []


def test_nothing_of_a_closed_scope_is_among_them(site: Site) -> None:
    fill(site)
    closed = rows(site)
    for name in ("treatments", "days", "notes", "scores", "medicines", "moments", "checks", "side_effects"):
        assert list(getattr(closed, name)) == [], name
    assert closed.course is None
    assert closed.records == {}


def test_the_first_day_that_counts_is_the_first_visible_one(site: Site) -> None:
    fill(site)
    assert rows(site, *Scope).first_day == date(2026, 3, 10)
    assert [day.local_date for day in rows(site, *Scope, visible_from=date(2026, 3, 20)).days] == [
        date(2026, 3, 25)
    ]
    assert rows(site, *Scope, visible_from=date(2026, 3, 20)).first_day == date(2026, 3, 25)


def test_a_visit_that_was_cancelled_or_is_today_is_not_the_last_one(site: Site) -> None:
    with site.database.unit_of_work() as db:
        builders.appointment(db, site.cast.alice, date(2026, 3, 2), with_=site.cast.bob)
        builders.appointment(db, site.cast.alice, date(2026, 3, 30), with_=site.cast.bob)
    found = rows(site, *Scope)
    assert found.last_visit == date(2026, 3, 2)
    assert found.next_visit is not None
    assert found.landmarks.last_visit == date(2026, 3, 2)
