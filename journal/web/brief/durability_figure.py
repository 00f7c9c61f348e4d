"""How it was computed what the sessions of a course say together: the curve, its steps and its halves.

No web framework inside.
"""

from __future__ import annotations

from datetime import date

from journal.domain import insight_limits as limits
from journal.domain.benefits import Benefit
from journal.domain.periods import ComparedPeriod
from journal.domain.survival import Curve, Durability, HalfTrend
from journal.domain.withheld import Withheld
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.web.brief.computed import NONE, Computed, Part, withheld
from journal.web.brief.rows import BriefRows
from journal.web.charts.durability import held_words, survival_words
from journal.web.charts.tables import Table
from journal.web.labels import session_label
from journal.wording import decimal, short_day


def durability(rows: BriefRows, _wanted: ComparedPeriod) -> Computed:
    """What the sessions of the course say together."""
    title = _("How long benefit lasted")
    formula = (
        _(
            "Kaplan–Meier over the sessions with a response: at each day on which benefit was lost, the "
            "share that still held is multiplied by 1 − lost / still watched. Sessions that were cut short "
            "count as long as they were watched."
        ),
        _(
            "Median: the first day on which the share is 0.5 or less. Interval: Greenwood’s standard error "
            "on the log–log scale, z = 1.96."
        ),
        _(
            "It takes %(sessions)s sessions with a response and %(events)s of them lost.",
            sessions=int(limits.SURVIVAL_SESSIONS.value),
            events=int(limits.SURVIVAL_EVENTS.value),
        ),
        _(
            "A session brought forward for worsening counts as a loss on its last day; both versions are shown."
        ),
    )
    found = rows.insights.course.durability
    if isinstance(found, Withheld):
        return withheld(title, found, formula=formula)
    sessions = Table(
        caption=_("The sessions"),
        head=(pgettext("ketamine", "Session"), _("Days"), _("Ended by")),
        rows=tuple(
            (
                f"{session_label(one.treatment.label)} · {short_day(one.treatment.local_date)}",
                "" if one.observed_days is None else str(one.observed_days),
                _ended_by(one, until=rows.today),
            )
            for one in rows.insights.course.benefits
        ),
    )
    parts = [Part("rows", _("The sessions"), _halves(found), sessions)]
    if isinstance(found.curve, Curve):
        parts.append(Part("curve", _("Share that still held"), _mean_words(found.curve), _steps(found.curve)))
    if isinstance(found.as_censored, Curve):
        parts.append(
            Part(
                "as-censored",
                _("The same with sessions brought forward counted as cut short"),
                _mean_words(found.as_censored),
                _steps(found.as_censored),
            )
        )
    return Computed(
        title=title,
        value=" ".join(survival_words(found)),
        basis=_counted(found),
        formula=formula,
        parts=tuple(parts),
        caution=_(
            "No date to book by. Where sessions are brought forward before benefit is lost the median comes "
            "out too long."
        ),
    )


def _counted(found: Durability) -> str:
    said = ngettext(
        "%(num)s session with a response, benefit lost after %(events)s",
        "%(num)s sessions with a response, benefit lost after %(events)s of them",
        found.n,
        events=found.events,
    )
    if isinstance(found.trend, HalfTrend):
        return _(
            "%(counted)s; halves watched for up to %(first)s and %(second)s days",
            counted=said,
            first=found.trend.followed_to_first,
            second=found.trend.followed_to_second,
        )
    return said


def _ended_by(one: Benefit, *, until: date) -> str:
    """What ended the days that count: the loss itself, or what cut them short; why nothing is told of the others."""
    held, ended = held_words(one, until=until)
    if not one.response:
        return held
    return ended if one.censored or ended else _("benefit lost")


def _halves(found: Durability) -> tuple[str, ...]:
    """The two halves side by side, each with its sessions and losses; none where there are too few."""
    trend = found.trend
    if not isinstance(trend, HalfTrend):
        return ()
    halves = [
        ngettext(
            "%(num)s session, %(lost)s lost: %(mean)s days",
            "%(num)s sessions, %(lost)s lost: %(mean)s days",
            number,
            lost=lost,
            mean=decimal(mean, 2),
        )
        for number, lost, mean in (
            (trend.n_first, trend.events_first, trend.first),
            (trend.n_second, trend.events_second, trend.second),
        )
    ]
    return (
        _(
            "Restricted mean to 28 days (the area under the steps). First half: %(first)s. Second half: "
            "%(second)s. So few sessions differ by chance; it says nothing of why.",
            first=halves[0],
            second=halves[1],
        ),
    )


def _mean_words(curve: Curve) -> tuple[str, ...]:
    return (
        _(
            "Within 28 days it held %(mean)s days on average (the area under the steps); the longest was "
            "watched for %(days)s days, and beyond that the last share is carried on.",
            mean=decimal(curve.rmst_28, 2),
            days=curve.followed_to,
        ),
    )


def _steps(curve: Curve) -> Table:
    return Table(
        caption=_("Share that still held"),
        head=(
            _("Day"),
            _("Still watched"),
            _("Lost"),
            _("Share"),
            _("Standard error"),
            _("Its interval"),
        ),
        rows=tuple(
            (
                str(step.t),
                str(step.at_risk),
                str(step.events),
                decimal(step.s, 4),
                NONE if step.se is None else decimal(step.se, 4),
                NONE
                if step.ci_low is None or step.ci_high is None
                else _("%(low)s to %(high)s", low=decimal(step.ci_low, 4), high=decimal(step.ci_high, 4)),
            )
            for step in curve.table
        ),
    )
