"""The form of a provider's note: text becomes values. What it may say is asked of the domain."""

from __future__ import annotations

from wtforms import BooleanField, StringField

from journal.domain.errors import Refused, RefusedFields
from journal.services.provider_notes import Said
from journal.web.forms.reading import VersionForm, read_day

BRIEF = "brief"
"""The place of a form that stands on the page before a visit: there its writer goes on."""


class NoteForm(VersionForm):
    """Everything a person typed, as typed, so that a refused form shows it again. ``place`` is where the form stood."""

    text = StringField()
    look_again_on = StringField()
    for_colleagues = BooleanField()
    place = StringField()

    def said(self) -> Said:
        """The values. Refuses a day that cannot be read; without one there is nothing to look at again."""
        problems: list[Refused] = []
        day = read_day(self.look_again_on, problems) if (self.look_again_on.data or "").strip() else None
        if problems:
            raise RefusedFields(problems)
        return Said(self.text.data or "", bool(self.for_colleagues.data), day)

    def stood_on_brief(self) -> bool:
        """Whether the form stood on the page before a visit."""
        return bool(self.place.data == BRIEF)
