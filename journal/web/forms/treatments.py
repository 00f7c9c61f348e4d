"""The form of a treatment session: text becomes values. What a session may say is asked of the domain."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField

from journal.domain.errors import Refused, RefusedFields
from journal.domain.treatments import Route, Status, TreatmentBody
from journal.web.forms.reading import read_choice, read_day, read_time


class TreatmentForm(FlaskForm):
    """Everything a person typed, as typed, so that a refused form shows it again."""

    local_date = StringField()
    at = StringField()
    status = StringField()
    route = StringField()
    note = StringField()
    note_shared = BooleanField()
    version = StringField()

    def body(self) -> TreatmentBody:
        """The values; refuses everything that cannot be read at once."""
        problems: list[Refused] = []
        day = read_day(self.local_date, problems)
        at = read_time(self.at, problems)
        status = read_choice(self.status, Status, problems)
        route = read_choice(self.route, Route, problems) if self.route.data else None
        if problems or day is None or status is None:
            raise RefusedFields(problems)
        # Browsers send line ends as CRLF; what counts towards the length is what the person sees.
        note = (self.note.data or "").replace("\r\n", "\n").strip()
        return TreatmentBody(
            local_date=day,
            at=at,
            status=status,
            route=route,
            note=note,
            note_shared=bool(self.note_shared.data),
        )

    def seen_version(self) -> int:
        """The version that was open; 0, which no record has, where somebody removed it."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0
