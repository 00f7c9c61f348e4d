"""How long each session held, in words: a row for every session, what they say together, and why where nothing is said.

Nothing here predicts or advises: a row says what was seen, a median never stands without its interval, and nothing says
that a session caused anything. The figures are ``journal.domain.benefits`` and ``journal.domain.survival``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from journal.domain import insight_limits as limits
from journal.domain.baselines import Baseline
from journal.domain.benefits import Benefit, Bounds, EndReason
from journal.domain.insights import CourseInsights, Insights
from journal.domain.survival import Curve, Durability
from journal.domain.withheld import Reason, Withheld
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.web.charts.words import amount, figure
from journal.web.labels import session_label
from journal.web.withheld_words import why
from journal.wording import short_day, short_day_and_year

BAR = 78.0
"""How long the longest bar is, in units of its picture."""
_FIRST_WEEK = timedelta(days=int(limits.RESPONSE_WITHIN.value))
_STILL = timedelta(days=int(limits.LONGEST_GAP.value))


@dataclass(frozen=True, slots=True)
class HeldRow:
    """One session. ``before`` and ``peak`` are moods; ``held`` is how long, ``until`` what ended the days that count.

    ``before_of`` says that ``before`` is of a single day. ``effects`` are what was felt, or that nothing was recorded.
    ``bar`` is the length of its bar in units, None where there is nothing to draw; ``is_cut`` draws it grey (it was cut
    short), ``goes_on`` ends it in an arrow. ``range`` says between what the answer lies where missing days matter.
    """

    label: str
    day: str
    before: str
    before_of: str
    peak: str
    peak_day: str
    held: str
    until: str
    range: str
    bar: float | None
    is_cut: bool
    goes_on: bool
    effects: str


@dataclass(frozen=True, slots=True)
class HeldTable:
    """One course: its rows, in date order; what they say together, sentence by sentence; ``withheld`` says why not.

    ``hold_line`` is the mood under which benefit counts as lost, as it is shown; empty without a baseline.
    """

    title: str
    hold_line: str
    rows: tuple[HeldRow, ...]
    together: tuple[str, ...]
    withheld: str


def held_tables(
    found: Insights, *, effects: Mapping[date, str]
) -> tuple[HeldTable | None, tuple[HeldTable, ...]]:
    """The present course, and the earlier ones; None without any session. ``effects`` are by the session's date."""
    until = found.history.until
    tables = [
        _table(course, effects, until=until, title=_course_title(course))
        for course in (*found.earlier, found.course)
        if course.benefits
    ]
    if not found.course.benefits:
        return None, tuple(tables)
    return tables[-1], tuple(tables[:-1])


def survival_words(found: Durability) -> list[str]:
    """What the sessions of a course say together: the median with its interval, or how many more it takes."""
    said = [_counts(found), _median(found.curve, found)]
    if found.as_censored is not None:
        said.append(_without_rule(found.as_censored))
    return [sentence for sentence in said if sentence]


def held_words(one: Benefit, *, until: date) -> tuple[str, str]:
    """How long one session held, and what ended the days that count: ("17+ d", "still holding")."""
    if one.response is None:
        if one.reason is Reason.NOT_EVALUABLE and _is_too_soon(one, until):
            return pgettext("session", "too early to tell"), ""
        return _not_told(one.reason), ""
    if not one.response:
        if _is_too_soon(one, until):
            return pgettext("session", "no response so far"), ""
        return pgettext("session", "no response"), ""
    days = one.observed_days or 0
    if not one.censored:
        ended = _("until a session was brought forward for worsening")
        return _("%(days)s d", days=days), ended if one.end_reason is EndReason.EARLY_FOR_WORSENING else ""
    return _("%(days)s+ d", days=days), _cut_by(one, until)


def goes_on(one: Benefit, *, until: date) -> bool:
    """Whether benefit has not been lost up to these days."""
    if one.end_reason is not EndReason.END_OF_DATA or not one.censored or one.observed_days is None:
        return False
    return until - one.treatment.local_date - timedelta(days=one.observed_days) <= _STILL


# Rows -----------------------------------------------------------------------------------------------------------------


def _table(course: CourseInsights, effects: Mapping[date, str], *, until: date, title: str) -> HeldTable:
    longest = max((one.observed_days or 0 for one in course.benefits), default=0)
    baseline = course.baseline
    return HeldTable(
        title=title,
        hold_line=figure(baseline.hold_line) if isinstance(baseline, Baseline) else "",
        rows=tuple(
            _row(one, longest, effects.get(one.treatment.local_date) or _("not recorded"), until=until)
            for one in course.benefits
        ),
        together=tuple(survival_words(course.durability))
        if isinstance(course.durability, Durability)
        else (),
        withheld=why(baseline) if isinstance(baseline, Withheld) else "",
    )


def _course_title(course: CourseInsights) -> str:
    first, last = course.benefits[0].treatment, course.benefits[-1].treatment
    return _(
        "Course of %(first)s to %(last)s",
        first=short_day_and_year(first.local_date),
        last=short_day_and_year(last.local_date),
    )


