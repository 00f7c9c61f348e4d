"""How it was computed how long each session of a course held: the rules, and the days of every session.

Here a day's *burden* is shown: 10 − its mean mood, 0 best. No web framework inside.
"""

from __future__ import annotations

from datetime import timedelta

from journal.domain.baselines import BEST_MOOD, Baseline, BaselineStatus
from journal.domain.benefits import BeforeAfter, Benefit
from journal.domain.periods import ComparedPeriod
from journal.domain.withheld import Reason, Withheld
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.web.brief.computed import Computed, Part, withheld
from journal.web.brief.rows import BriefRows
from journal.web.brief.signs import signed
from journal.web.charts.durability import held_words, range_words
from journal.web.charts.tables import Table
from journal.web.charts.words import amount, row_day
from journal.web.labels import session_label
from journal.wording import decimal, short_day

_DAY = timedelta(days=1)


def held(rows: BriefRows, _wanted: ComparedPeriod) -> Computed:
    """How long each session of the present course held, day by day."""
    title = _("How long each session held")
    formula = (
        _(
            "% better on a day = 100 · (B − burden) / B; burden = 10 − the day’s mean mood; B is that of the course."
        ),
        _(
            "A response is at least 50 % better on two logged days running within days 1 to 7, with at least "
            "3 logged days in them; otherwise it is not evaluable."
        ),
        _(
            "Benefit is lost on the first later day that is less than 25 % better, if the next logged day "
            "is, too, and not more than two days lie between them without an entry. Began to fade: the same "
            "under 50 %."
        ),
        _(
            "The days that count begin on day 1. They end at the next session, a gap of more than 5 days, a "
            "pause or the end of the course, or a change of medicine that was ticked; then it held at least "
            "so long (+)."
        ),
        _(
            "Missing days are skipped. Where their best and worst would change the answer by more than 3 "
            "days, a range stands."
        ),
    )
    course = rows.insights.course
    baseline = course.baseline
    if not course.benefits:
        return withheld(title, Withheld(Reason.NO_SESSION), formula=formula)
    ok = baseline if isinstance(baseline, Baseline) and baseline.status is BaselineStatus.OK else None
    return Computed(
        title=title,
        value=ngettext("%(num)s session", "%(num)s sessions", len(course.benefits)),
        basis=_("B = %(burden)s, hold line %(hold)s", burden=amount(ok.burden), hold=decimal(ok.hold_line, 2))
        if ok
        else "",
        formula=formula,
        parts=tuple(_session(one, ok, rows) for one in reversed(course.benefits)),
        caution=_("What came after a session need not have come from it, and says nothing of the next one."),
        withheld="",
    )


def _session(one: Benefit, baseline: Baseline | None, rows: BriefRows) -> Part:
    words = [
        ", ".join(part for part in (*held_words(one, until=rows.today), range_words(one.bounds)) if part)
    ]
    if one.response_day is not None:
        words.append(_("Response on day %(day)s.", day=one.response_day))
    if one.began_to_fade_day is not None:
        words.append(_("Began to fade on day %(day)s.", day=one.began_to_fade_day))
    if isinstance(one.change_before_after, BeforeAfter):
        words.append(
            _(
                "Mood of days 1 to 3 less that of days −3 to −1: %(change)s (%(after)s and %(before)s days).",
                change=signed(one.change_before_after.change),
                after=one.change_before_after.n_after,
                before=one.change_before_after.n_before,
            )
        )
    head = (_("Day"), _("Date"), _("Mood"), _("Burden"), *([_("% better")] if baseline else []), _("Counts"))
    return Part(
        anchor=session_label(one.treatment.label),
        title=f"{session_label(one.treatment.label)} · {short_day(one.treatment.local_date)}",
        words=tuple(words),
        table=Table(
            caption=session_label(one.treatment.label),
            head=head,
            rows=tuple(
                (
                    str((day.local_date - one.treatment.local_date) // _DAY).replace("-", "−"),
                    row_day(day.local_date),
                    decimal(day.mood or 0.0, 2),
                    decimal(BEST_MOOD - (day.mood or 0.0), 2),
                    *([_percent(baseline.improvement(day.mood or 0.0))] if baseline else []),
                    pgettext("a day counts", "yes") if one.counts(day) else "",
                )
                for day in one.rows
            ),
        ),
    )


def _percent(better: float) -> str:
    return amount(better) if better >= 0 else f"−{amount(-better)}"
