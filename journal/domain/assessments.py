"""Answered questionnaires: what may be answered, what it adds up to, what changed, and what must not be overlooked.

Numbers and codes only: how they are said, and that no score is a diagnosis, is the business of who shows them. The
questionnaires are ``instruments``; when one is due is ``assessment_calendar``.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from journal.domain.errors import Refused, RefusedFields
from journal.domain.instruments import Band, Instrument, Item, Range, ReliableFigures

RELIABLE_BEYOND = 1.96
"""A reliable change index beyond this, either way, is reliable (Jacobson and Truax 1991): 5 % of people without any
change have one."""
_EQUAL_WITHIN = 1e-9
"""A value as near to a threshold as this counts as equal to it."""


class Declined(StrEnum):
    """ "Prefer not to answer": an answer, unlike nothing at all."""

    DECLINED = "declined"


DECLINED = Declined.DECLINED
Answer = int | Declined
Answers = Mapping[str, Answer]
"""Answers by the key of their item. What is not in it was not answered (yet)."""


# Answering


def check(instrument: Instrument, answers: Answers) -> None:
    """Refuse, all at once, answers that the questionnaire does not offer. Nothing is refused for being unanswered.

    A question that came up only because of another answer may keep its own when that one changes: what was said there
    is not thrown away.
    """
    items = {item.key: item for item in instrument.items}
    problems = []
    for key, answer in answers.items():
        if key not in items:
            problems.append(Refused("member_unknown", field=key))
        elif not _is_offered(items[key], answer):
            problems.append(Refused("not_a_choice", field=key))
    if problems:
        raise RefusedFields(problems)


def asked(instrument: Instrument, answers: Answers) -> tuple[Item, ...]:
    """The questions that belong on the page, given what is answered: some come up only after a "yes"."""
    return tuple(
        item
        for item in instrument.items
        if not item.asked_after or any(_reaches(answers, key, 1) for key in item.asked_after)
    )


def unanswered(instrument: Instrument, answers: Answers) -> tuple[str, ...]:
    """The keys of what is neither answered nor declined and keeps it half-finished, in their order."""
    return tuple(item.key for item in _counted(instrument, answers) if item.key not in answers)


# Adding up


@dataclass(frozen=True, slots=True)
class PartScore:
    """The total of some of the items, under their part's own code."""

    code: str
    total: int


@dataclass(frozen=True, slots=True)
class Score:
    """What answers add up to.

    ``scored_as`` is the code of the questionnaire whose total this is: where the ninth item of a PHQ-9 is declined, the
    other eight are a PHQ-8. ``total``, ``within``, ``band`` and ``parts`` are empty while it is half-finished, and
    always for a questionnaire without a total. ``answered`` of ``asked``: without declined ones, and without questions
    that are no part of the score.
    """

    instrument: str
    scored_as: str
    is_complete: bool
    answered: int
    asked: int
    total: int | None = None
    within: Range | None = None
    band: Band | None = None
    parts: tuple[PartScore, ...] = ()


def score(instrument: Instrument, answers: Answers) -> Score:
    """Add up ``answers``, which ``check`` has passed. Missing answers are never estimated: 8 of 9 have no total."""
    counted = _counted(instrument, answers)
    values = {item.key: answer for item in counted if isinstance(answer := answers.get(item.key), int)}
    declined = {item.key for item in counted if answers.get(item.key) is DECLINED}
    is_complete = len(values) + len(declined) == len(counted)
    scored_as, within = instrument.code, instrument.within
    instead = next((part for part in instrument.parts if part.if_declined in declined), None)
    if instead is not None:
        scored_as, within = instead.code, instead.within
    total = sum(values.values()) if is_complete and within is not None else None
    return Score(
        instrument=instrument.code,
        scored_as=scored_as,
        is_complete=is_complete,
        answered=len(values),
        asked=len(counted),
        total=total,
        within=within if total is not None else None,
        band=band_of(instrument, total) if total is not None and instead is None else None,
        parts=tuple(
            PartScore(part.code, sum(values[key] for key in part.items))
            for part in instrument.parts
            if part.if_declined is None
        )
        if total is not None
        else (),
    )


def band_of(instrument: Instrument, total: int) -> Band | None:
    """The published band that ``total`` lies in; None where none are published."""
    found = (band for band in instrument.bands if band.within.lowest <= total <= band.within.highest)
    return next(found, None)


# What must not be overlooked


@dataclass(frozen=True, slots=True)
class Raised:
    """An answer that opens the help panel: the item's key, and its value as it was given."""

    key: str
    value: int


