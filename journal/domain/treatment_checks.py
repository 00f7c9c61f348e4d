"""What may be recorded of a session: what is refused, and what is kept and asked about once more.

The fields, their ranges and whose they are stand in ``journal.domain.treatment_records``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from journal.domain.checkins import NOT_TEXT
from journal.domain.clinical_limits import (
    DIASTOLIC_BEFORE,
    DIASTOLIC_HIGH,
    DISSOCIATION_LASTS,
    SYSTOLIC_BEFORE,
    SYSTOLIC_HIGH,
    Limit,
)
from journal.domain.days import local_day
from journal.domain.doses import USUAL
from journal.domain.errors import Refused, RefusedFields
from journal.domain.support import PERSON_NAME_LENGTH, PERSON_PHONE_LENGTH, can_be_dialled
from journal.domain.treatment_records import (
    CHECKLIST_MOST,
    DECIMALS,
    DOSE_VALUE,
    EXPERIENCE_WORDS,
    LONGEST,
    MEDS_TODAY_LENGTH,
    NUMBERS,
    SMALL_STEP_LENGTH,
    VITALS,
    VITALS_MOST,
    WEIGHT_KG,
    Measured,
    TreatmentRecord,
    Vitals,
)
from journal.domain.treatments import NOTE_LENGTH, Placed, Route

_TEXTS: dict[str, int] = {
    "other_meds_today": MEDS_TODAY_LENGTH,
    "escort_name": PERSON_NAME_LENGTH,
    "escort_phone": PERSON_PHONE_LENGTH,
    "intention": NOTE_LENGTH,
    "integration_note": NOTE_LENGTH,
    "small_step": SMALL_STEP_LENGTH,
}


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something that is kept as it was said and worth a second look: a code, its field, and the figures behind it.

    ``limits`` carry their grade: what nobody has verified is shown as a setting.
    """

    code: str
    field: str
    value: tuple[Decimal, ...]
    limits: tuple[Limit, ...]


def check(
    record: TreatmentRecord, *, placed: Placed, route: Route | None, home: str, now: datetime
) -> list[Doubt]:
    """Refuse, all at once as :class:`RefusedFields`, what cannot be so; else what deserves a second look.

    ``placed`` is when the session starts, ``home`` the zone in which its days are counted.
    """
    problems = [
        *_time_problems(record, placed, home=home, now=now),
        *_dose_problems(record, route),
        *_range_problems(record),
        *(
            problem
            for index, vitals in enumerate(record.vitals)
            for problem in _vitals_problems(vitals, row=f"vitals-{index}")
        ),
        *_choice_problems(record),
        *_text_problems(record),
    ]
    if problems:
        raise RefusedFields(problems)
    return doubts_about(record, route)


def doubts_about(record: TreatmentRecord, route: Route | None) -> list[Doubt]:
    """What of a record deserves a second look; for one that is kept, what was asked about once more."""
    return [*_dose_doubts(record, route), *_vitals_doubts(record), *_dissociation_doubts(record)]


def _time_problems(record: TreatmentRecord, placed: Placed, *, home: str, now: datetime) -> Iterator[Refused]:
    started_at, ended_at = placed.started_at, record.ended_at
    if ended_at is not None:
        if ended_at > now:
            yield Refused("session_still_ahead", field="ended_at")
        elif started_at is not None and ended_at <= started_at:
            yield Refused("end_before_start", field="ended_at")
        elif not _within_reach(ended_at, placed, home=home):
            yield Refused("session_too_long", field="ended_at", hours=int(LONGEST / timedelta(hours=1)))
    leaves_at = record.ready_to_leave_at
    if leaves_at is not None:
        if leaves_at > now:
            yield Refused("session_still_ahead", field="ready_to_leave_at")
        elif local_day(leaves_at, home) < placed.local_date or (started_at and leaves_at <= started_at):
            yield Refused("end_before_start", field="ready_to_leave_at")


def _within_reach(ended_at: datetime, placed: Placed, *, home: str) -> bool:
    if placed.started_at is not None:
        return ended_at - placed.started_at <= LONGEST
    # Without a start, the end can only lie on the session's date, or in the night that follows it.
    return placed.local_date in {local_day(ended_at, home), local_day(ended_at - LONGEST, home)}


def _dose_problems(record: TreatmentRecord, route: Route | None) -> Iterator[Refused]:
    if record.dose_value is not None:
        yield from _decimal_problems("dose_value", record.dose_value, DOSE_VALUE)
        if record.dose_unit is None:
            yield Refused("dose_unit_missing", field="dose_unit")
        if record.dose_unknown:
            yield Refused("dose_known_and_unknown", field="dose_value")
        if route is None:
            yield Refused("dose_without_route", field="route")
    if record.device_count is not None and route is not Route.IN_ESKETAMINE:
        yield Refused("devices_of_other_route", field="device_count")


