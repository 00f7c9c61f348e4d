"""How days, times and numbers are written, as templates call it: the filters of ``journal.wording``."""

from __future__ import annotations

import flask

from journal import wording

FILTERS = (
    wording.long_day,
    wording.short_day,
    wording.day_of_year,
    wording.day_and_year,
    wording.month_and_year,
    wording.short_month,
    wording.weekday,
    wording.weekday_and_day,
    wording.clock,
    wording.day_and_clock,
    wording.written,
    wording.one_decimal,
    wording.whole,
    wording.unbroken,
)


def register(app: flask.Flask) -> None:
    """Make them available in every template."""
    for filter_ in FILTERS:
        app.add_template_filter(filter_)
