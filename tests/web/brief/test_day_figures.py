"""The rows behind the figures of days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from journal.domain.consents import Scope
from journal.domain.periods import period
from journal.domain.withheld import Reason, Withheld
from journal.web.brief import day_figures
from journal.web.brief.computed import Computed
from journal.web.brief.rows import BriefRows
from tests import briefing, builders
from tests.conftest import Site
from tests.web.brief.test_figure_pages import rows


@pytest.fixture
def filled(site: Site) -> BriefRows:
    briefing.fill(site.database, site.cast)
    return rows(site, *Scope)


def at(found: BriefRows, build: object, asked: str = "") -> Computed:
    page = build(found, period(asked, found.landmarks))  # type: ignore[operator]
    assert isinstance(page, Computed)
    return page


def test_the_rows_of_a_mean_are_the_days_with_a_value(filled: BriefRows) -> None:
    page = at(filled, day_figures.mood)
    now, before = page.parts
    assert page.value == "5.9"
    assert now.table.rows[0][:2] == ("Mon 30 Mar 2026", "3")
    assert (len(now.table.rows), len(before.table.rows)) == (24, 24)
    assert [sum(float(row[1]) for row in part.table.rows) / len(part.table.rows) for part in page.parts] == [
        pytest.approx(142 / 24),
        pytest.approx(132 / 24),
    ]


def test_a_day_of_several_check_ins_shows_its_range(site: Site) -> None:
    with site.database.unit_of_work() as db:
        for mood in (4, 7):
            builders.check_in(db, site.cast.alice, mood, on=date(2026, 3, 28))
    page = at(rows(site, *Scope), day_figures.mood)
    assert page.parts[0].table.rows == (("Sat 28 Mar 2026", "5.50 (4 to 7)", "2"),)


def test_everything_has_no_days_before(filled: BriefRows) -> None:
    assert [part.anchor for part in at(filled, day_figures.sleep, "all").parts] == ["rows"]


def test_variability_lists_each_change_of_neighbouring_days(filled: BriefRows) -> None:
    page = at(filled, day_figures.mood_changes)
    changes = [row[2] for row in page.parts[0].table.rows]
    assert {"", "0", "+5", "−5", "+6"} >= set(changes)
    assert "−5" in changes
    assert page.withheld == ""


def test_waking_lists_the_mornings_of_the_period(filled: BriefRows) -> None:
    page = at(filled, day_figures.waking)
    assert len(page.parts[0].table.rows) == 24
    assert page.value.endswith("(SD of 24 mornings, 3 to 30 March).")
    nobody = replace(filled, details=())
    assert at(nobody, day_figures.waking).withheld.endswith("It takes 4 more.")


def test_a_link_lists_its_pairs_or_says_how_many_more_it_takes(filled: BriefRows) -> None:
    page = at(filled, day_figures.sleep_and_mood)
    link = filled.insights.sleep_mood
    assert not isinstance(link, Withheld)
    assert len(page.parts[0].table.rows) == link.n
    assert page.caution == "It says that they go together, not that one makes the other."
    none = replace(filled, insights=replace(filled.insights, activity_mood=Withheld(Reason.NOT_SHARED)))
    assert at(none, day_figures.activity_and_mood).withheld == (
        "It rests on something that is not shared with you."
    )


def test_too_few_pairs_are_told(site: Site) -> None:
    page = at(rows(site, *Scope), day_figures.activity_and_mood)
    assert page.withheld == "Too few days with a number to say anything. It takes 42 more."
