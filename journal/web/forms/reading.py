"""Reading a field's text as a day, a time or a choice. What cannot be read is added to the form's problems."""

from __future__ import annotations

from datetime import date, time
from enum import StrEnum
from typing import TypeVar

from wtforms import Field, StringField

from journal.domain.errors import Refused

Choice = TypeVar("Choice", bound=StrEnum)


class TicksField(Field):
    """Several checkboxes of one name: the list of the values that are ticked, whatever they are."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """A form that was sent without any of them says that none is ticked."""
        self.data = valuelist


def read_day(field: StringField, problems: list[Refused]) -> date | None:
    """An ISO date. An empty field is asked for, not corrected: most people meet a calendar there, not a format."""
    text = (field.data or "").strip()
    if not text:
        problems.append(Refused("day_missing", field=field.name))
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.append(Refused("not_a_day", field=field.name))
        return None


def read_time(field: StringField, problems: list[Refused], *, needed: bool = False) -> time | None:
    """A wall time in whole minutes; an empty field is no time, and a problem only where one is ``needed``."""
    text = (field.data or "").strip()
    if not text:
        if needed:
            problems.append(Refused("time_missing", field=field.name))
        return None
    try:
        read = time.fromisoformat(text)
    except ValueError:
        problems.append(Refused("not_a_time", field=field.name))
        return None
    return read.replace(second=0, microsecond=0, tzinfo=None)


def read_choice(
    field: StringField, among: type[Choice], problems: list[Refused], *, unanswered: str = "not_a_choice"
) -> Choice | None:
    """One of an enum's values; ``unanswered`` is the code for a question that nothing was chosen for."""
    try:
        return among(field.data or "")
    except ValueError:
        problems.append(Refused("not_a_choice" if field.data else unanswered, field=field.name))
        return None
