"""The rows behind the figures of questionnaires."""

from __future__ import annotations

from datetime import date

from journal.domain.consents import Scope
from journal.domain.periods import period
from journal.web.brief.score_figures import item_nine, of_code
from tests import assessing, briefing
from tests.conftest import Site
from tests.web.brief.test_figure_pages import rows


def test_every_score_is_listed_with_its_published_range(site: Site) -> None:
    briefing.fill(site.database, site.cast)
    found = rows(site, *Scope)
    page = of_code("phq9")(found, period("", found.landmarks))
    assert (page.value, page.basis) == ("9", "was 13, lower · 28 Mar, before 28 Feb")
    assert page.parts[0].table.rows == (
        ("28 March 2026", "9", "mild"),
        ("28 February 2026", "13", "moderate"),
    )
    assert page.caution == "A score is no diagnosis."
    assert "Nobody has verified that figure at its source." in page.formula


def test_without_published_ranges_none_are_shown(site: Site) -> None:
    with site.database.unit_of_work() as db:
        one = assessing.record("pcl5", date(2026, 3, 28), assessing.of_total("pcl5", 33))
        assessing.add(db, site.cast.alice, one)
    found = rows(site, *Scope)
    page = of_code("pcl5")(found, period("", found.landmarks))
    assert page.parts[0].table.rows == (("28 March 2026", "33", ""),)
    assert "No ranges are published for it, so none are shown." in page.formula


def test_the_ninth_item_lists_answers_and_promises_nothing(site: Site) -> None:
    briefing.fill(site.database, site.cast)
    found = rows(site, *Scope)
    page = item_nine(found, period("", found.landmarks))
    assert page.parts[0].table.rows == (
        ("28 March 2026", "0, not at all"),
        ("28 February 2026", "0, not at all"),
    )
    assert page.caution == "A 0 is the answer of one day. It is no sign of safety."
