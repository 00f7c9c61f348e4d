"""How high the parts of the sheet are: what is left free is free on the paper too, and hardly more than that."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdf
import pytest

from journal.web.brief.sheet_lists import Words
from journal.web.brief.sheet_parts import HEIGHTS, LINE, WIDTHS, Sheet, free
from journal.web.running_text import line_count
from tests.conftest import Site
from tests.web.test_sheets import address, journal_of_a_course, note, read

PAGES = {"a4": 1122.5, "letter": 1056.0}
MARGIN = 37.8


def foot_of(written: bytes, paper: str) -> float:
    """How far down the page, in CSS pixels, the last line of the sheet stands."""
    (page,) = pypdf.PdfReader(io.BytesIO(written)).pages
    lowest: list[float] = []

    def look(text: str, cm: list[float], tm: list[float], _font: object, _size: float) -> None:
        if "shred after use" in text:
            lowest.append(PAGES[paper] - (tm[5] * cm[3] + cm[5]) * 96 / 72)

    page.extract_text(visitor_text=look)
    return max(lowest)


@pytest.mark.parametrize("paper", HEIGHTS)
def test_a_sheet_is_as_high_as_it_is_counted(site: Site, paper: str) -> None:
    journal_of_a_course(site)
    note(site, "Stopped avoiding the bridge.")
    _brief, sheet = read(site, paper=paper)

    foot = foot_of(site.as_(site.cast.bob).get(address(site, f".pdf?paper={paper}")).data, paper)

    assert sheet.second_from == 0
    words = sum(line_count(one.said, WIDTHS[paper] - 16) * LINE for one in sheet.words)
    left = free(sheet, paper) - words - (15 if sheet.more_words else 0)
    really = PAGES[paper] - MARGIN - foot - 4
    assert 0 <= left <= really
    assert really - left < 45


def test_each_thing_on_it_takes_its_room(site: Site) -> None:
    journal_of_a_course(site)
    _brief, sheet = read(site)

    def taken(**other: object) -> float:
        return free(sheet, "letter") - free(replace(sheet, **other), "letter")  # type: ignore[arg-type]

    assert taken(closed=["Notes are not shared with you."]) == pytest.approx(16.2)
    assert taken(elsewhere="Not drawn here.") == pytest.approx(14.85)
    assert taken(effects="Side effects after S8: Tired.") == pytest.approx(16.2)
    assert taken(timeline=None) < -190
    assert taken(facts=f"{sheet.facts} " * 6) > 32


def test_words_are_no_part_of_what_is_taken(site: Site) -> None:
    _brief, sheet = read(site)
    longer: Sheet = replace(sheet, words=[Words("One more.")])

    assert free(longer, "a4") == free(sheet, "a4")
