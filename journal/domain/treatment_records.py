"""The whole record of one treatment session, beside its day, status, route and note (``journal.domain.treatments``).

What is refused, what is kept and asked about once more, which side writes which field, and what of it another person
may read. Doses stand in ``journal.domain.doses``, side effects in ``journal.domain.side_effects``. The names are those
of the form's fields and of the columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from journal.domain.checkins import NOT_TEXT
from journal.domain.clinical_limits import (
    DIASTOLIC_BEFORE,
    DIASTOLIC_HIGH,
    DISSOCIATION_LASTS,
    SYSTOLIC_BEFORE,
    SYSTOLIC_HIGH,
    Limit,
)
from journal.domain.consents import Scope, Sight
from journal.domain.days import local_day, resolve_wall_time
from journal.domain.doses import USUAL, Dose, DoseUnit
from journal.domain.errors import Refused, RefusedFields
from journal.domain.support import PERSON_NAME_LENGTH, PERSON_PHONE_LENGTH, can_be_dialled
from journal.domain.treatments import NOTE_LENGTH, Placed, Route, Source

LONGEST = timedelta(hours=8)
"""From a session's start to its end."""
LEAVES_WITHIN = timedelta(hours=14)
"""From a session's start to leaving, where a form gives the wall time alone and it may be past midnight."""

NUMBERS: dict[str, tuple[int, int]] = {
    "infusion_min": (0, 240),
    "device_count": (1, 3),
    "dissociation_peak": (0, 10),
    "dissociation_resolved_min": (0, 10_080),
    "cadss_total": (0, 92),
    "madrs_total": (0, 60),
    "discharge_mood": (0, 10),
    "experience_valence": (0, 4),
}
"""Every whole-number field with its lowest and highest value; the database holds the same ranges. An infusion of 0
minutes is a bolus; what has not gone within a week is still *not yet*."""

WEIGHT_KG = (Decimal(25), Decimal(300))
DOSE_VALUE = (Decimal("0.001"), Decimal("99999.999"))
"""What the column holds. Whether a dose is usual is another question."""
DECIMALS = {"dose_value": 3, "weight_kg": 1}
"""Digits after the point that are kept. More are refused: a dose is never rounded."""

VITALS: dict[str, tuple[int, int]] = {
    "t_min": (-240, 600),
    "sys": (60, 260),
    "dia": (30, 160),
    "hr": (30, 220),
    "spo2": (50, 100),
}
"""Minutes from the start (before it: negative), mmHg, mmHg, beats a minute, percent."""
VITALS_MOST = 30

EXPERIENCE_WORDS = (
    "peaceful",
    "floating",
    "sad",
    "moved",
    "connected",
    "frightened",
    "confused",
    "hard_to_describe",
)
CHECKLIST_MOST = 20
SMALL_STEP_LENGTH = 200
MEDS_TODAY_LENGTH = 500


class Setting(StrEnum):
    """Where a session took place."""

    CLINIC = "clinic"
    HOSPITAL = "hospital"
    HOME_SUPERVISED = "home_supervised"
    HOME_OTHER = "home_other"


class Measured(StrEnum):
    """When vitals were taken. *Peak* is about 40 minutes in, and every time after it until they decline."""

    PRE = "pre"
    PEAK = "peak"
    DISCHARGE = "discharge"


class MedicineTaken(StrEnum):
    """Medicines of the day that the label warns about beside the drug."""

    BENZODIAZEPINE = "benzodiazepine"
    STIMULANT = "stimulant"
    MAOI = "maoi"


@dataclass(frozen=True, slots=True)
class Vitals:
    """One measurement; whatever was not measured is None. Units as in :data:`VITALS`."""

    measured: Measured
    t_min: int | None = None
    sys: int | None = None
    dia: int | None = None
    hr: int | None = None
    spo2: int | None = None


