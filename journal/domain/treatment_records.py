"""The whole record of one treatment session, beside its day, status, route and note (``journal.domain.treatments``).

Its fields with their ranges, which side writes which, and what of it another person may read. What is refused stands in
``journal.domain.treatment_checks``, doses in ``journal.domain.doses``, side effects in ``journal.domain.side_effects``.
The names are those of the form's fields and of the columns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from journal.domain.consents import Scope, Sight
from journal.domain.days import resolve_wall_time
from journal.domain.doses import Dose, DoseUnit
from journal.domain.treatments import Route, Source

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
