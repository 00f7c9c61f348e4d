"""How the days around sessions were laid over each other.

No web framework inside.
"""

from __future__ import annotations

from journal.domain import insight_limits as limits
from journal.domain.alignment import Alignment
from journal.domain.periods import ComparedPeriod
from journal.domain.withheld import Reason, Withheld
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.web.brief.computed import Computed, Part, withheld
from journal.web.brief.rows import BriefRows
from journal.web.charts.aligned import aligned_chart


def aligned(rows: BriefRows, _wanted: ComparedPeriod) -> Computed:
    """What the days around sessions were like."""
    title = _("Mood around each session")
    formula = (
        _(
            "Day 0 is the session. For each day from 7 before to 28 after, the mood of every session that "
            "has an entry on that day; days from the next session on, and up to the one before, belong to "
            "those."
        ),
        _(
            "Shaded: lowest to highest with fewer than four sessions; from four on the 95 %% interval of the "
            "mean, from %(times)s resamples.",
            times=int(limits.RESAMPLES.value),
        ),
        _(
            "Lines: the median of a day and the two before it, at least two of them, on one side of the session."
        ),
    )
    alignment = rows.insights.course.alignment
    drawn = aligned_chart(rows.insights.course)
    if not isinstance(alignment, Alignment) or isinstance(alignment.days, Withheld) or drawn is None:
        why = alignment.days if isinstance(alignment, Alignment) else alignment
        return withheld(
            title, why if isinstance(why, Withheld) else Withheld(Reason.TOO_FEW), formula=formula
        )
    return Computed(
        title=title,
        value=drawn.sentence,
        basis=ngettext(
            "%(num)s session", "%(num)s sessions", sum(1 for curve in alignment.curves if curve.raw)
        ),
        formula=formula,
        parts=(Part("rows", _("The days"), (), drawn.table),),
        caution=_("It says nothing about the next session."),
    )
