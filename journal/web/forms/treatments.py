"""The form of a treatment session as a patient fills it in: text becomes values.

What a session may say is asked of the domain. The whole record, as a clinician writes it, is
``journal.web.forms.treatment_records``.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from wtforms import BooleanField, StringField

from journal.domain.doses import DoseUnit
from journal.domain.errors import Refused, RefusedFields
from journal.domain.treatment_records import LONGEST, TreatmentRecord, wall_time_after
from journal.domain.treatments import Route, Status, TreatmentBody
from journal.services.treatment_records import Said
from journal.web.forms.reading import VersionForm, read_choice, read_day, read_decimal, read_time

SURE_BREAK = "|"
_YEARS = range(1900, 2200)


class TreatmentForm(VersionForm):
    """Everything a person typed, as typed, so that a refused form shows it again."""

    local_date = StringField()
    at = StringField()
    ended = StringField()
    status = StringField()
    route = StringField()
    dose_value = StringField()
    dose_unit = StringField()
    dose_unknown = BooleanField()
    note = StringField()
    note_shared = BooleanField()
    sure = StringField()

    def read(self, before: TreatmentRecord, *, zone: str) -> tuple[TreatmentBody, Said]:
        """The values, on the clock of ``zone``; what is not in the form stays as ``before``.

        Refuses everything that cannot be read at once.
        """
        problems: list[Refused] = []
        day = read_day(self.local_date, problems)
        at = read_time(self.at, problems)
        status = read_choice(self.status, Status, problems)
        route = read_choice(self.route, Route, problems) if self.route.data else None
        said = self._said(before, day, at, zone, problems)
        if problems or day is None or status is None:
            raise RefusedFields(problems)
        return (
            TreatmentBody(
                local_date=day,
                at=at,
                status=status,
                route=route,
                note=written(self.note),
                note_shared=bool(self.note_shared.data),
            ),
            replace(said, sure=self.looked_at_again()),
        )

    def _said(
        self,
        before: TreatmentRecord,
        day: date | None,
        at: time | None,
        zone: str,
        problems: list[Refused],
    ) -> Said:
        return Said(self._dose_and_end(before, day, at, zone, problems))

    def _dose_and_end(
        self,
        before: TreatmentRecord,
        day: date | None,
        at: time | None,
        zone: str,
        problems: list[Refused],
    ) -> TreatmentRecord:
        value = read_decimal(self.dose_value.data, "dose_value", problems)
        unit = read_choice(self.dose_unit, DoseUnit, problems) if self.dose_unit.data else None
        return replace(
            before,
            ended_at=self._instant(self.ended, day, at, zone, problems),
            dose_value=value,
            # a unit alone says nothing, and is not kept
            dose_unit=unit if value is not None else None,
            dose_unknown=bool(self.dose_unknown.data),
        )

    def _instant(
        self,
        field: StringField,
        day: date | None,
        at: time | None,
        zone: str,
        problems: list[Refused],
        *,
        within: timedelta = LONGEST,
    ) -> datetime | None:
        """The instant of a wall time on the form's day, or in the night after it."""
        wall = read_time(field, problems)
        if wall is None or day is None or day.year not in _YEARS:
            return None
        return wall_time_after(day, at, wall, zone=zone, within=within)

    def looked_at_again(self) -> frozenset[str]:
        """The names of the doubts that were answered with "Save anyway"."""
        return frozenset(filter(None, (self.sure.data or "").split(SURE_BREAK)))


def written(field: StringField) -> str:
    """What was written by hand. Browsers send line ends as CRLF; what counts is what the person sees."""
    return (field.data or "").replace("\r\n", "\n").strip()
