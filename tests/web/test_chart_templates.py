"""The macros write a chart down: a picture with a sentence, a table with the same rows, and no style attributes."""

from __future__ import annotations

import re

from jinja2 import Environment, FileSystemLoader

from journal.domain.treatments import Marker
from journal.places import TEMPLATES
from journal.web import speech
from journal.web.charts.days import mood_chart, two_weeks
from journal.web.charts.timelines import timeline
from tests.web.chart_cast import days, march, period

PAGES = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
speech.teach(PAGES)


def written(macro: str, shown: object, more: str = "") -> str:
    page = f'{{% from "components/charts/{macro}.html" import {macro} %}}{{{{ {macro}(shown{more}) }}}}'
    return PAGES.from_string(page).render(shown=shown)


def test_a_chart_is_a_figure_with_its_finding_its_picture_and_its_table() -> None:
    shown = mood_chart(days(3, 3, 3, 3, 6, 6, 6, 6), period(1, 8), treatments=[Marker(march(2), "S1")])
    html = written("chart", shown)

    assert "<b>Mood rose from 3 to 6</b>" in html
    assert re.search(
        r'<svg class="chart" viewBox="0 0 326 178" role="img" aria-label="Mood from 1 to 8 March,', html
    )
    assert "<summary>Show as a table</summary>" in html
    assert html.count("<tr>") == 1 + 8
    assert 'class="c-sess-mark"' in html
    assert "style=" not in html


def test_a_timeline_is_written_once_wide_and_once_narrow() -> None:
    html = written("timeline", timeline(days(5, 6, sleep_min=420), period(1, 28)))

    assert re.search(r'<div class="only-w"><svg class="chart" viewBox="0 0 832 [\d.]+" role="img"', html)
    assert re.search(r'<div class="only-n"><svg class="chart" viewBox="0 0 326 [\d.]+" role="img"', html)
    assert html.count("<table") == 1


def test_two_weeks_say_what_is_missing_only_where_asked() -> None:
    shown = two_weeks(days(5, None, 6), period(1, 14, first_day=1))

    assert "That’s fine: the picture still holds." not in written("two_weeks", shown)
    assert "That’s fine: the picture still holds." in written("two_weeks", shown, ", note=true")
