"""Whether smoothed mood lies below its steady level, with the days."""

from __future__ import annotations

from journal.web.brief.drift_figure import drift
from tests.conftest import Site
from tests.web.brief.test_figure_pages import at, filled


def test_no_drift_is_called_no_sign_of_safety(site: Site) -> None:
    found = filled(site)
    page = at(found, drift)
    assert page.value == "The latest logged day is not under the line. That is no sign of safety."
    assert page.parts[0].table.head == ("Day", "Smoothed mood", "Under the line")
