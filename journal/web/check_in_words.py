"""How a check-in is told in words: its day, its answers, the greeting above it. No web framework inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from journal.domain.checkins import CHIP_PRESETS, WORDS_FOR, CheckInBody
from journal.domain.moods import MOOD_WORDS, Provenance
from journal.domain.trends import ImportedDay, sleep_minutes
from journal.languages import gettext as _
from journal.languages import ngettext, pgettext
from journal.web.charts.words import amount, source_name
from journal.web.labels import ITEMS, MEDS, PROVENANCES, YES_OR_NO
from journal.wording import decimal, whole

MORNING, AFTERNOON, EVENING = time(5), time(12), time(18)
_COUNTED = ("awakenings", "sol_min", "waso_min", "steps", "alcohol")


def greeting(now: datetime, zone: str, *, name: str) -> str:
    """Good morning from 05:00, good afternoon from 12:00, good evening from 18:00 on the person's wall."""
    wall = now.astimezone(ZoneInfo(zone)).time()
    if MORNING <= wall < AFTERNOON:
        return _("Good morning, %(name)s", name=name)
    if AFTERNOON <= wall < EVENING:
        return _("Good afternoon, %(name)s", name=name)
    return _("Good evening, %(name)s", name=name)


def mood_said(mood: int) -> str:
    """“okay”, within a sentence."""
    return pgettext("mood", MOOD_WORDS[mood])


def mood_word(mood: int | None) -> str:
    """“Okay”; for no number “Not sure”."""
    return pgettext("mood", "Not sure") if mood is None else mood_said(mood).capitalize()


def activity_name(code: str, label: str) -> str:
    """What a chip is called: a preset in the language being spoken, a person's own words as they are."""
    return pgettext("activity", label) if CHIP_PRESETS.get(code) == label else label


def duration(minutes: int) -> str:
    """“7.5 h” in whole or half hours, else “7 h 20 min”; under an hour “45 min”."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min", minutes=rest)
    if rest and rest != 30:
        return _("%(hours)s h %(minutes)s min", hours=hours, minutes=rest)
    return _("%(hours)s h", hours=decimal(minutes / 60, 1) if rest else hours)


def filled_in(how: Provenance) -> str:
    """“Filled in later”; nothing for what was written on its day."""
    return "" if how is Provenance.SAME_DAY else _(PROVENANCES[how])


def slept(body: CheckInBody) -> int | None:
    """Minutes asleep: by bed and waking time where both were given, else the person's own estimate."""
    by_the_clock = sleep_minutes(body.bed_time, body.wake_time, sol_min=body.sol_min, waso_min=body.waso_min)
    return body.sleep_min if by_the_clock is None else by_the_clock


def in_short(body: CheckInBody) -> str:
    """Sleep and activity in one line: “Sleep 7.5 h · 25 min”."""
    asleep = slept(body)
    parts = []
    if asleep is not None:
        parts.append(_("Sleep %(time)s", time=duration(asleep)))
    if body.activity_min is not None:
        parts.append(_("%(time)s active", time=duration(body.activity_min)))
    return " · ".join(parts)


def answers(body: CheckInBody, activities: dict[str, str]) -> list[tuple[str, str]]:
    """Every answer but the mood and the note as (item, answer), in the order of the form; what was skipped is left out.

    ``activities`` are the labels of the chips as kept; one that it does not know is left out too.
    """
    told = {name: _told(body, name) for name in ITEMS}
    asleep = slept(body)
    told["sleep_min"] = None if asleep is None else duration(asleep)
    told["activity_type"] = ", ".join(
        activity_name(code, activities[code]) for code in body.activity_type if code in activities
    )
    told["tags"] = ", ".join(body.tags)
    return [(pgettext("item", ITEMS[name]), text) for name, text in told.items() if text]


def options(*, sleep_tiles: Sequence[int], activity_tiles: Sequence[int]) -> dict[str, list[tuple[str, str]]]:
    """The answers to choose from, by item, as (value sent, words)."""
    worded = {
        name: [(str(value), pgettext(name, word)) for value, word in enumerate(said)]
        for name, said in WORDS_FOR.items()
    }
    return worded | {
        "sleep_min": [(str(minutes), _hours(minutes, sleep_tiles)) for minutes in sleep_tiles],
        "activity_min": [(str(minutes), _minutes(minutes, activity_tiles)) for minutes in activity_tiles],
        "pain": [(str(value), str(value)) for value in range(11)],
        "detached": [(str(value), str(value)) for value in range(11)],
        "meds_taken": [(value, pgettext("medicines", word)) for value, word in MEDS.items()],
        "yes_no": [("yes", _yes_or_no(True)), ("no", _yes_or_no(False))],
    }


def days_ahead(day: date, today: date) -> str:
    """“today”, “tomorrow”, “in 10 days”."""
    ahead = (day - today).days
    if ahead < 2:
        return _("tomorrow") if ahead else _("today")
    return ngettext("in %(num)s day", "in %(num)s days", ahead)


def imported(day: ImportedDay) -> str:
    """A day that another app knew, on that app's own scale: “Daylio: 4, on its scale of 1 to 5”."""
    return _(
        "%(app)s: %(value)s, on its scale of %(low)s to %(high)s",
        app=source_name(day.source),
        value=amount(day.value),
        low=amount(day.scale_min),
        high=amount(day.scale_max),
    )


def _hours(minutes: int, tiles: Sequence[int]) -> str:
    if minutes % 30:
        return duration(minutes)
    hours = f"{minutes // 60}{'½' if minutes % 60 else ''}"
    if minutes == min(tiles):
        return f"≤ {hours}"
    return f"{hours} +" if minutes == max(tiles) else hours


def _minutes(minutes: int, tiles: Sequence[int]) -> str:
    if not minutes:
        return pgettext("activity_min", "None")
    return f"{minutes} +" if minutes == max(tiles) else str(minutes)


def _told(body: CheckInBody, name: str) -> str | None:
    value = getattr(body, name)
    if value is None:
        return None
    if name in WORDS_FOR:
        return pgettext(name, WORDS_FOR[name][value])
    if name == "meds_taken":
        return pgettext("medicines", MEDS[value])
    if name in ("pain", "detached"):
        return _("%(value)s of 10", value=value)
    if name == "activity_min":
        return duration(value)
    if isinstance(value, bool):
        return _yes_or_no(value)
    if isinstance(value, time):
        return value.isoformat("minutes")
    return whole(value) if name in _COUNTED else str(value)


def _yes_or_no(answer: bool) -> str:
    return pgettext("answer", YES_OR_NO[answer])
