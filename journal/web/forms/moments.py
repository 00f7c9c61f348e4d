"""The form of a key moment: text becomes values. What may be said of one is asked of the domain."""

from __future__ import annotations

from wtforms import BooleanField, StringField

from journal.domain.errors import Refused, RefusedFields
from journal.domain.key_moments import KeyMoment
from journal.domain.treatments import Source
from journal.web.forms.reading import VersionForm, read_day


class MomentForm(VersionForm):
    """Everything a person typed, as typed, so that a refused form shows it again."""

    local_date = StringField()
    label = StringField()
    shared = BooleanField()

    def moment(self) -> KeyMoment:
        """The moment; who said it, and its id, are added by the act. Refuses a day that cannot be read."""
        problems: list[Refused] = []
        day = read_day(self.local_date, problems)
        if problems or day is None:
            raise RefusedFields(problems)
        return KeyMoment(
            public_id="",
            local_date=day,
            label=" ".join((self.label.data or "").split()),
            shared=bool(self.shared.data),
            source=Source.PATIENT,
        )
