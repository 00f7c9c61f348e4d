"""What else the days say on a brief: drift, how regular waking is, how much mood moves, what goes with it.

One line each, with what it was computed from; a pattern is called that, and nothing says why. No web framework inside.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from journal.domain.associations import Association, LinkStatus, Per, Slope
from journal.domain.control_charts import ControlChart
from journal.domain.insights import Insights
from journal.domain.regularity import Waking
from journal.domain.variability import Variability
from journal.domain.withheld import Withheld
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.web.chart_words import amount, counted_days, figure, span
from journal.wording import short_day, whole


@dataclass(frozen=True, slots=True)
class Sign:
    """One line. ``name`` is that of its figure, where it is said how it was computed."""

    name: str
    title: str
    words: str


def signs_of(found: Insights, waking: Waking | Withheld) -> list[Sign]:
    """The lines there are; what cannot be said yet is on the page behind its figure, not here."""
    signs = []
    chart = found.course.chart
    if isinstance(chart, ControlChart) and chart.is_signalling:
        signs.append(Sign("drift", _("Below the steady level"), drift_words(chart)))
    if isinstance(waking, Waking):
        signs.append(Sign("waking", _("Waking time"), waking_words(waking)))
    if isinstance(found.variability, Variability):
        signs.append(Sign("variability", _("Mood from day to day"), variability_words(found.variability)))
    for name, title, link in (
        ("sleep-mood", _("Sleep and mood"), found.sleep_mood),
        ("activity-mood", _("Activity and mood"), found.activity_mood),
    ):
        if isinstance(link, Association) and link.slope is not None:
            signs.append(Sign(name, title, link_words(link, link.slope)))
    return signs


def drift_words(chart: ControlChart) -> str:
    """Since when smoothed mood lies under the line, and what it is held against. A prompt to look, never a finding."""
    return _(
        "Since %(since)s smoothed mood has been under %(line)s (now %(now)s); it was %(level)s on average over "
        "%(days)s steady days, %(dates)s. A prompt to look, no finding.",
        since=short_day(_signalling_since(chart)),
        line=figure(chart.line),
        now=figure(chart.days[-1].z),
        level=figure(chart.mu),
        days=chart.n0,
        dates=span(chart.baseline_from, chart.baseline_to),
    )


def waking_words(waking: Waking) -> str:
    """How far waking times lie apart."""
    return ngettext(
        "Varies by %(minutes)s minutes (SD of %(num)s morning in these dates).",
        "Varies by %(minutes)s minutes (SD of %(num)s mornings in these dates).",
        waking.n,
        minutes=whole(round(waking.spread)),
    )


def variability_words(found: Variability) -> str:
    """How much mood moves from one day to the next, and between what it lies."""
    if found.rmssd is None:
        return _(
            "SD %(sd)s, between %(low)s and %(high)s on %(days)s; no two of them follow each other.",
            sd=figure(found.sd),
            low=amount(found.low),
            high=amount(found.high),
            days=counted_days(found.n),
        )
    return _(
        "%(rmssd)s from one day to the next (RMSSD of %(pairs)s pairs of days); SD %(sd)s, between %(low)s and "
        "%(high)s on %(days)s.",
        rmssd=figure(found.rmssd),
        pairs=found.pairs,
        sd=figure(found.sd),
        low=amount(found.low),
        high=amount(found.high),
        days=counted_days(found.n),
    )


def link_words(found: Association, slope: Slope) -> str:
    """A pattern with its interval and its pairs, or that there is no clear one yet. Never why."""
    facts = {
        "b": signed(slope.b),
        "low": signed(slope.ci_low),
        "high": signed(slope.ci_high),
        "pairs": found.n,
    }
    said = {
        Per.QUALITY_STEP: _(
            "A step better sleep went with %(b)s mood that day (95 %% interval %(low)s to %(high)s, %(pairs)s pairs of "
            "days).",
            **facts,
        ),
        Per.HOUR: _(
            "An hour more sleep went with %(b)s mood that day (95 %% interval %(low)s to %(high)s, %(pairs)s pairs of "
            "days).",
            **facts,
        ),
        Per.HALF_HOUR: _(
            "Half an hour more activity went with %(b)s mood on the same day (95 %% interval %(low)s to %(high)s, "
            "%(pairs)s pairs of days).",
            **facts,
        ),
    }[found.per]
    if found.status is LinkStatus.NO_CLEAR_LINK:
        return " ".join([_("No clear link yet."), said])
    if found.status is LinkStatus.PRELIMINARY:
        return " ".join([_("Preliminary."), said, _("A pattern, not proof.")])
    return " ".join([said, _("A pattern, not proof.")])


def signed(value: float) -> str:
    """A difference with its sign: +0.5, −0.2."""
    shown = figure(abs(value))
    return shown if shown == figure(0) else f"{'+' if value > 0 else '−'}{shown}"


def _signalling_since(chart: ControlChart) -> date:
    """The first day of the run of signals that goes on now."""
    since = chart.days[-1].local_date
    for day in reversed(chart.days):
        if not day.signal:
            break
        since = day.local_date
    return since