def raised_by(instrument: Instrument, answers: Answers) -> tuple[Raised, ...]:
    """The answers that open the help panel, half-finished or not; how high they are makes no difference.

    That there are none means nothing: it is never shown as reassurance and never takes a link to help away.
    """
    return tuple(
        Raised(item.key, answer)
        for item in instrument.items
        if item.help_at is not None
        and isinstance(answer := answers.get(item.key), int)
        and answer >= item.help_at
    )


def is_acute(instrument: Instrument, answers: Answers) -> bool | None:
    """Whether the question about right now was answered yes; None where it was not asked, or not answered."""
    for item in instrument.items:
        if item.acute_at is not None and isinstance(answer := answers.get(item.key), int):
            return answer >= item.acute_at
    return None


def worth_mentioning(instrument: Instrument, answers: Answers) -> tuple[str, ...]:
    """The keys of answers that a person is softly asked to tell their provider about."""
    return tuple(
        item.key
        for item in instrument.items
        if item.mention_at is not None and _reaches(answers, item.key, item.mention_at)
    )


# What changed


@dataclass(frozen=True, slots=True)
class Dated:
    """A score and the day it was completed, where the person lives."""

    on: date
    score: Score


def previous(earlier: Iterable[Dated], latest: Dated) -> Dated | None:
    """The last score before ``latest`` that may stand beside it: with a total, and of the same questionnaire.

    A PHQ-8 is never compared with a PHQ-9. Of two on one day, the one listed later is the later.
    """
    fit = [
        one
        for one in earlier
        if one.on <= latest.on
        and one is not latest
        and one.score.total is not None
        and one.score.scored_as == latest.score.scored_as
    ]
    return max(reversed(fit), key=lambda one: one.on, default=None)


@dataclass(frozen=True, slots=True)
class ReliableChange:
    """The reliable change index with what it was computed from; ``points`` is the change from which on it says yes."""

    index: float
    is_reliable: bool
    points: float
    sd: float
    r: float


def reliable_change(earlier: int, later: int, *, sd: float, r: float) -> ReliableChange:
    """(later − earlier) / (SD·√(2(1−r))), reliable beyond 1.96 either way (Jacobson and Truax 1991).

    ``sd`` above 0 and reliability ``r`` from 0 to below 1, in the points of the total. Says nothing of importance.
    """
    if not (sd > 0 and 0 <= r < 1):
        raise ValueError("an SD is above 0, and a reliability from 0 to below 1")
    of_difference = sd * math.sqrt(2 * (1 - r))
    index = (later - earlier) / of_difference
    return ReliableChange(
        index=index,
        is_reliable=abs(index) > RELIABLE_BEYOND + _EQUAL_WITHIN,
        points=RELIABLE_BEYOND * of_difference,
        sd=sd,
        r=r,
    )


@dataclass(frozen=True, slots=True)
class Change:
    """``difference``: later less earlier, so below 0 is less burden.

    ``reaches_threshold`` by the questionnaire's ``figures``, ``computed`` from their SD and reliability; None where it
    has none. The two may differ. The grade in ``figures`` says how either may be shown.
    """

    difference: int
    reaches_threshold: bool | None
    computed: ReliableChange | None
    figures: ReliableFigures | None


def change(instrument: Instrument, earlier: Score, later: Score) -> Change | None:
    """From ``earlier`` to ``later``, both of ``instrument``; None where there are not two totals of one kind."""
    if earlier.total is None or later.total is None or earlier.scored_as != later.scored_as:
        return None
    difference = later.total - earlier.total
    figures = instrument.reliable if later.scored_as == instrument.code else None
    computed = None
    if figures is not None and figures.sd is not None and figures.r is not None:
        computed = reliable_change(earlier.total, later.total, sd=figures.sd, r=figures.r)
    return Change(
        difference=difference,
        reaches_threshold=abs(difference) >= figures.threshold if figures is not None else None,
        computed=computed,
        figures=figures,
    )


# What it covers


def sessions_in_recall(
    instrument: Instrument, completed_on: date, *, given_on: Iterable[date]
) -> tuple[date, ...]:
    """The days of given sessions that ``completed_on`` is less than the recall window after, in order.

    Such a score covers days before and after the session, and is marked as that. On the day of a session itself no
    day after it has passed yet.
    """
    if instrument.recall_days is None:
        return ()
    window = timedelta(days=instrument.recall_days)
    return tuple(sorted({day for day in given_on if day < completed_on < day + window}))


def _counted(instrument: Instrument, answers: Answers) -> tuple[Item, ...]:
    return tuple(item for item in asked(instrument, answers) if not item.is_extra)


def _is_offered(item: Item, answer: Answer) -> bool:
    if isinstance(answer, Declined):
        return item.may_be_declined
    return not isinstance(answer, bool) and answer in item.values


def _reaches(answers: Answers, key: str, least: int) -> bool:
    answer = answers.get(key)
    return isinstance(answer, int) and answer >= least
