"""The form of a clinic's words: its lines to tick, each under its own id, and its texts."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping

from wtforms import StringField

from journal.domain.clinic_templates import ChecklistItem, ClinicTemplate
from journal.web.forms.checkins import as_text
from journal.web.forms.reading import VersionForm

LINE = "item-"
NEW = "new-"
NEW_LINES = ("1", "2", "3")
"""How many empty lines the page offers at a time."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,24}")


class TemplateForm(VersionForm):
    """Everything typed but the lines to tick, which :func:`read_template` reads."""

    what_to_expect = StringField()
    ask_first = StringField()
    food_and_drink = StringField()
    aftercare = StringField()
    adopts = StringField()


def read_template(form: Mapping[str, str], typed: TemplateForm) -> ClinicTemplate:
    """The words that stand in the form. A line keeps its id, a new one is given one; an emptied line is no line."""
    items = [
        ChecklistItem(name.removeprefix(LINE), as_text(text))
        for name, text in form.items()
        if name.startswith(LINE) and _ID.fullmatch(name.removeprefix(LINE))
    ]
    new = [as_text(form.get(NEW + line, "")) for line in NEW_LINES]
    items += [ChecklistItem(secrets.token_urlsafe(6), text) for text in new]
    return ClinicTemplate(
        checklist=tuple(item for item in items if item.text),
        what_to_expect=as_text(typed.what_to_expect.data or ""),
        ask_first=as_text(typed.ask_first.data or ""),
        food_and_drink=as_text(typed.food_and_drink.data or ""),
        aftercare=as_text(typed.aftercare.data or ""),
    )
