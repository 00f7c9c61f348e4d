"""One patient's questionnaires as a provider reads them: scores beside the ones before, what changed, what was missed.

Put together from what their consent opens; a session's day is shown only where sessions are open as well. A figure that
nobody has verified at its source is shown as a setting, never as a finding. No web framework inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from journal.domain.assessment_calendar import Stage
from journal.domain.assessment_records import AssessmentRecord, Via
from journal.domain.assessments import (
    DECLINED,
    RELIABLE_BEYOND,
    Dated,
    ReliableChange,
    asked,
    change,
    previous,
    sessions_in_recall,
)
from journal.domain.evidence import Grade
from journal.domain.instrument_files import SHIPPED, instrument
from journal.domain.instruments import Instrument, Item
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.web.assessment_words import name_of
from journal.web.charts.words import amount
from journal.wording import day_and_year, decimal

MINUS = "−"


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """One completed questionnaire: its total, the one before it, and what changed.

    ``difference`` is signed, below 0 is less burden. ``reached``: the threshold of the setting, None where there is
    none or nothing to compare with. ``index``: the reliable change index and the side of its limit that it lies on,
    empty where its figures are missing.
    """

    public_id: str
    on: date
    total: str
    before: str
    difference: str
    reached: bool | None
    index: str
    covers: str
    on_tablet: bool


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores of one kind, the newest first. A PHQ-8 is a kind of its own, also where it came from a PHQ-9.

    ``threshold`` and ``figures`` say by which settings a change is marked; ``source`` where those come from, and
    ``is_verified`` whether somebody has read them there.
    """

    code: str
    name: str
    within: str
    lines: tuple[ScoreLine, ...]
    threshold: str = ""
    figures: str = ""
    source: str = ""
    is_verified: bool = False


@dataclass(frozen=True, slots=True)
class OpenLine:
    """One that has no total: open now, missed, or without one for good. ``says`` is what there is of it."""

    public_id: str
    name: str
    on: date
    says: str
    has_answers: bool


def scores_of(records: Sequence[AssessmentRecord], *, given_on: Sequence[date]) -> list[Scores]:
    """Every kind of score that there is, in the order of the questionnaires. ``given_on`` are the sessions' days that
    this reader may see."""
    found = []
    for code in SHIPPED:
        ours = [one for one in records if _kind(one) == code and one.total is not None]
        if ours:
            found.append(_scores(code, ours, given_on))
    return found


def open_lines(records: Sequence[AssessmentRecord], today: date) -> list[OpenLine]:
    """What was asked and has no total, the newest first; nothing of what is still ahead."""
    lines = [
        OpenLine(
            public_id=one.public_id,
            name=name_of(one.instrument),
            on=one.day,
            says=_says(one, today),
            has_answers=one.saved_at is not None,
        )
        for one in records
        if one.total is None and one.opened_at is not None
    ]
    return sorted(lines, key=lambda line: line.on, reverse=True)


def covers_words(days: Sequence[date]) -> str:
    """Why a score is hatched: the session that its days lie on both sides of; the latest of several."""
    if not days:
        return ""
    return _("covers days before and after the session on %(date)s", date=day_and_year(max(days)))


def _scores(code: str, records: Sequence[AssessmentRecord], given_on: Sequence[date]) -> Scores:
    known = instrument(code)
    dated = [Dated(one.day, one.score()) for one in records]
    lines = [_line(record, one, dated, given_on) for record, one in zip(records, dated, strict=True)]
    figures = known.reliable
    within = known.within
    return Scores(
        code=code,
        name=known.name,
        within=_("0 to %(most)s, lower is better", most=within.highest) if within else "",
        lines=tuple(sorted(lines, key=lambda line: line.on, reverse=True)),
        threshold=ngettext(
            "a change of %(num)s point or more", "a change of %(num)s points or more", figures.threshold
        )
        if figures
        else "",
        figures=_("SD %(sd)s, r %(r)s", sd=amount(figures.sd), r=decimal(figures.r, 2))
        if figures and figures.sd is not None and figures.r is not None
        else "",
        source=figures.source.citation if figures else "",
        is_verified=figures is not None and figures.source.grade is not Grade.NOT_VERIFIED,
    )


