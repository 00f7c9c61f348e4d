"""Reading a field's text as a day, a time, a number or a choice. What cannot be read joins the problems."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from flask_wtf import FlaskForm
from wtforms import Field, StringField

from journal.domain.errors import Refused

Choice = TypeVar("Choice", bound=StrEnum)

_DECIMAL = re.compile(r"[0-9]{1,9}(?:[.,][0-9]{1,9})?|[.,][0-9]{1,9}")
_TWO_WAYS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_WHOLE = re.compile(r"-?[0-9]{1,6}")


class TicksField(Field):
    """Several checkboxes of one name: the list of the values that are ticked, whatever they are."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """A form that was sent without any of them says that none is ticked."""
        self.data = valuelist


class VersionForm(FlaskForm):
    """A form that changes what was there when it was opened, and says which version of it that was."""

    version = StringField()

    def seen_version(self) -> int:
        """The version; 0 where there was nothing yet, -1, which nothing has, where somebody removed it."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1


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


def read_decimal(text: str | None, name: str, problems: list[Refused]) -> Decimal | None:
    """A number with a point or a comma; an empty field is none.

    Refuses 1.000 and 1,000: to some that is one, to others a thousand, and a dose is not guessed.
    """
    text = (text or "").strip()
    if not text:
        return None
    if not _DECIMAL.fullmatch(text):
        problems.append(Refused("not_a_number", field=name))
        return None
    if _TWO_WAYS.fullmatch(text):
        problems.append(Refused("number_two_ways", field=name))
        return None
    return Decimal(text.replace(",", "."))


def read_whole(text: str | None, name: str, problems: list[Refused]) -> int | None:
    """A whole number, also a negative one; an empty field is none."""
    text = (text or "").strip().replace("\N{MINUS SIGN}", "-")
    if not text:
        return None
    if not _WHOLE.fullmatch(text):
        problems.append(Refused("not_a_number", field=name))
        return None
    return int(text)


def rows_of(
    posted: Mapping[str, str], name: str, columns: Collection[str], *, most: int
) -> list[dict[str, str]]:
    """The rows of a table that was sent as ``name-0-column``, up to the last one that is there; at most ``most``."""
    last = max(
        (index for index in range(most) if any(f"{name}-{index}-{column}" in posted for column in columns)),
        default=-1,
    )
    return [
        {column: posted.get(f"{name}-{index}-{column}", "").strip() for column in columns}
        for index in range(last + 1)
    ]


def read_choice(
    field: StringField, among: type[Choice], problems: list[Refused], *, unanswered: str = "not_a_choice"
) -> Choice | None:
    """One of an enum's values; ``unanswered`` is the code for a question that nothing was chosen for."""
    try:
        return among(field.data or "")
    except ValueError:
        problems.append(Refused("not_a_choice" if field.data else unanswered, field=field.name))
        return None
