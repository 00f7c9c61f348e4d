"""What a brief is made of: how much is asked, and that nothing of it is closed to its reader."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from journal.domain.consents import Scope, Sight
from journal.web.brief_rows import BriefRows, read_brief_rows
from tests import builders
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


def test_the_page_before_a_visit_asks_few_questions(site: Site) -> None:
    fill(site)
    bob = site.as_(site.cast.bob)
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    sa.event.listen(site.database.engine, "before_cursor_execute", note)
    bob.get(f"/patients/{site.cast.alice.public_id}")
    sa.event.remove(site.database.engine, "before_cursor_execute", note)
    tables = [statement.split("FROM ")[1].split()[0] for statement in seen if "FROM " in statement]
    assert tables.count("check_in") <= 4  # numbers, shared notes, mornings, what only some are asked
    assert len(seen) <= 28


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
