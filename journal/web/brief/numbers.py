"""The six figures on top of a brief: mood, the two questionnaires, the ninth item, sleep, check-ins.

Each for the period that is looked at against what was before it, with the days it comes from. A questionnaire's figure
is its latest score of the period beside the latest one before it, of the same questionnaire: a PHQ-8 is never held
against a PHQ-9. The ninth item is an answer and nothing else: no arrow, no "better", and a 0 no reassurance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from journal.domain.assessment_records import AssessmentRecord
from journal.domain.assessments import DECLINED, Dated, previous
from journal.domain.instrument_files import SHIPPED, instrument
from journal.domain.periods import ComparedPeriod, Comparison
from journal.domain.trends import NO_DIRECTION, Change, Finding, Item
from journal.domain.words import translatable_in
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.web.assessment_words import band_words
from journal.web.charts.words import amount, figure, of_days
from journal.wording import short_day, short_day_and_year

DEPRESSION = ("phq9", "phq8", "phq2")
ANXIETY = ("gad7", "gad2")
"""What can stand in one place: of several the one that was answered last."""
ITEM_NINE = "9"
BETWEEN_MOST = 3
"""So many scores between two are named one by one."""
_ANSWERS = {
    0: translatable_in("answer of the ninth item", "not at all"),
    1: translatable_in("answer of the ninth item", "several days"),
    2: translatable_in("answer of the ninth item", "more than half the days"),
    3: translatable_in("answer of the ninth item", "nearly every day"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. ``name`` is its own in addresses. ``arrow`` points where it went and is for eyes alone.

    ``value`` is "–" where there is none; ``besides`` stands with it (a published range, or an answer in words); ``was``
    is what it was before and how that compares, ``basis`` the days it comes from. ``scale`` says which way is better,
    ``caution`` what it does not say.
    """

    name: str
    title: str
    value: str
    besides: str
    arrow: str
    was: str
    basis: str
    scale: str = ""
    caution: str = ""


def day_figures(found: Comparison) -> tuple[Figure, Figure, Figure]:
    """Mood, sleep and check-ins."""
    return (
        _mean("mood", _("Mood, average"), found.mood, scale=_("Higher is better.")),
        _mean("sleep", _("Sleep"), found.sleep_hours),
        _check_ins(found),
    )


def score_figures(
    records: Sequence[AssessmentRecord], wanted: ComparedPeriod
) -> tuple[Figure, Figure, Figure]:
    """The depression questionnaire, the anxiety questionnaire, and the ninth item of the PHQ-9."""
    scores = dated_scores(records, last=wanted.last)
    return (
        _score(scores, shown_code(scores, DEPRESSION), wanted),
        _score(scores, shown_code(scores, ANXIETY), wanted),
        _item_nine(records, wanted),
    )


def dated_scores(records: Sequence[AssessmentRecord], *, last: date) -> list[Dated]:
    """Every score with a total up to ``last``, in the order of their days."""
    found = [Dated(one.day, one.score()) for one in records if one.completed_on and one.day <= last]
    return sorted((one for one in found if one.score.total is not None), key=lambda one: one.on)


def shown_code(scores: Sequence[Dated], family: Sequence[str]) -> str:
    """The questionnaire of a place: the one answered last; the first of them where none was."""
    of_family = [one.score.scored_as for one in scores if one.score.scored_as in family]
    return of_family[-1] if of_family else family[0]


def item_nine_answers(records: Sequence[AssessmentRecord], *, last: date) -> list[tuple[date, int | None]]:
    """The days on which a PHQ-9 was completed, each with the answer to its ninth item; None where it was declined."""
    found = []
    for one in records:
        if one.instrument == "phq9" and one.completed_on is not None and one.day <= last:
            answer = one.answers.get(ITEM_NINE)
            if isinstance(answer, int) or answer is DECLINED:
                found.append((one.day, answer if isinstance(answer, int) else None))
    return sorted(found, key=lambda pair: pair[0])


