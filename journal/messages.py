"""The one sentence for each refusal: what happened and what to do next, without blame.

Used by the web pages and the command line; lower floors raise the codes. Each sentence may be filled from the
refusal's details.
"""

from __future__ import annotations

from journal.domain.errors import Refused

SENTENCES: dict[str, str] = {
    # check-in
    "mood_missing": "Choose a number, or “Not sure”",
    "out_of_range": "Choose a value from {low} to {high}",
    "not_a_choice": "Choose one of the answers shown",
    "not_a_number": "Write this as a number",
    "not_a_time": "Write the time like 22:30",
    "not_a_day": "Write the day like 2026-03-30",
    "note_too_long": "Your note is {over} characters too long",
    "tags_too_long": "Use at most {most} tags of {length} characters",
    "text_too_long": "Shorten this to {most} characters",
    "day_in_future": "Choose today or an earlier day",
    "day_too_old": "Choose a day within the last {days} days",
    # people
    "name_missing": "Write a name, or what you like to be called",
    # reminders and zones
    "zone_unknown": "Choose your time zone from the list",
}


def sentence(refusal: Refused) -> str:
    """The sentence for ``refusal``."""
    return SENTENCES[refusal.code].format(**refusal.details)
