"""What stands beside the figures of a brief: notes, the last session, completeness, what was reported, medicines.

Pure functions of what was read; what the consent does not open is not in the rows. No web framework inside.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from journal.domain.consents import Scope
from journal.domain.moods import Provenance
from journal.domain.periods import Comparison
from journal.domain.side_effects import SideEffect
from journal.domain.treatments import GIVEN, Status
from journal.domain.trends import DaySummary, covered, longest_gap, window
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.services.long_term_flags import Facts, Reported, flags_of
from journal.storage.checkins import SharedNote
from journal.web.brief.rows import BriefRows
from journal.web.charts.words import amount, of_days, session_mark
from journal.web.long_term_lines import FlagLine, flag_lines
from journal.web.medicine_lines import MedicineLine, MomentLine, medicine_list, moment_lines
from journal.web.treatment_lines import TreatmentLine
from journal.web.treatment_words import dose_words, severity_words, side_effect_words
from journal.wording import short_day

EARLIER_NOTES = 50
MOMENTS_SHOWN = 5

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Notes:
    """Shared notes: those to talk about, the others of the period, and those of before."""

    starred: list[SharedNote]
    other: list[SharedNote]
    earlier: list[SharedNote]


@dataclass(frozen=True, slots=True)
class LastSession:
    """The latest session in a few lines of (what, how it was)."""

    name: str
    local_date: date
    facts: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many days there are, in all and in the period, and how they were written."""

    days: str
    in_all: str
    more: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands open or is taken now. ``last_check`` is the date of the latest two-weekly answers.

    ``still_there`` are side effects that nobody has said the end of, as (what and how strong, since when).
    """

    flags: list[FlagLine]
    last_check: date | None
    still_there: list[tuple[str, str]]
    medicines: list[MedicineLine]
    moments: list[MomentLine]


def notes_of(rows: BriefRows, found: Comparison) -> Notes:
    """The shared notes, the latest first.

    The day of the visit itself belongs to both sides of it: a note of that evening must not be lost.
    """
    first = found.period.first
    if rows.last_visit is not None and rows.last_visit + _DAY == first:
        first = rows.last_visit
    recent = [note for note in rows.notes if note.local_date >= first]
    return Notes(
        starred=[note for note in recent if note.starred],
        other=[note for note in recent if not note.starred],
        earlier=[note for note in rows.notes if note.local_date < first][:EARLIER_NOTES],
    )


def last_session(rows: BriefRows, lines: Sequence[TreatmentLine]) -> LastSession | None:
    """The latest given session of ``lines``: the days around it, dose, side effects, by whom it was recorded."""
    line = next((one for one in lines if one.name), None)
    if line is None:
        return None
    day = line.treatment.local_date
    facts = []
    if rows.sight.opens(Scope.SCORES):
        days = {one.local_date: one for one in window(rows.days, day - _DAY, day + _DAY)}
        before = (
            _mood(days.get(day - _DAY)) if rows.sight.reaches(day - _DAY) else pgettext("mood", "not shared")
        )
        facts.append(
            (
                _("Mood, day before and after"),
                _("%(before)s, then %(after)s", before=before, after=_mood(days.get(day + _DAY))),
            )
        )
    if line.route:
        facts.append((pgettext("route", "How"), line.route))
    if line.treatment.status is Status.STOPPED_EARLY:
        facts.append((_("How it went"), line.status))
    facts.append((_("Recorded by"), line.recorded_by or pgettext("recorded by", "the patient")))
    return LastSession(name=line.name, local_date=day, facts=[*facts, *_given(rows, day)])


def completeness(rows: BriefRows, found: Comparison) -> Completeness:
    """How complete the days are. Always beside the figures: a mean of few days says little."""
    whole = covered(rows.days, rows.first_day, rows.today, pauses=rows.pauses)
    gap = longest_gap(rows.days, rows.first_day, today=rows.today, pauses=rows.pauses)
    parts = []
    if gap is not None:
        parts.append(
            ngettext(
                "Longest gap of all days: %(num)s day (%(dates)s).",
                "Longest gap of all days: %(num)s days (%(dates)s).",
                gap.days,
                dates=short_day(gap.first)
                if gap.days == 1
                else _("%(first)s to %(last)s", first=short_day(gap.first), last=short_day(gap.last)),
            )
        )
    return Completeness(
        days=ngettext(
            "%(logged)s of %(num)s day",
            "%(logged)s of %(num)s days",
            found.check_ins.eligible,
            logged=found.check_ins.logged,
        ),
        in_all=of_days(whole.logged, whole.eligible),
        more=" ".join([*_written(found.days), *parts]),
    )


def reported_of(rows: BriefRows) -> list[Reported]:
    """What was reported over longer times."""
    return flags_of(
        Facts(
            sight=rows.sight,
            until=rows.today,
            now=rows.now,
            treatments=rows.treatments,
            records=rows.records,
            course=rows.course,
            phases=rows.phases,
            days=rows.days,
            checks=rows.checks,
            asked_later=rows.asked_later,
            scores=rows.scores,
            asks_elevated=rows.asks_elevated,
        )
    )


def standing(rows: BriefRows, reported: Sequence[Reported]) -> Standing:
    """What was reported over longer times, side effects still there, medicines taken now, key moments."""
    names = {marker.local_date: session_mark(marker) for marker in rows.sessions}
    of_treatment = {one.public_id: names.get(one.local_date, "") for one in rows.treatments}
    return Standing(
        flags=flag_lines(reported),
        last_check=rows.checks[-1].local_date if rows.checks else None,
        still_there=[
            (_effect_words(one), _since(one, of_treatment)) for one in rows.side_effects if one.is_open
        ],
        medicines=medicine_list(rows.medicines, today=rows.today, names=rows.workplace.people).now,
        moments=moment_lines(rows.moments[:MOMENTS_SHOWN], names=rows.workplace.people),
    )


def effects_by_day(rows: BriefRows) -> dict[date, str]:
    """What was felt after each given session, by the session's date: what and how strong.

    “None” only where it was recorded that something was not there, and nothing else was; it is never assumed.
    """
    days = {one.public_id: one.local_date for one in rows.treatments if one.status in GIVEN}
    found: dict[date, list[str]] = {}
    for one in rows.side_effects:
        if one.treatment in days:
            words = found.setdefault(days[one.treatment], [])
            if one.severity != 0:
                words.append(_effect_words(one))
    return {
        day: ", ".join(dict.fromkeys(words)) or pgettext("side effects", "none")
        for day, words in found.items()
    }


def _written(days: Sequence[DaySummary]) -> list[str]:
    counts = Counter(day.provenance for day in days)
    later = counts[Provenance.LATER] + counts[Provenance.NEXT_DAY]
    if not counts:
        return []
    if not later:
        return [_("In this period all were written the same day.")]
    return [
        _(
            "In this period %(same_day)s were written the same day, %(later)s filled in later.",
            same_day=counts[Provenance.SAME_DAY],
            later=later,
        )
    ]


def _given(rows: BriefRows, day: date) -> list[tuple[str, str]]:
    """Dose and side effects of the last day with a session; where both sides recorded it, each dose says by whom."""
    of_day = [one for one in rows.treatments if one.local_date == day and one.status in GIVEN]
    facts = []
    for one in of_day:
        record = rows.records.get(one.public_id)
        dose = record.dose(one.route) if record else None
        if dose is not None:
            by = rows.workplace.people.get(one.by_provider_id or 0, rows.patient.display_name)
            whose = [_("recorded by %(name)s", name=by)] if len(of_day) > 1 else []
            facts.append((_("Dose"), " · ".join([dose_words(dose), *whose])))
    ids = {one.public_id for one in of_day}
    for effect in rows.side_effects:
        if effect.treatment in ids and effect.severity != 0:
            still = [_("Still there")] if effect.is_open else []
            facts.append((_("Side effects"), " · ".join([_effect_words(effect), *still])))
    return facts


def _effect_words(one: SideEffect) -> str:
    return " · ".join(filter(None, [side_effect_words(one.code), severity_words(one.severity)]))


def _since(one: SideEffect, names: Mapping[str, str]) -> str:
    label = names.get(one.treatment)
    if not label:
        return _("since %(date)s", date=short_day(one.onset))
    return _("since %(date)s, after %(session)s", date=short_day(one.onset), session=label)


def _mood(day: DaySummary | None) -> str:
    if day is None:
        return _("no entry")
    return pgettext("mood", "not sure") if day.mood is None else amount(day.mood)
