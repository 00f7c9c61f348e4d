"""The forms of bringing a file in: the file itself, and what its mood names stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import StringField

from journal.domain.errors import Refused, RefusedFields
from journal.interop.importers.mood_names import HIGHEST, LOWEST
from journal.interop.records import NamedCount

NAMES_MOST = 100
"""A diary with more names for moods than this has something else in that column."""
A_WORD = "word"
"""The choice of keeping a name as a word, without a number."""
LEVELS = {str(level): level for level in range(HIGHEST, LOWEST - 1, -1)}


class Action(StrEnum):
    """What a press of a button on the page asks for."""

    LOOK = "look"
    BRING_IN = "bring_in"
    SHARE = "share"
    KEEP_PRIVATE = "keep_private"
    REMOVE = "remove"


class TransferForm(FlaskForm):
    """``file`` comes with the first step, ``sealed`` (the same) with the second; ``batch`` names an earlier one."""

    action = StringField()
    file = FileField()
    sealed = StringField()
    batch = StringField()


def field_of(number: int) -> str:
    """The name of the field of the ``number``-th unknown mood name."""
    return f"level-{number}"


def read_levels(form: Mapping[str, str], unknown: Sequence[NamedCount]) -> dict[str, int | None]:
    """What each unknown name stands for; refuses everything that was left open at once, as ``level_missing``."""
    levels: dict[str, int | None] = {}
    problems = []
    for number, mood in enumerate(unknown):
        chosen = form.get(field_of(number), "")
        if chosen == A_WORD:
            levels[mood.name] = None
        elif chosen in LEVELS:
            levels[mood.name] = LEVELS[chosen]
        else:
            problems.append(Refused("level_missing", field=field_of(number)))
    if problems:
        raise RefusedFields(problems)
    return levels
