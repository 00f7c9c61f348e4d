"""The forms of a medicine: text becomes values. What may be said of one is asked of the domain."""

from __future__ import annotations

from datetime import date

from wtforms import BooleanField, StringField

from journal.domain.errors import Refused, RefusedFields
from journal.domain.medications import Medication
from journal.domain.treatments import Source
from journal.web.forms.reading import VersionForm, read_day


class MedicineForm(VersionForm):
    """Everything a person typed about one medicine, as typed, so that a refused form shows it again."""

    name = StringField()
    dose = StringField()
    note = StringField()
    psychiatric = BooleanField()
    started_on = StringField()
    ended_on = StringField()

    def medicine(self) -> Medication:
        """The medicine; who said it, and its id, are added by the act. Refuses days that cannot be read."""
        problems: list[Refused] = []
        started_on = _day_if_any(self.started_on, problems)
        ended_on = _day_if_any(self.ended_on, problems)
        if problems:
            raise RefusedFields(problems)
        return Medication(
            public_id="",
            name=" ".join((self.name.data or "").split()),
            dose=" ".join((self.dose.data or "").split()),
            psychiatric=bool(self.psychiatric.data),
            started_on=started_on,
            ended_on=ended_on,
            source=Source.PATIENT,
            note=(self.note.data or "").replace("\r\n", "\n").strip(),
        )


class DoseForm(VersionForm):
    """Another dose of a medicine, and its first day."""

    dose = StringField()
    started_on = StringField()

    def said(self) -> tuple[str, date]:
        """The dose and its first day. Refuses a day that is missing or cannot be read, and a dose that is missing."""
        problems: list[Refused] = []
        dose = " ".join((self.dose.data or "").split())
        if not dose:
            problems.append(Refused("dose_words_missing", field="dose"))
        day = read_day(self.started_on, problems)
        if problems or day is None:
            raise RefusedFields(problems)
        return dose, day


class StopForm(VersionForm):
    """The last day with a medicine."""

    ended_on = StringField()

    def last_day(self) -> date:
        """That day. Refuses one that is missing or cannot be read."""
        problems: list[Refused] = []
        day = read_day(self.ended_on, problems)
        if problems or day is None:
            raise RefusedFields(problems)
        return day


def _day_if_any(field: StringField, problems: list[Refused]) -> date | None:
    return read_day(field, problems) if (field.data or "").strip() else None
