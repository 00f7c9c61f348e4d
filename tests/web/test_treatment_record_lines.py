"""One recorded session as its page shows it: units, who said so, and what help is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from journal.domain.doses import DoseUnit
from journal.domain.side_effects import Severity, SideEffect, SideEffectCode
from journal.domain.treatment_records import Measured, MedicineTaken, TreatmentRecord, Vitals
from journal.domain.treatments import Route, Source, Status, TreatmentSession
from journal.web.treatment_record_lines import RecordLines, record_lines

NBSP = "\N{NO-BREAK SPACE}"
DAY = date(2026, 3, 13)
SESSION = TreatmentSession(
    "s1", DAY, datetime(2026, 3, 13, 9, 0, tzinfo=UTC), Status.COMPLETED, Route.IV, Source.CLINICIAN
)
NOTHING = TreatmentRecord()


def lines(record: TreatmentRecord = NOTHING, *effects: SideEffect) -> RecordLines:
    return record_lines(
        SESSION,
        record,
        effects,
        zone="Europe/Berlin",
        home="Europe/Berlin",
        patient_name="you",
        clinic_name="the clinic",
    )


def effect(code: SideEffectCode, severity: Severity | None, gone: datetime | None = None) -> SideEffect:
    return SideEffect("s1", code, severity, DAY, gone)


def test_what_nobody_said_has_no_line() -> None:
    found = lines()
    assert found.facts == [
        ("Status", "Took place"),
        ("Time", "10:00 am"),
        ("Route", "Drip into a vein (IV)"),
    ]
    assert (found.vitals, found.effects, found.wrote, found.doubts) == ([], [], [], [])


def test_figures_have_their_units_and_ranges() -> None:
    record = TreatmentRecord(
        ended_at=datetime(2026, 3, 13, 9, 40, tzinfo=UTC),
        dose_value=Decimal("0.5"),
        dose_unit=DoseUnit.MG_PER_KG,
        weight_kg=Decimal(70),
        infusion_min=0,
        cadss_total=12,
        discharge_mood=7,
        dissociation_resolved_min=1,
        meds_today=frozenset({MedicineTaken.STIMULANT, MedicineTaken.MAOI}),
        other_meds_today="tea",
    )
    assert lines(record).facts[1:] == [
        ("Time", "10:00 am to 10:40 am"),
        ("Route", "Drip into a vein (IV)"),
        ("Dose", f"0.5{NBSP}mg/kg"),
        ("In the other unit", f"35{NBSP}mg for 70{NBSP}kg"),
        ("Weight", f"70{NBSP}kg"),
        ("Infusion", "Bolus"),
        ("Medicines of the day", "MAOI, Stimulant and tea"),
        ("That feeling had gone", "After 1 minute"),
        ("CADSS, total", "12 of 92"),
        ("Mood on leaving", "7 of 10"),
    ]


def test_a_dose_that_nobody_knows_is_said_to_be_unknown() -> None:
    assert ("Dose", "Not known") in lines(replace(NOTHING, dose_unknown=True)).facts


def test_measurements_are_rows_with_empty_cells_for_what_was_not_measured() -> None:
    record = replace(
        NOTHING,
        vitals=(Vitals(Measured.PRE, t_min=-10, sys=120, dia=80), Vitals(Measured.DISCHARGE, hr=66, spo2=98)),
    )
    assert lines(record).vitals == [
        ["Before, \N{MINUS SIGN}10 min", "120/80", "", ""],
        ["On leaving", "", "66", "98"],
    ]


def test_a_side_effect_says_how_strong_since_when_and_who_says_so() -> None:
    gone = datetime(2026, 3, 14, 8, 0, tzinfo=UTC)
    clinics = replace(effect(SideEffectCode.NAUSEA, Severity.MILD, gone), source=Source.CLINICIAN)
    found = lines(NOTHING, effect(SideEffectCode.HEADACHE, Severity.SEVERE), clinics).effects
    assert [(one.what, one.about, one.recorded_by, one.is_open) for one in found] == [
        ("Headache", "Severe · since 13 March 2026", "you", True),
        ("Nausea", "Mild · 13 March 2026, gone by 14 March 2026", "the clinic", False),
    ]


@pytest.mark.parametrize(
    ("found", "urgent"),
    [
        (effect(SideEffectCode.CHEST_PAIN, Severity.MILD), True),
        (effect(SideEffectCode.CHEST_PAIN, Severity.NOT_PRESENT), False),
        (effect(SideEffectCode.CHEST_PAIN, Severity.MILD, datetime(2026, 3, 13, 12, tzinfo=UTC)), False),
        (effect(SideEffectCode.NAUSEA, Severity.SEVERE), False),
    ],
)
def test_what_can_be_an_emergency_and_is_still_there_asks_for_help(found: SideEffect, urgent: bool) -> None:
    assert lines(NOTHING, found).is_urgent is urgent


def test_what_was_looked_at_twice_stands_beside_the_record() -> None:
    record = replace(NOTHING, dose_value=Decimal(5000), dose_unit=DoseUnit.MG)
    assert lines(record).doubts == [f"Dose of 5000{NBSP}mg: outside 1{NBSP}mg to 1000{NBSP}mg"]


def test_what_the_patient_wrote_has_a_part_of_its_own() -> None:
    record = replace(NOTHING, intention="Rest.", experience_valence=2, experience_words=("sad", "moved"))
    assert lines(record).wrote == [
        ("Intention", "Rest."),
        ("Overall, the session felt", "Mixed"),
        ("Some of what was there", "Sad and Moved"),
    ]
