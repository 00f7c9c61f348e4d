"""How the figures of sessions were computed: before treatment, how long each held, together, aligned, drift.

Here a day's *burden* is shown: 10 − its mean mood, 0 best. No web framework inside.
"""

from __future__ import annotations

from datetime import date, timedelta

from journal.domain import insight_limits as limits
from journal.domain.alignment import Alignment
from journal.domain.baselines import BEST_MOOD, Baseline, BaselineStatus
from journal.domain.benefits import BeforeAfter, Benefit
from journal.domain.control_charts import ChosenBy, ControlChart
from journal.domain.periods import ComparedPeriod
from journal.domain.survival import Curve, Durability, HalfTrend
from journal.domain.withheld import Reason, Withheld
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.web.aligned_charts import aligned_chart
from journal.web.brief_rows import BriefRows
from journal.web.brief_signs import drift_words, signed
from journal.web.chart_tables import Table
from journal.web.chart_words import amount, counted_days, row_day, span
from journal.web.computed import NONE, Computed, Part, withheld
from journal.web.durability_tables import held_words, survival_words
from journal.wording import decimal, short_day

_DAY = timedelta(days=1)


def before_treatment(rows: BriefRows, _wanted: ComparedPeriod) -> Computed:
    """The mood before treatment, and the hold line that follows from it."""
    title = _("Before treatment")
    formula = (
        _(
            "B is the median burden (10 − the day’s mean mood) of the days before the first session of the "
            "course, that "
            "day not included; of an even number, the mean of the middle two. Mood before treatment is 10 − B."
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


def held(rows: BriefRows, _wanted: ComparedPeriod) -> Computed:
    """How long each session of the present course held, day by day."""
    title = _("How long each session held")
    formula = (
        _(
            "% better on a day = 100 · (B − burden) / B; burden = 10 − the day’s mean mood; B is that of the course."
        ),
        _(
            "A response is at least 50 % better on two logged days running within days 1 to 7, with at "
            "least 3 logged days in them; otherwise it is not evaluable."
        ),
        _(
            "Benefit is lost on the first later day that is less than 25 % better, if the next logged "
            "day is, too, and not more than two days lie between them without an entry. Began to fade: "
            "the same under 50 %."
        ),
        _(
            "The days that count begin on day 1. They end at the next session, a gap of more than 5 days, a pause or "
            "the end of the course, or a change of medicine that was ticked; then it held at least so long (+)."
        ),
        _(
            "Missing days are skipped. Where their best and worst would change the answer by more than 3 days, a "
            "range stands."
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


def durability(rows: BriefRows, _wanted: ComparedPeriod) -> Computed:
    """What the sessions of the course say together."""
    title = _("How long benefit lasted")
    formula = (
        _(
            "Kaplan–Meier over the sessions with a response: at each day on which benefit was lost, the share "
            "that still "
            "held is multiplied by 1 − lost / still watched. Sessions that were cut short count as long as they "
            "were watched."
        ),
        _(
            "Median: the first day on which the share is 0.5 or less. Interval: Greenwood’s standard error on "
            "the log–log "
            "scale, z = 1.96."
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
                f"{one.treatment.label} · {short_day(one.treatment.local_date)}",
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
            "No date to book by. Where sessions are brought forward before benefit is lost the median comes out "
            "too long."
        ),
    )


def aligned(rows: BriefRows, _wanted: ComparedPeriod) -> Computed:
    """What the days around sessions were like."""
    title = _("Mood around each session")
    formula = (
        _(
            "Day 0 is the session. For each day from 7 before to 28 after, the mood of every session that has an "
            "entry on "
            "that day; days from the next session on, and up to the one before, belong to those."
        ),
        _(
            "Shaded: lowest to highest with fewer than four sessions; from four on the 95 %% interval of the "
            "mean, from "
            "%(times)s resamples.",
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


def drift(rows: BriefRows, _wanted: ComparedPeriod) -> Computed:
    """Whether smoothed mood lies below its steady level."""
    title = _("Below the steady level")
    formula = (
        _(
            "z is the smoothed mood: after each logged day 0.2 · mood + 0.8 · z of before, from the "
            "mean of the steady days on. Days of a session are not in it."
        ),
        _(
            "The line is the mean of the steady days − h; h = 2.4 · s · √(0.2/1.8 · (1 + 0.4·0.8)/(1 − 0.4·0.8) + "
            "1.4/(0.6·n)), s their standard deviation, at least 0.7. It is made for days that resemble each other."
        ),
        _(
            "Steady days: those a provider chose; else the first 14 logged days among days 3 to 30 after the "
            "induction."
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


# Details --------------------------------------------------------------------------------------------------------------


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
            "Restricted mean to 28 days (the area under the steps). First half: %(first)s. Second half: %(second)s. "
            "So few sessions differ by chance; it says nothing of why.",
            first=halves[0],
            second=halves[1],
        ),
    )


def _session(one: Benefit, baseline: Baseline | None, rows: BriefRows) -> Part:
    words = [", ".join(part for part in held_words(one, until=rows.today) if part)]
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
        anchor=one.treatment.label,
        title=f"{one.treatment.label} · {short_day(one.treatment.local_date)}",
        words=tuple(words),
        table=Table(
            caption=one.treatment.label,
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


def _mean_words(curve: Curve) -> tuple[str, ...]:
    return (
        _(
            "Within 28 days it held %(mean)s days on average (the area under the steps); the longest was watched for "
            "%(days)s days, and beyond that the last share is carried on.",
            mean=decimal(curve.rmst_28, 2),
            days=curve.followed_to,
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
