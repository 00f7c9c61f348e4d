"""The form of an appointment: text becomes values. When one may be is asked of the domain."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time

from flask_wtf import FlaskForm
from wtforms import StringField

from journal.domain.errors import Refused, RefusedFields
from journal.storage.appointments import AppointmentKind
from journal.web.forms.reading import read_choice, read_day, read_time

NOBODY = "nobody"
"""The choice of a visit with somebody who is not on Tideline."""


@dataclass(frozen=True, slots=True)
class AppointmentSaid:
    """What a filled-in form says. ``with_whom`` is a provider's public id, or :data:`NOBODY`."""

    day: date
    at: time
    kind: AppointmentKind
    with_whom: str


class AppointmentForm(FlaskForm):
    """Everything a person typed, as typed, so that a refused form shows it again."""

    day = StringField()
    at = StringField()
    kind = StringField()
    with_whom = StringField()

    def said(self, *, asks_whom: bool = True) -> AppointmentSaid:
        """The values; refuses everything that cannot be read at once. A provider's form does not ask with whom."""
        problems: list[Refused] = []
        day = read_day(self.day, problems)
        at = read_time(self.at, problems, needed=True)
        if asks_whom and not self.with_whom.data:
            problems.append(Refused("with_whom_missing", field="with_whom"))
        kind = read_choice(self.kind, AppointmentKind, problems, unanswered="visit_kind_missing")
        if problems or day is None or at is None or kind is None:
            raise RefusedFields(problems)
        return AppointmentSaid(day=day, at=at, kind=kind, with_whom=self.with_whom.data or "")