def _range_problems(record: TreatmentRecord) -> Iterator[Refused]:
    for name, (low, high) in NUMBERS.items():
        value = getattr(record, name)
        if value is not None and not low <= value <= high:
            yield Refused("out_of_range", field=name, low=low, high=high)
    if record.weight_kg is not None:
        yield from _decimal_problems("weight_kg", record.weight_kg, WEIGHT_KG)
    if record.dissociation_lasts and record.dissociation_resolved_min is not None:
        yield Refused("gone_and_not_gone", field="dissociation_resolved_min")


def _decimal_problems(name: str, value: Decimal, limits: tuple[Decimal, Decimal]) -> Iterator[Refused]:
    low, high = limits
    if not (value.is_finite() and low <= value <= high):
        yield Refused("out_of_range", field=name, low=low, high=high)
    elif value != round(value, DECIMALS[name]):
        yield Refused("too_many_decimals", field=name, most=DECIMALS[name])


def _vitals_problems(vitals: Vitals, *, row: str) -> Iterator[Refused]:
    for name, (low, high) in VITALS.items():
        value = getattr(vitals, name)
        if value is not None and not low <= value <= high:
            yield Refused("out_of_range", field=f"{row}-{name}", low=low, high=high)
    if (vitals.sys is None) != (vitals.dia is None):
        missing = "sys" if vitals.sys is None else "dia"
        yield Refused("blood_pressure_half", field=f"{row}-{missing}")
    elif vitals.sys is not None and vitals.dia is not None and vitals.dia >= vitals.sys:
        yield Refused("blood_pressure_order", field=f"{row}-dia")


def _choice_problems(record: TreatmentRecord) -> Iterator[Refused]:
    if not set(record.experience_words) <= set(EXPERIENCE_WORDS):
        yield Refused("not_a_choice", field="experience_words")
    if len(record.checklist) > CHECKLIST_MOST:
        yield Refused("not_a_choice", field="checklist")
    if len(record.vitals) > VITALS_MOST:
        yield Refused("out_of_range", field="vitals", low=0, high=VITALS_MOST)


def _text_problems(record: TreatmentRecord) -> Iterator[Refused]:
    for name, most in _TEXTS.items():
        text = getattr(record, name)
        if len(text) > most:
            yield Refused("text_too_long", field=name, most=most)
        elif NOT_TEXT.search(text):
            yield Refused("text_unreadable", field=name)
        elif name == "escort_phone" and text and not can_be_dialled(text):
            yield Refused("phone_unreadable", field=name)


# What deserves a second look ------------------------------------------------------------------------------------------


def _dose_doubts(record: TreatmentRecord, route: Route | None) -> Iterator[Doubt]:
    dose = record.dose(route)
    if dose is not None and not dose.is_usual:
        yield Doubt("dose_unusual", "dose_value", (dose.value,), USUAL[dose.unit])


def _vitals_doubts(record: TreatmentRecord) -> Iterator[Doubt]:
    for index, vitals in enumerate(record.vitals):
        if vitals.sys is None or vitals.dia is None:
            continue
        read = (Decimal(vitals.sys), Decimal(vitals.dia))
        field = f"vitals-{index}-sys"
        if is_very_high(vitals.sys, vitals.dia):
            yield Doubt("blood_pressure_very_high", field, read, (SYSTOLIC_HIGH, DIASTOLIC_HIGH))
        elif vitals.measured is Measured.PRE and _is_above(read, SYSTOLIC_BEFORE, DIASTOLIC_BEFORE):
            yield Doubt("blood_pressure_before_dose", field, read, (SYSTOLIC_BEFORE, DIASTOLIC_BEFORE))


def _dissociation_doubts(record: TreatmentRecord) -> Iterator[Doubt]:
    lasted = record.dissociation_resolved_min
    if lasted is not None and lasted > DISSOCIATION_LASTS.value:
        yield Doubt(
            "dissociation_lasted", "dissociation_resolved_min", (Decimal(lasted),), (DISSOCIATION_LASTS,)
        )


def is_very_high(sys: int, dia: int) -> bool:
    """Whether one reading (mmHg) reaches either limit that nobody has verified yet: 180 or 110."""
    return sys >= SYSTOLIC_HIGH.value or dia >= DIASTOLIC_HIGH.value


def _is_above(read: tuple[Decimal, Decimal], systolic: Limit, diastolic: Limit) -> bool:
    return read[0] > systolic.value or read[1] > diastolic.value
