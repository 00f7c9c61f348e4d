"""What stands on a brief for its reader alone."""

from __future__ import annotations

from journal.domain.consents import Scope, Sight
from journal.web.brief.desks import Desk, read_desk
from journal.web.brief.rows import read_brief_rows
from tests import briefing, builders, flagging
from tests.builders import the_patient
from tests.cast import NOW
from tests.conftest import Site


def desk(site: Site) -> Desk:
    with site.database.look() as db:
        rows = read_brief_rows(
            db,
            the_patient(db, site.cast.alice),
            Sight(frozenset(Scope), None),
            provider_id=site.cast.bob.provider_id,
            now=NOW,
        )
        return read_desk(db, rows)


def test_an_open_flag_stands_first_until_somebody_looked(site: Site) -> None:
    with site.database.unit_of_work() as db:
        flagging.let_review(db, site.cast)
        flagging.answer(db, site.cast.alice, {**flagging.EIGHT, "9": 1})
    page = site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}").text
    assert 0 < page.index("Waiting for a look") < page.index("The last four weeks")
    assert [line.patient_name for line in desk(site).waiting] == ["Alice"]


def test_who_may_not_see_an_open_flag_is_not_told_of_it(site: Site) -> None:
    with site.database.unit_of_work() as db:
        flagging.let_review(db, site.cast)
        flagging.answer(db, site.cast.alice, {**flagging.EIGHT, "9": 1})
        builders.share(db, site.cast.alice, site.cast.bob, Scope.SCORES, Scope.SESSIONS)
    assert desk(site).waiting == []
    page = site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}").text
    assert "Waiting for a look" not in page


def test_what_changed_is_read_before_anybody_writes(site: Site) -> None:
    briefing.fill(site.database, site.cast)

    page = site.as_(site.cast.bob).get(f"/patients/{site.cast.alice.public_id}").text

    parts = [
        "stat",
        'id="talk"',
        'id="complete"',
        'id="held"',
        'id="sessions"',
        'id="medicines"',
        'id="follow-up"',
    ]
    places = [page.index(part) for part in parts]
    assert places == sorted(places)
