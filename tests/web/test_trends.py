"""The patient's own trends over HTTP."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests import builders
from tests.cast import NOW
from tests.conftest import Site

TODAY = date(2026, 3, 30)


def trends(site: Site, query: str = "") -> str:
    return site.as_(site.cast.alice).get(f"/trends{query}").text


def check_ins(site: Site, *back: int, **items: object) -> None:
    with site.database.unit_of_work() as db:
        for days in back:
            day = TODAY - timedelta(days=days)
            builders.check_in(db, site.cast.alice, 5, on=day, at=NOW - timedelta(days=days), **items)


def brought_in(site: Site, back: int, level: int, *, shared: bool = False) -> None:
    with site.database.unit_of_work() as db:
        builders.imported_mood(
            db, site.cast.alice, on=TODAY - timedelta(days=back), level=level, shared=shared
        )


def test_an_empty_journal_says_what_is_enough_to_begin(site: Site) -> None:
    page = trends(site)
    assert "Your trend will start here" in page
    assert "One check-in is enough to begin." in page
    assert 'class="seg"' not in page


def test_each_item_that_was_answered_has_a_chart_with_its_table(site: Site) -> None:
    check_ins(site, 0, 1, sleep_min=420, activity_min=30, anxiety=2, energy=3)
    page = trends(site)
    assert page.count('class="chart"') == 5
    assert page.count("Show as a table") == 5


def test_an_item_nobody_answered_has_none(site: Site) -> None:
    check_ins(site, 0, 1)
    assert trends(site).count('class="chart"') == 1


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("", "Mood, 3 to 30 March"),
        ("?range=4w", "Mood, 3 to 30 March"),
        ("?range=3m", "Mood, 30 December 2025 to 30 March 2026"),
        ("?range=1y", "Mood, 31 March 2025 to 30 March 2026"),
        ("?range=for ever", "Mood, 3 to 30 March"),
    ],
)
def test_a_range_is_a_link(site: Site, query: str, text: str) -> None:
    check_ins(site, 0)
    page = trends(site, query)
    assert text in page
    assert 'href="?range=all"' in page


def test_dates_without_a_check_in_say_where_the_others_are(site: Site) -> None:
    check_ins(site, 60)
    assert "There are no check-ins in these dates." in trends(site)
    assert 'class="chart"' in trends(site, "?range=all")


def test_sessions_are_marked_in_every_chart(site: Site) -> None:
    check_ins(site, 0, 1, sleep_min=420)
    with site.database.unit_of_work() as db:
        builders.treatment(db, site.cast.alice, date(2026, 3, 13))
        builders.treatment(db, site.cast.alice, date(2026, 3, 13), by=site.cast.bob)
    page = trends(site)
    assert page.count(">S1</text>") == 1
    assert page.count('class="c-sess" d=') == 2


def test_what_was_brought_in_stands_on_its_own_scale_and_in_no_mean(site: Site) -> None:
    check_ins(site, *range(28))
    brought_in(site, 3, 1)
    page = trends(site)
    assert "Mood from Daylio" in page
    assert "Daylio’s own scale, 1–5. Not part of the mood above." in page
    assert (
        "Average 5 in the first half of these dates, before 17 Mar (14 days), 5 in the second half (14 days)."
        in page
    )


def test_what_was_brought_in_alone_is_a_beginning(site: Site) -> None:
    brought_in(site, 100, 4)
    page = trends(site, "?range=all")
    assert "Mood from Daylio" in page


def test_a_provider_sees_what_was_brought_in_only_once_it_is_shared(site: Site) -> None:
    check_ins(site, 0)
    brought_in(site, 3, 4)
    address = f"/patients/{site.cast.alice.public_id}"
    assert "Daylio" not in site.as_(site.cast.bob).get(address).text
    brought_in(site, 2, 5, shared=True)
    assert "Daylio" in site.as_(site.cast.bob).get(address).text


def nights(site: Site, count: int) -> None:
    """Every third night is short, and the day after it a poor one: two or three points lower."""
    with site.database.unit_of_work() as db:
        for back in range(count):
            day, is_short = TODAY - timedelta(days=back), back % 3 == 1
            mood = 7 - (2 + back % 2 if is_short else back % 2)
            builders.check_in(
                db,
                site.cast.alice,
                mood,
                on=day,
                at=NOW - timedelta(days=back),
                sleep_quality=1 if is_short else 3,
            )


def test_what_goes_with_better_days_is_one_card_with_its_counts_and_its_caution(site: Site) -> None:
    nights(site, 44)
    page = trends(site)
    assert page.count("What might be helping") == 1
    assert "after nights you called “Good or better” was about 2" in page
    assert "This is a pattern, not proof." in page
    assert "It could be worth raising with somebody you share with." in page
    assert "29 days" in page
    assert "14 days" in page


def test_before_there_is_enough_there_is_no_clear_link_yet(site: Site) -> None:
    nights(site, 20)
    page = trends(site)
    assert "No clear link yet. Looked at so far: 19 nights and 0 days with activity." in page
    assert "pattern, not proof" not in page
