"""How long each session held, with the days of each."""

from __future__ import annotations

from dataclasses import replace

from journal.domain.benefits import Bounds
from journal.domain.consents import Scope
from journal.web.brief.held_figure import held
from tests.conftest import Site
from tests.web.brief.test_figure_pages import at, filled, rows


def test_each_session_lists_its_days_with_their_numbers(site: Site) -> None:
    found = filled(site)
    page = at(found, held)
    assert [part.anchor for part in page.parts] == ["S3", "S2", "S1"]
    first = page.parts[-1]
    by_day = {row[0]: row for row in first.table.rows}
    assert by_day["1"][2:] == ("8.00", "2.00", "75", "yes")
    assert by_day["−2"][2:] == ("2.00", "8.00", "0", "")
    assert first.words[0].endswith(" d")
    assert "Response on day 1." in first.words


def test_missing_days_that_matter_are_told_as_a_range(site: Site) -> None:
    found = filled(site)
    course = found.insights.course
    benefits = tuple(replace(one, bounds=Bounds(8, 14)) for one in course.benefits)
    ranged = replace(found, insights=replace(found.insights, course=replace(course, benefits=benefits)))

    assert [part.words[0].endswith("8 to 14 d, as missing days were") for part in at(ranged, held).parts] == [
        True,
        True,
        True,
    ]


def test_without_a_session_it_says_so(site: Site) -> None:
    assert at(rows(site, *Scope), held).withheld == "No session is written down yet."
