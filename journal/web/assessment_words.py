"""Questionnaires in words: what one is called here, how long it takes, what its number means, and why the next one is
due on its day. Their own words are never said here: they stand in English, letter by letter, in their files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from journal.domain.assessment_calendar import Due, Reason, Stage
from journal.domain.assessment_records import AssessmentOutline, AssessmentRecord
from journal.domain.assessments import Dated, Score, change, previous, sessions_in_recall
from journal.domain.instrument_files import SHIPPED, instrument
from journal.domain.instruments import Instrument
from journal.domain.words import translatable_in
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.wording import day_and_year, long_day

_FEW, _MANY = 3, 12
"""Up to so many questions take less than a minute, and from so many on about five."""

BANDS = {
    "minimal": translatable_in("range of a questionnaire", "minimal"),
    "mild": translatable_in("range of a questionnaire", "mild"),
    "moderate": translatable_in("range of a questionnaire", "moderate"),
    "moderately_severe": translatable_in("range of a questionnaire", "moderately severe"),
    "severe": translatable_in("range of a questionnaire", "severe"),
}
"""The published names of ranges of totals, in plain words. A test keeps them complete."""


def title_of(known: Instrument) -> str:
    """What it is called on a page, by the days it asks about; its own name stands beside it."""
    match known.recall_days:
        case None:
            return _("A few short questions")
        case days if days <= 14:
            return _("Two-week questions")
        case _:
            return _("Past-month questions")


def length_of(known: Instrument) -> str:
    """About how long it takes."""
    count = len(known.items)
    if count <= _FEW:
        return _("Less than a minute.")
    return _("About two minutes.") if count <= _MANY else _("About five minutes.")


def name_of(code: str) -> str:
    """Its own name; the code itself where it is of another program."""
    return instrument(code).name if code in SHIPPED else code


def band_words(score: Score) -> str:
    """The published name of the range that a total lies in; empty where none is published."""
    if score.band is None or score.band.code not in BANDS:
        return ""
    return pgettext("range of a questionnaire", BANDS[score.band.code])


def answered_words(record: AssessmentOutline) -> str:
    """How many of its questions are answered."""
    return ngettext(
        "%(answered)s of %(num)s answered",
        "%(answered)s of %(num)s answered",
        record.asked,
        answered=record.answered,
    )


def due_words(due: Due) -> str:
    """When the next one is due, and why on that day, as a whole sentence."""
    on, counted = long_day(due.on), day_and_year(due.counted_from)
    match due.reason:
        case Reason.FIRST:
            return _("The first ones are due on %(on)s, when your journal begins.", on=on)
        case Reason.INTERVAL:
            return ngettext(
                "The next one is due on %(on)s, "
                "because that’s %(num)s day after you answered the last one, on %(counted)s.",
                "The next one is due on %(on)s, "
                "because that’s %(num)s days after you answered the last one, on %(counted)s.",
                due.days,
                on=on,
                counted=counted,
            )
        case Reason.MISSED:
            return ngettext(
                "The next one is due on %(on)s, "
                "because that’s %(num)s day after the last one was due, on %(counted)s.",
                "The next one is due on %(on)s, "
                "because that’s %(num)s days after the last one was due, on %(counted)s.",
                due.days,
                on=on,
                counted=counted,
            )
        case Reason.SESSION:
            return ngettext(
                "The next one is due on %(on)s, "
                "because that’s %(num)s day after your session on %(counted)s: it asks about the time "
                "since then.",
                "The next one is due on %(on)s, "
                "because that’s %(num)s days after your session on %(counted)s: it asks about the time "
                "since then.",
                due.days,
                on=on,
                counted=counted,
            )
        case Reason.LIMIT:
            return ngettext(
                "The next one is due on %(on)s, "
                "because that’s %(num)s day after the last one, on %(counted)s. It never waits longer, "
                "also when sessions would put it off.",
                "The next one is due on %(on)s, "
                "because that’s %(num)s days after the last one, on %(counted)s. It never waits longer, "
                "also when sessions would put it off.",
                due.days,
                on=on,
                counted=counted,
            )
        case Reason.BEFORE_SESSION:
            return _(
                "The next one is due on %(on)s, "
                "because it’s asked before your session on %(counted)s. Without that session it would be "
                "%(otherwise)s.",
                on=on,
                counted=counted,
                otherwise=long_day(due.otherwise_on or due.on),
            )


@dataclass(frozen=True, slots=True)
class OpenLine:
    """A questionnaire that can be answered now; ``begun`` is how much of it is, empty where nothing."""

    public_id: str
    title: str
    name: str
    until: date
    begun: str


def open_lines(kept: Iterable[AssessmentOutline], today: date) -> list[OpenLine]:
    """What of ``kept`` can be answered today, in the order in which it is asked; also what nobody has opened yet."""
    lines = []
    for one in kept:
        known = one.known_as()
        is_open = one.waits and one.asking.stage(today) is Stage.OPEN
        if known is not None and is_open:
            begun = answered_words(one) if one.answered else ""
            lines.append(OpenLine(one.public_id, title_of(known), known.name, one.asking.closes_on, begun))
    return lines


@dataclass(frozen=True, slots=True)
class OwnScore:
    """A completed questionnaire as its owner reads it. ``total`` is "12 of 27", empty where there is none."""

    public_id: str
    name: str
    on: date
    total: str
    band: str
    answered: str
    changed: str
    covers: str


def own_scores(records: Sequence[AssessmentRecord], *, given_on: Sequence[date]) -> list[OwnScore]:
    """Every completed questionnaire of ``records``, the newest first, each with what changed since the one before."""
    done = [one for one in records if one.completed_on is not None]
    dated = [Dated(one.day, one.score()) for one in done]
    lines = [
        _own_score(record, one, dated[:index], given_on)
        for index, (record, one) in enumerate(zip(done, dated, strict=True))
    ]
    return sorted(lines, key=lambda line: line.on)[::-1]


def _own_score(
    record: AssessmentRecord, one: Dated, earlier: Sequence[Dated], given_on: Sequence[date]
) -> OwnScore:
    score, known = one.score, record.known_as()
    most = score.within.highest if score.within else None
    total = "" if score.total is None else str(score.total)
    if total and most is not None:
        total = _("%(total)s of %(most)s", total=score.total, most=most)
    return OwnScore(
        public_id=record.public_id,
        name=name_of(score.scored_as),
        on=one.on,
        total=total,
        band=band_words(score),
        answered=answered_words(record),
        changed=_changed(earlier, one),
        covers=_covers(sessions_in_recall(known, one.on, given_on=given_on)) if known else "",
    )


def _covers(days: Sequence[date]) -> str:
    """That a score looks at days on both sides of a session, the latest of several."""
    if not days:
        return ""
    return _("It covers days before and after the session on %(date)s.", date=day_and_year(max(days)))


def _changed(earlier: Sequence[Dated], one: Dated) -> str:
    before = previous(earlier, one)
    if before is None or one.score.scored_as not in SHIPPED:
        return ""
    found = change(instrument(one.score.scored_as), before.score, one.score)
    if found is None:
        return ""
    on = day_and_year(before.on)
    if found.difference == 0:
        return _("The same as on %(on)s.", on=on)
    if found.difference < 0:
        return ngettext(
            "%(num)s point lower than on %(on)s.",
            "%(num)s points lower than on %(on)s.",
            -found.difference,
            on=on,
        )
    return ngettext(
        "%(num)s point higher than on %(on)s.",
        "%(num)s points higher than on %(on)s.",
        found.difference,
        on=on,
    )
