"""How a check-in is told in words: its day, its answers, the greeting above it. No web framework inside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from journal.domain.checkins import WORDS_FOR, CheckInBody
from journal.domain.moods import MOOD_WORDS
from journal.domain.trends import ImportedDay, sleep_minutes
from journal.web.chart_words import amount, source_name
from journal.web.labels import ITEMS, MEDS, YES_OR_NO

MORNING, AFTERNOON, EVENING = time(5), time(12), time(18)
_COUNTED = ("awakenings", "sol_min", "waso_min", "steps", "alcohol")


def greeting(now: datetime, zone: str) -> str:
    """Good morning from 05:00, good afternoon from 12:00, good evening from 18:00 on the person's wall."""
    wall = now.astimezone(ZoneInfo(zone)).time()
    if MORNING <= wall < AFTERNOON:
        return "Good morning"
    return "Good afternoon" if AFTERNOON <= wall < EVENING else "Good evening"


def mood_word(mood: int | None) -> str:
    """“Okay”; for no number “Not sure”."""
    return "Not sure" if mood is None else MOOD_WORDS[mood].capitalize()


def duration(minutes: int) -> str:
    """“7.5 h” in whole or half hours, else “7 h 20 min”; under an hour “45 min”."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest} min"
    if rest == 30:
        return f"{hours}.5 h"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def slept(body: CheckInBody) -> int | None:
    """Minutes asleep: by bed and waking time where both were given, else the person's own estimate."""
    by_the_clock = sleep_minutes(body.bed_time, body.wake_time, sol_min=body.sol_min, waso_min=body.waso_min)
    return body.sleep_min if by_the_clock is None else by_the_clock


def in_short(body: CheckInBody) -> str:
    """Sleep and activity in one line: “Sleep 7.5 h · 25 min”."""
    asleep = slept(body)
    parts = ["" if asleep is None else f"Sleep {duration(asleep)}"]
    parts.append("" if body.activity_min is None else f"{duration(body.activity_min)} active")
    return " · ".join(part for part in parts if part)


def answers(body: CheckInBody, activities: dict[str, str]) -> list[tuple[str, str]]:
    """Every answer but the mood and the note as (item, answer), in the order of the form; what was skipped is left out.

    ``activities`` names the chips; one that it does not know is left out too.
    """
    told = {name: _told(body, name) for name in ITEMS}
    asleep = slept(body)
    told["sleep_min"] = None if asleep is None else duration(asleep)
    told["activity_type"] = ", ".join(activities[code] for code in body.activity_type if code in activities)
    told["tags"] = ", ".join(body.tags)
    return [(ITEMS[name], text) for name, text in told.items() if text]


def options(*, sleep_tiles: Sequence[int], activity_tiles: Sequence[int]) -> dict[str, list[tuple[str, str]]]:
    """The answers to choose from, by item, as (value sent, words)."""
    worded = {
        name: [(str(value), word) for value, word in enumerate(said)] for name, said in WORDS_FOR.items()
    }
    return worded | {
        "sleep_min": [(str(minutes), _hours(minutes, sleep_tiles)) for minutes in sleep_tiles],
        "activity_min": [(str(minutes), _minutes(minutes, activity_tiles)) for minutes in activity_tiles],
        "pain": [(str(value), str(value)) for value in range(11)],
        "meds_taken": list(MEDS.items()),
        "yes_no": [("yes", "Yes"), ("no", "No")],
    }


def days_ahead(day: date, today: date) -> str:
    """“today”, “tomorrow”, “in 10 days”."""
    ahead = (day - today).days
    return {0: "today", 1: "tomorrow"}.get(ahead, f"in {ahead} days")


def imported(day: ImportedDay) -> str:
    """A day that another app knew, on that app's own scale: “Daylio: 4, on its scale of 1 to 5”."""
    low, high = amount(day.scale_min), amount(day.scale_max)
    return f"{source_name(day.source)}: {amount(day.value)}, on its scale of {low} to {high}"


def _hours(minutes: int, tiles: Sequence[int]) -> str:
    if minutes % 30:
        return duration(minutes)
    hours = f"{minutes // 60}{'½' if minutes % 60 else ''}"
    if minutes == min(tiles):
        return f"≤ {hours}"
    return f"{hours} +" if minutes == max(tiles) else hours


def _minutes(minutes: int, tiles: Sequence[int]) -> str:
    if not minutes:
        return "None"
    return f"{minutes} +" if minutes == max(tiles) else str(minutes)


def _told(body: CheckInBody, name: str) -> str | None:
    value = getattr(body, name)
    if value is None:
        return None
    if name in WORDS_FOR:
        return str(WORDS_FOR[name][value])
    if name == "meds_taken":
        return str(MEDS[value])
    if name == "pain":
        return f"{value} of 10"
    if name == "activity_min":
        return duration(value)
    if isinstance(value, bool):
        return YES_OR_NO[value]
    if isinstance(value, time):
        return value.strftime("%H:%M")
    return f"{value:,}" if name in _COUNTED else str(value)
