"""How the mood before treatment was computed, and the hold line that follows from it.

Here a day's *burden* is shown: 10 − its mean mood, 0 best. No web framework inside.
"""

from __future__ import annotations

from journal.domain.baselines import BEST_MOOD
from journal.domain.periods import ComparedPeriod
from journal.domain.withheld import Withheld
from journal.languages import gettext as _
from journal.web.brief.computed import Computed, Part, withheld
from journal.web.brief.rows import BriefRows
from journal.web.charts.tables import Table
from journal.web.charts.words import amount, counted_days, row_day, span
from journal.wording import decimal


def before_treatment(rows: BriefRows, _wanted: ComparedPeriod) -> Computed:
    """The mood before treatment, and the hold line that follows from it."""
    title = _("Before treatment")
    formula = (
        _(
            "B is the median burden (10 − the day’s mean mood) of the days before the first session of the "
            "course, that day not included; of an even number, the mean of the middle two. Mood before "
            "treatment is 10 − B."
        ),
        _("It takes 5 days with a number, one of them in the last five days."),
        _("The hold line is mood 10 − 0.75·B: there benefit counts as lost."),
    )
    found = rows.insights.course.baseline
    if isinstance(found, Withheld):
        return withheld(title, found, formula=formula)
    table = Table(
        caption=title,
        head=(_("Day"), _("Mood"), _("Burden")),
        rows=tuple(
            (
                row_day(day.local_date, year=True),
                decimal(day.mood or 0.0, 2),
                decimal(BEST_MOOD - (day.mood or 0.0), 2),
            )
            for day in reversed(found.rows)
        ),
    )
    return Computed(
        title=title,
        value=_(
            "mood %(mood)s (B = %(burden)s), hold line %(hold)s",
            mood=amount(found.mood),
            burden=amount(found.burden),
            hold=decimal(found.hold_line, 2),
        ),
        basis=_(
            "%(days)s, %(dates)s", days=counted_days(found.n), dates=span(found.first_day, found.last_day)
        ),
        formula=formula,
        parts=(Part("rows", _("The days"), (), table),),
        caution=_("What changed after it need not have changed because of treatment."),
    )
