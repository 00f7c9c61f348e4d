"""A session in Berlin with everything recorded of it, for the tests of what is checked and of who reads what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from journal.domain.doses import DoseUnit
from journal.domain.treatment_records import Measured, MedicineTaken, Setting, TreatmentRecord, Vitals
from journal.domain.treatments import Placed

HOME = "Europe/Berlin"
DAY = date(2026, 3, 13)
START = datetime(2026, 3, 13, 9, 0, tzinfo=UTC)  # 10:00 in Berlin
NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
PLACED = Placed(DAY, START)
UNTIMED = Placed(DAY, None)

FULL = TreatmentRecord(
    ended_at=START + timedelta(minutes=50),
    ready_to_leave_at=START + timedelta(hours=2),
    dose_value=Decimal("0.5"),
    dose_unit=DoseUnit.MG_PER_KG,
    weight_kg=Decimal("68.5"),
    infusion_min=40,
    setting=Setting.CLINIC,
    vitals=(
        Vitals(Measured.PRE, -10, 128, 82, 72, 98),
        Vitals(Measured.PEAK, 40, 151, 93, 88, 97),
        Vitals(Measured.DISCHARGE, 110, 132, 84, 74, 98),
    ),
    dissociation_peak=6,
    dissociation_resolved_min=75,
    cadss_total=14,
    madrs_total=22,
    meds_today=frozenset({MedicineTaken.BENZODIAZEPINE}),
    other_meds_today="ondansetron",
    fasting_ok=True,
    escort=True,
    checklist=("escort", "food"),
    escort_name="Sam",
    escort_phone="+49 30 123456",
    discharge_mood=6,
    experience_valence=3,
    experience_words=("peaceful", "moved"),
    intention="Rest.",
    intention_shared=True,
    integration_note="The shoreline.",
    small_step="A walk on Sunday",
    reflection_shared=True,
)
