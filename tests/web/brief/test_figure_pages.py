"""Which figures have a page, and for whom."""

from __future__ import annotations

from datetime import date

from journal.domain.consents import Scope, Sight
from journal.domain.instrument_files import SHIPPED
from journal.domain.periods import period
from journal.web.brief.computed import Computed
from journal.web.brief.figure_pages import FIGURES, Builder, figure_page
from journal.web.brief.rows import BriefRows, read_brief_rows
from tests import briefing
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


def filled(site: Site) -> BriefRows:
    """The rows of a course of three sessions, for a reader who sees everything."""
    briefing.fill(site.database, site.cast)
    return rows(site, *Scope)


def at(found: BriefRows, build: Builder) -> Computed:
    """What is said of a figure for the usual period."""
    return build(found, period("", found.landmarks))


def test_every_questionnaire_has_a_page() -> None:
    assert set(SHIPPED) <= set(FIGURES)


def test_a_page_is_there_for_its_scopes_alone(site: Site) -> None:
    scores = rows(site, Scope.SCORES)
    assert figure_page("mood", scores) is not None
    assert figure_page("held", scores) is None
    assert figure_page("phq9", scores) is None
    assert figure_page("prognosis", rows(site, *Scope)) is None


def test_a_page_is_of_the_period_that_was_asked_for(site: Site) -> None:
    found = filled(site)
    since, course = figure_page("check-ins", found), figure_page("check-ins", found, asked="course")
    assert since is not None
    assert course is not None
    assert since.basis.startswith("3 to 30 March, against the 28 days before")
    assert course.basis.startswith("19 January to 30 March, against the 14 days that there are before")