def _line(
    record: AssessmentRecord, one: Dated, all_of_them: Sequence[Dated], given_on: Sequence[date]
) -> ScoreLine:
    known = record.known_as()
    earlier = all_of_them[: next(index for index, other in enumerate(all_of_them) if other is one)]
    before = previous(earlier, one)
    kind = instrument(one.score.scored_as)
    changed = change(kind, before.score, one.score) if before is not None else None
    computed = changed.computed if changed else None
    return ScoreLine(
        public_id=record.public_id,
        on=one.on,
        total=str(one.score.total),
        before=_("%(total)s on %(date)s", total=before.score.total, date=day_and_year(before.on))
        if before
        else "",
        difference=signed(changed.difference) if changed else "",
        reached=changed.reaches_threshold if changed else None,
        index=_index_words(computed) if computed else "",
        covers=covers_words(sessions_in_recall(known, one.on, given_on=given_on)) if known else "",
        on_tablet=record.via is Via.KIOSK,
    )


def signed(difference: int) -> str:
    """−4, 0, +2."""
    if difference == 0:
        return "0"
    return f"{MINUS if difference < 0 else '+'}{abs(difference)}"


def _index_words(computed: ReliableChange) -> str:
    """−1.22, within ±1.96."""
    facts = {
        "index": f"{MINUS if computed.index < 0 else ''}{decimal(abs(computed.index), 2)}",
        "limit": decimal(RELIABLE_BEYOND, 2),
    }
    if computed.is_reliable:
        return _("%(index)s, beyond ±%(limit)s", **facts)
    return _("%(index)s, within ±%(limit)s", **facts)


def _kind(record: AssessmentRecord) -> str:
    return record.scored_as or record.instrument


def _says(record: AssessmentRecord, today: date) -> str:
    if record.completed_at is not None:
        return _("answered; it has no total")
    part = ngettext(
        "%(answered)s of %(num)s question answered, no total",
        "%(answered)s of %(num)s questions answered, no total",
        record.asked,
        answered=record.answered,
    )
    if record.stage(today) is Stage.MISSED:
        return (
            _("not finished; %(part)s", part=part)
            if record.saved_at
            else _("not finished; not opened, or nothing answered")
        )
    return _("open; %(part)s", part=part) if record.saved_at else _("open; nothing answered yet")


# Item by item


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One question with what was answered. ``answer`` and ``before`` are the questionnaire's own words, in English;
    where there are none, ``otherwise`` says why. ``value`` is what the answer counts."""

    number: int
    text: str
    answer: str
    value: str
    otherwise: str
    before: str


def item_lines(record: AssessmentRecord, before: AssessmentRecord | None) -> list[ItemLine]:
    """Every question of a questionnaire with its answer, and the answer of the time ``before`` beside it."""
    known = record.known_as()
    if known is None:
        return []
    shown = {item.key for item in asked(known, record.answers)}
    return [
        _item_line(number, item, record, before, was_asked=item.key in shown)
        for number, item in enumerate(known.items, start=1)
    ]


def part_lines(record: AssessmentRecord) -> list[tuple[str, str]]:
    """The totals of parts that have one, by their names: the clusters of the PCL-5."""
    known = record.known_as()
    if known is None:
        return []
    return [
        (part_name(part.code), _("%(total)s of %(most)s", total=part.total, most=_most(known, part.code)))
        for part in record.score().parts
    ]


def part_name(code: str) -> str:
    """A part of a questionnaire: another one that is in it, or one of its clusters by their letters."""
    if code in SHIPPED:
        return instrument(code).name
    return _("Cluster %(letter)s", letter=code.removeprefix("cluster_").upper())


def _most(known: Instrument, code: str) -> int:
    return next(part.within.highest for part in known.parts if part.code == code)


def _item_line(
    number: int, item: Item, record: AssessmentRecord, before: AssessmentRecord | None, *, was_asked: bool
) -> ItemLine:
    answer, value = _answered(item, record)
    otherwise = ""
    if not answer:
        if record.answers.get(item.key) is DECLINED:
            otherwise = _("Preferred not to answer")
        else:
            otherwise = _("Not answered") if was_asked else _("Not asked: no answer before it was yes")
    words, count = _answered(item, before) if before is not None else ("", "")
    return ItemLine(
        number=number,
        text=item.text,
        answer=answer,
        value=value,
        otherwise=otherwise,
        before=f"{words} ({count})" if words else "",
    )


def _answered(item: Item, record: AssessmentRecord) -> tuple[str, str]:
    given = record.answers.get(item.key)
    chosen = next((one for one in item.options if one.value == given), None)
    return ("", "") if chosen is None else (chosen.text, str(chosen.value))
