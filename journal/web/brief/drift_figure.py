"""How it was computed whether smoothed mood lies below its steady level.

No web framework inside.
"""

from __future__ import annotations

from journal.domain.control_charts import ChosenBy, ControlChart
from journal.domain.periods import ComparedPeriod
from journal.domain.withheld import Withheld
from journal.languages import gettext as _
from journal.languages import pgettext
from journal.web.brief.computed import Computed, Part, withheld
from journal.web.brief.rows import BriefRows
from journal.web.brief.signs import drift_words
from journal.web.charts.tables import Table
from journal.web.charts.words import row_day, span
from journal.wording import decimal


def drift(rows: BriefRows, _wanted: ComparedPeriod) -> Computed:
    """Whether smoothed mood lies below its steady level."""
    title = _("Below the steady level")
    formula = (
        _(
            "z is the smoothed mood: after each logged day 0.2 · mood + 0.8 · z of before, from the mean of "
            "the steady days on. Days of a session are not in it."
        ),
        _(
            "The line is the mean of the steady days − h; h = 2.4 · s · √(0.2/1.8 · (1 + 0.4·0.8)/(1 − "
            "0.4·0.8) + 1.4/(0.6·n)), s their standard deviation, at least 0.7. It is made for days that "
            "resemble each other."
        ),
        _(
            "Steady days: those a provider chose; else the first 14 logged days among days 3 to 30 after the last "
            "session of the induction, or after the first session of a course without one."
        ),
    )
    chart = rows.insights.course.chart
    if isinstance(chart, Withheld):
        return withheld(title, chart, formula=formula)
    table = Table(
        caption=title,
        head=(_("Day"), _("Smoothed mood"), _("Under the line")),
        rows=tuple(
            (
                row_day(day.local_date, year=True),
                decimal(day.z, 2),
                pgettext("under the line", "yes") if day.signal else "",
            )
            for day in reversed(chart.days)
        ),
    )
    return Computed(
        title=title,
        value=drift_words(chart, rows.insights.course.benefits)
        if chart.is_signalling
        else _("The latest logged day is not under the line. That is no sign of safety."),
        basis=_drift_basis(chart),
        formula=formula,
        parts=(Part("rows", _("The days"), (), table),),
        caution=_("Of people who stay steady about one in ten goes under such a line within 30 days."),
    )


def _drift_basis(chart: ControlChart) -> str:
    return _(
        "%(days)s steady days, %(dates)s, %(by)s; mean %(mu)s, s %(s)s, h %(h)s, line %(line)s",
        days=chart.n0,
        dates=span(chart.baseline_from, chart.baseline_to),
        by=_("chosen by a provider") if chart.baseline_by is ChosenBy.PROVIDER else _("by the rule"),
        mu=decimal(chart.mu, 2),
        s=decimal(chart.s, 2),
        h=decimal(chart.limit, 2),
        line=decimal(chart.line, 2),
    )
