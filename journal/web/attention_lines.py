"""What a list says about why somebody wants a look: what was seen and on which dates. No web framework inside.

Each is a prompt to look and says so little that it can stand in a list: what was answered to a questionnaire is read
on the page of its flag.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from journal.domain.attention import MOOD, Kind, Line
from journal.domain.long_term_flags import Watched
from journal.domain.side_effects import Severity, SideEffectCode
from journal.domain.words import translatable
from journal.languages import gettext as _
from journal.languages import ngettext
from journal.web.long_term_lines import reported_words
from journal.web.treatment_words import severity_words, side_effect_words
from journal.wording import short_day, short_day_and_year

KINDS = {
    Kind.FLAG: translatable("Flags that nobody has looked at yet"),
    Kind.WATCHED: translatable("Side effects, and what was reported over the weeks"),
    Kind.SIGNAL: translatable("Mood below its own steady level"),
    Kind.FADING: translatable("Benefit of the last session fading"),
    Kind.SILENCE: translatable("No check-ins"),
}
"""What each kind of line is about, as the head of a choice."""
_ICONS = {
    Kind.FLAG: "flag",
    Kind.WATCHED: "alert",
    Kind.SIGNAL: "trend",
    Kind.FADING: "wave",
    Kind.SILENCE: "clock",
}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Chip:
    """One reason in words, with the icon beside it. ``tone`` is that of a chip: danger only for a flag."""

    kind: Kind | None
    text: str
    icon: str
    tone: str = ""


def chips_of(lines: Sequence[Line], *, today: date) -> list[Chip]:
    """The lines of one person in words, several flags as one."""
    flags = [line for line in lines if line.kind is Kind.FLAG]
    chips = [Chip(Kind.FLAG, _flags(flags, today), _ICONS[Kind.FLAG], "danger")] if flags else []
    return chips + [
        Chip(line.kind, words_of(line, today=today), _ICONS[line.kind])
        for line in lines
        if line.kind is not Kind.FLAG
    ]


def words_of(line: Line, *, today: date) -> str:
    """One line in words."""
    if line.kind is Kind.FLAG:
        return _flags([line], today)
    if line.kind is Kind.WATCHED:
        return _watched(line, today)
    if line.kind is Kind.SIGNAL:
        return ngettext(
            "Smoothed mood below its steady level since %(since)s (%(num)s logged day)",
            "Smoothed mood below its steady level since %(since)s (%(num)s logged days)",
            line.number,
            since=_on(line.dates[0], today),
        )
    if line.kind is Kind.FADING:
        treated_on, day = line.dates
        said = (
            _("Benefit of the session on %(session)s lost on day %(number)s (%(day)s)")
            if line.what == "lost"
            else _("Benefit of the session on %(session)s began to fade on day %(number)s (%(day)s)")
        )
        return said % {"session": _on(treated_on, today), "number": line.number, "day": _on(day, today)}
    dates = _span(line.dates[0], line.dates[-1], today)
    if line.what == "never":
        return ngettext(
            "No check-in yet, %(num)s day (%(dates)s)",
            "No check-in yet, %(num)s days (%(dates)s)",
            line.number,
            dates=dates,
        )
    return ngettext(
        "No check-in for %(num)s day (%(dates)s)",
        "No check-in for %(num)s days (%(dates)s)",
        line.number,
        dates=dates,
    )


def look_again_chip(since: date, *, today: date) -> Chip:
    """That a provider wanted to look again by now."""
    if since >= today:
        return Chip(None, _("Look again today: there is a note"), "note")
    return Chip(None, _("Look again since %(date)s: there is a note", date=_on(since, today)), "note")


def _flags(flags: Sequence[Line], today: date) -> str:
    since = _on(min(line.dates[0] for line in flags), today)
    if any(line.what == "acute" for line in flags):
        return ngettext(
            "%(num)s open flag, said yes about right now (%(date)s)",
            "%(num)s open flags, said yes about right now (since %(date)s)",
            len(flags),
            date=since,
        )
    return ngettext(
        "%(num)s open flag (%(date)s)", "%(num)s open flags (since %(date)s)", len(flags), date=since
    )


def _watched(line: Line, today: date) -> str:
    watched, _colon, about = line.what.partition(":")
    dates = ", ".join(_on(day, today) for day in line.dates)
    if watched in set(Watched):
        what = reported_words(Watched(watched), is_of_mood=about == MOOD)
        return _("%(what)s (%(dates)s)", what=what, dates=dates)
    return _(
        "%(what)s, %(severity)s, still open (since %(dates)s)",
        what=side_effect_words(SideEffectCode(line.what)),
        severity=severity_words(Severity(line.number)).lower(),
        dates=dates,
    )


def _span(first: date, last: date, today: date) -> str:
    if first == last:
        return _on(first, today)
    return _("%(first)s to %(last)s", first=_on(first, today), last=_on(last, today))


def _on(day: date, today: date) -> str:
    return short_day_and_year(day) if day.year != today.year else short_day(day)