def _row(one: Benefit, longest: int, effects: str, *, until: date) -> HeldRow:
    held, ended = held_words(one, until=until)
    days = one.observed_days
    return HeldRow(
        label=session_label(one.treatment.label),
        day=short_day(one.treatment.local_date),
        before="–" if one.before is None else figure(one.before),
        before_of=_("(1 day)") if one.days_before == 1 else "",
        peak="–" if one.peak is None else amount(one.peak),
        peak_day="" if one.peak_day is None else _("day %(number)s", number=one.peak_day),
        held=held,
        until=ended,
        range=range_words(one.bounds),
        bar=round(BAR * days / longest, 1) if days and longest else None,
        is_cut=one.censored and not goes_on(one, until=until),
        goes_on=goes_on(one, until=until),
        effects=effects,
    )


def _is_too_soon(one: Benefit, until: date) -> bool:
    """Whether the week in which a response shows is not over, and no other session ended it."""
    return one.end_reason is EndReason.END_OF_DATA and until <= one.treatment.local_date + _FIRST_WEEK


def _not_told(reason: Reason | None) -> str:
    if reason is Reason.NOT_EVALUABLE:
        return pgettext("session", "not evaluable")
    return pgettext("session", "not shown")


def _cut_by(one: Benefit, until: date) -> str:
    match one.end_reason:
        case EndReason.NEXT_SESSION:
            return _("until next session")
        case EndReason.GAP:
            return _("until days without an entry")
        case EndReason.PAUSED:
            return _("until the course was paused")
        case EndReason.ENDED:
            return _("until the course ended")
        case EndReason.MEDICATION:
            return _("until a medicine changed")
        case _:
            return _("still holding") if goes_on(one, until=until) else _("up to the last entry")


def range_words(bounds: Bounds | None) -> str:
    """Between what the answer lies, whatever the missing days were."""
    if bounds is None:
        return ""
    if bounds.low is None:
        return _("with missing days at their best or worst: no loss")
    if bounds.high is None:
        return _("%(low)s d to no loss, as missing days were", low=bounds.low)
    return _("%(low)s to %(high)s d, as missing days were", low=bounds.low, high=bounds.high)


# Together -------------------------------------------------------------------------------------------------------------


def _counts(found: Durability) -> str:
    return _(
        "%(responded)s with a response, %(not_responded)s without, %(not_evaluable)s not evaluable.",
        responded=found.n,
        not_responded=found.no_response,
        not_evaluable=found.not_evaluable,
    )


def _median(curve: Curve | Withheld, found: Durability) -> str:
    if isinstance(curve, Withheld):
        return _too_early(found)
    interval = interval_words(curve)
    if curve.median is None:
        return ngettext(
            "In the last %(num)s session with a response, the median is not reached: more than half still held on the "
            "last day watched (%(interval)s, watched for up to %(days)s days).",
            "In the last %(num)s sessions with a response, the median is not reached: more than half still held on the "
            "last day watched (%(interval)s, watched for up to %(days)s days).",
            curve.n,
            interval=interval,
            days=curve.followed_to,
        )
    return ngettext(
        "In the last %(num)s session with a response, benefit lasted a median of %(median)s days (%(interval)s).",
        "In the last %(num)s sessions with a response, benefit lasted a median of %(median)s days (%(interval)s).",
        curve.n,
        median=curve.median,
        interval=interval,
    )


def interval_words(curve: Curve) -> str:
    """The interval of a median, in parentheses' words: 95 % interval 10 to 21 days."""
    if curve.ci_low is None:
        return _("no interval can be given")
    if curve.ci_high is None:
        return _("95 %% interval from %(low)s days, its end not reached", low=curve.ci_low)
    return _("95 %% interval %(low)s to %(high)s days", low=curve.ci_low, high=curve.ci_high)


def _too_early(found: Durability) -> str:
    sessions = max(0, int(limits.SURVIVAL_SESSIONS.value) - found.n)
    losses = max(0, int(limits.SURVIVAL_EVENTS.value) - found.events)
    if not sessions:
        return ngettext(
            "Too early to estimate how long benefit lasts: it takes %(num)s more session after which it was lost.",
            "Too early to estimate how long benefit lasts: it takes %(num)s more sessions after which it was lost.",
            losses,
        )
    more = ngettext("%(num)s more session with a response", "%(num)s more sessions with a response", sessions)
    if not losses:
        return _(
            "Too early to estimate how long benefit lasts: it takes at least %(sessions)s.", sessions=more
        )
    return _(
        "Too early to estimate how long benefit lasts: it takes at least %(sessions)s and %(losses)s.",
        sessions=more,
        losses=ngettext("%(num)s more loss", "%(num)s more losses", losses),
    )


def _without_rule(curve: Curve | Withheld) -> str:
    if isinstance(curve, Withheld):
        return _("With the sessions brought forward counted as cut short, it is too early to estimate.")
    if curve.median is None:
        return _(
            "With the sessions brought forward counted as cut short, the median is not reached (%(interval)s).",
            interval=interval_words(curve),
        )
    return _(
        "With the sessions brought forward counted as cut short, the median is %(median)s days (%(interval)s).",
        median=curve.median,
        interval=interval_words(curve),
    )


def longer_each_time(benefits: Sequence[Benefit]) -> int:
    """How many of the latest sessions each held longer than the one before, up to three; 0 for fewer than two.

    A session that was cut short counts with the days it was watched: it held at least so long. The one before it must
    have ended, or nobody could say that it was shorter.
    """
    held = [one for one in benefits if one.observed_days is not None][-3:]
    count = 1
    for earlier, later in zip(held[-2::-1], held[:0:-1], strict=False):
        longer = (later.observed_days or 0) > (earlier.observed_days or 0)
        if earlier.censored or not longer:
            break
        count += 1
    return count if count > 1 else 0
