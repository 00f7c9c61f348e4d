"""The columns of a treatment session's record, beside its day, status, route and note; one for each field.

What was written by hand is sealed. Reading and writing them is ``journal.storage.treatment_records``.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from journal.domain.doses import DoseUnit
from journal.domain.treatment_records import DECIMALS, DOSE_VALUE, NUMBERS, WEIGHT_KG, Setting
from journal.storage.base import ExactDecimal, between, one_of


def _decimal_between(column: str, low: Decimal, high: Decimal) -> sa.CheckConstraint:
    return sa.CheckConstraint(f"CAST({column} AS NUMERIC) BETWEEN {low} AND {high}", name=f"{column}_range")


def record_checks() -> tuple[sa.CheckConstraint, ...]:
    """What the database refuses of these columns."""
    return (
        *(between(name, low, high) for name, (low, high) in NUMBERS.items()),
        _decimal_between("dose_value", *DOSE_VALUE),
        _decimal_between("weight_kg", *WEIGHT_KG),
        one_of("dose_unit", DoseUnit),
        one_of("setting", Setting),
        sa.CheckConstraint("dose_value IS NULL OR dose_unit IS NOT NULL", name="dose_has_unit"),
    )


class RecordColumns:
    """The fields of ``TreatmentRecord`` under their own names, without the vitals, which are a table."""

    ended_at: Mapped[datetime | None]
    ready_to_leave_at: Mapped[datetime | None]
    dose_value: Mapped[Decimal | None] = mapped_column(ExactDecimal(8, DECIMALS["dose_value"]))
    dose_unit: Mapped[str | None] = mapped_column(sa.String(8))
    dose_unknown: Mapped[bool] = mapped_column(default=False)
    weight_kg: Mapped[Decimal | None] = mapped_column(ExactDecimal(4, DECIMALS["weight_kg"]))
    infusion_min: Mapped[int | None]
    device_count: Mapped[int | None]
    setting: Mapped[str | None] = mapped_column(sa.String(16))
    dissociation_peak: Mapped[int | None]
    dissociation_resolved_min: Mapped[int | None]
    dissociation_lasts: Mapped[bool] = mapped_column(default=False)
    cadss_total: Mapped[int | None]
    madrs_total: Mapped[int | None]
    meds_today: Mapped[list[object]] = mapped_column(sa.JSON, default=list)
    other_meds_today: Mapped[bytes | None]
    fasting_ok: Mapped[bool | None]
    escort: Mapped[bool | None]
    checklist: Mapped[list[object]] = mapped_column(sa.JSON, default=list)
    escort_name: Mapped[bytes | None]
    escort_phone: Mapped[bytes | None]
    discharge_mood: Mapped[int | None]
    early_for_worsening: Mapped[bool] = mapped_column(default=False)
    censor_medication_change: Mapped[bool] = mapped_column(default=False)
    experience_valence: Mapped[int | None]
    experience_words: Mapped[list[object]] = mapped_column(sa.JSON, default=list)
    intention: Mapped[bytes | None]
    intention_shared: Mapped[bool] = mapped_column(default=False)
    integration_note: Mapped[bytes | None]
    small_step: Mapped[bytes | None]
    reflection_shared: Mapped[bool] = mapped_column(default=False)