@dataclass(frozen=True, slots=True)
class TreatmentRecord:
    """Everything that may be recorded of one session; all of it may be left out.

    ``dose_unknown``: somebody said that they don't know. ``dissociation_lasts``: the feeling had not gone when that was
    last asked. ``checklist``: the ids of the ticked items of the clinic's template. ``intention_shared`` opens the
    intention; ``reflection_shared`` everything that was written or chosen about the session afterwards.
    """

    ended_at: datetime | None = None
    ready_to_leave_at: datetime | None = None
    dose_value: Decimal | None = None
    dose_unit: DoseUnit | None = None
    dose_unknown: bool = False
    weight_kg: Decimal | None = None
    infusion_min: int | None = None
    device_count: int | None = None
    setting: Setting | None = None
    vitals: tuple[Vitals, ...] = ()
    dissociation_peak: int | None = None
    dissociation_resolved_min: int | None = None
    dissociation_lasts: bool = False
    cadss_total: int | None = None
    madrs_total: int | None = None
    meds_today: frozenset[MedicineTaken] = frozenset()
    other_meds_today: str = ""
    fasting_ok: bool | None = None
    escort: bool | None = None
    checklist: tuple[str, ...] = ()
    escort_name: str = ""
    escort_phone: str = ""
    discharge_mood: int | None = None
    early_for_worsening: bool = False
    censor_medication_change: bool = False
    experience_valence: int | None = None
    experience_words: tuple[str, ...] = ()
    intention: str = ""
    intention_shared: bool = False
    integration_note: str = ""
    small_step: str = ""
    reflection_shared: bool = False

    def dose(self, route: Route | None) -> Dose | None:
        """The dose as it was given by ``route``; None where any of the three is missing."""
        if self.dose_value is None or self.dose_unit is None or route is None:
            return None
        return Dose(self.dose_value, self.dose_unit, route)


BY_PROVIDER = frozenset(
    {
        "weight_kg",
        "infusion_min",
        "device_count",
        "vitals",
        "cadss_total",
        "madrs_total",
        "discharge_mood",
        "early_for_worsening",
        "censor_medication_change",
        "ready_to_leave_at",
    }
)
BY_PATIENT = frozenset(
    {
        "dissociation_peak",
        "dissociation_resolved_min",
        "dissociation_lasts",
        "fasting_ok",
        "escort",
        "checklist",
        "escort_name",
        "escort_phone",
        "experience_valence",
        "experience_words",
        "intention",
        "intention_shared",
        "integration_note",
        "small_step",
        "reflection_shared",
    }
)
"""Fields of one side, whoever began the record; all others are written by both."""

_TEXTS: dict[str, int] = {
    "other_meds_today": MEDS_TODAY_LENGTH,
    "escort_name": PERSON_NAME_LENGTH,
    "escort_phone": PERSON_PHONE_LENGTH,
    "intention": NOTE_LENGTH,
    "integration_note": NOTE_LENGTH,
    "small_step": SMALL_STEP_LENGTH,
}


def wall_time_after(
    local_date: date, begins: time | None, wall: time, *, zone: str, within: timedelta = LONGEST
) -> datetime:
    """The instant of ``wall`` in ``zone`` on a session's date, or in the night after it.

    The night is meant only where ``wall`` is earlier than ``begins`` and the next day's lies ``within`` reach of it.
    """
    same_day = resolve_wall_time(local_date, wall, zone)
    if begins is None or wall >= begins:
        return same_day
    next_day = resolve_wall_time(local_date + timedelta(days=1), wall, zone)
    return next_day if next_day - resolve_wall_time(local_date, begins, zone) <= within else same_day


def as_said_by(
    side: Source, before: TreatmentRecord, said: TreatmentRecord, *, alone: bool
) -> TreatmentRecord:
    """``said``, with every field of the other side as it was ``before``.

    A patient who is ``alone`` (shares with no provider) keeps the whole record; nobody writes a patient's own part.
    """
    others = BY_PATIENT if side is Source.CLINICIAN else frozenset() if alone else BY_PROVIDER
    kept = {name: getattr(before, name) for name in others}
    return replace(said, **kept)


def as_seen(record: TreatmentRecord, sight: Sight) -> TreatmentRecord:
    """What of a record may be read through ``sight``, which opens sessions (the caller has asked that).

    The patient sees all of it. Nobody else sees the number of whoever takes them home, and what they wrote or chose
    about a session only where they shared it and reflections are open.
    """
    if sight.own:
        return record
    seen = replace(record, escort_phone="")
    if not (record.intention_shared and sight.opens(Scope.REFLECTIONS)):
        seen = replace(seen, intention="", intention_shared=False)
    if not (record.reflection_shared and sight.opens(Scope.REFLECTIONS)):
        seen = replace(
            seen,
            experience_valence=None,
            experience_words=(),
            integration_note="",
            small_step="",
            reflection_shared=False,
        )
    return seen


# What may be recorded -------------------------------------------------------------------------------------------------


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