def item_nine_words(answer: int | None) -> str:
    """An answer to the ninth item: 1, several days."""
    if answer is None:
        return _("preferred not to answer")
    if answer not in _ANSWERS:
        return str(answer)
    return _(
        "%(answer)s, %(words)s", answer=answer, words=pgettext("answer of the ninth item", _ANSWERS[answer])
    )


# Days -----------------------------------------------------------------------------------------------------------------


def _mean(name: str, title: str, change: Change, *, scale: str = "") -> Figure:
    now, before = change.now, change.before
    if before.n:
        basis = _(
            "%(logged)s of %(all)s days, before %(logged_before)s of %(all_before)s",
            logged=now.n,
            all=now.of,
            logged_before=before.n,
            all_before=before.of,
        )
    else:
        basis = ngettext("%(logged)s of %(num)s day", "%(logged)s of %(num)s days", now.of, logged=now.n)
    return Figure(
        name=name,
        title=title,
        value="–" if now.value is None else measured(change.item, now.value),
        besides="",
        arrow=_arrow(change.finding),
        was=_("nothing before")
        if before.value is None
        else _was(change, measured(change.item, before.value)),
        basis=basis,
        scale=scale,
    )


def _check_ins(found: Comparison) -> Figure:
    now, before = found.check_ins, found.check_ins_before
    return Figure(
        name="check-ins",
        title=_("Check-ins"),
        value=of_days(now.logged, now.eligible),
        besides="",
        arrow="",
        was=_("was %(before)s", before=of_days(before.logged, before.eligible))
        if before.eligible
        else _("nothing before"),
        basis=_("days with any check-in"),
    )


def measured(item: Item, value: float) -> str:
    """A figure with its unit, as short as a tile needs it: 5.7, 6.9 h."""
    return _("%(hours)s h", hours=figure(value)) if item is Item.SLEEP_HOURS else figure(value)


def _arrow(finding: Finding | None) -> str:
    return {Finding.ROSE: "↑", Finding.FELL: "↓"}.get(finding, "") if finding else ""


def _was(change: Change, before: str) -> str:
    """What it was before and how that compares: was 4.0, higher. Which way is better stands with the scale."""
    if change.finding is None:
        return _("was %(before)s", before=before)
    if change.finding is Finding.SAME:
        return _("was %(before)s, about the same", before=before)
    rose = change.finding is Finding.ROSE
    if change.item in NO_DIRECTION:
        return (
            _("was %(before)s, longer", before=before)
            if rose
            else _("was %(before)s, shorter", before=before)
        )
    return _("was %(before)s, higher", before=before) if rose else _("was %(before)s, lower", before=before)


# Questionnaires -------------------------------------------------------------------------------------------------------


def _score(scores: Sequence[Dated], code: str, wanted: ComparedPeriod) -> Figure:
    of_code = [one for one in scores if one.score.scored_as == code]
    inside = [one for one in of_code if one.on >= wanted.first]
    latest = inside[-1] if inside else None
    before = _before(of_code, latest, wanted)
    title = instrument(code).name if code in SHIPPED else code
    if latest is None:
        return Figure(
            name=code,
            title=title,
            value="–",
            besides="",
            arrow="",
            was=_("last %(total)s on %(date)s", total=before.score.total, date=_day(before.on, wanted))
            if before is not None
            else _("no answers yet"),
            basis=_("none in these dates") if before is not None else "",
            scale=_("Lower is better."),
        )
    return Figure(
        name=code,
        title=title,
        value=amount(latest.score.total or 0),
        besides=band_words(latest.score),
        arrow=_arrow(_moved(before, latest)),
        was=_score_was(before, latest),
        basis=_score_basis(inside, before, wanted),
        scale=_("Lower is better."),
    )


def _before(of_code: Sequence[Dated], latest: Dated | None, wanted: ComparedPeriod) -> Dated | None:
    """The latest score before the period; where it begins at the very first day there is none."""
    earlier = [one for one in of_code if one.on < wanted.first]
    if latest is None:
        return earlier[-1] if earlier else None
    return previous(earlier, latest)


