"""The form of a session's whole record, as a clinician fills it in: text becomes values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from wtforms import BooleanField, StringField

from journal.domain.days import local_day, resolve_wall_time
from journal.domain.errors import Refused
from journal.domain.side_effects import NEUTRAL, Severity, SideEffect, SideEffectCode
from journal.domain.treatment_records import (
    LEAVES_WITHIN,
    VITALS,
    VITALS_MOST,
    Measured,
    MedicineTaken,
    Setting,
    TreatmentRecord,
    Vitals,
)
from journal.domain.treatments import TreatmentSession
from journal.services.treatment_records import Said
from journal.web.forms.reading import TicksField, read_choice, read_decimal, read_whole, rows_of
from journal.web.forms.treatments import TreatmentForm, written

MORE_VITALS, MORE_EFFECTS = "vitals", "effects"
EFFECTS_MOST = 20
_VITALS_COLUMNS = ("measured", *VITALS)
_EFFECT_COLUMNS = ("id", "code", "severity", "onset", "gone")
_WHOLE = ("infusion_min", "device_count", "cadss_total", "madrs_total", "discharge_mood")
_END_OF_DAY = time(23, 59)

Choice = TypeVar("Choice", bound=StrEnum)
Row = dict[str, str]


@dataclass(frozen=True, slots=True)
class Writing:
    """What the form needs to know beside what was typed.

    ``home`` is the zone of the patient's days, ``effects`` what the clinic recorded before.
    """

    home: str
    now: datetime
    effects: Sequence[SideEffect] = ()


class RecordForm(TreatmentForm):
    """Everything a clinician typed, as typed. Vitals and side effects are rows of text."""

    ready_to_leave = StringField()
    weight_kg = StringField()
    infusion_min = StringField()
    device_count = StringField()
    setting = StringField()
    meds_today = TicksField()
    other_meds_today = StringField()
    cadss_total = StringField()
    madrs_total = StringField()
    discharge_mood = StringField()
    early_for_worsening = BooleanField()
    censor_medication_change = BooleanField()
    more = StringField()

    vitals: list[Row]
    effects: list[Row]
    writing: Writing

    def take_rows(self, posted: Mapping[str, str], writing: Writing) -> None:
        """Take over the rows as they were sent, with one more of those that were asked for."""
        self.writing = writing
        self.vitals = rows_of(posted, "vitals", _VITALS_COLUMNS, most=VITALS_MOST)
        self.effects = rows_of(posted, "effects", _EFFECT_COLUMNS, most=EFFECTS_MOST)
        if self.more.data == MORE_VITALS and len(self.vitals) < VITALS_MOST:
            self.vitals.append(_vitals_row(Vitals(Measured.PEAK)))
        if self.more.data == MORE_EFFECTS and len(self.effects) < EFFECTS_MOST:
            self.effects.append(dict.fromkeys(_EFFECT_COLUMNS, ""))

    def offer_rows(self, record: TreatmentRecord, writing: Writing) -> None:
        """The rows of a record as it stands; where there are none, the three usual measurements and one side effect."""
        self.writing = writing
        self.vitals = [_vitals_row(one) for one in record.vitals or map(Vitals, Measured)]
        self.effects = [_effect_row(one, writing.home) for one in writing.effects]
        if not self.effects:
            self.effects = [dict.fromkeys(_EFFECT_COLUMNS, "")]

    @property
    def has_vitals(self) -> bool:
        """Whether anything was measured, as far as it was typed."""
        return any(row[name] for row in self.vitals for name in VITALS)

    @property
    def has_effects(self) -> bool:
        """Whether a side effect was named."""
        return any(row["code"] for row in self.effects)

    def _said(
        self,
        before: TreatmentRecord,
        day: date | None,
        at: time | None,
        zone: str,
        problems: list[Refused],
    ) -> Said:
        record = self._dose_and_end(before, day, at, zone, problems)
        ticked = [name for name in self.meds_today.data or () if name in set(MedicineTaken)]
        numbers: dict[str, Any] = {
            name: read_whole(getattr(self, name).data, name, problems) for name in _WHOLE
        }
        record = replace(
            record,
            **numbers,
            ready_to_leave_at=self._instant(
                self.ready_to_leave, day, at, zone, problems, within=LEAVES_WITHIN
            ),
            weight_kg=read_decimal(self.weight_kg.data, "weight_kg", problems),
            setting=read_choice(self.setting, Setting, problems) if self.setting.data else None,
            meds_today=frozenset(MedicineTaken(name) for name in ticked),
            other_meds_today=written(self.other_meds_today),
            early_for_worsening=bool(self.early_for_worsening.data),
            censor_medication_change=bool(self.censor_medication_change.data),
            vitals=self._read_vitals(problems),
        )
        return Said(record, self._read_effects(day, problems))

    def _read_vitals(self, problems: list[Refused]) -> tuple[Vitals, ...]:
        """Every row in which something was measured; the others are as if they were not there."""
        kept = [row for row in self.vitals if any(row[name] for name in VITALS)]
        self.vitals = [*kept, *(row for row in self.vitals if row not in kept)]
        return tuple(
            Vitals(
                measured=_chosen(row["measured"], Measured, f"vitals-{index}-measured", problems)
                or Measured.PEAK,
                **{name: read_whole(row[name], f"vitals-{index}-{name}", problems) for name in VITALS},
            )
            for index, row in enumerate(kept)
        )

    def _read_effects(self, day: date | None, problems: list[Refused]) -> tuple[SideEffect, ...]:
        """Every row that names a side effect; one whose name was taken away is taken away itself."""
        kept = [row for row in self.effects if row["code"]]
        self.effects = [*kept, *(row for row in self.effects if not row["code"])]
        return tuple(
            effect
            for index, row in enumerate(kept)
            if (effect := self._read_effect(row, f"effects-{index}", day, problems)) is not None
        )

    def _read_effect(
        self, row: Row, name: str, day: date | None, problems: list[Refused]
    ) -> SideEffect | None:
        code = _chosen(row["code"], SideEffectCode, f"{name}-code", problems)
        level = read_whole(row["severity"], f"{name}-severity", problems)
        onset = _day(row["onset"], f"{name}-onset", problems) or day
        gone = _day(row["gone"], f"{name}-resolved_at", problems)
        if level is not None and level not in set(Severity):
            problems.append(Refused("not_a_choice", field=f"{name}-severity"))
            level = None
        if code is None or onset is None:
            return None
        before = next((one for one in self.writing.effects if one.public_id == row["id"]), None)
        return SideEffect(
            treatment="",
            code=code,
            severity=None if code in NEUTRAL or level is None else Severity(level),
            onset=onset,
            resolved_at=None if gone is None else self._gone_at(gone, before),
            public_id=row["id"],
        )

    def _gone_at(self, gone: date, before: SideEffect | None) -> datetime:
        """A form knows the day alone. The instant that was kept for it stays; today is now, another day its end."""
        home = self.writing.home
        if before is not None and before.resolved_at and local_day(before.resolved_at, home) == gone:
            return before.resolved_at
        if gone == local_day(self.writing.now, home):
            return self.writing.now
        return resolve_wall_time(gone, _END_OF_DAY, home)


def filled(treatment: TreatmentSession, record: TreatmentRecord, *, zone: str) -> dict[str, object]:
    """What a form holds of a record as it stands, its day and times on the clock of ``zone``."""
    day, at = treatment.local_date, ""
    if treatment.started_at is not None:
        local = treatment.started_at.astimezone(ZoneInfo(zone))
        day, at = local.date(), local.strftime("%H:%M")
    return {
        "local_date": day.isoformat(),
        "at": at,
        "ended": _clock(record.ended_at, zone),
        "status": treatment.status.value,
        "route": treatment.route.value if treatment.route else "",
        "dose_value": _text(record.dose_value),
        "dose_unit": record.dose_unit.value if record.dose_unit else "",
        "dose_unknown": record.dose_unknown,
        "note": treatment.note,
        "note_shared": treatment.note_shared,
        "version": str(treatment.version),
        "ready_to_leave": _clock(record.ready_to_leave_at, zone),
        "weight_kg": _text(record.weight_kg),
        **{name: _text(getattr(record, name)) for name in _WHOLE},
        "setting": record.setting.value if record.setting else "",
        "meds_today": sorted(record.meds_today),
        "other_meds_today": record.other_meds_today,
        "early_for_worsening": record.early_for_worsening,
        "censor_medication_change": record.censor_medication_change,
    }


def _vitals_row(one: Vitals) -> Row:
    return {"measured": one.measured.value, **{name: _text(getattr(one, name)) for name in VITALS}}


def _effect_row(one: SideEffect, home: str) -> Row:
    return {
        "id": one.public_id,
        "code": one.code.value,
        "severity": "" if one.severity is None else str(one.severity.value),
        "onset": one.onset.isoformat(),
        "gone": local_day(one.resolved_at, home).isoformat() if one.resolved_at else "",
    }


def _chosen(text: str, among: type[Choice], name: str, problems: list[Refused]) -> Choice | None:
    try:
        return among(text)
    except ValueError:
        problems.append(Refused("not_a_choice", field=name))
        return None


def _day(text: str, name: str, problems: list[Refused]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.append(Refused("not_a_day", field=name))
        return None


def _clock(instant: datetime | None, zone: str) -> str:
    return instant.astimezone(ZoneInfo(zone)).strftime("%H:%M") if instant else ""


def _text(value: object) -> str:
    """A figure as it is typed; a decimal without the noughts that the column adds."""
    if value is None:
        return ""
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text
