"""What a patient is asked and how often, as a provider reads it and changes it; and when the next one is due, and why.

A reason that lies in days or sessions that are not open to this reader is left out, never hinted at.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from journal.domain.assessment_calendar import Cadence, Due, Reason, Rhythm
from journal.domain.assessment_choices import GAD, USUALLY, Choice, chosen
from journal.domain.consents import Scope, Sight
from journal.domain.errors import Refused
from journal.domain.instrument_files import instrument
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.services.assessment_dates import Next
from journal.wording import day_and_year

RHYTHMS = {
    Rhythm.RESTARTED: (
        translatable("Every 14 days, and counted anew from each session"),
        translatable("Never later than 28 days after the last one."),
    ),
    Rhythm.FIXED: (translatable("Every 14 days, whatever happens"), None),
    Rhythm.WEEKLY_FIRST: (
        translatable("Every 7 days for 28 days, then every 14"),
        translatable(
            "Overlapping recall: each asks about the last two weeks, so a week is counted twice while they come weekly."
        ),
    ),
}
"""What can be chosen for the questionnaires that go together: the words, and what to know about it."""
_DETAILS = {
    "gad2": translatable("In place of the GAD-7."),
    "phq2": translatable("By itself, every 14 days."),
    "pcl5": translatable("Once a month. It asks about the past month."),
    "asq": translatable("Never by date: only on a device that you hand over."),
}
_EIGHT_DETAIL = translatable(
    "The PHQ-8 is asked in place of the PHQ-9: no clinic that this person shares with has said that a named person "
    "looks at flags every weekday, so the ninth item is not asked."
)


@dataclass(frozen=True, slots=True)
class DueLine:
    """What comes next of one series: which questionnaires, when and why; ``overlaps`` while recall overlaps."""

    names: str
    says: str
    overlaps: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What is chosen now: the rhythm; and of each questionnaire its name, what to know of it, and whether it is on."""

    rhythm: Rhythm
    rhythms: list[tuple[str, str, str | None]]
    asked: list[tuple[str, str, str | None, bool]]


def read_plan(kept: Mapping[str, Choice], *, item_nine_is_read: bool) -> Plan:
    """The plan as its form shows it."""
    asked = []
    for code in USUALLY:
        name, detail = instrument(code).name, _(_DETAILS[code]) if code in _DETAILS else None
        if code == "phq9" and not item_nine_is_read:
            name, detail = instrument("phq8").name, _(_EIGHT_DETAIL)
        asked.append((code, name, detail, chosen(kept, code).is_enabled))
    return Plan(
        rhythm=chosen(kept, "phq9").cadence.rhythm,
        rhythms=[
            (rhythm.value, _(words), _(more) if more else None) for rhythm, (words, more) in RHYTHMS.items()
        ],
        asked=asked,
    )


def changed(
    kept: Mapping[str, Choice],
    *,
    rhythm: str,
    asked: Collection[str],
    provider_id: int,
    today: date,
) -> list[Choice]:
    """What a form changes of what is chosen. A weekly beginning that goes on keeps its first day.

    Refuses ``not_a_choice`` for a rhythm or a questionnaire that is not offered.
    """
    if rhythm not in {one.value for one in RHYTHMS}:
        raise Refused("not_a_choice", field="rhythm")
    if not set(asked) <= USUALLY.keys():
        raise Refused("not_a_choice", field="asked")
    changes = []
    for code in USUALLY:
        before = chosen(kept, code)
        cadence = before.cadence
        if code in {"phq9", *GAD} and cadence.rhythm is not Rhythm(rhythm):
            since = today if rhythm == Rhythm.WEEKLY_FIRST else None
            cadence = Cadence(Rhythm(rhythm), since=since)
        if (code in asked, cadence) != (before.is_enabled, before.cadence):
            changes.append(
                Choice(code, is_enabled=code in asked, cadence=cadence, by_provider_id=provider_id)
            )
    return changes


def due_lines(found: Sequence[Next], sight: Sight, today: date) -> list[DueLine]:
    """When each series comes next, and why then."""
    return [
        DueLine(
            names=names_of(one.series.asked),
            says=due_words(one.due, sight, today),
            overlaps=one.series.cadence.overlaps_recall(one.due.on if one.due else today),
        )
        for one in found
    ]


def names_of(codes: Sequence[str]) -> str:
    """The questionnaires that are asked together."""
    names = [instrument(code).name for code in codes]
    return names[0] if len(names) == 1 else _("%(first)s and %(second)s", first=names[0], second=names[1])


def due_words(due: Due | None, sight: Sight, today: date) -> str:
    """The day, and the reason where all of it may be known to this reader."""
    if due is None:
        return _("Open now.")
    on = day_and_year(max(due.on, today))
    needs = [due.counted_from, *([due.treatment_on] if due.treatment_on else [])]
    is_closed = due.treatment_on is not None and not sight.opens(Scope.SESSIONS)
    if is_closed or due.on < today or not all(sight.reaches(day) for day in needs):
        return _("Next due on %(date)s.", date=on)
    facts = {"date": on, "from_": day_and_year(due.counted_from)}
    if due.reason is Reason.FIRST:
        return _("Next due on %(date)s: the first one.", date=on)
    if due.reason is Reason.BEFORE_SESSION:
        return _(
            "Next due on %(date)s, the day before the session planned for %(from_)s.",
            **facts,
        )
    if due.reason is Reason.SESSION:
        return ngettext(
            "Next due on %(date)s, %(num)s day after the session on %(from_)s.",
            "Next due on %(date)s, %(num)s days after the session on %(from_)s.",
            due.days,
            **facts,
        )
    if due.reason is Reason.LIMIT:
        return ngettext(
            "Next due on %(date)s: no later than %(num)s day after the last one, on %(from_)s.",
            "Next due on %(date)s: no later than %(num)s days after the last one, on %(from_)s.",
            due.days,
            **facts,
        )
    if due.reason is Reason.MISSED:
        return ngettext(
            "Next due on %(date)s, %(num)s day after the one due on %(from_)s, which was not finished.",
            "Next due on %(date)s, %(num)s days after the one due on %(from_)s, which was not finished.",
            due.days,
            **facts,
        )
    return ngettext(
        "Next due on %(date)s, %(num)s day after the last one, on %(from_)s.",
        "Next due on %(date)s, %(num)s days after the last one, on %(from_)s.",
        due.days,
        **facts,
    )