def _moved(before: Dated | None, latest: Dated) -> Finding | None:
    if before is None or before.score.total is None or latest.score.total is None:
        return None
    change = latest.score.total - before.score.total
    return Finding.SAME if change == 0 else Finding.ROSE if change > 0 else Finding.FELL


def _score_was(before: Dated | None, latest: Dated) -> str:
    moved = _moved(before, latest)
    if before is None or moved is None:
        return _("nothing before")
    was, now = before.score.total or 0, latest.score.total or 0
    code = latest.score.scored_as
    known = instrument(code).reliable if code in SHIPPED else None
    if moved is Finding.SAME:
        return _("was %(before)s, the same", before=was)
    said = (
        _("was %(before)s, lower", before=was)
        if moved is Finding.FELL
        else _("was %(before)s, higher", before=was)
    )
    if known is None or abs(now - was) < known.threshold:
        return said
    return ngettext(
        "%(said)s: a change of %(num)s or more",
        "%(said)s: a change of %(num)s or more",
        known.threshold,
        said=said,
    )


def _score_basis(inside: Sequence[Dated], before: Dated | None, wanted: ComparedPeriod) -> str:
    on = _day(inside[-1].on, wanted)
    between = _between(inside[:-1], wanted)
    if before is not None and between:
        return _(
            "%(date)s, before %(date_before)s; in between %(scores)s",
            date=on,
            date_before=_day(before.on, wanted),
            scores=between,
        )
    if before is not None:
        return _("%(date)s, before %(date_before)s", date=on, date_before=_day(before.on, wanted))
    return _("%(date)s; in these dates also %(scores)s", date=on, scores=between) if between else on


def _between(scores: Sequence[Dated], wanted: ComparedPeriod) -> str:
    """The other scores of the period: each of up to three, of more how many and from what to what."""
    totals = [one.score.total or 0 for one in scores]
    if len(scores) > BETWEEN_MOST:
        return _("%(count)s more, %(low)s to %(high)s", count=len(scores), low=min(totals), high=max(totals))
    return ", ".join(
        _("%(total)s on %(date)s", total=total, date=_day(one.on, wanted))
        for one, total in zip(scores, totals, strict=True)
    )


def _item_nine(records: Sequence[AssessmentRecord], wanted: ComparedPeriod) -> Figure:
    answers = item_nine_answers(records, last=wanted.last)
    inside = [pair for pair in answers if pair[0] >= wanted.first]
    earlier = [pair for pair in answers if pair[0] < wanted.first]
    title = _("PHQ-9 item 9")
    seen = [pair[1] for pair in (*earlier[-1:], *inside[-1:])]
    caution = _("A 0 is no sign of safety.") if 0 in seen else ""
    if not inside:
        return Figure(
            name="phq9-item-9",
            title=title,
            value="–",
            besides="",
            arrow="",
            was=_(
                "last %(answer)s, on %(date)s",
                answer=item_nine_words(earlier[-1][1]),
                date=_day(earlier[-1][0], wanted),
            )
            if earlier
            else "",
            basis=_("not asked in these dates"),
            caution=caution,
        )
    on, answer = inside[-1]
    return Figure(
        name="phq9-item-9",
        title=title,
        value="–" if answer is None else str(answer),
        besides=_("preferred not to answer")
        if answer is None
        else pgettext("answer of the ninth item", _ANSWERS[answer])
        if answer in _ANSWERS
        else "",
        arrow="",
        was=_("was %(before)s", before=item_nine_words(earlier[-1][1])) if earlier else _("nothing before"),
        caution=caution,
        basis=_(
            "%(date)s, before %(date_before)s",
            date=_day(on, wanted),
            date_before=_day(earlier[-1][0], wanted),
        )
        if earlier
        else _("answered %(date)s", date=_day(on, wanted)),
    )


def _day(day: date, wanted: ComparedPeriod) -> str:
    return short_day(day) if day.year == wanted.last.year else short_day_and_year(day)
