"""Forms about who is shown first: text becomes values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flask_wtf import FlaskForm
from wtforms import StringField

from journal.domain.attention import SILENCE_USUAL, Kind, Shown
from journal.domain.errors import Refused, RefusedFields
from journal.web.forms.reading import VersionForm, read_choice, read_day

RULES = (Kind.WATCHED, Kind.SIGNAL, Kind.FADING, Kind.SILENCE)
"""What can be switched on and off."""


class AsideForm(FlaskForm):
    """What to set aside and until when, or what to take back."""

    kind = StringField()
    until = StringField()

    def said(self) -> tuple[Kind, date]:
        """The values; refuses everything that cannot be read at once."""
        problems: list[Refused] = []
        kind = read_choice(self.kind, Kind, problems)
        until = read_day(self.until, problems)
        if problems or kind is None or until is None:
            raise RefusedFields(problems)
        return kind, until


class ShownForm(VersionForm):
    """The version of a clinic's choice that was open; the rest is read by :func:`read_shown`."""


class SteadyForm(FlaskForm):
    """The steady days of a course."""

    first = StringField()
    last = StringField()

    def said(self) -> tuple[date, date]:
        """The values; refuses everything that cannot be read at once."""
        problems: list[Refused] = []
        first, last = read_day(self.first, problems), read_day(self.last, problems)
        if problems or first is None or last is None:
            raise RefusedFields(problems)
        return first, last


def read_shown(typed: Mapping[str, str]) -> Shown:
    """The switches and the days of silence, from a form or an address. Refuses ``not_a_number``."""
    text = typed.get("silence_days", "").strip()
    on = {kind.value: typed.get(kind.value) == "1" for kind in RULES}
    if not text:
        return Shown(**on, silence_days=SILENCE_USUAL)
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        raise Refused("not_a_number", field="silence_days")
    return Shown(**on, silence_days=int(text))
