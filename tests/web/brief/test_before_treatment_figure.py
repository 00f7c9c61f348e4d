"""The mood before treatment, with its days."""

from __future__ import annotations

from journal.domain.consents import Scope
from journal.web.brief.before_treatment_figure import before_treatment
from tests.conftest import Site
from tests.web.brief.test_figure_pages import at, filled, rows


def test_before_treatment_lists_mood_and_burden(site: Site) -> None:
    found = filled(site)
    page = at(found, before_treatment)
    assert page.value == "mood 2 (B = 8), hold line 4.00"
    assert page.basis == "12 days, 5 to 17 January"
    assert page.parts[0].table.rows[0][1:] == ("2.00", "8.00")


def test_without_a_session_it_says_so(site: Site) -> None:
    assert at(rows(site, *Scope), before_treatment).withheld == "No session is written down yet."
