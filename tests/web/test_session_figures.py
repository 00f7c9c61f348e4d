"""The rows behind the figures of sessions."""

from __future__ import annotations

from dataclasses import replace

import pytest

from journal.domain.consents import Scope
from journal.domain.periods import period
from journal.domain.survival import durability_of
from journal.web import session_figures
from journal.web.brief_rows import BriefRows
from journal.web.computed import Computed
from tests import briefing
from tests.conftest import Site
from tests.web.test_durability_tables import lost
from tests.web.test_figure_pages import rows


@pytest.fixture
def filled(site: Site) -> BriefRows:
    briefing.fill(site.database, site.cast)
    return rows(site, *Scope)


def at(found: BriefRows, build: object) -> Computed:
    page = build(found, period("", found.landmarks))  # type: ignore[operator]
    assert isinstance(page, Computed)
    return page


def test_before_treatment_lists_mood_and_burden(filled: BriefRows) -> None:
    page = at(filled, session_figures.before_treatment)
    assert page.value == "mood 2 (B = 8), hold line 4.00"
    assert page.basis == "12 days, 5 to 17 January"
    assert page.parts[0].table.rows[0][1:] == ("2.00", "8.00")


def test_each_session_lists_its_days_with_their_numbers(filled: BriefRows) -> None:
    page = at(filled, session_figures.held)
    assert [part.anchor for part in page.parts] == ["S3", "S2", "S1"]
    first = page.parts[-1]
    by_day = {row[0]: row for row in first.table.rows}
    assert by_day["1"][2:] == ("8.00", "2.00", "75", "yes")
    assert by_day["−2"][2:] == ("2.00", "8.00", "0", "")
    assert first.words[0].endswith(" d")
    assert "Response on day 1." in first.words


def test_together_they_are_listed_with_what_ended_each(filled: BriefRows) -> None:
    page = at(filled, session_figures.durability)
    assert [row[0].split(" ")[0] for row in page.parts[0].table.rows] == ["S1", "S2", "S3"]
    assert [row[2] for row in page.parts[0].table.rows] == ["benefit lost"] * 3
    assert page.basis == "3 sessions with a response, benefit lost after 3 of them"
    assert "No date to book by." in page.caution


def test_the_two_halves_stand_behind_the_figure_with_their_sessions_and_losses(filled: BriefRows) -> None:
    eight = durability_of([lost(day, number=day) for day in (5, 6, 7, 8, 9, 10, 11, 12)])
    course = replace(filled.insights.course, durability=eight)
    page = at(replace(filled, insights=replace(filled.insights, course=course)), session_figures.durability)
    assert (
        page.parts[0]
        .words[0]
        .startswith(
            "Restricted mean to 28 days (the area under the steps). First half: 4 sessions, 4 lost: 6.50 days. "
            "Second half: 4 sessions, 4 lost: 10.50 days."
        )
    )
    assert "on average" not in page.value


def test_one_session_is_counted_as_one(filled: BriefRows) -> None:
    course = replace(filled.insights.course, durability=durability_of([lost(9)]))
    page = at(replace(filled, insights=replace(filled.insights, course=course)), session_figures.durability)
    assert page.basis == "1 session with a response, benefit lost after 1"


def test_aligned_days_are_the_table_of_the_chart(filled: BriefRows) -> None:
    page = at(filled, session_figures.aligned)
    assert page.basis == "3 sessions"
    assert page.parts[0].table.head[:3] == ("Day", "Sessions", "Mean")


def test_no_drift_is_called_no_sign_of_safety(site: Site, filled: BriefRows) -> None:
    page = at(filled, session_figures.drift)
    assert "no sign of safety" in page.value or "A prompt to look" in page.value
    assert page.parts[0].table.head == ("Day", "Smoothed mood", "Under the line")


def test_without_a_session_each_says_so(site: Site) -> None:
    found = rows(site, *Scope)
    for build in (session_figures.before_treatment, session_figures.held, session_figures.durability):
        assert at(found, build).withheld == "No session is written down yet."
