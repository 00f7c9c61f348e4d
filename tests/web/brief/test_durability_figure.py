"""What the sessions of a course say together, with each of them."""

from __future__ import annotations

from dataclasses import replace

from journal.domain.consents import Scope
from journal.domain.survival import durability_of
from journal.web.brief.durability_figure import durability
from tests.conftest import Site
from tests.web.brief.test_figure_pages import at, filled, rows
from tests.web.charts.test_durability import lost


def test_together_they_are_listed_with_what_ended_each(site: Site) -> None:
    found = filled(site)
    page = at(found, durability)
    assert [row[0].split(" ")[0] for row in page.parts[0].table.rows] == ["S1", "S2", "S3"]
    assert [row[2] for row in page.parts[0].table.rows] == ["benefit lost"] * 3
    assert page.basis == "3 sessions with a response, benefit lost after 3 of them"
    assert "No date to book by." in page.caution


def test_the_two_halves_stand_behind_the_figure_with_their_sessions_and_losses(site: Site) -> None:
    found = filled(site)
    eight = durability_of([lost(day, number=day) for day in (5, 6, 7, 8, 9, 10, 11, 12)])
    course = replace(found.insights.course, durability=eight)
    page = at(replace(found, insights=replace(found.insights, course=course)), durability)
    assert (
        page.parts[0]
        .words[0]
        .startswith(
            "Restricted mean to 28 days (the area under the steps). First half: 4 sessions, 4 lost: 6.50 days. "
            "Second half: 4 sessions, 4 lost: 10.50 days."
        )
    )
    assert "on average" not in page.value


def test_one_session_is_counted_as_one(site: Site) -> None:
    found = filled(site)
    course = replace(found.insights.course, durability=durability_of([lost(9)]))
    page = at(replace(found, insights=replace(found.insights, course=course)), durability)
    assert page.basis == "1 session with a response, benefit lost after 1"


def test_without_a_session_it_says_so(site: Site) -> None:
    assert at(rows(site, *Scope), durability).withheld == "No session is written down yet."
