"""What else the days say on a brief: drift, how regular waking is, how much mood moves, what goes with it.

One line each, with what it was computed from; a pattern is called that, and nothing says why. No web framework inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from journal.domain.associations import Association, LinkStatus, Per, Slope, shown_by_chance
from journal.domain.benefits import Benefit
from journal.domain.control_charts import ChosenBy, ControlChart
from journal.domain.insight_limits import LINK_PAIRS, LINK_PRELIMINARY_PAIRS
from journal.domain.insights import Insights
from journal.domain.regularity import Waking
from journal.domain.treatments import Phase
from journal.domain.variability import Variability
from journal.domain.withheld import Reason, Withheld
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.web.charts.words import amount, counted_days, figure, span
from journal.web.withheld_words import why
from journal.wording import decimal, short_day, whole

_PAIRS = translatable("Too early: %(there)s of the %(needs)s pairs of days it takes.")
_NOT_YET = {
    "drift": translatable("Too early: %(there)s of the %(needs)s steady days it takes."),
    "waking": translatable("Too few: %(there)s of the %(needs)s mornings it takes in the dates above."),
    "variability": translatable("Too early: %(there)s of the %(needs)s days it takes."),
    "sleep-mood": _PAIRS,
    "activity-mood": _PAIRS,
}


@dataclass(frozen=True, slots=True)
class Sign:
    """One line. ``name`` is that of its figure, where it is said how it was computed."""

    name: str
    title: str
    words: str


def signs_of(found: Insights, waking: Waking | Withheld) -> list[Sign]:
    """The lines there are. What cannot be said yet is :func:`unsaid_of`."""
    signs = []
    chart = found.course.chart
    if isinstance(chart, ControlChart) and chart.is_signalling:
        signs.append(Sign("drift", _("Below the steady level"), drift_words(chart, found.course.benefits)))
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


def unsaid_of(found: Insights, waking: Waking | Withheld) -> list[Sign]:
    """The lines that cannot be said yet, each with the number that there is and the number that it takes."""
    told = (
        ("drift", _("Below the steady level"), found.course.chart),
        ("waking", _("Waking time"), waking),
        ("variability", _("Mood from day to day"), found.variability),
        ("sleep-mood", _("Sleep and mood"), _missing(found.sleep_mood)),
        ("activity-mood", _("Activity and mood"), _missing(found.activity_mood)),
    )
    return [
        Sign(name, title, there_are(one, _NOT_YET[name]))
        for name, title, one in told
        if isinstance(one, Withheld) and one.reason is not Reason.NO_SESSION
    ]


def there_are(found: Withheld, not_yet: str) -> str:
    """Why it is not said, with how much there is of how much it takes."""
    if found.reason in {Reason.TOO_FEW, Reason.TOO_EARLY} and found.needs:
        return _(not_yet, there=found.n, needs=found.needs)
    return why(found)


def missing_of(link: Association) -> Withheld:
    """Why there is no slope."""
    reason = Reason.NO_VARIATION if link.status is LinkStatus.NO_VARIATION else Reason.TOO_FEW
    needs = LINK_PAIRS if link.per is Per.HALF_HOUR else LINK_PRELIMINARY_PAIRS
    return Withheld(reason, n=link.n, needs=int(needs.value))


def _missing(link: Association | Withheld) -> Association | Withheld:
    return missing_of(link) if isinstance(link, Association) and link.slope is None else link


def drift_words(chart: ControlChart, benefits: Sequence[Benefit]) -> str:
    """Since when smoothed mood lies under the line, and what it is held against. A prompt to look, never a finding."""
    facts = {
        "since": short_day(_signalling_since(chart)),
        "line": decimal(chart.line, 2),  # to a tenth, a day just under it would not be under what is said
        "now": figure(chart.days[-1].z),
        "level": figure(chart.mu),
        "days": chart.n0,
        "dates": span(chart.baseline_from, chart.baseline_to),
    }
    if chart.baseline_by is ChosenBy.PROVIDER:
        return _(
            "Since %(since)s smoothed mood has been under %(line)s (now %(now)s); it was %(level)s on average over the "
            "%(days)s steady days that a provider chose, %(dates)s. A prompt to look, no finding.",
            **facts,
        )
    if any(one.treatment.phase is Phase.INDUCTION for one in benefits):
        return _(
            "Since %(since)s smoothed mood has been under %(line)s (now %(now)s); it was %(level)s on average over the "
            "first %(days)s logged days from the third day after induction on, %(dates)s. A prompt to look, no "
            "finding.",
            **facts,
        )
    return _(
        "Since %(since)s smoothed mood has been under %(line)s (now %(now)s); it was %(level)s on average over the "
        "first %(days)s logged days from the third day after the first session on, %(dates)s. A prompt to look, no "
        "finding.",
        **facts,
    )


def waking_words(waking: Waking) -> str:
    """How far waking times lie apart."""
    return ngettext(
        "Varies by %(minutes)s minutes (SD of %(num)s morning, %(dates)s).",
        "Varies by %(minutes)s minutes (SD of %(num)s mornings, %(dates)s).",
        waking.n,
        minutes=whole(round(waking.spread)),
        dates=span(waking.rows[0][0], waking.rows[-1][0]),
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
    both = [said, reverse_words(found, found.reverse)] if found.reverse else [said]
    if found.status is LinkStatus.NO_CLEAR_LINK:
        return " ".join([_("No clear link yet."), *both])
    if slope.ci_low <= 0 <= slope.ci_high:  # too few pairs yet, and what they show is no pattern either
        return " ".join([_("Preliminary."), _("No clear link yet."), *both])
    caution = [
        _("A pattern, not proof."),
        _(
            "With this many pairs about %(count)s of 100 people without such a link show one by chance.",
            count=shown_by_chance(found.n),
        ),
    ]
    if found.status is LinkStatus.PRELIMINARY:
        return " ".join([_("Preliminary."), *both, *caution])
    return " ".join([*both, *caution])


def reverse_words(found: Association, reverse: Slope) -> str:
    """The same read the other way: the mood of a day with the night after it, in as plain a line."""
    facts = {
        "b": _exactly(reverse.b),
        "low": _exactly(reverse.ci_low),
        "high": _exactly(reverse.ci_high),
        "nights": reverse.n,
    }
    if found.per is Per.HOUR:
        return _(
            "The other way round: a point better mood went with %(b)s hours the next night (95 %% interval %(low)s to "
            "%(high)s, %(nights)s nights).",
            **facts,
        )
    return _(
        "The other way round: a point better mood went with %(b)s steps of sleep quality the next night (95 %% "
        "interval %(low)s to %(high)s, %(nights)s nights).",
        **facts,
    )


def _exactly(value: float) -> str:
    shown = decimal(abs(value), 2)
    return shown if shown == decimal(0.0, 2) else f"{'+' if value > 0 else '−'}{shown}"


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
