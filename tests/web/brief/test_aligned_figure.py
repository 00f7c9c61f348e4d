"""The days around sessions, with their numbers."""

from __future__ import annotations

from journal.web.brief.aligned_figure import aligned
from tests.conftest import Site
from tests.web.brief.test_figure_pages import at, filled


def test_aligned_days_are_the_table_of_the_chart(site: Site) -> None:
    found = filled(site)
    page = at(found, aligned)
    assert page.basis == "3 sessions"
    assert page.parts[0].table.head[:3] == ("Day", "Sessions", "Mean")
